"""Where the quotations of one paragraph open and close, with unbalanced marks healed.

A mark that is never closed (a typing error, or a quotation that goes on in the next paragraph) opens nothing: it must
not glue the rest of the paragraph together. Curly, straight, nested single, « » (either way round) and „ “ are known.
"""

import re
from dataclasses import dataclass

CLOSES = {"“": "”", "«": "»", "»": "«", "„": "“”", "‟": "”", "‹": "›", "「": "」", "『": "』"}
"""Opening mark to the marks that close it. Straight marks and single ones need their surroundings: see below."""

MAX_LENGTH = 1_500
"""Code points. A longer stretch between two marks is a mark lost, not a quotation; chosen well above the longest
balanced quotation of a paragraph that people write (a 200-word quotation has about 1,200)."""


@dataclass(frozen=True, slots=True)
class Quotation:
    start: int
    """Position of the opening mark."""
    end: int
    """One past the closing mark; never past the paragraph."""
    single: bool = False

    def words(self, text: str) -> int:
        return len(text[self.start + 1 : self.end - 1].split())


def find(text: str, start: int = 0, end: int | None = None) -> list[Quotation]:
    """The outermost quotations of text[start:end], which is one paragraph, in order. One pass, linear time."""
    end = len(text) if end is None else end
    found: list[Quotation] = []
    opened: list[tuple[str, int]] = []
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match.group()
        after_at = match.end()
        before = text[at - 1] if at > start else " "
        after = text[after_at] if after_at < end else " "
        level = _closed_by(mark, opened, before, after)
        if level is not None:
            kind, since = opened[level]
            del opened[level:]
            if after_at - since <= MAX_LENGTH:
                while found and found[-1].start > since:
                    found.pop()
                found.append(Quotation(since, after_at, single=kind in ("‘", "'")))
        elif _opens(mark, before, after, bool(opened)):
            same = [level for level, (kind, _) in enumerate(opened) if kind == mark]
            if same:
                # “ while “ is open: the earlier one lost its end.
                del opened[same[0] :]
            opened.append((mark, at))
    return found


_MARK = re.compile("''|``|[“”\"‘’'«»„‟‹›「」『』]")
"""Two apostrophes are how wire services type a quotation mark."""
_STRAIGHT = ('"', "''")


def _closed_by(mark: str, opened: list[tuple[str, int]], before: str, after: str) -> int | None:
    """Index into `opened` of the quotation that this mark closes, innermost first."""
    for level in range(len(opened) - 1, -1, -1):
        kind = opened[level][0]
        if kind in CLOSES and mark in CLOSES[kind]:
            return level
        if (kind == mark and mark in _STRAIGHT) or (kind, mark) == ("``", "''"):
            # "word: a straight mark that clearly opens does not close.
            return level if not before.isspace() or after.isspace() else None
        if (kind == "‘" and mark == "’") or kind == "'" == mark:
            # ’ is an apostrophe far more often than a closing mark: only after punctuation, or before a mark.
            closes = not after.isalnum() and (before in ".,!?…;:" or after in '”"»,.;:!?)' or _wordlike(before, after))
            if closes:
                return level
    return None


def _wordlike(before: str, after: str) -> bool:
    return before.isalnum() and before not in "sS" and after.isspace()


def _opens(mark: str, before: str, after: str, inside: bool) -> bool:
    if mark in CLOSES:
        return mark != "»" or before.isspace()
    leads = (before.isspace() or before in '([{—–-“"‘/…') and not after.isspace()
    if mark == "``":
        return True
    if mark in _STRAIGHT:
        return leads or (not before.isalnum() and not after.isspace() and before not in ".,!?;:")
    if mark == "‘":
        return leads
    if mark == "'":
        return leads and after.isalpha() and (before.isspace() or before in '(“"—')
    return False
