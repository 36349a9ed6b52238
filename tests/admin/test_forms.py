"""Desk, outlets, sources and people: each save is an audited verb, and who lost the race loses no word."""

import html
import json

import pytest
from django.urls import reverse

from factcheck.exceptions import BadInput, Conflict, NotAllowed, Refused
from factcheck.models import AuditEntry, AuditText, Desk, Job, Lexeme, Outlet, Passage, Source, User
from factcheck.workflow import people, sources, steps
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LABELS = {"1": "No", "2": "Hardly", "3": "Half", "4": "Mostly", "5": "Yes"}


def form_of(client, path) -> dict:
    """What the browser would send if nothing was typed."""
    form = client.get(path).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def save(client, model, row, **typed):
    path = reverse(f"admin:factcheck_{model}_change", args=[row.pk])
    return client.post(path, {**form_of(client, path), **typed})


def said(verb):
    entry = AuditEntry.objects.get(verb=verb)
    return entry, json.loads(AuditText.objects.get(entry_id=entry.pk).text)


def test_the_desk_is_named_and_its_method_has_versions(browser, erin):
    client = browser(erin)
    add = reverse("admin:factcheck_desk_add")
    sent = {"name": "The Desk", "rating_labels": json.dumps(LABELS), "method": "We look it up.", "as_read": ""}
    assert client.post(add, sent).status_code == 302
    desk = Desk.objects.get()
    assert (desk.name, desk.rating_labels, desk.method_version) == ("The Desk", LABELS, 1)
    assert client.get(add).status_code == 403
    AuditEntry.objects.get(verb="desk.edited", actor=erin.pk, chain="desk")
    assert save(client, "desk", desk, name="Our Desk", method="We ask.").status_code == 302
    desk.refresh_from_db()
    assert (desk.name, desk.method_version) == ("Our Desk", 2)
    text = AuditText.objects.order_by("-entry_id").first().text
    assert json.loads(text) == {
        "name": ["The Desk", "Our Desk"], "method": ["We look it up.", "We ask."], "method_version": [1, 2],
    }  # fmt: skip


@pytest.mark.parametrize(
    "labels",
    [
        "{}", "[]", '{"1": "a"}', json.dumps({**LABELS, "3": ""}), json.dumps({**LABELS, "3": 3}),
        "[" * 100_000, "[" * 500 + "]" * 500, '{"1": ' + "9" * 5_000 + "}", json.dumps({**LABELS, "3": "\ud800"}), "{",
    ],
)  # fmt: skip
def test_the_scale_has_five_labels(browser, erin, desk, labels):
    answer = save(browser(erin), "desk", desk, rating_labels=labels)
    assert answer.status_code == 200
    assert "rating" in answer.content.decode()
    assert html.escape(labels) in answer.content.decode()  # as it was typed
    desk.refresh_from_db()
    assert desk.rating_labels["1"] == "False"


def test_an_outlet_is_added_and_edited(browser, carol):
    client = browser(carol)
    add = reverse("admin:factcheck_outlet_add")
    assert client.post(add, {"name": "The Herald", "domain": "Herald.example", "kind": "news"}).status_code == 302
    outlet = Outlet.objects.get()
    assert outlet.domain == "herald.example"
    assert save(client, "outlet", outlet, reliability_note="Corrects itself.").status_code == 302
    entry, changed = said("outlet.edited")
    assert (entry.actor, changed) == (carol.pk, {"reliability_note": ["", "Corrects itself."]})


def test_two_people_edit_an_outlet_and_no_word_is_lost(browser, carol, erin):
    outlet = Outlet.objects.create(name="The Herald")
    path = reverse("admin:factcheck_outlet_change", args=[outlet.pk])
    client = browser(carol)
    read = form_of(client, path)
    save(browser(erin), "outlet", outlet, reliability_note="Erin's words.")
    lost = client.post(path, {**read, "reliability_note": "Carol's words."})
    page = lost.content.decode()
    assert lost.status_code == 200
    assert "Carol&#x27;s words." in page
    assert "Somebody else wrote: Erin&#x27;s words." in page
    outlet.refresh_from_db()
    assert outlet.reliability_note == "Erin's words."
    form = lost.context["adminform"].form
    again = client.post(path, {**read, "reliability_note": "Both.", "as_read": form["as_read"].value()})
    assert again.status_code == 302
    outlet.refresh_from_db()
    assert outlet.reliability_note == "Both."


def perform_all():
    while job := Job.objects.filter(state="queued").order_by("pk").first():
        steps.perform(job.pk)


@pytest.fixture
def minutes(db):
    passages = [("The council granted 12 million euros.", "original"), ("It was on Monday.", "original")]
    source = sources.add_source(by=None, title="Council minutes", kind="primary", seen="page", passages=passages)
    perform_all()
    return source


def test_another_title_goes_to_the_passages_and_is_indexed_again(browser, carol, minutes):
    assert Lexeme.objects.get(word="minut").passages == 2
    answer = save(browser(carol), "source", minutes, title="Council protocol", kind="dataset")
    assert answer.status_code == 302
    assert set(Passage.objects.values_list("heading", "embedding")) == {("Council protocol", None)}
    assert Job.objects.get(state="queued").kind == "index"
    perform_all()
    counts = dict(Lexeme.objects.values_list("word", "passages"))
    assert (counts["minut"], counts["protocol"], counts["council"], counts["monday"]) == (0, 2, 2, 1)
    assert counts[""] == 2
    assert not Passage.objects.filter(embedding=None).exists()
    entry, changed = said("source.edited")
    assert changed == {"title": ["Council minutes", "Council protocol"], "kind": ["primary", "dataset"]}
    assert entry.chain == "desk"


def test_a_source_with_the_same_title_is_not_indexed_again(browser, carol, minutes):
    assert save(browser(carol), "source", minutes, licence="CC BY 4.0").status_code == 302
    assert not Job.objects.filter(state="queued").exists()


def test_a_source_that_is_being_indexed_keeps_its_title_for_now(browser, carol, minutes):
    job = Job.objects.create(kind="index", target=minutes.pk, queue="read")
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=job.created_at)
    answer = save(browser(carol), "source", minutes, title="Protocol")
    assert "made searchable at this moment" in answer.content.decode()
    minutes.refresh_from_db()
    assert minutes.title == "Council minutes"


def test_a_stale_source_and_a_taken_address(browser, carol, erin, minutes):
    other = factories.source()
    Source.objects.filter(pk=other.pk).update(url="https://example.org/minutes")
    answer = save(browser(carol), "source", minutes, url="https://example.org/minutes")
    assert answer.status_code == 200
    path = reverse("admin:factcheck_source_change", args=[minutes.pk])
    client = browser(carol)
    read = form_of(client, path)
    save(browser(erin), "source", minutes, licence="CC0")
    lost = client.post(path, {**read, "licence": "CC BY"})
    assert "Somebody else wrote: CC0" in lost.content.decode()
    for url in ("javascript:alert(1)", "ftp://x.example/"):
        assert save(client, "source", minutes, url=url).status_code == 200
    for published in ("2024-13", "May"):
        assert save(client, "source", minutes, published=published).status_code == 200


def test_the_verb_itself_refuses_what_the_form_would(carol, bob, minutes):
    same = {"title": "T", "kind": "primary", "seen": "page", "url": "", "outlet": None, "published": "", "licence": ""}
    with pytest.raises(NotAllowed):
        sources.edit_source(minutes, by=bob, version=minutes.version, **same)
    with pytest.raises(Conflict):
        sources.edit_source(minutes, by=carol, version=minutes.version + 1, **same)
    for wrong in ({"title": " "}, {"title": "x" * 1001}, {"kind": "rumour"}, {"published": "May"}, {"url": "x"}):
        with pytest.raises(BadInput):
            sources.edit_source(minutes, by=carol, version=minutes.version, **{**same, **wrong})
    other = factories.source()
    Source.objects.filter(pk=other.pk).update(url="https://example.org/minutes")
    with pytest.raises(Refused, match="already in the library"):
        sources.edit_source(
            minutes, by=carol, version=minutes.version, **{**same, "url": "https://example.org/minutes"}
        )
    minutes.refresh_from_db()
    assert minutes.title == "Council minutes"


def test_a_person_is_invited_given_a_role_and_loses_the_log_in(browser, erin):
    client = browser(erin)
    sent = {"email": "heidi@example.org", "name": "Heidi", "role": "reporter"}
    assert client.post(reverse("admin:factcheck_user_add"), sent).status_code == 302
    heidi = User.objects.get(email="heidi@example.org")
    assert not heidi.has_usable_password()
    assert AuditEntry.objects.get(verb="person.added").new == "reporter"
    assert save(client, "user", heidi, role="editor").status_code == 302
    assert said("person.role")[1] == {"role": ["reporter", "editor"]}
    path = reverse("admin:factcheck_user_change", args=[heidi.pk])
    read = form_of(client, path)
    del read["is_active"]
    assert client.post(path, read).status_code == 302
    heidi.refresh_from_db()
    assert (heidi.role, heidi.is_active, heidi.name) == ("editor", False, "Heidi")
    assert client.post(path, {**form_of(client, path), "is_active": "on"}).status_code == 302
    verbs = AuditEntry.objects.filter(subject="user", subject_id=heidi.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["person.added", "person.role", "person.login_taken", "person.login_given"]
    trail = client.get(reverse("admin:factcheck_user_history", args=[heidi.pk])).content.decode()
    assert trail.index("person.login_given") < trail.index("person.added")
    assert "Erin" in trail


def test_nobody_changes_their_own_role(browser, erin):
    answer = save(browser(erin), "user", erin, role="auditor")
    assert "ask another administrator" in answer.content.decode()
    erin.refresh_from_db()
    assert erin.role == "administrator"


def test_the_same_address_is_not_invited_twice(browser, erin, bob):
    answer = browser(erin).post(
        reverse("admin:factcheck_user_add"), {"email": bob.email.upper(), "name": "Bob", "role": "editor"}
    )
    assert answer.status_code == 200
    assert User.objects.filter(email__iexact=bob.email).count() == 1


def test_a_form_that_was_refused_halfway_changed_nothing(browser, erin, bob, monkeypatch):
    def refuse(*_, **__):
        raise Refused("Not today.")

    monkeypatch.setattr(people, "take_login_away", refuse)
    client = browser(erin)
    path = reverse("admin:factcheck_user_change", args=[bob.pk])
    read = form_of(client, path)
    del read["is_active"]
    assert "Not today." in client.post(path, {**read, "role": "editor"}).content.decode()
    bob.refresh_from_db()
    assert bob.role == "checker"
    assert not AuditEntry.objects.filter(verb="person.role").exists()


@pytest.mark.parametrize("model", ["user", "desk", "outlet", "source"])
def test_an_auditor_reads_and_saves_nothing(model, browser, dave, bob, desk):
    rows = {"user": bob, "desk": desk, "outlet": Outlet.objects.create(name="O"), "source": factories.source()}
    path = reverse(f"admin:factcheck_{model}_change", args=[rows[model].pk])
    page = browser(dave).get(path)
    assert page.status_code == 200
    assert "as_read" not in page.content.decode()
    assert browser(dave).post(path, {"name": "x", "title": "x", "role": "administrator"}).status_code == 403


FIELDS = {
    "desk": ("name", "logo_url", "contact", "rating_labels", "method", "checklist", "as_read"),
    "outlet": ("name", "domain", "kind", "reliability_note", "as_read"),
    "source": ("title", "outlet", "url", "kind", "seen", "published", "licence", "as_read"),
}


@pytest.mark.parametrize("model", FIELDS)
def test_hostile_words_in_forms(model, browser, erin, desk):
    row = {"desk": desk, "outlet": Outlet.objects.create(name="The Herald"), "source": factories.source()}[model]
    path = reverse(f"admin:factcheck_{model}_change", args=[row.pk])
    client = browser(erin)
    for field in FIELDS[model]:
        for value in ("a\x00b", "x" * 5000, "\u202e", "<script>alert(1)</script>", " ", "9" * 30):
            answer = client.post(path, {**form_of(client, path), field: value})
            assert answer.status_code in (200, 302)
            assert b"<script>alert" not in answer.content
