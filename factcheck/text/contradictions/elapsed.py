"""Lengths of time against dates: three years ago, in 2019; ten years after 2001, in 2015; born in 1960, now 45."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from factcheck.text.contradictions.finding import Contradiction, Sentence, number
from factcheck.text.values import Value
from factcheck.text.values.numbers import SMALL, TENS

_NUMBERS = SMALL | TENS | {"a": 1, "an": 1}
_UNITS = r"(?P<unit>day|week|month|year|decade|centur(?:y|ie))?s?"
_LENGTH = (
    r"(?P<rough>more than|over|nearly|almost|less than|under|about|around|some|roughly|at least|just over)?\s?"
    rf"(?<!\w)(?P<count>\d{{1,3}}|<\d+>|{'|'.join(_NUMBERS)}) ?{_UNITS}(?:\b|(?<=>))"
)
_DATE = r"(?:in|on) (?P<date>\{\d+\})"
_WRITTEN_SINCE = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        _LENGTH + r" ago(?:,| –)? (?:\(|back )?(?:in|on|since)? ?(?P<date>\{\d+\})",
        r"\b(?:in|on|since) (?P<date>\{\d+\})(?:,| –| \() ?" + _LENGTH + r" ago\b",
        r"\b(?:it is|it's|it has been|it was) (?:now )?" + _LENGTH + r" since\b[^<{;:.]{0,60}? " + _DATE,
    )
)
"""Three years ago, in 2019 · in 2019, three years ago · it has been three years since it closed in 2019."""
_BETWEEN = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<first>\{\d+\})[^{;:.]{0,80}? " + _LENGTH + r" (?:later|afterwards?),? (?:in|on) (?P<last>\{\d+\})",
        _LENGTH + r" after (?P<first>\{\d+\}),? (?:in|on) (?P<last>\{\d+\})",
    )
)
"""In 2001 and, ten years later, in 2011 · ten years after 2001, in 2011."""
_DAYS = {
    "day": 1.0, "week": 7.0, "month": 30.44, "year": 365.2425, "decade": 3652.425, "century": 36524.25,
    "centurie": 36524.25,
}  # fmt: skip
_AGE = r"(?P<age><\d+>)"
_BORN_AT = r"born (?:in|on) (?P<born>\{\d+\})"
_AT_THE_AGE = rf" (?:to the age of|at the age of|at age|aged|to be|at) {_AGE}"
_LIVING = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:, |\baged? ){_AGE}(?: ?years? old)?[,)][^{{;]{{0,60}}?\b{_BORN_AT}",
        rf"\b{_BORN_AT}[^{{;]{{0,60}}? (?:is|is now|turns|turned) {_AGE}(?: years? old)?(?=[,.;)]|$)",
    )
)
"""Ada Berg, 45, who was born in 1960 · born in 1960, she is 45."""
_DEAD = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_BORN_AT}[^{{;]{{0,80}}? died [^{{;]{{0,30}}?(?:in|on) (?P<died>\{{\d+\}})[^<{{;]{{0,40}}?{_AT_THE_AGE}",
        rf"\((?:born )?(?P<born>\{{\d+\}})(?: ?– ?|-)(?P<died>\{{\d+\}})\)[^<{{;]{{0,80}}?{_AT_THE_AGE}",
    )
)
"""Born in 1950, he died in 2010 at the age of 60 · (1950–2010) lived to the age of 60."""


def find(sentence: Sentence) -> Iterator[Contradiction]:
    if sentence.written:
        for pattern in _WRITTEN_SINCE:
            for match in sentence.matches(pattern):
                date = sentence.value(match["date"])
                yield from _judged(sentence, match, _span(date), (sentence.written, sentence.written), [date])
    for pattern in _BETWEEN:
        for match in sentence.matches(pattern):
            first, last = sentence.value(match["first"]), sentence.value(match["last"])
            yield from _judged(sentence, match, _span(first), _span(last), [first, last])
    yield from _ages(sentence)


def _judged(
    sentence: Sentence,
    match: re.Match[str],
    early: tuple[dt.date, dt.date] | None,
    late: tuple[dt.date, dt.date] | None,
    dates: list[Value],
) -> Iterator[Contradiction]:
    """Whether the length named can lie between the two, each known to within its first and last day."""
    count = _count(sentence, match)
    if early is None or late is None or count is None:
        return
    size, unit = count
    least, most = (late[0] - early[1]).days / unit, (late[1] - early[0]).days / unit
    low, high = _allowed((match["rough"] or "").lower(), size, unit)
    if most < low or least > high:
        start, end = _place(sentence, match, dates)
        words = _words(sentence, match)
        yield Contradiction("elapsed", start, end, words, _range(least, most))


def _allowed(rough: str, size: float, unit: float) -> tuple[float, float]:
    """From when to when the writer may mean, in units: people count calendar years and months, not days."""
    slack = 1.0 if unit > 1 else 1.01
    match rough:
        case "more than" | "over" | "at least" | "just over":
            return size - 0.1, (2.0 * size + 1 if rough != "just over" else 1.5 * size + 0.5)
        case "nearly" | "almost":
            return 0.6 * size - 0.5, size + 0.1
        case "less than" | "under":
            return 0.0, size + 0.1
        case "about" | "around" | "some" | "roughly":
            return 0.8 * size - slack, 1.2 * size + slack
    return size - slack, size + slack


def _count(sentence: Sentence, match: re.Match[str]) -> tuple[float, float] | None:
    """How many of which unit, in days. A length such as "three years" is a value already, in seconds."""
    said, unit = match["count"].lower(), match["unit"]
    if said.startswith("<"):
        value = sentence.value(said)
        words = re.search(r"(day|week|month|year|decade|centur(?:y|ie))s?$", value.text, re.I)
        if value.unit == "time" and words:
            size = _DAYS[words.group(1).lower()]
            return (value.low / 86_400 / size, size) if value.low == value.high else None
        return (value.low, _DAYS[unit.lower()]) if unit and not value.unit and value.low == value.high else None
    return (float(_NUMBERS.get(said) or said), _DAYS[unit.lower()]) if unit else None


def _words(sentence: Sentence, match: re.Match[str]) -> str:
    count = match["count"]
    said = sentence.value(count).text if count.startswith("<") else count
    return " ".join(part for part in (match["rough"], said, match["unit"]) if part)


def _place(sentence: Sentence, match: re.Match[str], dates: list[Value]) -> tuple[int, int]:
    """The dates, and the length where it is a value; else the dates alone."""
    found = [*dates, *([sentence.value(match["count"])] if match["count"].startswith("<") else [])]
    return sentence.start + min(one.start for one in found), sentence.start + max(one.end for one in found)


def _span(value: Value) -> tuple[dt.date, dt.date] | None:
    """First and last day that a date with a year may mean."""
    date = value.date
    if date is None or date.years is None or not 1 <= date.years[0] <= date.years[1] <= 9998:
        return None
    first, last = date.years
    if date.years[0] != date.years[1]:
        return dt.date(first, 1, 1), dt.date(last, 12, 31)
    month, until = date.month or 1, date.month or 12
    day = date.day if date.day and date.month else None
    ends = calendar.monthrange(last, until)[1]
    try:
        return dt.date(first, month, day or 1), dt.date(last, until, day or ends)
    except ValueError:
        return None


def _range(least: float, most: float) -> str:
    one, other = number(round(least, 1)), number(round(most, 1))
    return one if one == other else f"{one}–{other}"


def _ages(sentence: Sentence) -> Iterator[Contradiction]:
    for pattern in _DEAD:
        for match in sentence.matches(pattern):
            yield from _aged(sentence, match, _span(sentence.value(match["died"])), slack=0)
    if sentence.written and not re.search(r"\bdied\b", sentence.text):
        for pattern in _LIVING:
            for match in sentence.matches(pattern):
                yield from _aged(sentence, match, (sentence.written, sentence.written), slack=1)


def _aged(
    sentence: Sentence, match: re.Match[str], then: tuple[dt.date, dt.date] | None, *, slack: int
) -> Iterator[Contradiction]:
    """slack: years beside the reckoned ones that are let pass, where the age may be told of another day."""
    age, born = sentence.value(match["age"]), _span(sentence.value(match["born"]))
    plain = age.unit in ("", "time") and age.low == age.high and not age.bound
    if born is None or then is None or not plain:
        return
    years = age.low / (_DAYS["year"] * 86_400) if age.unit == "time" else age.low
    least, most = _whole_years(born[1], then[0]), _whole_years(born[0], then[1])
    if least >= 0 and not least - slack <= round(years) <= most + slack:
        found = [sentence.value(mark) for mark in re.findall(r"[<{]\d+[>}]", match.group())]
        yield sentence.against("age", found, age, str(most) if least == most else f"{least}–{most}")


def _whole_years(since: dt.date, until: dt.date) -> int:
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))
