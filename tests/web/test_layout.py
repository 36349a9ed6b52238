"""What holds on every page: who gets in, what the layout says, what no page may do."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import include, path

from factcheck.models import Desk
from factcheck.web.pages import May
from tests import factories
from tests.web.conftest import said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

POLICY = "default-src 'self'"
urlpatterns = [
    path("accounts/", include("factcheck.web.accounts")),
    path("broken/", lambda request: 1 / 0),
    path("", include("factcheck.web.urls")),
]
POSTS = [
    "/jobs/1/replay", "/claims/1/statement", "/claims/1/begin", "/suggestions/1/accept", "/suggestions/1/dismiss",
    "/suggestions/1/undo", "/reviews/1/save", "/reviews/1/document", "/reviews/1/person", "/reviews/1/search",
    "/evidence/1/stance", "/evidence/1/remove", "/reviews/1/submit", "/reviews/1/withdraw", "/reviews/1/abandon",
    "/reviews/1/approve", "/reviews/1/request-changes", "/reviews/1/publish", "/reviews/1/retract",
]  # fmt: skip


@pytest.mark.parametrize("address", ["/articles/", "/articles/1/", "/claims/1/", "/reviews/", "/reviews/1/"])
def test_a_stranger_is_asked_to_log_in(client, db, address):
    response = client.get(address)
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize("address", POSTS)
def test_a_form_is_sent_by_people_of_the_desk_only_and_never_by_a_link(client, bob, address):
    assert client.get(address).status_code == 405
    assert client.post(address, {"rationale": "Forty <b>words</b>."}).status_code == 401
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)
    response = strict.post(address)
    assert response.status_code == 403
    assert "Nothing was changed" in said(response)


@pytest.mark.parametrize("role", ["reporter", "checker", "editor", "administrator", "auditor"])
def test_every_role_sees_the_desk(desk, written, role):
    client = window(factories.person("Somebody", role))
    article, claim = written.claim.article_id, written.claim_id
    pages = ["/", "/articles/", f"/articles/{article}/", f"/claims/{claim}/", "/reviews/", f"/reviews/{written.pk}/"]
    for address in [*pages, f"/articles/{article}/?claim={claim}", "/fact-checks/", "/?status=reviewed"]:
        response = client.get(address)
        assert response.status_code == 200, address
        assert POLICY in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]


def test_somebody_whose_log_in_was_taken_away_is_a_stranger(bob):
    client = window(bob)
    bob.is_active = False
    bob.save()
    assert client.get("/articles/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/", "/claims/999999999/", "/claims/99999999999999999999999/", "/articles/0/", "/reviews/7/",
        "/fact-checks/nothing/", "/?status=nonsense", "/?after=x", "/?after=99999999999999999999", "/?after=12345",
        "/articles/?before=-1",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_in_our_layout(desk, bob, address):
    response = window(bob).get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in said(response)
    assert "The Test Desk" in said(response)
    assert POLICY in response["Content-Security-Policy"]


@pytest.mark.urls("tests.web.test_layout")
def test_a_failure_of_ours_needs_no_database_to_be_told(client, django_assert_num_queries):
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        response = client.get("/broken/")
    assert response.status_code == 500
    assert "Something broke on our side" in said(response)
    assert POLICY in response["Content-Security-Policy"]


def test_every_answer_says_what_a_browser_may_not_do(client, desk, bob):
    """Pages, refusals, redirects, problems, files; for strangers and for people of the desk."""
    addresses = ["/", "/articles/", "/nothing/", "/accounts/login/", "/admin/", "/healthz/live", "/api/v1/claims/"]
    answers = [each.get(address) for each in (client, window(bob)) for address in addresses]
    answers.append(client.get("/static/factcheck/desk.css"))
    assert {answer.status_code for answer in answers} == {200, 302, 401, 404}
    for answer in answers:
        assert dict(each.split(" ", 1) for each in answer["Content-Security-Policy"].split("; ")) == {
            "default-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "object-src": "'none'",
        }
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "private" in window(bob).get("/articles/")["Cache-Control"]  # no proxy keeps it for the next reader
    answers[-1].close()


def test_the_desk_is_named_on_every_page_and_asked_for_once(client, desk, django_assert_num_queries):
    with django_assert_num_queries(3):  # the state of what is shown, the desk, the publications
        response = client.get("/")
    assert said(response).count("The Test Desk") >= 3
    assert "<title>Fact-checks · The Test Desk</title>" in said(response)


def test_a_desk_that_was_not_set_up_has_pages_all_the_same(client, db):
    assert "Fact-checking desk" in said(client.get("/"))


def test_the_logo_is_shown_when_the_policy_lets_it(client, desk, settings):
    Desk.objects.update(logo_url="https://elsewhere.example/logo.png")
    assert "<img" not in said(client.get("/"))
    Desk.objects.update(logo_url=settings.PUBLIC_URL + "/logo.png")
    assert f'<img src="{settings.PUBLIC_URL}/logo.png" alt=""' in said(client.get("/"))


def test_no_page_holds_a_style_or_a_script_of_its_own(published, bob):
    client = window(bob)
    review = published.review
    addresses = ["/", "/articles/", f"/articles/{review.claim.article_id}/", f"/claims/{review.claim_id}/", "/reviews/"]
    for address in [*addresses, f"/reviews/{review.pk}/", f"/fact-checks/{published.slug}/"]:
        source = client.get(address).content.decode().lower()
        assert "style=" not in source, address
        assert "<style" not in source
        assert " onclick=" not in source
        assert "javascript:" not in source
        files = source.count('<script src="/static/')
        assert source.count("<script") == files + source.count('<script type="application/ld+json">')


def test_the_style_sheet_is_served(client):
    assert finders.find("factcheck/desk.css")
    response = client.get("/static/factcheck/desk.css")
    assert b"--paper" in b"".join(response)
    response.close()


def test_a_misspelled_verb_breaks_its_page_instead_of_hiding_a_button(bob):
    assert May(bob)["write_a_review"] is True
    assert May(bob)["approve_a_review"] is False
    with pytest.raises(LookupError):
        May(bob)["aprove_a_review"]


# --- coming in -----------------------------------------------------------------------------------------------------


def test_people_log_in_and_out(client, desk, bob):
    bob.set_password("two-pairs-of-eyes")
    bob.save()
    page = said(client.get("/accounts/login/?next=/reviews/"))
    assert '<label for="id_login">' in page
    assert "two-pairs-of-eyes" not in page
    typed = {"login": bob.email, "password": "two-pairs-of-eyes", "next": "/reviews/"}
    assert client.post("/accounts/login/", typed).url == "/reviews/"
    assert "Log out" in said(client.get("/"))
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/articles/").status_code == 302


def test_a_wrong_password_is_said_and_nobody_is_let_in(client, desk, bob):
    response = client.post("/accounts/login/", {"login": bob.email, "password": "wrong"})
    assert 'role="alert"' in said(response)
    assert client.get("/articles/").status_code == 302


@override_settings(DEBUG=True)
def test_the_sample_log_ins_are_shown_with_debug_only(client, desk):
    page = said(client.get("/accounts/login/"))
    assert "two-pairs-of-eyes" in page
    assert "carol@example.org" in page


@pytest.mark.parametrize(
    "name", ["login", "password/reset", "password/reset/done", "inactive", "password/reset/key/done"]
)
def test_the_pages_of_accounts_stand_in_our_layout(client, desk, name):
    response = client.get(f"/accounts/{name}/")
    assert response.status_code == 200
    assert "Skip to the content" in said(response)
    assert POLICY in response["Content-Security-Policy"]


def test_a_password_is_changed_in_our_layout(desk, bob):
    bob.set_password("two-pairs-of-eyes")
    bob.save()
    page = said(window(bob).get("/accounts/password/change/"))
    assert "Skip to the content" in page
    assert '<label for="id_oldpassword">' in page


@pytest.mark.urls("tests.web.test_layout")
@pytest.mark.parametrize("name", ["signup", "email", "confirm-email", "login/code/confirm"])
def test_what_a_desk_does_not_need_of_accounts_is_not_there(bob, name):
    assert window(bob).get(f"/accounts/{name}/").status_code == 404


@pytest.mark.urls("tests.web.test_layout")
def test_coming_in_works_without_the_rest_of_accounts(client, desk, bob):
    bob.set_password("two-pairs-of-eyes")
    bob.save()
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/accounts/password/reset/").status_code == 200
    assert client.post("/accounts/login/", {"login": bob.email, "password": "two-pairs-of-eyes"}).url == "/"
    assert client.get("/accounts/password/change/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


def test_a_log_in_that_ended_while_somebody_wrote_loses_no_word(client):
    response = client.post("/reviews/1/save", {"rationale": "Forty <b>words</b>.", "seen": "3"})
    assert "Nothing was saved" in said(response)
    assert "Forty &lt;b&gt;words&lt;/b&gt;." in response.content.decode()
