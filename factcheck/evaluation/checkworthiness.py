"""How well the check-worthiness score puts first what people found worth checking."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from factcheck.evaluation import metrics, readers
from factcheck.evaluation.readers import Labelled, UnreadableData
from factcheck.evaluation.reports import Report
from factcheck.text import checkworthiness
from factcheck.text.linear import Linear, fingerprint

TRAINED_ON = "trained_on.npy"
"""In the weights folder: sorted 40-bit fingerprints of the sentences that the shipped weights were fitted on."""

USUAL_FOLDS = 5


def evaluate(data: Path, limit: int | None = None, folds: int | None = None, factual: Linear | None = None) -> Report:
    """No row is scored by a model fitted on it.

    `folds` None: 5 folds within the data when most of it is what the weights were fitted on, otherwise the shipped
    weights score the rows that they were not fitted on, and the rest is left out and counted in a note. `factual`:
    the second model within folds, which has seen none of these rows; the shipped one when not given.
    """
    rows = readers.checkworthy(data)[:limit]
    began = time.perf_counter()
    known = seen(rows)
    if folds is None:
        folds = USUAL_FOLDS if known.mean() > 0.5 else 0
    if folds == 1:
        raise UnreadableData("One fold leaves nothing to fit on: give 0, or 2 and more.")
    notes = []
    if folds:
        values, thresholds = _in_folds(rows, folds, factual or checkworthiness.model().factual)
        chosen = values >= thresholds
        threshold = float(np.mean(thresholds))
        notes.append(
            f"{folds} folds, each fitted on the others; debates are not torn; threshold: mean of the folds’ own."
        )
        model = f"checkworthiness in {folds} folds"
    else:
        rows = [row for row, before in zip(rows, known, strict=True) if not before]
        if not rows:
            raise UnreadableData("Every row was used to fit the weights: give --folds to measure on them.")
        if known.any():
            notes.append(f"{int(known.sum())} rows were left out: the weights were fitted on them.")
        values = np.array([scored.value for scored in checkworthiness.score([row.text for row in rows])])
        threshold = checkworthiness.model().combination.threshold
        chosen = values >= threshold
        model = f"checkworthiness-{checkworthiness.weights_version()}"
    found = _figures(rows, values, chosen, threshold)
    sets = sorted({row.set for row in rows})
    for name in sets if len(sets) > 1 else []:
        part = np.array([row.set == name for row in rows])
        found[name] = _figures([row for row in rows if row.set == name], values[part], chosen[part], threshold) | {
            "n": int(part.sum())
        }
    return Report("checkworthiness", str(data), len(rows), found, time.perf_counter() - began, model, notes)


def seen(rows: Sequence[Labelled]) -> np.ndarray:
    """Whether the shipped weights were fitted on each row's wording."""
    path = checkworthiness.WEIGHTS / TRAINED_ON
    known = np.load(path, allow_pickle=False) if path.exists() else np.array([], dtype=np.uint64)
    return np.isin(np.array([fingerprint(row.text) for row in rows], dtype=np.uint64), known)


def _in_folds(rows: Sequence[Labelled], count: int, factual: Linear) -> tuple[np.ndarray, np.ndarray]:
    from factcheck.evaluation import training  # scikit-learn: only where something is fitted

    values, thresholds = np.zeros(len(rows)), np.zeros(len(rows))
    for train, test in training.folds(rows, count):
        fitted = training.fit_checkworthiness([rows[at] for at in train], factual)
        values[test] = [scored.value for scored in checkworthiness.score([rows[at].text for at in test], fitted)]
        thresholds[test] = fitted.combination.threshold
    return values, thresholds


def _figures(rows: Sequence[Labelled], values: np.ndarray, chosen: np.ndarray, threshold: float) -> dict[str, Any]:
    labels = [row.label for row in rows]
    return {
        **metrics.at_threshold(chosen.astype(float), labels, 0.5),
        "average_precision": metrics.average_precision(values, labels),
        "threshold": threshold,
        "calibration_error": metrics.calibration_error(values, labels),
    }
