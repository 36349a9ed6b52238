"""Settings are loud when they are wrong: each in a process of its own, as at a start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).parent.parent.parent
GOOD = {
    "DATABASE_URL": "postgres://factcheck:x@127.0.0.1:1/factcheck",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "k" * 50,
}


def start(show="s.DEBUG, s.DATABASES['default']['CONN_MAX_AGE']", **changes):
    """(exit code, what it said) of a process that reads the settings. A change of None leaves the variable out."""
    wanted = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, "-c", f"import config.settings as s; print({show})"],
        cwd=PROJECT,
        env={**clean, **wanted},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_good_settings_start_with_debug_off():
    assert start() == (0, "False 60\n")


def test_a_second_factor_is_required_outside_debug():
    assert start(show="s.MFA_REQUIRED") == (0, "True\n")
    assert start(show="s.MFA_REQUIRED", DEBUG="1") == (0, "False\n")
    assert start(show="s.MFA_REQUIRED", DEBUG="1", MFA_REQUIRED="1") == (0, "True\n")


def test_what_https_and_proxies_switch_on():
    show = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER"
    assert start(show=show) == (0, "sessionid False 0 None\n")
    code, said = start(show=show, PUBLIC_URL="https://desk.example.org", TRUSTED_PROXIES="1")
    assert (code, said) == (0, "__Host-sessionid True 31536000 ('HTTP_X_FORWARDED_PROTO', 'https')\n")


def test_nobody_outside_is_asked_until_it_is_configured():
    assert start(show="s.PROVIDERS") == (0, "{}\n")
    key = "AIza-of-the-tests-0123456789"
    asked = {
        "GOOGLE_FACTCHECK_KEY": key,
        "WIKIPEDIA_CONTACT": "desk@example.org",
        "SEARXNG_URL": "http://10.0.0.7:8080/",
    }
    code, said = start(show="[(name, each['url'], each['per_minute']) for name, each in s.PROVIDERS.items()]", **asked)
    assert code == 0
    assert said == (
        "[('google_factcheck', 'https://factchecktools.googleapis.com', 60),"
        " ('wikipedia', 'https://{language}.wikipedia.org', 60), ('searxng', 'http://10.0.0.7:8080', 30)]\n"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"REDIS_URL": None}, "DATABASE_URL is set and REDIS_URL is not."),
        ({"DATABASE_URL": None}, "REDIS_URL is set and DATABASE_URL is not."),
        ({"DATABASE_URL": "mysql://a:b@127.0.0.1/x"}, "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_URL": "postgres://127.0.0.1/x"}, "must name a user and a database"),
        ({"DATABASE_OWNER_URL": "postgres://o:x@127.0.0.1:2/factcheck"}, "must name the same database"),
        ({"REDIS_URL": "valkey://127.0.0.1/0"}, "REDIS_URL must begin with redis://"),
        ({"SECRET_KEY": None}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "at least 32 random characters"),
        ({"DEBUG": "maybe"}, "DEBUG must be 1 or 0, not 'maybe'."),
        ({"JOB_LEASE": "0"}, "JOB_LEASE must be a whole number above 0"),
        ({"JOB_LEASE": "soon"}, "JOB_LEASE must be a whole number above 0"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be"),
        ({"SECRET_KEYS_OLD": "short"}, "SECRET_KEYS_OLD must be former secret keys"),
        ({"PUBLIC_URL": "desk.example.org"}, "PUBLIC_URL must begin with https:// or http://"),
        ({"TRUSTED_PROXIES": "some"}, "TRUSTED_PROXIES must be a whole number, 0 or more"),
        ({"MFA_REQUIRED": "maybe"}, "MFA_REQUIRED must be 1 or 0"),
        ({"DATABASE_LOCK_LIMIT": "0"}, "DATABASE_LOCK_LIMIT must be a whole number above 0"),
        ({"DEFAULT_FROM_EMAIL": "the desk"}, "DEFAULT_FROM_EMAIL must be an e-mail address"),
        ({"FETCH_PORTS": "80,http"}, "FETCH_PORTS must be port numbers"),
        ({"FETCH_FORBIDDEN_NETWORKS": "198.51.100.1/24"}, "FETCH_FORBIDDEN_NETWORKS must be networks"),
        ({"FETCH_DEADLINE": "0"}, "FETCH_DEADLINE must be a whole number above 0"),
        ({"FETCH_CA_FILE": "/none.pem"}, "FETCH_CA_FILE must be a file of certificates"),
        ({"EGRESS_PROXY": "socks5://proxy.example.org:1080"}, "EGRESS_PROXY must be http://host:port"),
        ({"EGRESS_PROXY": "http://proxy.example.org"}, "EGRESS_PROXY must be http://host:port"),
        ({"EGRESS_PROXY": "http://proxy.example.org:many"}, "EGRESS_PROXY must be http://host:port"),
        ({"GOOGLE_FACTCHECK_KEY": "with blanks\r\nX: y, and long enough"}, "GOOGLE_FACTCHECK_KEY is no key"),
        ({"WIKIPEDIA_CONTACT": "the desk"}, "WIKIPEDIA_CONTACT must be a mail address or a web address"),
        ({"WIKIPEDIA_CONTACT": "a@b.org", "WIKIPEDIA_LANGUAGES": "en,../x"}, "WIKIPEDIA_LANGUAGES must be names"),
        ({"SEARXNG_URL": "search.example.org"}, "SEARXNG_URL must be an address like https://"),
        ({"SEARXNG_URL": "https://user:word@search.example.org"}, "SEARXNG_URL must be an address like https://"),
        ({"SEARXNG_URL": "http://127.0.0.1:8080", "SEARXNG_PER_MINUTE": "0"}, "SEARXNG_PER_MINUTE must be a whole"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL"),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL must be smtp://"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL must be smtp://"),
        ({"EMAIL_URL": "smtp://mail.example.org:many"}, "EMAIL_URL cannot be read"),
    ],
)
def test_a_wrong_setting_stops_the_start_in_words(changes, said):
    code, words = start(**changes)
    assert code != 0
    assert said in words


def test_a_lease_that_is_shorter_than_the_time_limit_is_an_error_of_the_check():
    from django.test import override_settings

    from factcheck.checks import time_limits_nest

    with override_settings(JOB_LEASE=100, JOB_TIME_LIMIT=100):
        assert [error.id for error in time_limits_nest(None)] == ["factcheck.E001"]
    with override_settings(JOB_LEASE=4000):
        assert [error.id for error in time_limits_nest(None)] == ["factcheck.E002"]
    with override_settings(SEARCH_DEADLINE=120):
        assert [error.id for error in time_limits_nest(None)] == ["factcheck.E005"]
    assert time_limits_nest(None) == []


def test_a_desk_that_others_reach_without_address_and_mail_is_warned():
    from django.test import override_settings

    from factcheck.checks import mails_go_out, public_address_answers, public_address_is_set

    with override_settings(EMAIL_BACKEND="config.mail.Folder", PUBLIC_URL="http://localhost:8000"):
        assert [each.id for check in (public_address_is_set, mails_go_out) for each in check(None)] == [
            "factcheck.W001",
            "factcheck.W002",
        ]
    with override_settings(PUBLIC_URL="https://desk.example.org", ALLOWED_HOSTS=["localhost"]):
        assert [each.id for each in public_address_answers(None)] == ["factcheck.W003"]
    with override_settings(PUBLIC_URL="https://desk.example.org", ALLOWED_HOSTS=[".example.org"]):
        assert public_address_answers(None) == []


@pytest.mark.parametrize(("debug", "code"), [("0", 1), ("1", 0)])
def test_loopback_is_opened_to_addresses_of_strangers_in_debug_only(debug, code):
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env={**clean, **GOOD, "FETCH_ALLOW_LOOPBACK": "1", "DEBUG": debug},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert ("factcheck.E004" in done.stderr) == bool(code)
