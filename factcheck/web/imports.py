"""Lists of sources and files of fact-checks that were sent in: how far each is, and what was refused and why."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from factcheck.models import Import, ImportRow, Job
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only
from factcheck.web.pages import key, page_of, show

TOLD = (ImportRow.State.WAITING, ImportRow.State.REFUSED)


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    """Newest first. They are the whole desk's to see."""
    before = key(request, "before")
    found = Import.objects.select_related("sent_by").order_by("-pk")
    rows, last = page_of(found.filter(pk__lt=before) if before else found)
    told = ImportRow.objects.filter(of__in=rows, state__in=TOLD).order_by().values_list("of", "state")
    counts = {(made, state): count for made, state, count in told.annotate(count=Count("pk"))}
    live = _jobs(rows)
    for row in rows:
        row.waiting, row.refused = (counts.get((row.pk, state), 0) for state in TOLD)
        row.failed = _dead(live.get(row.pk))
    return show(request, "imports_list.html", {"imports": rows, "last": last})


@require_safe
@desk_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_object_or_404(Import, pk=pk))


def page(request: HttpRequest, made: Import, refusal: Refusal | None = None) -> HttpResponse:
    after = key(request, "after")
    refused = ImportRow.objects.visible_to(request.user).filter(of=made, state=ImportRow.State.REFUSED).order_by("line")
    rows, last = page_of(refused.filter(line__gt=after) if after else refused)
    counts = made.counts()
    job = _jobs([made]).get(made.pk)
    failed = _dead(job)
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
        "replay_form": forms.Replay(failed) if failed and may(request.user, "replay a job", failed) else None,
        "refusal": refusal,
    }
    return show(request, "imports_detail.html", context)


def _jobs(imports: list[Import]) -> dict[int, Job]:
    """The step of each that is not done."""
    steps = Job.objects.filter(kind=Job.Kind.IMPORT, target__in=[row.pk for row in imports])
    return {job.target: job for job in steps.exclude(state=Job.State.DONE)}


def _dead(job: Job | None) -> Job | None:
    return job if job and job.state == Job.State.DEAD else None
