"""Saving a draft, two who save at once, handing over, and the second signature."""

from datetime import date

import pytest

from factcheck.models import ClaimReview
from factcheck.workflow import evidence, publications, reviews
from tests import factories
from tests.web.conftest import SAID, TYPED, queries, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SENTENCE = "Who wrote any part of a review cannot approve it."


# --- saving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "verdict", "rating"),
    [("5", "verified", 5), ("4", "verified", 4), ("3", "disputed", 3), ("1", "disputed", 1),
     ("unverifiable", "unverifiable", None), ("", None, None)],
)  # fmt: skip
def test_one_choice_says_verdict_and_rating(draft, bob, finding, verdict, rating):
    client = window(bob)
    response = client.post(f"/reviews/{draft.pk}/save", {"seen": draft.version, **TYPED, "finding": finding})
    assert response.url == f"/claims/{draft.claim_id}/#review"
    draft.refresh_from_db()
    assert (draft.verdict, draft.rating, draft.as_of) == (verdict, rating, date(2026, 11, 24))
    assert f'name="finding" value="{finding}" id="save-{draft.pk}-finding_' in said(
        client.get(f"/claims/{draft.claim_id}/")
    )


def test_the_findings_bear_the_desks_own_labels(desk, draft, bob):
    type(desk).objects.update(rating_labels={**desk.rating_labels, "3": "Half & half"})
    page = said(window(bob).get(f"/claims/{draft.claim_id}/"))
    for label in ("Verified · 5 True", "Disputed · 3 Half & half", "Unverifiable", "Not decided yet"):
        assert label in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"statement": " "}, "The statement must not be empty."), ({"as_of": "someday"}, "As of: Enter a valid date."),
     ({"speaker": "x" * 501}, "at most 500 characters"), ({"finding": "7"}, "Finding: Select a valid choice")],
)  # fmt: skip
def test_a_draft_that_is_refused_keeps_every_word(draft, bob, typed, sentence):
    sent = {"seen": draft.version, **TYPED, "rationale": "Long thought over.", **typed}
    response = window(bob).post(f"/reviews/{draft.pk}/save", sent)
    assert response.status_code == 422
    assert sentence in said(response)
    assert "Long thought over.</textarea>" in said(response)
    draft.refresh_from_db()
    assert draft.rationale == ""


def test_saving_and_handing_over_is_one_button(written, bob):
    response = window(bob).post(f"/reviews/{written.pk}/save", {"seen": written.version, **TYPED, "then": "submit"})
    assert response.url == f"/reviews/{written.pk}/"
    written.refresh_from_db()
    assert written.status == "submitted"


def test_words_are_saved_when_the_handing_over_is_refused(draft, bob):
    client = window(bob)
    sent = {**TYPED, "rationale": "Long thought over.", "then": "submit"}
    response = client.post(f"/reviews/{draft.pk}/save", {"seen": draft.version, **sent})
    assert response.status_code == 422
    page = said(response)
    assert "Your words are saved." in page
    assert "A review needs at least one piece of evidence." in page
    draft.refresh_from_db()
    assert (draft.status, draft.rationale) == ("draft", "Long thought over.")
    assert f'name="seen" value="{draft.version}" id="save-' in page  # the next save does not conflict with this one
    assert client.post(f"/reviews/{draft.pk}/save", {"seen": draft.version, **TYPED}).status_code == 302


def test_who_saves_second_sees_every_field_that_differs_and_loses_no_word(draft, bob, grace):
    seen = draft.version
    reviews.save(draft, by=grace, seen=seen, **{**SAID, "rationale": "Hers.\nThey came first.", "rating": 4})
    client = window(bob)
    sent = {**TYPED, "rationale": "His.\r\n\r\nThey came second.", "speaker": "Somebody else"}
    response = client.post(f"/reviews/{draft.pk}/save", {"seen": seen, **sent})
    assert response.status_code == 409
    page = said(response)
    for words in ("Hers.\nThey came first.", "His.\n\nThey came second.", "Ada Lind", "Somebody else",
                  "Verified · 4 Mostly true", "Verified · 5 True"):  # fmt: skip
        assert words in page
    titles = [title for title in ("Rationale", "Who says so", "Finding", "As of") if f"<h3>{title}</h3>" in page]
    assert titles == ["Rationale", "Who says so", "Finding"]
    draft.refresh_from_db()
    assert draft.rationale == "Hers.\nThey came first."
    assert f'name="seen" value="{draft.version}"' in page
    client.post(f"/reviews/{draft.pk}/save", {"seen": draft.version, **sent})
    draft.refresh_from_db()
    assert (draft.rationale, draft.speaker) == ("His.\n\nThey came second.", "Somebody else")
    assert set(draft.written_by) == {bob.pk, grace.pk}


def test_words_for_a_review_that_was_handed_over_meanwhile_are_kept_on_the_page(submitted, bob):
    sent = {"seen": submitted.version, **TYPED, "rationale": "Long thought over."}
    response = window(bob).post(f"/reviews/{submitted.pk}/save", sent)
    assert response.status_code == 422
    assert "only while it is a draft" in said(response)
    assert "Long thought over." in said(response)


def test_a_save_that_saw_no_version_is_a_conflict(draft, bob):
    assert window(bob).post(f"/reviews/{draft.pk}/save", TYPED).status_code == 409


def test_a_draft_is_abandoned(draft, bob):
    response = window(bob).post(f"/reviews/{draft.pk}/abandon", {"seen": draft.version})
    assert response.url == f"/claims/{draft.claim_id}/"
    draft.refresh_from_db()
    assert draft.status == "abandoned"


# --- handing over and taking back -----------------------------------------------------------------------------------


def test_a_draft_is_submitted_from_its_page_and_withdrawn_again(written, bob):
    client = window(bob)
    assert f'action="/reviews/{written.pk}/submit"' in said(client.get(f"/reviews/{written.pk}/"))
    assert client.post(f"/reviews/{written.pk}/submit", {"seen": written.version}).url == f"/reviews/{written.pk}/"
    written.refresh_from_db()
    assert written.status == "submitted"
    response = client.post(f"/reviews/{written.pk}/withdraw", {"seen": written.version})
    assert response.url == f"/claims/{written.claim_id}/#review"
    written.refresh_from_db()
    assert written.status == "draft"


def test_an_incomplete_draft_is_not_submitted(draft, bob):
    response = window(bob).post(f"/reviews/{draft.pk}/submit", {"seen": draft.version})
    assert response.status_code == 422
    assert 'role="alert"' in said(response)


# --- the second person -----------------------------------------------------------------------------------------------


def test_what_waits_is_listed_by_what_it_waits_for(submitted, carol, bob):
    page = said(window(carol).get("/reviews/"))
    assert submitted.statement in page
    assert "Verified · 5 True" in page
    assert "No approved review waits." in page
    assert "You wrote part of it" in said(window(bob).get("/reviews/"))
    reviews.approve(submitted, by=carol, seen=submitted.version)
    page = said(window(carol).get("/reviews/"))
    assert "No review waits for approval." in page
    assert "Approved by" in page


def test_the_second_person_sees_every_field_and_every_piece(submitted, carol, bob):
    factories.source()
    page = said(window(carol).get(f"/reviews/{submitted.pk}/"))
    for words in (
        submitted.statement, submitted.rationale, "Ada Lind", "Verified · 5 True", "24 November 2026", "Bob",
        f"version {submitted.version}", "Minutes", "https://example.org/minutes", "2024-05", "Pasted, not fetched",
        submitted.evidence.get().snapshot.sha256, submitted.claim.anchors.get().exact, "Found by a person.",
    ):  # fmt: skip
        assert words in page, words


def test_the_editor_approves_the_version_that_she_read(submitted, carol):
    client = window(carol)
    page = said(client.get(f"/reviews/{submitted.pk}/"))
    assert f'action="/reviews/{submitted.pk}/approve"' in page
    stale = client.post(f"/reviews/{submitted.pk}/approve", {"seen": submitted.version - 1})
    assert stale.status_code == 409
    assert "/approve" not in said(stale)  # nothing is approved unread
    assert f'href="/reviews/{submitted.pk}/"' in said(stale)
    client.post(f"/reviews/{submitted.pk}/approve", {"seen": submitted.version})
    submitted.refresh_from_db()
    assert (submitted.status, submitted.approver) == ("approved", carol)


def test_a_writer_is_told_why_she_cannot_approve_and_is_refused(written, bob, carol):
    reviews.save(written, by=carol, seen=written.version, **{**SAID, "rationale": "One word more."})
    reviews.submit(written, by=bob, seen=written.version)
    client = window(carol)
    page = said(client.get(f"/reviews/{written.pk}/"))
    assert SENTENCE in page
    assert "/approve" not in page
    response = client.post(f"/reviews/{written.pk}/approve", {"seen": written.version})
    assert response.status_code == 422
    assert SENTENCE in said(response)
    written.refresh_from_db()
    assert written.approver is None


def test_a_checker_is_told_that_an_editor_signs_and_is_refused(submitted, grace):
    client = window(grace)
    page = said(client.get(f"/reviews/{submitted.pk}/"))
    assert "An editor who wrote no part of it has to approve it." in page
    assert "/approve" not in page
    response = client.post(f"/reviews/{submitted.pk}/approve", {"seen": submitted.version})
    assert response.status_code == 403
    assert "may not approve a review" in said(response)


def test_changes_are_requested_with_a_reason_that_the_writer_reads(submitted, bob, carol):
    client = window(carol)
    address = f"/reviews/{submitted.pk}/request-changes"
    refused = client.post(address, {"seen": submitted.version, "reason": " "})
    assert refused.status_code == 422
    assert "The reason must not be empty." in said(refused)
    assert client.post(address, {"seen": submitted.version, "reason": "Which minutes?"}).status_code == 302
    assert "Which minutes?" in said(window(bob).get(f"/claims/{submitted.claim_id}/"))


def test_an_approved_review_offers_publishing_and_no_second_approval(approved, carol):
    page = said(window(carol).get(f"/reviews/{approved.pk}/"))
    assert f'action="/reviews/{approved.pk}/publish"' in page
    assert "/approve" not in page


def test_an_edit_takes_the_approval_away(approved, bob):
    client = window(bob)
    client.post(f"/reviews/{approved.pk}/withdraw", {"seen": approved.version})
    approved.refresh_from_db()
    client.post(f"/reviews/{approved.pk}/save", {"seen": approved.version, **TYPED})
    approved.refresh_from_db()
    assert (approved.status, approved.approver) == ("draft", None)


def test_an_unnamed_desk_publishes_nothing(approved, carol):
    response = window(carol).post(f"/reviews/{approved.pk}/publish", {"seen": approved.version})
    assert response.status_code == 422
    assert "The desk has no name yet" in said(response)


def test_an_approved_review_is_published_and_retracted_by_the_editor(approved, bob, carol, desk):
    client = window(carol)
    assert window(bob).post(f"/reviews/{approved.pk}/publish", {"seen": approved.version}).status_code == 403
    response = client.post(f"/reviews/{approved.pk}/publish", {"seen": approved.version})
    approved.refresh_from_db()
    assert response.url == f"/fact-checks/{approved.publication.slug}/"
    refused = client.post(f"/reviews/{approved.pk}/retract", {"seen": approved.version, "reason": ""})
    assert refused.status_code == 422
    response = client.post(f"/reviews/{approved.pk}/retract", {"seen": approved.version, "reason": "Of another year."})
    assert "Of another year." in said(client.get(response.url))
    assert "Of another year." in said(client.get(f"/reviews/{approved.pk}/"))


def test_more_waiting_reviews_cost_no_more_queries(bob, carol, desk):
    client = window(carol)

    def add():
        factories.reviewed_until("approved", bob, carol)
        factories.reviewed_until("submitted", factories.person("Writer"), carol)
        review = factories.reviewed_until("approved", bob, carol)
        publications.publish(review, by=carol, seen=review.version)

    add()
    few = queries(client, "/reviews/"), queries(client, "/fact-checks/"), queries(window(), "/")
    for _ in range(3):
        add()
    assert (queries(client, "/reviews/"), queries(client, "/fact-checks/"), queries(window(), "/")) == few


def test_what_is_read_before_approval_has_the_names_that_the_frozen_page_has(submitted, carol, desk):
    from factcheck.web.evidence import printed

    rows = [printed(row) for row in submitted.evidence.all()]
    reviews.approve(submitted, by=carol, seen=submitted.version, compared=True)
    frozen = publications.publish(submitted, by=carol, seen=submitted.version).content["evidence"]
    assert [{name: row[name] for name in frozen[0]} for row in rows] == frozen
    assert set(rows[0]) - set(frozen[0]) == {"pk", "writer"}
    assert evidence.Evidence.objects.count() == ClaimReview.objects.count() == 1


def test_what_somebody_typed_who_may_not_any_more_is_shown_again(draft, bob):
    type(bob).objects.filter(pk=bob.pk).update(role="auditor")
    page = window(bob).post(f"/reviews/{draft.pk}/save", {"rationale": "A day's work.", "seen": draft.version})
    assert page.status_code == 403
    assert "A day's work." in said(page)


def test_a_rationale_is_shown_before_it_is_saved(draft, bob):
    client, address = window(bob), f"/reviews/{draft.pk}/preview"
    form = client.get(f"/claims/{draft.claim_id}/").content.decode()
    assert f'formaction="{address}" formtarget="_blank" formnovalidate>' in form
    page = client.post(address, {"rationale": "It *was*.\r\n\r\n> So."}).content.decode()
    assert '<p dir="auto">It <em>was</em>.</p>' in page
    assert "<blockquote" in page
    assert "Nothing is written yet." in said(client.post(address, {"rationale": " "}))
    long = client.post(address, {"rationale": "x" * 100_001, "statement": "Kept."})
    assert long.status_code == 422
    assert "100,000" in said(long)
    assert "Kept." in said(long)
    draft.refresh_from_db()
    assert draft.rationale == ""
