"""Everything that changed about what was published, for the public: corrections, updates, retractions, takedowns."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from factcheck.models import UNLISTED, Publication
from factcheck.web.pages import BIGGEST_KEY, PAGE, page_of, show
from factcheck.workflow import requests
from factcheck.workflow.integrity import with_alterations

# kind -> since when, and of which publications. Of what was taken down only that is told.
HAPPENED: dict[str, tuple[str, Q]] = {
    "change": ("published_at", Q(number__gt=1, taken_down_at__isnull=True)),
    "retraction": ("retracted_at", Q(retracted_at__isnull=False, taken_down_at__isnull=True)),
    "takedown": ("taken_down_at", Q(taken_down_at__isnull=False)),
}
CURSOR = re.compile(r"([0-9]{8}T[0-9]{6}\.[0-9]{6})-([0-9]{1,19})")
AS_CURSOR = "%Y%m%dT%H%M%S.%f"

# It, or what took its place, is kept from search engines: this page, which they list, has none of its words.
_UNLISTED_SINCE = Publication.objects.filter(UNLISTED, slug=OuterRef("slug"), number__gte=OuterRef("number"))

Place = tuple[datetime, int]  # a moment and the key of a publication, of which nothing happens twice at one moment


@dataclass(frozen=True)
class Entry:
    kind: str
    at: datetime
    publication: Publication

    @property
    def cursor(self) -> str:
        return f"{self.at.astimezone(UTC).strftime(AS_CURSOR)}-{self.publication.pk}"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    before = _place(request.GET.get("before", ""))
    found, last = page_of(_rows(before))
    these = Publication.objects.filter(pk__in={pk for _at, pk, _kind in found})
    rows = with_alterations(these.annotate(without_words=Exists(_UNLISTED_SINCE)))
    by_key = {row.pk: row for row in rows}
    entries = [Entry(kind, at, by_key[pk]) for at, pk, kind in found]
    context = {"entries": entries, "last": entries[-1] if last else None, "before": before}
    return show(request, "corrections_list.html", context | {"counted": requests.counts()})


def _rows(before: Place | None) -> Any:
    """(moment, key of the publication, kind), newest first."""
    parts = []
    for kind, (moment, condition) in HAPPENED.items():
        rows = Publication.objects.filter(condition)
        if before:
            rows = rows.filter(TupleLessThan((moment, "pk"), before))
        of_kind = rows.order_by(f"-{moment}", "-pk")[: PAGE + 1]  # by an index of its own; no more fit on a page
        parts.append(of_kind.annotate(at=F(moment), kind=Value(kind, CharField())).values_list("at", "pk", "kind"))
    return parts[0].union(*parts[1:], all=True).order_by("-at", "-pk")


def _place(text: str) -> Place | None:
    """Where the page before ended; 404 for what is no place."""
    if not text:
        return None
    match = CURSOR.fullmatch(text)
    try:
        if match and int(match[2]) <= BIGGEST_KEY:
            return datetime.strptime(match[1], AS_CURSOR).replace(tzinfo=UTC), int(match[2])
    except ValueError:
        pass
    raise Http404("no page of corrections begins there")
