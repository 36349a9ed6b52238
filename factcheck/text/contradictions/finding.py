"""What a contradiction is, and a sentence as the rules read it: every value a mark, the words between as they stand."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from factcheck.text import values
from factcheck.text.values import Value

Kind = Literal[
    "weekday", "total", "part", "share", "change", "direction", "elapsed", "age", "measure", "money", "twice"
]
LONGEST = 1_500
"""Code points of a sentence that are read; what is longer is a list or a table."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    kind: Kind
    start: int
    end: int
    """Of the words that do not fit together; code points of the whole text, one past the last."""
    said: str
    """What the text says, in its own words."""
    reckoned: str
    """What its other words make of it: a number, a weekday, a range such as "40–41"; always without thousands marks."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of English, and the day its article is from (None: not known)."""

    text: str
    start: int
    written: dt.date | None

    @cached_property
    def values(self) -> list[Value]:
        return [value for value in values.find(self.text) if value.kind in ("quantity", "date")]

    @cached_property
    def marked(self) -> str:
        """The text with each quantity as <3> and each date as {4}: the place of the value in `values`."""
        parts, at = [], 0
        for number, value in enumerate(self.values):
            opening, closing = "<>" if value.kind == "quantity" else "{}"
            parts += [_plain(self.text[at : value.start]), f"{opening}{number}{closing}"]
            at = value.end
        return "".join([*parts, _plain(self.text[at:])])

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return pattern.finditer(self.marked)

    def value(self, mark: str) -> Value:
        return self.values[int(mark.strip("<>{}"))]

    def quantities(self, marked: str) -> list[Value]:
        return [self.value(mark) for mark in re.findall(r"<\d+>", marked)]

    def against(self, kind: Kind, found: list[Value], said: Value, reckoned: str) -> Contradiction:
        """found: all values that take part; their words are what is pointed at."""
        start, end = min(value.start for value in found), max(value.end for value in found)
        return Contradiction(kind, self.start + start, self.start + end, said.text, reckoned)


def _plain(words: str) -> str:
    """Without signs that are marks here; dashes of any length as one."""
    return re.sub(r"[<>{}]", " ", words).replace("—", "–").replace(" - ", " – ")


def exact(value: Value) -> bool:
    """A plain figure, neither rounded to thousands nor said to be about, over or under."""
    return value.low == value.high and not value.bound and value.step <= 0.5


def number(figure: float) -> str:
    """12 · 12.5 · 1200000"""
    return f"{figure:.2f}".rstrip("0").rstrip(".") if abs(figure) < 1000 else f"{figure:.0f}"
