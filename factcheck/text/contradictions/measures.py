"""One figure given in two units: 5 miles (8 km), $5 million (€4.6 million)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from factcheck.text.contradictions.finding import Contradiction, Sentence, number
from factcheck.text.values import Value, numbers
from factcheck.text.values.tokens import Tokens

BETWEEN = ("(", "or", ", or", "; ", "/", "(or", "(about", "(around", "(some", "(roughly", ", about")
_RATE = re.compile(r"\w?\s*(?:per|a|an|each|apiece|every)\b", re.I)
"""$102 million ($174 a vote): the second is not the first once more."""
TOLERANCE = 0.12
"""Share by which the two may differ: writers round the second as they round the first."""
FACTOR = 3.0
"""Times by which an amount may lie beyond the rates below: only million for billion and the like is found."""
PER_DOLLAR = {
    "USD": (1.0, 1.0), "EUR": (0.62, 1.21), "GBP": (0.47, 0.95), "JPY": (75.0, 162.0), "CNY": (5.2, 8.8),
    "INR": (16.0, 90.0), "CHF": (0.72, 1.83), "CAD": (0.91, 1.62), "AUD": (0.9, 2.1),
}  # fmt: skip
"""Least and most of a currency that one US dollar bought in 1990 to 2025, rounded outwards (Federal Reserve, H.10)."""


def find(sentence: Sentence) -> Iterator[Contradiction]:
    for first, second in pairwise(sentence.values):
        if first.kind != "quantity" or second.kind != "quantity" or not first.unit or not second.unit:
            continue
        between = sentence.text[first.end : second.start].strip().lower()
        if between not in BETWEEN or (between.startswith("(") and not _closed(sentence.text, second)):
            continue
        if first.low != first.high or second.low != second.high or first.low <= 0:
            continue
        if _RATE.match(sentence.text, second.end) and not _RATE.match(sentence.text, first.end):
            continue
        if first.unit == second.unit and first.unit not in ("%", "points", "time", "times"):
            if _written(first) != _written(second) and _off(first, second) > 1 + TOLERANCE + _steps(first, second):
                yield sentence.against("measure", [first, second], second, _reckoned(first, second))
        elif first.unit in PER_DOLLAR and second.unit in PER_DOLLAR:
            yield from _money(sentence, first, second)


def _money(sentence: Sentence, first: Value, second: Value) -> Iterator[Contradiction]:
    (low, high), (least, most) = PER_DOLLAR[first.unit], PER_DOLLAR[second.unit]
    lowest, highest = first.low / high * least, first.low / low * most
    if not lowest / FACTOR <= second.low <= highest * FACTOR:
        yield sentence.against("money", [first, second], second, f"{number(lowest)}–{number(highest)} {second.unit}")


def _reckoned(first: Value, second: Value) -> str:
    """The first in the unit of the second, as a bare number; "" for temperatures, whose zeros differ."""
    tokens = Tokens(second.text)
    amount = next(filter(None, (numbers.read(tokens, at) for at in range(len(tokens)))), None)
    if amount is None or first.unit.startswith("temperature") or not second.low:
        return ""
    return number(amount.low * first.low / second.low)


def _closed(text: str, value: Value) -> bool:
    return ")" in text[value.end : value.end + 20]


def _written(value: Value) -> str:
    """How the unit is written, without its number."""
    return "".join(sign for sign in value.text.lower() if sign.isalpha() or sign in "°%$€£")


def _off(first: Value, second: Value) -> float:
    low, high = sorted((abs(first.low), abs(second.low)))
    return high / low if low else float("inf")


def _steps(first: Value, second: Value) -> float:
    return first.step / abs(first.low) + (second.step / abs(second.low) if second.low else 0.0)
