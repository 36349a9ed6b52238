"""Garbled wording: how well made articles are told from clean ones, and how many substituted phrases are found."""

import json
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from factcheck.evaluation import metrics, readers, realnames, spinning
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report
from factcheck.text import spun
from factcheck.text.linear import fingerprint
from factcheck.text.terms import Terms

SHARES = (0.05, 0.15, 0.4)
SHARE = 0.15
"""Of the words of four letters and more: the share of the figures over all."""

LONGEST, SHORTEST = 6_000, 1_200
"""Characters of an article that are read, and that one must have."""

MOST = 150
"""Articles, unless a limit says otherwise: each is garbled six times."""

RECALL = 0.9

LABELS = Path(__file__).parent / "labels" / "pan_paraphrase.jsonl"

_ANY_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Substituted:
    """An article and its substituted phrases: (start, end, original), code points."""

    text: str
    phrases: tuple[tuple[int, int, str], ...]


def evaluate(data: Path, limit: int | None, vectors: Vectors, folds: int | None = None) -> Report:
    """Whatever of these the folder holds.

    auc, false_alarms_at_90_recall  made at SHARE from neighbours, against the articles they were made of; those that
                                    the weights were fitted on are left out. Below: other shares, and `reworded`,
                                    the generator that nothing was fitted on; `steady`: each
                                    word is replaced by the same one throughout
    suspicious                      share of the clean articles that spun.score() calls suspicious
    phrase_recall                   listed phrases that a mark overlaps
    original@3                      of these, the words that were there are among the first three
    marked_without_cause            share of the article's words that are marked outside them
    names                           of three words and more in these articles, half of their words replaced: told with
                                    the real name, with a wrong one; real names that are accused
    read by eye                     of the pairs of pan_paraphrase that a person read, by what was said of the second
                                    side: how often it looks more substituted than the first
    expected@5                      tortured phrases of a fold whose meaning is in the first five, learned from others
    """
    began = time.perf_counter()
    found: dict[str, Any] = {}
    count = 0
    for part in (_articles, _phrases, _tortured, _read_by_eye):
        try:
            rows, figures = part(data, limit, vectors, folds)
        except UnreadableData as missing:
            reason = missing
            continue
        count += rows
        found |= figures
    if not found:
        raise reason
    return Report("spun", str(data), count, found, time.perf_counter() - began, spun.model().version)


def _articles(data: Path, limit: int | None, vectors: Vectors, _: int | None) -> tuple[int, dict[str, Any]]:
    fitted = set(spun.trained_on())
    texts = [text[:LONGEST] for text in readers.articles(data) if len(text) >= SHORTEST]
    texts = [text for text in texts if fingerprint(text) not in fitted]
    order = np.random.default_rng(spinning.SEED).permutation(len(texts))[: limit or MOST]
    texts = [texts[at] for at in order]
    if not texts:
        raise UnreadableData(f"No article in {data} is long enough, or all were fitted on.")
    clean = [spun.score(text) for text in texts]
    found: dict[str, Any] = {}
    for name, others in (
        ("neighbours", spinning.neighbours(spun.model().pairings.words, vectors)),
        ("reworded", _reworded(data)),
    ):
        for share in SHARES if others else ():
            for steady in (False, True) if share == SHARE else (False,):
                spins = (spinning.spin(text, others, share, at, steady=steady) for at, text in enumerate(texts))
                made = [spun.score(one.text) for one in spins]
                found[f"{name} {share:.0%}{' steady' * steady}"] = told_apart(clean, made)
        if others:
            found[f"names {name}"] = realnames.evaluate(texts, others)
    return len(texts), found.get(f"neighbours {SHARE:.0%}", {}) | {"suspicious": _share(clean)} | found


def _reworded(data: Path) -> spinning.Replacements:
    try:
        return spinning.reworded(data)
    except UnreadableData:
        return {}


def told_apart(clean: Sequence[float], made: Sequence[float]) -> dict[str, float]:
    level = float(np.quantile(made, 1 - RECALL))
    return {
        "auc": metrics.auc([*clean, *made], [0] * len(clean) + [1] * len(made)),
        "false_alarms_at_90_recall": float(np.mean(np.array(clean) >= level)),
        "called_suspicious": _share(made),
    }


def _share(scores: Sequence[float]) -> float:
    return float(np.mean(np.array(scores) >= spun.SUSPICIOUS))


def substituted(data: Path) -> list[Substituted]:
    """Sets whose name begins with spun: `text`, and `phrases` with `start` and `end` (or the words as they stand, in
    `phrase`) and `original`."""
    found = []
    for name, _, row in readers.rows(data, "spun"):
        text = str(readers.field_of(row, "text", name))
        phrases = []
        for one in readers.field_of(row, "phrases", name):
            start = int(one["start"]) if "start" in one else text.find(readers.field_of(one, "phrase", name))
            end = int(one["end"]) if "end" in one else start + len(one["phrase"])
            if not 0 <= start < end <= len(text):
                raise UnreadableData(f"A phrase of {name} does not stand in its text: {one}.")
            phrases.append((start, end, str(readers.field_of(one, "original", name))))
        found.append(Substituted(text, tuple(phrases)))
    return found


def _phrases(data: Path, limit: int | None, *_: Any) -> tuple[int, dict[str, Any]]:
    wanted = found = right = words = outside = 0
    for article in substituted(data)[:limit]:
        marks = spun.find(article.text)
        places = [(match.start(), match.end()) for match in _ANY_WORD.finditer(article.text)]
        words += len(places)
        outside += sum(
            any(_overlap(place, (mark.start, mark.end)) for mark in marks)
            and not any(_overlap(place, (start, end)) for start, end, _ in article.phrases)
            for place in places
        )
        for start, end, original in article.phrases:
            over = [mark for mark in marks if _overlap((mark.start, mark.end), (start, end))]
            wanted += 1
            found += bool(over)
            right += any(restores(mark, article.text[start:end], original) for mark in over)
    return wanted, {
        "phrase_recall": found / wanted if wanted else 0.0,
        "original@3": right / found if found else 0.0,
        "marked_without_cause": outside / words if words else 0.0,
    }


def restores(mark: spun.Mark, phrase: str, original: str) -> bool:
    """One of the first three is the original, or all its words are the original's and none the phrase's."""
    there = set(original.lower().split())
    gone = set(phrase.lower().split()) - there
    return any(
        one.lower() == original.lower() or (set(one.lower().split()) <= there - gone and bool(one))
        for one in mark.likely[:3]
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _tortured(data: Path, limit: int | None, _: Any, folds: int | None) -> tuple[int, dict[str, Any]]:
    pairs = readers.tortured(data)[:limit]
    return len(pairs), {"expected@5": expected_at_5(pairs, folds or 5)}


def _read_by_eye(data: Path, *_: Any) -> tuple[int, dict[str, Any]]:
    said = {row["id"]: row["second"] for row in map(json.loads, LABELS.read_text("utf-8").splitlines())}
    found: dict[str, list[bool]] = defaultdict(list)
    for _, _, row in readers.rows(data, "pan_paraphrase"):
        if row["id"] in said:
            one, other = (_looks(row[side]) for side in ("s1", "s2"))
            found[said[row["id"]]].append(other > one)
    if not found:
        raise UnreadableData(f"No pair of {data} was read by eye.")
    figures = {
        f"read by eye: {name}": {"second": float(np.mean(its)), "n": len(its)} for name, its in sorted(found.items())
    }
    return sum(map(len, found.values())), figures


def _looks(text: str) -> float:
    """How many of the words look substituted: a mean, as a pair is too short for spun.score()."""
    return float(spun.article_features(spun.read(text, spun.model()))[0])


def expected_at_5(pairs: Sequence[tuple[str, str]], folds: int) -> float:
    """Phrases that are in the list word for word are not asked for: a fold is drawn over distinct phrases."""
    meant: dict[str, set[str]] = {}
    for written, expected in pairs:
        meant.setdefault(written, set()).add(expected)
    phrases = sorted(meant)
    fold = np.random.default_rng(spinning.SEED).permutation(len(phrases)) % folds
    right = 0
    for number in range(folds):
        known = {phrase: sorted(meant[phrase]) for phrase, its in zip(phrases, fold, strict=True) if its != number}
        terms = Terms(known, spun.model().synonyms_of)
        for phrase, its in zip(phrases, fold, strict=True):
            if its == number:
                right += bool(meant[phrase] & set(terms.likely(phrase)[: spun.MOST_LIKELY]))
    return right / len(phrases) if phrases else 0.0
