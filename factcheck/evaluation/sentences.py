"""How often our sentence borders are the annotators', on exact spans."""

import time
from pathlib import Path
from typing import Any

from factcheck.evaluation import readers
from factcheck.evaluation.metrics import Counts
from factcheck.evaluation.reports import Report
from factcheck.text import sentences


def evaluate(data: Path, limit: int | None = None) -> Report:
    """Micro-averaged over all documents, and per set when there is more than one. A span counts only when both ends
    are right."""
    rows = readers.segmented(data)[:limit]
    began = time.perf_counter()
    overall, sets = Counts(), dict[str, Counts]()
    for row in rows:
        given = {(sentence.start, sentence.end) for sentence in sentences.split(row.text)}
        for counts in (overall, sets.setdefault(row.set, Counts())):
            counts.add(given, set(row.spans))
    found: dict[str, Any] = overall.metrics()
    found.update({name: counts.metrics() | {"n": counts.wanted} for name, counts in sets.items() if len(sets) > 1})
    return Report("sentences", str(data), overall.wanted, found, time.perf_counter() - began, "rules")
