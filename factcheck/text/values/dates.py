"""Dates at the precision they are written in: 12 December 2013 · Dec. 12 · 2013-12-12 · the 1980s · 300 BC.

"Last year" or "on Tuesday" are dates only for who knows when it was said: they need the reference date.
"""

import calendar
import datetime as dt
from dataclasses import dataclass

from factcheck.text.abbreviations import words as listed
from factcheck.text.values import units
from factcheck.text.values.numbers import ORDINALS, SCALES, SMALL, TENS
from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Date

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
WEEKDAYS = {calendar.day_name[number].lower(): number for number in range(7)}
DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
STEPS = {"last": -1, "this": 0, "next": 1}
LONGER_THAN_A_YEAR = (1000, 2199)
"""Four bare digits in this span may be a year; outside of it they are a number unless BC or AD stands beside them."""
BEFORE_A_YEAR = listed(
    """in since by from of until till to before after during through between and year early late mid or around
    circa"""
)
"""Words behind which four digits are a year although a plural follows ("in 2008 elections were held")."""
ORDINAL_MARKS = ("st", "nd", "rd", "th")


@dataclass(frozen=True, slots=True)
class Found:
    date: Date
    end: int
    """Index of the first token behind it."""


def read(tokens: Tokens, at: int, language: str = "en", reference: dt.date | None = None) -> Found | None:
    """The date that begins at this token. `reference`: the day on which the text was written, for relative dates."""
    found = _iso(tokens, at) or _numeric(tokens, at, language) or _day_month(tokens, at) or _month(tokens, at)
    found = found or _century(tokens, at) or _year(tokens, at)
    return found or (_relative(tokens, at, reference) if reference else None)


def digits(tokens: Tokens, at: int, least: int = 1, most: int = 2) -> int | None:
    """A plain whole number of so many digits, as an int."""
    token = tokens[at]
    if token.kind == "number" and token.text.isdecimal() and least <= len(token.text) <= most:
        return int(token.text)
    return None


def _iso(tokens: Tokens, at: int) -> Found | None:
    year, month, day = digits(tokens, at, 4, 4), digits(tokens, at + 2, 2), digits(tokens, at + 4, 2)
    if year and month and day and tokens[at + 1].text == tokens[at + 3].text == "-" and _real(year, month, day):
        return Found(Date((year, year), month, day), at + 5)
    return None


def _numeric(tokens: Tokens, at: int, language: str) -> Found | None:
    """12/31/2017, 31.12.2017: which is the month is known from the numbers, else from the language."""
    text = tokens[at].text
    if tokens[at].kind == "number" and text.count(".") == 2:
        parts, end = text.split("."), at + 1
    elif tokens[at + 1].text == tokens[at + 3].text == "/" and tokens[at + 1].glued:
        parts, end = [tokens[at].text, tokens[at + 2].text, tokens[at + 4].text], at + 5
    else:
        return None
    if not all(part.isdecimal() for part in parts) or len(parts[2]) != 4 or max(len(parts[0]), len(parts[1])) > 2:
        return None
    first, second, year = (int(part) for part in parts)
    day_first = first > 12 or (second <= 12 and (language != "en" or "." in text))
    day, month = (first, second) if day_first else (second, first)
    return Found(Date((year, year), month, day), end) if _real(year, month, day) else None


def _day_month(tokens: Tokens, at: int) -> Found | None:
    day = digits(tokens, at)
    place = at + 1 + (tokens[at + 1].low in ORDINAL_MARKS and tokens[at + 1].glued)
    place += tokens[place].low == "of"
    month = _month_name(tokens, place)
    if not day or not month or not _real(2000, month, day):
        return None
    place += 1 + (tokens[place + 1].text == "." and tokens[place + 1].glued)
    return _with_year(tokens, place, month, day)


def _month(tokens: Tokens, at: int) -> Found | None:
    month = _month_name(tokens, at)
    if not month:
        return None
    place = at + 1 + (tokens[at + 1].text == "." and tokens[at + 1].glued and len(tokens[at].text) < 5)
    day = digits(tokens, place)
    if day and _real(2000, month, day) and tokens[place + 1].text not in ("%", ":"):
        place += 1 + (tokens[place + 1].low in ORDINAL_MARKS and tokens[place + 1].glued)
        return _with_year(tokens, place, month, day)
    found = _with_year(tokens, place, month, None)
    if found.date.years is None and tokens[at].low in ("may", "march", "mar", "sept", "dec", "jan", "oct", "nov"):
        # a month alone: "may" and "march" are words too
        before = tokens[at - 1].low
        if tokens[at].low in ("may", "march") and before not in (
            "in",
            "since",
            "by",
            "last",
            "next",
            "until",
            "of",
            "early",
            "late",
        ):
            return None
    return found


def _month_name(tokens: Tokens, at: int) -> int | None:
    token = tokens[at]
    return MONTHS.get(token.low) if token.kind == "word" and token.text[:1].isupper() else None


def _with_year(tokens: Tokens, at: int, month: int, day: int | None) -> Found:
    place = at + (tokens[at].text == ",") + (tokens[at].low == "of")
    year = digits(tokens, place, 4, 4)
    if year and LONGER_THAN_A_YEAR[0] <= year <= LONGER_THAN_A_YEAR[1] and (not day or _real(year, month, day)):
        return Found(Date((year, year), month, day), place + 1)
    return Found(Date(None, month, day), at)


def _century(tokens: Tokens, at: int) -> Found | None:
    number = digits(tokens, at)
    place = at + 1
    if number and tokens[place].low in ORDINAL_MARKS and tokens[place].glued:
        place += 1
    elif tokens[at].low in ORDINALS or (tokens[at].low == "twenty" and tokens[at + 2].low == "first"):
        number, place = (ORDINALS[tokens[at].low], at + 1) if tokens[at].low in ORDINALS else (21, at + 3)
    else:
        return None
    many = tokens[place].low in ("and", "or", "to") or (
        tokens[place].text in ("–", "-") and not tokens[place + 1].low.startswith("cent")
    )
    if many and number and number < 22 and "centur" in tokens[place + 3].low + tokens[place + 2].low:
        return Found(Date((number * 100 - 99, number * 100)), place)
    place += tokens[place].text == "-"
    if not number or number > 21 or tokens[place].low not in ("century", "centuries", "c"):
        return None
    years = (number * 100 - 99, number * 100)
    if _era(tokens, place + 1):
        years = (-number * 100, -number * 100 + 99)
    elif (tokens[at - 2].low == "half" and tokens[at - 1].low == "the") or tokens[at - 3].low == "half":
        years = (years[0], years[0] + 49) if "first" in tokens.words(at - 4, 3) else (years[0] + 50, years[1])
    elif tokens[at - 1].low == "mid" or tokens[at - 2].low == "mid":
        years = (years[0] + 33, years[0] + 66)
    return Found(Date(years), place + 1)


def _era(tokens: Tokens, at: int) -> int:
    """How many tokens "BC", "B.C.", "BCE" have from here; 0 when they do not stand here."""
    if tokens[at].text in ("BC", "BCE"):
        return 1
    return (
        4
        if "".join(token.text for token in (tokens[at], tokens[at + 1], tokens[at + 2], tokens[at + 3])) == "B.C."
        else 0
    )


def _year(tokens: Tokens, at: int) -> Found | None:
    token = tokens[at]
    if token.kind != "number" or not token.text.replace(",", "").isdecimal():
        return None
    whole = token.text.replace(",", "")
    era = _era(tokens, at + 1)
    if era and len(whole) <= 5:
        return Found(Date((-int(whole), -int(whole))), at + 1 + era)
    if (
        tokens[at + 1].text in ("-", "–")
        and tokens[at + 2].kind == "number"
        and _era(tokens, at + 3)
        and len(whole) <= 5
    ):
        return Found(Date((-int(whole), -int(whole))), at + 1)
    if tokens[at + 1].text in ("AD", "CE") and len(whole) <= 4:
        return Found(Date((int(whole), int(whole))), at + 2)
    year = digits(tokens, at, 4, 4)
    short = digits(tokens, at, 2, 2)
    begun = digits(tokens, at - 2, 4, 4)
    if (
        short is not None
        and begun
        and tokens[at].glued
        and tokens[at - 1].text in ("-", "–", "/")
        and tokens[at - 1].glued
    ):
        full = begun - begun % 100 + short  # 2018–19
        return Found(Date((full, full)), at + 1) if begun < full and tokens[at + 1].kind != "number" else None
    if short is not None and tokens[at + 1].low == "s" and tokens[at + 1].glued and short % 10 == 0:
        return Found(Date((1900 + short, 1909 + short)), at + 2)
    if not year or not LONGER_THAN_A_YEAR[0] <= year <= LONGER_THAN_A_YEAR[1]:
        return None
    if tokens[at + 1].low == "s" and tokens[at + 1].glued:
        span = 99 if year % 100 == 0 and tokens[at - 1].low == "middle" else 9
        years = (year + 33, year + 66) if span == 99 else (year, year + 9)
        return Found(Date(years), at + 2)
    if not _is_year(tokens, at, year):
        return None
    return Found(Date((year, year)), at + 1)


def _is_year(tokens: Tokens, at: int, year: int) -> bool:
    before, behind = tokens[at - 1], tokens[at + 1]
    if tokens[at].glued and before.kind == "mark" and before.text in tuple("$€£¥.:#"):
        return False
    if before.text in ("$", "€", "£", "¥", "₹", "#", "~", "°", "−") or behind.text in ("%", "°", "˚"):
        return False
    if behind.low in SCALES or behind.low in SMALL or behind.low in TENS:
        return False
    unit = units.read(tokens, at + 1)
    if unit and behind.text != "-" and not (unit.name == "time" and before.low in BEFORE_A_YEAR):
        return False
    plural = behind.kind == "word" and behind.low.endswith("s") and len(behind.low) > 3 and behind.text.islower()
    if plural and not behind.low.endswith(("ss", "us", "is")):
        return (
            before.low in BEFORE_A_YEAR
            or before.low in ("the", "’s", "s")
            or (before.text in ("–", "-") and before.glued)
        )
    circa = before.text == "." and tokens[at - 2].low in ("c", "ca")
    return behind.low != "people" and (
        year >= 1500 or circa or before.low in BEFORE_A_YEAR or before.text in ("(", "–", "-")
    )


def _relative(tokens: Tokens, at: int, reference: dt.date) -> Found | None:
    words = tokens.words(at, 2)
    day = DAYS.get(words[0])
    if day is not None:
        then = reference + dt.timedelta(days=day)
        return Found(Date((then.year, then.year), then.month, then.day), at + 1)
    if words[0] in WEEKDAYS and tokens[at].text[0].isupper():
        then = reference - dt.timedelta(days=(reference.weekday() - WEEKDAYS[words[0]]) % 7)
        return Found(Date((then.year, then.year), then.month, then.day, then.weekday()), at + 1)
    step = STEPS.get(words[0])
    if step is None or words[1] not in ("year", "month"):
        return None
    if words[1] == "year":
        return Found(Date((reference.year + step, reference.year + step)), at + 2)
    months = reference.year * 12 + reference.month - 1 + step
    return Found(Date((months // 12, months // 12), months % 12 + 1), at + 2)


def _real(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(max(1, min(year, 9999)), month)[1]
