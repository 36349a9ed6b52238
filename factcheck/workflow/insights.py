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

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Aggregate, Case, Count, DurationField, F, OuterRef, Q, QuerySet, Subquery, Value, When
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
    median: timedelta | None
    p90: timedelta | None


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


class Percentile(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def turnaround(period: Period) -> list[Turnaround]:
    """Step by step, and last the whole period; [] when nothing went out. What is published is there for everybody."""
    begun = ClaimReview.objects.filter(claim=OuterRef("review__claim")).order_by("pk").values("created_at")[:1]
    first = Publication.objects.filter(period.within("published_at"), number=1).order_by()
    taken = first.annotate(took=F("published_at") - Subquery(begun))
    figures = {"n": Count("pk"), "median": Percentile("took", share="0.5"), "p90": Percentile("took", share="0.9")}
    steps: Any = (
        taken.annotate(since=Trunc("published_at", period.step, tzinfo=UTC)).values("since").annotate(**figures)
    )
    rows = [Turnaround(row["since"].date(), row["n"], row["median"], row["p90"]) for row in steps.order_by("since")]
    if rows:
        whole = taken.aggregate(**figures)
        rows.append(Turnaround(None, whole["n"], whole["median"], whole["p90"]))
    return rows


def backlog(reader: Reader) -> list[Waiting]:
    """One for each of AGES, the youngest first."""
    now = datetime.now(UTC)
    whens = [
        When(created_at__gt=now - timedelta(days=below), then=Value(number))
        for number, (_, below) in enumerate(AGES)
        if below is not None
    ]
    aged = Claim.objects.visible_to(reader).to_do().annotate(age=Case(*whens, default=Value(len(AGES) - 1)))
    counted: Any = aged.order_by().values_list("age", "status").annotate(n=Count("pk"))
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


def acceptance(reader: Reader) -> list[feedback.Provider]:
    """Of each provider of which anything was decided, since the desk began."""
    decided: QuerySet[Suggestion] = Suggestion.objects.visible_to(reader).exclude(status=Suggestion.Status.PENDING)
    return feedback.providers(decided)
