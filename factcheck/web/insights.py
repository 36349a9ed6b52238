"""How the desk gets on, on one page: charts, a table beneath each, and each table as a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from factcheck.models import ClaimReview
from factcheck.web.charts import ROW, Bar, Drawn, Part, drawn
from factcheck.web.errors import desk_only
from factcheck.web.forms import Day
from factcheck.web.pages import show
from factcheck.workflow import insights
from factcheck.workflow.insights import Period, Reader

LASTS = (7, 30, 90)
USUAL = 30
LABEL = 34  # characters that fit above a bar on a small screen; the table has all of them


class Chosen(forms.Form):
    """The period, from the query string: the last days, or two days of one's own."""

    days = forms.TypedChoiceField(
        choices=[(days, days) for days in LASTS], coerce=int, empty_value=USUAL, required=False
    )
    since = Day(lazy("From"))
    until = Day(lazy("To"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if not self.errors and bool(since) != bool(until):
            self.add_error("until" if since else "since", _("Give both days."))
        elif since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return said

    def period(self) -> Period:
        said = self.cleaned_data
        return Period(said["since"], said["until"]) if said["since"] else Period.last(said["days"])


@dataclass(frozen=True)
class Insight:
    """columns, rows: as they go into a file. headings, cells: as they are read. definition: what is counted, in one
    sentence. summary: what the chart shows, for who cannot see it. No rows: `empty` is said instead."""

    name: str
    title: str
    definition: str
    empty: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    headings: tuple[str, ...]
    cells: list[tuple[Any, ...]]
    chart: list[Drawn]
    summary: str
    legend: list[tuple[str, str]] = field(default_factory=list)  # (kind of part, what it is)

    @property
    def height(self) -> int:
        return ROW * len(self.chart)


def turnaround(period: Period, reader: Reader) -> Insight:
    rows = insights.turnaround(period)
    cells = [(when(row, period), row.published, length(row.median), length(row.p90)) for row in rows]
    said = _("%(median)s · nine of ten in %(p90)s")
    bars = [
        Bar(
            date_format(row.since, {"month": "M Y", "year": "Y"}.get(period.step, "j M")),
            said % {"median": length(row.median), "p90": length(row.p90)},
            _reach(row),
        )
        for row in rows[:-1]
    ]
    return Insight(
        name="turnaround",
        title=_("Turnaround"),
        definition=_(
            "From the beginning of a claim’s first review to its first publication, if that was in the period."
        ),
        empty=_("Nothing was published for the first time in this period."),
        columns=("since", "published", "median_seconds", "p90_seconds"),
        rows=[(row.since or "all", row.published, row.median, row.p90) for row in rows],
        headings=(_("When published"), _("Fact-checks"), _("Median"), _("Nine of ten in")),
        cells=cells,
        chart=drawn(bars),
        summary=said % {"median": cells[-1][2], "p90": cells[-1][3]} if rows else "",
        legend=[("main", _("Median")), ("reach", _("Up to the time in which nine of ten were done"))],
    )


def _reach(row: insights.Turnaround) -> tuple[Part, ...]:
    median, p90 = row.median.total_seconds(), row.p90.total_seconds()
    return (Part(median, "main"), Part(max(0, p90 - median), "reach"))


def when(row: insights.Turnaround, period: Period) -> str:
    if row.since is None:
        return _("The whole period")
    if period.step == "week":
        return _("Week of %(day)s") % {"day": date_format(row.since, "j F Y")}
    return date_format(row.since, {"day": "j F Y", "month": "F Y", "year": "Y"}[period.step])


def length(time: timedelta) -> str:
    """In the unit in which it is read."""
    minutes = time.total_seconds() / 60
    if minutes < 90:
        return _("%(n)d min") % {"n": round(minutes)}
    if minutes < 48 * 60:
        return _("%(n).1f h") % {"n": minutes / 60}
    return _("%(n).1f days") % {"n": minutes / 60 / 24}


def backlog(period: Period, reader: Reader) -> Insight:
    rows = insights.backlog(reader)
    total = sum(row.not_begun + row.in_review for row in rows)
    bars = [
        Bar(age(row), str(row.not_begun + row.in_review), (Part(row.not_begun, "main"), Part(row.in_review, "hatched")))
        for row in rows
    ]
    return Insight(
        name="backlog",
        title=_("Backlog by age"),
        definition=_(
            "Claims that are to be done now, whatever the period, by the time since they were found or added."
        ),
        empty=_("No claim is waiting."),
        columns=("from_days", "below_days", "not_begun", "in_review"),
        rows=[(*row.age, row.not_begun, row.in_review) for row in rows] if total else [],
        headings=(_("Age"), _("Not begun"), _("In review")),
        cells=[(age(row), row.not_begun, row.in_review) for row in rows],
        chart=drawn(bars),
        summary=ngettext("%(n)d claim is to be done.", "%(n)d claims are to be done.", total) % {"n": total},
        legend=[("main", _("Not begun")), ("hatched", _("In review"))],
    )


def age(row: insights.Waiting) -> str:
    least, below = row.age
    if below is None:
        return _("%(n)d days and more") % {"n": least}
    return _("%(least)d to %(below)d days") % {"least": least, "below": below} if least else _("Less than a day")


def verdicts(period: Period, reader: Reader) -> Insight:
    counts = insights.verdicts(period)
    total = sum(counts.values())
    labels = {**dict(ClaimReview.Verdict.choices), "retracted": _("Retracted")}
    bars = [
        Bar(str(labels[name]), f"{n} · {percent(n, total)}", (Part(n, name),)) for name, n in counts.items() if total
    ]
    return Insight(
        name="verdicts",
        title=_("Verdicts"),
        definition=_(
            "What was published in the period and not replaced since, by verdict; retracted ones stand apart."
        ),
        empty=_("Nothing was published in this period."),
        columns=("verdict", "fact_checks"),
        rows=list(counts.items()) if total else [],
        headings=(_("Verdict"), _("Fact-checks"), _("Share")),
        cells=[(labels[name], n, percent(n, total)) for name, n in counts.items()],
        chart=drawn(bars),
        summary=", ".join(f"{bar.label}: {bar.value}" for bar in bars),
    )


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"


def relied_on(period: Period, reader: Reader) -> Insight:
    rows = insights.relied_on(period, reader)
    bars = [
        Bar(Truncator(row.title).chars(LABEL), str(row.fact_checks), (Part(row.fact_checks, "main"),)) for row in rows
    ]
    return Insight(
        name="relied-on",
        title=_("Sources relied on most"),
        definition=_(
            "The ten documents that are evidence in the most fact-checks published in the period and standing now."
        ),
        empty=_("No fact-check of this period rests on a document."),
        columns=("source", "title", "outlet", "fact_checks", "pieces_of_evidence"),
        rows=[(row.source, row.title, row.outlet, row.fact_checks, row.pieces) for row in rows],
        headings=(_("Source"), _("Outlet"), _("Fact-checks"), _("Pieces of evidence")),
        cells=[
            (
                format_html('<a href="{}"><bdi>{}</bdi></a>', reverse("source", args=[row.source]), row.title),
                row.outlet,
                row.fact_checks,
                row.pieces,
            )
            for row in rows
        ],
        chart=drawn(bars),
        summary=_("Most relied on: %(title)s.") % {"title": rows[0].title} if rows else "",
    )


def acceptance(period: Period, reader: Reader) -> Insight:
    rows = insights.acceptance(period, reader)
    cells = [(row.name, row.accepted, row.decided, percent(row.accepted, row.decided)) for row in rows]
    bars = [
        Bar(name, _("%(share)s of %(n)d") % {"share": share, "n": decided}, (Part(accepted / decided, "main"),))
        for name, accepted, decided, share in cells
    ]
    return Insight(
        name="acceptance",
        title=_("Accepted suggestions"),
        definition=_(
            "Of the suggestions of each provider that people decided in the period, the share that was accepted."
        ),
        empty=_("No suggestion was decided in this period."),
        columns=("provider", "accepted", "decided"),
        rows=[(row.name, row.accepted, row.decided) for row in rows],
        headings=(_("Provider"), _("Accepted"), _("Decided"), _("Share")),
        cells=cells,
        chart=drawn(bars, longest=1),
        summary=", ".join(f"{bar.label}: {bar.value}" for bar in bars),
    )


INSIGHTS: dict[str, Callable[[Period, Reader], Insight]] = {
    "turnaround": turnaround,
    "backlog": backlog,
    "verdicts": verdicts,
    "relied-on": relied_on,
    "acceptance": acceptance,
}


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    form = Chosen(request.GET)
    context: dict[str, Any] = {"form": form, "lasts": LASTS}
    if not form.is_valid():
        return show(request, "insights.html", context, status=422)
    period, own = form.period(), bool(form.cleaned_data["since"])
    context |= {
        "period": period,
        "own": own,
        "days": None if own else form.cleaned_data["days"],
        "insights": [insight(period, request.user) for insight in INSIGHTS.values()],
    }
    return show(request, "insights.html", context)
