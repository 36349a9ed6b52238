"""Coming in: invitation, forgotten password, second factor, recovery code, passkey, sessions, as outside DEBUG."""

import email
import email.policy
import re
import time
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from factcheck.models import AuditEntry, User
from factcheck.workflow import people
from tests import factories
from tests.browser.test_accessibility import faults, none
from tests.servers import serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD, ANOTHER = "a ferry for nine hundred", "seven times against the budget"


@pytest.fixture(scope="module")
def mails(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("desk") / "mail"


@pytest.fixture(scope="module")
def stack(servers, django_db_setup, mails, logs):
    """As outside DEBUG: an editor needs a second factor. Mails go where they go when no server is named."""
    log = logs.add(mails.parent / "gunicorn.log")
    with serving(log, FACTCHECK_VAR=str(mails.parent)) as address:
        yield address


@pytest.fixture(autouse=True)
def nobody_tried_yet(transactional_db):
    cache.clear()


@pytest.fixture
def invited(settings, stack, mails):
    """invited("Frank", "editor"): the person, and the link in the mail that came."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH, settings.PUBLIC_URL = "config.mail.Folder", mails, stack
    erin = factories.person("Erin", "administrator")

    def invite(name: str, role: str) -> tuple[User, str]:
        person = people.add_person(by=erin, email=f"{name.lower()}@example.org", name=name, role=role)
        return person, link_in_newest(mails, person.email)

    return invite


def newest(mails: Path) -> email.message.EmailMessage:
    file = max(mails.iterdir(), key=lambda each: each.stat().st_mtime_ns)
    return email.message_from_bytes(file.read_bytes().rstrip(b"-\n"), policy=email.policy.default)


def link_in_newest(mails: Path, to: str) -> str:
    mail = newest(mails)
    assert mail["To"] == to
    return re.search(r"http://localhost:\d+/accounts/password/reset/key/\S+", mail.get_content()).group()


def member(name: str, role: str) -> User:
    person = factories.person(name, role)
    person.set_password(PASSWORD)
    person.save()
    return person


def log_in(page: Page, who: User, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.locator("header").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()


def code(secret: str) -> str:
    """What the app shows: one that is good for some seconds still."""
    if time.time() % 30 > 22:
        time.sleep(30 - time.time() % 30)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_an_invitation_leads_in_and_works_once(window, invited, mails):
    frank, link = invited("Frank", "checker")
    assert mails.stat().st_mode & 0o777 == 0o700
    page = window()
    page.goto(link)
    assert link.rstrip("/").rsplit("-", 1)[1] not in page.url  # no referrer and no history keeps the key
    found = faults(page, "set a password")
    for weak, said in (("short one", "at least 12 characters"), ("q1w2e3r4t5y6", "too common")):
        page.get_by_label("New Password", exact=True).fill(weak)
        page.get_by_label("New Password (again)").fill(weak)
        page.get_by_role("button", name="Set the password").click()
        expect(page.locator(".problem")).to_contain_text(said)
    found += faults(page, "a weak password")
    page.get_by_label("New Password", exact=True).fill(PASSWORD)
    page.get_by_label("New Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Your password is set")).to_be_visible()
    found += faults(page, "set")
    log_in(page, frank)
    expect(page.locator(".top__person")).to_contain_text("Frank")
    page.goto("/accounts/")
    stranger = window()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    found += faults(stranger, "a used link")
    none(found)
    assert AuditEntry.objects.filter(verb="person.added", subject_id=frank.pk).count() == 1


def test_a_forgotten_password(window, mails):
    bob = member("Bob", "checker")
    elsewhere, page = window(), window()
    log_in(elsewhere, bob)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill(bob.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="A mail is on its way")).to_be_visible()
    page.goto(link_in_newest(mails, bob.email))
    page.get_by_label("New Password", exact=True).fill(ANOTHER)
    page.get_by_label("New Password (again)").fill(ANOTHER)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Your password is set")).to_be_visible()
    assert "set anew" in newest(mails).get_content()  # whoever owns the address gets to know
    log_in(page, bob)
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    log_in(page, bob, ANOTHER)
    expect(page.locator(".top__person")).to_contain_text("Bob")
    elsewhere.goto("/articles/")
    expect(
        elsewhere.get_by_role("heading", name="Log in")
    ).to_be_visible()  # the old log-in ended with the old password


def test_an_editor_sets_a_second_factor_up_before_anything_else(window):
    carol = member("Carol", "editor")
    page = window()
    log_in(page, carol)
    for path in ("/", "/articles/", "/admin/"):
        page.goto(path)
        expect(page.get_by_role("note")).to_contain_text("a password alone is not enough")
    api = page.evaluate("fetch('/api/v1/claims/').then(async answer => [answer.status, (await answer.json()).type])")
    assert api == [403, "/problems/not-allowed"]
    found = faults(page, "second factor")
    page.get_by_role("link", name="Set up an authenticator app").click()
    expect(page.locator(".qr svg path")).to_have_count(1)
    found += faults(page, "an authenticator app")
    secret = page.locator("code.hash").inner_text()
    page.get_by_label("Authenticator code").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".problem")).to_contain_text("not right")
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    found += faults(page, "recovery codes")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save them as a file").click()
    assert Path(saved.value.path()).read_text().split() == codes
    page.reload()
    expect(page.get_by_text("are not shown again")).to_be_visible()
    page.goto("/articles/")
    expect(page.get_by_role("heading", name="Articles", level=1)).to_be_visible()

    elsewhere = window()  # somebody who knows the password only
    log_in(elsewhere, carol)
    expect(elsewhere.get_by_role("heading", name="Second factor")).to_be_visible()
    found += faults(elsewhere, "a code is asked for")
    elsewhere.goto("/articles/")
    expect(elsewhere.get_by_role("heading", name="Second factor")).to_be_visible()

    log_out(page)
    log_in(page, carol)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("link", name="Approvals")).to_be_visible()
    log_out(page)
    for attempt in ("used for the first time", "and the second"):
        log_in(page, carol)
        page.get_by_label("Code").fill(codes[3])
        page.get_by_role("button", name="Log in", exact=True).click()
        if attempt == "used for the first time":
            expect(page.get_by_role("link", name="Approvals")).to_be_visible()
            log_out(page)
    expect(page.locator(".problem")).to_contain_text("not right")
    none(found)


def test_a_passkey_lets_in_without_a_password(window):
    erin = member("Erin", "administrator")
    page = window()
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    key = protocol.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )["authenticatorId"]
    log_in(page, erin)
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    found = faults(page, "add a passkey")
    page.get_by_label("Name, to tell it from others").fill("Erin’s phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".codes code")).to_have_count(10)
    assert len(protocol.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    page.goto("/accounts/passkeys/")
    expect(page.get_by_role("heading", name="Erin’s phone")).to_be_visible()
    found += faults(page, "passkeys")
    page.goto("/fact-checks/")
    log_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.locator(".top__person")).to_contain_text("Erin")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()

    # With the password and the same key as the second factor.
    page.goto("/fact-checks/")
    log_out(page)
    log_in(page, erin)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".top__person")).to_contain_text("Erin")

    # A browser that refuses says so, and nothing changes.
    protocol.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto("/fact-checks/")
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.locator("#passkey_problem")).to_be_visible()
    found += faults(page, "a passkey that was refused")
    none(found)
    assert Authenticator.objects.filter(user=erin, type="webauthn").count() == 1
    entry = AuditEntry.objects.get(verb="person.second_factor_set_up", new="webauthn")
    assert (entry.actor, entry.subject_id) == (erin.pk, erin.pk)


def test_sessions_are_listed_and_ended(window):
    bob = member("Bob", "checker")
    here, there, elsewhere = window(), window(), window()
    for page in (here, there, elsewhere):
        log_in(page, bob)
    here.goto("/accounts/sessions/")
    expect(here.get_by_text("this browser", exact=True)).to_have_count(1)
    found = faults(here, "sessions")
    here.locator("main").get_by_role("button", name="Log out").first.click()
    expect(here.get_by_role("status")).to_contain_text("logged out")
    here.get_by_role("button", name="Log out all other browsers").click()
    for page in (there, elsewhere):
        page.goto("/articles/")
        expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    here.goto("/articles/")
    expect(here.get_by_role("heading", name="Articles", level=1)).to_be_visible()
    none(found)
