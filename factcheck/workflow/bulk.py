"""One act on many claims: the same verb for each, what may not change is skipped and said, and all of it is undone
with one button.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from factcheck.exceptions import BadInput, DeskError
from factcheck.models import AuditEntry, Claim, User
from factcheck.permissions import may, require
from factcheck.workflow import assignments, marking
from factcheck.workflow.transitions import change

MOST = 200  # claims of one act

Verb = Callable[..., Claim]
"""Called with the claim, by, seen and act."""


@dataclass(frozen=True)
class Outcome:
    """What became of one act. skipped: (claim's key, why), in the order of the claims."""

    act: uuid.UUID
    done: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def together(chosen: Iterable[tuple[int, int]], verb: Verb, *, by: User, needs: str) -> Outcome:
    """Do `verb` to each of the chosen claims: (key, the version that was read). Each article's claims change together
    in one transaction, the articles in the order of their keys. needs: the verb of the permission table. Raises
    NotAllowed; BadInput when nothing, or too much, was chosen.
    """
    require(by, needs)
    seen = dict(chosen)
    if not seen:
        raise BadInput("Choose at least one claim.")
    if len(seen) > MOST:
        raise BadInput(f"At most {MOST} claims are changed at once; {len(seen)} are chosen.")
    return _each({pk: partial(verb, seen=version) for pk, version in seen.items()}, by=by)


def undo(act: uuid.UUID, *, by: User) -> Outcome:
    """Put back what a person changed by one act of together(). A claim about which the trail tells something since then
    is skipped. Raises NotAllowed; BadInput when the act was somebody else's, or nothing that is undone.
    """
    require(by, "plan the work")
    entries = list(_own([act], by).order_by("pk"))
    if not entries:
        raise BadInput("There is nothing of yours to undo here.")
    return _each({entry.subject_id: partial(_put_back, entry) for entry in entries}, by=by)


def undoable(acts: Iterable[uuid.UUID], *, by: User) -> set[uuid.UUID]:
    """Those of these acts of which undo() would put something back."""
    if not may(by, "plan the work"):
        return set()
    later = AuditEntry.objects.filter(subject="claim", subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk"))
    return set(_own(acts, by).exclude(Exists(later)).values_list("act", flat=True))


def _own(acts: Iterable[uuid.UUID], by: User) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.visible_to(by).filter(actor=by.pk, act__in=acts, subject="claim", verb__in=BACK)


def _each(verbs: dict[int, Callable[..., Claim]], *, by: User) -> Outcome:
    rows = Claim.objects.visible_to(by).filter(pk__in=verbs).defer("embedding").order_by("article", "pk")
    known = {claim.pk: claim for claim in rows}
    outcome = Outcome(uuid.uuid4())
    for pk in verbs.keys() - known.keys():
        outcome.skipped.append((pk, f"There is no claim {pk}."))
    for article, claims in groupby(known.values(), key=lambda claim: claim.article_id):
        of_article = list(claims)
        try:
            with change(article):
                part = _of_article(of_article, verbs, by=by, act=outcome.act)
        except DeskError as error:  # for the whole article, which is as it was: the others are done or still to do
            outcome.skipped.extend((claim.pk, str(error)) for claim in of_article)
        else:
            outcome.done.extend(part.done)
            outcome.skipped.extend(part.skipped)
    return outcome


def _of_article(
    claims: Iterable[Claim], verbs: dict[int, Callable[..., Claim]], *, by: User, act: uuid.UUID
) -> Outcome:
    outcome = Outcome(act)
    for claim in claims:
        try:
            before = claim.version
            changed = verbs[claim.pk](claim, by=by, act=act).version != before
        except DeskError as error:
            outcome.skipped.append((claim.pk, str(error)))
        else:
            if changed:
                outcome.done.append(claim.pk)
            else:
                outcome.skipped.append((claim.pk, "It is so already."))
    return outcome


def _put_back(entry: AuditEntry, claim: Claim, *, by: User, act: uuid.UUID) -> Claim:
    later = AuditEntry.objects.filter(subject="claim", subject_id=claim.pk, pk__gt=entry.pk)
    if later.exists():
        raise BadInput("It was changed since; that is not thrown away.")
    return BACK[entry.verb](entry.old, claim, by=by, seen=claim.version, act=act)


def _assigned(old: str | None, claim: Claim, **who: Any) -> Claim:
    return assignments.assign(claim, to=User.objects.get(pk=int(old)) if old else None, **who)


def _due(old: str | None, claim: Claim, **who: Any) -> Claim:
    return assignments.set_due(claim, due=datetime.fromisoformat(old) if old else None, **who)


def _prioritised(old: str | None, claim: Claim, **who: Any) -> Claim:
    return assignments.prioritise(claim, priority=int(old or Claim.Priority.NORMAL), **who)


def _dismissed(_old: str | None, claim: Claim, **who: Any) -> Claim:
    return marking.restore(claim, **who)


# Verb -> what takes it back, given the value before.
BACK: dict[str, Verb] = {
    "claim.assigned": _assigned,
    "claim.due": _due,
    "claim.prioritised": _prioritised,
    "claim.dismissed": _dismissed,
}
