"""Coming in: what a stranger may learn, how often anybody may try, and which addresses a mail holds."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, override_settings

from factcheck.models import AuditEntry
from factcheck.workflow import people
from tests import factories
from tests.web.conftest import said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PASSWORD = "a ferry for nine hundred"


@pytest.fixture(autouse=True)
def nobody_tried_yet(db):
    cache.clear()


def member(name: str, role: str = "checker", **fields):
    person = factories.person(name, role)
    person.set_password(PASSWORD)
    for field, value in fields.items():
        setattr(person, field, value)
    person.save()
    return person


def log_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def seen(response, typed: str) -> str:
    """What a stranger can compare: without the token, and without the address that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", said(response))
    return f"{response.status_code} {response.headers.get('Location')} {page.replace(typed, '')}"


@pytest.fixture
def everybody(db):
    """An address of each kind: known, invited and not in yet, with the log-in taken away, and nobody's."""
    return [
        member("Known").email,
        factories.person("Invited").email,
        member("Inactive", is_active=False).email,
        "nobody@example.org",
    ]


def test_a_wrong_password_tells_nothing_of_who_is_here(everybody, monkeypatch):
    hashed = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *words: hashed.append("made") or encode(*words))
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *words: hashed.append("compared") or verify(*words))
    answers, work = set(), []
    for email in everybody:
        hashed.clear()
        answers.add(seen(log_in(window(), email, "not this one at all"), email))
        work.append(len(hashed))
    assert len(answers) == 1
    assert "do not belong together" in answers.pop()
    assert work == [1, 1, 1, 1]  # the one thing that takes time is done once for everybody


def test_a_forgotten_password_tells_nothing_either(everybody, mailoutbox):
    answers = set()
    for number, email in enumerate(everybody, start=1):
        client = window()
        answers.add(seen(client.post("/accounts/password/reset/", {"email": email}, follow=True), email))
        assert len(mailoutbox) == number  # one each: the page waits for the mail server as long
    assert len(answers) == 1
    links = ["/password/reset/key/" in message.body for message in mailoutbox]
    assert links == [True, True, False, False]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_a_mail_server_that_is_away_tells_nothing_and_breaks_nothing(everybody, caplog):
    answers = {
        seen(window().post("/accounts/password/reset/", {"email": email}, follow=True), email) for email in everybody
    }
    assert len(answers) == 1
    assert "could not be sent" in caplog.text
    assert "@" not in caplog.text


@override_settings(ALLOWED_HOSTS=["*"], PUBLIC_URL="https://desk.example.org")
def test_a_mail_never_holds_an_address_from_the_host_header(everybody, mailoutbox):
    for email in everybody:
        window().post("/accounts/password/reset/", {"email": email}, HTTP_HOST="evil.example.net")
    assert len(mailoutbox) == 4
    for message in mailoutbox:
        assert "evil" not in message.subject + message.body
        assert "https://desk.example.org/accounts/" in message.body


def test_a_person_whose_log_in_was_taken_is_told_so_with_the_right_password(everybody):
    response = log_in(window(), everybody[2])
    assert response.url == "/accounts/inactive/"


def test_five_wrong_passwords_for_one_address_and_the_right_one_must_wait():
    bob, carol = member("Bob"), member("Carol")
    for _ in range(5):
        assert "do not belong together" in said(log_in(window(), bob.email, "not this one at all"))
    assert "too many attempts" in said(log_in(window(), bob.email))
    assert log_in(window(), carol.email).status_code == 302


def test_too_many_requests_are_answered_in_words_and_with_a_time():
    client = window()
    for _ in range(5):
        assert client.post("/accounts/password/reset/", {"email": "nobody@example.org"}).status_code == 302
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "Wait 60 minutes" in said(response)
    assert client.post("/accounts/password/reset/", {"email": "another@example.org"}).status_code == 302


def test_a_password_is_long_uncommon_and_kept_as_a_slow_hash(monkeypatch):
    monkeypatch.undo()  # quick_hashes
    bob, client = member("Bob"), window()
    log_in(client, bob.email)

    def change_to(password: str) -> str:
        typed = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        return said(client.post("/accounts/password/change/", typed))

    assert "at least 12 characters" in change_to("v8#kQ!2zLp@")
    assert "too common" in change_to("q1w2e3r4t5y6")
    assert "entirely numeric" in change_to("193748261057")
    assert "too similar" in change_to(f"{bob.email}")
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)
    change_to("seven times against the budget " * 3)
    bob.refresh_from_db()
    assert bob.check_password("seven times against the budget " * 3)
    assert re.match(r"argon2\$argon2id\$v=19\$m=\d{6},t=[2-9],", bob.password)


@pytest.mark.parametrize(
    ("proxies", "header", "counted"),
    [
        (0, "203.0.113.7", "127.0.0.1"),  # a stranger's word
        (1, "198.51.100.9, 203.0.113.7", "203.0.113.7"),  # what the proxy added; before it, the stranger's word
        (2, "198.51.100.9, 203.0.113.7", "198.51.100.9"),
        (2, "203.0.113.7", "127.0.0.1"),  # past the proxies
        (1, "no address", "127.0.0.1"),
    ],
)
def test_whose_address_is_counted(proxies, header, counted):
    bob = member("Bob")
    with override_settings(TRUSTED_PROXIES=proxies, ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        assert log_in(window(), bob.email, HTTP_X_FORWARDED_FOR=header).status_code == 302
    assert UserSession.objects.get().ip == counted


def test_a_login_taken_away_ends_every_session(erin):
    bob = member("Bob")
    windows = [window(), window()]
    for client in windows:
        log_in(client, bob.email)
    people.take_login_away(bob, by=erin, seen=people.fingerprint(type(bob).objects.get(pk=bob.pk)))
    assert not UserSession.objects.filter(user=bob).exists()
    assert not Session.objects.exists()
    assert windows[0].get("/articles/").status_code == 302


def test_nobody_ends_somebody_elses_session_or_takes_a_passkey():
    bob, carol, person = window(), window(), member("Bob")
    log_in(bob, person.email)
    log_in(carol, member("Carol", "reporter").email)
    key = UserSession.objects.get(user__name="Bob").pk
    assert carol.post(f"/accounts/sessions/{key}/end").status_code == 404
    assert bob.get("/articles/").status_code == 200
    passkey = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Phone", "credential": {}})
    for verb in ("rename", "remove"):
        assert carol.post(f"/accounts/passkeys/{passkey.pk}/{verb}/", {"name": "Hers"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Phone"


def test_a_session_lives_on_when_the_secret_key_is_renewed(settings):
    bob, used, unused = member("Bob"), window(), window()
    log_in(used, bob.email)
    log_in(unused, bob.email)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "k" * 50, [settings.SECRET_KEY]
    assert used.get("/articles/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert used.get("/articles/").status_code == 200  # signed anew on the way
    assert unused.get("/articles/").status_code == 302
    assert [each.session_key for each in UserSession.objects.purge_and_list(bob)] == [used.session.session_key]


def test_the_admin_has_no_log_in_of_its_own():
    response = window().get("/admin/login/?next=/admin/")
    assert response.url == "/accounts/login/?next=/admin/"


def test_a_limit_on_fields_and_bytes_is_said_in_words():
    client = window(member("Bob"))
    for body in ({f"field{n}": "x" for n in range(501)}, {"text": "x" * (4 * 1024 * 1024 + 1)}):
        response = client.post("/articles/", "&".join(f"{k}={v}" for k, v in body.items()),
                               content_type="application/x-www-form-urlencoded")  # fmt: skip
        assert response.status_code == 400
        assert "<h1>" in said(response)


def test_a_new_password_leaves_its_entry_and_no_word_of_it():
    bob = member("Bob")
    client = window()
    log_in(client, bob.email)
    typed = {"oldpassword": PASSWORD, "password1": "another-pair-of-eyes", "password2": "another-pair-of-eyes"}
    assert client.post("/accounts/password/change/", typed).status_code == 302
    entry = AuditEntry.objects.get(verb="person.password_set")
    assert (entry.actor, entry.subject_id, entry.new, entry.text_sha256) == (bob.pk, bob.pk, None, None)


def test_a_session_from_before_there_was_a_list_is_listed_and_ended(erin):
    bob = member("Bob")
    client = window(bob)
    assert client.get("/articles/").status_code == 200
    assert UserSession.objects.filter(user=bob).count() == 1
    people.end_sessions(bob)
    assert client.get("/articles/").status_code == 302
