"""How much memory a worker that splits articles takes, with all its models loaded.

Told after one sentence (what the models need by themselves, the baseline), after usual articles one by one, and after
one article of 100,000 words, which is several times what the desk takes in. Resident memory of this process, which has
the desk's code loaded as a worker has; the highest that it ever had is what a limit on a worker has to allow.
"""

import resource
import sys
import time
from pathlib import Path

import factcheck.tasks  # noqa: F401 - what a worker has loaded
from bench.ingest import resident
from factcheck.evaluation import readers
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report
from factcheck.retrieval import embedding
from factcheck.text import claims

GOAL = 900
"""MB."""
SIZE = 200
"""Articles."""
LONG = 100_000
"""Words of the long one."""


def measure(data: Path, size: int = SIZE, long: int = LONG) -> Report:
    """The first `size` articles of polnear_quotes; the long one is made of its articles, in one paragraph. Raises
    UnreadableData."""
    texts, began = [row.text for row in readers.attributed(data)], time.perf_counter()
    if not texts:
        raise UnreadableData(f"{data} holds no text.")
    encoder = claims.Encoder(embedding.MODEL, embedding.encode)
    claims.find("The river rose by three metres.", encoder)
    loaded = resident()
    for text in texts[:size]:
        claims.find(text, encoder)
    usual = resident()
    words = " ".join(texts).split()[:long]
    claims.find(" ".join(words), encoder)
    highest = highest_resident()
    metrics = {"mb_highest": highest, "goal": GOAL, "mb_models": loaded, "mb_after_articles": usual}
    verdict = "within" if highest <= GOAL else "beyond"
    read = min(size, len(texts))
    notes = [
        f"mb: after one sentence, after {read} articles, and the highest, after {len(words)} words; {verdict} the goal."
    ]
    model = f"{claims.MODEL_VERSION} {embedding.MODEL}"
    return Report("memory", str(data), read, metrics, time.perf_counter() - began, model, notes)


def highest_resident() -> float:
    """MB, the most that this process ever had in memory."""
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
