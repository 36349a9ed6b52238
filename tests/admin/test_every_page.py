"""The admin: hostile addresses, and nothing that has a verb is added, edited or deleted."""

import pytest
from django.urls import reverse

from factcheck.admin import site
from factcheck.models import AuditEntry, ConfidentialPart, Evidence, User
from tests import factories
from tests.admin.conftest import ADMITTED, ROLES, fill

pytestmark = [pytest.mark.database, pytest.mark.django_db]

MODELS = sorted((model for model in site._registry), key=lambda model: model._meta.model_name)
EDITED = {"user", "desk", "outlet", "source", "apikey"}


@pytest.fixture(scope="module")
def filled(kept):
    kept(lambda: fill(factories.person("Ben"), factories.person("Cleo", "editor")))


@pytest.fixture
def room(filled, db):
    """A row of every noun."""


def address(model, page="changelist", *args) -> str:
    return reverse(f"admin:factcheck_{model._meta.model_name}_{page}", args=args)


def test_every_noun_is_here_and_confidences_are_not():
    from factcheck.models import __all__ as names

    nouns = {
        "Article",
        "ArticleVersion",
        "Claim",
        "ClaimPair",
        "Anchor",
        "Source",
        "Passage",
        "Suggestion",
        "ClaimReview",
        "Evidence",
        "FactCheck",
    }
    nouns |= {"Snapshot", "Publication", "Job", "AuditEntry", "User", "Desk", "Outlet", "Feed", "FeedEntry", "Search"}
    nouns |= {
        "Reply",
        "GateAnswer",
        "LegalReading",
        "LinkCheck",
        "LitigationHold",
        "DeskPage",
        "ReaderRequest",
        "ApiKey",
        "WebhookEndpoint",
        "Delivery",
        "MachineReading",
    }
    assert {model.__name__ for model in MODELS} == nouns <= set(names)
    assert ConfidentialPart not in site._registry


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_added_or_deleted_but_people_and_outlets_by_those_who_may(role, browser, people, room):
    """What every page answers to whom is in tests/test_every_page."""
    client = browser(people[role])
    for model in MODELS:
        name, before = model._meta.model_name, model.objects.count()
        for page in ("add", "delete"):
            path = address(model, page, *([model.objects.order_by("pk").first().pk] if page == "delete" else []))
            adds = page == "add" and name in {"user", "outlet", "apikey"}
            allowed = {"administrator", "editor"} if name == "outlet" else {"administrator"}
            # 200: the form again, which lacks a name
            fits = {200} if adds and role in allowed else {403} if role in ADMITTED else {302, 403}
            assert client.post(path, {"post": "yes"}).status_code in fits, path
        assert model.objects.count() == before, model
    assert client.get(reverse("admin:index"), follow=True).status_code == (200 if role in ADMITTED else 403)


def test_a_stranger_goes_to_the_desks_log_in(browser):
    stranger = browser()
    answer = stranger.get(reverse("admin:factcheck_claim_changelist"), follow=True)
    final, _ = answer.redirect_chain[-1]
    assert final == "/accounts/login/?next=/admin/factcheck/claim/"
    assert stranger.get("/admin/login/").url.startswith("/accounts/login/?next=")


def test_who_may_not_enter_is_told_so_and_not_sent_in_circles(browser, bob):
    answer = browser(bob).get(reverse("admin:index"), follow=True)
    assert answer.status_code == 403
    assert len(answer.redirect_chain) <= 1


def test_a_person_without_log_in_is_a_stranger(browser, carol):
    client = browser(carol)
    User.objects.filter(pk=carol.pk).update(is_active=False)
    assert client.get(reverse("admin:index"), follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


def test_log_out_and_the_password_go_the_desks_way(browser, carol):
    client = browser(carol)
    assert client.get(reverse("admin:password_change")).url == "/accounts/password/change/"
    assert client.post(reverse("admin:logout")).status_code in (200, 302)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("model", [each for each in MODELS if each._meta.model_name not in EDITED])
def test_read_only_means_that_a_form_changes_nothing(model, browser, erin, carol, room):
    row = model.objects.order_by("pk").first()
    before = list(model.objects.values())
    for person in (erin, carol):
        fields = {field.name: "1" for field in model._meta.concrete_fields}
        answer = browser(person).post(address(model, "change", row.pk), {**fields, "status": "published", "_save": "1"})
        assert answer.status_code == 403
        for action in ("delete_selected", "approve", "nonsense"):
            browser(person).post(
                address(model), {"action": action, "_selected_action": [row.pk], "post": "yes", "index": "0"}
            )
    assert str(list(model.objects.values())) == str(before)


HOSTILE = ["a%00b", "x" * 3000, "x%20" * 800, "%F0%9F%8E%89", "%27;%20DROP", "%25_%5C", "%ED%A0%80", "9" * 40]
PARAMETERS = ("p", "o", "e", "status", "state", "chain", "subject", "subject_id", "id", "of", "nonsense", "_facets")


@pytest.mark.parametrize("model", MODELS)
def test_hostile_addresses_are_never_a_server_error(model, browser, erin, room):
    client = browser(erin)
    for value in HOSTILE:
        assert client.get(f"{address(model)}?q={value}").status_code in (200, 302), value
        path = address(model, "change", "KEY").replace("KEY", value[:300])
        assert client.get(path).status_code == 302, path
    for value in ("%00", "x", "9" * 40):
        for name in PARAMETERS:
            # 400: a field that no filter of the list asks for
            assert client.get(f"{address(model)}?{name}={value}").status_code in (200, 302, 400), (name, value)
        for page in ("history", "delete"):
            path = address(model, page, "KEY").replace("KEY", value)
            assert client.get(path).status_code in (200, 302, 403), path


@pytest.mark.parametrize("model", MODELS)
def test_no_list_is_asked_for_what_its_filters_do_not_show(model, browser, erin, bob, carol):
    """Not a password's hash, letter by letter, and not whether a row that may be hidden points here."""
    client = browser(erin)
    named = {getattr(each, "parameter_name", each) for each in site._registry[model].list_filter}
    for field in model._meta.get_fields():
        if field.name not in named:
            for lookup in (field.name, f"{field.name}__isnull"):
                assert client.get(f"{address(model)}?{lookup}=0").status_code == 400, lookup
    assert client.get(f"{address(model)}?pk=1").status_code == 400


def test_a_password_is_not_guessed_through_the_list(browser, erin):
    assert browser(erin).get("/admin/factcheck/user/?password__startswith=argon2").status_code == 400


def test_a_confidence_is_not_shown_with_its_evidence(browser, erin, bob):
    review = factories.draft(bob)
    piece = Evidence.objects.create(
        review=review, writer=bob, kind="person", stance="supports", public_wording="A source"
    )
    ConfidentialPart.objects.create(evidence=piece, identity="Zebedee Quill", words="off the record", writer=bob)
    for path in (address(Evidence), address(Evidence, "change", piece.pk)):
        text = browser(erin).get(path).content.decode()
        assert "A source" in text
        assert "Zebedee" not in text
        assert "off the record" not in text


def test_a_row_is_searched_and_filtered(browser, erin, room):
    client = browser(erin)
    for model in MODELS:
        assert site._registry[model].search_fields, model
    found = client.get(reverse("admin:factcheck_job_changelist") + "?state=dead").context["cl"]
    assert {job.state for job in found.result_list} == {"dead"}
    one = AuditEntry.objects.exclude(chain="desk").first()
    found = client.get(reverse("admin:factcheck_auditentry_changelist") + f"?q={one.chain}").context["cl"]
    assert {entry.chain for entry in found.result_list} == {one.chain}
    found = client.get(reverse("admin:factcheck_auditentry_changelist") + "?of=desk").context["cl"]
    assert {entry.chain for entry in found.result_list} <= {"desk"}


def test_the_first_page_counts_what_waits(browser, erin, bob, carol, room):
    factories.reviewed_until("submitted", bob, carol)
    page = browser(erin).get(reverse("admin:index"))
    assert [number for *_, number in page.context["counts"]] == [1, 3, 1, 2]


def test_every_page_keeps_to_the_strict_policy(browser, erin, room):
    """No inline script or style; Chromium looks at the rest in tests/browser."""
    client = browser(erin)
    for model in MODELS:
        row = model.objects.order_by("pk").first()
        for path in (address(model), address(model, "change", row.pk), reverse("admin:index")):
            answer = client.get(path)
            page = answer.content.decode()
            assert "<style" not in page
            assert ' style="' not in page
            assert "<script>" not in page
            assert " onclick=" not in page
            assert "unsafe" not in answer["Content-Security-Policy"]
            assert "factcheck/admin.css" in page
