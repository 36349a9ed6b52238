"""A review from its first word to the public page and back: each verb works, and refuses who and what it must."""

from datetime import date

import pytest

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed, Refused
from factcheck.models import AuditEntry, AuditText, ClaimReview, Desk, Evidence, Job, Publication, Source, Suggestion
from factcheck.workflow import claims, evidence, publications, reviews
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SAID = {
    "statement": "The bridge cost 12 million euros.",
    "speaker": "Ada Lind",
    "verdict": "verified",
    "rating": 5,
    "rationale": "The council's minutes give the sum.",
    "as_of": date(2026, 11, 24),
}


@pytest.fixture
def claim(db):
    claim = factories.claim()
    factories.anchor(claim)
    return claim


@pytest.fixture
def draft(claim, bob):
    return reviews.begin(claim, by=bob, seen=claim.version)


@pytest.fixture
def written(draft, bob):
    """A draft that could be submitted."""
    evidence.add_document(
        draft,
        by=bob,
        seen=draft.version,
        stance="supports",
        title="Minutes",
        url="https://example.org/minutes",
        exact="The bridge cost 12 million euros.",
        published="2024-05",
    )
    factories.nobody_asked(draft, bob)
    return reviews.save(draft, by=bob, seen=draft.version, **SAID)


@pytest.fixture
def approved(written, bob, carol, desk):
    reviews.submit(written, by=bob, seen=written.version)
    return reviews.approve(written, by=carol, seen=written.version, compared=True)


@pytest.fixture
def desk(db):
    return factories.desk()


def test_beginning_copies_the_claim_and_puts_it_in_review(claim, bob):
    review = reviews.begin(claim, by=bob, seen=claim.version)
    claim.refresh_from_db()
    assert (review.statement, review.status, review.written_by) == (claim.statement, "draft", [bob.pk])
    assert claim.status == "in_review"
    acts = set(
        AuditEntry.objects.filter(verb__in=["claim.in_review", "claimreview.begun"]).values_list("act", flat=True)
    )
    assert len(acts) == 1


def test_a_second_review_is_not_begun_beside_an_open_one(draft, claim, carol):
    claim.refresh_from_db()
    with pytest.raises((Refused, InvalidTransition)):
        reviews.begin(claim, by=carol, seen=claim.version)


@pytest.mark.parametrize("outsider", ["alice", "dave"])
def test_who_may_not_write_writes_nothing(claim, outsider, request):
    with pytest.raises(NotAllowed):
        reviews.begin(claim, by=request.getfixturevalue(outsider), seen=claim.version)


def test_saving_a_stale_version_loses_and_changes_nothing(draft, bob, carol):
    stale = ClaimReview.objects.get(pk=draft.pk)
    reviews.save(draft, by=carol, seen=draft.version, **{**SAID, "rationale": "Carol's words."})
    with pytest.raises(Conflict):
        reviews.save(stale, by=bob, seen=stale.version, **{**SAID, "rationale": "Bob's words."})
    draft.refresh_from_db()
    assert draft.rationale == "Carol's words."


def test_whoever_writes_a_part_is_a_writer_for_good(draft, carol, bob):
    reviews.save(draft, by=carol, seen=draft.version, **SAID)
    assert draft.written_by == [bob.pk, carol.pk]


def test_a_rating_that_contradicts_the_verdict_is_refused_in_words(draft, bob):
    with pytest.raises(Refused, match="Ratings 4 and 5 go with verified"):
        reviews.save(draft, by=bob, seen=draft.version, **{**SAID, "verdict": "disputed"})


@pytest.mark.parametrize("missing", [{"verdict": "", "rating": None}, {"rationale": " "}, {"as_of": None}])
def test_an_incomplete_review_is_not_submitted(written, bob, missing):
    reviews.save(written, by=bob, seen=written.version, **{**SAID, **missing})
    with pytest.raises(Refused, match="verdict, a rationale and a date"):
        reviews.submit(written, by=bob, seen=written.version)


def test_a_review_without_evidence_is_not_submitted(draft, bob):
    reviews.save(draft, by=bob, seen=draft.version, **SAID)
    with pytest.raises(Refused, match="at least one piece of evidence"):
        reviews.submit(draft, by=bob, seen=draft.version)


def test_the_second_person_approves_exactly_what_she_read(written, bob, carol):
    reviews.submit(written, by=bob, seen=written.version)
    with pytest.raises(Conflict):
        reviews.approve(written, by=carol, seen=written.version - 1)
    assert reviews.approve(written, by=carol, seen=written.version).approver == carol


def test_an_editor_who_changed_one_word_cannot_approve(written, bob, carol):
    reviews.save(written, by=carol, seen=written.version, **{**SAID, "rationale": SAID["rationale"] + "!"})
    reviews.submit(written, by=bob, seen=written.version)
    with pytest.raises(Refused) as refused:
        reviews.approve(written, by=carol, seen=written.version)
    assert refused.value.rule == "four_eyes"
    assert str(refused.value) == "Who wrote any part of a review cannot approve it."


def test_an_editor_who_only_turned_a_stance_cannot_approve(written, bob, carol):
    evidence.set_stance(written.evidence.get(), by=carol, seen=written.version, stance="context")
    written.refresh_from_db()
    reviews.submit(written, by=bob, seen=written.version)
    with pytest.raises(Refused, match="cannot approve"):
        reviews.approve(written, by=carol, seen=written.version)


def test_a_checker_does_not_sign(written, bob):
    reviews.submit(written, by=bob, seen=written.version)
    with pytest.raises(NotAllowed):
        reviews.approve(written, by=factories.person("Grace"), seen=written.version)


def test_withdrawing_takes_the_approval_away(approved, bob):
    reviews.withdraw(approved, by=bob, seen=approved.version)
    assert (approved.status, approved.approver) == ("draft", None)


def test_what_was_submitted_is_not_edited_until_it_is_withdrawn(approved, bob):
    with pytest.raises(InvalidTransition, match="only while it is a draft"):
        reviews.save(approved, by=bob, seen=approved.version, **SAID)


def test_changes_are_requested_with_a_reason_that_the_writer_reads(approved, carol):
    with pytest.raises(BadInput, match="The reason must not be empty"):
        reviews.request_changes(approved, by=carol, seen=approved.version, reason="  ")
    reviews.request_changes(approved, by=carol, seen=approved.version, reason="Which minutes?")
    assert approved.status == "draft"
    assert reviews.last_changes_requested(approved) == "Which minutes?"


def test_an_abandoned_draft_frees_its_claim_and_its_suggestions(claim, bob):
    suggestion = factories.suggestion(claim)
    piece = evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports")
    reviews.abandon(piece.review, by=bob, seen=piece.review.version)
    claim.refresh_from_db()
    suggestion.refresh_from_db()
    assert (claim.status, suggestion.status, suggestion.decided_by) == ("detected", "pending", None)
    assert ClaimReview.objects.get().status == "abandoned"


def test_accepting_a_suggestion_begins_the_draft(claim, bob):
    suggestion = factories.suggestion(claim)
    piece = evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="refutes")
    assert (piece.stance, piece.exact, piece.snapshot.origin) == ("refutes", suggestion.passage.text, "pasted")
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.decided_by) == ("accepted", bob)


def test_a_summary_is_never_quoted(claim, bob):
    passage = factories.source().passages.get()
    type(passage).objects.filter(pk=passage.pk).update(wording="summary")
    passage.refresh_from_db()
    suggestion = factories.suggestion(claim, passage)
    with pytest.raises(BadInput, match="The exact words must not be empty"):
        evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports")
    piece = evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports", exact="It cost 12 million.")
    assert (piece.exact, piece.snapshot.text) == ("It cost 12 million.", "It cost 12 million.")


def test_words_that_do_not_stand_in_the_passage_are_refused(claim, bob):
    suggestion = factories.suggestion(claim)
    with pytest.raises(BadInput, match="do not stand in the passage"):
        evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports", exact="It cost 13 million.")


def test_a_dismissal_needs_a_reason_and_can_be_undone(claim, bob):
    suggestion = factories.suggestion(claim)
    with pytest.raises(BadInput):
        evidence.dismiss(suggestion, by=bob, seen=suggestion.version, reason="")
    evidence.dismiss(suggestion, by=bob, seen=suggestion.version, reason="Another bridge.")
    evidence.undo(suggestion, by=bob, seen=suggestion.version)
    assert (suggestion.status, suggestion.decided_by) == ("pending", None)


def test_undoing_an_acceptance_takes_its_evidence_out(claim, bob):
    suggestion = factories.suggestion(claim)
    evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports")
    suggestion.refresh_from_db()
    evidence.undo(suggestion, by=bob, seen=suggestion.version)
    assert not Evidence.objects.exists()
    assert suggestion.status == "pending"


def test_removing_evidence_makes_its_suggestion_pending(claim, bob):
    suggestion = factories.suggestion(claim)
    piece = evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports")
    evidence.remove(piece, by=bob, seen=piece.review.version)
    suggestion.refresh_from_db()
    assert suggestion.status == "pending"


def test_a_person_and_a_search_are_evidence_too(draft, bob):
    evidence.add_person(draft, by=bob, seen=draft.version, stance="refutes", public_wording="An engineer of the city")
    evidence.add_search(
        draft,
        by=bob,
        seen=draft.version,
        searched_for="tender 2024",
        searched_where="the city's archive",
        searched_on=date(2026, 11, 24),
    )
    assert [piece.stance for piece in draft.evidence.order_by("pk")] == ["refutes", "context"]


@pytest.mark.parametrize("url", ["", "minutes", "ftp://example.org/x", "https://", "http://a b", "javascript:alert(1)"])
def test_a_link_that_is_none_is_refused(draft, bob, url):
    with pytest.raises(BadInput, match="link"):
        evidence.add_document(draft, by=bob, seen=draft.version, stance="supports", title="x", url=url, exact="y")


def test_a_published_review_freezes_its_page_and_says_it_in_markup(approved, carol, bob, desk):
    publication = publications.publish(approved, by=carol, seen=approved.version)
    approved.refresh_from_db()
    approved.claim.refresh_from_db()
    assert (approved.status, approved.claim.status) == ("published", "reviewed")
    content, markup = publication.content, publication.jsonld
    assert content["written_by"] == ["Bob"]
    assert content["approved_by"] == "Carol"
    assert content["evidence"][0]["origin"] == "pasted"
    assert markup["claimReviewed"] == content["statement"] == SAID["statement"]
    assert markup["reviewRating"] == {
        "@type": "Rating", "alternateName": "True", "ratingValue": 5, "bestRating": 5, "worstRating": 1,
    }  # fmt: skip
    assert markup["url"].endswith(f"/fact-checks/{publication.slug}/")


def test_a_source_that_nobody_read_says_so_also_in_public(claim, bob, carol, desk):
    suggestion = factories.suggestion(claim)
    Source.objects.update(seen="memory")
    piece = evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports")
    factories.nobody_asked(piece.review, bob)
    review = reviews.save(piece.review, by=bob, seen=piece.review.version, **SAID)
    reviews.submit(review, by=bob, seen=review.version)
    reviews.approve(review, by=carol, seen=review.version, compared=True)
    content = publications.publish(review, by=carol, seen=review.version).content
    assert content["evidence"][0]["seen"] == "Not read: from memory, to be confirmed"


def test_an_unverifiable_claim_has_words_and_no_number(written, bob, carol, desk):
    reviews.save(written, by=bob, seen=written.version, **{**SAID, "verdict": "unverifiable", "rating": None})
    reviews.submit(written, by=bob, seen=written.version)
    reviews.approve(written, by=carol, seen=written.version, compared=True)
    markup = publications.publish(written, by=carol, seen=written.version).jsonld
    assert markup["reviewRating"] == {"@type": "Rating", "alternateName": "Unverifiable"}


def test_nothing_is_published_before_its_approval(written, carol, desk):
    with pytest.raises(InvalidTransition):
        publications.publish(written, by=carol, seen=written.version)
    assert not Publication.objects.exists()


def test_a_retraction_is_public_with_its_reason_and_the_address_stays(approved, carol, desk):
    published = publications.publish(approved, by=carol, seen=approved.version)
    with pytest.raises(BadInput):
        publications.retract(approved, by=carol, seen=ClaimReview.objects.get().version, reason=" ")
    approved.refresh_from_db()
    publication = publications.retract(approved, by=carol, seen=approved.version, reason="The minutes were of 2023.")
    approved.claim.refresh_from_db()
    assert (publication.slug, publication.retraction_reason) == (published.slug, "The minutes were of 2023.")
    assert (publication.frozen, approved.status, approved.claim.status) == (published.frozen, "retracted", "detected")


def test_a_correction_takes_the_whole_path_and_supersedes_at_the_same_address(approved, bob, carol, desk):
    first = publications.publish(approved, by=carol, seen=approved.version)
    claim = approved.claim
    claim.refresh_from_db()
    again = reviews.begin(claim, by=bob, seen=claim.version)
    evidence.add_person(again, by=bob, seen=again.version, stance="refutes", public_wording="The treasurer")
    factories.nobody_asked(again, bob)
    changed = {"change_kind": "correction", "change_note": "The minutes were misread."}
    reviews.save(again, by=bob, seen=again.version, **{**SAID, "verdict": "disputed", "rating": 2}, **changed)
    reviews.submit(again, by=bob, seen=again.version)
    reviews.approve(again, by=carol, seen=again.version, compared=True)
    second = publications.publish(again, by=carol, seen=again.version)
    assert (second.slug, second.number) == (first.slug, 2)
    approved.refresh_from_db()
    assert approved.status == "superseded"


def test_a_correction_that_is_abandoned_leaves_the_first_one_standing(approved, bob, carol, desk):
    publications.publish(approved, by=carol, seen=approved.version)
    claim = approved.claim
    claim.refresh_from_db()
    again = reviews.begin(claim, by=bob, seen=claim.version)
    reviews.abandon(again, by=bob, seen=again.version)
    claim.refresh_from_db()
    assert claim.status == "reviewed"


def test_a_statement_is_edited_before_the_review_and_sources_are_looked_for_again(claim, bob):
    claims.edit_statement(claim, by=bob, seen=claim.version, statement="The harbour bridge cost 12 million euros.")
    assert claim.embedding is None
    assert Job.objects.get(kind=Job.Kind.SUGGEST).target == claim.article.current.pk
    with pytest.raises(Conflict):
        claims.edit_statement(claim, by=bob, seen=claim.version - 1, statement="Other words.")


def test_a_machine_never_decides_a_suggestion(claim):
    suggestion = factories.suggestion(claim)
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=suggestion.pk).update(status="accepted")


def test_who_put_the_claim_into_words_has_written_a_part(claim, bob, carol):
    claims.edit_statement(claim, by=carol, seen=claim.version, statement="The harbour bridge cost 12 million euros.")
    review = reviews.begin(claim, by=bob, seen=claim.version)
    assert set(review.written_by) == {bob.pk, carol.pk}
    evidence.add_person(review, by=bob, seen=review.version, stance="supports", public_wording="The treasurer")
    reviews.save(review, by=bob, seen=review.version, **SAID)
    reviews.submit(review, by=bob, seen=review.version)
    with pytest.raises(Refused, match="cannot approve"):
        reviews.approve(review, by=carol, seen=review.version)


def test_a_source_that_was_retitled_after_the_signature_is_not_published_under_it(approved, carol, desk):
    Source.objects.update(title="Another title")
    with pytest.raises(Conflict, match="has changed since it was signed"):
        publications.publish(approved, by=carol, seen=approved.version)
    assert not Publication.objects.exists()


def test_a_label_that_was_changed_after_the_signature_is_not_published_under_it(approved, carol, desk):
    Desk.objects.update(rating_labels={**desk.rating_labels, "5": "Gospel"})
    with pytest.raises(Conflict, match="has changed since it was signed"):
        publications.publish(approved, by=carol, seen=approved.version)


def test_a_search_that_found_nothing_supports_and_refutes_nothing(draft, bob):
    piece = evidence.add_search(
        draft,
        by=bob,
        seen=draft.version,
        searched_for="tender",
        searched_where="the archive",
        searched_on=date(2026, 11, 24),
    )
    with pytest.raises(BadInput, match="an absence proves nothing"):
        evidence.set_stance(piece, by=bob, seen=draft.version, stance="refutes")


def test_what_is_taken_out_can_be_read_in_the_trail(draft, bob):
    piece = evidence.add_person(draft, by=bob, seen=draft.version, stance="supports", public_wording="The treasurer")
    evidence.remove(piece, by=bob, seen=draft.version)
    entry = AuditEntry.objects.get(verb="evidence.removed")
    assert "The treasurer" in AuditText.objects.get(entry_id=entry.pk).text
