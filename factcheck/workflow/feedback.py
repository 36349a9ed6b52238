"""How good the suggestions were, by what people made of them. Figures of the desk's own work, and no label of truth.

decided           accepted or dismissed; what is pending says nothing
precision@k       of the decided suggestions with a rank of k or better, the share that was accepted
acceptance        of all decided ones, the share that was accepted
time to a source  from the end of an article's first splitting to the first of its suggestions that was accepted, of
                  those that stand accepted now
"""

import statistics
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from factcheck.models import AuditEntry, Job, Suggestion, User

RANKS = (1, 5)


@dataclass(frozen=True, slots=True)
class Provider:
    """Of one provider. at: k -> (accepted, decided) among the ranks up to k."""

    name: str
    accepted: int
    dismissed: int
    pending: int
    at: dict[int, tuple[int, int]]

    @property
    def decided(self) -> int:
        return self.accepted + self.dismissed

    @property
    def acceptance(self) -> float | None:
        return share(self.accepted, self.decided)

    def precision(self, rank: int) -> float | None:
        return share(*self.at[rank])


@dataclass(frozen=True, slots=True)
class Feedback:
    """`all`: every provider together. `times`: one of each article in which a suggestion was accepted."""

    all: Provider
    providers: list[Provider]
    times: list[timedelta]

    @property
    def median(self) -> timedelta | None:
        seconds = [time.total_seconds() for time in self.times]
        return timedelta(seconds=statistics.median(seconds)) if seconds else None


def share(part: int, whole: int) -> float | None:
    """None of nothing: no decision is neither good nor bad."""
    return part / whole if whole else None


def figures(reader: User | None) -> Feedback:
    """Of the suggestions that the reader sees; None: the operator at a shell, all of them. Two queries."""
    suggestions = Suggestion.objects.visible_to(reader) if reader is not None else Suggestion.objects.all()
    of_each = providers(suggestions)
    accepted = suggestions.filter(status=Suggestion.Status.ACCEPTED)
    return Feedback(_together(of_each), of_each, _times(accepted))


def providers(suggestions: QuerySet[Suggestion]) -> list[Provider]:
    """What became of these suggestions, by provider. One query."""
    status = Suggestion.Status
    decided = Q(status__in=[status.ACCEPTED, status.DISMISSED])
    counts = {
        "accepted": Count("pk", filter=Q(status=status.ACCEPTED)),
        "dismissed": Count("pk", filter=Q(status=status.DISMISSED)),
        "pending": Count("pk", filter=Q(status=status.PENDING)),
    }
    for rank in RANKS:
        counts[f"accepted_{rank}"] = Count("pk", filter=Q(status=status.ACCEPTED, rank__lte=rank))
        counts[f"decided_{rank}"] = Count("pk", filter=decided & Q(rank__lte=rank))
    rows: Any = suggestions.order_by("provider").values("provider").annotate(**counts)
    return [_provider(row["provider"], row) for row in rows]


def _together(of_each: list[Provider]) -> Provider:
    return Provider(
        "",
        accepted=sum(one.accepted for one in of_each),
        dismissed=sum(one.dismissed for one in of_each),
        pending=sum(one.pending for one in of_each),
        at={rank: (sum(one.at[rank][0] for one in of_each), sum(one.at[rank][1] for one in of_each)) for rank in RANKS},
    )


def _provider(name: str, row: dict[str, int]) -> Provider:
    at = {rank: (row[f"accepted_{rank}"], row[f"decided_{rank}"]) for rank in RANKS}
    return Provider(name, row["accepted"], row["dismissed"], row["pending"], at)


def _times(accepted: QuerySet[Suggestion]) -> list[timedelta]:
    entries = AuditEntry.objects.filter(
        verb="suggestion.accepted", subject="suggestion", subject_id=OuterRef("pk")
    ).order_by("at")
    splits = Job.objects.filter(kind=Job.Kind.SPLIT, state=Job.State.DONE, article=OuterRef("claim__article")).order_by(
        "finished_at"
    )
    rows = accepted.order_by().values_list(
        "claim__article", Subquery(entries.values("at")[:1]), Subquery(splits.values("finished_at")[:1])
    )
    first: dict[int, timedelta] = {}
    for article, taken, split in rows:
        if taken and split:
            first[article] = min(taken - split, first.get(article, timedelta.max))
    return list(first.values())
