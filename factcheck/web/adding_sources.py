"""Adding to the library: one page with a form for each way."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from factcheck.exceptions import BadInput
from factcheck.models import Claim, Import, Source
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import show
from factcheck.workflow import factcheck_rows, imports, lists, source_documents, source_rows

WAYS: dict[str, tuple[Any, type[forms.DeskForm], str]] = {
    "address": (lazy("An address"), forms.AddAddress, "add a source"),
    "file": (lazy("A file"), forms.AddFile, "add a source"),
    "words": (lazy("By hand"), forms.AddWords, "add a source"),
    "list": (lazy("A list"), forms.ImportSources, source_rows.VERB),
    "fact-checks": (lazy("Fact-checks"), forms.ImportFactChecks, factcheck_rows.VERB),
}
"""name -> (label, form, permission)"""


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    return ways(request, None)


def ways(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    """`?way=` chooses the form; one that was refused stands there again."""
    open_to = {name: way for name, way in WAYS.items() if may(request.user, way[2])}
    way = request.GET.get("way", "")
    if refusal:
        way = next(name for name, (_label, form, _verb) in WAYS.items() if isinstance(refusal.form, form))
    way = way if way in open_to else next(iter(open_to), "")
    form = open_to[way][1]() if way else None
    if refusal and form:
        [form] = refusal.place(form)
    context = {
        "ways": [(name, label) for name, (label, _form, _verb) in open_to.items()],
        "way": way,
        "form": form,
        "refusal": refusal,
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


# --- many at once ----------------------------------------------------------------------------------------------------


@posting(forms.ImportSources, again=ways)
def take_list(request: HttpRequest, row: None, form: forms.ImportSources) -> str:
    said = form.said()
    name = said.pop("file")
    if not lists.is_list(name):
        raise BadInput(_("A list is a .csv or a .jsonl."))
    rows = lists.rows_of(said.pop("received"), name, column=source_rows.COLUMN)
    return _begun(request, imports.begin(Import.Kind.SOURCES, rows, by=request.user, name=name, **said))


@posting(forms.ImportFactChecks, again=ways)
def take_fact_checks(request: HttpRequest, row: None, form: forms.ImportFactChecks) -> str:
    said = form.said()
    made = imports.begin(Import.Kind.FACT_CHECKS, said["received"], by=request.user, name=said["file"])
    return _begun(request, made)


def _begun(request: HttpRequest, made: Import) -> str:
    if made.was_here:
        messages.info(request, _("This is being taken in already: here is how far it has come."))
    else:
        messages.success(request, _("It is kept. Its rows are being taken in."))
    return reverse("import", args=[made.pk])
