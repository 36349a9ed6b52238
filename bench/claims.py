"""How many words a second are split into claims, beside the bare models that the splitter stands on.

Ours is the whole of `claims.find`, which encodes each statement. The baseline is one parse of each sentence by spaCy
and one pass of the encoder over the sentences, with nothing made of them. Both take each text in turn, so that
whatever else the machine does falls on both; the first text loads what is loaded once, and is not counted.
"""

import time
from pathlib import Path
from statistics import median
from typing import Any

from factcheck.evaluation import readers
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report
from factcheck.retrieval import embedding
from factcheck.text import claims, english, sentences

GOAL = 0.7
"""Of the baseline's speed."""
SIZE = 60


def measure(data: Path, size: int = SIZE) -> Report:
    """The first `size` articles of polnear_quotes. Raises UnreadableData."""
    texts, began = [row.text for row in readers.attributed(data)[: size + 1]], time.perf_counter()
    if len(texts) < 2:
        raise UnreadableData(f"{data} holds fewer than two texts.")
    encoder = claims.Encoder(embedding.MODEL, embedding.encode)
    ours, baseline, found = [], [], 0
    for number, text in enumerate(texts):
        started = time.perf_counter()
        candidates = claims.find(text, encoder)
        between = time.perf_counter()
        spans = [text[one.start : one.end] for one in sentences.split(text)]
        list(english.read(spans))
        embedding.encode(spans)
        ended = time.perf_counter()
        if number:
            ours.append(between - started)
            baseline.append(ended - between)
            found += len(candidates)
    ratio = sum(baseline) / sum(ours)
    counted = sum(len(text.split()) for text in texts[1:])
    metrics = {"ratio": ratio, "goal": GOAL, "ours": spread(ours, counted), "baseline": spread(baseline, counted)}
    verdict = "within" if ratio >= GOAL else "short of"
    notes = [
        f"ms: by the clock, of one text, of {counted / len(ours):.0f} words on average and {found / len(ours):.0f}"
        f" claims. Ours has {ratio:.2f} of the speed of the bare models, {verdict} the goal of {GOAL}."
    ]
    model = f"{claims.MODEL_VERSION} {embedding.MODEL}"
    return Report("claims", str(data), len(ours), metrics, time.perf_counter() - began, model, notes)


def spread(seconds: list[float], counted: int) -> dict[str, Any]:
    return {
        "words_per_second": counted / sum(seconds),
        "min_ms": 1000 * min(seconds),
        "median_ms": 1000 * median(seconds),
        "max_ms": 1000 * max(seconds),
    }
