"""Garbled wording: words that a machine may have put in the place of others, with what probably stood there. English.

A word is marked where English hardly ever writes it beside its neighbours, while a synonym of it, in whatever sense,
is what everybody writes there: “monetary markets” for “financial markets”. How much likelier the synonym makes the
words from the one before it to the one behind it is a log likelihood ratio (pairings.py); a logistic regression weighs
it with how common the words and pairs are. More signs need no figures: a word left in braces, the name of a language
for a nationality, a little word written twice, and phrases that such machines are known by (leftovers.py), most of
them of the list of tortured phrases (Cabanac, Labbé & Magazinov 2021).

Signals with reasons, never a verdict: docs/integrity.md says what is missed and what is marked without cause.
"""

import functools
import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from factcheck.text import leftovers
from factcheck.text.pairings import BITS, Ids, Logs, Pairings, unpacked
from factcheck.text.terms import Terms

WEIGHTS = Path(__file__).parent / "weights" / "spun"

MOST_CHARACTERS = 200_000
"""Of a longer text only so much is read: a book, not an article."""

MOST_LIKELY = 5

SUSPICIOUS = 0.5
"""score() of an article that is worth a look; it takes INDEPENDENT marks to get there."""

INDEPENDENT = 2

CERTAIN = 0.95
"""How probable a sign of leftovers.py counts to be, beside the figures of words."""

Kind = Literal["pairing", "leftover", "language", "doubled", "known phrase"]


@dataclass(frozen=True, slots=True)
class Reason:
    kind: Kind
    written: str
    """The words as they stand, with their neighbours for a pairing."""
    expected: str
    """The same with the likeliest original; empty when none is known."""


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    """Code points, end-exclusive."""
    likely: tuple[str, ...]
    """What may have stood there, best first, at most MOST_LIKELY; an empty string says that nothing did."""
    reasons: tuple[Reason, ...]
    value: float
    """0 to 1: how probable it is that words were substituted here, on made material."""


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Model:
    pairings: Pairings
    begins: npt.NDArray[np.int64]
    """Where the synonyms of each word begin, and one more for the last one's end."""
    synonyms: Ids
    strength: Logs
    """How closely the thesauri hold the two together, 0 to 6."""
    weights: Logs
    """Of FEATURES, then the bias: is this word substituted?"""
    article: Logs
    """Of article_features(), then the bias: is this article?"""
    quiet: float
    loud: float
    """Values from which a word is marked: in an article that is not suspicious as a whole, and in one that is."""
    version: str

    def synonyms_of(self, word: str) -> Iterator[tuple[str, int]]:
        at = self.pairings.id_of.get(word)
        for place in range(self.begins[at], self.begins[at + 1]) if at is not None else ():
            yield self.pairings.words[self.synonyms[place]], int(self.strength[place])


FEATURES = (
    *("best", "sum", "likelier", "strength", "left", "right", "left known", "right known", "rare", "many", "name"),
    *("commoner", "elsewhere", "any elsewhere", "again", "left strange", "right strange"),
)

STRENGTH_COUNTS = 1.0
"""Nats that one step of strength is worth when originals are ordered. Chosen, as is MANY_COUNTS, on made material."""

MANY_COUNTS = 0.5

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|\d[\d.,]*|[.!?;:\n]")
_BREAK = frozenset(".!?;:\n")


@functools.cache
def model() -> Model:
    """Read once per process: a fifth of a second and 45 MB."""
    path = WEIGHTS / "spun.npz"
    with np.load(path, allow_pickle=False) as stored:
        return model_of(stored, f"spun-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}")


def model_of(stored: Mapping[str, Any], version: str) -> Model:
    quiet, loud = (float(value) for value in stored["thresholds"])
    pairings = Pairings.load(stored)
    both = unpacked(stored["synonyms"]).astype(np.int64)
    one, other = both >> BITS, both & (1 << BITS) - 1
    words, others = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((others, words))
    return Model(
        pairings,
        np.concatenate([[0], np.cumsum(np.bincount(words, minlength=len(pairings.words)))]),
        others[order],
        np.tile(stored["strength"], 2)[order].astype(np.float32),
        stored["weights"],
        stored["article"],
        quiet,
        loud,
        version,
    )


@functools.cache
def terms() -> Terms:
    """Of the list that ships; read once per process."""
    return Terms(leftovers.phrases(), model().synonyms_of)


@functools.cache
def trained_on() -> frozenset[int]:
    """Fingerprints (linear.py) of the articles that the weights were fitted on."""
    with np.load(WEIGHTS / "spun.npz", allow_pickle=False) as stored:
        return frozenset(stored["trained_on"].tolist())


def find(text: str) -> list[Mark]:
    """In order of the text; marks never overlap."""
    return _marks(read(text[:MOST_CHARACTERS], model()), model())


def score(text: str) -> float:
    """0 to 1: how much the text reads as if a machine had put synonyms into it. Under SUSPICIOUS where fewer than
    INDEPENDENT marks stand apart from each other."""
    reading = read(text[:MOST_CHARACTERS], model())
    value = article_value(reading, model().article)
    return value if apart(_marks(reading, model()), text) >= INDEPENDENT else min(value, math.nextafter(SUSPICIOUS, 0))


def apart(marks: Sequence[Mark], text: str) -> int:
    """Marks that do not stand right behind another one, nor repeat words that were marked before."""
    seen: set[str] = set()
    count, end = 0, -2
    for mark in marks:
        words = text[mark.start : mark.end].lower()
        count += mark.start > end + 1 and words not in seen
        seen.add(words)
        end = mark.end
    return count


@dataclass(frozen=True, slots=True)
class Reading:
    """What every word with synonyms looks like where it stands."""

    text: str
    words: list[Word]
    asked: list[int]
    """Positions in `words`."""
    features: Logs
    """One row of FEATURES for each of them."""
    values: Logs
    likely: list[list[str]]
    signs: list[leftovers.Sign]


def article_features(reading: Reading) -> list[float]:
    """How many words look substituted, and what becomes of that where words are rare or seldom said again."""
    if not reading.asked:
        return [0.0] * 4
    rare, again = (reading.features[:, FEATURES.index(name)].mean() for name in ("rare", "again"))
    return [float(reading.values.mean()), float((reading.values > 0.5).mean()), float(rare), float(again)]


def article_value(reading: Reading, weights: Logs) -> float:
    return float(_probability(np.dot(article_features(reading), weights[:-1]) + weights[-1]))


def read(text: str, used: Model) -> Reading:
    pairings = used.pairings
    words = _words(text, pairings)
    signs = leftovers.find(text)
    ids = np.array([_id(word.text, pairings) for word in words], dtype=np.int64)
    asked = np.flatnonzero(np.append(np.diff(used.begins), [0, 0, 0])[ids] > 0) if words else ids
    if not len(asked):
        return Reading(text, words, [], np.zeros((0, len(FEATURES)), np.float32), np.zeros(0, np.float32), [], signs)
    names = np.array([words[at].text[0].isupper() for at in asked], dtype=np.float32)
    features, likely = _looked_at(ids, asked, names, used)
    values = _probability(features @ used.weights[:-1] + used.weights[-1])
    starts = np.array([words[at].start for at in asked])
    for sign in signs:
        values[np.searchsorted(starts, sign.start) : np.searchsorted(starts, sign.end)] = CERTAIN
    originals = [[pairings.words[one] for one in ones] for ones in likely]
    return Reading(text, words, asked.tolist(), features, values, originals, signs)


def _looked_at(ids: Ids, asked: Ids, names: Logs, used: Model) -> tuple[Logs, list[Ids]]:
    """FEATURES of the words at `asked`, and the likely originals of each, best first."""
    pairings = used.pairings
    (before, after), asking = _beside(ids, asked, pairings), ids[asked]
    many = used.begins[asking + 1] - used.begins[asking]
    owner = np.repeat(np.arange(len(asked)), many)
    first = np.cumsum(many) - many
    times = np.bincount(ids, minlength=len(pairings.logs))
    places = np.arange(len(owner)) - first[owner] + used.begins[asking][owner]
    others, strength = used.synonyms[places], used.strength[places]
    likelier = pairings.between(before[owner], others, after[owner])
    likelier -= pairings.between(before, asking, after)[owner]
    worth = likelier + STRENGTH_COUNTS * strength - MANY_COUNTS * np.log(many)[owner]
    order = np.lexsort((-worth, owner))
    best = order[first]
    left, left_known = pairings.pair(before, asking)
    right, right_known = pairings.pair(asking, after)
    features = np.column_stack(
        [
            worth[best],
            worth[best] + np.log(np.add.reduceat(np.exp(worth - worth[best][owner]), first)),
            np.maximum.reduceat(likelier, first),
            strength[best],
            left - pairings.logs[asking],
            right - pairings.logs[after],
            left_known,
            right_known,
            np.log1p(asking),
            np.log(many),
            names,
            pairings.logs[others[best]] - pairings.logs[asking],
            np.log1p(times[others[best]]),
            np.log1p(np.add.reduceat(times[others] * (strength >= 3), first)),
            np.log(times[asking]),
            before == pairings.unknown,
            after == pairings.unknown,
        ]
    ).astype(np.float32)
    return features, [others[order[at : at + min(count, MOST_LIKELY)]] for at, count in zip(first, many, strict=True)]


def _words(text: str, pairings: Pairings) -> list[Word]:
    """Words, numbers and ends of sentences; of a compound with hyphens its parts, unless it is a known word itself."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        at = match.start()
        whole = match.group().lower() in pairings.id_of
        for part in [match.group()] if whole else match.group().split("-"):
            words.append(Word(at, at + len(part), part))
            at += len(part) + 1
    return words


def _id(word: str, pairings: Pairings) -> int:
    if word in _BREAK:
        return pairings.end
    folded = word.lower().replace("’", "'")
    known = pairings.id_of.get(folded)
    return known if known is not None else pairings.id_of.get(folded.removesuffix("'s"), pairings.unknown)


def _beside(ids: Ids, asked: Ids, pairings: Pairings) -> tuple[Ids, Ids]:
    """The words before and after those at `asked`, within their sentences."""
    padded = np.concatenate([[pairings.end], ids, [pairings.end]])
    before = padded[asked]
    return np.where(before == pairings.end, pairings.start, before), padded[asked + 2]


def _marks(reading: Reading, used: Model) -> list[Mark]:
    found = [_signed(reading.text, sign) for sign in reading.signs]
    threshold = used.loud if article_value(reading, used.article) >= SUSPICIOUS else used.quiet
    found += [_term(reading, int(at)) or _mark(reading, int(at)) for at in np.flatnonzero(reading.values >= threshold)]
    kept: list[Mark] = []
    # Signs come first where both begin; a term's mark may reach into the one of its second word.
    for mark in sorted(found, key=lambda mark: mark.start):
        if not kept or kept[-1].end <= mark.start:
            kept.append(mark)
    return kept


def _signed(text: str, sign: leftovers.Sign) -> Mark:
    reason = Reason(sign.kind, text[sign.start : sign.end].strip(), sign.likely[0])
    return Mark(sign.start, sign.end, sign.likely[:MOST_LIKELY], (reason,), CERTAIN)


def _term(reading: Reading, at: int) -> Mark | None:
    """The word with the one after or before it, where both stand in the list for the words of one term."""
    place, words = reading.asked[at], reading.words
    for first, second in ((place, place + 1), (place - 1, place)):
        if first >= 0 and second < len(words) and words[second].start == words[first].end + 1:
            likely = terms().garbled(words[first].text.lower(), words[second].text.lower())
            if likely:
                start, end = words[first].start, words[second].end
                reason = Reason("known phrase", reading.text[start:end], likely[0])
                return Mark(start, end, tuple(likely[:MOST_LIKELY]), (reason,), float(reading.values[at]))
    return None


def _mark(reading: Reading, at: int) -> Mark:
    place, words = reading.asked[at], reading.words
    word = words[place]
    likely = tuple(_as_written(one, word.text) for one in reading.likely[at])
    around = [one.text for one in words[max(0, place - 1) : place]], [one.text for one in words[place + 1 : place + 2]]
    written, expected = (
        " ".join(one for one in (*around[0], middle, *around[1]) if one not in _BREAK)
        for middle in (word.text, likely[0])
    )
    reason = Reason("pairing", written, expected)
    return Mark(word.start, word.end, likely, (reason,), float(reading.values[at]))


def _as_written(word: str, pattern: str) -> str:
    if len(pattern) > 1 and pattern.isupper():
        return word.upper()
    return word.capitalize() if pattern[0].isupper() else word


def _probability(odds: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -60, 60)))
