"""The product's settings, on servers of the tests' own: var/test, so that a running desk is never touched. Of runners
side by side (pytest -n 2) each has its own, in var/test-gw0 and var/test-gw1.

With DATABASE_URL and REDIS_URL set, those servers are used: a database test_… beside the named one, and the
broker's last logical database, which the tests empty.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ

os.environ.setdefault("FACTCHECK_VAR", str(Path(__file__).parent.parent / "var" / "test"))
os.environ["DEBUG"] = "0"
environ.Env.read_env(Path(__file__).parent.parent / ".env")
if runner := os.environ.get("PYTEST_XDIST_WORKER"):
    for inherited in os.environ.pop("FACTCHECK_SERVERS_OF_THE_STARTER", "").split():
        del os.environ[inherited]
    os.environ["FACTCHECK_VAR"] += f"-{runner}"
if os.environ.get("DATABASE_URL"):
    os.environ.setdefault("SECRET_KEY", "only the tests sign anything with this key")
    os.environ["REDIS_URL"] = urlsplit(os.environ.get("REDIS_URL", ""))._replace(path="/15").geturl()

from config.settings import *  # noqa: E402, F403

# Tests may open FETCH_ALLOW_LOOPBACK for servers of their own; everywhere else this check refuses it.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "factcheck.E004"]  # noqa: F405
MFA_REQUIRED = False  # editors of the tests log in with a password; tests of the second factor switch it on

# Each test's Client would look through all static files before its first request: half of the time of a short test.
# Whoever asks for one here gets it found then; the web servers of the tests run with the product's own settings.
WHITENOISE_AUTOREFRESH = True

PROVIDERS = {}  # whatever a .env names: tests name servers of their own

if EMBEDDED:  # noqa: F405
    os.environ["FACTCHECK_SERVERS_OF_THE_STARTER"] = "DATABASE_URL DATABASE_OWNER_URL REDIS_URL"
