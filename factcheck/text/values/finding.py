"""One walk over a text's tokens that picks up its values."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from factcheck.text.values import dates, measured, names, words
from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Date, Value

MOST = 200
"""Values taken from one text; a claim has one to five."""

STARTS = frozenset("since from after between".split())
ENDS = frozenset("until till before by to through".split())


def find(
    text: str, language: str = "en", *, reference: dt.date | None = None, known_names: Sequence[str] | None = None
) -> list[Value]:
    """The values of a text, in order, not overlapping (names may hold a number's place only where none was read).

    language: ISO 639-1 code, with or without a region; it decides what separators mean, and words are read as numbers in
    English alone. reference: the day on which the text was written; without it "last year" is no date.
    known_names: names to look for, as an entity recogniser gave them; without, runs of capitalised words are taken.
    Never raises on a str; reads at most tokens.MOST tokens and returns at most MOST values besides names.
    """
    language = language.partition("-")[0].lower()
    tokens = Tokens(text)
    found: list[Value] = []
    at = 0
    while at < len(tokens) and len(found) < MOST:
        value, end = _next(tokens, at, language, reference)
        if value:
            found.append(value)
            at = max(end, at + 1)
        else:
            at += 1
    found = _in_brackets(tokens, found)
    taken = [(value.start, value.end) for value in found]
    found += names.find(tokens, taken, known_names)
    return sorted(found, key=lambda value: (value.start, value.end))


def _next(tokens: Tokens, at: int, language: str, reference: dt.date | None) -> tuple[Value | None, int]:
    token = tokens[at]
    if token.kind == "mark" and token.text not in "$€£¥₹₽₩₺₴":
        return None, at
    if measured.no_value(tokens, at):
        return None, at
    date = dates.read(tokens, at, language, reference)
    if date:
        return _dated(tokens, at, date), date.end
    return measured.read(tokens, at, language)


def _dated(tokens: Tokens, at: int, found: dates.Found) -> Value:
    before, place = tokens[at - 1].low, at - 1
    if before in ("the", "late", "early", "mid", "about", "around"):
        before, place = tokens[at - 2].low, at - 2
    second = before in ("and", "to", "–", "-") and tokens[place - 1].kind == "number"
    return Value(
        "date",
        tokens.text[tokens[at].start : tokens[found.end - 1].end],
        tokens[at].start,
        tokens[found.end - 1].end,
        date=found.date,
        role="start" if before in STARTS else "end" if second or before in ENDS else "",
        near=words.around(tokens, at, found.end),
        tight=words.around(tokens, at, found.end, words.BESIDE),
        ahead=words.ahead(tokens, at, found.end),
    )


def _in_brackets(tokens: Tokens, found: list[Value]) -> list[Value]:
    """5 metres (16 ft): the second is the first once more, so it counts the same thing within the same bound."""
    place = {token.start: at for at, token in enumerate(tokens.all)}
    result: list[Value] = []
    for value in found:
        before = result[-1] if result else None
        if before and value.kind == before.kind == "quantity" and value.unit:
            opening = tokens.text[before.end : value.start].strip()
            same = before.unit.removesuffix(" change") == value.unit.removesuffix(" change")
            if (
                same
                and opening in ("(", "; ", ";", "(−", "(-", "/", "or", ", or")
                and place.get(value.start) is not None
            ):
                value = dataclasses.replace(
                    value,
                    unit=before.unit,
                    bound=before.bound,
                    counted=before.counted,
                    near=before.near,
                    tight=before.tight,
                    low=_as_change(value, before),
                    high=_as_change(value, before, high=True),
                )
        result.append(value)
    return result


def _as_change(value: Value, before: Value, *, high: bool = False) -> float:
    number = value.high if high else value.low
    if before.unit != "temperature change" or value.unit != "temperature":
        return number
    return measured.change_of(value, number)


__all__ = ["Date", "find"]
