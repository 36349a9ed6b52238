"""What a garbled technical term meant: “profound learning” is “deep learning”, from terms garbled in a like way.

Learned from a list of phrases with their meanings: which words stand for which, and which terms there are. A meaning is
worth the logarithm of how often its words were written so, its number of mentions, and less for each word of it that
nothing stands for. Meanings that the list does not hold are put together word by word.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

Synonyms = Callable[[str], Iterable[tuple[str, int]]]
"""Word → synonyms, each with a strength of 0 to 6."""

MOST_WORDS = 6

STRONG = 3
"""Strength from which a synonym of the thesauri counts at all."""

UNMATCHED, INVENTED = 5.0, 2.0
"""Nats that a word costs which stands for nothing, and a meaning that is not in the list. Chosen on folds."""

SAME, SYNONYM, SMOOTH = 2.0, 0.015, 4.0
"""Mentions that a word standing for itself, and one step of strength, count for; mentions added to each word's own."""

_FEW = 6
"""Words tried at each place when a meaning is put together."""


class Terms:
    def __init__(self, known: Mapping[str, Sequence[str]], synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._mentions: Counter[tuple[str, ...]] = Counter()
        self._written: Counter[str] = Counter()
        self._stands_for: dict[str, Counter[str]] = defaultdict(Counter)
        self._within: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for phrase, meanings in known.items():
            for meaning in meanings:
                self._learn(phrase.split(), tuple(meaning.split()))

    def _learn(self, phrase: Sequence[str], term: tuple[str, ...]) -> None:
        self._mentions[term] += 1
        for word in term:
            self._within[word].add(term)
        if len(phrase) == len(term):
            for written, meant in zip(phrase, term, strict=True):
                self._stands_for[written][meant] += 1
                self._written[meant] += 1

    def likely(self, phrase: str) -> list[str]:
        """Meanings of a phrase in small letters, best first; none where nothing is known of its words."""
        words = phrase.split()[:MOST_WORDS]
        meant = [self._meanings(word) for word in words]
        near = {term for its in meant for one in its for term in self._within.get(one, ())}
        worth = {term: self._worth(term, meant) + math.log(self._mentions[term]) for term in near}
        few = [sorted(its, key=lambda one: (-its[one], one))[:_FEW] for its in meant]
        if len(words) <= 3 and all(few):
            for term in itertools.product(*few):
                if term not in worth:
                    total = sum(its[one] for its, one in zip(meant, term, strict=True))
                    worth[term] = total - INVENTED
        worth.pop(tuple(words), None)
        return [" ".join(term) for term in sorted(worth, key=lambda one: (-worth[one], one))]

    def garbled(self, first: str, second: str) -> list[str]:
        """Terms of the list for which both words stand in it, each for another word; most mentioned first."""
        terms = [
            term
            for term in itertools.product(self._stands_for.get(first, ()), self._stands_for.get(second, ()))
            if term in self._mentions and term[0] != first and term[1] != second
        ]
        return [" ".join(term) for term in sorted(terms, key=lambda one: (-self._mentions[one], one))]

    def _meanings(self, word: str) -> dict[str, float]:
        """What a word may stand for → log of how likely it is written so."""
        mentions: dict[str, float] = defaultdict(float)
        for other, strength in self._synonyms(word):
            if strength >= STRONG:
                mentions[other] += SYNONYM * strength
        for other, count in self._stands_for.get(word, {}).items():
            mentions[other] += count
        mentions[word] += SAME if word in self._within else SYNONYM
        return {other: math.log(count / (self._written[other] + SMOOTH)) for other, count in mentions.items()}

    def _worth(self, term: tuple[str, ...], meant: Sequence[Mapping[str, float]]) -> float:
        """Word by word where there are as many, else each to the best of the others."""
        if len(term) == len(meant):
            return sum(its.get(one, -UNMATCHED) for one, its in zip(term, meant, strict=True))
        best = [max(term, key=lambda one, its=its: its.get(one, -UNMATCHED)) for its in meant]  # type: ignore[misc]
        total = sum(its.get(one, -UNMATCHED) for one, its in zip(best, meant, strict=True))
        return total - UNMATCHED * (len(set(term)) - len(set(best)) + 0.2 * abs(len(term) - len(meant)))
