"""What English writes beside what: a trigram model with Katz's back-off (Katz 1987), small enough to ship.

Sequences are kept as 32-bit fingerprints, sorted, with their logarithms in steps of STEP; of four billion fingerprints
about 1 in 2,500 is taken, so a sequence that was never counted is mistaken for a counted one that often. Made by
`manage.py train spun`; what was left out is in its README (weights/spun). numpy only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]

STEP = 0.1
"""Nats per unit of the bytes on disk."""

NEVER = -18.0
"""Natural logarithm for a word that the model does not know."""

_MIXER = np.uint64(0x9E3779B97F4A7C15)
_LARGEST_GAP = 0xFFFF


@dataclass(frozen=True, slots=True)
class Sequences:
    """Fingerprints in order, and for each its log probability and back-off weight."""

    prints: npt.NDArray[np.uint32]
    logs: npt.NDArray[np.uint8]
    backoffs: npt.NDArray[np.uint8]

    def find(self, wanted: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
        """(whether it is there, where)."""
        at = np.minimum(np.searchsorted(self.prints, wanted), len(self.prints) - 1)
        return self.prints[at] == wanted, at


@dataclass(frozen=True, slots=True)
class Pairings:
    words: tuple[str, ...]
    """Most frequent first; then the sentence's start and end, then one place for every word that is not known."""
    id_of: Mapping[str, int]
    logs: Logs
    backoffs: Logs
    two: Sequences
    three: Sequences

    @property
    def start(self) -> int:
        return len(self.words)

    @property
    def end(self) -> int:
        return len(self.words) + 1

    @property
    def unknown(self) -> int:
        return len(self.words) + 2

    def pair(self, first: Ids, second: Ids) -> tuple[Logs, npt.NDArray[np.bool_]]:
        """Natural logarithm of P(second | first), and whether that pair was counted."""
        known, at = self.two.find(fingerprints(first, second))
        written = -STEP * self.two.logs[at].astype(np.float32)
        return np.where(known, written, self.backoffs[first] + self.logs[second]), known

    def triple(self, first: Ids, second: Ids, third: Ids) -> Logs:
        """Natural logarithm of P(third | first, second)."""
        known, at = self.three.find(fingerprints(first, second, third))
        context, there = self.two.find(fingerprints(first, second))
        shorter = self.pair(second, third)[0] - np.where(context, STEP * self.two.backoffs[there], 0).astype(np.float32)
        return np.where(known, -STEP * self.three.logs[at].astype(np.float32), shorter)

    def around(self, word: Ids, beside: Ids) -> Logs:
        """Natural logarithm of `word` and the two words after it, given the two before: `beside` has the columns
        second before, before, after, second after."""
        before, near, after, far = beside.T
        return self.triple(before, near, word) + self.triple(near, word, after) + self.triple(word, after, far)

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        words = tuple(bytes(stored["words"]).decode().split("\n"))
        two, three = (
            Sequences(
                np.cumsum(stored[f"{name}_gaps"], dtype=np.uint64).astype(np.uint32),
                stored[f"{name}_logs"],
                stored[f"{name}_backoffs"] if f"{name}_backoffs" in stored else np.zeros(0, np.uint8),
            )
            for name in ("two", "three")
        )
        ids = {word: at for at, word in enumerate(words)}
        logs, backoffs = (-STEP * stored[name].astype(np.float32) for name in ("one_logs", "one_backoffs"))
        logs[-1] = NEVER
        return cls(words, ids, logs, backoffs, two, three)


def fingerprints(*ids: Ids) -> npt.NDArray[np.uint32]:
    """32 bits for each sequence of words (multiplicative hashing, Knuth 1973)."""
    mixed = np.full(len(ids[0]), len(ids), dtype=np.uint64)
    for each in ids:
        mixed = (mixed ^ (each.astype(np.uint64) + np.uint64(1))) * _MIXER
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def gaps(prints: npt.NDArray[np.uint32], logs: Sequence[npt.NDArray[np.uint8]]) -> list[npt.NDArray[Any]]:
    """Distinct fingerprints as the distances between them, which fit two bytes, with `logs` in the same order. Where
    one does not fit, a fingerprint that nobody asked for is put between, as improbable as a byte can say."""
    kept, first = np.unique(prints, return_index=True)
    columns = [column[first] for column in logs]
    distance = np.diff(kept.astype(np.int64), prepend=0)
    while (wide := np.flatnonzero(distance > _LARGEST_GAP)).size:
        kept = np.insert(kept, wide, (kept[wide].astype(np.int64) - distance[wide] + _LARGEST_GAP).astype(np.uint32))
        columns = [np.insert(column, wide, 0xFF) for column in columns]
        distance = np.diff(kept.astype(np.int64), prepend=0)
    return [distance.astype(np.uint16), *columns]
