"""The figures that evaluation reports. Shares are 0 to 1; empty input gives 0.0, never an error."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

Figures = Sequence[float] | np.ndarray
Labels = Sequence[int] | np.ndarray


@dataclass(slots=True)
class Counts:
    """Right, given and wanted items, added up over documents (micro average)."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    def add(self, given: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> None:
        self.right += len(given & wanted)
        self.given += len(given)
        self.wanted += len(wanted)

    def metrics(self) -> dict[str, float]:
        precision = self.right / self.given if self.given else 0.0
        recall = self.right / self.wanted if self.wanted else 0.0
        return {"f1": f1(precision, recall), "precision": precision, "recall": recall}


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def at_threshold(values: Figures, labels: Labels, threshold: float) -> dict[str, float]:
    """F1, precision and recall of "value ≥ threshold" against labels 0 and 1."""
    chosen = np.asarray(values, dtype=float) >= threshold
    truth = np.asarray(labels) == 1
    return Counts(int((chosen & truth).sum()), int(chosen.sum()), int(truth.sum())).metrics()


def average_precision(values: Figures, labels: Labels) -> float:
    """Σ (recall step · precision) over distinct values from the highest down; equal values count as one step."""
    scores, truth = np.asarray(values, dtype=float), np.asarray(labels) == 1
    if not truth.any():
        return 0.0
    order = np.argsort(-scores, kind="stable")
    scores, truth = scores[order], truth[order]
    last_of_tie = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)
    hits = np.cumsum(truth)[last_of_tie]
    precision, recall = hits / (last_of_tie + 1), hits / truth.sum()
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def auc(values: Figures, labels: Labels) -> float:
    """Area under the ROC curve: how often a value labelled 1 is above one labelled 0, ties counting half (Mann &
    Whitney 1947)."""
    scores, truth = np.asarray(values, dtype=float), np.asarray(labels) == 1
    above, below = scores[truth], np.sort(scores[~truth])
    if not len(above) or not len(below):
        return 0.0
    wins = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(wins.sum() / (2 * len(above) * len(below)))


def best_threshold(values: Figures, labels: Labels) -> float:
    """The value from which F1 is best; the lowest such value when several are equally good."""
    scores, truth = np.asarray(values, dtype=float), np.asarray(labels) == 1
    order = np.argsort(-scores, kind="stable")
    scores, truth = scores[order], truth[order]
    last_of_tie = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)
    hits = np.cumsum(truth)[last_of_tie]
    f1 = 2 * hits / (last_of_tie + 1 + max(1, truth.sum()))
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)[-1]
    return float(scores[last_of_tie[best]])


def calibration_error(values: Figures, labels: Labels, bins: int = 10) -> float:
    """Expected calibration error, equal-width bins (Naeini, Cooper & Hauskrecht 2015): Σ share of bin · |mean value −
    share of 1|."""
    scores, truth = np.asarray(values, dtype=float), np.asarray(labels, dtype=float)
    if not len(scores):
        return 0.0
    place = np.minimum((scores * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            error += inside.mean() * abs(scores[inside].mean() - truth[inside].mean())
    return float(error)


def average_precision_at(ranked: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """Σ (precision at each hit) / min(relevant, depth): one query's part of MAP@depth."""
    hits, found = 0, 0.0
    for place, key in enumerate(ranked[:depth], start=1):
        if key in relevant:
            hits += 1
            found += hits / place
    return found / min(len(relevant), depth) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    return next((1 / place for place, key in enumerate(ranked, start=1) if key in relevant), 0.0)


def recall_at(ranked: Sequence[str], relevant: Collection[str], depth: int) -> float:
    return len(set(ranked[:depth]) & set(relevant)) / len(relevant) if relevant else 0.0


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """Normalised discounted cumulative gain with a gain of 0 or 1 (Järvelin & Kekäläinen 2002)."""
    gain = sum(1 / math.log2(place + 1) for place, key in enumerate(ranked[:depth], start=1) if key in relevant)
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(relevant), depth) + 1))
    return gain / ideal if ideal else 0.0
