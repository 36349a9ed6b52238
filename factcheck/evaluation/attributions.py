"""How often who said what is found as the annotators found it (PolNeAR: Newell, Margolin & Ruths 2018)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factcheck.evaluation import readers
from factcheck.evaluation.metrics import Counts
from factcheck.evaluation.reports import Report
from factcheck.text import claims

DIRECT, ANY = 0.8, 0.5
"""Intersection over union, in code points, from which a direct quotation's content, or any content, is found."""

QUOTATION_MARKS = frozenset('“”"«»„')

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Said:
    content: tuple[Place, ...]
    source: tuple[Place, ...]
    direct: bool
    """The content holds a quotation mark: what the set's own has_direct_quote says."""


def evaluate(data: Path, limit: int | None = None) -> Report:
    """Micro-averaged over all articles, against the first annotator of each.

    direct_f1         contents with a direct quotation, IoU ≥ DIRECT, one to one
    speaker_accuracy  of these, where the annotator marked a source: share whose source's last word lies within it
    content_f1        all contents, IoU ≥ ANY, one to one
    """
    rows = readers.attributed(data)[:limit]
    began = time.perf_counter()
    direct, content = Counts(), Counts()
    named = right = 0
    for row in rows:
        gold = [Said(content, source, direct) for content, source, direct in row.said if content]
        ours = _ours(row.text)
        for counts, level, given, wanted in (
            (direct, DIRECT, [one for one in ours if one.direct], [one for one in gold if one.direct]),
            (content, ANY, ours, gold),
        ):
            pairs = _matched(given, wanted, level)
            counts.right += len(pairs)
            counts.given += len(given)
            counts.wanted += len(wanted)
            if counts is direct:
                sourced = [(one, other) for one, other in pairs if other.source]
                named += len(sourced)
                right += sum(_names(one, other) for one, other in sourced)
    metrics: dict[str, Any] = {f"direct_{name}": value for name, value in direct.metrics().items()}
    metrics["speaker_accuracy"] = right / named if named else 0.0
    metrics.update({f"content_{name}": value for name, value in content.metrics().items()})
    return Report("attributions", str(data), content.wanted, metrics, time.perf_counter() - began, claims.MODEL_VERSION)


def _ours(text: str) -> list[Said]:
    return [
        Said(
            one.content,
            (one.source,) if one.source else (),
            any(not QUOTATION_MARKS.isdisjoint(text[start:end]) for start, end in one.content),
        )
        for one in claims.statements(text)
    ]


def _matched(given: Sequence[Said], wanted: Sequence[Said], level: float) -> list[tuple[Said, Said]]:
    """One-to-one pairs with at least this overlap, the best first."""
    scored = []
    for at, one in enumerate(given):
        for other_at, other in enumerate(wanted):
            if one.content[0][0] < other.content[-1][1] and other.content[0][0] < one.content[-1][1]:
                shared = _overlap(one.content, other.content)
                if shared >= level:
                    scored.append((-shared, at, other_at))
    pairs, left, right = [], set[int](), set[int]()
    for _, at, other_at in sorted(scored):
        if at not in left and other_at not in right:
            left.add(at)
            right.add(other_at)
            pairs.append((given[at], wanted[other_at]))
    return pairs


def _overlap(one: Sequence[Place], other: Sequence[Place]) -> float:
    """Intersection over union of two sets of code points."""
    first = {place for start, end in one for place in range(start, end)}
    second = {place for start, end in other for place in range(start, end)}
    return len(first & second) / len(first | second) if first or second else 0.0


def _names(one: Said, other: Said) -> bool:
    """The last word of our source, its head, overlaps the annotators' source."""
    return any(start < last and last <= end for _, last in one.source[:1] for start, end in other.source)
