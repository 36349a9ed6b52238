"""The desk's lists to take away, with the filter of their page: streamed, as CSV or JSON lines (tables.py).

A file leaves the house and is read by whoever gets it: so it holds what would be shown to nobody in particular. What
belongs to a confidential article is left out also for who may read it, and no column holds what was told in confidence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from factcheck.exceptions import BadInput, NotAllowed
from factcheck.models import Article, Claim, ClaimReview, Publication, Source
from factcheck.permissions import require
from factcheck.web import insights, publications, sources, tables
from factcheck.web.errors import desk_only, forbidden
from factcheck.web.forms import QueueFilter
from factcheck.web.pages import asked_in
from factcheck.workflow import self_assessment
from factcheck.workflow.audit import record_list_export

ANYBODY = AnonymousUser()
"""A reader who sees no confidential article."""
BATCH = 2_000  # rows that a cursor of the database hands over at once
LONGEST = 500  # characters of one filter
Asked = dict[str, str]  # what the page's query string says


@dataclass(frozen=True)
class Taken:
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]
    count: int


@dataclass(frozen=True)
class Listed:
    """asks: the names of the page's query string by which the list is filtered. needs: the verb that opens its page."""

    taken: Callable[[Asked], Taken]
    asks: tuple[str, ...] = ()
    needs: str = "see the desk"


def taken(rows: QuerySet, columns: Mapping[str, str]) -> Taken:
    """columns: the name in the file -> the field. Read behind a cursor: the rows are those of one moment."""
    return Taken(tuple(columns), rows.values_list(*columns.values()).iterator(BATCH), rows.count())


def of_claims(asked: Asked) -> Taken:
    try:
        wanted = QueueFilter(asked).wanted()
    except BadInput as error:
        raise Http404(str(error)) from error
    rows = wanted.in_order(wanted.among(Claim.objects.with_titles(), ANYBODY))
    plain = ("status", "statement", "speaker", "kind", "checkworthiness", "not_checkable", "priority", "due_at")
    columns = {"claim": "pk"} | {name: name for name in plain}
    columns |= {"assigned_to": "assignee__name", "article": "article_id", "article_title": "article_title"}
    columns |= {"found": "created_at"}
    return taken(rows, columns)


def of_articles(asked: Asked) -> Taken:
    rows = Article.objects.visible_to(ANYBODY).newest_first()
    columns = {"article": "pk", "title": "title", "address": "url", "outlet": "outlet__name"}
    return taken(rows, columns | {"sent_in_by": "submitted_by__name", "taken_in": "created_at"})


def of_sources(asked: Asked) -> Taken:
    wanted = asked_in(asked, sources.FILTERS)
    rows = sources.filtered(Source.objects.visible_to(ANYBODY), wanted)
    rows = rows.order_by("-score", "-pk") if wanted["words"] else rows.order_by("-pk")
    columns = {"source": "pk", "title": "title", "kind": "kind", "seen": "seen", "published": "published"}
    columns |= {"outlet": "outlet__name", "address": "url", "licence": "licence", "added": "created_at"}
    return taken(rows, columns)


def of_reviews(asked: Asked) -> Taken:
    plain = ("status", "statement", "speaker", "verdict", "rating", "rationale", "as_of")
    columns = {"review": "pk", "claim": "claim_id"} | {name: name for name in plain}
    columns |= {"last_written_by": "writer__name", "approved_by": "approver__name", "begun": "created_at"}
    return taken(ClaimReview.objects.visible_to(ANYBODY).waiting(), columns)


def of_fact_checks(asked: Asked) -> Taken:
    said = ("statement", "speaker", "verdict", "rating", "as_of")
    stands = {f"shown_{name}": Case(When(taken_down_at__isnull=True, then=F(f"review__{name}"))) for name in said}
    stands["why_retracted"] = Case(When(taken_down_at__isnull=True, then=F("retraction_reason")))
    wanted = asked_in(asked, publications.FILTERS)
    rows = Publication.objects.newest_of_each_address().matching(**wanted).order_by("-pk").annotate(**stands)
    columns = {"address": "slug", "number": "number", "published": "published_at"}
    columns |= {name: f"shown_{name}" for name in said}
    columns |= {"retracted": "retracted_at", "retraction_reason": "why_retracted", "sha256": "sha256"}
    return taken(rows, columns | {"taken_down": "taken_down_at", "takedown_reason": "takedown_reason"})


def of_insight(name: str) -> Callable[[Asked], Taken]:
    def made(asked: Asked) -> Taken:
        chosen = insights.Chosen(asked)
        if not chosen.is_valid():
            raise Http404("there is no such period")
        insight = insights.INSIGHTS[name](chosen.period(), ANYBODY)
        return Taken(insight.columns, insight.rows, len(insight.rows))

    return made


def of_self_assessment(asked: Asked) -> Taken:
    rows = list(self_assessment.flat())
    return Taken(("commitment", "table", "row", "column", "value"), rows, len(rows))


LISTS = {
    "claims": Listed(of_claims, tuple(QueueFilter.base_fields)),
    "articles": Listed(of_articles),
    "sources": Listed(of_sources, sources.FILTERS),
    "reviews": Listed(of_reviews),
    "fact-checks": Listed(of_fact_checks, publications.FILTERS),
    "self-assessment": Listed(of_self_assessment, needs="read the self assessment"),
    **{name: Listed(of_insight(name), tuple(insights.Chosen.base_fields)) for name in insights.INSIGHTS},
}


@require_POST
@desk_only
def export(request: HttpRequest, listed: str) -> HttpResponseBase:
    """All rows of the list that its page's filter chooses. Taking them away is an entry in the trail: who, which list,
    by what filter, how many rows."""
    form = request.POST.get("form", "")
    if listed not in LISTS or form not in ("csv", "jsonl"):
        raise Http404("there is no such file of a list")
    try:
        require(request.user, LISTS[listed].needs)
    except NotAllowed as error:
        return forbidden(request, error)
    said = {name: request.POST.get(name, "").replace("\0", "")[:LONGEST] for name in LISTS[listed].asks}
    if said.get("assignee") == "me":
        said["assignee"] = str(request.user.pk)
    found = LISTS[listed].taken(said)
    chosen = "; ".join(f"{name}: {value}" for name, value in said.items() if value)
    record_list_export(by=request.user, file=f"{listed}.{form}", chosen=chosen, rows=found.count)
    return tables.sent(listed, form, found.columns, found.rows)
