"""Where quotations open and close, with unbalanced marks healed.

Within one paragraph, a mark that is never closed opens nothing: it must not glue the rest of the paragraph together.
Over several paragraphs the printers' custom holds: each begins with an opening mark, only the last one closes. Curly,
straight, nested single, « » (either way round) and „ “ are known.
"""

import itertools
import re
from collections.abc import Sequence
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
    """One past the closing mark."""
    single: bool = False

    def inner(self, text: str) -> str:
        """Without its marks, which may have two characters each."""
        width = 2 if text.startswith(("''", "``"), self.start) else 1
        return text[self.start + width : self.end - width].strip()


def find(text: str, start: int = 0, end: int | None = None) -> list[Quotation]:
    """The outermost quotations of text[start:end], which is one paragraph, in order. One pass, linear time."""
    return _scan(text, start, len(text) if end is None else end)[0]


def in_article(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Quotation]:
    """The outermost quotations of all paragraphs, in order; what goes on over several paragraphs is one quotation."""
    found: list[Quotation] = []
    going_on: int | None = None
    for (start, end), following in itertools.zip_longest(paragraphs, paragraphs[1:]):
        quoted, opened = _scan(text, start, end)
        if going_on is not None:
            if quoted and quoted[0].start == start:
                quoted[0] = Quotation(going_on, quoted[0].end)
                going_on = None
            elif not (opened and opened[-1][1] == start):
                going_on = None
        last = opened[-1] if opened else None
        goes_on = (
            last is not None
            and last[0] in _OVER_PARAGRAPHS
            and following is not None
            and text.startswith(last[0], following[0])
            and (not quoted or quoted[-1].end <= last[1])
        )
        found.extend(quoted)
        going_on = (last[1] if going_on is None else going_on) if goes_on and last else None
    return found


def _scan(text: str, start: int, end: int) -> tuple[list[Quotation], list[tuple[str, int]]]:
    """Quotations, and the marks that are still open at the end, outermost first."""
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
    return found, opened


_MARK = re.compile("''|``|[“”\"‘’'«»„‟‹›「」『』]")
"""Two apostrophes are how wire services type a quotation mark."""
_STRAIGHT = ('"', "''")
_OVER_PARAGRAPHS = ("“", '"', "«", "„")


def _closed_by(mark: str, opened: list[tuple[str, int]], before: str, after: str) -> int | None:
    """Index into `opened` of the quotation that this mark closes, innermost first."""
    for level in range(len(opened) - 1, -1, -1):
        kind = opened[level][0]
        if kind in CLOSES and mark in CLOSES[kind]:
            return level
        if (kind == '"' and mark == "”") or (kind == "“" and mark == '"' and not before.isspace()):
            # Half a pair was turned curly.
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
