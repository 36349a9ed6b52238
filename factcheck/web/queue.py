"""The desk's queue: what is to do, filtered, in an order, under saved views; and acts on several of its claims."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from factcheck.exceptions import BadInput
from factcheck.models import Claim, ClaimFilter, Lease, SavedView, Suggestion, User
from factcheck.permissions import may
from factcheck.web import forms, publications
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import key_in, page_of, show
from factcheck.workflow import bulk, leases, views

TOLD = "of_several_claims"  # in the session: what became of an act on several claims, until a page tells it
ALWAYS = (
    (lazy("To do"), ClaimFilter()),
    (lazy("Mine"), ClaimFilter(assignee="me")),
    (lazy("Overdue"), ClaimFilter(due="overdue", order="due")),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The desk's queue; for a partner its own page, for a stranger the public front."""
    if may(request.user, "use the partner API"):
        return redirect("partner")
    return queue(request, None) if request.user.is_authenticated else publications.front(request)


@desk_only
def queue(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    """The page. After a refusal it is the page from which the form was sent, with what was typed and chosen there."""
    asked = refusal.form.came_from if isinstance(refusal and refusal.form, forms.queue.OfTheQueue) else request.GET
    form = forms.QueueFilter(asked)
    try:
        wanted = form.wanted()
    except BadInput as error:
        raise Http404(str(error)) from error
    after = key_in(asked, "after")
    claims, last = _page(request, wanted, after)
    people = [(str(pk), name) for pk, name in User.objects.at_the_desk().values_list("pk", "name")]
    form.offer(people)
    query = wanted.query()
    here = f"{query}&after={after}".lstrip("&") if after else query
    context = {
        "claims": claims,
        "last": last,
        "after": after,
        "form": form,
        "wanted": wanted,
        "query": query,
        "narrowed": wanted != ClaimFilter(status=wanted.status, order=wanted.order),
        "views": _views(request, wanted),
        "refusal": refusal,
        "told": _told(request) if request.method == "GET" else None,
        **_forms(request, here, refusal),
    }
    if bulk_form := context.get("bulk_form"):
        bulk_form.offer(people, claims)
    if context["told"] and context["told"]["act"]:
        context["undo_form"] = forms.UndoBulk().from_page(here)
        context["undo_form"].initial["act"] = context["told"]["act"]
    return show(request, "claims_queue.html", context)


def _page(request: HttpRequest, wanted: ClaimFilter, after: int | None) -> tuple[list[Claim], Claim | None]:
    """Each claim with what its row shows: `.best`, `.working`, `.checked_before`, `.conflicting`."""
    best = Suggestion.objects.visible_to(request.user).best_of_each_claim()
    found = wanted.in_order(wanted.among(Claim.objects.with_titles(), request.user))
    if after is not None:
        seen = Claim.objects.visible_to(request.user).defer("embedding")
        found = wanted.behind(found, get_object_or_404(seen, pk=after))
    rows = found.select_related("assignee")
    claims, last = page_of(rows.prefetch_related(Prefetch("suggestions", queryset=best, to_attr="best")))
    at_work = Lease.objects.running().filter(claim__in=claims).select_related("person")
    working = {lease.claim_id: lease.person for lease in at_work}
    for claim in claims:
        claim.working = working.get(claim.pk)
        claim.checked_before = any(best.checked_before for best in claim.best)
        claim.conflicting = any(best.conflicting for best in claim.best)
    return claims, last


def _forms(request: HttpRequest, here: str, refusal: Refusal | None) -> dict[str, Any]:
    fresh: dict[str, Any] = {"save_view_form": forms.SaveView().from_page(here)}
    if may(request.user, "plan the work"):
        fresh["bulk_form"] = forms.Bulk().from_page(here)
    if may(request.user, "work on a claim"):
        fresh["next_form"] = forms.NextClaim().from_page(here)
    return dict(zip(fresh, refusal.place(*fresh.values()), strict=True)) if refusal else fresh


@dataclass(frozen=True)
class View:
    """A view as the page offers it. count: how many claims it shows, `1000+` from there on."""

    name: Any
    query: str
    current: bool
    count: str
    saved: SavedView | None = None
    remove_form: forms.RemoveView | None = None


def _views(request: HttpRequest, wanted: ClaimFilter) -> list[View]:
    """Those that everybody has, one's own, and those that are shared; all counted by one statement."""
    rows = SavedView.objects.visible_to(request.user).select_related("owner")
    own = list(rows.filter(owner=request.user.pk).order_by("name", "pk"))
    saved = [*own, *rows.exclude(owner=request.user.pk).order_by("name", "pk")[: SavedView.MOST]]
    readable = [(name, filter_, None) for name, filter_ in ALWAYS]
    readable += [(view.name, filter_, view) for view in saved if (filter_ := _filter_of(view))]
    counts = views.counts([filter_ for _, filter_, _ in readable], request.user)
    return [
        View(
            name,
            filter_.query(),
            filter_ == wanted,
            str(count) if count < views.COUNTED else f"{views.COUNTED - 1}+",
            view,
            forms.RemoveView(view).from_page(wanted.query())
            if view and filter_ == wanted and may(request.user, "remove a view", view)
            else None,
        )
        for (name, filter_, view), count in zip(readable, counts, strict=True)
    ]


def _filter_of(view: SavedView) -> ClaimFilter | None:
    """None for one that an older desk saved and that this one cannot read."""
    try:
        return forms.QueueFilter(QueryDict(view.query)).wanted()
    except BadInput:
        return None


# --- the forms -------------------------------------------------------------------------------------------------------


def _back(asked: QueryDict) -> str:
    return f"{reverse('home')}?{asked.urlencode()}" if asked else reverse("home")


@posting(forms.NextClaim, again=queue)
def next_claim(request: HttpRequest, row: None, form: forms.NextClaim) -> str:
    claim = leases.next_for(request.user, form.wanted())
    if claim is None:
        messages.info(request, _("No claim of this view is free: others are at work on what is left, or nothing is."))
        return _back(form.came_from)
    return reverse("claim", args=[claim.pk])


@posting(forms.Bulk, again=queue)
def together(request: HttpRequest, row: None, form: forms.Bulk) -> str:
    outcome = bulk.together(by=request.user, **form.said())
    _tell(request, outcome, undone=False)
    return _back(form.came_from)


@posting(forms.UndoBulk, again=queue)
def undo(request: HttpRequest, row: None, form: forms.UndoBulk) -> str:
    outcome = bulk.undo(form.said()["act"], by=request.user)
    _tell(request, outcome, undone=True)
    return _back(form.came_from)


def _tell(request: HttpRequest, outcome: bulk.Outcome, *, undone: bool) -> None:
    """On the next page of the queue: how many changed, and each that did not, with why."""
    many = len(outcome.done)
    if undone:
        said = ngettext("%d claim is as it was before.", "%d claims are as they were before.", many)
    else:
        said = ngettext("%d claim was changed.", "%d claims were changed.", many)
    act = str(outcome.act) if many and not undone else ""
    request.session[TOLD] = {"said": said % many, "skipped": outcome.skipped, "act": act}


def _told(request: HttpRequest) -> dict[str, Any] | None:
    """What _tell() left, once. A session keeps no statements: they are read as this person may read them now."""
    told = request.session.pop(TOLD) if TOLD in request.session else None
    if told and told["skipped"]:
        claims = Claim.objects.visible_to(request.user).filter(pk__in=[pk for pk, _why in told["skipped"]])
        statements = dict(claims.values_list("pk", "statement"))
        told["skipped"] = [(pk, statements.get(pk, ""), why) for pk, why in told["skipped"]]
    return told


@posting(forms.SaveView, again=queue)
def save_view(request: HttpRequest, row: None, form: forms.SaveView) -> str:
    said, wanted = form.said(), form.wanted()
    views.save(wanted, by=request.user, name=said["name"], shared=said["shared"])
    messages.success(request, _("The view is saved."))
    return _back(QueryDict(wanted.query()))


@posting(forms.RemoveView, again=queue)
def remove_view(request: HttpRequest, view: SavedView, form: forms.RemoveView) -> str:
    views.remove(view, by=request.user)
    messages.success(request, _("The view is removed."))
    return _back(form.came_from)
