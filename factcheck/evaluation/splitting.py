"""How many of the claims that people drew from a text are found, each as a row of its own (Factcheck-Bench: Wang et al.
2024)."""

import re
import time
from collections import Counter
from pathlib import Path

from factcheck.evaluation import metrics, readers
from factcheck.evaluation.reports import Report
from factcheck.retrieval import embedding
from factcheck.text import claims, statements

ALIKE = 0.7
"""Token F1 from which two claims are the same one."""

_SILENT = frozenset({"a", "an", "the"})
_WORD = re.compile(r"\w+")


def evaluate(data: Path, limit: int | None = None) -> Report:
    """Micro-averaged over all texts: f1, precision, recall of claims matched one to one, the most alike first.

    Wanted: the claims that the set's readers labelled factual. Given: what `claims.find` takes for checkable, in the
    words that a person reads, without the brackets around what was put in. Compared as SQuAD compares answers
    (Rajpurkar et al. 2016): words in small letters, without articles and punctuation.
    """
    rows = readers.decomposed(data)[:limit]
    encoder = claims.Encoder(embedding.MODEL, embedding.encode)
    began = time.perf_counter()
    counts = metrics.Counts()
    for row in rows:
        given = [words(statements.unmarked(one.statement)) for one in claims.find(row.text, encoder) if one.checkable]
        wanted = [words(one) for one in row.claims]
        counts.right += matched(given, wanted)
        counts.given += len(given)
        counts.wanted += len(wanted)
    return Report(
        "splitting", str(data), counts.wanted, counts.metrics(), time.perf_counter() - began, claims.MODEL_VERSION
    )


def words(statement: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(statement.lower()) if word not in _SILENT)


def alike(one: Counter[str], other: Counter[str]) -> float:
    """F1 over the words of both, each as often as it occurs."""
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def matched(given: list[Counter[str]], wanted: list[Counter[str]]) -> int:
    """How many pairs can be told, taking the most alike first and each claim once."""
    scored = sorted(
        (-alike(one, other), at, other_at) for at, one in enumerate(given) for other_at, other in enumerate(wanted)
    )
    left, right = set[int](), set[int]()
    for score, at, other_at in scored:
        if -score < ALIKE:
            break
        if at not in left and other_at not in right:
            left.add(at)
            right.add(other_at)
    return len(left)
