"""People's answers to what the gate doubts: in a draft by its writers, about pasted words by a second person."""

from collections.abc import Iterable
from datetime import date

from factcheck.exceptions import BadInput, InvalidTransition
from factcheck.models import AuditEntry, ClaimReview, GateAnswer, Reply, User
from factcheck.permissions import require
from factcheck.workflow import gate, reviews
from factcheck.workflow.transitions import chain_of, change, still
from factcheck.workflow.words import words


def answer(review: ClaimReview, *, by: User, seen: int, key: str, choice: str, reason: str = "") -> GateAnswer:
    """answer_all() for one doubt."""
    return answer_all(review, by=by, seen=seen, keys=[key], choice=choice, reason=reason)[0]


def answer_all(
    review: ClaimReview, *, by: User, seen: int, keys: Iterable[str], choice: str, reason: str = ""
) -> list[GateAnswer]:
    """Settle doubts, all in one act and with one answer. keys: of the gate's findings, each of which names exactly what
    is judged; seen: the review's version.

    Raises BadInput when one is not there (any more), is answered otherwise, or needs a reason; NotAllowed, Conflict,
    InvalidTransition, Refused.
    """
    doubted = {each.key: each for each in gate.findings(review) if each.key}
    keys = list(dict.fromkeys(keys))
    if not keys:
        raise BadInput("Say what you answer: nothing is chosen.")
    if not all(key in doubted for key in keys):
        raise BadInput("What you answer is not doubted any more: the review has changed. Read it again.")
    of = [doubted[key] for key in keys]
    second = any(each.doubt == GateAnswer.Doubt.PASTED for each in of)
    require(by, "approve a review" if second else "write a review", review)
    if not all(choice in each.choices for each in of):
        raise BadInput("Choose one of the answers that are offered.")
    needed = any(each.doubt in GateAnswer.WITH_REASON for each in of)
    reason = words("reason", reason, needed=needed)
    with change(review.article_key) as act:
        if second:
            still(review, seen)
            if review.status not in (ClaimReview.Status.SUBMITTED, ClaimReview.Status.APPROVED):
                raise InvalidTransition("Pasted words are compared once the review was handed over.")
        else:
            reviews.touch(review, by=by, seen=seen)
        given = [gate.record(review, each, by=by, act=act, choice=choice, reason=reason) for each in of]
    review.refresh_from_db()
    return given


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
