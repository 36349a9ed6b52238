"""The library: looking for sources, and one source with its passages and where it was relied on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck.models import Evidence, Job, Passage, Source
from factcheck.permissions import may
from factcheck.retrieval import embedding
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import BIGGEST_KEY, asked_in, key, page_of, show
from factcheck.workflow import source_documents
from factcheck.workflow.sources import BENEATH

RELIED_ON = 50  # pieces of evidence on the page of a source
FILTERS = ("words", "kind", "seen", "outlet")


@dataclass(frozen=True)
class State:
    """What is under way for a source, or has failed. reading: its fetching; indexing: its being made searchable."""

    reading: Job | None
    indexing: Job | None

    @property
    def under_way(self) -> bool:
        return any(job and job.state != Job.State.DEAD for job in (self.reading, self.indexing))

    @property
    def failed(self) -> Job | None:
        return next((job for job in (self.reading, self.indexing) if job and job.state == Job.State.DEAD), None)


def with_states(sources: Iterable[Source]) -> None:
    """Gives each its `.state`. One query."""
    found = list(sources)
    kinds = (Job.Kind.READ, Job.Kind.INDEX)
    alive = Job.objects.filter(kind__in=kinds, target__in=[source.pk for source in found])
    jobs = {(job.kind, job.target): job for job in alive.exclude(state=Job.State.DONE)}
    for source in found:
        source.state = State(jobs.get((Job.Kind.READ, source.pk)), jobs.get((Job.Kind.INDEX, source.pk)))


# --- looking for sources ---------------------------------------------------------------------------------------------


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    """By words the best first, else the newest first; `before` is the last row of the page before."""
    asked = asked_in(request.GET, FILTERS)
    rows = filtered(Source.objects.visible_to(request.user), asked).select_related("outlet")
    before = request.GET.get("before", "")
    sources, last = page_of(_ordered(rows, asked["words"], before))
    with_states(sources)
    if asked["words"]:
        best = Passage.objects.visible_to(request.user).best_of(sources, asked["words"])
        for source in sources:
            source.best = best.get(source.pk)
    asked_for = request.GET.copy()
    asked_for.pop("before", None)
    context = {
        "sources": sources,
        "next": last and (f"{last.score}-{last.pk}" if asked["words"] else last.pk),
        "asked": asked,
        "narrowed": any(asked.values()),
        "query": asked_for.urlencode(),
        "before": before,
        "kinds": Source.Kind.choices,
        "ways_of_seeing": Source.Seen.choices,
        "left": Passage.objects.visible_to(request.user).not_read_by(embedding.MODEL).count(),
    }
    return show(request, "sources_list.html", context)


def filtered(rows: Any, asked: dict[str, str]) -> QuerySet[Source]:
    """A kind or a way of being seen that nobody knows finds nothing, as it should."""
    if asked["words"]:
        rows = rows.matching(asked["words"])
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["seen"]:
        rows = rows.filter(seen=asked["seen"])
    if asked["outlet"]:
        rows = rows.filter(outlet__name__icontains=asked["outlet"])
    return rows


def _ordered(rows: Any, words: str, before: str) -> Any:
    """From the row after `before` on. Raises Http404 for what is no such place."""
    if not before:
        return rows.order_by("-score", "-pk") if words else rows.order_by("-pk")
    parts = before.split("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 20 and int(part) <= BIGGEST_KEY for part in parts):
        raise Http404("there is no such place in the list")
    if len(parts) != (2 if words else 1):
        raise Http404("there is no such place in the list")
    if not words:
        return rows.filter(pk__lt=int(before)).order_by("-pk")
    return rows.after(*map(int, parts)).order_by("-score", "-pk")


# --- one source ------------------------------------------------------------------------------------------------------


@require_safe
@desk_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_object_or_404(Source.objects.visible_to(request.user), pk=pk))


def page(request: HttpRequest, source: Source, refusal: Refusal | None = None) -> HttpResponse:
    source = Source.objects.select_related("outlet", "added_by", "confidential_with").get(pk=source.pk)
    with_states([source])
    after = key(request, "after")
    passages = source.passages.defer("embedding", "tsv").order_by("position")
    shown, last = page_of(passages.filter(position__gt=after) if after else passages)
    paste_form = None
    unread = source.seen == Source.Seen.UNREAD
    if unread and source.state.failed and may(request.user, "add a source", source):
        paste_form = forms.PasteWords(source)
        if refusal:
            [paste_form] = refusal.place(paste_form)
    failed = source.state.failed
    context = {
        "source": source,
        "passages": _under_headings(source, shown),
        "last": last,
        "after": after,
        "relied_on": Evidence.objects.visible_to(request.user)
        .filter(snapshot__source=source)
        .select_related("review__claim", "review__publication", "snapshot")
        .defer("review__claim__embedding")
        .order_by("-pk")[:RELIED_ON],
        "captures": source.captures.defer("raw").order_by("-pk"),
        "replayable": failed and may(request.user, "replay a job", failed),
        "paste_form": paste_form,
        "unread": unread,
        "refusal": refusal,
    }
    return show(request, "sources_detail.html", context)


def _under_headings(source: Source, passages: list[Passage]) -> list[Passage]:
    """Each passage with its `.under`: the headings below the source's title, where they are others than the ones of the
    passage before; "" where they are the same."""
    before = ""
    for passage in passages:
        under = passage.heading.removeprefix(source.title).removeprefix(BENEATH)
        passage.under, before = ("" if under == before else under), under
    return passages


@posting(forms.PasteWords, again=page)
def paste(request: HttpRequest, source: Source, form: forms.PasteWords) -> str:
    source_documents.paste_words(source, by=request.user, **form.said())
    messages.success(request, _("The words are kept, and are being made searchable."))
    return reverse("source", args=[source.pk])
