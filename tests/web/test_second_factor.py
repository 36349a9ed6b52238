"""What a password alone does not open, for those who must have a second factor."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck.exceptions import NotAllowed, Refused
from factcheck.models import AuditEntry, Role, User
from factcheck.permissions import MAY, SECOND_FACTOR
from factcheck.workflow import people
from tests import factories
from tests.web.conftest import said, window
from tests.web.test_accounts import PASSWORD, log_in, member

pytestmark = [pytest.mark.database, pytest.mark.django_db]

CLOSED = ("/", "/articles/", "/reviews/", "/fact-checks/", "/admin/", "/admin/factcheck/user/")


@pytest.fixture(autouse=True)
def required(settings, db):
    cache.clear()
    settings.MFA_REQUIRED = True


def set_up(person: User) -> str:
    """An authenticator app with recovery codes, from now on. Returns the app's key."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def shown(client, secret: str) -> None:
    """Log in to the end: the code, too."""
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/second-factor/log-in/", {"code": code}).status_code == 302


def sent_to(client, path: str) -> str:
    response = client.get(path)
    return response.url if response.status_code == 302 else str(response.status_code)


def test_it_is_needed_by_those_who_sign_run_or_read_everything():
    assert {*MAY["approve a review"], *MAY["manage people"], *MAY["read the admin"]} <= SECOND_FACTOR
    assert not SECOND_FACTOR & {Role.REPORTER, Role.CHECKER}


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR))
def test_without_one_only_the_account_is_open(role):
    client = window(member("Carol", role))
    assert {sent_to(client, path) for path in CLOSED} == {"/accounts/second-factor/"}
    page = client.get("/accounts/second-factor/")
    assert "a password alone is not enough" in said(page)
    assert client.get("/accounts/").status_code == client.get("/accounts/sessions/").status_code == 200
    assert client.get("/healthz/live").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.parametrize("role", ["reporter", "checker"])
def test_others_are_let_through_and_cost_no_query(role):
    client = window(member("Bob", role))
    assert client.get("/articles/").status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get("/articles/")
    assert not [each for each in queries if "mfa_authenticator" in each["sql"]]


def test_the_api_answers_with_a_problem():
    response = window(member("Carol", "editor")).get("/api/v1/claims/")
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    assert json.loads(response.content)["type"] == "/problems/not-allowed"


def test_a_form_that_was_being_written_loses_no_word():
    response = window(member("Carol", "editor")).post(
        "/articles/", {"title": "The bridge", "text": "It cost <12> million."}
    )
    assert response.status_code == 403
    assert "It cost <12> million." in said(response)
    assert "Nothing was saved" in said(response)


def test_a_session_from_before_the_role_was_raised_is_caught(erin):
    bob = member("Bob")
    client = window()
    log_in(client, bob.email)
    assert client.get("/articles/").status_code == 200
    bob.refresh_from_db()
    people.set_role(bob, by=erin, seen=people.fingerprint(bob), role="editor")
    assert sent_to(client, "/articles/") == "/accounts/second-factor/"


def test_a_session_that_knows_the_password_only_is_caught_once_there_is_a_factor():
    """It began before the factor was set up somewhere else: it may be anybody's who knows the password."""
    carol = member("Carol", "editor")
    client = window()
    log_in(client, carol.email)
    secret = set_up(carol)
    assert sent_to(client, "/articles/?q=1") == "/accounts/second-factor/confirm/?next=%2Farticles%2F%3Fq%3D1"
    for path in ("app/remove/", "app/add/", "recovery-codes/new/"):
        assert "/second-factor/" in sent_to(client, f"/accounts/second-factor/{path}")
        client.post(f"/accounts/second-factor/{path}")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})  # which is no second factor
    client.post("/accounts/second-factor/app/remove/")
    assert Authenticator.objects.filter(user=carol).count() == 2
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    response = client.post("/accounts/second-factor/confirm/?next=/articles/", {"code": code, "next": "/articles/"})
    assert response.url == "/articles/"
    assert client.get("/articles/").status_code == 200


def test_a_log_in_of_a_while_ago_is_asked_again_before_anything_changes():
    bob = member("Bob")
    client = window()
    log_in(client, bob.email)
    assert client.get("/accounts/second-factor/app/add/").status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    asked = sent_to(client, "/accounts/second-factor/app/add/")
    assert asked.startswith("/accounts/reauthenticate/?next=")
    assert "not right" in said(client.post(asked, {"password": "not this one at all"}))
    assert client.post(asked, {"password": PASSWORD}).url == "/accounts/second-factor/app/add/"
    assert client.get("/accounts/second-factor/app/add/").status_code == 200


def test_removing_the_last_one_closes_the_desk_again():
    carol = member("Carol", "editor")
    secret = set_up(carol)
    client = window()
    log_in(client, carol.email)
    shown(client, secret)
    assert client.get("/articles/").status_code == 200
    assert client.post("/accounts/second-factor/app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=carol).exists()  # recovery codes stand in for nothing
    given_up = AuditEntry.objects.filter(verb="person.second_factor_given_up", actor=carol.pk, subject_id=carol.pk)
    assert "totp" in given_up.values_list("old", flat=True)
    assert sent_to(client, "/articles/") == "/accounts/second-factor/"


def test_recovery_codes_alone_are_no_second_factor():
    carol = member("Carol", "editor")
    RecoveryCodes.activate(carol)
    assert sent_to(window(carol), "/articles/") == "/accounts/second-factor/"


def test_five_wrong_codes_and_the_right_one_must_wait():
    carol = member("Carol", "editor")
    secret = set_up(carol)
    client = window()
    log_in(client, carol.email)
    for _ in range(5):
        assert "not right" in said(client.post("/accounts/second-factor/log-in/", {"code": "x"}))
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert "too many attempts" in said(client.post("/accounts/second-factor/log-in/", {"code": code}))


def test_a_lost_one_is_removed_by_another_administrator_and_leaves_its_entry(erin):
    carol = member("Carol", "editor")
    secret = set_up(carol)
    client = window()
    log_in(client, carol.email)
    shown(client, secret)
    for by in (factories.person("Frank", "editor"), carol):
        with pytest.raises(NotAllowed):
            people.remove_second_factor(carol, by=by)
    people.remove_second_factor(carol, by=erin)
    assert not Authenticator.objects.exists()
    assert sent_to(client, "/articles/").startswith("/accounts/login/")
    assert AuditEntry.objects.get(verb="person.second_factor_removed").actor == erin.pk
    with pytest.raises(Refused, match="has no second factor"):
        people.remove_second_factor(carol, by=erin)
    set_up(erin)
    with pytest.raises(Refused, match="ask another administrator"):
        people.remove_second_factor(erin, by=erin)
    people.remove_second_factor(erin, by=None)  # the operator, for the only administrator
