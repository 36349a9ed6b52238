"""How well two sentences that make the same claim are told from two that only look alike."""

import time
from pathlib import Path

from factcheck.evaluation import metrics, readers
from factcheck.evaluation.reports import Report
from factcheck.retrieval import embedding
from factcheck.text import sameclaim


def evaluate(data: Path, limit: int | None = None) -> Report:
    """The rule that ships on every pair; its nine coefficients were chosen on the development half."""
    rows = readers.paraphrases(data)[:limit]
    began = time.perf_counter()
    ours, theirs = embedding.encode([row.one for row in rows]), embedding.encode([row.other for row in rows])
    cosines = (ours * theirs).sum(axis=1).tolist()
    values = [sameclaim.judge(row.one, row.other, cosine).value for row, cosine in zip(rows, cosines, strict=True)]
    labels = [row.label for row in rows]
    found = {
        **metrics.at_threshold(values, labels, sameclaim.THRESHOLD),
        "average_precision": metrics.average_precision(values, labels),
        "threshold": sameclaim.THRESHOLD,
        "calibration_error": metrics.calibration_error(values, labels),
    }
    return Report("sameclaim", str(data), len(rows), found, time.perf_counter() - began, f"9 figures {embedding.MODEL}")
