"""Legal reading: marking a review as needing it, and clearing what was read."""

from django.db.models.functions import Now

from factcheck.exceptions import InvalidTransition
from factcheck.models import AuditEntry, ClaimReview, LegalReading, User
from factcheck.permissions import require
from factcheck.workflow.transitions import chain_of, change, still
from factcheck.workflow.words import words


def mark(review: ClaimReview, *, by: User, seen: int, reason: str) -> LegalReading:
    """Nothing of it is published from now on before somebody who wrote no part of it has read and cleared it.

    No part of what the review says: who marks it does not become one of its writers. Raises BadInput, NotAllowed,
    Conflict; InvalidTransition when it is marked already, or open no more.
    """
    require(by, "ask for a legal reading", review)
    reason = words("reason", reason, needed=True)
    with change(review.article_key) as act:
        still(review, seen)
        if review.status not in ClaimReview.OPEN:
            raise InvalidTransition(
                f"Review {review.pk} is {review.status}: only an open one waits for a legal reading."
            )
        if LegalReading.objects.standing().filter(review=review).exists():
            raise InvalidTransition("This review waits for its legal reading already.")
        cleared = {"note": "", "cleared_by": None, "cleared_at": None}
        reading, _new = LegalReading.objects.update_or_create(
            review=review, defaults={"reason": reason, "marked_by": by, "marked_at": Now(), **cleared}
        )
        chain = chain_of(review.article_key)
        AuditEntry.record(reading, "legalreading.marked", by=by, act=act, chain=chain, text=reason)
    reading.refresh_from_db()
    return reading


def clear(review: ClaimReview, *, by: User, seen: int, note: str) -> LegalReading:
    """It was read, in exactly this version, and may go out. Raises BadInput, NotAllowed, Conflict; Refused for any of
    its writers; InvalidTransition when nothing is to be cleared, or the review is a draft, which may still change.
    """
    require(by, "clear legally", review)
    note = words("note", note, needed=True)
    with change(review.article_key) as act:
        still(review, seen)
        if review.status == ClaimReview.Status.DRAFT:
            raise InvalidTransition("This is a draft, which may still change. It is cleared once it was handed over.")
        standing = LegalReading.objects.standing().filter(review=review)
        if not standing.update(note=note, cleared_by=by, cleared_at=Now()):
            raise InvalidTransition("This review waits for no legal reading.")
        reading = LegalReading.objects.get(review=review)
        chain, version = chain_of(review.article_key), f"version {review.version}"
        AuditEntry.record(reading, "legalreading.cleared", by=by, act=act, chain=chain, new=version, text=note)
    return reading
