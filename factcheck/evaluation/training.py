"""Fitting the two small models that ship. scikit-learn is needed here, never where the product runs."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from factcheck.evaluation import metrics
from factcheck.evaluation.readers import Labelled, UnreadableData
from factcheck.text import features
from factcheck.text.checkworthiness import Combination, Model
from factcheck.text.linear import Linear, fingerprint, vectorised

MIN_DOCUMENTS = 5
"""A term in fewer sentences could only help to recognise a sentence again."""

MOST_TERMS = 30_000
"""Most frequent first; keeps the weights of both models under 1.5 MB."""

SEED = 20261124

INNER_FOLDS = 3
"""For calibration only; more change Platt's two figures in the third digit."""

Folds = Iterator[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Fitted:
    model: Linear
    unseen: np.ndarray
    """Calibrated log odds of every training sentence, each by a model that had not seen it."""


def fit(rows: Sequence[Labelled], *, strength: float = 1.0) -> Fitted:
    """`strength` is LogisticRegression's C. Platt's two figures are fitted on folds that the weights had not seen.

    Raises UnreadableData when all rows have the same label.
    """
    if len({row.label for row in rows}) < 2:
        raise UnreadableData("All rows have the same label: there is nothing to learn from them.")
    sentences = [row.text for row in rows]
    counted = [features.terms(sentence) for sentence in sentences]
    dense = np.array([features.dense(sentence) for sentence in sentences])
    target = np.array([row.label for row in rows])
    unseen = np.zeros(len(rows))
    for train, test in folds(rows, INNER_FOLDS):
        part = _fit(counted, dense, target, train, strength)
        unseen[test] = _odds(part, [counted[at] for at in test], dense[test])
    platt = LogisticRegression(C=1e6).fit(unseen.reshape(-1, 1), target)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    model = _fit(counted, dense, target, np.arange(len(rows)), strength)
    return Fitted(replace(model, slope=slope, offset=offset), slope * unseen + offset)


def fit_checkworthiness(rows: Sequence[Labelled], factual: Linear) -> Model:
    """The whole model that the product runs, with everything but `factual` fitted on these rows."""
    fitted = fit(rows, strength=1.0)
    target = [row.label for row in rows]
    odds = np.column_stack([fitted.unseen, [factual.odds(row.text) for row in rows]])
    rule = LogisticRegression(C=1e6).fit(odds, target)
    matters, comment = (float(figure) for figure in rule.coef_[0])
    values = 1 / (1 + np.exp(-(odds @ rule.coef_[0] + rule.intercept_[0])))
    threshold = metrics.best_threshold(values, target)
    return Model(fitted.model, factual, Combination(matters, comment, float(rule.intercept_[0]), threshold))


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


def _fit(
    counted: Sequence[Counter[str]], dense: np.ndarray, target: np.ndarray, rows: np.ndarray, strength: float
) -> Linear:
    documents: Counter[str] = Counter()
    for at in rows:
        documents.update(counted[at].keys())
    frequent = [term for term, count in documents.items() if count >= MIN_DOCUMENTS]
    kept = sorted(sorted(frequent, key=lambda term: (-documents[term], term))[:MOST_TERMS])
    vocabulary = {term: column for column, term in enumerate(kept)}
    idf = np.array([math.log((1 + len(rows)) / (1 + documents[term])) + 1 for term in kept])
    matrix = hstack([_matrix([counted[at] for at in rows], vocabulary, idf), csr_matrix(dense[rows])]).tocsr()
    fitted = LogisticRegression(C=strength, solver="liblinear", tol=1e-3, random_state=SEED).fit(matrix, target[rows])
    weights = fitted.coef_[0]
    return Linear(vocabulary, idf, weights[: len(kept)], weights[len(kept) :], float(fitted.intercept_[0]))


def _matrix(counted: Sequence[Counter[str]], vocabulary: dict[str, int], idf: np.ndarray) -> csr_matrix:
    starts = [0]
    columns: list[int] = []
    values: list[float] = []
    for terms in counted:
        vector = vectorised(terms, vocabulary, idf)
        columns.extend(vector)
        values.extend(vector.values())
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(counted), len(vocabulary)))


def _odds(model: Linear, counted: Sequence[Counter[str]], dense: np.ndarray) -> np.ndarray:
    return _matrix(counted, model.vocabulary, model.idf) @ model.weights + dense @ model.marks + model.bias
