"""What garbled wording does to quotations, and a statement with what probably stood there.

quotations  which ones a reader must not take for what was said
restored    “seeks pure fuel” → “seeks [natural gas]”: what was put in stands between brackets (statements.py)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.text import quotations, sentences, statements
from factcheck.text.quotations import Quotation
from factcheck.text.spun import Mark


@dataclass(frozen=True, slots=True)
class Doubtful:
    quotation: Quotation
    within: tuple[Mark, ...]
    """Marks inside it: these very words may not have been said. Empty: words beside it, in a sentence that it stands
    in, look substituted."""


def doubtful(text: str, marks: Sequence[Mark], language: str = "en") -> list[Doubtful]:
    """The quotations of an article, in order, whose wording may not be what was said. `marks`: spun.find(text). An
    article that is not suspicious as a whole is the caller's to leave out."""
    spans = [(one.start, one.end) for one in sentences.split(text, language) if _over(one.start, one.end, marks)]
    found = []
    for quotation in quotations.in_article(text, list(sentences.paragraphs(text))):
        within = _over(quotation.start, quotation.end, marks)
        if within or any(start < quotation.end and quotation.start < end for start, end in spans):
            found.append(Doubtful(quotation, within))
    return found


def restored(statement: str, put: Sequence[tuple[str, str]]) -> str:
    """`put`: (words as the article has them, what probably stood there) in the article's order, as `replaced` gives
    them. Words that the statement does not have outside of its brackets are left alone; a blank likely original leaves
    words out."""
    parts, at = [], 0
    taken = statements.inserted(statement)
    for written, likely in put:
        words = statements.quoted(written)
        place = _outside(statement, words, at, taken)
        if place < 0 or not words:
            continue
        likely = " ".join(likely.translate({ord("["): None, ord("]"): None}).split())
        parts += [statement[at:place], f"[{likely}]" if likely else statements.LEFT_OUT]
        at = place + len(words)
    return "".join([*parts, statement[at:]])


def replaced(text: str, start: int, end: int, marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """What `restored` asks for, of the marks within text[start:end]."""
    return [
        (text[mark.start : mark.end], mark.likely[0] if mark.likely else "")
        for mark in marks
        if start <= mark.start and mark.end <= end
    ]


def _over(start: int, end: int, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark.start < end and start < mark.end)


def _outside(statement: str, words: str, since: int, taken: Sequence[tuple[int, int]]) -> int:
    """Where `words` stand as whole words outside of what was put in, or -1."""
    at = statement.find(words, since)
    while at >= 0:
        end = at + len(words)
        whole = not (at and statement[at - 1].isalnum() and words[:1].isalnum())
        whole &= not (end < len(statement) and statement[end].isalnum() and words[-1:].isalnum())
        if whole and not any(start < end and at < stop for start, stop in taken):
            return at
        at = statement.find(words, at + 1)
    return -1
