"""Numbers as people write them: 1,234.5 · 1.234,5 · 1 234 · 1½ · ٣ · 2.7 million · two and a half · a third."""

import math
import unicodedata
from dataclasses import dataclass

from factcheck.text.abbreviations import words as listed
from factcheck.text.values.tokens import FRACTIONS, Token, Tokens

COMMA_DECIMAL = listed(
    """az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk lt lv mk nb nl nn no pl pt ro ru sk sl sq sr
    sv tr uk uz vi"""
)
"""Languages that write the decimal comma (Unicode CLDR, default locales)."""
SPACE_GROUPS = listed("bg cs et fi fr hu lt lv nb nn no pl pt ru sk sv uk")
"""Those of them that part thousands by a space (CLDR)."""

SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "lakh": 1e5, "million": 1e6, "crore": 1e7, "billion": 1e9, "trillion": 1e12,
    "mn": 1e6, "mln": 1e6, "bn": 1e9, "tn": 1e12,
}  # fmt: skip
SCALES |= {f"{word}s": size for word, size in list(SCALES.items()) if len(word) > 3}
GLUED_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9}
"""Letters that are a scale only behind an amount of money, and k behind any digits: 4.5m is a length elsewhere."""
DOZENS = {"dozen": 12.0, "dozens": 12.0}
PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6,
    "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
VAGUE = ("dozens", "hundreds", "thousands", "millions", "billions", "trillions")
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    low: float
    high: float
    step: float
    """Half of the last place written."""
    end: int
    """Index of the first token behind it."""
    digits: bool = False
    scaled: bool = False
    share: bool = False
    """A fraction in words or signs; of what, only the words behind can say."""


def read(tokens: Tokens, at: int, language: str = "en", *, money: bool = False) -> Amount | None:
    """The number that begins at this token, with its scale words. None when none begins there."""
    token = tokens[at]
    if token.kind == "number":
        found = _digits(tokens, at, language)
    elif token.kind == "word" and language == "en":
        found = _vague(tokens, at) or _words(tokens, at)
    else:
        found = None
    if found is None or not math.isfinite(found.high):
        return None
    return _scaled(tokens, found, money=money)


def plain(text: str, language: str = "en") -> tuple[float, float] | None:
    """A run of digits with its separators as (value, half of its last place); None when they cannot be one number."""
    text = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in text
        if sign not in "'’\u00a0\u2009\u202f"
    ).translate(str.maketrans("٫٬", "?!"))
    extra = 0.0
    if text and text[-1] in FRACTIONS:
        extra, text = unicodedata.numeric(text[-1]), text[:-1]
        if not text:
            return extra, 0.0
    decimal = _decimal_mark(text, language)
    for group in ".,!":
        if group != decimal:
            text = text.replace(group, "")
    whole, _, places = text.replace(decimal or "\0", "?").partition("?")
    if not (whole + places).isascii() or not (whole + places).isdigit():
        return None
    return float(f"{whole}.{places or 0}") + extra, 0.0 if extra else 0.5 * 10.0 ** -len(places)


def _decimal_mark(text: str, language: str) -> str | None:
    """Which separator is the decimal one. Two kinds: the last. One kind several times: none. One alone before exactly
    three digits parts thousands if the language writes so, and any other is decimal."""
    if "?" in text:
        return "?"
    marks = [sign for sign in text if sign in ".,!"]
    if not marks or marks[-1] == "!":
        return None
    if len(set(marks)) > 1:
        return marks[-1]
    if len(marks) > 1:
        return None
    whole, _, places = text.partition(marks[0])
    groups = "." if language in COMMA_DECIMAL else ","
    return None if marks[0] == groups and len(places) == 3 and len(whole) <= 3 and whole != "0" else marks[0]


def _digits(tokens: Tokens, at: int, language: str) -> Amount | None:
    text, end = tokens[at].text, at + 1
    groups = 0
    while _space_group(tokens, at, end):
        groups, end = groups + 1, end + 1
    # one space may part two numbers in English; two groups of three digits are a habit of science everywhere
    if groups > 1 or (groups == 1 and language in SPACE_GROUPS):
        text = "".join(tokens[place].text for place in range(at, end))
    else:
        end = at + 1
    found = plain(text, language)
    if found is None or len(text) > 40:
        return None
    value, step = found
    if tokens[end].text == "/" and tokens[end].glued and tokens[end + 1].kind == "number" and tokens[end + 1].glued:
        below = plain(tokens[end + 1].text, language)
        if below and 1 < below[0] <= 10 and value < below[0] and value == int(value):
            return Amount(value / below[0], value / below[0], 0.0, end + 2, digits=True, share=True)
    share = text[-1] in FRACTIONS and len(text) == 1
    if step == 0.5 and value >= 1000 and value % 1000 == 0:
        step = 500.0  # written in thousands, it was mostly rounded to thousands
    return Amount(value, value, step, end, digits=True, share=share)


def _space_group(tokens: Tokens, at: int, place: int) -> bool:
    before, this = tokens[place - 1], tokens[place]
    return (
        this.kind == "number"
        and len(this.text) == 3
        and this.text.isdecimal()
        and this.start == before.end + 1
        and (len(before.text) <= 3 if place == at + 1 else True)
        and before.text.isdecimal()
    )


def _words(tokens: Tokens, at: int) -> Amount | None:
    """two · twenty-one · a hundred and five · half · three quarters · two and a half"""
    low = tokens[at].low
    if low in ("half", "quarter") or (low in PARTS and low.endswith("s")):
        return _share(tokens, at, 1)
    if low in ("a", "an", "one") and tokens[at + 1 + (tokens[at + 1].text == "-")].low in PARTS:
        return _share(tokens, at + 1 + (tokens[at + 1].text == "-"), 1)
    total, end, last = 0.0, at, ""
    if low in ("a", "an") and tokens[at + 1].low in (SCALES.keys() | DOZENS.keys()):
        if tokens[at + 1].low != "hundred":
            return Amount(1.0, 1.0, 0.0, at + 1)
        total, end = 1.0, at + 1
    while True:
        word = tokens[end].low
        if word in TENS and last not in ("tens", "small"):
            total, last = total + TENS[word], "tens"
        elif word in SMALL and last != "small" and not (last == "tens" and SMALL[word] > 9):
            total, last = total + SMALL[word], "small"
        elif word == "hundred" and 0 < total < 100:
            total, last = total * 100, "hundred"
        else:
            break
        end += 1
        if (tokens[end].text == "-" and tokens[end + 1].low in SMALL and last == "tens") or (
            tokens[end].low == "and" and last == "hundred" and tokens[end + 1].low in (SMALL.keys() | TENS.keys())
        ):
            end += 1
    if end == at:
        return None
    behind = end + (tokens[end].text == "-")
    if tokens[behind].low in PARTS and tokens[behind].low.endswith(("s", "lves")) and total < 12:
        return _share(tokens, behind, total)
    for form in (("and", "a", "half"), ("-", "and", "-", "a", "-", "half")):
        if tokens.words(end, len(form)) == form:
            return Amount(total + 0.5, total + 0.5, 0.0, end + len(form))
    return Amount(total, total, 0.5, end)


def _share(tokens: Tokens, at: int, times: float) -> Amount | None:
    """A fraction in words. "half a million" is a number, "a third album" and "the second half" are none."""
    word, behind = tokens[at].low, tokens[at + 1]
    if tokens[at - 1].low in ORDINALS or tokens[at - 1].low in ("last", "latter", "other", "final"):
        return None
    value = times / PARTS[word]
    if behind.text == "-" and tokens[at + 2].low in ("life", "lives", "time", "brother", "sister", "way", "hearted"):
        return None
    if word == "half" and behind.low in ("a", "an"):
        return Amount(value, value, 0.0, at + 2)
    if word in ("third", "fifth", "sixth", "eighth", "tenth") and behind.kind == "word" and behind.low != "of":
        return None
    if value >= 1:
        return None
    return Amount(value, value, 0.0, at + 1, share=True)


def _vague(tokens: Tokens, at: int) -> Amount | None:
    """ "tens of thousands", "millions": from two of the scale to ten of it."""
    low, size, end = tokens[at].low, 1.0, at
    if low == "tens" and tokens[at + 1].low == "of" and tokens[at + 2].low in VAGUE:
        size, end = 10.0, at + 2
    while tokens[end].low in VAGUE:
        word = tokens[end].low
        size *= DOZENS.get(word) or SCALES[word]
        end += 1
        if tokens[end].low == "of" and tokens[end + 1].low in VAGUE:
            end += 1
    return Amount(2 * size, 10 * size, 0.0, end, scaled=True) if end > at else None


def _scaled(tokens: Tokens, found: Amount, *, money: bool) -> Amount:
    factor, end = 1.0, found.end
    while True:
        token: Token = tokens[end]
        size = SCALES.get(token.low) or DOZENS.get(token.low)
        if not size and found.digits and token.glued and token.kind == "word":
            size = GLUED_SCALES.get(token.low) if money or token.low == "k" else None
        if not size and token.text == "-" and tokens[end + 1].low in SCALES:
            end, size = end + 1, SCALES[tokens[end + 1].low]
        if not size or factor * size > 1e15:
            break
        factor, end = factor * size, end + 1
    if factor == 1.0:
        return found
    step = found.step if found.digits else min(found.step, 0.5)
    return Amount(found.low * factor, found.high * factor, step * factor, end, found.digits, scaled=True)
