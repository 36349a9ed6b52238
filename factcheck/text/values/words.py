"""The words around a value that say what it is a value of."""

import re
from functools import lru_cache

from factcheck.text.abbreviations import words as listed
from factcheck.text.values.tokens import Tokens

AROUND = 11
"""Words on either side that may say what a value is about; a clause of news English has about eleven."""
BESIDE = 4

EMPTY = listed(
    """a an the of in on at to for from by with as and or but nor so than then that which who whom whose this these
    those it its is was were are be been being has have had do does did will would can could may might must
    shall should not no also more less about over under around nearly almost just only some any all each every
    other another into onto upon up down out off per after before between during through since until while when
    where there here he she they we you i his her their our your my them him us me one ones if because such very
    too both either between according said says say told reported estimated approximately roughly first total
    compared well even still now today currently recent recently however although though while like many much
    what how"""
)
PREPOSITIONS = listed(
    """of in on at to for from by with as and or but than that which who is was were are be been has have had
    will would can could may might must per after before between during through since until while when where
    over under into if because not he she it they we you i his her their its our this these those the a an
    there so"""
)

AHEAD = listed(
    """will would could may might project projects projected projection projections predict predicts predicted
    prediction predictions forecast forecasts expected scenario scenarios future upcoming planned"""
)
AHEAD_YEARS = (2030, 2300)

_SUFFIX = re.compile(
    r"(?:ations?|ational|ments?|ities|ity|ings?|ically|ical|ally|edly|ness|ers?|est|ors?|ing|ied|ies|ed|es|ly|ic|al|s)$"
)


@lru_cache(maxsize=2**15)
def stem(word: str) -> str:
    """A rough stem: endings off, at most seven letters. Only ever compared with other stems."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 4:
        word = _SUFFIX.sub("", word) if len(_SUFFIX.sub("", word)) > 2 else word
    elif len(word) > 3 and word.endswith("s"):
        word = word[:-1]
    return word[:7]


def around(tokens: Tokens, first: int, end: int, reach: int = AROUND) -> frozenset[str]:
    """Stems of the meaningful words within `reach` words of tokens[first:end], inside its sentence."""
    found: set[str] = set()
    for places in (range(first - 1, -1, -1), range(end, len(tokens))):
        left = reach
        for place in places:
            token = tokens[place]
            if token.text in ".?!;" and not tokens[place + 1].glued and len(tokens[place - 1].text) > 2:
                break
            if token.kind != "word":
                continue
            if left == 0:
                break
            left -= 1
            if len(token.low) > 1 and token.low not in EMPTY:
                found.add(stem(token.low))
    return frozenset(found)


def counted(tokens: Tokens, at: int) -> frozenset[str]:
    """Stems of the noun phrase that begins at this token: at most four words, up to a preposition, verb or mark."""
    at += tokens[at].text == "-"
    at += tokens[at].low in ("of", "in", "the")
    at += tokens[at].low in ("the", "all", "these", "those")
    found = []
    for place in range(at, at + 4):
        token = tokens[place]
        if token.kind == "mark" and token.text == "-" and token.glued:
            continue
        if token.kind != "word" or token.low in PREPOSITIONS:
            break
        found.append(stem(token.low))
    return frozenset(found)


def all_of(tokens: Tokens) -> frozenset[str]:
    """Stems of a text's meaningful words."""
    return frozenset(
        stem(token.low)
        for token in tokens.all
        if token.kind == "word" and token.low not in EMPTY and len(token.low) > 1
    )


def ahead(tokens: Tokens, first: int, end: int) -> bool:
    """Whether a forecast stands within eight tokens."""
    return any(
        tokens[place].low in AHEAD
        or (
            len(tokens[place].text) == 4
            and tokens[place].text.isdecimal()
            and int(tokens[place].text) in range(*AHEAD_YEARS)
        )
        for place in (*range(first - 8, first), *range(end, end + 8))
    )
