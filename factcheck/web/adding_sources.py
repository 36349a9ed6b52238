"""Adding to the library: one page with a form for each way, and the page that tells what became of a list."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from factcheck.exceptions import BadInput
from factcheck.models import Claim, ImportRow, Job, Source, SourceImport
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import key, page_of, show
from factcheck.workflow import lists, source_documents, source_imports

WAYS = {
    "address": (lazy("An address"), forms.AddAddress),
    "file": (lazy("A file"), forms.AddFile),
    "words": (lazy("By hand"), forms.AddWords),
    "list": (lazy("A list"), forms.ImportSources),
}
NEWEST = 10  # lists


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    return ways(request, None)


def ways(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    """`?way=` chooses the form; one that was refused stands there again."""
    way = request.GET.get("way", "")
    if refusal:
        way = next(name for name, (_name, form) in WAYS.items() if isinstance(refusal.form, form))
    way = way if way in WAYS else "address"
    form = WAYS[way][1]() if may(request.user, "add a source") else None
    if refusal and form:
        [form] = refusal.place(form)
    context = {
        "ways": [(name, label) for name, (label, _form) in WAYS.items()],
        "way": way,
        "form": form,
        "refusal": refusal,
        "imports": SourceImport.objects.select_related("sent_by").order_by("-pk")[:NEWEST] if way == "list" else [],
    }
    return show(request, "sources_add.html", context)


@posting(forms.AddAddress, again=ways)
def address(request: HttpRequest, row: None, form: forms.AddAddress) -> str:
    source = source_documents.add_address(by=request.user, **form.said())
    here = _here(request, source, _("The source is in the library. Its page is being fetched."))
    claim = Claim.objects.visible_to(request.user).filter(pk=form.cleaned_data["claim"]).first()
    return f"{reverse('claim', args=[claim.pk])}?{urlencode({'source': source.pk})}#library" if claim else here


@posting(forms.AddFile, again=ways)
def file(request: HttpRequest, row: None, form: forms.AddFile) -> str:
    source = source_documents.add_file(by=request.user, **form.said())
    return _here(request, source, _("The source is in the library, and is being made searchable."))


@posting(forms.AddWords, again=ways)
def words(request: HttpRequest, row: None, form: forms.AddWords) -> str:
    source = source_documents.add_text(by=request.user, **form.said())
    return _here(request, source, _("The source is in the library, and is being made searchable."))


def _here(request: HttpRequest, source: Source, said: str) -> str:
    if source.was_here:
        messages.info(request, _("This is in the library already. Nothing was changed."))
    else:
        messages.success(request, said)
    return reverse("source", args=[source.pk])


# --- lists -----------------------------------------------------------------------------------------------------------


@posting(forms.ImportSources, again=ways)
def take_list(request: HttpRequest, row: None, form: forms.ImportSources) -> str:
    said = form.said()
    name = said.pop("file")
    if not lists.is_list(name):
        raise BadInput(_("A list is a .csv or a .jsonl."))
    rows = lists.rows_of(said.pop("received"), name, column=source_imports.COLUMN)
    made = source_imports.begin(rows, by=request.user, name=name, **said)
    if made.was_here:
        messages.info(request, _("You sent this list in before: here it is."))
    else:
        messages.success(request, _("The list is kept. Its rows are being taken in."))
    return reverse("import", args=[made.pk])


@require_safe
@desk_only
def imported(request: HttpRequest, pk: int) -> HttpResponse:
    return of_list(request, get_object_or_404(SourceImport, pk=pk))


def of_list(request: HttpRequest, made: SourceImport, refusal: Refusal | None = None) -> HttpResponse:
    """How far a list is, and each row that was refused, with its line."""
    after = key(request, "after")
    refused = ImportRow.objects.visible_to(request.user).filter(of=made, state=ImportRow.State.REFUSED).order_by("line")
    rows, last = page_of(refused.filter(line__gt=after) if after else refused)
    counts = made.counts()
    job = Job.objects.filter(kind=Job.Kind.IMPORT, target=made.pk).order_by("-pk").first()
    failed = job if job and job.state == Job.State.DEAD else None
    total = sum(counts.values())
    context: dict[str, Any] = {
        "made": made,
        "counts": counts,
        "total": total,
        "taken": total - counts["waiting"],
        "rows": rows,
        "last": last,
        "failed": failed,
        "tried_again": job if job and job.state == Job.State.QUEUED and job.last_error else None,
        "replayable": failed and may(request.user, "replay a job", failed),
        "refusal": refusal,
    }
    return show(request, "sources_import.html", context)
