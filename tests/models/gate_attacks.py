"""What somebody might try who wants a fact-check out before it is settled: attacks on the guards of replies, answers to
doubts and legal readings.
"""

from django.utils import timezone

from factcheck.models import GateAnswer, LegalReading, Reply
from tests import factories
from tests.models.asking import insertion, update
from tests.models.attacks import attack, moved, publishing, rekeyed, truncated

ADA = {"subject": "Ada Lind", "sha256": "0" * 64}

truncated("gate_answers_stay", "factcheck_gateanswer", otherwise=None)
truncated("legal_readings_stay", "factcheck_legalreading", otherwise=None)
rekeyed("replies_stay_with_their_review", lambda: reply_of("draft", factories.person("Eve"), None))


def reply_of(status: str, alice, bob) -> Reply:
    return factories.reviewed_until(status, alice, bob).replies.get()


for status in ("submitted", "approved", "published", "abandoned"):

    @attack("replies_change_in_draft_only")
    def a_reply_is_added(alice, bob, status=status):
        review = factories.reviewed_until(status, alice, bob)
        return [insertion(Reply(review=review, writer=alice, **factories.ASKED))]

    @attack("replies_change_in_draft_only")
    def a_reason_is_changed(alice, bob, status=status):
        return [update(reply_of(status, alice, bob), not_asked="Another reason.")]

    @attack("replies_change_in_draft_only")
    def a_reply_is_taken_away(alice, bob, status=status):
        return [("DELETE FROM factcheck_reply WHERE id = %s", reply_of(status, alice, bob).pk)]


@attack("replies_stay_with_their_review")
def an_answer_is_carried_to_another_draft(alice, bob):
    return [update(factories.reply(factories.draft(alice), alice, **factories.ASKED), review=factories.draft(bob))]


@attack("gate_answers_stay", right=False)
def an_answer_is_changed(alice, bob):
    answer = factories.gate_answer(factories.draft(alice), alice)
    return [update(answer, choice="noindex")]


@attack("gate_answers_stay", right=False)
def an_answer_is_deleted(alice, bob):
    answer = factories.gate_answer(factories.draft(alice), alice)
    return [("DELETE FROM factcheck_gateanswer WHERE id = %s", answer.pk)]


@attack("gate_answer_by_whom_it_concerns")
def a_doubt_is_answered_after_the_signature(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    return [insertion(GateAnswer(review=review, doubt="person", choice="noindex", by=bob, **ADA))]


@attack("gate_answer_by_whom_it_concerns")
def a_writer_compares_what_was_pasted(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    return [insertion(GateAnswer(review=review, doubt="pasted", choice="compared", by=alice, **ADA))]


@attack("gate_answer_by_whom_it_concerns")
def what_was_pasted_is_compared_in_a_draft(alice, bob):
    return [insertion(GateAnswer(review=factories.draft(alice), doubt="pasted", choice="compared", by=bob, **ADA))]


@attack("gate_answer_by_whom_it_concerns")
def who_keeps_away_answers_a_doubt(alice, bob):
    review = factories.draft(alice)
    factories.conflict(review.claim, bob)
    return [insertion(GateAnswer(review=review, doubt="person", choice="public", by=bob, **ADA))]


@attack("legal_reading_by_somebody_else")
def a_writer_clears_it(alice, bob):
    reading = factories.legal_reading(factories.reviewed_until("submitted", alice, bob), bob)
    return [update(reading, cleared_by=alice, cleared_at=timezone.now(), note="No risk.")]


@attack("legal_reading_by_somebody_else")
def a_draft_is_cleared(alice, bob):
    reading = factories.legal_reading(factories.complete(alice), alice)
    return [update(reading, cleared_by=bob, cleared_at=timezone.now(), note="No risk.")]


@attack("legal_reading_by_somebody_else")
def who_keeps_away_clears_it(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    reading = factories.legal_reading(review, alice)
    factories.conflict(review.claim, bob)
    return [update(reading, cleared_by=bob, cleared_at=timezone.now(), note="No risk.")]


@attack("legal_reading_by_somebody_else")
def what_is_public_is_marked(alice, bob):
    review = factories.published(alice, bob)
    return [insertion(LegalReading(review=review, reason="It names a company.", marked_by=alice))]


@attack("legal_readings_stay", right=False)
def a_mark_is_deleted(alice, bob):
    factories.legal_reading(factories.draft(alice), alice)
    return [("DELETE FROM factcheck_legalreading",)]


@attack("legal_readings_stay_with_their_review")
def a_mark_is_put_on_another_review(alice, bob):
    reading = factories.legal_reading(factories.draft(alice), alice)
    other = factories.draft(bob)
    return [("UPDATE factcheck_legalreading SET review_id = %s WHERE review_id = %s", other.pk, reading.pk)]


@attack("review_is_read_again_for_its_risk", corrected=True)
def a_clearing_outlives_the_version_that_was_read(alice, bob):
    review = factories.complete(alice)
    reading = factories.legal_reading(review, alice)
    return [
        update(review, status="submitted"),
        update(reading, cleared_by=bob, cleared_at=timezone.now(), note="No risk."),
        update(review, status="draft"),
        ("SELECT cleared_at IS NULL FROM public.factcheck_legalreading WHERE review_id = %s", review.pk),
    ]


@attack("review_after_its_legal_reading")
def it_is_marked_while_it_is_being_published(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    page, status = publishing(review, bob)
    mark = insertion(LegalReading(review=review, reason="It names a company.", marked_by=alice))
    return [page, mark, status, moved(review.claim, "reviewed")]


@attack("publication_after_its_legal_reading", otherwise="review_after_its_legal_reading")
def it_is_published_before_its_legal_reading(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    factories.legal_reading(review, alice)
    return [*publishing(review, bob), moved(review.claim, "reviewed")]
