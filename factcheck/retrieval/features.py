"""What a reader can see with her own eyes when a claim and a passage lie side by side. Plain data, kept for good.

Nothing here judges: a value that conflicts is a hint where to look, and a name that both have proves nothing.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from factcheck.retrieval.lexical import Word
from factcheck.text import compare, sentences
from factcheck.text.values import Value, words
from factcheck.text.values.names import TITLES

WORD = re.compile(r"[^\W\d_]+")  # letters only: “China’s” and “Russia-China” name China too
TOKEN = re.compile(r"[^\W_]+")

READ = 4_000
"""Characters of a passage that values and sentences are looked for in."""
RUN = 3
"""Words in a row that count as repeated wording."""
REPEATED = 0.4
"""Share of the claim's runs of words from which a passage repeats its wording. Two words that changed places in a
sentence of nine leave three runs of seven; passages that say the same in words of their own keep one in five at most.
"""
SHORTEST = 6
"""Words of a claim from which repeating them says anything."""
MARKED, CLOSE, LATER, TITLED, RARITY = 3, 0.7, 0.4, 0.5, 0.3
"""Sentences of a passage that are marked at most; see `chosen`. Set on the development half of scifact."""
VALUE_KINDS = {"date": "date", "ordinal": "ordinal", "score": "score"}
CURRENCY = re.compile(r"[A-Z]{3}(?:/.*)?|money|currency")


def names(claim: str, passage: str, speaker: str = "") -> list[str]:
    """Words written with a capital in both, and the speaker's names that the passage has; once, in this order."""
    there = {word.casefold() for word in WORD.findall(passage) if word[0].isupper()}
    return [name for name in named(claim, speaker) if name.casefold() in there]


def named(claim: str, speaker: str = "") -> list[str]:
    """Every name that `names` looks for."""
    said_by = [word for word in WORD.findall(speaker) if word[0].isupper() and word.lower() not in TITLES]
    found = {word.casefold(): word for word in reversed([*capitalised(claim), *said_by])}
    return list(found.values())[::-1]


def same_words(texts: Iterable[str]) -> str:
    """Equal for texts that differ in nothing but capitals, white space and marks."""
    return " ".join(token for text in texts for token in TOKEN.findall(text.casefold()))


def capitalised(claim: str) -> list[str]:
    """The claim's words with a capital, without one that only opens the sentence."""
    found = [word for word in WORD.findall(claim) if word[0].isupper() and len(word) > 1]
    opening = WORD.search(claim)
    if opening and opening.group().lower() in COMMON_OPENINGS and found and found[0] == opening.group():
        found = found[1:]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1024)
def read(text: str) -> compare.Read:
    """The values of a text, without its names. Kept: an article's claims meet the same passages again and again, and a
    claim is set beside several."""
    return compare.read(text[:READ], names=())


def values(claim: str, passage: str) -> list[dict[str, str]]:
    """Each number and date of the claim, as it stands there, beside the passage's, "" when that has none of the kind.

    relation: "agree", "conflict" or "absent", as text/compare.py has it.
    """
    ours = read(claim)
    if not ours.values:
        return []
    return [
        {
            "kind": _kind(one.value),
            "claim": one.value.text,
            "passage": one.other.text if one.other else "",
            "relation": one.verdict,
        }
        for one in compare.beside(ours, read(passage))
    ]


def _kind(value: Value) -> str:
    if value.kind != "quantity":
        return VALUE_KINDS[value.kind]
    if value.unit == "%":
        return "percent"
    return "money" if CURRENCY.fullmatch(value.unit) else "number"


def sentences_that_matter(heading: str, passage: str, own: Mapping[str, Word]) -> list[tuple[int, int]]:
    """Where the sentences stand that say most about the claim, the best first, at most MARKED; code points of the
    passage, end-exclusive."""
    spans = _spans(passage[:READ])
    places = chosen(heading, [passage[start:end] for start, end in spans], own)
    return [spans[place] for place in places] or [(0, min(len(passage), READ))]


def chosen(heading: str, texts: Sequence[str], own: Mapping[str, Word]) -> list[int]:
    """Which of these sentences say most about the claim, the best first: those that reach CLOSE of the best one's
    score. A sentence is worth its share of the claim's words that the passage has, by their idf to the power of RARITY,
    those of the heading TITLED times that; and up to LATER for standing late, where papers say what they found."""
    there = [_stems(text) for text in texts]
    titled, anywhere = _stems(heading), frozenset[str]().union(*there)
    worth: dict[str, float] = {}
    for word in own.values():
        for stem in _stems(word.surface) & anywhere:
            worth[stem] = max(worth.get(stem, 0.0), word.idf**RARITY * (TITLED if stem in titled else 1))
    total = sum(worth.values()) or 1.0
    scores = [
        sum(worth[stem] for stem in stems & worth.keys()) / total + LATER * place / max(1, len(there) - 1)
        for place, stems in enumerate(there)
    ]
    ordered = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:MARKED]
    return [place for place in ordered if scores[place] >= CLOSE * scores[ordered[0]]]


@lru_cache(maxsize=1024)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """Of its sentences. Kept for the same reason as `read`."""
    return tuple((one.start, one.end) for one in sentences.split(text))


@lru_cache(maxsize=8192)
def _stems(text: str) -> frozenset[str]:
    return frozenset(words.stem(token) for token in TOKEN.findall(text.lower()) if token not in words.EMPTY)


def repeats(claim: str, passage: str) -> bool:
    """Whether the passage has at least REPEATED of the claim's runs of RUN words."""
    ours = TOKEN.findall(claim.lower())
    if len(ours) < SHORTEST:
        return False
    return len(_runs(ours) & _runs(TOKEN.findall(passage.lower()))) >= REPEATED * len(_runs(ours))


def _runs(tokens: list[str]) -> set[tuple[str, ...]]:
    return {tuple(tokens[at : at + RUN]) for at in range(len(tokens) - RUN + 1)}


def age(published: str, written: date | None) -> int | None:
    """Days from a source's partial date, "2024-05-14", "2024-05" or "2024", to the day the article was written; counted
    from the first day it may mean. Below 0: the source is younger. None when either is not known."""
    if not published or written is None:
        return None
    year, month, day = (int(part) for part in (published + "-01-01").split("-")[:3])
    try:
        return (written - date(year, month, day)).days
    except ValueError:
        return None


def agreement(compared: Collection[Mapping[str, Any]]) -> tuple[float, float]:
    """The shares, 0 to 1, of a claim's values that agree and that conflict."""
    relations = [one["relation"] for one in compared]
    most = max(1, len(relations))
    return relations.count("agree") / most, relations.count("conflict") / most


# Words that bear a capital only because a sentence begins with them.
# fmt: off
COMMON_OPENINGS = frozenset((
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "he", "her", "his", "if", "in", "it", "its", "of", "on",
    "or", "our", "she", "so", "that", "the", "their", "these", "they", "this", "those", "to", "we", "when", "while",
    "with", "you",
))
# fmt: on
