"""Who is to work on a claim, until when, and how urgently. A plan, and no lock: anybody may begin a review.

Every verb takes `seen`, the version that the client read, and raises Conflict when somebody was faster. What is so
already is not written again. act: the act that this is a part of, if a larger one.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, Refused
from factcheck.models import EARLIEST, KEPT_AWAY, WHENEVER, AuditEntry, Claim, ConflictOfInterest, User
from factcheck.permissions import may, require
from factcheck.workflow import notices
from factcheck.workflow.transitions import chain_of, change

PLANNED = (Claim.Status.DETECTED, Claim.Status.IN_REVIEW)


def assign(claim: Claim, *, by: User, seen: int, to: User | None, act: uuid.UUID | None = None) -> Claim:
    """to None: to nobody. Raises NotAllowed, Conflict, InvalidTransition; BadInput for who does not check claims or
    does not see this one, Refused (assignee_keeps_away_from_no_claim) for who has a conflict of interest on it.
    """
    require(by, "plan the work", claim)
    if to is not None and to.pk != claim.assignee_id:
        _require_fit(to, claim)
    with change(claim.article_id) as own_act:
        if _changed(claim, seen=seen, assignee_id=to and to.pk):
            old = str(claim.assignee_id) if claim.assignee_id else None
            new = str(to.pk) if to else None
            chain = chain_of(claim.article_id)
            AuditEntry.record(claim, "claim.assigned", by=by, act=act or own_act, chain=chain, old=old, new=new)
            if to is not None:
                notices.join(claim, to)
                event = f"claim-{claim.pk}-assigned-{seen + 1}"
                notices.tell([to.pk], notices.Kind.ASSIGNED, claim, event, by=by)
    return _now(claim)


def set_due(claim: Claim, *, by: User, seen: int, due: datetime | None, act: uuid.UUID | None = None) -> Claim:
    """due: a moment with its zone; None: without a date. Raises BadInput, NotAllowed, Conflict, InvalidTransition."""
    require(by, "plan the work", claim)
    if due is not None and (due.tzinfo is None or not EARLIEST <= due < WHENEVER):
        raise BadInput("A due date is a day and a time in a time zone, in one of the years 1000 to 9998.")
    with change(claim.article_id) as own_act:
        if _changed(claim, seen=seen, due_at=due):
            old, new = (each.isoformat() if each else None for each in (claim.due_at, due))
            chain = chain_of(claim.article_id)
            AuditEntry.record(claim, "claim.due", by=by, act=act or own_act, chain=chain, old=old, new=new)
    return _now(claim)


def prioritise(claim: Claim, *, by: User, seen: int, priority: int, act: uuid.UUID | None = None) -> Claim:
    """priority: of Claim.Priority. Raises BadInput, NotAllowed, Conflict, InvalidTransition."""
    require(by, "plan the work", claim)
    if priority not in Claim.Priority.values:
        raise BadInput("A priority is 1 (low), 2 (normal), 3 (high) or 4 (urgent).")
    with change(claim.article_id) as own_act:
        if _changed(claim, seen=seen, priority=priority):
            old, new = str(claim.priority), str(priority)
            chain = chain_of(claim.article_id)
            AuditEntry.record(claim, "claim.prioritised", by=by, act=act or own_act, chain=chain, old=old, new=new)
    return _now(claim)


def let_go(claim: Claim, person: User, *, by: User, act: uuid.UUID) -> None:
    """Assigned to this person, it is assigned to nobody. Within the verb by which they come to keep away from it."""
    rows = Claim.objects.filter(pk=claim.pk, assignee=person)
    if rows.update(assignee=None, version=F("version") + 1, updated_at=Now()):
        chain = chain_of(claim.article_id)
        AuditEntry.record(claim, "claim.assigned", by=by, act=act, chain=chain, old=str(person.pk))


def _require_fit(person: User, claim: Claim) -> None:
    if not may(person, "write a review"):
        raise BadInput(f"{person.name} does not check claims, so none is assigned to them.")
    if not Claim.objects.visible_to(person).filter(pk=claim.pk).exists():
        raise BadInput(f"{person.name} may not see this claim's article.")
    if ConflictOfInterest.objects.standing().filter(claim=claim, person=person).exists():
        raise Refused(KEPT_AWAY, "assignee_keeps_away_from_no_claim")


def _changed(claim: Claim, *, seen: int, **fields: Any) -> bool:
    """Compare and swap; False when it is so already."""
    if claim.version == seen and claim.status not in PLANNED:
        raise InvalidTransition(f"Claim {claim.pk} is {claim.status}: nobody has to work on it.")
    rows = Claim.objects.filter(pk=claim.pk, version=seen, status__in=PLANNED)
    if rows.filter(**fields).exists():
        return False
    if not rows.update(version=F("version") + 1, updated_at=Now(), **fields):
        raise Conflict(f"Claim {claim.pk} was changed by somebody else in the meantime. Nothing was saved.")
    return True


def _now(claim: Claim) -> Claim:
    claim.refresh_from_db()
    return claim
