"""The running stack, a real browser, and an account of everything that went wrong in a window."""

import os
import shutil
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from factcheck.models import Job, User
from tests import workers
from tests.browser.told import Logs, Told
from tests.servers import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",  # tests may run as root, where the sandbox cannot
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
DESKTOP, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="package")
def logs(servers) -> Logs:
    """Those of the embedded servers; whoever starts another process of the stack adds its own."""
    logs = Logs()
    for log in (servers.var / "logs").iterdir() if servers else ():
        logs.add(log)
    return logs


@pytest.fixture(scope="package")
def stack(servers, django_db_setup, tmp_path_factory, logs):
    """The desk, with people who log in without a second factor."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
    log = logs.add(tmp_path_factory.mktemp("stack") / "gunicorn.log")
    with serving(log, MFA_REQUIRED="0") as address:
        yield address


@pytest.fixture(scope="package")
def worker_process(stack, tmp_path_factory, logs):
    # It may fetch what `elsewhere` serves, which the product allows with DEBUG only.
    log = logs.add(tmp_path_factory.mktemp("stack") / "worker.log")
    process = workers.worker(log, FETCH_ALLOW_LOOPBACK="1", DEBUG="1")
    yield process
    process.kill()


@pytest.fixture
def worker(worker_process, transactional_db):
    """A real worker. The tables are not emptied under its hands: after the test it ends what it has begun."""
    assert worker_process.alive(), worker_process.log.read_text()[-3000:]

    def idle() -> bool:
        return not Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists()

    yield worker_process
    workers.until(idle)


@pytest.fixture(scope="package")
def browser():
    if CHROMIUM is None:
        pytest.fail("These tests need Chromium: apt-get install chromium")
    # Playwright runs an event loop in this thread, and Django refuses to ask the database beside one. Nothing here is
    # asynchronous: the loop only carries messages to the browser.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def log_in(context: BrowserContext, address: str, who: User) -> None:
    """Give the window the cookie of a session that was made here: no password is typed."""
    session = SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    session.save()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": address}])


class Watch:
    """Whatever goes wrong in a window: errors on the console (a breach of the CSP is one), in a script, on the way."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.faults: list[str] = []
        self.also_allowed: set[str] = set()

    def over(self, context: BrowserContext) -> None:
        context.on("console", self.console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self.request)
        context.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        # That a page came with a status like 409 is the page's business; what it loads is watched in response().
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console at {message.location.get('url')}: {message.text}")

    def request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc not in {self.host, *self.also_allowed}:
            self.faults.append(f"a request to a foreign host: {request.url}")

    def response(self, response: Response) -> None:
        worst = 500 if response.request.resource_type in ("document", "xhr", "fetch") else 400
        if response.status >= worst:
            self.faults.append(f"{response.status} {response.url}")


@pytest.fixture
def watch(stack):
    """Checked after the test: a window in which anything went wrong fails it."""
    watch = Watch(stack)
    yield watch
    assert watch.faults == []


@pytest.fixture
def told(transactional_db, stack, logs):
    """Checked after the test: nothing that was typed in its windows, and nothing that lets in, stands in a log."""
    told = Told()
    yield told
    told.keep_what_lets_in()
    for log, text in logs.written().items():
        assert told.found_in(text) == set(), log


@pytest.fixture
def window(transactional_db, stack, browser, watch, told) -> Callable[..., Page]:
    """Open a window of a person's own: window(bob), window(None, javascript=False, size=PHONE, theme="dark").
    policy=False: the browser does not hold the pages to their Content-Security-Policy."""
    opened = []

    def open_window(
        who: User | None = None, *, javascript: bool = True, policy: bool = True, size=DESKTOP, theme: str = "light"
    ) -> Page:
        context = browser.new_context(
            base_url=stack,
            java_script_enabled=javascript,
            bypass_csp=not policy,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        opened.append(context)
        context.set_default_timeout(15_000)
        watch.over(context)
        context.on("request", told.request)
        if who is not None:
            log_in(context, stack, who)
        return context.new_page()

    yield open_window
    for context in opened:
        told.keep_cookies(context)
        context.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def elsewhere(watch, tmp_path) -> Callable[[str, str], str]:
    """Another site: elsewhere("minutes.html", "<p>…</p>") puts a page there and gives its address."""
    site = tmp_path / "elsewhere"
    site.mkdir()
    (site / "favicon.ico").touch()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watch.also_allowed.add(f"127.0.0.1:{server.server_port}")

    def put(name: str, html: str) -> str:
        (site / name).write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>{html}')
        return f"http://127.0.0.1:{server.server_port}/{name}"

    yield put
    server.shutdown()
    server.server_close()
