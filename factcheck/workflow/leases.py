"""“Somebody is working on this”: taken when work begins, kept while the claim's page is open, let go, or lapsed.

Of two people who ask for their next claim at the same moment each gets another one. By the database's clock alone.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from factcheck.models import Claim, ClaimFilter, ClaimReview, ConflictOfInterest, Lease, User
from factcheck.permissions import require
from factcheck.workflow.transitions import change

LENGTH = timedelta(minutes=15)

# One row when the lease is this person's now, none while it is another's.
TAKE = """
INSERT INTO factcheck_lease AS lease (claim_id, person_id, until)
VALUES (%s, %s, statement_timestamp() + make_interval(secs => %s))
ON CONFLICT (claim_id) DO UPDATE SET person_id = excluded.person_id, until = excluded.until
WHERE lease.until <= statement_timestamp() OR lease.person_id = excluded.person_id
RETURNING claim_id
"""


def next_for(person: User, wanted: ClaimFilter) -> Claim | None:
    """The first claim of this view, in its order, that nobody works on, leased to the person; None when none is left.
    Those that are assigned to the person come first, and nobody gets what is assigned to another colleague, in another
    writer's or approver's hands, or hidden from them, or what they keep away from. Raises NotAllowed.
    """
    require(person, "work on a claim")
    free = wanted.in_order(wanted.among(_free_for(person), person))
    for assigned in (Q(assignee=person), Q(assignee=None) | Q(assignee__is_active=False)):
        while True:
            with change():
                rows = free.filter(assigned).defer("embedding")
                claim = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
                if claim is None:
                    break
                # Who locks a row after another let it go still looks with the eyes of before: the lease itself decides.
                if take(claim, person):
                    return claim
    return None


def _free_for(person: User) -> Any:
    leased = Lease.objects.running().filter(claim=OuterRef("pk"))
    kept_away = ConflictOfInterest.objects.standing().filter(claim=OuterRef("pk"), person=person)
    opened = ClaimReview.objects.filter(claim=OuterRef("pk"), status__in=ClaimReview.OPEN)
    drafts = opened.filter(Q(assignee=None) | Q(assignee=person), status=ClaimReview.Status.DRAFT)
    return Claim.objects.to_do().filter(~Exists(leased), ~Exists(kept_away), Q(status="detected") | Exists(drafts))


def begin(claim: Claim, *, by: User) -> bool:
    """“Start working on this”. False when somebody else does. Raises NotAllowed, Refused (conflict_of_interest)."""
    require(by, "work on a claim", claim)
    with change():
        return take(claim, by)


def take(claim: Claim, person: User) -> bool:
    """Within a verb that begins work on the claim, in its transaction. False, and nothing changed, while somebody else
    has the lease: it forbids no work."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [claim.pk, person.pk, LENGTH.total_seconds()])
        return cursor.fetchone() is not None


def keep(claim: Claim, *, by: User) -> bool:
    """Its page is still open. False when the lease is not the person's any more; one that lapsed and that nobody took
    goes on."""
    later = RawSQL("statement_timestamp() + %s", [LENGTH])
    return bool(Lease.objects.visible_to(by).filter(claim=claim, person=by).update(until=later))


def release(claim: Claim, *, by: User) -> None:
    """One's own lease, if there is one. Raises NotAllowed."""
    require(by, "work on a claim")
    end(claim, of=by)


def end(claim: Claim, *, of: User | None = None) -> None:
    """The work of this person on the claim, or of anybody, is over. Within the verb that ended it."""
    rows = Lease.objects.filter(claim=claim)
    (rows if of is None else rows.filter(person=of)).delete()
