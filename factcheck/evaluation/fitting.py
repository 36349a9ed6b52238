"""Fitting the ranker's coefficients. scipy and scikit-learn are needed here, never where the product runs.

Two steps, since order and certainty are different questions. The order: a conditional logit (McFadden 1974), which asks
of the candidates of one query for the right one to be first. No coefficient falls below 0: a feature that speaks for a
source in words must not speak against it in figures. The certainty: one line from that score to log odds (Platt 1999),
so that a score is about the share of such candidates that are right.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

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
KEPT = 0.995
"""Share of the right candidates that the thresholds of showing keep."""


@dataclass(slots=True)
class Observed:
    """A query's candidates: keys of documents, figures in the order of ranking.FITTED, whether each is right, and what
    it says (LookedAt.told)."""

    query: Query
    keys: list[str]
    figures: np.ndarray
    right: np.ndarray
    told: list[str]
    baselines: dict[str, list[str]]
    collection: str


@dataclass(frozen=True, slots=True)
class Fitted:
    coefficients: np.ndarray
    bias: float

    def odds(self, figures: np.ndarray) -> np.ndarray:
        return figures @ self.coefficients + self.bias

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
                            [one.told for one in looked[claim.pk]],
                            {way: distinct(keys[one] for one in ranked) for way, ranked in simple[claim.pk].items()},
                            collection.name,
                        )
                    )
    return found


def fit(rows: Sequence[Observed]) -> Fitted:
    """Each set of queries weighs as much as every other."""
    used = [row for row in rows if row.right.any() and not row.right.all()]
    size = Counter(row.collection for row in used)
    weights = np.array([1 / (len(size) * size[row.collection]) for row in used])
    deviations = np.vstack([row.figures for row in used]).std(axis=0)
    deviations[deviations == 0] = 1.0
    # One block for all queries: [query, candidate, feature], with places to spare where a query has fewer candidates.
    most = max(len(row.keys) for row in used)
    figures = np.zeros((len(used), most, len(ranking.FITTED)))
    there, right = np.zeros((2, len(used), most), dtype=bool)
    for place, row in enumerate(used):
        figures[place, : len(row.keys)] = row.figures / deviations
        there[place, : len(row.keys)] = True
        right[place, : len(row.keys)] = row.right

    def loss(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        scores = np.where(there, figures @ coefficients, -np.inf)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        of_right = (powers * right).sum(axis=1)
        among_right = powers * right / of_right[:, None]
        among_all = powers / powers.sum(axis=1, keepdims=True)
        value = -float(weights @ np.log(of_right / powers.sum(axis=1)))
        slope = -np.einsum("q,qc,qcf->f", weights, among_right - among_all, figures)
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
    """Log odds of each row's candidates by coefficients that were fitted on the other folds."""
    fold_of = folds(rows, count)
    fitted = [fit([row for row, fold in zip(rows, fold_of, strict=True) if fold != number]) for number in range(count)]
    return [fitted[fold].odds(row.figures) for row, fold in zip(rows, fold_of, strict=True)]


def leads(row: Observed, odds: np.ndarray, nothing: float) -> tuple[int, float]:
    """The place of the best candidate, and how far it stands above the next that says something else
    (ranking.Weights.is_strong)."""
    best = int(odds.argmax())
    others = [value for value, told in zip(odds, row.told, strict=True) if told != row.told[best]]
    return best, float(odds[best] - max(others, default=nothing))


def strong_from(rows: Sequence[Observed], odds: Sequence[np.ndarray], nothing: float) -> float:
    """The lowest lead from which, in every set, STRONG of the best candidates are right; one that none has when there
    is no such lead."""
    found, names = [], {row.collection for row in rows}
    for row, own in zip(rows, odds, strict=True):
        if len(own) and len(row.query.text.split()) >= ranking.LEAST_WORDS and own.max() >= ranking.LIKELY:
            best, lead = leads(row, own, nothing)
            found.append((lead, bool(row.right[best]), row.collection))
    found.sort(reverse=True)
    strong = found[0][0] + 1 if found else 1.0
    right, asked = Counter[str](), Counter[str]()
    for place, (lead, is_right, name) in enumerate(found, start=1):
        right[name] += is_right
        asked[name] += 1
        is_last_of_tie = place == len(found) or found[place][0] < lead
        if is_last_of_tie and all(right[each] >= STRONG * asked[each] for each in names):
            strong = lead
    return strong


def shown_from(rows: Sequence[Observed], odds: Sequence[np.ndarray]) -> float:
    """The score that KEPT of the right candidates reach."""
    right = np.concatenate([own[row.right] for row, own in zip(rows, odds, strict=True)])
    return float(1 / (1 + np.exp(-np.quantile(right, 1 - KEPT))))


def in_folds(rows: Sequence[Observed], count: int) -> list[Answer]:
    """Coefficients and the strong threshold of each fold are fitted on the others."""
    fold_of, answers = folds(rows, count), []
    for number in range(count):
        train = [row for row, fold in zip(rows, fold_of, strict=True) if fold != number]
        fitted = fit(train)
        strong = strong_from(train, unseen(train, count), fitted.bias)
        for row, fold in zip(rows, fold_of, strict=True):
            if fold != number:
                continue
            odds = fitted.odds(row.figures)
            ranked = distinct(row.keys[place] for place in np.argsort(-odds, kind="stable"))
            called = []
            if len(odds) and len(row.query.text.split()) >= ranking.LEAST_WORDS:
                best, lead = leads(row, odds, fitted.bias)
                called = [row.keys[best]] if odds[best] >= ranking.LIKELY and lead >= strong else []
            answers.append(Answer(row.query, ranked[:DEPTH], row.baselines, called))
    return answers


def ndcg(rows: Sequence[Observed], odds: Sequence[np.ndarray]) -> float:
    """nDCG at DEPTH of the candidates in the order of their odds."""
    ranked = [
        distinct(row.keys[place] for place in np.argsort(-own, kind="stable"))
        for row, own in zip(rows, odds, strict=True)
    ]
    return _mean_ndcg(rows, ranked)


def simple_ndcg(rows: Sequence[Observed], way: str) -> float:
    return _mean_ndcg(rows, [row.baselines[way] for row in rows])


def _mean_ndcg(rows: Sequence[Observed], ranked: Sequence[list[str]]) -> float:
    figures = [metrics.ndcg_at(keys, row.query.relevant, DEPTH) for row, keys in zip(rows, ranked, strict=True)]
    return sum(figures) / max(1, len(figures))
