"""Names: runs of capitalised words, or those that an entity recogniser found."""

import unicodedata
from collections.abc import Sequence

from factcheck.text.abbreviations import words as listed
from factcheck.text.values import words
from factcheck.text.values.dates import MONTHS, WEEKDAYS
from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Value

MOST = 60
TITLES = listed("mr mrs ms miss dr prof professor sir dame lord lady president prime minister senator the")
INSIDE = listed("of de la le du von van der den bin al da dos di and")


def find(tokens: Tokens, taken: Sequence[tuple[int, int]], known: Sequence[str] | None) -> list[Value]:
    """taken: spans that are values already. At the head of a sentence a capital proves nothing: one word alone there is
    no name, unless it is written in capitals throughout."""
    if known is not None:
        return _known(tokens, taken, known)
    found: list[Value] = []
    at = 0
    while at < len(tokens) and len(found) < MOST:
        end = _run(tokens, at)
        if end == at:
            at += 1
            continue
        start, stop = tokens[at].start, tokens[end - 1].end
        alone = end == at + 1
        heads = _heads_a_sentence(tokens, at) and not tokens[at].text.isupper()
        if not (alone and heads) and len(tokens[at].text) > 1 and _free(start, stop, taken):
            found.append(_value(tokens, at, end))
        at = end
    return found


def folded(text: str) -> tuple[str, ...]:
    """A name's parts without case, accents, titles and possessive endings."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’s", "").replace("'s", ""))
    plain = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return tuple(part for part in plain.split() if part not in TITLES)


def _known(tokens: Tokens, taken: Sequence[tuple[int, int]], known: Sequence[str]) -> list[Value]:
    found = []
    for name in list(dict.fromkeys(known))[:MOST]:
        start = tokens.text.find(name) if name.strip() else -1
        if start >= 0 and _free(start, start + len(name), taken):
            found.append(Value("name", name, start, start + len(name), names=folded(name)))
    return found


def _run(tokens: Tokens, at: int) -> int:
    """Index behind the capitalised run that begins here; `at` when none does."""
    if not _capital(tokens, at):
        return at
    end = at + 1
    while True:
        if _capital(tokens, end):
            end += 1
        elif (tokens[end].text in ("-", "’", "'", "&") and tokens[end].glued and _capital(tokens, end + 1)) or (
            tokens[end].low in INSIDE - {"and"} and _capital(tokens, end + 1)
        ):
            end += 2
        else:
            return end


def _capital(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    if token.kind != "word" or not token.text[0].isupper() or token.low in MONTHS or token.low in WEEKDAYS:
        return False
    return token.low not in words.EMPTY


def _heads_a_sentence(tokens: Tokens, at: int) -> bool:
    before = tokens[at - 1]
    return before.kind == "end" or before.text in ".?!:“\"‘'(–—•#"


def _free(start: int, stop: int, taken: Sequence[tuple[int, int]]) -> bool:
    return not any(start < end and first < stop for first, end in taken)


def _value(tokens: Tokens, at: int, end: int) -> Value:
    start, stop = tokens[at].start, tokens[end - 1].end
    text = tokens.text[start:stop]
    return Value("name", text, start, stop, names=folded(text))
