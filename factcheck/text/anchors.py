"""A place in a text, described so that it can be found again when the text has changed, and found again."""

import re
from dataclasses import dataclass

CONTEXT = 32
"""Code points before and after, as the annotation tools of the web (Hypothesis) keep them."""


@dataclass(frozen=True, slots=True)
class Quote:
    """W3C Web Annotation, TextQuoteSelector: https://www.w3.org/TR/annotation-model/#text-quote-selector"""

    exact: str
    prefix: str
    suffix: str


def described(text: str, start: int, end: int) -> Quote:
    """The words at text[start:end] with up to CONTEXT code points on either side. ValueError when that is no place in
    it."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start}–{end} is not a place in a text of {len(text)} characters")
    return Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def places(text: str, words: str) -> list[tuple[int, int]]:
    """Start and end of each place in the text where these words stand, in its order, none within another; [] for no
    words. White space counts as one blank: a browser shows a line end like that.
    """
    parts = words.split()
    if not parts:
        return []
    return [match.span() for match in re.finditer(r"\s+".join(map(re.escape, parts)), text)]


def again(text: str, quote: Quote) -> int | None:
    """Where the quoted words begin in a changed text; None where that is not beyond doubt.

    To the character, and beside something that stood beside them before: their whole prefix or their whole suffix. Two
    places with both are two; and when only one side is left, the words must stand nowhere else. Words that stand in
    the text alone, between other words on both sides, are a look-alike: "He agreed." may be another man's answer now.
    A prefix shorter than CONTEXT is the whole beginning of the old text, and stands for itself only at the beginning
    of the new one; so does a short suffix at the end.
    """
    both, one, every = [], [], 0
    at = text.find(quote.exact)
    while at >= 0:
        every += 1
        end = at + len(quote.exact)
        sides = _before(text, at, quote.prefix) + _after(text, end, quote.suffix)
        if sides == 2:
            both.append(at)
        elif sides:
            one.append(at)
        if len(both) > 1:
            return None
        at = text.find(quote.exact, at + 1)
    if both:
        return both[0]
    return one[0] if one and every == 1 else None


def _before(text: str, start: int, prefix: str) -> bool:
    begins = max(0, start - CONTEXT)
    return text[begins:start] == prefix if len(prefix) < CONTEXT else text.endswith(prefix, 0, start)


def _after(text: str, end: int, suffix: str) -> bool:
    return text[end : end + CONTEXT] == suffix if len(suffix) < CONTEXT else text.startswith(suffix, end)
