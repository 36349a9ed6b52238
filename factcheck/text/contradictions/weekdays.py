"""Tuesday, 14 May 2023: was that a Tuesday?"""

import calendar
import datetime as dt
from collections.abc import Iterator

from factcheck.text.contradictions.finding import Contradiction, Sentence
from factcheck.text.values.dates import WEEKDAYS
from factcheck.text.values.tokens import Token, Tokens
from factcheck.text.values.value import Date

DAYS = WEEKDAYS | {
    short: number
    for name, number in WEEKDAYS.items()
    for short in {name[:3], {"tuesday": "tues", "thursday": "thurs", "wednesday": "weds"}.get(name, name[:3])}
}
BETWEEN = (",", "(", ".", "the", "morning", "afternoon", "evening", "night")
JOINED = ("and", "or", "to", "through", "until", "till", "–", "-", "—", "&", "/")
"""Beside a weekday or a date they make it one end of several: "Friday and Saturday, May 3 and 4"."""
FARTHEST = 300
"""Days from the article's own within which a date without a year lies. Beyond half a year two years are thinkable,
and both must disagree."""
GREGORIAN = 1753
"""From this year on the weekday of a date is the same in every country whose news is in English."""


def find(sentence: Sentence) -> Iterator[Contradiction]:
    if not any(name[:3] in sentence.text.lower() for name in WEEKDAYS):
        return
    tokens = Tokens(sentence.text)
    places = {token.start: at for at, token in enumerate(tokens.all)}
    for value in sentence.values:
        if value.date is None or not value.date.day or value.start not in places:
            continue
        first = places[value.start]
        behind = next(
            (at for at, token in enumerate(tokens.all[first:], first) if token.start >= value.end), len(tokens)
        )
        said = _before(tokens, first, behind) or _behind(tokens, behind)
        if said is None:
            continue
        days = {day.weekday() for day in _days(value.date, sentence.written)}
        if days and DAYS[said.low] not in days:
            start, end = min(said.start, value.start), max(said.end, value.end)
            right = " / ".join(calendar.day_name[day] for day in sorted(days))
            yield Contradiction("weekday", sentence.start + start, sentence.start + end, said.text, right)


def _before(tokens: Tokens, first: int, behind: int) -> Token | None:
    """Tuesday, May 14 · Tuesday evening (May 14) · Tuesday the 14th of May."""
    if tokens[behind].low in JOINED and (tokens[behind + 1].kind == "number" or _is_day(tokens[behind + 1])):
        return None
    at = first - 1
    while first - at <= 4 and tokens[at].low in BETWEEN:
        at -= 1
    return tokens[at] if _is_day(tokens[at]) and tokens[at - 1].low not in JOINED else None


def _behind(tokens: Tokens, behind: int) -> Token | None:
    """May 14, a Tuesday · May 14 (Tuesday)."""
    opened = tokens[behind].text
    at = behind + 1 + (tokens[behind + 1].low == "a")
    named = opened == "(" or (opened == "," and tokens[behind + 1].low == "a")
    return tokens[at] if named and _is_day(tokens[at]) and tokens[at + 1].text in (")", ",", ".", ";") else None


def _is_day(token: Token) -> bool:
    return token.low in DAYS and token.text[0].isupper()


def _days(date: Date, written: dt.date | None) -> list[dt.date]:
    """The days of the calendar that a date may mean; none when that is not plain."""
    if date.years:
        years = [date.years[0]] if date.years[0] == date.years[1] and date.years[0] >= GREGORIAN else []
    else:
        years = [written.year - 1, written.year, written.year + 1] if written else []
    found = []
    for year in years:
        try:
            found.append(dt.date(year, date.month or 1, date.day or 1))
        except ValueError:  # 29 February of another year
            continue
    return [day for day in found if date.years or (written and abs((day - written).days) <= FARTHEST)]
