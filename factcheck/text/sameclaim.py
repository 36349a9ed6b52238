"""Whether two sentences make the same claim, 0 to 1, and why. Pure: the caller brings the cosine of their vectors.

A logistic regression over eight figures of which each can be told in words. Its coefficients were chosen on pairs of
news sentences that people had judged (Microsoft Research Paraphrase Corpus); no wording of theirs is in here.
"""

import math
import re
from dataclasses import astuple, dataclass

THRESHOLD = 0.45
"""From here on a pair is taken to make the same claim; F1 is flat between 0.4 and 0.5."""

_WORD = re.compile(r"[^\W_]+(?:[.,'’]\d+)*")
_NUMBER = re.compile(r"\d[\d,.]*")
_MOST_WORDS = 200
"""The longest common sequence costs the product of both lengths; a sentence has fewer words than this."""


@dataclass(frozen=True, slots=True)
class Features:
    cosine: float
    of_longer: float
    """The longest sequence of words that both have in the same order, as a share of the longer sentence."""
    of_shorter: float
    """The same, as a share of the shorter: near 1 with a small `of_longer`, one of them says more."""
    letters: float
    """Sequences of three letters in common, 0 to 1 (Dice)."""
    phrases: float
    """Sequences of three words in common, 0 to 1 (Dice)."""
    longer_by: float
    """Words that one has more than the other, in tens."""
    conflict: float
    """1 when each has a number that the other lacks."""
    numbers_differ: float
    """1 when their numbers are not the same ones."""


COEFFICIENTS = Features(
    cosine=3.37,
    of_longer=4.01,
    of_shorter=0.92,
    letters=5.38,
    phrases=-3.53,
    longer_by=-1.63,
    conflict=-0.48,
    numbers_differ=-0.45,
)
"""`phrases` counts against: with the same words and letters, long common runs mean that what differs was changed and
not only put otherwise."""
INTERCEPT = -6.16


@dataclass(frozen=True, slots=True)
class Judged:
    value: float
    """0 to 1: of 100 pairs at 0.7, people found about 70 to say the same."""
    reasons: tuple[str, ...]


def judge(one: str, other: str, cosine: float) -> Judged:
    """The order of the two does not matter. `cosine`: of their vectors, -1 to 1."""
    found = compare(one, other, cosine)
    odds = INTERCEPT + sum(weight * value for weight, value in zip(astuple(COEFFICIENTS), astuple(found), strict=True))
    return Judged(1 / (1 + math.exp(-odds)), _reasons(found, _numbers(one), _numbers(other)))


def compare(one: str, other: str, cosine: float) -> Features:
    words, others = _words(one), _words(other)
    shorter, longer = sorted((len(words), len(others)))
    common = _common(words, others)
    numbers, other_numbers = _numbers(one), _numbers(other)
    return Features(
        cosine,
        common / max(longer, 1),
        common / max(shorter, 1),
        _dice(_sequences(f" {one.lower()} "), _sequences(f" {other.lower()} ")),
        _dice(_sequences(words), _sequences(others)),
        (longer - shorter) / 10,
        float(bool(numbers - other_numbers and other_numbers - numbers)),
        float(numbers != other_numbers),
    )


def _reasons(found: Features, numbers: set[str], others: set[str]) -> tuple[str, ...]:
    told = [f"{found.of_longer:.0%} of the longer one’s words stand in both, in the same order"]
    if found.conflict:
        told.append(f"different numbers: {_listed(numbers - others)} and {_listed(others - numbers)}")
    elif found.numbers_differ:
        told.append(f"a number that only one of them has: {_listed(numbers ^ others)}")
    elif numbers:
        told.append(f"the same numbers: {_listed(numbers)}")
    if found.longer_by >= 0.8:
        told.append(f"one is longer by {found.longer_by * 10:.0f} words")
    return tuple(told)


def _listed(numbers: set[str]) -> str:
    return ", ".join(sorted(numbers)[:3])


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)[:_MOST_WORDS]]


def _numbers(text: str) -> set[str]:
    return {number.rstrip(".,").replace(",", "") for number in _NUMBER.findall(text)}


def _sequences(items: str | list[str]) -> set[tuple[str, ...]]:
    return set(zip(items, items[1:], items[2:], strict=False))


def _dice(ours: set[tuple[str, ...]], theirs: set[tuple[str, ...]]) -> float:
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours or theirs else 1.0


def _common(words: list[str], others: list[str]) -> int:
    """Length of the longest common subsequence."""
    above = [0] * (len(others) + 1)
    for word in words:
        row = [0]
        for at, other in enumerate(others):
            row.append(above[at] + 1 if word == other else max(above[at + 1], row[at]))
        above = row
    return above[-1]
