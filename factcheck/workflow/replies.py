"""The right of reply: who is asked about what is said of them, and their answer. A part of the review, written in a
draft. An answer that comes later is written down after the review was taken back into a draft: what was signed without
it is signed again with it.
"""

from datetime import date
from typing import Any

from factcheck.exceptions import BadInput, InvalidTransition
from factcheck.models import AuditEntry, ClaimReview, Reply, User
from factcheck.permissions import require
from factcheck.workflow import reviews
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import short_name, words


def ask(
    review: ClaimReview,
    *,
    by: User,
    seen: int,
    name: str,
    role: str = "",
    channel: str,
    asked_on: date | None,
    deadline: date | None,
) -> Reply:
    """Write down that somebody was asked. Raises BadInput, NotAllowed, Conflict, InvalidTransition, Refused."""
    require(by, "write a review", review)
    if channel not in Reply.Channel.values:
        raise BadInput("Say how they were asked: by e-mail, by telephone, by letter, in person, or online.")
    if asked_on is None or deadline is None:
        raise BadInput("Say on which day they were asked, and until when they had time to answer.")
    _not_in_the_future("were asked", asked_on)
    if deadline < asked_on:
        raise BadInput("The deadline lies before the day on which they were asked.")
    if review.replies.exclude(not_asked="").exists():
        raise BadInput("The review says that nobody was asked. Take that out first.")
    said = {"name": short_name("name", name, needed=True), "role": short_name("role", role)}
    with change(review.article_key) as act:
        days = {"asked_on": asked_on, "deadline": deadline}
        reply = _add(review, by=by, seen=seen, **said, channel=channel, **days)
        _record(reply, "reply.asked", by, act, ", ".join(filter(None, said.values())))
    review.refresh_from_db()
    return reply


def none_asked(review: ClaimReview, *, by: User, seen: int, reason: str) -> Reply:
    """Write down why nobody was asked; the public reads it. Raises as ask()."""
    require(by, "write a review", review)
    reason = words("reason", reason, needed=True)
    if review.replies.exists():
        raise BadInput("The review says already who was asked, or why nobody was.")
    with change(review.article_key) as act:
        reply = _add(review, by=by, seen=seen, not_asked=reason)
        _record(reply, "reply.none_asked", by, act, reason)
    review.refresh_from_db()
    return reply


def answered(reply: Reply, *, by: User, seen: int, answer: str, answered_on: date | None) -> Reply:
    """Write down what came back, in their exact words. seen: the review's version. Raises as ask(); InvalidTransition
    says how, when the review is no draft any more.
    """
    require(by, "write a review", reply.review)
    answer = words("answer", answer, needed=True)
    if reply.not_asked:
        raise BadInput("Nobody was asked, so nobody answered. Write down who was asked first.")
    if answered_on is None or reply.asked_on is None or answered_on < reply.asked_on:
        raise BadInput("Say on which day they answered; it is not before the day on which they were asked.")
    _not_in_the_future("answered", answered_on)
    if reply.review.status in (ClaimReview.Status.SUBMITTED, ClaimReview.Status.APPROVED):
        raise InvalidTransition(
            "An answer came after the review was handed over: take the review back into a draft, write the answer down,"
            " and hand it over again."
        )
    with change(reply.review.article_key) as act:
        reviews.touch(reply.review, by=by, seen=seen)
        Reply.objects.filter(pk=reply.pk).update(answer=answer, answered_on=answered_on, writer=by)
        _record(reply, "reply.answered", by, act, answer)
    reply.refresh_from_db()
    return reply


def remove(reply: Reply, *, by: User, seen: int) -> None:
    """Take it out of the draft. seen: the review's version."""
    require(by, "write a review", reply.review)
    with change(reply.review.article_key) as act:
        reviews.touch(reply.review, by=by, seen=seen)
        _record(reply, "reply.removed", by, act, reply.answer or reply.name or reply.not_asked)
        Reply.objects.filter(pk=reply.pk).delete()


def _add(review: ClaimReview, *, by: User, seen: int, **fields: Any) -> Reply:
    reviews.touch(review, by=by, seen=seen)
    return Reply.objects.create(review=review, writer=by, **fields)


def _record(reply: Reply, verb: str, by: User, act: Any, text: str) -> None:
    AuditEntry.record(reply, verb, by=by, act=act, chain=chain_of(reply.review.article_key), text=text)


def _not_in_the_future(did: str, day: date) -> None:
    if day > Reply.today():
        raise BadInput(f"The day on which they {did} lies in the future.")
