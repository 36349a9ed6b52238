"""Files of earlier fact-checks: sending one in, how far its import has come, and what was refused and why."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from factcheck.models import FactCheckImport, Job
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import key, page_of, show
from factcheck.workflow import factcheck_imports


@dataclass(frozen=True)
class State:
    """How far an import has come. broken: its step that failed for good, until somebody has it tried again."""

    words: str
    under_way: bool
    broken: Job | None

    @classmethod
    def of(cls, row: Any, job: Job | None) -> "State":
        """row: counted(). job: its step that is not done, if there is one."""
        done = row.total - row.waiting
        if not row.waiting:
            said = ngettext("The one record is done.", "All %(total)s records are done.", row.total)
            return cls(said % {"total": f"{row.total:,}"}, False, None)
        broken = job if job and job.state == Job.State.DEAD else None
        if broken:
            said = _("It broke off: %(done)s of %(total)s records are done.")
        elif job and job.state == Job.State.RUNNING:
            said = _("%(done)s of %(total)s records are done. It is under way.")
        else:
            said = _("%(done)s of %(total)s records are done. The next ones are queued.")
        return cls(said % {"done": f"{done:,}", "total": f"{row.total:,}"}, not broken, broken)


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    return take_in(request) if request.method == "POST" else listed(request, None)


def listed(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    """Newest first, with the form beside them."""
    before = key(request, "before")
    found = FactCheckImport.objects.visible_to(request.user).counted().select_related("imported_by").order_by("-pk")
    rows, last = page_of(found.filter(pk__lt=before) if before else found)
    _with_states(rows)
    fresh = forms.ImportFactChecks() if may(request.user, "import fact-checks") else None
    form = refusal.place(fresh)[0] if refusal else fresh
    context = {"imports": rows, "last": last, "form": form, "refusal": refusal}
    return show(request, "factcheck_imports_list.html", context)


@posting(forms.ImportFactChecks, again=listed)
def take_in(request: HttpRequest, row: None, form: forms.ImportFactChecks) -> str:
    started = factcheck_imports.begin(**form.said(), by=request.user)
    if started.was_under_way:
        messages.info(request, _("This file is being imported already: here is how far it has come."))
    else:
        messages.success(request, _("The file is read. Its fact-checks are being taken into the library."))
    return reverse("fact_check_import", args=[started.pk])


@require_safe
@desk_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, pk)


def page(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    found = FactCheckImport.objects.visible_to(request.user).counted().select_related("imported_by")
    row: Any = get_object_or_404(found, pk=pk)
    _with_states([row])
    after = key(request, "after")
    refused = row.records.exclude(sentence="").order_by("number")
    records, last = page_of(refused.filter(number__gt=after) if after else refused)
    broken = row.state.broken
    again = broken is not None and may(request.user, "replay a job", broken)
    context = {
        "row": row,
        "records": records,
        "last": last,
        "refusal": refusal,
        "replay_form": forms.Replay(broken) if again else None,
    }
    return show(request, "factcheck_imports_detail.html", context)


def _with_states(rows: list[Any]) -> None:
    """Gives each its `.state`."""
    steps = Job.objects.filter(kind=Job.Kind.FACT_CHECKS, target__in=[row.pk for row in rows])
    live = {job.target: job for job in steps.exclude(state=Job.State.DONE)}
    for row in rows:
        row.state = State.of(row, live.get(row.pk))
