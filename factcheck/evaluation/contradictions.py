"""How many contradictions that were put into clean articles are found, and how often a clean article is accused.

Made material, and said to be: into each article of a set of edited news one sentence is put at a seeded place, once
with figures that fit together and once with one of them changed. The wordings (WORDINGS) are of two halves; rules were
fitted to the first alone, and the second ("held") is reported beside it.
"""

import calendar
import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from factcheck.evaluation import readers
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report
from factcheck.text import contradictions, sentences

SEED = 20261124
Figures = dict[str, Any]
Maker = Callable[[random.Random, dt.date, bool], Figures]
"""The figures of one sentence, from the day of the article; the last says whether they are to fit together."""

MONTHS = list(calendar.month_name)


def _day(rng: random.Random, written: dt.date, right: bool) -> Figures:
    day = written - dt.timedelta(rng.randrange(2, 60))
    weekday = day.weekday() if right else (day.weekday() + rng.randrange(1, 7)) % 7
    return {"weekday": calendar.day_name[weekday], "day": day.day, "month": MONTHS[day.month], "year": day.year}


def _parts(rng: random.Random, written: dt.date, right: bool) -> Figures:
    one, other = rng.randrange(2, 40), rng.randrange(2, 40)
    return {"one": one, "other": other, "total": one + other + (0 if right else rng.choice([-1, 1, 2, 5, 10]))}


def _among(rng: random.Random, written: dt.date, right: bool) -> Figures:
    total = rng.randrange(5, 60)
    return {"total": total, "part": rng.randrange(2, total) if right else total + rng.randrange(1, 20)}


def _share(rng: random.Random, written: dt.date, right: bool) -> Figures:
    whole = rng.randrange(20, 900)
    part = rng.randrange(whole // 10 + 1, whole)
    percent = round(100 * part / whole)
    return {"whole": whole, "part": part, "percent": percent if right else _elsewhere(rng, percent, 3, 100)}


def _rise(rng: random.Random, written: dt.date, right: bool) -> Figures:
    first = rng.randrange(20, 900)
    last = first + rng.randrange(first // 10 + 1, first)
    percent = round(100 * (last - first) / first)
    return {"first": first, "last": last, "percent": percent if right else _elsewhere(rng, percent, 4, 200)}


def _direction(rng: random.Random, written: dt.date, right: bool) -> Figures:
    first = rng.randrange(20, 900)
    last = first + rng.randrange(first // 10 + 1, first)
    return {"low": first if right else last, "high": last if right else first}


def _ago(rng: random.Random, written: dt.date, right: bool) -> Figures:
    years = rng.randrange(3, 30)
    off = 0 if right else rng.choice([-1, 1]) * rng.randrange(3, 9)
    return {"years": years, "then": written.year - years - off}


def _over_a_year(rng: random.Random, written: dt.date, right: bool) -> Figures:
    then = written - dt.timedelta(rng.randrange(400, 700) if right else rng.randrange(40, 250))
    return {"month": MONTHS[then.month], "year": then.year}


def _later(rng: random.Random, written: dt.date, right: bool) -> Figures:
    first, years = rng.randrange(1930, 1990), rng.randrange(3, 25)
    return {
        "first": first,
        "years": years,
        "last": first + years + (0 if right else rng.choice([-1, 1]) * rng.randrange(3, 9)),
    }


def _age(rng: random.Random, written: dt.date, right: bool) -> Figures:
    born = rng.randrange(written.year - 80, written.year - 20)
    age = written.year - born - 1
    return {"born": born, "age": age + (0 if right else rng.choice([-1, 1]) * rng.randrange(3, 15))}


def _died(rng: random.Random, written: dt.date, right: bool) -> Figures:
    born, age = rng.randrange(1850, 1930), rng.randrange(30, 90)
    return {"born": born, "died": born + age, "age": age + (0 if right else rng.choice([-1, 1]) * rng.randrange(3, 15))}


def _units(rng: random.Random, written: dt.date, right: bool) -> Figures:
    miles = rng.randrange(3, 400)
    km = miles * 1.609344
    return {"miles": miles, "km": round(km if right else km * rng.choice([0.1, 0.5, 2, 10]))}


def _money(rng: random.Random, written: dt.date, right: bool) -> Figures:
    dollars = rng.randrange(2, 90)
    return {"dollars": dollars, "euros": round(0.85 * dollars, 1), "scale": "million" if right else "billion"}


def _twice(rng: random.Random, written: dt.date, right: bool) -> Figures:
    one = rng.randrange(12, 900)
    return {"one": one, "other": one if right else _elsewhere(rng, one, 2, 1000)}


def _elsewhere(rng: random.Random, figure: int, least: int, most: int) -> int:
    """Another figure, at least `least` and a tenth away."""
    away = max(least, figure // 10 + 1)
    return rng.choice([each for each in range(1, most) if abs(each - figure) >= away])


# kind, maker, wordings; of each list the first half may be fitted to
WORDINGS: list[tuple[str, Maker, list[str]]] = [
    ("weekday", _day, [
        "The committee met on {weekday}, {month} {day}, {year}, behind closed doors.",
        "The vote was held on {weekday} {day} {month} {year}.",
        "A hearing took place on {weekday} ({month} {day}).",
        "The shop opened its doors on {weekday}, {month} {day}, to long queues.",
        "The order was signed on {month} {day}, {year}, a {weekday}, at noon.",
        "On {weekday} the {day}th of {month} {year} the lake froze.",
    ]),
    ("total", _parts, [
        "The crash injured {total:,} people: {one:,} men and {other:,} women.",
        "{one:,} men and {other:,} women, {total:,} people in all, were taken to hospital.",
        "The fleet has {total:,} vessels – {one:,} ferries and {other:,} tugs.",
        "The city bought {one:,} buses and {other:,} trams, for a total of {total:,} vehicles.",
        "They counted {one:,} herons and {other:,} storks, {total:,} birds altogether.",
        "Altogether {total:,} pupils took part, {one:,} girls and {other:,} boys.",
    ]),
    ("part", _among, [
        "Police arrested {total:,} people, including {part:,} minors.",
        "{part:,} of the {total:,} members voted in favour.",
        "The ship carried {total:,} passengers, among them {part:,} children.",
        "Of the {total:,} seats, {part:,} went to the opposition.",
    ]),
    ("share", _share, [
        "{part:,} of the {whole:,} delegates ({percent}%) voted for it.",
        "{part:,} of {whole:,} schools, or {percent} percent, reported a shortage.",
        "Some {percent} per cent, or {part:,} of its {whole:,} workers, had joined the strike.",
        "{part:,} out of {whole:,} respondents – {percent}% – said no.",
    ]),
    ("change", _rise, [
        "The fee rose {percent}% from {first:,} euros to {last:,} euros.",
        "Output increased from {first:,} tonnes to {last:,} tonnes, up {percent} percent.",
        "Rents climbed to {last:,} euros from {first:,} euros, an increase of {percent} percent.",
        "Membership went up by {percent}% last year, from {first:,} to {last:,} people.",
    ]),
    ("direction", _direction, [
        "The number of visits rose from {low:,} to {high:,} in a year.",
        "The price fell to {low:,} euros from {high:,} euros.",
        "Complaints dropped from {high:,} to {low:,} over the summer.",
        "The waiting list has grown from {low:,} to {high:,} names.",
    ]),
    ("elapsed", _ago, [
        "The mill closed {years} years ago, in {then}.",
        "The firm was founded in {then}, {years} years ago.",
        "{years} years ago, in {then}, the same road was flooded.",
        "It has been {years} years since the dam was finished in {then}.",
    ]),
    ("elapsed", _over_a_year, [
        "More than a year ago, in {month} {year}, the inspector had warned of it.",
        "The ministry was told of it in {month} {year}, over a year ago.",
    ]),
    ("elapsed", _later, [
        "The hall was built in {first} and torn down {years} years later, in {last}.",
        "{years} years after {first}, in {last}, the treaty ran out.",
    ]),
    ("age", _age, [
        "The mayor, {age}, who was born in {born}, declined to comment.",
        "Born in {born}, the singer is {age}.",
    ]),
    ("age", _died, [
        "The founder was born in {born} and died in {died} at the age of {age}.",
        "The painter ({born}–{died}) lived to the age of {age}.",
    ]),
    ("measure", _units, [
        "The pipeline is {miles:,} miles ({km:,} km) long.",
        "The camp lies {miles:,} miles, or {km:,} kilometres, from the border.",
    ]),
    ("money", _money, [
        "The bridge cost ${dollars} million (€{euros} {scale}).",
        "The fine came to ${dollars} million, or {euros} {scale} euros.",
    ]),
    ("twice", _twice, [
        "The storm hit {one:,} wooden houses near Harbour Street. All {other:,} wooden houses near Harbour Street"
        " were insured.",
        "It lent {one:,} million euros for building social housing. The {other:,} million euros for building social"
        " housing were never paid back.",
        "A gift of {one:,} rare books about medieval farming reached the library. The {other:,} rare books about"
        " medieval farming will be shown.",
        "The zoo looks after {one:,} young penguins without parents. Its {other:,} young penguins without parents are"
        " fed by hand.",
    ]),
]  # fmt: skip


def evaluate(data: Path, limit: int | None = None) -> Report:
    """recall: share of the sentences with a wrong figure in which a contradiction is found, over all wordings; `fitted`
    and `held` the same for each half of them. false_alarms_per_100: accused per 100 clean articles, before anything is
    put in. right_accused: share of the sentences with right figures that are accused.
    """
    articles = _articles(data)[:limit]
    began = time.perf_counter()
    accused = sum(bool(contradictions.find(text, written=written)) for text, written in articles)
    found, wanted, wrongly = Counter[str](), Counter[str](), Counter[str]()
    for text, written, kind, half, right, sentence in made(articles):
        at = text.index(sentence)
        hit = any(one.start < at + len(sentence) and at < one.end for one in contradictions.find(text, written=written))
        for name in ("all", half, kind):
            if right:
                wrongly[name] += hit
            else:
                wanted[name] += 1
                found[name] += hit
    metrics: dict[str, Any] = {
        "recall": found["all"] / wanted["all"],
        "false_alarms_per_100": 100 * accused / len(articles),
        "right_accused": wrongly["all"] / wanted["all"],
    }
    metrics |= {
        name: {"recall": found[name] / wanted[name], "n": wanted[name]} for name in sorted(wanted) if name != "all"
    }
    seconds = time.perf_counter() - began
    return Report("contradictions", str(data), len(articles), metrics, seconds, contradictions.VERSION)


def made(articles: list[tuple[str, dt.date]]) -> Iterator[tuple[str, dt.date, str, str, bool, str]]:
    """Text, day, kind, half of the wordings, whether its figures fit, and the sentence that was put in. Each article
    is given two sentences, one after the other; wordings are taken in turn, so that all are tried equally often."""
    rng = random.Random(SEED)  # noqa: S311 - nothing secret
    turns = [
        (kind, maker, wording, "fitted" if number < (len(wordings) + 1) // 2 else "held")
        for kind, maker, wordings in WORDINGS
        for number, wording in enumerate(wordings)
    ]
    for number, (text, written) in enumerate(articles):
        kind, maker, wording, half = turns[number % len(turns)]
        places = sentences.split(text)
        at = rng.choice(places).end if places else len(text)
        for right in (True, False):
            sentence = wording.format(**maker(rng, written, right))
            yield f"{text[:at]} {sentence}{text[at:]}", written, kind, half, right, sentence


def _articles(data: Path) -> list[tuple[str, dt.date]]:
    """polnear_quotes: edited news with the day each article is from."""
    found = [
        (str(row["text"]), dt.date.fromisoformat(str(row["date"])))
        for _, _, row in readers.rows(data, ("polnear_quotes",))
        if row.get("text") and row.get("date")
    ]
    if not found:
        raise UnreadableData(f"No article with its date is in {data}: give polnear_quotes.")
    return found
