"""Signs of a rewording machine that need no figures: braces, a language for a nationality, little words twice, phrases
of a list. Pure patterns; the list is that of tortured phrases (weights/spun/README.md says whose)."""

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PHRASES = Path(__file__).parent / "weights" / "spun" / "phrases.json"

MOST_WORDS = 6

_BRACES = re.compile(r"\{[^\W\d_][\w' -]{0,60}\}")
"""Spinning machines write {one|other} for a choice; what is left of it is a word in braces."""

_LANGUAGES = (
    "Arabic|Bengali|Bulgarian|Chinese|Croatian|Czech|Danish|Dutch|English|Finnish|French|German|Greek|Hebrew|Hindi|"
    "Hungarian|Indonesian|Italian|Japanese|Korean|Norwegian|Persian|Polish|Portuguese|Romanian|Russian|Serbian|"
    "Spanish|Swedish|Thai|Turkish|Ukrainian|Vietnamese"
)
_ABOUT_LANGUAGE = (
    "and|as|in|is|was|for|to|at|or|on|of|with|that|by|from|has|are|were|which|who|but|"
    "acquisition|app|apps|area|arts|broadcast\\w*|barrier\\w*|book\\w*|bloc|channel\\w*|class\\w*|course\\w*|daily|"
    "department\\w*|dialect\\w*|dictionar\\w*|edition\\w*|education|exam\\w*|feature\\w*|film\\w*|institute\\w*|"
    "instruct\\w*|interpreter\\w*|learn\\w*|lesson\\w*|literature|magazine\\w*|media|model\\w*|movie\\w*|news\\w*|"
    "paper\\w*|policy|press|proficiency|program\\w*|public\\w*|radio|requirement\\w*|school\\w*|"
    "service\\w*|site\\w*|skill\\w*|speak\\w*|station\\w*|stud\\w*|teach\\w*|television|test\\w*|text\\w*|train\\w*|"
    "translat\\w*|tutor\\w*|tv|version\\w*|web\\w*|wikipedia|word\\w*"
)
_LANGUAGE = re.compile(rf"\b({_LANGUAGES}) language(?= (?!(?:{_ABOUT_LANGUAGE})\b)[a-z])")
"""A language's name before a noun that is no matter of language. Without “language” it is the nationality again."""

_VISIT = re.compile(
    r"\b(?:an?|the|his|her|its|their|this|that|state|official|first|last|day) (go to)"
    r"(?= (?:to|in|from|by|of|with)\b|[,.;])"
)
"""“a state go to to China”: spinning machines have it for “visit”, whatever part of speech that is."""

_DOUBLED = re.compile(r"(?<!\bgo )\b(to|of|the|a|an|in|on|at|by|for|from|with|and|is)(\s+\1)\b")
"""“comply with with”: a phrase was put where a word stood, with the preposition already there."""

_WORDS = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Sign:
    start: int
    end: int
    kind: Literal["leftover", "language", "doubled", "known phrase"]
    likely: tuple[str, ...]


def find(text: str) -> list[Sign]:
    """In order of the text, never overlapping; the earlier kind wins."""
    found = [Sign(*match.span(), "leftover", (match.group()[1:-1],)) for match in _BRACES.finditer(text)]
    found += [Sign(*match.span(), "language", (match.group(1),)) for match in _LANGUAGE.finditer(text)]
    found += [Sign(*match.span(1), "known phrase", ("visit",)) for match in _VISIT.finditer(text)]
    found += [Sign(*match.span(2), "doubled", ("",)) for match in _DOUBLED.finditer(text)]
    found += _listed(text)
    taken, kept = bytearray(len(text)), []
    for sign in found:
        if not any(taken[sign.start : sign.end]):
            taken[sign.start : sign.end] = b"\1" * (sign.end - sign.start)
            kept.append(sign)
    return sorted(kept, key=lambda sign: sign.start)


@functools.cache
def phrases() -> dict[str, list[str]]:
    """Folded tortured phrase → what was meant, of two words and more."""
    read: dict[str, list[str]] = json.loads(PHRASES.read_text("utf-8"))
    return read


def _listed(text: str) -> list[Sign]:
    """The longest phrase of the list from each word on."""
    known = phrases()
    words = list(_WORDS.finditer(text))
    found, at = [], 0
    while at < len(words):
        for count in range(min(MOST_WORDS, len(words) - at), 1, -1):
            last = words[at + count - 1]
            expected = known.get(" ".join(word.group().lower() for word in words[at : at + count]))
            if expected:
                found.append(Sign(words[at].start(), last.end(), "known phrase", tuple(expected)))
                at += count - 1
                break
        at += 1
    return found
