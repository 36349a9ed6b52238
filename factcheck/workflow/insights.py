"""How the desk gets on: how long its work takes, what waits, what comes out, and what it rests on.

Read from the rows, each by one or two statements, of what the reader sees: a confidential article counts for nobody but
its readers. Days are days of UTC.

turnaround    from the first beginning of a review of the claim, also of one that was abandoned, to the claim's first
              publication
p90           nine of ten took no longer; both it and the median lie between two values where none stands exactly there
backlog       claims that wait for people now (Claim.objects.to_do()), by the time since they were found or added
verdicts      of what went out in the period and was not replaced since; what was retracted counts as that only
relied on     documents that stand as evidence in the reviews that went out in the period and are public now
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Trunc

from factcheck.models import Claim, ClaimReview, Evidence, Publication, Source, Suggestion, User
from factcheck.workflow import feedback

Reader = User | AnonymousUser
MOST_SOURCES = 10
# (at least so old, younger than that), in days
AGES = ((0, 1), (1, 7), (7, 30), (30, 90), (90, None))
# The steps of a period by the most days that it may have: few enough to be looked at.
STEPS = ((14, "day"), (120, "week"), (1100, "month"))


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both counted."""

    since: date
    until: date

    @classmethod
    def last(cls, days: int) -> "Period":
        today = datetime.now(UTC).date()
        return cls(today - timedelta(days=days - 1), today)

    @property
    def step(self) -> str:
        days = (self.until - self.since).days + 1
        return next((step for most, step in STEPS if days <= most), "year")

    def within(self, field: str) -> Q:
        """That a time lies in the period."""
        first, last = datetime.combine(self.since, time(), UTC), datetime.combine(self.until, time.max, UTC)
        return Q(**{f"{field}__gte": first, f"{field}__lte": last})


@dataclass(frozen=True, slots=True)
class Turnaround:
    """Of the claims first published in a step of the period; since: its first day, None for all of the period."""

    since: date | None
    published: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True, slots=True)
class Waiting:
    """Claims of an age (AGES): how many nobody has begun, and how many are in review."""

    age: tuple[int, int | None]
    not_begun: int
    in_review: int


@dataclass(frozen=True, slots=True)
class ReliedOn:
    source: int
    title: str
    outlet: str
    fact_checks: int
    pieces: int


def turnaround(period: Period) -> list[Turnaround]:
    """Step by step, and last the whole period; [] when nothing went out. What is published is there for everybody."""
    begun = ClaimReview.objects.filter(claim=OuterRef("review__claim")).order_by("pk").values("created_at")[:1]
    first = Publication.objects.filter(period.within("published_at"), number=1).order_by()
    step = Trunc("published_at", period.step, tzinfo=UTC)
    taken = first.annotate(since=step, took=F("published_at") - Subquery(begun)).values_list("since", "took")
    by_step: dict[date, list[timedelta]] = {}
    for since, took in taken.order_by("took"):
        by_step.setdefault(since.date(), []).append(took)
    whole = sorted(itertools.chain.from_iterable(by_step.values()))
    steps = [_turnaround(since, times) for since, times in sorted(by_step.items())]
    return [*steps, _turnaround(None, whole)] if whole else []


def _turnaround(since: date | None, times: Sequence[timedelta]) -> Turnaround:
    return Turnaround(since, len(times), _within(times, 0.5), _within(times, 0.9))


def _within(times: Sequence[timedelta], share: float) -> timedelta:
    """In which that share of the times lie, which rise; between two of them as PERCENTILE_CONT of SQL has it."""
    at = share * (len(times) - 1)
    least, most = times[math.floor(at)], times[math.ceil(at)]
    return least + (most - least) * (at % 1)


def backlog(reader: Reader) -> list[Waiting]:
    """One for each of AGES, the youngest first."""
    now = datetime.now(UTC)
    whens = [
        When(created_at__gt=now - timedelta(days=below), then=Value(number))
        for number, (_, below) in enumerate(AGES)
        if below is not None
    ]
    aged = Claim.objects.visible_to(reader).to_do().annotate(age=Case(*whens, default=Value(len(AGES) - 1)))
    counted: Any = aged.order_by().values_list("age", "status").annotate(n=Count("*"))
    found = {(age, status): n for age, status, n in counted}
    status = Claim.Status
    return [
        Waiting(age, found.get((number, status.DETECTED), 0), found.get((number, status.IN_REVIEW), 0))
        for number, age in enumerate(AGES)
    ]


def verdicts(period: Period) -> Mapping[str, int]:
    """Verdict, or "retracted" -> how many of what stands at its address now."""
    standing = Publication.objects.newest_of_each_address().filter(period.within("published_at")).order_by()
    kept = Q(retraction_reason="")
    counts = {each: Count("pk", filter=kept & Q(review__verdict=each)) for each in ClaimReview.Verdict.values}
    return standing.aggregate(**counts, retracted=Count("pk", filter=~kept))


def relied_on(period: Period, reader: Reader) -> list[ReliedOn]:
    """The most first. What a person said is not among them, in confidence or not."""
    pieces = (
        Evidence.objects.visible_to(reader)
        .filter(period.within("review__publication__published_at"), kind=Evidence.Kind.DOCUMENT)
        .filter(review__status=ClaimReview.Status.PUBLISHED)
        .filter(snapshot__source__in=Source.objects.visible_to(reader).values("pk"))
    )
    source = "snapshot__source"
    rows = (
        pieces.values(source, f"{source}__title", f"{source}__outlet__name")
        .annotate(fact_checks=Count("review", distinct=True), pieces=Count("pk"))
        .order_by("-fact_checks", "-pieces", source)
    )
    return [
        ReliedOn(
            row[source],
            row[f"{source}__title"],
            row[f"{source}__outlet__name"] or "",
            row["fact_checks"],
            row["pieces"],
        )
        for row in rows[:MOST_SOURCES]
    ]


def acceptance(period: Period, reader: Reader) -> list[feedback.Provider]:
    """Of each provider of which anything was decided in the period. A decided suggestion was last changed then."""
    decided: QuerySet[Suggestion] = Suggestion.objects.visible_to(reader).exclude(status=Suggestion.Status.PENDING)
    return feedback.providers(decided.filter(period.within("updated_at")))
