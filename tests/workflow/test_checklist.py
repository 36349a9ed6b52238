"""The desk's method as a list of steps: answered in a draft, asked for when it is handed over, printed."""

import json

import pytest
from django.test import Client

from factcheck.exceptions import BadInput, Conflict, Refused
from factcheck.models import AuditEntry, AuditText
from factcheck.web import sightings as sightings_pages
from factcheck.workflow import checklist, desk_pages, publications, reviews, sightings
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ORIGINAL, OTHER_SIDE = "Looked for the original of the quote", "Looked for <b>evidence</b> on the other side"
DONE, NO = (ORIGINAL, "done", ""), (OTHER_SIDE, "does_not_apply", "Both sides say the same.")


@pytest.fixture
def desk(db):
    return factories.checklist(factories.desk(), [ORIGINAL, OTHER_SIDE])


@pytest.fixture
def draft(desk, grace, carol):
    return factories.complete(grace)


def window(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def rewrite(desk, erin, checklist):
    """The next version of the method, with the same text."""
    return desk_pages.write("method", by=erin, seen=desk.method_version, text="We look it up.", checklist=checklist)


def last_changes() -> dict:
    entry = AuditEntry.objects.filter(verb="claimreview.answered").order_by("-seq").first()
    return json.loads(AuditText.objects.get(entry_id=entry.pk).text)


def test_another_list_is_another_version_of_the_method(desk, erin):
    assert rewrite(desk, erin, [ORIGINAL]).version == 3
    assert (desk.method_version, desk.checklist) == (3, [ORIGINAL])
    for wrong in ([ORIGINAL, ORIGINAL], [" "], ["x" * 1001], [str(n) for n in range(31)], ["\0"], [ORIGINAL]):
        with pytest.raises(BadInput):
            rewrite(desk, erin, wrong)
    assert desk.checklist == [ORIGINAL]
    assert f"<li><bdi>{ORIGINAL}</bdi></li>" in Client().get("/method/").content.decode()
    typed = {"kind": "method", "seen": 3, "text": "We look it up.", "checklist": f"{ORIGINAL}\r\n\r\nFound it "}
    assert window(erin).post("/desk/pages/write", typed).status_code == 302
    assert (desk.method_version, desk.checklist) == (4, [ORIGINAL, "Found it"])


def test_a_draft_is_handed_over_when_every_step_is_answered(draft, bob, grace):
    with pytest.raises(Refused, match=f"“{ORIGINAL}”.*“{OTHER_SIDE}”"):
        reviews.submit(draft, by=grace, seen=draft.version)
    before = draft.version
    checklist.answer(draft, by=bob, seen=before, answers=[DONE])
    assert bob.pk in draft.written_by
    assert draft.version > before
    with pytest.raises(Conflict):
        checklist.answer(draft, by=grace, seen=before, answers=[NO])
    with pytest.raises(Refused, match="other side") as refused:
        reviews.submit(draft, by=grace, seen=draft.version)
    assert (refused.value.rule, ORIGINAL in str(refused.value)) == ("checklist_is_answered", False)
    checklist.answer(draft, by=grace, seen=draft.version, answers=[NO, DONE])
    assert last_changes() == {OTHER_SIDE: ["", "does_not_apply: Both sides say the same."]}
    assert [(row.item, row.writer) for row in draft.checklist.all()] == [(ORIGINAL, bob), (OTHER_SIDE, grace)]
    assert reviews.submit(draft, by=grace, seen=draft.version).status == "submitted"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((OTHER_SIDE, "does_not_apply", " "), "say why"),
        ((OTHER_SIDE, "", "Because."), "say whether"),
        (("Asked the mayor", "done", ""), "not on the desk's checklist"),
        (DONE, "twice"),
    ],
)
def test_what_is_no_answer_is_refused_and_changes_nothing(draft, grace, answer, sentence):
    with pytest.raises(BadInput, match=sentence):
        checklist.answer(draft, by=grace, seen=draft.version, answers=[DONE, answer])
    draft.refresh_from_db()
    assert not draft.checklist.exists()


def test_an_answer_keeps_its_question_when_the_list_changes(draft, desk, erin, grace):
    checklist.answer(draft, by=grace, seen=draft.version, answers=[DONE, NO])
    rewrite(desk, erin, ["Found the quote", ORIGINAL])
    found = [(step.item, step.answer, step.on_list) for step in checklist.steps(draft, desk)]
    assert found == [("Found the quote", "", True), (ORIGINAL, "done", True), (OTHER_SIDE, "does_not_apply", False)]
    checklist.answer(draft, by=grace, seen=draft.version, answers=[("Found the quote", "done", ""), DONE])
    assert last_changes() == {
        OTHER_SIDE: ["does_not_apply: Both sides say the same.", ""],
        "Found the quote": ["", "done"],
    }
    assert [row.item for row in draft.checklist.all()] == ["Found the quote", ORIGINAL]


def test_the_answers_are_seen_signed_and_printed(draft, grace, carol):
    checklist.answer(draft, by=grace, seen=draft.version, answers=[DONE, NO])
    reviews.submit(draft, by=grace, seen=draft.version)
    sightings.see(draft, by=carol)
    page = window(carol).get(f"/reviews/{draft.pk}/").content.decode()
    assert "Looked for &lt;b&gt;evidence&lt;/b&gt; on the other side" in page
    reviews.withdraw(draft, by=grace, seen=draft.version)
    checklist.answer(draft, by=grace, seen=draft.version, answers=[DONE, (OTHER_SIDE, "done", "")])
    since = sightings_pages.since(sightings.see(draft, by=carol))
    assert [heading for heading, _ in since.parts] == ["Method checklist"]
    reviews.submit(draft, by=grace, seen=draft.version)
    reviews.approve(draft, by=carol, seen=draft.version)
    publication = publications.publish(draft, by=carol, seen=draft.version)
    assert publication.content["checklist"] == [
        {"item": ORIGINAL, "answer": "done", "reason": ""},
        {"item": OTHER_SIDE, "answer": "done", "reason": ""},
    ]
    assert ORIGINAL in Client().get(f"/fact-checks/{publication.slug}/").content.decode()


def test_the_form_answers_the_list_and_loses_no_word(draft, desk, erin, grace):
    client, address = window(grace), f"/reviews/{draft.pk}/checklist"
    form = client.get(f"/claims/{draft.claim_id}/").context["answer_checklist_form"]
    (first, _), (second, why) = form.items()
    sent = {"seen": draft.version, first.html_name: "done", second.html_name: "does_not_apply", why.html_name: ""}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "say why it does not apply" in refused.content.decode()
    assert refused.context["answer_checklist_form"].data[first.html_name] == "done"
    sent[why.html_name] = "Both sides say the same."
    rewrite(desk, erin, [ORIGINAL])
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Both sides say the same." in refused.content.decode()
    sent[why.html_name] = ""
    assert client.post(address, sent).status_code == 302
    assert [(row.item, row.answer) for row in draft.checklist.all()] == [(ORIGINAL, "done")]
    refused = client.post(address, sent)
    assert refused.status_code == 409
    draft.refresh_from_db()
    handed_over = client.post(f"/reviews/{draft.pk}/submit", {"seen": draft.version})
    assert handed_over.status_code == 302


def test_a_desk_without_a_list_asks_nothing(bob, carol):
    draft = factories.complete(bob)
    assert "answer_checklist_form" not in window(bob).get(f"/claims/{draft.claim_id}/").context
    assert reviews.submit(draft, by=bob, seen=draft.version).status == "submitted"
    assert publications.printed(draft)["checklist"] == []
