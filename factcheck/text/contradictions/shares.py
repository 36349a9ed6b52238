"""Shares against the figures they are of: 30 of 60 (60 %), 20 % up from 50 to 70, doubled from 10 to 30."""

import re
from collections.abc import Iterator

from factcheck.text.contradictions.finding import Contradiction, Sentence, number
from factcheck.text.values import Value

_OF = r"(?P<part><\d+>)[^<{;:.()–]{0,30}? (?:out )?of [^<{;:.()–]{0,25}?(?P<whole><\d+>)"
_THEN = re.compile(
    _OF + r"[^<{;:.()–]{0,50}?(?: \(|, or |, that is,? |, i\.e\.,? | – |, )(?:about |some |or )?(?P<share><\d+>)"
)
_FIRST = re.compile(r"(?P<share><\d+>)[^<{;:.()–]{0,40}?(?: \(|, or |, that is,? |, i\.e\.,? | – )(?:some )?" + _OF)
"""30 of its 60 members (50%) · 50%, or 30 of 60 members."""
_ON = r"(?:(?! and )[^<;:.()–]){0,60}?"
_FROM_TO = rf"from (?P<first><\d+>){_ON} to (?P<last><\d+>)"
_TO_FROM = rf"to (?P<last><\d+>){_ON} from (?P<first><\d+>)"
_UP = (
    r"(?P<up>rose|rise|rises|risen|rising|increased?|increases|increasing|grew|grow|grows|grown|growing|climbed|climbs?|expanded|swelled"
    r"|jumped|jump|gained|soared|surged|surge|up)"
)
_DOWN = (
    r"(?P<down>fell|fall|falls|fallen|falling|decreased?|decreases|dropped|drops?|dropping|declined?|declines|shrank"
    r"|shrunk|plunged|sank|slid|down)"
)
_GAP = r"[^<{;:.()]{0,25}?"
_CALLED = r"(?: \(|, (?:or |an? )?)(?:gain of |fall of |increase of |rise of |drop of |up |down )?"
_CHANGES = tuple(
    re.compile(pattern)
    for span in (_FROM_TO, _TO_FROM)
    for pattern in (
        rf"\b(?:{_UP}|{_DOWN})\b{_GAP} (?:by )?(?P<share><\d+>)[^<{{;:.()]{{0,30}}?,? {span}",
        rf"\b(?:{_UP}|{_DOWN})\b{_GAP} {span}[^<;.()]{{0,40}}?{_CALLED}(?P<share><\d+>)",
        rf"\b(?:{_UP}|{_DOWN})\b{_GAP} {span}",
    )
)
"""rose 20% from 50 to 60 · rose from 50 to 60, or 20% · fell to 40 from 50."""
_TIMES = re.compile(rf"(?P<factor><\d+>|\bhalved)[^<{{;:.()]{{0,25}}? {_FROM_TO}")
_FACTORS = {2.0: (1.7, 2.5), 3.0: (2.6, 3.6), 4.0: (3.5, 4.7), 0.5: (0.4, 0.6)}
"""A writer's "doubled" is rough; beyond these it is another word."""
_OTHER_WAY = {True: re.compile(rf"\b{_DOWN}\b"), False: re.compile(rf"\b{_UP}\b")}
"""Of what rises, the words of falling. With both, which one tells of the figures is not plain."""
_RANKS = re.compile(r"\b(?:rank|ranked|ranking|place|spot|number|no\.|position|seed)\b", re.I)
"""Where less is more."""
ROUGH = 0.1
"""Share of itself that "about", "nearly", "over" and "under" may be off."""


def find(sentence: Sentence) -> Iterator[Contradiction]:
    for pattern in (_THEN, _FIRST):
        for match in sentence.matches(pattern):
            part, whole, share = (sentence.value(match[name]) for name in ("part", "whole", "share"))
            if share.unit != "%" or part.unit != whole.unit or part.unit == "%" or not _single(part, whole, share):
                continue
            if not whole.low or part.low > whole.low:
                continue
            reckoned = 100 * part.low / whole.low
            slack = 100 * (_rounding(part) / whole.low + part.low * _rounding(whole) / whole.low**2)
            if not _fits(share, reckoned, slack):
                yield sentence.against("share", [part, whole, share], share, f"{number(round(reckoned, 1))}%")
    yield from _changes(sentence)
    for match in sentence.matches(_TIMES):
        first, last = sentence.value(match["first"]), sentence.value(match["last"])
        least, most = _factor(sentence, match["factor"])
        if most and first.unit == last.unit and _single(first, last) and first.low:
            factor = last.low / first.low
            if not least <= factor <= most:
                yield sentence.against("change", [first, last], last, f"× {number(round(factor, 2))}")


def _factor(sentence: Sentence, said: str) -> tuple[float, float]:
    """From what to what "doubled" and the like may mean; (0, 0) for a word that is none of them."""
    if said == "halved":
        return _FACTORS[0.5]
    value = sentence.value(said)
    return _FACTORS.get(value.low, (0, 0)) if value.unit == "times" and value.text.isalpha() else (0, 0)


def _changes(sentence: Sentence) -> Iterator[Contradiction]:
    seen: set[tuple[int, int]] = set()
    for pattern in _CHANGES:
        for match in sentence.matches(pattern):
            first, last = sentence.value(match["first"]), sentence.value(match["last"])
            if (first.start, last.start) in seen or first.unit != last.unit or not _single(first, last):
                continue
            up = match["up"] is not None
            other_way = _OTHER_WAY[up].search(match.group().partition(match["last"])[0])
            if first.low <= 0 or other_way or _RANKS.search(match.group()):
                continue
            seen.add((first.start, last.start))
            if last.low != first.low and (last.low > first.low) != up:
                yield sentence.against("direction", [first, last], last, "less" if up else "more")
                continue
            if "share" not in match.re.groupindex:
                continue
            share = sentence.value(match["share"])
            if not _single(share) or (share.unit == "%") != (first.unit != "%") or share.unit not in ("%", "points"):
                continue
            difference = abs(last.low - first.low)
            points = share.unit == "points"
            reckoned = difference if points else 100 * difference / first.low
            slack = _rounding(first) + _rounding(last)
            slack = (
                slack if points else 100 * (_rounding(last) / first.low + last.low * _rounding(first) / first.low**2)
            )
            if not _fits(share, reckoned, slack):
                unit = "" if points else "%"
                yield sentence.against("change", [first, last, share], share, f"{number(round(reckoned, 1))}{unit}")


def _single(*found: Value) -> bool:
    return all(each.low == each.high for each in found)


def _rounding(value: Value) -> float:
    """How far off a figure may be for being rounded or rough. A small count is what it is."""
    counted = not value.unit and value.step <= 0.5 and value.low < 1000 and value.low == int(value.low)
    return max(0.0 if counted else value.step, ROUGH * abs(value.low) if value.bound else 0.0)


def _fits(share: Value, reckoned: float, slack: float) -> bool:
    return (
        abs(share.low - reckoned) <= slack + max(share.step, 0.5) + (ROUGH * share.low if share.bound else 0.0) + 0.51
    )
