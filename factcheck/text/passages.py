"""A document cut into passages: pieces that the sentence encoder reads whole, on sentence and heading borders.

    text and its blocks ─► units (sentences, list items, rows) under their headings ─► passages

A passage is one stretch of the document, from the beginning of a sentence to the end of one. It never crosses a heading
and would rather end with a paragraph. Headings are not part of it: they are its path. Every character of the document
that is not white space lies in exactly one passage, or in a heading under which one stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from factcheck.text import sentences
from factcheck.text.extraction import Block, Kind

LARGEST = 210
"""Word pieces of one passage, as estimated. The encoder reads 256; the rest is for the title and the
headings, which are read before the passage."""
ENOUGH = 150
"""From here on a passage ends with its paragraph."""
SMALL = 30
"""What is left over at the end of a section, and has fewer, joins the passage before it where there is room."""

_WORD = re.compile(r"[A-Za-z]+|[0-9]+|[^\W_]+|\S")
_ENGLISH, _OTHER, _DIGITS = 6, 3, 3
"""Letters of an English word, ASCII letters of another language's, and digits of a number in one piece of the
vocabulary of all-MiniLM-L6-v2, which has most English words whole and of others little more than syllables."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`start`, `end`: code points of the document, no white space at either end. `path`: the headings that it stands
    under, the outermost first."""

    start: int
    end: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a heading where `level` is not 0. `paragraph`: units of one paragraph have the same number."""

    start: int
    end: int
    paragraph: int
    level: int = 0


def split(text: str, blocks: Sequence[Block] = (), language: str = "en") -> list[Passage]:
    """In the order of the document. `blocks`: as a reading has them; without them lines stand for paragraphs, and a
    short line of its own for a heading. `language`: ISO 639-1, "" when it is not known.
    """
    units = list(_of_blocks(text, blocks, language) if blocks else _of_lines(text, language))
    letters = _ENGLISH if sentences.is_english(language) else _OTHER
    found: list[Passage] = []
    path: list[tuple[int, str]] = []
    section: list[_Unit] = []

    def close() -> None:
        names = tuple(name for _, name in path)
        found.extend(Passage(start, end, names) for start, end in _packed(text, section, letters))
        section.clear()

    for unit, following in zip(units, [*units[1:], None], strict=False):
        heads = unit.level and _heads(unit, following)
        listed = not blocks or (section and section[-1].level == unit.level)
        if heads or (unit.level and not listed):
            close()
            while path and path[-1][0] >= unit.level:
                path.pop()
        if heads:
            path.append((unit.level, " ".join(text[unit.start : unit.end].split())))
        else:
            section.append(unit)
    close()
    return found


def _size(text: str, letters: int) -> int:
    """About how many word pieces the encoder makes of it."""
    return sum(_pieces(word, letters) for word in _WORD.findall(text))


def _pieces(word: str, letters: int) -> int:
    """Of a letter beyond ASCII one: the vocabulary has hardly more than single letters of other scripts."""
    if word.isascii():
        return -(-len(word) // (_DIGITS if word.isdigit() else letters))
    return sum(1 for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


# --- units -----------------------------------------------------------------------------------------------------------


def _of_blocks(text: str, blocks: Iterable[Block], language: str) -> Iterator[_Unit]:
    for number, block in enumerate(blocks):
        if block.kind == Kind.HEADING:
            yield _Unit(block.start, block.end, number, max(block.level, 1))
            continue
        for one in sentences.split(text[block.start : block.end], language):
            yield _Unit(block.start + one.start, block.start + one.end, number)


def _of_lines(text: str, language: str) -> Iterator[_Unit]:
    number, before = 0, 0
    for one in sentences.split(text, language):
        number += "\n" in text[before : one.start]
        before = one.end
        yield _Unit(one.start, one.end, number, 1 if one.kind == "heading" else 0)


def _heads(heading: _Unit, following: _Unit | None) -> bool:
    """Whether anything stands under it. If not, its words are a passage's like any others; a list of short lines, each
    of which looks like a heading, is a list."""
    return following is not None and (not following.level or following.level > heading.level)


# --- packing ---------------------------------------------------------------------------------------------------------


def _packed(text: str, units: Sequence[_Unit], letters: int) -> list[tuple[int, int]]:
    """The units of one section, put together to stretches of at most LARGEST."""
    packed: list[tuple[int, int]] = []
    room, paragraph = 0, -1
    for unit in units:
        for start, end in _bounded(text, unit.start, unit.end, letters):
            need = _size(text[start:end], letters)
            ended = unit.paragraph != paragraph and room <= LARGEST - ENOUGH
            if packed and need <= room and not ended:
                packed[-1] = packed[-1][0], end
                room -= need
            else:
                packed.append((start, end))
                room = LARGEST - need
            paragraph = unit.paragraph
    if len(packed) > 1 and _size(text[slice(*packed[-1])], letters) < SMALL:
        whole = packed[-2][0], packed[-1][1]
        if _size(text[slice(*whole)], letters) <= LARGEST:
            packed[-2:] = [whole]
    return packed


def _bounded(text: str, start: int, end: int, letters: int) -> Iterator[tuple[int, int]]:
    """A sentence as it is; one that is larger than a passage cut at white space, or within a word without end."""
    while _size(text[start:end], letters) > LARGEST:
        at = _full(text, start, end, letters)
        cut = text.rfind(" ", start + 1, at)
        cut = cut if cut > start else at
        while cut < end and (unicodedata.combining(text[cut]) or text[cut] in "\u200d\ufe0f"):
            cut += 1
        yield start, start + len(text[start:cut].rstrip())
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end


def _full(text: str, start: int, end: int, letters: int) -> int:
    """Where the first LARGEST pieces from `start` end."""
    left = LARGEST
    for word in _WORD.finditer(text, start, end):
        need = _pieces(word.group(), letters)
        if need > left:
            return word.start() if word.start() > start else start + LARGEST
        left -= need
    return end
