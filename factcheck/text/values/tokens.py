"""Words, numbers and marks of a text, each with its place."""

import re
from typing import Literal, NamedTuple

MOST = 6_000
"""Tokens read of one text, about 30,000 characters; claims and passages have dozens. What lies behind is not read."""

FRACTIONS = "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"

_TOKEN = re.compile(
    rf"""
    (?P<number> \d+ (?: [.,٫٬'’\u00a0\u2009\u202f] \d+ )* [{FRACTIONS}]? | [{FRACTIONS}] )
  | (?P<word> [^\W\d_{FRACTIONS}] \w* )
  | (?P<mark> \S )
    """,
    re.VERBOSE,
)


Kind = Literal["number", "word", "mark", "end"]
KINDS: dict[str, Kind] = {"number": "number", "word": "word", "mark": "mark"}


class Token(NamedTuple):
    kind: Kind
    text: str
    start: int
    end: int
    low: str
    glued: bool
    """No white space between the token before and this one."""


END = Token("end", "", -1, -1, "", False)


class Tokens:
    """A text's tokens; what lies outside is END, so that rules may look around without asking for the borders."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all: list[Token] = []
        before = -1
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            word = match.group()
            kind = KINDS[match.lastgroup or "mark"]
            self.all.append(Token(kind, word, start, end, word.lower(), start == before))
            before = end
            if len(self.all) == MOST:
                break

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, at: int) -> Token:
        return self.all[at] if 0 <= at < len(self.all) else END

    def words(self, at: int, count: int) -> tuple[str, ...]:
        """The lower-cased texts of `count` tokens from `at` on; empty strings outside."""
        if at >= 0 and at + count <= len(self.all):
            return tuple([token.low for token in self.all[at : at + count]])
        return tuple(self[place].low for place in range(at, at + count))
