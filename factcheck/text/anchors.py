"""A place in a text, described so that it can be found again when the text has changed."""

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
