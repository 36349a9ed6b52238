"""The trail for people: of the whole desk and of one article, filtered; and the roots, for everybody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from factcheck.exceptions import BadInput, NotAllowed
from factcheck.models import DESK_CHAIN, Article, AuditCheck, AuditEntry, AuditFinding, User
from factcheck.permissions import require
from factcheck.web.acts import KINDS, kind_in_words, told, verbs_by_kind
from factcheck.web.errors import desk_only, forbidden
from factcheck.web.forms import Day, Line, UndoBulk
from factcheck.web.pages import PAGE, key, page_of, show
from factcheck.workflow import bulk, roots
from factcheck.workflow.audit import with_names, with_words

FINDINGS = 20  # on the page; all of them are told by verify_audit
MACHINE = "machine"


def entries_for(user: Any) -> QuerySet[AuditEntry]:
    """What this reader of the trail may see of it: the one place from which pages and exports take entries."""
    return AuditEntry.objects.visible_to(user)


def findings_for(user: Any) -> QuerySet[AuditFinding]:
    return AuditFinding.objects.visible_to(user).filter(resolved_at=None)


def trail_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those of the desk who may read the trail."""

    @desk_only
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            require(request.user, "read the trail")
        except NotAllowed as error:
            return forbidden(request, error)
        return view(request, *args, **kwargs)

    return wrapped


class Chosen(forms.Form):
    """Which entries are wanted: from the query string of a page, or from the form that exports them."""

    verb = forms.ChoiceField(label=lazy("What was done"), required=False)
    person = forms.ChoiceField(label=lazy("Who"), required=False)
    kind = forms.ChoiceField(label=lazy("To what kind of row"), required=False)
    since = Day(lazy("From"))
    until = Day(lazy("To"))
    article = Line(lazy("Article"), 36, help_text=lazy("Its number, or the name of its chain."))

    def __init__(self, reader: User, data: Any) -> None:
        super().__init__(data)
        self.reader = reader
        self.label_suffix = ""
        everybody = User.objects.order_by("name", "pk").values_list("pk", "name")
        self.fields["verb"].choices = [("", _("Anything")), *verbs_by_kind()]
        self.fields["person"].choices = [("", _("Anybody")), (MACHINE, _("The machine")), *everybody]
        self.fields["kind"].choices = [("", _("Any")), *((kind, kind_in_words(kind)) for kind in KINDS)]

    def clean_article(self) -> str:
        """The name of a chain, also of one whose article is gone."""
        named = self.cleaned_data["article"].strip()
        if not named or named == DESK_CHAIN:
            return named
        if named.isascii() and named.isdigit() and len(named) < 19:
            seen = Article.objects.visible_to(self.reader)
            uuid = seen.filter(pk=int(named)).values_list("uuid", flat=True).first()
            if uuid is None:
                raise forms.ValidationError(_("There is no article %s.") % named)
            return str(uuid)
        try:
            return str(UUID(named))
        except ValueError:
            raise forms.ValidationError(_("Give an article’s number, the name of its chain, or “desk”.")) from None

    def among(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Days are days of UTC, as the trail keeps its times."""
        said = self.cleaned_data
        wanted: dict[str, Any] = {"chain": said["article"], "verb": said["verb"], "subject": said["kind"]}
        wanted = {name: value for name, value in wanted.items() if value}
        if said["person"]:
            wanted |= {"actor__isnull": True} if said["person"] == MACHINE else {"actor": int(said["person"])}
        if said["since"]:
            wanted["at__gte"] = datetime.combine(said["since"], time(), UTC)
        if said["until"]:
            wanted["at__lte"] = datetime.combine(
                said["until"], time.max, UTC
            )  # times have microseconds, like the trail
        return entries.filter(**wanted)

    def given(self) -> list[tuple[str, str]]:
        """(name, value) of each field that was filled in, for the form that exports the same entries."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    def in_words(self) -> str:
        """What was chosen, for the entry that an export leaves."""
        named = {str(self.fields[name].label): self.cleaned_data[name] for name in self.fields}
        return "; ".join(f"{label}: {value}" for label, value in named.items() if value) or "everything"


@require_safe
@trail_only
def index(request: HttpRequest) -> HttpResponse:
    return page(request, None)


@require_safe
@trail_only
def of_article(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_object_or_404(Article.objects.visible_to(request.user).newest_first(), pk=pk))


def page(request: HttpRequest, article: Article | None) -> HttpResponse:
    """Newest first. `?before=` is the key of the last entry of the page before."""
    query = request.GET.copy()
    query.pop("before", None)
    if article is not None:
        query["article"] = str(article.uuid)
    chosen = Chosen(request.user, query)
    if not chosen.is_valid():
        return refused(request, chosen, article)
    found = chosen.among(entries_for(request.user)).order_by("-pk")
    before = key(request, "before")
    entries, last = page_of(found.filter(pk__lt=before) if before else found)
    undoable = bulk.undoable({entry.act for entry in entries if entry.verb in bulk.BACK}, by=request.user)
    for entry in entries:
        if entry.act in undoable:
            entry.undo_form = UndoBulk()
            entry.undo_form.initial["act"] = entry.act
    context: dict[str, Any] = {
        "article": article,
        "form": chosen,
        "acts": told(with_words(with_names(entries))),
        "last": last,
        "before": before,
        "query": query.urlencode(),
        "filtered": bool(request.GET.keys() & chosen.fields.keys()),
    }
    if article is None:
        findings = findings_for(request.user).order_by("-pk")
        context |= {
            "findings": findings[:FINDINGS],
            "more": AuditFinding.objects.filter(resolved_at=None).count() > findings.count(),
            "check": AuditCheck.objects.order_by("-pk").first(),
        }
    else:
        context["findings"] = findings_for(request.user).filter(chain=str(article.uuid)).order_by("-pk")[:FINDINGS]
    return show(request, "audit_list.html", context)


def refused(request: HttpRequest, chosen: Chosen, article: Article | None = None) -> HttpResponse:
    """The form as it was filled in, with what is wrong about it, and no entries."""
    return show(request, "audit_list.html", {"form": chosen, "article": article, "filtered": True}, status=422)


# --- the roots -----------------------------------------------------------------------------------------------------


@require_safe
def roots_index(request: HttpRequest) -> HttpResponse:
    """Newest first, from the files and nothing else: what is shown must not depend on the database it vouches for."""
    before = request.GET.get("before", "")
    days = [day for day in roots.days() if not before or day.isoformat() < before]
    shown = []
    for day in days[:PAGE]:
        try:
            shown.append((day, roots.read(roots.file_of(day))))
        except BadInput:
            shown.append((day, None))
    last = days[PAGE - 1] if len(days) > PAGE else None
    return show(request, "audit_roots.html", {"roots": shown, "last": last})


@require_safe
def root(request: HttpRequest, day: date) -> HttpResponse:
    """The file as it is; the address holds a day and so can name no other file."""
    try:
        return HttpResponse(roots.file_of(day).read_bytes(), content_type="application/json")
    except OSError:
        raise Http404(f"{day} has no root") from None
