"""The whole story through the API alone: from a text to the published check, and back."""

import hashlib
import json

import pytest

from factcheck.models import Job
from factcheck.workflow import steps
from factcheck.workflow.sources import add_source
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]

TEXT = (
    "The council approved 12 million euros for the harbour bridge on Monday.\n"
    "“We will open it in May 🎉. Nobody will pay a toll,” said Mayor Ada Lind.\n"
    "Unemployment in Norland fell to 4.2 percent in March, the statistics office said."
)
WRITTEN = {
    "statement": "The council approved 12 million euros for the bridge.",
    "speaker": "",
    "verdict": "verified",
    "rating": 5,
    "rationale": "The minutes give the sum.",
    "as_of": "2026-11-24",
}


def perform_all():
    while job := Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first():
        steps.perform(job.pk)


@pytest.fixture
def books(db):
    factories.desk()
    words = "The council granted 12 million euros for the new bridge in the harbour."
    add_source(by=None, title="Council minutes", kind="primary", seen="page", passages=[(words, "original")])
    perform_all()


def test_from_a_text_to_the_publication_and_back(books, client_of, alice, by_bob, by_carol, bob, carol):
    by_alice = client_of(alice)
    sent = by_alice.post("articles/", {"title": "The bridge", "url": "", "text": TEXT, "note": "by mail"})
    assert sent.status_code == 202
    assert sent["Location"] == sent.json()["status_url"]
    assert sent.json()["progress"]["state"] == "pending"
    article = sent.json()["id"]
    unread = by_alice.get(f"articles/{article}/claims/").json()
    assert (unread["results"], unread["reading"]["state"]) == ([], "pending")

    perform_all()
    status = by_alice.get(sent["Location"]).json()
    assert (status["progress"]["state"], status["progress"]["dead"]) == ("done", 0)
    assert status["current"]["text"] == TEXT
    claims = by_bob.get(f"articles/{article}/claims/").json()["results"]
    claim = next(each for each in claims if "12 million" in each["statement"])
    assert TEXT[claim["anchor"]["start"] : claim["anchor"]["end"]] == claim["anchor"]["exact"]
    assert (claim["search"]["state"], claim["search"]["found"] > 0) == ("done", True)

    listed = by_bob.get("suggestions/", {"claim": claim["id"]}).json()
    suggestion = listed["results"][0]
    assert listed["search"]["state"] == "done"
    accepted = by_bob.post(
        f"suggestions/{suggestion['id']}/accept/",
        {"stance": "supports", "exact": "granted 12 million euros"},
        seen=suggestion["version"],
    ).json()
    assert (accepted["status"], accepted["decided_by"]["name"]) == ("accepted", "Bob")
    review = by_bob.get(f"reviews/{accepted['evidence']['review']}/")
    address = f"reviews/{review.json()['id']}/"

    pasted = by_bob.post(
        f"{address}evidence/",
        {
            "kind": "document",
            "stance": "supports",
            "title": "The budget",
            "url": "https://example.org/budget",
            "exact": "Harbour bridge: 12,000,000",
        },
        seen=review.json()["version"],
    )
    assert pasted.status_code == 201
    assert [piece["snapshot"]["origin"] for piece in pasted.json()["evidence"]] == ["pasted", "pasted"]
    saved = by_bob.put(address, WRITTEN, HTTP_IF_MATCH=pasted["ETag"])
    stops = [each for each in by_bob.get(f"{address}gate/").json()["findings"] if each["state"] in ("open", "blocks")]
    assert [each["check"] for each in stops] == ["evidence", "evidence", "reply"]
    reply = {"name": "Ada Lind", "channel": "email", "asked_on": "2026-11-16", "deadline": "2026-11-20"}
    asked = by_bob.post(f"{address}replies/", reply, HTTP_IF_MATCH=saved["ETag"])
    assert asked.status_code == 201
    there = f"replies/{asked.json()['replies'][0]['id']}/"
    said = {"answer": "It was 12 million.", "answered_on": "2026-11-18"}
    answered = by_bob.patch(there, said, HTTP_IF_MATCH=asked["ETag"])
    assert answered.json()["replies"][0]["answer"] == "It was 12 million."
    submitted = by_bob.post(f"{address}submit/", HTTP_IF_MATCH=answered["ETag"])
    assert submitted.json()["status"] == "submitted"

    own = by_bob.post(f"{address}approve/", HTTP_IF_MATCH=submitted["ETag"])
    assert own.status_code == 403  # a checker does not sign
    approved = by_carol.post(f"{address}approve/", HTTP_IF_MATCH=submitted["ETag"])
    assert approved.json()["approver"]["name"] == "Carol"
    refused = by_carol.post(f"{address}publish/", HTTP_IF_MATCH=approved["ETag"])
    assert (refused.status_code, refused.json()["rule"]) == (422, "gate_evidence")
    assert "“The budget” were pasted, not fetched" in refused.json()["detail"]
    for each in by_carol.get(f"{address}gate/").json()["findings"]:
        if each["state"] == "open":
            compared = {"key": each["key"], "choice": "compared"}
            assert by_carol.post(f"{address}gate/", compared, HTTP_IF_MATCH=approved["ETag"]).status_code == 200
    published = by_carol.post(f"{address}publish/", HTTP_IF_MATCH=approved["ETag"])
    slug = published.json()["publication"]["slug"]

    shown = by_alice.get(f"publications/{slug}/").json()
    assert shown["jsonld"]["reviewRating"]["ratingValue"] == 5
    assert shown["content"]["written_by"] == ["Bob"]
    canonical = json.dumps(
        {"content": shown["content"], "jsonld": shown["jsonld"]},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert hashlib.sha256(canonical.encode()).hexdigest() == shown["sha256"]
    assert [each["id"] for each in by_bob.get("claims/", {"verdict": "verified"}).json()["results"]] == [claim["id"]]
    assert by_bob.get("claims/", {"verdict": "disputed"}).json()["results"] == []

    gone = by_carol.post(f"{address}retract/", {"reason": "The minutes were of 2023."}, HTTP_IF_MATCH=published["ETag"])
    assert gone.json()["status"] == "retracted"
    shown = by_alice.get(f"publications/{slug}/").json()
    assert shown["retraction"]["reason"] == "The minutes were of 2023."
    assert by_bob.get("claims/", {"verdict": "verified"}).json()["results"] == []


def test_an_editor_who_wrote_a_word_cannot_approve(books, by_bob, by_carol, claim):
    begun = by_bob.post(f"claims/{claim.pk}/review/", seen=claim.version)
    assert begun.status_code == 201
    address = f"reviews/{begun.json()['id']}/"
    person = {"kind": "person", "stance": "supports", "public_wording": "An engineer"}
    added = by_bob.post(f"{address}evidence/", person, HTTP_IF_MATCH=begun["ETag"])
    saved = by_carol.put(address, WRITTEN, HTTP_IF_MATCH=added["ETag"])
    assert [each["name"] for each in saved.json()["written_by"]] == ["Bob", "Carol"]
    submitted = by_bob.post(f"{address}submit/", HTTP_IF_MATCH=saved["ETag"])
    refused = by_carol.post(f"{address}approve/", HTTP_IF_MATCH=submitted["ETag"])
    assert refused.status_code == 422
    assert refused.json()["rule"] == "four_eyes"
    assert refused.json()["detail"] == "Who wrote any part of a review cannot approve it."


def test_a_review_goes_back_and_forth(books, by_bob, by_carol, claim):
    begun = by_bob.post(f"claims/{claim.pk}/review/", seen=claim.version)
    address = f"reviews/{begun.json()['id']}/"
    person = {"kind": "person", "stance": "supports", "public_wording": "The treasurer"}
    added = by_bob.post(f"{address}evidence/", person, HTTP_IF_MATCH=begun["ETag"])
    piece = added.json()["evidence"][0]["id"]
    turned = by_bob.patch(f"evidence/{piece}/", {"stance": "refutes"}, HTTP_IF_MATCH=added["ETag"])
    assert turned.json()["evidence"][0]["stance"] == "refutes"
    saved = by_bob.put(address, WRITTEN, HTTP_IF_MATCH=turned["ETag"])
    submitted = by_bob.post(f"{address}submit/", HTTP_IF_MATCH=saved["ETag"])
    back = by_carol.post(f"{address}request-changes/", {"reason": "Which tender?"}, HTTP_IF_MATCH=submitted["ETag"])
    assert (back.json()["status"], back.json()["changes_requested"]) == ("draft", "Which tender?")
    again = by_bob.post(f"{address}submit/", HTTP_IF_MATCH=back["ETag"])
    withdrawn = by_bob.post(f"{address}withdraw/", HTTP_IF_MATCH=again["ETag"])
    removed = by_bob.delete(f"evidence/{piece}/", HTTP_IF_MATCH=withdrawn["ETag"])
    assert removed.json()["evidence"] == []
    abandoned = by_bob.post(f"{address}abandon/", HTTP_IF_MATCH=removed["ETag"])
    assert abandoned.json()["status"] == "abandoned"
    assert by_bob.get(f"claims/{claim.pk}/").json()["open_review"] is None
