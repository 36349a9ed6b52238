"""What changed from one text to the next, word by word within its paragraphs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_PAIRS = 300_000
"""Equal pairs of paragraphs, or of words, that are looked at: difflib's time grows with them. A stretch of some 6,000
English words that was touched all over has so many, and takes half a second. What has more is shown as taken out and
put in whole, which is true as well."""

# Words as any script writes them: without blanks between them each character is one (Han, kana, Thai, Lao, Khmer);
# elsewhere what begins with a letter or a figure goes on until a blank or a sign, so that marks stay on their letters.
WORD = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|\w(?:[^\s\u3040-\u30ff\u3400-\u9fff.,;:!?…\"'()\[\]{}«»“”„‘’/–—、。，！？]|(?<=\d)[.,](?=\d))*"
    r"|\n|[^\s]"
)

Op = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs that are all as they were, or all touched. The pieces of a paragraph, read without those that were
    added, are the old one; read without those removed, the new one.
    """

    changed: bool
    paragraphs: tuple[tuple[Piece, ...], ...]


def between(old: str, new: str) -> list[Stretch]:
    """In the order of the text; [] for two texts without a word. Of white space only the ends of
    paragraphs count. The same texts give the same answer; texts of 200,000 characters take a few seconds at most.
    """
    before, after = _lines(old), _lines(new)
    stretches: list[Stretch] = []
    for same, (a, b), (c, d) in _aligned(before, after):
        if same:
            stretches.append(Stretch(False, tuple((Piece("same", line),) for line in after[c:d])))
        else:
            stretches.append(Stretch(True, tuple(_by_word(before[a:b], after[c:d]))))
    return stretches


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _by_word(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Touched paragraphs, parted wherever either text parts them."""
    if not before or not after:
        op: Op = "removed" if before else "added"
        yield from ((Piece(op, line),) for line in before or after)
        return
    old, new = _words("\n".join(before)), _words("\n".join(after))
    paragraph: list[Piece] = []
    for same, (a, b), (c, d) in _aligned([word for _, word in old], [word for _, word in new]):
        for op, text in _runs(same, old[a:b], new[c:d]):
            for at, line in enumerate(text.split("\n")):
                if at and paragraph:
                    yield tuple(paragraph)
                    paragraph = []
                if line:
                    paragraph.append(Piece(op, line))
    if paragraph:
        yield tuple(paragraph)


def _words(text: str) -> list[tuple[str, str]]:
    """Each with the blank before it, if there is one. They are compared without: blanks stand between any two."""
    return [(" " if text[at.start() - 1 : at.start()] == " " else "", at[0]) for at in WORD.finditer(text)]


def _runs(same: bool, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[tuple[Op, str]]:
    """A blank that stands before both what was removed and what was added is neither."""
    removed, added = "".join(map("".join, old)), "".join(map("".join, new))
    if same:
        yield "same", added
        return
    if removed.startswith(" ") and added.startswith(" "):
        yield "same", " "
        removed, added = removed[1:], added[1:]
    yield "removed", removed
    yield "added", added


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    """(whether they are the same, its place in old, its place in new), in order, covering both."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head:
        yield True, (0, head), (0, head)
    middle, changed = old[head : len(old) - tail], new[head : len(new) - tail]
    counts = Counter(middle)
    if sum(counts[each] for each in changed) > MOST_PAIRS:
        yield False, (head, len(old) - tail), (head, len(new) - tail)
    elif middle or changed:
        for op, a, b, c, d in SequenceMatcher(None, middle, changed, autojunk=False).get_opcodes():
            yield op == "equal", (head + a, head + b), (head + c, head + d)
    if tail:
        yield True, (len(old) - tail, len(old)), (len(new) - tail, len(new))
