"""How often `text.compare` says of a figure what a reader said: agree, conflict or absent.

The labels are ours (labels/README.md): labels/comparison.jsonl names the texts by id and span, the data has them.
"""

import hashlib
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factcheck.evaluation import readers
from factcheck.evaluation.reports import Report
from factcheck.text import compare
from factcheck.text.compare import Compared

LABELS = Path(__file__).parent / "labels" / "comparison.jsonl"
VERDICTS = ("agree", "conflict", "absent")
SETS = ("healthver", "wice", "climate_fever")

Texts = dict[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Pair:
    claim: str
    start: int
    end: int
    passage: str
    label: str
    set: str
    half: str
    """"tune" or "held": which half of the labels, not of the data."""


def evaluate(data: Path, limit: int | None = None) -> Report:
    """accuracy is the share of pairs judged as the reader did; agree, conflict and absent are that share among the
    pairs so labelled. The same per set and per half of the labels, and who was taken for whom in the notes."""
    pairs = labelled(data)[:limit]
    began = time.perf_counter()
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for pair in pairs:
        given = judged(compare.compare(pair.claim, pair.passage), pair.start, pair.end)
        seen[pair.set, pair.half, pair.label, given] += 1
    metrics: dict[str, Any] = shares(seen)
    names = sorted({(0, name) for name, _, _, _ in seen} | {(1, half) for _, half, _, _ in seen})
    for place, name in names:
        metrics[name] = shares(Counter({key: count for key, count in seen.items() if key[place] == name}))
    return Report("comparison", str(data), len(pairs), metrics, time.perf_counter() - began, "rules", confusion(seen))


def judged(compared: list[Compared], start: int, end: int) -> str:
    """The verdict on the value that shares most of the span; a figure that was not read counts as absent."""
    best, verdict = 0, "absent"
    for one in compared:
        shared = min(one.value.end, end) - max(one.value.start, start)
        if one.value.kind != "name" and shared > best:
            best, verdict = shared, one.verdict
    return verdict


def shares(seen: Counter[tuple[str, str, str, str]]) -> dict[str, float | int | None]:
    right, total = Counter[str](), Counter[str]()
    for (_, _, label, given), count in seen.items():
        total[label] += count
        right[label] += count if label == given else 0
    found: dict[str, float | int | None] = {"accuracy": right.total() / total.total() if total else 0.0}
    found |= {label: right[label] / total[label] if total[label] else None for label in VERDICTS}
    return found | {"n": total.total()}


def confusion(seen: Counter[tuple[str, str, str, str]]) -> list[str]:
    cells: Counter[tuple[str, str]] = Counter()
    for (_, _, label, given), count in seen.items():
        cells[label, given] += count
    return ["", "label \\ said" + "".join(f"{verdict:>10}" for verdict in VERDICTS)] + [
        f"{label:<12}" + "".join(f"{cells[label, given]:>10}" for given in VERDICTS) for label in VERDICTS
    ]


def labelled(data: Path) -> list[Pair]:
    """The labelled pairs whose texts are in this data. Raises UnreadableData when none is."""
    texts = _texts(data)
    pairs = []
    for line in LABELS.read_text("utf-8").splitlines():
        row = json.loads(line)
        claim = texts.get((row["set"], row["text"], row["id"]))
        passage = texts.get((row["set"], "evidence", row["passage"]))
        if claim is not None and passage is not None and row["end"] <= len(claim):
            first = hashlib.sha256(f"{row['set']} {row['id']}".encode()).digest()[0]
            half = "held" if first % 2 else "tune"
            pairs.append(Pair(claim, row["start"], row["end"], passage, row["label"], row["set"], half))
    if not pairs:
        raise readers.UnreadableData(
            f"No text of the labelled pairs is in {data}: they belong to the development halves of {', '.join(SETS)}."
        )
    return pairs


def _texts(data: Path) -> Texts:
    """(set, "claim" or "evidence", id) to text, with the ids that labels/README.md tells of."""
    texts: Texts = {}
    for name, _, row in readers.rows(data, SETS):
        if name == "healthver":
            texts[name, "claim", str(row.get("id"))] = str(row.get("claim"))
            texts[name, "evidence", str(row.get("id"))] = str(row.get("evidence"))
        elif name == "climate_fever":
            texts[name, "claim", str(row.get("claim_id"))] = str(row.get("claim"))
            for one in row.get("evidences", []):
                texts[name, "evidence", str(one.get("evidence_id"))] = str(one.get("evidence"))
        elif name == "wice" and "supporting_sentences" in row and "non_supported_spans" not in row:
            own = str(row.get("meta", {}).get("id"))
            texts[name, "claim", own] = str(row.get("claim"))
            for at, sentence in enumerate(row.get("evidence", [])):
                texts[name, "evidence", f"{own}:{at}"] = str(sentence)
    return texts
