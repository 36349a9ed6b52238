"""Statements that stand alone: the article's words, with what was put in between square brackets, as newsrooms do.

    on Tuesday [14 May 2024]      he [Ada Berg]      [Ada] Berg      [The council] opened a dam      […]

Outside of brackets stand words of the claim's place in the article, in their order and nothing else; […] stands for
words that were left out between them. Brackets that the article has itself are doubled, [[sic]], so that both can be
told apart again; what a person edits is theirs, and every function here takes any string.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from factcheck.text.part import Part

LEFT_OUT = "[…]"

_BRACKETS = re.compile(r"\[\[|\]\]|\[([^\[\]]+)\]")
"""In this order: doubled brackets are the article's, single ones hold what was put in. Anything else is text."""
_WITH_BLANK = re.compile(r"\[\[|\]\]| ?\[([^\[\]]+)\]")
"""Likewise, with the blank before what was put in."""

_CLOSING = frozenset({",", ".", ";", ":", "!", "?", "”", "»", ")", "]", "}"})
"""What stands right behind the words before it."""

_ADDRESS = re.compile(r"(?:\bhttps?://|\bwww\.|pic\.twitter\.com/|\bt\.co/)\S+|\(\s*@\w+\s*\)")
"""A link, or the handle behind the name of who posted it: where something was said, and not what."""
_TAG = re.compile(r"(?<!\w)[#@](\w+)")
_WORDS_MEET = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|_")

_EXPLAINED = re.compile(r"\b(I|he|she|it|they|his|her|him|its|their|them) \[([^\[\]…]+)\]", re.I)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the article says elsewhere about a word."""

    text: str
    before: bool = False
    """Stands before the word, as a first name does; otherwise behind it."""
    instead: str = ""
    """What to say where the word itself would be inserted; "" where that is the word with its note."""


Notes = Mapping[int, Note]
"""By token of the sentence: what is put before it, or behind it."""


def inserted(statement: str) -> list[tuple[int, int]]:
    """Where the insertions stand, brackets included; code points of the statement."""
    return [match.span() for match in _BRACKETS.finditer(statement) if match.group(1) is not None]


def unmarked(statement: str) -> str:
    """To score, and to make a search of: the name where "he [Ada Berg]" has both, other insertions without their
    brackets, and nothing where words were left out."""
    named = _EXPLAINED.sub(r"[\2]", statement)
    read = _BRACKETS.sub(lambda match: _read(match.group(), match.group(1)), named)
    return " ".join(read.split())


def searched(statement: str) -> str:
    """What a search for the statement asks: `unmarked`, without links and the handle of who posted it, as in “Ada Berg
    (@adaberg)”; the words of a #HashTag, and of an @OtherHandle, which may be all that names a person, stand apart."""
    plain = _ADDRESS.sub(" ", unmarked(statement))
    return " ".join(_TAG.sub(lambda match: _WORDS_MEET.sub(" ", match.group(1)), plain).split())


def own(statement: str) -> str:
    """The article's words alone, as they stand in it but for white space."""
    read = _WITH_BLANK.sub(lambda match: match.group()[0] if match.group(1) is None else "", statement)
    return " ".join(read.split())


def _read(whole: str, put_in: str | None) -> str:
    if put_in is None:
        return whole[0]
    return "" if put_in == "…" else put_in


def plain(statement: str) -> str:
    """As it is printed: the article's own brackets single again, what was put in still between brackets."""
    return _BRACKETS.sub(lambda match: match.group()[0] if match.group(1) is None else match.group(), statement)


def quoted(text: str) -> str:
    """The article's words as they stand in a statement: white space folded, its own brackets doubled."""
    return re.sub(r"([\[\]])", r"\1\1", " ".join(text.split()))


def written(doc: Doc, part: Part, notes: Notes) -> str:
    """The part in words that stand alone. Every name is explained once, and only where it is not said in full."""
    said: set[str] = set()
    lead = _lead(doc, part, notes, said)
    pieces = [f"[{lead}] "] if lead else []
    for number, at in enumerate(part.own):
        token = doc[at]
        if number:
            between = doc[part.own[number - 1] + 1 : at]
            if any(one.is_alpha or one.like_num for one in between):
                pieces.append(f" {LEFT_OUT}" if token.text in _CLOSING else f" {LEFT_OUT} ")
            elif len(between) or doc[at - 1].whitespace_ or doc[at - 1].is_space:
                pieces.append(" ")
        word, note = quoted(token.text), notes.get(at)
        if note is not None and _is_new(note, said):
            word = f"[{note.text}] {word}" if note.before else f"{word} [{note.text}]"
        pieces.append(word)
        said.update(token.text.split())
    return " ".join("".join(pieces).split())


def _is_new(note: Note, said: set[str]) -> bool:
    """What it says has not been said yet, and it can stand between brackets."""
    if any(mark in note.text for mark in "[]"):
        return False
    new = not said.issuperset(note.text.split())
    said.update(note.text.split())
    return new


def _lead(doc: Doc, part: Part, notes: Notes, said: set[str]) -> str:
    pieces: list[str] = []
    marks = [one for one in part.lead if isinstance(one, int) and doc[one].is_quote]
    words = [one for one in part.lead if len(marks) % 2 == 0 or one not in marks]  # half a pair closes nowhere
    while words and isinstance(words[0], int) and not doc[words[0]].is_alpha and doc[words[0]].is_punct:
        words.pop(0)
    for number, one in enumerate(words):
        if isinstance(one, str):
            pieces.append(one if one.startswith(("’", ",")) else f" {one}")
            continue
        note, word = notes.get(one), doc[one].text
        if note is not None and _is_new(note, said):
            word = note.instead or (f"{note.text} {word}" if note.before else f"{word} ({note.text})")
        before = words[number - 1] if number else None
        glued = isinstance(before, int) and before == one - 1 and not doc[before].whitespace_
        pieces.append(word if glued else f" {word}")
        said.update(doc[one].text.split())
    lead = " ".join("".join(pieces).split())
    return lead if any(character.isalnum() for character in lead) and not set(lead) & set("[]") else ""
