"""The steps of the desk's method, and the answers to them for one review. Answers change only in a draft."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from factcheck.exceptions import BadInput
from factcheck.models import AuditEntry, ChecklistAnswer, ClaimReview, Desk, User
from factcheck.permissions import require
from factcheck.workflow import reviews
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import one_line

Answer = ChecklistAnswer.Answer


@dataclass(frozen=True)
class Step:
    """answer: "" while it is not answered. on_list: False for what was answered before the desk took it off its list;
    such an answer stays until the list is answered anew.
    """

    item: str
    answer: str
    reason: str
    on_list: bool = True


def steps(review: ClaimReview, desk: Desk) -> list[Step]:
    """The desk's list with the review's answers, and then what is not on it any more."""
    answers = {row.item: row for row in review.checklist.all()}
    asked = [(item, answers.pop(item, None)) for item in desk.checklist]
    on_list = [Step(item, row.answer if row else "", row.reason if row else "") for item, row in asked]
    return [*on_list, *(Step(row.item, row.answer, row.reason, on_list=False) for row in answers.values())]


def answer(review: ClaimReview, *, by: User, seen: int, answers: Iterable[tuple[str, str, str]]) -> ClaimReview:
    """Answer the desk's checklist. answers: (item, answer, reason) of each item that is answered; the others are open
    again. seen: the review's version.

    Raises NotAllowed, Conflict, InvalidTransition; BadInput for an item that is not on the list, an answer that is
    none, or one without its reason.
    """
    require(by, "write a review", review)
    given = _given(answers)
    with change(review.article_key) as act:
        reviews.touch(review, by=by, seen=seen)
        asked = (Desk.objects.first() or Desk(pk=1)).checklist
        if unknown := next((item for item in given if item not in asked), None):
            raise BadInput(f"“{unknown}” is not on the desk's checklist.")
        before = {row.item: row for row in review.checklist.all()}
        changed = {item: [_in_words(row.answer, row.reason), ""] for item, row in before.items() if item not in given}
        review.checklist.filter(item__in=changed).delete()
        for item, (said, reason) in given.items():
            row = before.get(item) or ChecklistAnswer(review=review, item=item)
            position = asked.index(item) + 1
            if (row.answer, row.reason) != (said, reason):
                changed[item] = [_in_words(row.answer, row.reason), _in_words(said, reason)]
                row.answer, row.reason, row.writer = said, reason, by
            elif row.position == position:
                continue
            row.position = position
            row.save()
        AuditEntry.record(
            review,
            "claimreview.answered",
            by=by,
            act=act,
            chain=chain_of(review.article_key),
            text=json.dumps(changed, ensure_ascii=False),
        )
    review.refresh_from_db()
    return review


def _given(answers: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    given: dict[str, tuple[str, str]] = {}
    for item, said, reason in answers:
        reason = one_line("reason", reason)
        if item in given:
            raise BadInput(f"“{item}” is answered twice.")
        if said not in Answer.values:
            raise BadInput(f"“{item}”: say whether it was done or does not apply.")
        if said == Answer.DOES_NOT_APPLY and not reason:
            raise BadInput(f"“{item}”: say why it does not apply.")
        given[item] = (said, reason)
    return given


def _in_words(said: str, reason: str) -> str:
    return ": ".join(filter(None, (said, reason)))
