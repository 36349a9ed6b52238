"""Every setting, from the environment (or a file `.env` beside manage.py). Wrong values stop the start, in words.

With DATABASE_URL and REDIS_URL the desk uses those servers. With neither it uses the embedded ones, whose addresses
and passwords config/embedded.py keeps under FACTCHECK_VAR (default var/).
"""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def positive(name: str, default: int) -> int:
    """An environment variable that must be a whole number above zero."""
    try:
        number = env.int(name, default=default)
    except ValueError:
        number = 0
    if number <= 0:
        raise ImproperlyConfigured(f"{name} must be a whole number above 0, not {os.environ.get(name)!r}.")
    return number


def count(name: str, default: int) -> int:
    """An environment variable that must be a whole number, 0 or more."""
    text = os.environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, 0 or more, not {text!r}.")
    return int(text) if text else default


def switch(name: str, default: bool) -> bool:
    """An environment variable that must be plainly on or off: a typing error must not switch anything on."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return default if value == "" else value in ("1", "true", "yes", "on")
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {os.environ[name]!r}.")


DEBUG = switch("DEBUG", default=False)

# --- servers ---------------------------------------------------------------------------------------------------

given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
if len(given) == 1:
    missing = "REDIS_URL" if given == ["DATABASE_URL"] else "DATABASE_URL"
    raise ImproperlyConfigured(
        f"{given[0]} is set and {missing} is not. Set both to use your own servers, or neither for the embedded ones."
    )
EMBEDDED = not given
if EMBEDDED:
    from config import embedded

    servers = embedded.servers()
    os.environ["DATABASE_URL"] = servers.database_url
    os.environ["DATABASE_OWNER_URL"] = servers.database_owner_url
    os.environ["REDIS_URL"] = servers.redis_url
    os.environ.setdefault("SECRET_KEY", servers.secret_key)

try:
    application_role = env.db_url("DATABASE_URL")
    owner_role = env.db_url("DATABASE_OWNER_URL") if os.environ.get("DATABASE_OWNER_URL") else application_role
except ValueError as error:
    raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
if application_role.get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// : the desk keeps its rules in PostgreSQL.")
if not application_role["USER"] or not application_role["NAME"]:
    raise ImproperlyConfigured("DATABASE_URL must name a user and a database: postgres://user:password@host/database")
if any(owner_role[part] != application_role[part] for part in ("ENGINE", "HOST", "PORT", "NAME")):
    raise ImproperlyConfigured("DATABASE_OWNER_URL must name the same database as DATABASE_URL, with another user.")

DATABASE_IDLE_LIMIT = positive("DATABASE_IDLE_LIMIT", 30)  # seconds a transaction may stand still
DATABASE_STATEMENT_LIMIT = positive("DATABASE_STATEMENT_LIMIT", 60)  # seconds one statement may take
DATABASE_LOCK_LIMIT = positive("DATABASE_LOCK_LIMIT", 20)  # seconds a statement may wait for somebody else's lock


def limits(**seconds: int) -> dict[str, object]:
    """How a connection is opened. A dead server is noticed in seconds; and a client that froze inside a transaction
    must not hold its locks."""
    limited = {"idle_in_transaction_session_timeout": DATABASE_IDLE_LIMIT, **seconds}
    options = " ".join(f"-c {name}={value}s" for name, value in limited.items())
    return {**application_role.get("OPTIONS", {}), "connect_timeout": 5, "options": options}


DATABASES = {
    "default": {
        **application_role,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": limits(statement_timeout=DATABASE_STATEMENT_LIMIT, lock_timeout=DATABASE_LOCK_LIMIT),
    }
}
# Who migrates. config/databases.py lends these to a connection for the time of a migration, and to nothing else.
DATABASE_APPLICATION_ROLE = application_role["USER"]
# A migration may take as long as it needs.
DATABASE_OWNER = {"USER": owner_role["USER"], "PASSWORD": owner_role["PASSWORD"], "OPTIONS": limits()}
# What all processes must agree on, like how often somebody tried a password. In PostgreSQL: the one server that is
# always there, so that a broker that lost its data forgets no attempt. More entries than this, and old ones go.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # Public pages as they were rendered, in each process's memory (factcheck/web/strangers.py): some 10 MB.
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 200}},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ["REDIS_URL"]
if not REDIS_URL.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured("REDIS_URL must begin with redis:// or rediss:// (for Valkey too).")

# --- security --------------------------------------------------------------------------------------------------

SECRET_KEY = os.environ.get("SECRET_KEY", "")
# Keys of before: they sign nothing any more, and what they signed (log-ins, links in mails) stays good.
SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEYS_OLD", "").split()
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY must be set to at least 32 random characters.")
if any(len(key) < 32 for key in SECRET_KEY_FALLBACKS):
    raise ImproperlyConfigured(
        "SECRET_KEYS_OLD must be former secret keys with blanks between them, each of at least 32 characters."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# What public addresses begin with, in pages, markup and mails: never taken from a request's Host header.
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
if urlsplit(PUBLIC_URL).scheme not in ("http", "https") or not urlsplit(PUBLIC_URL).hostname:
    raise ImproperlyConfigured(f"PUBLIC_URL must begin with https:// or http:// and name a host, not {PUBLIC_URL!r}.")
HTTPS = PUBLIC_URL.startswith("https://")
# How many proxies stand before the desk and add the client's address to X-Forwarded-For. Without any, that header and
# X-Forwarded-Proto are what a stranger wrote, and nobody looks at them.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = count("TRUSTED_PROXIES", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]  # whoever asks there stands beside the desk, before the proxy
SECURE_HSTS_SECONDS = positive("HSTS_SECONDS", 31_536_000) if HTTPS else 0  # a year
# Whether other names under this one speak https is for their owner to promise, and so is a browser's preload list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# With this prefix a browser takes a cookie only from this very host, over https: no neighbour can plant one.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_AGE = positive("SESSION_DAYS", 7) * 86_400
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # bytes of a form; the API says its own limit (api/inputs.py)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
LONGEST_REQUEST = 16 * 1024 * 1024  # bytes of any body; config/wsgi.py refuses more before anything is read
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- people and log-in (factcheck/web/accounts.py) ---------------------------------------------------------------

AUTH_USER_MODEL = "factcheck.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "factcheck.web.accounts.Adapter"  # nobody signs up by themselves
ACCOUNT_FORMS = {"reset_password": "factcheck.web.accounts.ResetPassword"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever changes a password or a second factor, its owner gets to know
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Django's own, so that workflow/invitations.py makes the same links as a forgotten password does.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3 * 86_400  # seconds a link in a mail can be used
# How often, within how long, from one address (ip), for one e-mail address or person (key), by one person (user).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",  # codes of a second factor count too
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "reader_request": "10/h/ip,200/d/key",  # web/asking.py; the key is the same for all: a ceiling for the whole desk
}
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
# Whether the roles in permissions.SECOND_FACTOR must have a second factor.
MFA_REQUIRED = switch("MFA_REQUIRED", default=not DEBUG)
MFA_FORMS = {"add_webauthn": "factcheck.web.accounts.PasskeyForm"}
MFA_ADAPTER = "factcheck.web.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by an administrator, and proven by the invitation

# --- mail --------------------------------------------------------------------------------------------------------

# Without a server, mails lie in a folder that only the desk's own user can read: they hold links that let people in,
# which must not stand in a log.
if os.environ.get("EMAIL_URL"):
    try:
        mail = env.email_url("EMAIL_URL")
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read: {error}") from None
    if not mail["EMAIL_BACKEND"].endswith("smtp.EmailBackend") or not mail["EMAIL_HOST"]:
        raise ImproperlyConfigured("EMAIL_URL must be smtp://, smtp+tls:// or smtp+ssl://user:password@host:port")
    EMAIL_BACKEND = mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        mail[name] or "" for name in ("EMAIL_HOST", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD")
    )
    EMAIL_USE_TLS, EMAIL_USE_SSL = bool(mail.get("EMAIL_USE_TLS")), bool(mail.get("EMAIL_USE_SSL"))
    EMAIL_PORT = mail["EMAIL_PORT"] or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
else:
    EMAIL_BACKEND = "config.mail.Folder"
    EMAIL_FILE_PATH = Path(os.environ.get("FACTCHECK_VAR") or BASE_DIR / "var").expanduser().absolute() / "mail"
EMAIL_TIMEOUT = 10  # seconds a page waits for the mail server
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "")  # else the desk's contact: workflow/invitations.py
if DEFAULT_FROM_EMAIL and "@" not in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(f"DEFAULT_FROM_EMAIL must be an e-mail address, not {DEFAULT_FROM_EMAIL!r}.")

NOTICES_MAILED_EVERY = 60  # seconds between two looks for notices that are due (workflow/notice_mails.py)

# --- application -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "factcheck",  # first: its `migrate` runs as the owner
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]
MIDDLEWARE = [
    "factcheck.api.google.key_out_of_the_address",  # first: nothing below sees the key there, or writes it down
    "csp.middleware.CSPMiddleware",  # early: refusals of those below carry the policy too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "factcheck.web.sessions.ListedSessions",
    "factcheck.web.second_factor.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "factcheck.web.pages.permissions",
            ]
        },
    }
]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("STATIC_ROOT") or None  # only for `collectstatic` behind a server of your own
WHITENOISE_USE_FINDERS = True  # else served from where they lie

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["factcheck.api.access.Key", "factcheck.api.access.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["factcheck.api.access.MayEnter"],
    "DEFAULT_RENDERER_CLASSES": ["factcheck.api.rendering.Json"],
    "DEFAULT_PARSER_CLASSES": ["factcheck.api.inputs.Json"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "factcheck.api.errors.problem",
    "URL_FORMAT_OVERRIDE": None,  # ?format= would be a second way to ask for what Accept asks for
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck",
    "DESCRIPTION": "Articles in, claims with sources, reviews that two people answer for, publications. docs/api.md"
    " says how to log in, how If-Match works, and what each problem means.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["factcheck.api.access.MayEnter"],
    # In the order of the path; an operation's tag is the first part of its address.
    "TAGS": [
        {"name": "me", "description": "Who a key belongs to, and what it may."},
        {"name": "articles", "description": "What comes in, and how far the machine is with it."},
        {"name": "claims", "description": "What an article says that can be checked, each with its place in the text."},
        {"name": "pairs", "description": "The same claim in other articles."},
        {
            "name": "suggestions",
            "description": "What might settle a claim, proposed by a machine, decided by a person.",
        },
        {"name": "sources", "description": "The library: what claims are checked against."},
        {"name": "reviews", "description": "A claim's check, from draft to publication; two people answer for it."},
        {"name": "evidence", "description": "What a review rests on."},
        {"name": "replies", "description": "Who was asked about a claim, and what they answered."},
        {"name": "comments", "description": "What people of the desk say to each other about a claim."},
        {"name": "publications", "description": "What is public, exactly as it went out."},
        {"name": "holds", "description": "What may not be erased, while a court or a lawyer needs it."},
        {"name": "webhooks", "description": "Where partners are told of what happened, and what became of it."},
        {"name": "jobs", "description": "The steps of the machine."},
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},  # its links stand inside buttons, where no key reaches them
    "ENUM_NAME_OVERRIDES": {
        "ClaimStatus": "factcheck.models.Claim.Status",
        "ReviewStatus": "factcheck.models.ClaimReview.Status",
        "SuggestionStatus": "factcheck.models.Suggestion.Status",
        "JobState": "factcheck.models.Job.State",
        "ProgressState": "factcheck.api.progress.STATES",
        "JobKind": "factcheck.models.Job.Kind",
        "OutsideState": "factcheck.workflow.searches.STATES",
        "PageState": "factcheck.workflow.snapshots.STATES",
        "SourceKind": "factcheck.models.Source.Kind",
        "SourceSeen": "factcheck.models.Source.Seen",
        "SourceSeenByPerson": "factcheck.api.sources.WORDS_ARE_HERE",
        "ImportKind": "factcheck.models.Import.Kind",
        "ImportRowState": "factcheck.models.ImportRow.State",
        "EvidenceKind": "factcheck.models.Evidence.Kind",
        "Stance": "factcheck.models.Evidence.Stance",
        "Verdict": "factcheck.models.ClaimReview.Verdict",
        "ChangeKind": "factcheck.models.ClaimReview.Change",
        "GateChoice": "factcheck.models.GateAnswer.Choice",
        "DeliveryState": "factcheck.models.Delivery.State",
    },
}

# --- machine steps (workflow/jobs.py) ----------------------------------------------------------------------------

# Queues in the order in which a worker empties them: what a person waits for overtakes what came in bulk.
QUEUES = ["interactive", "read", "find", "webhooks", "fetch", "bulk"]
JOB_TIME_LIMIT = positive("JOB_TIME_LIMIT", 120)  # seconds after which a step is killed
JOB_LEASE = positive("JOB_LEASE", 150)  # seconds a worker owns a job; checks.py demands more than the limit
JOB_MAX_ATTEMPTS = positive("JOB_MAX_ATTEMPTS", 5)
JOB_RETRY_DELAY = positive("JOB_RETRY_DELAY", 10)  # seconds before the second attempt; doubles with each one
JOB_SWEEP_EVERY = positive("JOB_SWEEP_EVERY", 10)  # seconds between two looks for due and expired jobs
JOB_OVERDUE = positive("JOB_OVERDUE", 300)  # seconds a due job may wait before readiness reports it; in bulk a day

# --- the trail (workflow/roots.py, workflow/integrity.py) ----------------------------------------------------------

# Outside the database, and best on another machine: whoever rewrites the one must not reach the other.
AUDIT_ROOTS_DIR = Path(
    os.environ.get("AUDIT_ROOTS_DIR") or Path(os.environ.get("FACTCHECK_VAR") or BASE_DIR / "var") / "roots"
).expanduser()
AUDIT_LOOK_EVERY = 300  # seconds between two looks whether today's root and check are made

# --- requests from readers (workflow/requests.py) -------------------------------------------------------------------

READER_REQUESTS_KEPT = positive("READER_REQUESTS_KEPT", 365)  # days after the answer until its words and theirs go

# --- pages that change (workflow/changes.py) -------------------------------------------------------------------------

LOOK_AGAIN_OPEN = positive("LOOK_AGAIN_OPEN", 24)  # hours between two looks at a page whose claims are being checked
LOOK_AGAIN_PUBLISHED = positive("LOOK_AGAIN_PUBLISHED", 168)  # hours, when a fact-check of it is public
LOOK_AGAIN_EVERY = 900  # seconds between two looks for pages that are due

# --- fetching from addresses that strangers give (factcheck/fetching, docs/fetching.md) -------------------------------

FETCH_DEADLINE = positive("FETCH_DEADLINE", 20)  # seconds for one page, from the look-up of its name to its last byte
FETCH_WIRE_LIMIT = positive("FETCH_WIRE_LIMIT", 10_000_000)  # bytes of a page as it is sent
FETCH_DECODED_LIMIT = positive("FETCH_DECODED_LIMIT", 20_000_000)  # bytes of it when unpacked
FETCH_RATIO_LIMIT = positive("FETCH_RATIO_LIMIT", 100)  # how much larger unpacking may make it; pages reach some 20
try:
    FETCH_PORTS = frozenset(env.list("FETCH_PORTS", cast=int, default=[80, 443]))
except ValueError:
    raise ImproperlyConfigured("FETCH_PORTS must be port numbers with commas between them: 80,443") from None
try:
    FETCH_FORBIDDEN_NETWORKS = [ip_network(text) for text in env.list("FETCH_FORBIDDEN_NETWORKS", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(f"FETCH_FORBIDDEN_NETWORKS must be networks like 198.51.100.0/24: {error}.") from None
FETCH_CA_FILE = os.environ.get("FETCH_CA_FILE") or certifi.where()
if not Path(FETCH_CA_FILE).is_file():
    raise ImproperlyConfigured(f"FETCH_CA_FILE must be a file of certificates; there is none at {FETCH_CA_FILE!r}.")
# Only for tests that fetch from a server of their own; checks.py refuses it on a desk that others reach.
FETCH_ALLOW_LOOPBACK = switch("FETCH_ALLOW_LOOPBACK", default=False)
# Never HTTP_PROXY and the like: whoever can set a process's environment by accident must not reroute it.
EGRESS_PROXY = urlsplit(os.environ["EGRESS_PROXY"]) if os.environ.get("EGRESS_PROXY") else None
try:
    if EGRESS_PROXY and not (EGRESS_PROXY.scheme == "http" and EGRESS_PROXY.hostname and EGRESS_PROXY.port):
        raise ValueError
except ValueError:  # a port that is no number
    raise ImproperlyConfigured("EGRESS_PROXY must be http://host:port or http://user:password@host:port.") from None

# --- what partners are told (workflow/events.py, workflow/deliveries.py) ----------------------------------------------

EVENTS_NUMBERED_EVERY = 5  # seconds between two looks for events to number and webhooks to send

# --- feeds (workflow/feeds.py) ---------------------------------------------------------------------------------------

FEED_LOOK_EVERY = 60  # seconds between two looks which feeds are due
FEED_MOST_ENTRIES = positive("FEED_MOST_ENTRIES", 100)  # new entries that one poll takes; the rest wait for the next

# --- services that are asked for sources (factcheck/retrieval/providers, docs/providers.md) ---------------------------


def service(name: str, default: str = "") -> str:
    """The address of a service that the operator chose, without a path's last slash; "" when it is not set."""
    address = os.environ.get(name, "").strip().rstrip("/") or default
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        fits = fits and not ("@" in parts.netloc or parts.query or parts.fragment or re.search(r"\s", address))
    except ValueError:  # a port that is no number
        fits = False
    if address and not fits:
        raise ImproperlyConfigured(
            f"{name} must be an address like https://search.example.org, without a user, a password or a query."
        )
    return address


# Only what is configured stands here, by the name of its file; nothing is sent to anybody else. per_minute: calls that
# all workers together send in a minute.
PROVIDERS: dict[str, dict[str, Any]] = {}
if google_key := os.environ.get("GOOGLE_FACTCHECK_KEY", "").strip():
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,200}", google_key):
        raise ImproperlyConfigured(
            "GOOGLE_FACTCHECK_KEY is no key of the Google Cloud console: letters, digits, - and _."
        )
    PROVIDERS["google_factcheck"] = {
        "url": service("GOOGLE_FACTCHECK_URL", "https://factchecktools.googleapis.com"),
        "key": google_key,
        "per_minute": positive("GOOGLE_FACTCHECK_PER_MINUTE", 60),
    }
if contact := os.environ.get("WIKIPEDIA_CONTACT", "").strip():
    if not re.fullmatch(r"[^\s@;()]+@[^\s@;()]+|https?://[^\s;()]+", contact) or not contact.isascii():
        raise ImproperlyConfigured("WIKIPEDIA_CONTACT must be a mail address or a web address: Wikipedia asks for one.")
    languages = env.list("WIKIPEDIA_LANGUAGES", default=["en"])
    if not languages or not all(re.fullmatch(r"[a-z]{2,12}(-[a-z]{2,12})?", language) for language in languages):
        raise ImproperlyConfigured("WIKIPEDIA_LANGUAGES must be names of Wikipedias with commas between them: en,de,ar")
    PROVIDERS["wikipedia"] = {
        # {language} stands for one of WIKIPEDIA_LANGUAGES.
        "url": service("WIKIPEDIA_URL", "https://{language}.wikipedia.org"),
        "contact": contact,
        "languages": languages,
        "per_minute": positive("WIKIPEDIA_PER_MINUTE", 60),
    }
if searxng := service("SEARXNG_URL"):
    PROVIDERS["searxng"] = {"url": searxng, "per_minute": positive("SEARXNG_PER_MINUTE", 30)}
SEARCH_DEADLINE = positive("SEARCH_DEADLINE", 15)  # seconds for one call, from the look-up of the name to the last byte

# --- queue -----------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True  # PostgreSQL holds the result; a second home would disagree some day
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True  # a message outlives the worker that held it
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True  # counts the attempts, so that a poisonous message ends
CELERY_TASK_TIME_LIMIT = JOB_TIME_LIMIT
CELERY_TASK_DEFAULT_QUEUE = "read"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a long step must not sit on a short one's message
CELERY_WORKER_POOL = "prefork"
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 900_000  # kB; a child above it is replaced after its task
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the broker may be away for as long as it likes
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 5
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # longer than any time limit, or a running message would be handed out twice
    "queue_order_strategy": "priority",  # the order of QUEUES, not round robin
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}

# --- log -------------------------------------------------------------------------------------------------------

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR"):
    raise ImproperlyConfigured(f"LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {LOG_LEVEL!r}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"celery.redirected": {"level": "WARNING"}, "kombu": {"level": "WARNING"}},
}
