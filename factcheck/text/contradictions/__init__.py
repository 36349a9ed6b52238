"""Figures of one article that contradict each other: weekday and date, parts and total, shares, spans of time, ages,
units; and one figure given twice differently.

Each sentence is read by itself, its values as marks among its words:

    sentence ─► finding.Sentence ─┬─ weekdays   Tuesday, 14 May 2023
                                  ├─ totals     12 people: five men and eight women
                                  ├─ shares     30 of 60 members (60%); rose 20% from 50 to 70
                                  ├─ elapsed    three years ago, in 2019; born in 1960, died in 2010 at 60
                                  ├─ measures   5 miles (80 km)
                  └─ twice      14 wooden houses in the valley … 41 wooden houses in the valley

A contradiction is reckoned from the text's own words, so it can be shown; which of them is wrong is for a person to
find. Only `twice` holds one sentence against another. English only.
"""

import datetime as dt

from factcheck.text import sentences
from factcheck.text.contradictions import elapsed, measures, shares, totals, twice, weekdays
from factcheck.text.contradictions.finding import LONGEST, Contradiction, Kind, Sentence

__all__ = ["VERSION", "Contradiction", "Kind", "find"]

VERSION = "contradictions-2"
"""Changes with the rules, by hand."""
MOST = 50
"""Contradictions taken from one text."""
RULES = (weekdays.find, totals.find, shares.find, elapsed.find, measures.find)


def find(text: str, language: str = "en", written: dt.date | None = None) -> list[Contradiction]:
    """In the order of the text. written: the day the article is from, when that is stated and not guessed.

    Nothing for other languages than English. Never raises on a str; sentences longer than LONGEST are not read.
    """
    if not sentences.is_english(language):
        return []
    found: list[Contradiction] = []
    read = [
        Sentence(text[place.start : place.end], place.start, written)
        for place in sentences.split(text, language)
        if place.end - place.start <= LONGEST
    ]
    for sentence in read:
        found += [one for rule in RULES for one in rule(sentence)]
        if len(found) >= MOST:
            break
    found += twice.find(read)
    return sorted(set(found), key=lambda one: (one.start, one.end, one.kind))[:MOST]
