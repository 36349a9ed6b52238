"""One walk over a text's tokens that picks up its values."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from factcheck.text.abbreviations import words as listed
from factcheck.text.values import dates, figures, measured, names, numbers, units, words
from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Value

MOST = 200
"""Values taken from one text; a claim has one to five."""

BEGIN = frozenset(
    [
        *dates.MONTHS, *dates.WEEKDAYS, *dates.DAYS, *dates.STEPS, *numbers.SMALL, *numbers.TENS, *numbers.PARTS,
        *numbers.VAGUE, *numbers.ORDINALS, *figures.MULTIPLES, *units.CURRENCIES, "a", "an", "tens",
    ]
)  # fmt: skip
"""Words that a value may begin with; at any other, asking every reader would only cost time."""

STARTS = listed("since from after between")
ENDS = listed("until till before by to through")


def find(
    text: str | Tokens,
    language: str = "en",
    *,
    reference: dt.date | None = None,
    known_names: Sequence[str] | None = None,
) -> list[Value]:
    """The values of a text, or of its tokens, in order, not overlapping.

    language: ISO 639-1 code, with or without a region; it decides what separators mean, and words are read as numbers
    in English alone. reference: the day on which the text was written; without it "last year" is no date.
    known_names: names to look for, as an entity recogniser gave them; without, runs of capitalised words are taken.
    Never raises on a str; reads at most tokens.MOST tokens and returns at most MOST values besides names.
    """
    language = language.partition("-")[0].lower()
    tokens = Tokens(text) if isinstance(text, str) else text
    found: list[Value] = []
    at = 0
    while at < len(tokens) and len(found) < MOST:
        value, end = _next(tokens, at, language, reference)
        if value:
            found.append(value)
            at = max(end, at + 1)
        else:
            at += 1
    found = _in_brackets(tokens.text, found)
    taken = [(value.start, value.end) for value in found]
    found += names.find(tokens, taken, known_names)
    return sorted(found, key=lambda value: (value.start, value.end))


def _next(tokens: Tokens, at: int, language: str, reference: dt.date | None) -> tuple[Value | None, int]:
    token = tokens[at]
    if token.kind == "mark" and token.text not in figures.MONEY_MARKS:
        return None, at
    if token.kind == "word" and token.low not in BEGIN:
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
        role="cited"
        if _cited(tokens, at, found.end)
        else "start"
        if before in STARTS
        else "end"
        if second or before in ENDS
        else "",
        near=words.around(tokens, at, found.end),
        tight=words.around(tokens, at, found.end, words.BESIDE),
        ahead=words.ahead(tokens, at, found.end),
    )


def _cited(tokens: Tokens, at: int, end: int) -> bool:
    """A year alone in brackets says when something was published: Wu (2010), (2007:788)."""
    return tokens[at - 1].text in ("(", ",") and tokens[end].text in (")", ":") and end == at + 1


def _in_brackets(text: str, found: list[Value]) -> list[Value]:
    """5 metres (16 ft): the second is the first once more, so it counts the same thing within the same bound."""
    result: list[Value] = []
    for value in found:
        first = result[-1] if result else None
        if first and first.kind == value.kind == "quantity" and value.unit and _once_more(text, first, value):
            of_a_change = first.unit == "temperature change" and value.unit == "temperature"
            value = dataclasses.replace(
                value,
                unit=first.unit,
                bound=first.bound,
                counted=first.counted,
                near=first.near,
                tight=first.tight,
                ahead=first.ahead,
                low=measured.change_of(value, value.low) if of_a_change else value.low,
                high=measured.change_of(value, value.high) if of_a_change else value.high,
            )
        result.append(value)
    return result


def _once_more(text: str, first: Value, second: Value) -> bool:
    between = text[first.end : second.start].strip()
    same = first.unit.removesuffix(" change") == second.unit.removesuffix(" change")
    return same and between in ("(", ";", "/", "or", ", or")
