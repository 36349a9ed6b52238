"""A claim's place in the desk's work: who is to check it, until when, and who is working on it just now."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.models import Claim, Lease, User
from factcheck.permissions import may
from factcheck.web import claims, forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.workflow import assignments, leases


def of(claim: Claim, request: HttpRequest, refusal: Refusal | None, people: list[User]) -> dict[str, Any]:
    """The context of includes/_planning.html, but for who follows the claim. people: who may be given it."""
    lease = Lease.objects.running().filter(claim=claim).select_related("person").first()
    mine = lease is not None and lease.person_id == request.user.pk
    planned = claim.status in assignments.PLANNED
    fresh: dict[str, Any] = {}
    if planned and may(request.user, "plan the work"):
        fresh = {"assign_form": forms.Assign(claim), "due_form": forms.SetDue(claim)}
        fresh["priority_form"] = forms.Prioritise(claim)
        fresh["assign_form"].choose_from(people)
    if planned and may(request.user, "work on a claim"):
        if mine:
            fresh["let_go_form"] = forms.LetGo(claim)
        elif lease is None:
            fresh["work_on_form"] = forms.WorkOn(claim)
    if refusal:
        fresh = dict(zip(fresh, refusal.place(*fresh.values()), strict=True))
    return {**fresh, "lease": lease, "lease_is_mine": mine, "planned": planned}


# --- the forms -------------------------------------------------------------------------------------------------------


def _again(request: HttpRequest, claim: Claim, refusal: Refusal) -> HttpResponse:
    return claims.page(request, claim.pk, refusal=refusal)


def _back(claim: Claim) -> str:
    return reverse("claim", args=[claim.pk])


@posting(forms.Assign, again=_again)
def assign(request: HttpRequest, claim: Claim, form: forms.Assign) -> str:
    assigned = assignments.assign(claim, by=request.user, **form.said())
    if assigned.assignee:
        messages.success(request, _("The claim is assigned to %s.") % assigned.assignee)
    else:
        messages.success(request, _("The claim is assigned to nobody."))
    return _back(claim)


@posting(forms.SetDue, again=_again)
def set_due(request: HttpRequest, claim: Claim, form: forms.SetDue) -> str:
    dated = assignments.set_due(claim, by=request.user, **form.said())
    messages.success(request, _("The date is set.") if dated.due_at else _("The claim has no date any more."))
    return _back(claim)


@posting(forms.Prioritise, again=_again)
def prioritise(request: HttpRequest, claim: Claim, form: forms.Prioritise) -> str:
    assignments.prioritise(claim, by=request.user, **form.said())
    messages.success(request, _("The priority is set."))
    return _back(claim)


@posting(forms.WorkOn, again=_again)
def work_on(request: HttpRequest, claim: Claim, form: forms.WorkOn) -> str:
    if not leases.begin(claim, by=request.user):
        messages.warning(request, _("Somebody else has begun to work on this claim in the meantime."))
    return _back(claim)


@posting(forms.LetGo, again=_again)
def let_go(request: HttpRequest, claim: Claim, form: forms.LetGo) -> str:
    leases.release(claim, by=request.user)
    messages.success(request, _("The claim is free for others."))
    return _back(claim)


@require_POST
@desk_only
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim's page is still open in a browser that runs scripts. 204, or 409 when the lease is another's now."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user).only("pk"), pk=pk)
    return HttpResponse(status=204 if leases.keep(claim, by=request.user) else 409)
