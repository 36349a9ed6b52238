"""Parts against their total: 12 people, five men and eight women."""

import re
from collections.abc import Iterator

from factcheck.text.contradictions.finding import Contradiction, Sentence, exact, number
from factcheck.text.values import Value

_WORDS = r"[^<{;:.()–]"
_PART = r"<\d+>(?:(?! and <)[^<{,;:.()–]){0,40}"
_PARTS = rf"{_PART}(?:, (?:and )?{_PART}){{0,8}}(?:,? and {_PART})"
_LISTED = re.compile(
    rf"(?:\b(?:altogether|in all|in total),? (?P<all><\d+>){_WORDS}{{0,50}},"
    rf"|(?P<total><\d+>){_WORDS}{{0,50}}(?::| –|, (?:namely|made up of|consisting of)))"
    rf" (?P<parts>{_PARTS})(?=[.;)]| –|$)",
    re.I,
)
"""12 people were hurt: five men and seven women · Altogether 12 people were hurt, five men and seven women."""
_SUMMED = re.compile(
    rf"(?P<parts>{_PARTS})[,;:]?(?: –)?"
    r" (?:(?:for |making |or |adding up to |which makes )?(?:a |in )?total of (?P<total><\d+>)"
    r"|(?:making |or )?(?P<all><\d+>)(?: [^\W\d]+){0,3} (?:in all|in total|altogether))"
)
"""Five men and seven women, 12 people in all."""
_AMONG = re.compile(
    rf"(?P<more><\d+>{_WORDS}{{0,40}} and )?(?P<total><\d+>){_WORDS}{{0,40}},? (?:including|among them)"
    rf" (?P<parts>{_PART}(?:(?:, | and |, and ){_PART}){{0,8}})"
)
"""12 people, including 14 children. With `more`, what is told is among both: 56 passengers and 10 crew, among them …"""
_THESE = "(?:the|its|their|his|her|all|these|those)"
_OF = re.compile(rf"(?P<part><\d+>) (?:out )?of {_THESE} (?P<total><\d+>) [a-z]{{3}}")
_OF_FIRST = re.compile(
    rf"\b[Oo]f {_THESE} (?P<total><\d+>) [a-z]{_WORDS}{{0,30}}, (?:only |some )?(?P<part><\d+>) (?!per|%)"
)
"""14 of the 12 members · of the 12 members, 14 …"""
_APART = (
    ("men", "women"), ("man", "women"), ("men", "woman"), ("boys", "girls"), ("boy", "girls"), ("boys", "girl"),
    ("adults", "children"), ("adult", "children"), ("male", "female"), ("males", "females"),
    ("republicans", "democrats"),
)  # fmt: skip
"""What nobody is twice."""


def find(sentence: Sentence) -> Iterator[Contradiction]:
    for pattern in (_LISTED, _SUMMED):
        for match in sentence.matches(pattern):
            total = sentence.value(match["total"] or match["all"])
            parts = sentence.quantities(match["parts"])
            if _one_kind(total, parts) and not re.search(
                r"\b(?:of them|of whom|of which|percent|per)\b", match["parts"]
            ):
                reckoned = sum(part.low for part in parts)
                if abs(reckoned - total.low) > 1e-6:
                    yield sentence.against("total", [total, *parts], total, number(reckoned))
    for match in sentence.matches(_AMONG):
        total, parts = sentence.value(match["total"]), sentence.quantities(match["parts"])
        if match["more"] or not _one_kind(total, parts):
            continue
        largest = max(parts, key=lambda part: part.low)
        together = sum(part.low for part in parts) if _nobody_twice(match["parts"]) else 0
        if max(largest.low, together) > total.low:
            yield sentence.against("part", [total, *parts], total, number(max(largest.low, together)))
    for match in (*sentence.matches(_OF), *sentence.matches(_OF_FIRST)):
        part, total = sentence.value(match["part"]), sentence.value(match["total"])
        if _one_kind(total, [part]) and part.low > total.low:
            yield sentence.against("part", [part, total], part, number(total.low))


def _one_kind(total: Value, parts: list[Value]) -> bool:
    """All are plain counts, or all plain amounts of one unit."""
    if len(parts) > 1 and total in parts:
        return False
    figures = [total, *parts]
    units = {each.unit for each in figures}
    return all(exact(each) for each in figures) and len(units) == 1 and not units & {"%", "points", "time", "times"}


def _nobody_twice(parts: str) -> bool:
    words = set(re.findall(r"[a-z]+", parts.lower()))
    return any({one, other} <= words for one, other in _APART)
