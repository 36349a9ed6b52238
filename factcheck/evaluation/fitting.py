"""Fitting the ranker's coefficients. scipy and scikit-learn are needed here, never where the product runs.

Two steps, since order and certainty are different questions. The order: a conditional logit (McFadden 1974), which asks
of the candidates of one query for the right one to be first. No coefficient falls below 0: a feature that speaks for a
source in words must not speak against it in figures. The certainty: one line from that score to log odds (Platt 1999),
so that a score is about the share of such candidates that are right.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from factcheck.evaluation import loading, matching, metrics
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.matching import BATCH, DEPTH, Answer, Scratch, distinct
from factcheck.evaluation.searchable import Collection, Query
from factcheck.retrieval import ranking
from factcheck.retrieval.providers import library

SEED = 20261124
SHRINKING = 0.003
"""Weight of the squared coefficients, of features with deviation 1; a tenth or ten times of it change MAP by .002."""
STRONG = 0.96
"""Precision on folds from which a match is called strong; above the .95 that is promised, which is of other texts."""
KEPT = 0.99
"""Share of the right candidates that the thresholds of showing keep."""


@dataclass(slots=True)
class Observed:
    """A query's candidates: keys of documents, figures in the order of ranking.FITTED, and whether each is right."""

    query: Query
    keys: list[str]
    figures: np.ndarray
    right: np.ndarray
    baselines: dict[str, list[str]]
    collection: str


@dataclass(frozen=True, slots=True)
class Fitted:
    coefficients: np.ndarray
    bias: float

    def scores(self, figures: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(figures @ self.coefficients + self.bias)))

    def told(self) -> dict[str, float]:
        named = zip(ranking.FITTED, self.coefficients, strict=True)
        return {"bias": round(self.bias, 3), **{name: round(float(value), 3) for name, value in named}}


def observed(collections: Sequence[Collection], scratch: Scratch, vectors: Vectors) -> list[Observed]:
    """What `library.look` finds for every query, each set in a library of its own."""
    found = []
    for collection in collections:
        with scratch():
            keys = loading.library(collection.documents, vectors)
            claims = loading.claims([(query.text, query.speaker) for query in collection.queries], vectors)
            for start in range(0, len(claims), BATCH):
                part = claims[start : start + BATCH]
                looked, simple = library.look(part, DEPTH), matching.baselines(part)
                for claim, query in zip(part, collection.queries[start : start + BATCH], strict=True):
                    own = [keys[one.source] for one in looked[claim.pk]]
                    figures = [[one.given.get(name, 0.0) for name in ranking.FITTED] for one in looked[claim.pk]]
                    found.append(
                        Observed(
                            query,
                            own,
                            np.array(figures).reshape(len(own), len(ranking.FITTED)),
                            np.array([key in query.relevant for key in own], dtype=bool),
                            {way: distinct(keys[one] for one in ranked) for way, ranked in simple[claim.pk].items()},
                            collection.name,
                        )
                    )
    return found


def fit(rows: Sequence[Observed]) -> Fitted:
    """Each set of queries weighs as much as every other."""
    used = [row for row in rows if row.right.any() and not row.right.all()]
    size = {name: sum(row.collection == name for row in used) for name in {row.collection for row in used}}
    weights = [1 / (len(size) * size[row.collection]) for row in used]
    deviations = np.vstack([row.figures for row in used]).std(axis=0)
    deviations[deviations == 0] = 1.0

    def loss(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.0, np.zeros_like(coefficients)
        for weight, row in zip(weights, used, strict=True):
            figures = row.figures / deviations
            score = figures @ coefficients
            powers = np.exp(score - score.max())
            value -= weight * float(np.log(powers[row.right].sum() / powers.sum()))
            among_right = np.where(row.right, powers, 0) / powers[row.right].sum()
            slope -= weight * (figures.T @ (among_right - powers / powers.sum()))
        return value + SHRINKING * float(coefficients @ coefficients), slope + 2 * SHRINKING * coefficients

    start = np.ones(len(ranking.FITTED))
    bounds = [(0, None)] * len(start)
    coefficients = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x / deviations
    scores = np.concatenate([row.figures @ coefficients for row in rows]).reshape(-1, 1)
    platt = LogisticRegression(C=1e6).fit(scores, np.concatenate([row.right for row in rows]))
    slope = float(platt.coef_[0, 0])
    return Fitted(slope * coefficients, float(platt.intercept_[0]))


def folds(rows: Sequence[Observed], count: int) -> list[int]:
    """The fold of each row. A text that stands in two sets is in one fold."""
    texts = sorted({row.query.text for row in rows})
    random.Random(SEED).shuffle(texts)  # noqa: S311 - folds, not secrets
    fold_of = {text: place % count for place, text in enumerate(texts)}
    return [fold_of[row.query.text] for row in rows]


def unseen(rows: Sequence[Observed], count: int) -> list[np.ndarray]:
    """Scores of each row's candidates by coefficients that were fitted on the other folds."""
    fold_of = folds(rows, count)
    fitted = [fit([row for row, fold in zip(rows, fold_of, strict=True) if fold != number]) for number in range(count)]
    return [fitted[fold].scores(row.figures) for row, fold in zip(rows, fold_of, strict=True)]


def strong_from(rows: Sequence[Observed], scores: Sequence[np.ndarray]) -> float:
    """The lowest score of a query's best candidate from which STRONG of them are right; 1 when none reaches that."""
    best = sorted(
        (
            (float(own.max()), bool(row.right[own.argmax()]))
            for row, own in zip(rows, scores, strict=True)
            if len(own) and len(row.query.text.split()) >= ranking.LEAST_WORDS
        ),
        reverse=True,
    )
    found, right = 1.0, 0
    for count, (score, is_right) in enumerate(best, start=1):
        right += is_right
        if right >= STRONG * count:
            found = score
    return found


def shown_from(rows: Sequence[Observed], scores: Sequence[np.ndarray]) -> float:
    """The score that KEPT of the right candidates reach."""
    right = np.concatenate([own[row.right] for row, own in zip(rows, scores, strict=True)])
    return float(np.quantile(right, 1 - KEPT))


def matched_in_folds(
    collections: Sequence[Collection], count: int, scratch: Scratch, vectors: Vectors
) -> tuple[list[Answer], dict[str, Any]]:
    rows = observed(collections, scratch, vectors)
    return in_folds(rows, count), {}


def in_folds(rows: Sequence[Observed], count: int) -> list[Answer]:
    """Coefficients and the strong threshold of each fold are fitted on the others."""
    fold_of, answers = folds(rows, count), []
    for number in range(count):
        train = [row for row, fold in zip(rows, fold_of, strict=True) if fold != number]
        fitted, strong = fit(train), strong_from(train, unseen(train, count))
        for row, fold in zip(rows, fold_of, strict=True):
            if fold != number:
                continue
            scores = fitted.scores(row.figures)
            ranked = [row.keys[place] for place in np.argsort(-scores, kind="stable")]
            is_strong = len(scores) and scores.max() >= strong and len(row.query.text.split()) >= ranking.LEAST_WORDS
            answers.append(Answer(row.query, distinct(ranked)[:DEPTH], row.baselines, ranked[:1] if is_strong else []))
    return answers


def ordered(rows: Sequence[Observed], scores: Sequence[np.ndarray]) -> list[tuple[list[str], frozenset[str]]]:
    return [
        (distinct(row.keys[place] for place in np.argsort(-own, kind="stable")), row.query.relevant)
        for row, own in zip(rows, scores, strict=True)
    ]


def ndcg(rows: Sequence[Observed], scores: Sequence[np.ndarray]) -> float:
    ranked = ordered(rows, scores)
    return sum(metrics.ndcg_at(keys, relevant, DEPTH) for keys, relevant in ranked) / max(1, len(ranked))
