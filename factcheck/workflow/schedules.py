"""Publishing at a set hour: an approved review says when, a task of the schedule publishes it then by the same verb as
a person would, in the name of who set the hour.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from factcheck.exceptions import BadInput, InvalidTransition
from factcheck.models import WHENEVER, AuditEntry, ClaimReview, User
from factcheck.permissions import require
from factcheck.workflow import jobs, notices, publications
from factcheck.workflow.transitions import chain_of, change, write

log = logging.getLogger(__name__)


def set_hour(review: ClaimReview, *, by: User, seen: int, publish_at: datetime | None) -> ClaimReview:
    """publish_at: a moment to come, with its zone; None: it waits for a person again. An hour ends with the approval.

    Raises NotAllowed, BadInput, Conflict, InvalidTransition.
    """
    require(by, "publish a review", review)
    if publish_at is not None and (publish_at.tzinfo is None or not timezone.now() < publish_at < WHENEVER):
        raise BadInput("The hour at which it goes out is a day and a time to come, in a time zone.")
    if review.version == seen and review.status != ClaimReview.Status.APPROVED:
        raise InvalidTransition(f"Review {review.pk} is {review.status}: only an approved review goes out at an hour.")
    _write(review, by=by, seen=seen, publish_at=publish_at)
    review.refresh_from_db()
    return review


def _write(review: ClaimReview, *, by: User | None, seen: int, publish_at: datetime | None, why: str = "") -> None:
    """why: in words, when the hour passed and it could not be published."""
    written: dict[str, Any] = {"publish_at": publish_at, "scheduled_by": by if publish_at else None}
    with change(review.article_key) as act:
        write(review, seen=seen, status=ClaimReview.Status.APPROVED, **written)
        old, new = (each.isoformat() if each else None for each in (review.publish_at, publish_at))
        AuditEntry.record(
            review,
            "claimreview.not_published" if why else "claimreview.scheduled",
            by=by,
            act=act,
            chain=chain_of(review.article_key),
            old=old,
            new=new,
            text=why,
        )


def publish_due() -> int:
    """Publish what is to go out by now; returns how many did. Harmless twice, and side by side: each is looked at again
    behind the lock of its article. One that cannot be published stays approved without an hour, and editors are told.

    None keeps the others from going out, whatever its error. One of which even that could not be written is tried
    again at each look; readiness (web/health.py) says how long it has been due.
    """
    published = 0
    for review in ClaimReview.objects.due().select_related("claim"):
        try:
            published += _publish(review)
        except Exception as error:
            log.warning("review %s could not be published at its hour", review.pk, exc_info=True)
            if isinstance(error.__cause__ or error, OperationalError):
                continue  # the next look comes soon
            try:
                _call_off(review, jobs.sentence(error))
            except Exception:
                log.exception("that review %s was not published could not be written down", review.pk)
    return published


def _publish(review: ClaimReview) -> bool:
    with change(review.article_key):
        now = ClaimReview.objects.due().filter(pk=review.pk).select_related("claim", "scheduled_by").first()
        if now is None or now.scheduled_by is None:  # published, withdrawn or put off in the meantime
            return False
        publications.publish(now, by=now.scheduled_by, seen=now.version)
    return True


def _call_off(review: ClaimReview, why: str) -> None:
    with change(review.article_key):
        now = ClaimReview.objects.due().filter(pk=review.pk).select_related("claim").first()
        if now is not None:
            _write(now, by=None, seen=now.version, publish_at=None, why=why)
            event = f"review-{now.pk}-not-published-{now.version}"
            notices.tell(notices.editors(), notices.Kind.NOT_PUBLISHED, now.claim, event, by=None)
