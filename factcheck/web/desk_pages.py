"""The pages on which the desk says how it works: as readers see them, and as they are written."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from factcheck.exceptions import Conflict
from factcheck.models import Desk, DeskPage
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import show
from factcheck.workflow import desk_pages

Kind = DeskPage.Kind


@require_safe
def page(request: HttpRequest, kind: str, version: int | None = None) -> HttpResponse:
    """One page, its newest version or an earlier one. What is still to be filled in is shown to nobody."""
    versions = list(DeskPage.objects.filter(kind=kind).finished().order_by("-version"))
    shown = next((each for each in versions if version in (None, each.version)), None)
    if shown is None and version is not None:
        raise Http404("this version was never public")
    context = {"kind": Kind(kind), "page": shown, "versions": versions}
    return show(request, "desk_page.html", context, status=200 if shown else 404)


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    newest = {page.kind: page for page in DeskPage.objects.newest().defer("text")}
    finished = set(DeskPage.objects.newest().finished().values_list("kind", flat=True))
    rows = [(kind, newest.get(kind), kind in finished) for kind in Kind]
    public = [row for row in rows if row[0] in DeskPage.PUBLIC]
    inside = [row for row in rows if row not in public]
    lists = [(public, _("For readers")), (inside, _("For the self-assessment"))]
    return show(request, "desk_pages_list.html", {"lists": lists})


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    return save(request) if request.method == "POST" else form_page(request, None)


def form_page(
    request: HttpRequest, row: None, refusal: Refusal | None = None, previewed: forms.WritePage | None = None
) -> HttpResponse:
    """The page `?page=` with its form; previewed: as it was typed, and shown as it will look."""
    typed = refusal.form if refusal else previewed
    kind = typed["kind"].value() if typed else request.GET.get("page", Kind.METHOD)
    if kind not in Kind.values:
        raise Http404("there is no such page")
    newest = DeskPage.objects.filter(kind=kind).newest().first()
    begin = desk_pages.template(kind, Desk.objects.first() or Desk())
    form = forms.WritePage.of(kind, newest, begin)
    lost = refusal is not None and isinstance(refusal.error, Conflict)
    if refusal:
        refusal.form = refusal.form.read_anew(newest) if lost else refusal.form  # type: ignore[attr-defined]
        form = refusal.place(form)[0]
    if previewed:
        form = previewed
    context = {"kind": Kind(kind), "newest": newest, "form": form, "refusal": refusal, "lost": lost}
    return show(request, "desk_pages_write.html", context | {"preview": previewed and previewed["text"].value()})


@posting(forms.WritePage, again=form_page)
def save(request: HttpRequest, row: None, form: forms.WritePage) -> str | HttpResponse:
    if form.is_preview():
        return form_page(request, None, previewed=form)
    page = desk_pages.write(by=request.user, **form.said())
    messages.success(request, _("Saved as version %(version)s.") % {"version": page.version})
    return reverse("desk_pages")
