"""Where a claim came from, what became of it, and what a person may do to it now: for its page, and beside the text."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from factcheck.models import AuditEntry, Claim, Lineage
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal
from factcheck.workflow.audit import with_names, with_words


def of(claim: Claim, request: HttpRequest, refusal: Refusal | None, *, beside: bool = False) -> dict[str, Any]:
    """The context of includes/_marking.html. beside: it stands beside the text of the article."""
    standing = Lineage.objects.standing().select_related("before", "after", "by")
    rows = standing.defer("before__embedding", "after__embedding").order_by("pk")
    both = list(rows.filter(Q(after=claim) | Q(before=claim)))
    came_from = [row for row in both if row.after_id == claim.pk and row.kind != Lineage.Kind.UNDO]
    became = [row for row in both if row.before_id == claim.pk]
    fresh: list[forms.Marking] = []
    if may(request.user, "mark claims"):
        fresh = [form(claim) for form in _offered(claim, came_from, became)]
        for form in fresh if beside else ():
            form.initial["beside"] = True
    shown = refusal.place(*fresh) if refusal else fresh
    return {
        "came_from": came_from,
        "became": became,
        "put_aside": _put_aside(claim),
        "marking_forms": {form.address: form for form in shown if form is not None},
    }


def _offered(claim: Claim, came_from: list[Lineage], became: list[Lineage]) -> list[type[forms.Marking]]:
    """The forms for what can be done to a claim in this state."""
    can_undo = [forms.UndoLineage]
    match claim.status:
        case Claim.Status.DETECTED:
            always = [forms.DismissClaim, forms.Attribute, forms.SplitClaim, forms.MergeClaims]
            return [*always, *(can_undo if came_from else [])]
        case Claim.Status.DISMISSED:
            return [forms.RestoreClaim]
        case Claim.Status.SUPERSEDED if became[0].kind != Lineage.Kind.UNDO:
            return can_undo
    return []


def _put_aside(claim: Claim) -> AuditEntry | None:
    """The act that dismissed the claim, with its `words` and `name_of_actor`."""
    if claim.status != Claim.Status.DISMISSED:
        return None
    entries = AuditEntry.objects.filter(subject="claim", subject_id=claim.pk, verb="claim.dismissed")
    told = with_names(with_words(list(entries.order_by("-seq")[:1])))
    return told[0] if told else None
