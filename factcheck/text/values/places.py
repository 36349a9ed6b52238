"""Places in a row and scores: the fifth season, season 5, 2–1, 50/50."""

from factcheck.text.abbreviations import words as listed
from factcheck.text.values import numbers, units, words
from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Value

NUMBERED = listed(
    """part episode series chapter section article position number no route flight page level phase volume
    season class type game round week day version act title amendment district ward line platform gate area
    zone group stage step tier"""
)
"""Words before a number that make it a place in a row."""


def read(tokens: Tokens, at: int, language: str) -> tuple[Value, int] | None:
    """The ordinal or score that begins at this token and the index behind it."""
    return _ordinal(tokens, at, language) or _score(tokens, at)


def _ordinal(tokens: Tokens, at: int, language: str) -> tuple[Value, int] | None:
    token, behind = tokens[at], tokens[at + 1]
    if token.kind == "number" and token.text.isdecimal() and behind.glued and behind.low in ("st", "nd", "rd", "th"):
        number, end = float(token.text[:9]), at + 2
    elif token.low in numbers.ORDINALS and language == "en" and _is_ordinal(tokens, at):
        number, end = float(numbers.ORDINALS[token.low]), at + 1
    elif (
        token.kind == "number" and token.text.isdecimal() and len(token.text) < 4
        and _numbered(tokens, at) and not units.read(tokens, at + 1)
    ):  # fmt: skip
        return _placed(tokens, at, at + 1, float(token.text), frozenset({words.stem(_numbered(tokens, at))}))
    else:
        return None
    return _placed(tokens, at, end, number, words.counted(tokens, end))


def _numbered(tokens: Tokens, at: int) -> str:
    """The word before the number that makes it a place in a row: Part 2, Parts 1 and 2."""
    word = tokens[at - 1].low
    if word in ("and", "to", "–", "-") and tokens[at - 2].kind == "number" and tokens[at - 3].low.endswith("s"):
        word = tokens[at - 3].low
    word = word.removesuffix("s") if word not in NUMBERED else word
    return word if word in NUMBERED else ""


def _placed(tokens: Tokens, at: int, end: int, number: float, counted: frozenset[str]) -> tuple[Value, int]:
    start, stop = tokens[at].start, tokens[end - 1].end
    return Value(
        "ordinal", tokens.text[start:stop], start, stop, low=number, high=number, counted=counted,
        near=words.around(tokens, at, end), tight=words.around(tokens, at, end, words.BESIDE),
    ), end  # fmt: skip


def _is_ordinal(tokens: Tokens, at: int) -> bool:
    before, behind = tokens[at - 1], tokens[at + 1]
    if tokens[at].low == "first" and (before.low == "at" or behind.text == "," or behind.low == "of"):
        return False
    if tokens[at].low == "second" and before.kind == "number":
        return False
    return not (tokens[at].low in numbers.PARTS and (before.low == "one" or (before.low == "a" and behind.low == "of")))


def _score(tokens: Tokens, at: int) -> tuple[Value, int] | None:
    """2–1, 50/50, 9/14: two small whole numbers that are no range, no fraction and no part of a date."""
    mark, second, behind = tokens[at + 1], tokens[at + 2], tokens[at + 3]
    if mark.text not in ("-", "–", "/", ":") or not (mark.glued and second.glued) or mark.text == ":":
        return None
    if not (tokens[at].text.isdecimal() and second.text.isdecimal()) or max(len(tokens[at].text), len(second.text)) > 3:
        return None
    if tokens[at].kind != "number" or second.kind != "number":
        return None
    one, two = float(tokens[at].text), float(second.text)
    if (behind.text in ("/", "-", "–", "%") and behind.glued) or units.read(tokens, at + 3):
        return None
    if mark.text == "/" and one < two <= 10:
        return None
    if mark.text != "/" and (one < two or behind.text == "-"):
        return None
    start, stop = tokens[at].start, second.end
    return Value(
        "score", tokens.text[start:stop], start, stop, low=one, high=two,
        near=words.around(tokens, at, at + 3), tight=words.around(tokens, at, at + 3, words.BESIDE),
    ), at + 3  # fmt: skip
