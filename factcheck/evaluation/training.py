"""Fitting the two small models that ship. scikit-learn is needed here, never where the product runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from factcheck.evaluation import metrics
from factcheck.evaluation.readers import Labelled, UnreadableData
from factcheck.retrieval import embedding
from factcheck.text.checkworthiness import Combination, Model
from factcheck.text.features import Reading
from factcheck.text.linear import KINDS, Linear, fingerprint, kind

MIN_DOCUMENTS = 5
"""A term in fewer sentences could only help to recognise a sentence again."""

MOST_TERMS = 45_000
"""Most frequent first; keeps the weights of both models under 1.5 MB."""

STRENGTH = {"checkworthiness": 0.5, "factual": 0.05}
"""LogisticRegression's C: 718 sentences of news teach less than 17,774 of debates. Chosen, as is
MEANING_SCALE, on folds of claimbuster for the first; for the second on the development halves of babe_news_sentences
and of the rows of news_subjectivity outside NewsSD, whose figures are a little kind to it therefore."""

MEANING_SCALE = 3.0
"""The encoder's 384 figures are small beside the marks; without this the penalty would leave most of them unused."""

SEED = 20261124

INNER_FOLDS = 3
"""For calibration only; more change Platt's two figures in the third digit."""

Folds = Iterator[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Fitted:
    model: Linear
    unseen: np.ndarray
    """Calibrated log odds of every training sentence, each by a model that had not seen it."""


class Table:
    """What all sentences hold, counted once; every fit takes its own rows and terms from it."""

    def __init__(self, seen: Sequence[Reading]) -> None:
        counter = DictVectorizer()
        self.counts = counter.fit_transform([reading.terms for reading in seen]).tocsr()
        self.counts.data = 1.0 + np.log(self.counts.data)
        self.terms: list[str] = list(counter.feature_names_)
        self.kinds = np.array([kind(term) for term in self.terms])
        self.dense = np.array([reading.dense for reading in seen])
        self.meaning = np.array([reading.vector for reading in seen]) * MEANING_SCALE

    def frequent(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Columns of the terms worth a weight, kind by kind, and their idf among `rows`."""
        documents = np.bincount(self.counts[rows].indices, minlength=len(self.terms))
        order = np.lexsort((np.arange(len(self.terms)), -documents))
        kept = order[documents[order] >= MIN_DOCUMENTS][:MOST_TERMS]
        kept = kept[np.lexsort((kept, self.kinds[kept]))]
        return kept, np.log((1 + len(rows)) / (1 + documents[kept])) + 1

    def matrix(self, rows: np.ndarray, kept: np.ndarray, idf: np.ndarray) -> csr_matrix:
        """linear.vectorised for many sentences, then marks and meaning."""
        weighted = self.counts[rows][:, kept].multiply(idf).tocsr()
        parts = [normalize(weighted[:, np.flatnonzero(self.kinds[kept] == number)]) for number in range(KINDS)]
        return hstack([*parts, csr_matrix(self.dense[rows]), csr_matrix(self.meaning[rows])]).tocsr()


def fit(rows: Sequence[Labelled], seen: Sequence[Reading], strength: float) -> Fitted:
    """`seen`: the rows as they are read, in their order. Platt’s two figures are fitted on folds that the weights
    had not seen.

    Raises UnreadableData when all rows have the same label.
    """
    if len({row.label for row in rows}) < 2:
        raise UnreadableData("All rows have the same label: there is nothing to learn from them.")
    table = Table(seen)
    target = np.array([row.label for row in rows])
    unseen = np.zeros(len(rows))
    for train, test in folds(rows, INNER_FOLDS):
        kept, idf = table.frequent(train)
        part = _regression(strength).fit(table.matrix(train, kept, idf), target[train])
        unseen[test] = part.decision_function(table.matrix(test, kept, idf))
    platt = LogisticRegression(C=1e6).fit(unseen.reshape(-1, 1), target)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    every = np.arange(len(rows))
    kept, idf = table.frequent(every)
    fitted = _regression(strength).fit(table.matrix(every, kept, idf), target)
    linear = _linear(table, kept, idf, fitted.coef_[0], float(fitted.intercept_[0]))
    return Fitted(replace(linear, slope=slope, offset=offset), slope * unseen + offset)


def fit_checkworthiness(rows: Sequence[Labelled], seen: Sequence[Reading], factual: Linear) -> Model:
    """The whole model that the product runs, with everything but `factual` fitted on these rows."""
    fitted = fit(rows, seen, STRENGTH["checkworthiness"])
    target = [row.label for row in rows]
    odds = np.column_stack([fitted.unseen, [factual.odds(reading) for reading in seen]])
    rule = LogisticRegression(C=1e6).fit(odds, target)
    matters, comment = (float(figure) for figure in rule.coef_[0])
    values = 1 / (1 + np.exp(-(odds @ rule.coef_[0] + rule.intercept_[0])))
    threshold = metrics.best_threshold(values, target)
    combination = Combination(matters, comment, float(rule.intercept_[0]), threshold, embedding.MODEL)
    return Model(fitted.model, factual, combination)


def folds(rows: Sequence[Labelled], count: int) -> Folds:
    """(train, test) positions. A group is in one fold only; a test sentence's wording is never in train."""
    groups = [row.group for row in rows]
    names = sorted(set(groups))
    if len(names) < count:
        # One group cannot be shared out: then each sentence stands for itself.
        groups = names = [str(at) for at in range(len(rows))]
    shuffled = np.random.default_rng(SEED).permutation(len(names))
    fold_of = {names[at]: place % count for place, at in enumerate(shuffled)}
    fold = np.array([fold_of[group] for group in groups])
    known = [fingerprint(row.text) for row in rows]
    for number in range(count):
        test = np.flatnonzero(fold == number)
        wordings = {known[at] for at in test}
        train = np.array([at for at in np.flatnonzero(fold != number) if known[at] not in wordings], dtype=int)
        yield train, test


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=500)


def _linear(table: Table, kept: np.ndarray, idf: np.ndarray, weights: np.ndarray, bias: float) -> Linear:
    vocabulary = {table.terms[column]: at for at, column in enumerate(kept)}
    marks = len(kept) + table.dense.shape[1]
    meaning = weights[marks:] * MEANING_SCALE
    return Linear(vocabulary, idf, weights[: len(kept)], weights[len(kept) : marks], meaning, bias)
