"""How well the two scores put first what people found worth checking, and what people found factual."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from factcheck.evaluation import metrics, readers
from factcheck.evaluation.readers import Labelled, UnreadableData
from factcheck.evaluation.readings import readings
from factcheck.evaluation.reports import Report
from factcheck.text import checkworthiness
from factcheck.text.features import Reading
from factcheck.text.linear import Linear, fingerprint, probability

USUAL_FOLDS = 5

ENTIRELY_FACTUAL = 0.7
"""The shipped second model's value from which a sentence is called factual: stricter than the even odds it was fitted
for, because a sentence that is partly opinion counts as not factual here. Chosen on the development half of
babe_news_sentences; so were two settings of the fitting (see training), and nothing else."""


class Scorer(Protocol):
    @property
    def threshold(self) -> float: ...

    def value(self, reading: Reading) -> float: ...


@dataclass(frozen=True, slots=True)
class Factual:
    """The second question alone: is it a statement of fact."""

    linear: Linear
    threshold: float = 0.5

    def value(self, reading: Reading) -> float:
        return probability(self.linear.odds(reading))


Fit = Callable[[Sequence[Labelled], Sequence[Reading]], Scorer]


def trained_on(name: str, folder: Path = checkworthiness.WEIGHTS) -> Path:
    """Sorted 40-bit fingerprints of the sentences that the weights of this name were fitted on."""
    return folder / f"{name}_trained_on.npy"


def evaluate(
    data: Path,
    limit: int | None = None,
    folds: int | None = None,
    factual: Linear | None = None,
    read: Sequence[Reading] | None = None,
) -> Report:
    """No row is scored by a model fitted on it.

    `folds` None: 5 folds within the data when most of it is what the weights were fitted on, otherwise the shipped
    weights score the rows that they were not fitted on, and the rest is left out and counted in a note. `factual`:
    the second model within folds, which has seen none of these rows; the shipped one when not given. `read`:
    the rows' readings, when they are known already.
    """

    def fit(rows: Sequence[Labelled], seen: Sequence[Reading]) -> Scorer:
        from factcheck.evaluation import training  # scikit-learn: only where something is fitted

        return training.fit_checkworthiness(rows, seen, factual or checkworthiness.model().factual)

    rows = readers.checkworthy(data)[:limit]
    return _measured("checkworthiness", data, rows, folds, fit, checkworthiness.model, read)


def evaluate_factual(data: Path, limit: int | None = None, folds: int | None = None) -> Report:
    """The same for the second model alone; what is partly opinion counts as not factual."""

    def fit(rows: Sequence[Labelled], seen: Sequence[Reading]) -> Scorer:
        from factcheck.evaluation import training

        return Factual(training.fit(rows, seen, training.STRENGTH["factual"]).model)

    def shipped() -> Scorer:
        return Factual(checkworthiness.model().factual, ENTIRELY_FACTUAL)

    rows = readers.factual(data)[:limit]
    return _measured("factual", data, rows, folds, fit, shipped)


def _measured(
    name: str,
    data: Path,
    rows: list[Labelled],
    folds: int | None,
    fit: Fit,
    shipped: Callable[[], Scorer],
    read: Sequence[Reading] | None = None,
) -> Report:
    began = time.perf_counter()
    known = seen(rows, name)
    if folds is None:
        folds = USUAL_FOLDS if known.mean() > 0.5 else 0
    if folds == 1:
        raise UnreadableData("One fold leaves nothing to fit on: give 0, or 2 and more.")
    notes = []
    if folds:
        values, thresholds = _in_folds(rows, read or readings([row.text for row in rows]), folds, fit)
        chosen = values >= thresholds
        threshold = float(np.mean(thresholds))
        notes.append(
            f"{folds} folds, each fitted on the others; debates are not torn; threshold: mean of the folds’ own."
        )
        model = f"{name} in {folds} folds"
    else:
        rows = [row for row, before in zip(rows, known, strict=True) if not before]
        if not rows:
            raise UnreadableData("Every row was used to fit the weights: give --folds to measure on them.")
        if known.any():
            notes.append(f"{int(known.sum())} rows were left out: the weights were fitted on them.")
        scorer = shipped()
        values = np.array([scorer.value(reading) for reading in readings([row.text for row in rows])])
        threshold = scorer.threshold
        chosen = values >= threshold
        model = f"{name}-{checkworthiness.weights_version()}"
    found = _figures(rows, values, chosen, threshold)
    sets = sorted({row.set for row in rows})
    for one in sets if len(sets) > 1 else []:
        part = np.array([row.set == one for row in rows])
        found[one] = _figures([row for row in rows if row.set == one], values[part], chosen[part], threshold) | {
            "n": int(part.sum())
        }
    return Report(name, str(data), len(rows), found, time.perf_counter() - began, model, notes)


def seen(rows: Sequence[Labelled], name: str) -> np.ndarray:
    """Whether the shipped weights of this name were fitted on each row's wording."""
    path = trained_on(name)
    known = np.load(path, allow_pickle=False) if path.exists() else np.array([], dtype=np.uint64)
    return np.isin(np.array([fingerprint(row.text) for row in rows], dtype=np.uint64), known)


def _in_folds(rows: Sequence[Labelled], read: Sequence[Reading], count: int, fit: Fit) -> tuple[np.ndarray, np.ndarray]:
    from factcheck.evaluation import training

    values, thresholds = np.zeros(len(rows)), np.zeros(len(rows))
    for train, test in training.folds(rows, count):
        fitted = fit([rows[at] for at in train], [read[at] for at in train])
        values[test] = [fitted.value(read[at]) for at in test]
        thresholds[test] = fitted.threshold
    return values, thresholds


def _figures(rows: Sequence[Labelled], values: np.ndarray, chosen: np.ndarray, threshold: float) -> dict[str, Any]:
    labels = [row.label for row in rows]
    return {
        **metrics.at_threshold(chosen.astype(float), labels, 0.5),
        "average_precision": metrics.average_precision(values, labels),
        "threshold": threshold,
        "calibration_error": metrics.calibration_error(values, labels),
    }
