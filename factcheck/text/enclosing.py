"""Brackets and quotation marks around a part of a sentence: both of a pair, or neither."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from factcheck.text.part import Part

_CLOSING = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»"}
_STRAIGHT = '"'

Pair = tuple[int | None, int | None]
"""Tokens of the opening and the closing mark; None for the one that the sentence does not have."""


def pairs(doc: Doc) -> list[Pair]:
    """Single quotation marks are left out: they are apostrophes too."""
    found: list[Pair] = []
    waiting: dict[str, list[int]] = {}
    for token in doc:
        if token.text == _STRAIGHT and waiting.get(_STRAIGHT):
            found.append((waiting[_STRAIGHT].pop(), token.i))
        elif token.text == _STRAIGHT:
            waiting[_STRAIGHT] = [token.i]
        elif token.text in _CLOSING:
            waiting.setdefault(_CLOSING[token.text], []).append(token.i)
        elif token.text in _CLOSING.values():
            opened = waiting.get(token.text)
            found.append((opened.pop() if opened else None, token.i))
    return found + [(at, None) for opened in waiting.values() for at in opened]


def closed(doc: Doc, part: Part, pairs: Sequence[Pair]) -> Part | None:
    """The part with the other half of a pair where that stands within it or right beside it, without a half that it
    begins or ends with otherwise, and without both when all that they enclose is left out. None when it is cut in the
    middle of what a pair encloses."""
    own = list(part.own)
    for _ in range(len(pairs) + 1):  # one that goes may bring the next to the edge
        inside = set(own)
        halves = [pair for pair in pairs if (pair[0] in inside) != (pair[1] in inside)]
        if not halves:
            break
        for opening, closing in halves:
            half, other = (opening, closing) if opening in inside else (closing, opening)
            if other is not None and _at_hand(doc, own, other):
                before, behind = range(other, own[0]), range(own[-1] + 1, other + 1)
                own = sorted({*own, other, *before, *behind})
                break
            if half in {own[0], own[-1]}:
                own = [one for one in own if one != half]
                break
        else:
            if any(None not in pair for pair in halves):
                return None
            break  # a quotation of several sentences
    for opening, closing in pairs:
        if opening is None or closing is None or opening not in own:
            continue
        if not any(opening < one < closing and not doc[one].is_punct for one in own):
            own = [one for one in own if not opening <= one <= closing]
    return replace(part, own=tuple(own)) if own else None


def _at_hand(doc: Doc, own: Sequence[int], at: int) -> bool:
    """Within the part's place, or with nothing but marks between."""
    between = doc[own[-1] + 1 : at] if at > own[-1] else doc[at + 1 : own[0]]
    return own[0] < at < own[-1] or all(one.is_punct for one in between)
