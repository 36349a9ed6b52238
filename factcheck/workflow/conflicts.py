"""Keeping somebody away from a claim: a conflict of interest, declared and, by somebody else, withdrawn."""

import uuid
from collections.abc import Iterable

from django.db.models.functions import Now

from factcheck.exceptions import Conflict
from factcheck.models import AuditEntry, Claim, ClaimReview, ConflictOfInterest, User
from factcheck.permissions import require
from factcheck.workflow import assignments, leases
from factcheck.workflow.reviews import release
from factcheck.workflow.transitions import chain_of, change, move
from factcheck.workflow.words import words


def declare(claim: Claim, *, by: User, person: User, reason: str) -> ConflictOfInterest:
    """From now on `person` neither writes nor approves a review of the claim. What they wrote before stands, and is
    shown as what it is; what they had in hand or was assigned to them is released, and an approval that is not yet
    public is taken back.

    Raises NotAllowed, BadInput, Refused (one_standing_conflict_per_claim_and_person).
    """
    require(by, "see the desk", claim)
    require(by, "declare a conflict of interest", person)
    reason = words("reason", reason, needed=True)
    with change(claim.article_id) as act:
        _let_go(claim, person, by=by, act=act)
        conflict = ConflictOfInterest.objects.create(claim=claim, person=person, reason=reason, declared_by=by)
        _declared(conflict, by=by, act=act)
        release(claim.reviews.filter(assignee=person), by=by, act=act)
        for review in claim.reviews.filter(status=ClaimReview.Status.APPROVED, approver=person):
            said = "Its approver declared a conflict of interest."
            move(review, ClaimReview.Status.DRAFT, by=by, seen=review.version, act=act, reason=said, approver=None)
    return conflict


def withdraw(conflict: ConflictOfInterest, *, by: User, reason: str) -> ConflictOfInterest:
    """Somebody else finds that the conflict no longer stands, and says why. Raises NotAllowed, BadInput, Conflict."""
    require(by, "withdraw a conflict of interest", conflict)
    reason = words("reason", reason, needed=True)
    with change(conflict.article_key) as act:
        standing = ConflictOfInterest.objects.standing().filter(pk=conflict.pk)
        if not standing.update(withdrawn_by=by, withdrawn_at=Now()):
            raise Conflict("This conflict of interest was withdrawn by somebody else in the meantime.")
        AuditEntry.record(
            conflict,
            "conflictofinterest.withdrawn",
            by=by,
            act=act,
            chain=chain_of(conflict.article_key),
            old=str(conflict.person_id),
            text=reason,
        )
    conflict.refresh_from_db()
    return conflict


def carry_over(before: Iterable[Claim], after: Iterable[Claim], *, by: User, act: uuid.UUID) -> None:
    """Who keeps away from one of the claims `before` keeps away from each of those that take their place, too. Within
    the verb that replaces them.
    """
    standing = ConflictOfInterest.objects.standing()
    inherited = {
        each.person_id: each for each in standing.filter(claim__in=before).select_related("person").order_by("-pk")
    }
    for claim in after:
        there = set(standing.filter(claim=claim).values_list("person", flat=True))
        for person, known in inherited.items():
            if person in there:
                continue
            _let_go(claim, known.person, by=by, act=act)
            conflict = ConflictOfInterest.objects.create(
                claim=claim, person_id=person, reason=known.reason, declared_by_id=known.declared_by_id
            )
            _declared(conflict, by=by, act=act)


def _let_go(claim: Claim, person: User, *, by: User, act: uuid.UUID) -> None:
    """The claim is not theirs to work on any more."""
    leases.end(claim, of=person)
    assignments.let_go(claim, person, by=by, act=act)


def _declared(conflict: ConflictOfInterest, *, by: User, act: uuid.UUID) -> None:
    chain = chain_of(conflict.article_key)
    new, reason = str(conflict.person_id), conflict.reason
    AuditEntry.record(conflict, "conflictofinterest.declared", by=by, act=act, chain=chain, new=new, text=reason)
