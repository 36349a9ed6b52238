"""Names whose words look substituted, with the real name that is known: “Overseas Coverage Analysis Institute” for the
Foreign Policy Research Institute.

A machine rewords a name word by word and keeps their order. So a name of the text is held against known ones of as many
words: one word at least is the same, one at least stands for a synonym of it, and the others do too or share synonyms
with it. The list of known names is the caller's: the library's, those of earlier articles. English.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

Synonyms = Callable[[str], Iterable[tuple[str, int]]]
"""Word in small letters → synonyms, each with a strength."""

MOST_WORDS = 8

LEAST_SHARED = 3
"""Synonyms that two words must have in common to count as near each other."""

_LITTLE = frozenset(("of", "the", "and", "for", "on", "in", "at", "to", "de", "&"))
"""Words that stand within names, and that no machine replaces."""

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|&")


@dataclass(frozen=True, slots=True)
class Likeness:
    start: int
    end: int
    """Code points, end-exclusive."""
    likely: str
    """The known name."""
    put: tuple[tuple[str, str], ...]
    """(as written, in the known name) of each word that differs: the reason."""


class Known:
    """Names that are known, ready to be looked for. Names of one word are left out."""

    def __init__(self, names: Collection[str], synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._near: dict[str, dict[str, int]] = {}
        self._names: dict[tuple[str, ...], str] = {}
        self._places: dict[tuple[int, int, str], list[tuple[str, ...]]] = defaultdict(list)
        for name in names:
            words = tuple(_TOKEN.findall(name.lower()))
            if 2 <= len(words) <= MOST_WORDS and words not in self._names:
                self._names[words] = name
                for at, word in enumerate(words):
                    if word not in _LITTLE:
                        self._places[len(words), at, word].append(words)

    def find(self, text: str, *, garbled: bool) -> list[Likeness]:
        """In order of the text, the longest first where several overlap. `garbled`: the article is suspicious as a
        whole; then one differing word is enough, and one may have nothing in common with the real one. In other
        articles two must differ: there are a Ministry of War and a Ministry of Defence."""
        found: list[Likeness] = []
        for run in runs(text):
            at = 0
            while at < len(run):
                longest = self._longest(run, at, garbled=garbled)
                if longest:
                    found.append(longest[0])
                at += longest[1] if longest else 1
        return found

    def _longest(self, run: list[re.Match[str]], at: int, *, garbled: bool) -> tuple[Likeness, int] | None:
        for count in range(min(MOST_WORDS, len(run) - at), 1, -1):
            words = tuple(match.group().lower() for match in run[at : at + count])
            if words in self._names:
                return None
            likely = self._likely(words, garbled=garbled)
            if likely:
                put = tuple((one, other) for one, other in zip(words, likely, strict=True) if one != other)
                return Likeness(run[at].start(), run[at + count - 1].end(), self._names[likely], put), count
        return None

    def _likely(self, words: tuple[str, ...], *, garbled: bool) -> tuple[str, ...] | None:
        """The known name that most words speak for; none where two do equally."""
        near = {name for at, word in enumerate(words) for name in self._places.get((len(words), at, word), ())}
        worth = sorted(((self._worth(words, name, garbled=garbled), name) for name in near), reverse=True)
        if not worth or not worth[0][0] or (len(worth) > 1 and worth[1][0] == worth[0][0]):
            return None
        return worth[0][1]

    def _worth(self, words: tuple[str, ...], name: tuple[str, ...], *, garbled: bool) -> float:
        """0 where it is not likely."""
        pairs = [(one, other) for one, other in zip(words, name, strict=True) if one != other]
        if any(one in _LITTLE or other in _LITTLE or one.isdigit() or _same_stem(one, other) for one, other in pairs):
            return 0.0
        related = [self._related(one, other) for one, other in pairs]
        same = sum(one == other and one not in _LITTLE for one, other in zip(words, name, strict=True))
        strangers = related.count(0.0)
        enough = 1.0 in related and len(related) >= (1 if garbled else 2)
        strange = strangers > (garbled and same + len(related) - strangers >= 3)
        return same + sum(related) if enough and not strange else 0.0

    def _related(self, one: str, other: str) -> float:
        """1 for synonyms, a half for words that share some, 0 for strangers."""
        here, there = self._of(one), self._of(other)
        if other in here or one in there:
            return 1.0
        return 0.5 if len(here.keys() & there.keys()) >= LEAST_SHARED else 0.0

    def _of(self, word: str) -> dict[str, int]:
        if word not in self._near:
            self._near[word] = dict(self._synonyms(word))
        return self._near[word]


def runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Words with a capital, numbers behind them and little words between them, with only a blank between two."""
    run: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        joins = bool(run) and text[run[-1].end() : match.start()] == " "
        if run and not (joins and (word[0].isupper() or word.isdigit() or word in _LITTLE)):
            yield run
            run = []
        if run or word[0].isupper():
            run.append(match)
    if run:
        yield run


def _same_stem(one: str, other: str) -> bool:
    """National and Nations, Bank and Banks: two real names rather than one that was garbled."""
    length = min(len(one), len(other), 5)
    return one[:length] == other[:length]
