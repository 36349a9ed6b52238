"""`manage.py train`: fits a model, writes its weights, and writes down where they came from."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from factcheck.evaluation import checkworthiness as measured
from factcheck.evaluation import metrics, readers, training
from factcheck.evaluation.readers import Labelled
from factcheck.evaluation.readings import readings
from factcheck.evaluation.reports import Report
from factcheck.retrieval import embedding
from factcheck.text import checkworthiness
from factcheck.text.linear import Linear, fingerprint, probability


def train_factual(data: Path, to: Path, today: date) -> Report:
    rows = readers.factual(data, only="newssd")
    began = time.perf_counter()
    read = readings([row.text for row in rows])
    strength = training.STRENGTH["factual"]
    values = np.zeros(len(rows))
    for train, test in training.folds(rows, measured.USUAL_FOLDS):
        part = training.fit([rows[at] for at in train], [read[at] for at in train], strength).model
        values[test] = [probability(part.odds(read[at])) for at in test]
    labels = [row.label for row in rows]
    figures = {
        **metrics.at_threshold(values, labels, 0.5),
        "average_precision": metrics.average_precision(values, labels),
        "threshold": 0.5,
        "calibration_error": metrics.calibration_error(values, labels),
    }
    training.fit(rows, read, strength).model.save(to / "factual.npz")
    _tell(to, "factual", rows, figures, today)
    return Report("factual", str(data), len(rows), figures, time.perf_counter() - began, "factual in 5 folds")


def train_checkworthiness(data: Path, to: Path, today: date) -> Report:
    """Wants factual.npz in `to`, fitted with the same encoder: the combination of both is fitted here."""
    record = json.loads((to / RECORD).read_text("utf-8")) if (to / RECORD).exists() else {}
    if not (to / "factual.npz").exists() or record.get("factual", {}).get("encoder") != embedding.MODEL:
        raise readers.UnreadableData(
            f"There is no factual.npz in {to} for the sentence encoder {embedding.MODEL}: run “train factual” first."
        )
    rows = readers.checkworthy(data)
    began = time.perf_counter()
    factual = Linear.load(to / "factual.npz")
    read = readings([row.text for row in rows])
    model = training.fit_checkworthiness(rows, read, factual)
    model.matters.save(to / "checkworthiness.npz")
    (to / "combination.json").write_text(json.dumps(asdict(model.combination), indent=1) + "\n", "utf-8")
    report = measured.evaluate(data, folds=measured.USUAL_FOLDS, factual=factual, read=read)
    _tell(to, "checkworthiness", rows, report.metrics, today)
    checkworthiness.model.cache_clear()
    checkworthiness.weights_version.cache_clear()
    report.seconds = time.perf_counter() - began
    return report


RECORD = "weights.json"

SOURCES = {
    "checkworthiness": (
        "ClaimBuster: A Benchmark Dataset of Check-worthy Factual Claims (Arslan, Hassan, Li & Tremayne, ICWSM 2020), "
        "CC BY 4.0. Label 1 (check-worthy) against the rest. Changed: only learned from."
    ),
    "factual": (
        "NewsSD-ENG (Antici, Ruggeri, Galassi, Korre, Muti, Bardi, Fedotova & Barrón-Cedeño: A Corpus for "
        "Sentence-level Subjectivity Detection on English News Articles, LREC-COLING 2024), CC BY 4.0. OBJ against "
        "SUBJ; the rows of news_subjectivity whose `sets` name newssd-train or newssd-val. Changed: only learned from."
    ),
}


def _tell(to: Path, name: str, rows: Sequence[Labelled], figures: Mapping[str, Any], today: date) -> None:
    """Keeps one record per model in weights.json and writes README.md anew from all of them."""
    known = np.unique(np.array([fingerprint(row.text) for row in rows], dtype=np.uint64))
    np.save(measured.trained_on(name, to), known, allow_pickle=False)
    record = to / RECORD
    told = json.loads(record.read_text("utf-8")) if record.exists() else {}
    told[name] = {
        "source": SOURCES[name],
        "encoder": embedding.MODEL,
        "rows": len(rows),
        "positive": sum(row.label for row in rows),
        "command": f"python manage.py train {name} --data ../shared/data",
        "date": today.isoformat(),
        "cross_validated": {key: round(value, 4) for key, value in figures.items() if isinstance(value, float)},
    }
    record.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (to / "README.md").write_text(_readme(told), "utf-8")


_ABOUT = f"""# Weights

Written by `manage.py train`; do not edit by hand. Logistic regressions on word sequences (1 to 3), letter sequences
(3 to 5), sequences of word classes and parts of the clause (spaCy), the marks of `factcheck/text/features.py`, and the
384 figures of the sentence encoder, calibrated by Platt’s method on folds they had not seen. A term is kept only when
at least {training.MIN_DOCUMENTS} sentences have it, at most {training.MOST_TERMS:,} terms a model; every figure in a
sentence counts as 0. No sentence can be read back from them.

`combination.json` puts the two together (see `factcheck/text/checkworthiness.py`), fitted on unseen folds of
claimbuster.
`…_trained_on.npy` hold 40-bit fingerprints of the sentences, so that evaluation never scores what was fitted on.
"""


def _readme(told: dict[str, dict[str, Any]]) -> str:
    lines = [_ABOUT]
    for name, one in sorted(told.items()):
        figures = ", ".join(f"{key} {value}" for key, value in one["cross_validated"].items())
        lines += [
            f"## {name}.npz",
            "",
            f"- From: {one['source']}",
            f"- Sentence encoder: {one['encoder']}; with another one these weights do not score",
            f"- Rows: {one['rows']}, of them {one['positive']} with label 1",
            f"- Command: `{one['command']}`, {one['date']}",
            f"- Five folds: {figures}",
            "",
        ]
    return "\n".join(lines)
