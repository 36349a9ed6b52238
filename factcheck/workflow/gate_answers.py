"""People's answers to what the gate doubts: in a draft by its writers, about pasted words by a second person."""

from datetime import date

from factcheck.exceptions import BadInput, Conflict, InvalidTransition
from factcheck.models import AuditEntry, ClaimReview, GateAnswer, Reply, User
from factcheck.permissions import require
from factcheck.workflow import gate, reviews
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import words


def answer(review: ClaimReview, *, by: User, seen: int, key: str, choice: str, reason: str = "") -> GateAnswer:
    """Settle one doubt. key: of the gate's finding, which names exactly what is judged; seen: the review's version.

    Raises BadInput when the doubt is not there (any more), is answered otherwise, or needs a reason; NotAllowed,
    Conflict, InvalidTransition, Refused.
    """
    of = next((each for each in gate.findings(review) if each.key and each.key == key), None)
    if of is None:
        raise BadInput("What you answer is not doubted any more: the review has changed. Read it again.")
    second = of.doubt == GateAnswer.Doubt.PASTED
    require(by, "approve a review" if second else "write a review", review)
    if choice not in of.choices:
        raise BadInput("Choose one of the answers that are offered.")
    needed = of.doubt in GateAnswer.WITH_REASON
    reason = words("reason", reason, needed=needed)
    with change(review.article_key) as act:
        if second:
            _handed_over(review, seen)
        else:
            reviews.touch(review, by=by, seen=seen)
        given = gate.record(review, of, by=by, act=act, choice=choice, reason=reason)
    review.refresh_from_db()
    return given


def _handed_over(review: ClaimReview, seen: int) -> None:
    review.refresh_from_db()
    if review.version != seen:
        raise Conflict(f"Review {review.pk} was changed by somebody else in the meantime. Nothing was saved.")
    if review.status not in (ClaimReview.Status.SUBMITTED, ClaimReview.Status.APPROVED):
        raise InvalidTransition("Pasted words are compared once the review was handed over.")


def look_again_on(review: ClaimReview, *, by: User, seen: int, day: date | None) -> ClaimReview:
    """When the published fact-check is to be looked at again; None: never. Printed with it. seen: the review's version.

    Raises BadInput for a day that is over; NotAllowed, Conflict, InvalidTransition.
    """
    require(by, "write a review", review)
    if day is not None and day <= Reply.today():
        raise BadInput("The day to look at it again lies in the future.")
    with change(review.article_key) as act:
        old, new = (each.isoformat() if each else None for each in (review.review_again, day))
        reviews.touch(review, by=by, seen=seen, review_again=day)
        AuditEntry.record(
            review,
            "claimreview.review_again",
            by=by,
            act=act,
            chain=chain_of(review.article_key),
            old=old,
            new=new,
        )
    review.refresh_from_db()
    return review
