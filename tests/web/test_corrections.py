"""The life of a publication in public: corrected, updated, scheduled, retracted, taken down."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from factcheck.models import AuditEntry, ClaimReview, FactCheck, Publication
from factcheck.web.pages import page_of
from factcheck.workflow import publications, reviews, schedules, takedowns
from factcheck.workflow.integrity import Look
from tests import factories
from tests.web.conftest import TYPED, said, window
from tests.web.test_publications import markup

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOTE = "The minutes were of the bridge next to it."


def post(who, name: str, row, **typed):
    return window(who).post(f"/{name}", {"seen": row.version, **typed})


def corrected(claim, bob, carol, *, kind="correction", note=NOTE, **typed) -> Publication:
    """By the pages alone: begun, written, handed over, approved and published."""
    claim.refresh_from_db()
    assert post(bob, f"claims/{claim.pk}/begin", claim).status_code == 302
    review = claim.reviews.get(status="draft")
    if not review.evidence.exists():
        factories.evidence(review, bob)
        review.refresh_from_db()
    factories.nobody_asked(review, bob)
    words = {**TYPED, "change_kind": kind, "change_note": note, "then": "submit", **typed}
    assert post(bob, f"reviews/{review.pk}/save", review, **words).status_code == 302
    for step, ticks in (("approve", {"compared": "on"}), ("publish", {})):
        review.refresh_from_db()
        assert post(carol, f"reviews/{review.pk}/{step}", review, **ticks).status_code == 302
    return Publication.objects.get(review=review)


def test_a_correction_begins_with_what_is_public_and_says_what_changed(published, bob, carol):
    claim, first = published.review.claim, published.review
    claim.refresh_from_db()
    reviews.begin(claim, by=carol, seen=claim.version)
    draft = claim.reviews.get(status="draft")
    words = ("statement", "speaker", "verdict", "rating", "rationale", "as_of")
    assert [getattr(draft, name) for name in words] == [getattr(first, name) for name in words]
    assert set(draft.written_by) == {carol.pk, *first.written_by}, "whose words they are, they stay"
    [copy], [piece] = draft.evidence.all(), first.evidence.all()
    assert (copy.exact, copy.snapshot, copy.copied_from) == (piece.exact, piece.snapshot, piece)
    answer = post(carol, f"reviews/{draft.pk}/save", draft, **TYPED, then="submit")
    assert answer.status_code == 422
    assert "say whether this corrects or updates it, and what changed" in said(answer)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_claim_that_is_checked_for_the_first_time_is_not_asked_what_changed(draft, bob):
    assert 'name="change_note"' not in said(window(bob).get(f"/claims/{draft.claim_id}/"))


def test_both_texts_are_read_each_at_its_address(client, published, bob, carol):
    claim, address = published.review.claim, f"/fact-checks/{published.slug}/"
    second = corrected(claim, bob, carol, finding="2", rationale="The minutes give another sum.")
    third = corrected(claim, bob, carol, kind="update", note="The final bill came.", finding="1")
    assert second.content["change"] == {"kind": "correction", "note": NOTE, "number": 2}
    assert third.change == {"kind": "update", "note": "The final bill came.", "number": 3}
    now, page = client.get(address), said(client.get(address))
    assert "The final bill came." in page
    assert f"{address}1/" in page
    assert f"{address}2/" in page
    assert "noindex" not in page
    assert markup(now)["reviewRating"]["ratingValue"] == 1
    assert client.get(f"{address}3/").headers["Location"] == address
    first = client.get(f"{address}1/")
    page = said(first)
    assert "This is version 1" in page
    assert "It was corrected on" in page
    assert NOTE in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'rel="canonical" href="{publications.address(published.slug)}"' in page
    assert markup(first) is None
    assert re.search(r"</span>another<span[^>]*>[^<]*</span></ins>", page)
    assert "The council's minutes give the sum." in page
    assert client.get(f"{address}4/").status_code == 404
    assert client.get(f"{address}{10**30}/").status_code == 404
    # The public list of what changed, newest first.
    listed = said(client.get("/corrections/"))
    assert listed.index("The final bill came.") < listed.index(NOTE)
    assert 'href="/corrections/"' in page


def test_a_retracted_correction_does_not_bring_the_older_text_back(client, published, bob, carol):
    claim, address = published.review.claim, f"/fact-checks/{published.slug}/"
    second = corrected(claim, bob, carol)
    review = second.review
    review.refresh_from_db()
    post(carol, f"reviews/{review.pk}/retract", review, reason="Neither bridge was meant.")
    claim.refresh_from_db()
    assert (claim.status, claim.reviews.filter(status="published").exists()) == ("detected", False)
    page = said(client.get(address))
    assert "Neither bridge was meant." in page
    assert "This fact-check is retracted" in page
    assert "The fact-check was retracted since" in said(client.get(f"{address}1/"))
    listed = said(client.get("/corrections/"))
    assert listed.index("Neither bridge was meant.") < listed.index(NOTE)
    # What is checked anew begins with the claim, and says all the same what changed.
    third = corrected(claim, bob, carol, note="Now it is the right bridge.")
    assert (third.number, third.review.evidence.get().copied_from) == (3, None)


def test_what_was_taken_down_is_gone_from_everywhere(client, published, bob, carol):
    claim, address = published.review.claim, f"/fact-checks/{published.slug}/"
    second = corrected(claim, bob, carol, statement="A bridge of twelve millions.", rationale="Words of a person.")
    review = second.review
    review.refresh_from_db()
    gone = {"reason": "A court demands it.", "ground": "Ruling 7 O 12/26"}
    assert post(carol, f"reviews/{review.pk}/take-down", review, **gone).status_code == 302
    for page in (address, f"{address}1/"):
        answer = client.get(page)
        assert answer.status_code == 410
        assert all(words in said(answer) for words in (*gone.values(), second.sha256 if page == address else "sha256"))
    places = ["/", "/fact-checks/", "/corrections/", address, f"{address}1/"]
    answers = [said(client.get(page)) for page in places]
    assert not [answer for answer in answers[:3] if published.slug in answer], "whose words the address keeps"
    answers += [said(window(carol).get(f"/api/v1/publications/{second.slug}/"))]
    export = window(carol).post("/desk/export/fact-checks", {"form": "csv"})
    answers += [b"".join(export.streaming_content).decode()]
    for words in ("twelve millions", "Words of a person", "12 million euros", NOTE):
        assert not [answer for answer in answers if words in answer], words
    assert "A court demands it." in answers[2]
    told = window(carol).get(f"/api/v1/publications/{second.slug}/").json()
    assert (told["content"], told["jsonld"], told["change"]) == ({}, {}, None)
    assert (told["takedown"]["reason"], told["takedown"]["ground"]) == tuple(gone.values())
    # The library keeps nothing of it, the desk its own record, and the trail which text it was.
    row = FactCheck.objects.get(publication=second)
    kept = f"{row.source.title} {row.claim_reviewed} {row.raw} {[each.text for each in row.source.passages.all()]}"
    assert "millions" not in kept
    assert ClaimReview.objects.get(pk=review.pk).rationale == "Words of a person."
    entries = AuditEntry.objects.filter(verb="publication.taken_down", actor=carol.pk).order_by("seq")
    assert [entry.old for entry in entries] == [published.sha256, second.sha256]
    assert list(Look()._publications()) == [], "a takedown is no alteration"
    # It is done once, there is nothing left to retract, and a correction may follow, which begins empty.
    assert "taken down already" in said(post(carol, f"reviews/{review.pk}/take-down", review, **gone))
    assert "nothing left to retract" in said(post(carol, f"reviews/{review.pk}/retract", review, reason="Wrong."))
    third = corrected(claim, bob, carol, note="Without the name.")
    assert third.review.evidence.get().copied_from is None
    assert client.get(address).status_code == 200
    assert client.get(f"{address}2/").status_code == 410
    row.refresh_from_db()
    assert (row.publication, row.claim_reviewed) == (third, TYPED["statement"])


def test_an_editor_sets_the_hour_in_their_own_time_zone(approved, desk, carol, bob):
    type(carol).objects.filter(pk=carol.pk).update(timezone="Pacific/Auckland")
    answer = post(carol, f"reviews/{approved.pk}/schedule", approved, publish_at="2031-05-01T09:30")
    assert answer.status_code == 302
    approved.refresh_from_db()
    assert (approved.publish_at.isoformat(), approved.scheduled_by) == ("2031-04-30T21:30:00+00:00", carol)
    for page in (f"/reviews/{approved.pk}/", "/reviews/"):
        assert "Goes out on 1 May 2031, 09:30" in said(window(carol).get(page))
    assert "In the time zone" not in said(window(bob).get(f"/reviews/{approved.pk}/"))
    refused = post(carol, f"reviews/{approved.pk}/schedule", approved, publish_at="2020-05-01T09:30")
    assert refused.status_code == 422
    assert "a day and a time to come" in said(refused)
    assert 'value="2020-05-01T09:30"' in said(refused)
    assert post(bob, f"reviews/{approved.pk}/schedule", approved, publish_at="2031-05-01T09:30").status_code == 403
    assert post(carol, f"reviews/{approved.pk}/schedule", approved, publish_at="").status_code == 302
    approved.refresh_from_db()
    assert (approved.publish_at, approved.scheduled_by) == (None, None)


def test_the_list_of_what_changed_is_paged_by_a_place_in_it(client, bob, carol, desk, monkeypatch):
    monkeypatch.setattr("factcheck.web.corrections.page_of", lambda rows: page_of(rows, 2))
    firsts = [factories.reviewed_until("superseded", bob, carol) for _ in range(3)]
    factories.takedown(firsts[0].claim.reviews.get(status="published"), carol)
    path, seen, gone = "/corrections/", [], 0
    while path:
        page = said(client.get(path))
        seen += re.findall(r'href="(/fact-checks/[^"]+/[0-9]+/)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following and f"/corrections/{following[1]}"
        gone += page.count("<strong>Taken down</strong>")
    assert gone == 2, "told of, and linked nowhere: the address holds words of it"
    assert seen == [f"/fact-checks/{first.publication.slug}/2/" for first in (firsts[2], firsts[1])]
    for nonsense in (
        "x",
        "20261124T000000.000000-x",
        "20261399T000000.000000-1",
        f"20261124T000000.000000-{10**18 * 10}",
    ):
        assert client.get("/corrections/", {"before": nonsense}).status_code == 404


@pytest.mark.parametrize("end", ["retract", "take_down"])
def test_what_was_signed_while_another_text_stood_is_read_anew(published, bob, carol, end):
    claim, first = published.review.claim, published.review
    claim.refresh_from_db()
    reviews.begin(claim, by=bob, seen=claim.version)
    waiting = claim.reviews.get(status="draft")
    words = {
        name: getattr(waiting, name) for name in ("statement", "speaker", "verdict", "rating", "rationale", "as_of")
    }
    reviews.save(waiting, by=bob, seen=waiting.version, **words, change_kind="update", change_note=NOTE)
    reviews.submit(waiting, by=bob, seen=waiting.version)
    reviews.approve(waiting, by=carol, seen=waiting.version, compared=True)
    soon = timezone.now() + timedelta(hours=1)
    schedules.set_hour(waiting, by=carol, seen=waiting.version, publish_at=soon)
    first.refresh_from_db()
    verb = publications.retract if end == "retract" else takedowns.take_down
    verb(first, by=carol, seen=first.version, reason="A court demands it.")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.publish_at, waiting.approver) == ("draft", None, None)
    warned = "was taken down on" in said(window(bob).get(f"/claims/{claim.pk}/"))
    assert warned is (end == "take_down"), "its words may still stand in the draft"
