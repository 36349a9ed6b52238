"""Numbers, dates, money, shares, measures and names of a claim, each set beside what a passage says.

The answer is a hint where to look, never a verdict:

- agree: the passage has the value, for the same thing;
- conflict: it has another value for what is plainly the same thing (same unit and noun, same words around);
- absent: neither.

When are two values the same? Tolerances, in this order:

- **Rounding.** 97% and 97.1%: they differ by no more than half of the last place that the coarser one has, and by no
  more than 10 %. Round thousands and "2.7 million" are rounded numbers.
- **Units.** Both are turned into base units first; the coarser rounding holds ("355 ft", "108 m"). Currencies are never
  turned into each other; percentage points are not per cent; a difference of temperatures is not a temperature.
- **About, nearly.** "About N" is what would be rounded to N at the digits that N has, at most 10 % off; "nearly N" is N
  or up to 10 % less.
- **More than, at least, less than, up to.** A plain number agrees within a quarter of the bound, on its side; two
  bounds agree when their limits do ("more than 66%" is not "more than 90%", although 95 % would satisfy both).
- **Ranges.** A plain number agrees inside; two ranges only when both ends do.
- **Dates.** All parts that both have are the same, and both have the year or both the month ("in December" and "12
  December 2013"); a decade has its years.
- **Ordinals** of the same thing, **scores** in the same order, **names** that share their parts ("Berg", "Ada Berg").

When is it the same thing? `closeness` weighs the words that the surroundings of both values share, those that both
texts share, and the noun that is counted. A value that says much by itself (a full date, 1,216) needs little of it
to agree, "two" needs its noun; a conflict always needs much. Left out of conflicts: names, ordinals and scores,
lengths of time that only frame something ("in the last 50 years"), "since" against "by", a forecast against a
measurement, the highest against the lowest, and a figure of the passage that answers another figure of the claim.
Words are all that is compared: that two ice sheets, or two years' reports, are different things is not known here,
so a conflict is right about two times in three where topics are alike (`manage.py evaluate comparison`;
evaluation/labels/README.md).

Pure Python; about a thousand pairs of sentences per second and core.
"""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from factcheck.text import values
from factcheck.text.values import Value, sameness, words
from factcheck.text.values.tokens import Tokens

Verdict = Literal["agree", "conflict", "absent"]

SPECIFIC, SOME, LOOSE, SMALL, WIDER = 0.0, 0.05, 0.25, 0.35, 0.7
"""Closeness from which values agree: those that say much by themselves, others, shares and those that are the same only
within a tolerance, small whole numbers, dates of which the passage has only the year."""
PLAINLY, DATED = 0.8, 0.85
"""Closeness from which another value is a conflict, and another date. These seven and the weights of `closeness` were
chosen on one half of the labels."""

OPPOSITES = tuple(
    tuple(frozenset(map(words.stem, side.split())) for side in pair.split("|"))
    for pair in (
        "highest high maximum most largest best hottest|lowest low minimum least smallest worst coldest",
        "rise rose rising increase increased gain gained growth grew|"
        "fall fell drop dropped decrease decreased loss lost decline declined shrank",
        "warm warmer warming|cool cooler cooling",
        "born birth|died death killed",
        "men male boys|women female girls",
        "day daytime|night nighttime",
        "summer|winter",
        "spring|autumn",
        "import imports|export exports",
        "won win victory|lost loss defeat",
        "opened founded began started launched|closed ended disbanded finished",
        "married wedding|divorced",
        "income revenue earned|spent spending cost costs",
    )
)
LEAST = 3
"""Surroundings of fewer words than this are weighed as if they had so many: one shared word of one is no proof."""
APART = 20
"""Times by which two quantities differ that are hardly of one thing."""
COMMON = frozenset(["", "%", "time", "length", "temperature", "temperature change", "degrees", "times"])
"""Units that every second text has; any other says something about the thing by itself."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one text brings to a comparison: its values, and the stems of its meaningful words."""

    values: tuple[Value, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    value: Value
    """The claim's."""
    verdict: Verdict
    other: Value | None
    """The passage's value that agrees or conflicts; its span is in the passage."""
    reasons: tuple[str, ...]
    """Words of a fixed list, for the page to say in the reader's language: how the values are the same (equal, rounded,
    approximate, bound, range, precision), converted (another unit), noun (the same is counted), words (around both)."""


def compare(
    claim: str,
    passage: str,
    language: str = "en",
    *,
    reference: dt.date | None = None,
    names: Sequence[str] | None = None,
) -> list[Compared]:
    """Every value of the claim, in its order, with what the passage has for it.

    language: of both texts (ISO 639-1). reference: the day the texts were written, to read "last year" by. names: those
    to look for in both texts, as an entity recogniser found them; without, runs of capitalised words are names.
    Never raises on str; takes time linear in the length of both (values.find says what is read at most).
    """
    return beside(
        read(claim, language, reference=reference, names=names),
        read(passage, language, reference=reference, names=names),
    )


def read(
    text: str, language: str = "en", *, reference: dt.date | None = None, names: Sequence[str] | None = None
) -> Read:
    """One text, to be set beside several others; the arguments are those of `compare`."""
    tokens = Tokens(text)
    found = values.find(tokens, language, reference=reference, known_names=names)
    return Read(tuple(found), words.all_of(tokens))


def beside(claim: Read, passage: Read) -> list[Compared]:
    """`compare`, of texts that were read."""
    ours, theirs = list(claim.values), list(passage.values)
    whole = _alike(claim.words, passage.words)
    others = [[other for other in theirs if sameness.comparable(one, other)] for one in ours]
    agreed = [_agreeing(one, candidates, whole) for one, candidates in zip(ours, others, strict=True)]
    answered = {id(found.other) for found in agreed if found}
    compared = []
    for one, candidates, found in zip(ours, others, agreed, strict=True):
        left = [
            other for other in candidates if id(other) not in answered and not _other_period(one, other, ours, theirs)
        ]
        compared.append(found or _conflicting(one, left, whole) or Compared(one, "absent", None, ()))
    return compared


def closeness(one: Value, other: Value, whole: float) -> float:
    """How much speaks for both values being of the same thing; 0 is nothing, from about 0.8 on it is plain. `whole`:
    how alike the words of both texts are, 0 to 1."""
    close = _alike(one.near, other.near) + whole + 0.3 * _noun(one, other) + 0.1 * min(4, len(one.tight & other.tight))
    return close + 0.25 * (one.kind == "quantity" and one.unit not in COMMON)


def _agreeing(one: Value, candidates: list[Value], whole: float) -> Compared | None:
    best: tuple[float, Compared] | None = None
    for other in candidates:
        how = sameness.same(one, other)
        if not how:
            continue
        close = closeness(one, other, whole)
        if one.unit == "" and one.counted and other.counted and not _noun(one, other):
            close -= 0.3
        if one.kind != "name" and close < _needed(one, other, how):
            continue
        if one.kind == "ordinal" and not _noun(one, other) and close < WIDER:
            continue
        if best is None or close > best[0]:
            best = close, Compared(one, "agree", other, _reasons(one, other, how))
    return best[1] if best else None


def _needed(one: Value, other: Value, how: sameness.Reason) -> float:
    if how in ("range", "bound", "approximate"):
        return PLAINLY if other.low < other.high and one.low == one.high else LOOSE + 0.15 * (how == "range")
    if one.date and other.date:
        if one.date.month and not other.date.month:
            return WIDER
        return SPECIFIC if other.date.month and one.date.month else SOME
    if one.kind != "score" and one.unit == "" and (one.low <= 12 or one.low < one.high):
        return SMALL
    if one.unit in ("%", "time"):
        return LOOSE
    digits = len(f"{one.low:.6g}".replace(".", "").strip("0-"))
    return SPECIFIC if digits >= 3 and how == "equal" else SOME


def _conflicting(one: Value, candidates: list[Value], whole: float) -> Compared | None:
    if one.kind in ("name", "ordinal", "score") or one.role == "frame":
        return None
    best: tuple[float, Value] | None = None
    for other in candidates:
        if other.role == "frame" or sameness.same(one, other) or not _same_sort(one, other):
            continue
        close = closeness(one, other, whole)
        if one.counted and other.counted and not _noun(one, other):
            close -= 0.3
        if close >= (DATED if one.date else PLAINLY) and (best is None or close > best[0]):
            best = close, other
    return Compared(one, "conflict", best[1], _reasons(one, best[1], "")) if best else None


def _same_sort(one: Value, other: Value) -> bool:
    """What sets two values apart whatever the words around say."""
    if _opposed(one, other):
        return False
    if one.date and other.date:
        if one.date.day and not other.date.month:
            return False
        if "cited" in (one.role, other.role):
            return False
        return (one.role == "start") == (other.role == "start") and not (_century(one.date) or _century(other.date))
    if one.role != other.role or one.role == "ago":
        return False
    if one.kind == "quantity" and ((not one.unit and not _noun(one, other)) or _far_apart(one, other)):
        return False
    return one.ahead == other.ahead


def _opposed(one: Value, other: Value) -> bool:
    """One stands beside the highest, born or men, the other beside the lowest, died or women."""
    return any(
        first & one.near and second & other.near and not (second & one.near or first & other.near)
        for pair in OPPOSITES
        for first, second in (pair, pair[::-1])
    )


def _other_period(one: Value, other: Value, ours: Sequence[Value], theirs: Sequence[Value]) -> bool:
    """Both are ends of a stretch of time whose other ends differ: 1993–2017 does not contradict 1870–2004."""
    if one.kind != "date":
        return False
    first, second = _other_end(one, ours), _other_end(other, theirs)
    return bool(first and second and not sameness.same(first, second))


def _other_end(one: Value, found: Sequence[Value]) -> Value | None:
    dates = [value for value in found if value.kind == "date"]
    for start, end in itertools.pairwise(dates):
        if end.role == "end" and end.start - start.end <= 8 and one in (start, end):
            return end if one is start else start
    return None


def _far_apart(one: Value, other: Value) -> bool:
    """Too far apart to be one thing, unless the digits are the same, as when million and billion are mixed up."""
    low, high = sorted((abs(one.high), abs(other.high)))
    return low > 0 and high / low >= APART and f"{low:.1e}"[:3] != f"{high:.1e}"[:3]


def _century(date: values.Date) -> bool:
    return bool(date.years and date.years[1] - date.years[0] > 10)


def _noun(one: Value, other: Value) -> bool:
    if one.counted & (other.counted | other.tight) or other.counted & one.tight:
        return True
    return one.unit == "%" and bool(one.counted & other.near or other.counted & one.near)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Cosine of two sets of words (Ochiai's coefficient), each taken to have at least LEAST."""
    return len(one & other) / math.sqrt(max(LEAST, len(one)) * max(LEAST, len(other)))


def _reasons(one: Value, other: Value, how: sameness.Reason) -> tuple[str, ...]:
    said: list[str] = [how] if how else []
    if one.kind == "quantity" and one.unit and _unit_as_written(one) != _unit_as_written(other):
        said.append("converted")
    if _noun(one, other):
        said.append("noun")
    if one.near & other.near:
        said.append("words")
    return tuple(said)


def _unit_as_written(value: Value) -> str:
    return "".join(sign for sign in value.text if sign.isalpha() or sign in "°%$€£").lower()
