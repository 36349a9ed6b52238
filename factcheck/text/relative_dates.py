"""Days that an article names by the day it was written on: yesterday, on Tuesday, last month, three days ago.

A bare weekday is the last one in a clause told in the past (the article's own day included) and the next one after
"will"; in any other clause it is not plain. Weeks begin on Monday (ISO 8601).
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from factcheck.text.part import AUXILIARIES

_DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_MONTHS = "|".join([*calendar.month_name[1:], *(f"{name}\\.?" for name in calendar.month_abbr[1:])])
_COUNTS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"a": 1, "an": 1}

_RELATIVE = re.compile(
    r"\b(?:(?P<day>today|tonight|yesterday|tomorrow)"
    rf"|(?P<weekday>{'|'.join(calendar.day_name)})"
    r"|(?P<which>last|this|next) (?P<unit>week|month|year)"
    rf"|(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)}) (?P<units>day|week|month|year)s? ago)\b(?P<possessive>['’]s)?",
    re.I,
)
_DATED = re.compile(rf"[,(]? ?(?:{_MONTHS}|\d)")
"""Behind a weekday: the article gives the date itself."""
_FINITE = frozenset({"ROOT", "ccomp", "relcl", "advcl", "conj", "parataxis"})
_LOOSE = re.compile(
    r"\b(?:last|next|every|each|a|one|any|most|this|coming|previous|following|since|until|past"
    r"|super|black|good|fat|ash|palm|easter|holy|giving) $",
    re.I,
)
"""Before a weekday: either not one day, or not plain which one. ("Last Tuesday" is yesterday to some, Super
Tuesday a day of its own.)"""
_LONGEST_BEFORE = 12
"""Code points of the longest of these, its blank included, or more."""


def find(doc: Doc, written: dt.date) -> Iterator[tuple[int, str]]:
    """(token behind which it may be put, the date in words) for every relative date that the article makes plain."""
    text = doc.text  # put together anew each time that it is asked for
    for match in _RELATIVE.finditer(text):
        span = doc.char_span(*match.span(), alignment_mode="expand")
        if span is None or span.end_char != match.end() or _DATED.match(text, match.end()):
            continue
        try:
            date = _date(match, span.root, written)
        except (OverflowError, ValueError):
            continue
        if date:
            yield span.end - 1, date


def left(text: str) -> list[tuple[int, str]]:
    """(place, words) of every relative date whose day does not stand behind it, in brackets or plainly."""
    return [
        (match.start(), match.group())
        for match in _RELATIVE.finditer(text)
        if not (match["weekday"] and match["weekday"].islower())
        and not _DATED.match(text, match.end())
        and not text[match.end() :].lstrip().startswith("[")
    ]


def _date(match: re.Match[str], token: Token, written: dt.date) -> str:
    if match["day"]:
        days = {"yesterday": -1, "tomorrow": 1}.get(match["day"].lower(), 0)
        return _day(written + dt.timedelta(days))
    if match["weekday"]:
        if not match["weekday"][0].isupper() or _LOOSE.search(
            match.string, max(0, match.start() - _LONGEST_BEFORE), match.start()
        ):
            return ""
        behind = (written.weekday() - _DAYS[match["weekday"].lower()]) % 7
        tense = _tense(token)
        if tense == "past":
            return _day(written - dt.timedelta(behind))
        return _day(written + dt.timedelta(-behind % 7)) if tense == "future" else ""
    if match["which"]:
        return _span(match["unit"].lower(), {"last": -1, "this": 0, "next": 1}[match["which"].lower()], written)
    count = match["count"].lower()
    number = int(count) if count.isdecimal() else _COUNTS[count]
    unit = match["units"].lower()
    if unit in {"day", "week"}:
        then = _day(written - dt.timedelta(number * (7 if unit == "week" else 1)))
        return then if unit == "day" else f"about {then}"
    then = _span(unit, -number, written)
    return f"about {then}" if then else ""


def _span(unit: str, step: int, written: dt.date) -> str:
    if unit == "week":
        monday = written - dt.timedelta(written.weekday()) + dt.timedelta(7 * step)
        return f"the week of {_day(monday)}"
    if unit == "year":
        return str(written.year + step) if written.year + step > 0 else ""
    months = written.year * 12 + written.month - 1 + step
    return f"{calendar.month_name[months % 12 + 1]} {months // 12}" if months >= 12 else ""


def _day(day: dt.date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _tense(token: Token) -> str:
    """Of the nearest finite clause around the word: past, future or ""."""
    while token.head != token and (token.pos_ not in {"VERB", "AUX"} or token.dep_ not in _FINITE):
        token = token.head
    forms = [token, *(child for child in token.children if child.dep_ in AUXILIARIES)]
    if any(one.tag_ == "MD" and one.lemma_ in {"will", "shall"} for one in forms):
        return "future"
    return "past" if any(one.tag_ == "VBD" for one in forms) else ""
