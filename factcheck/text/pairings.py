"""What English writes beside what: a bigram model with Katz's back-off (Katz 1987), small enough to ship.

A pair of words is one number, BITS for each, so that no pair is mistaken for another; the numbers are kept sorted, as
the gaps between them, with their logarithms in steps of STEP. Made by `manage.py train spun`; what was left out is in
its README (weights/spun). numpy only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]

STEP = 0.5
"""Nats per unit of the bytes on disk."""

NEVER = -18.0
"""Natural logarithm for a word that the model does not know."""

BITS = 15
"""Of a word's number."""


@dataclass(frozen=True, slots=True)
class Pairings:
    words: tuple[str, ...]
    """Most frequent first; then the sentence's start and end, then one place for every word that is not known."""
    id_of: Mapping[str, int]
    logs: Logs
    backoffs: Logs
    pairs: npt.NDArray[np.uint32]
    """Numbers of the pairs that are likelier than their words say, in order."""
    pair_logs: npt.NDArray[np.uint8]

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
        """Natural logarithm of P(second | first), and whether that pair is kept."""
        wanted = numbers(first, second)
        at = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        known = self.pairs[at] == wanted
        written = -STEP * self.pair_logs[at].astype(np.float32)
        return np.where(known, written, self.backoffs[first] + self.logs[second]), known

    def between(self, before: Ids, word: Ids, after: Ids) -> Logs:
        """Natural logarithm of `word` and the one after it, given the one before."""
        return self.pair(before, word)[0] + self.pair(word, after)[0]

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        words = tuple(bytes(stored["words"]).decode().split("\n"))
        ids = {word: at for at, word in enumerate(words)}
        logs, backoffs = (-STEP * stored[name].astype(np.float32) for name in ("logs", "backoffs"))
        logs[-1] = NEVER
        return cls(words, ids, logs, backoffs, unpacked(stored["pairs"]), stored["pair_logs"])


def numbers(first: Ids, second: Ids) -> npt.NDArray[np.uint32]:
    return ((first << BITS) | second).astype(np.uint32)


def packed(ordered: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Numbers in order as the gaps between them: all their lowest bytes first, then all the next ones. Half as long
    when packed as the numbers one after the other."""
    gaps = np.diff(ordered, prepend=np.uint32(0)).astype("<u4")
    return np.ascontiguousarray(gaps.view(np.uint8).reshape(-1, 4).T)


def unpacked(stored: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    gaps = np.ascontiguousarray(stored.T).view("<u4").ravel()
    return np.cumsum(gaps, dtype=np.uint64).astype(np.uint32)
