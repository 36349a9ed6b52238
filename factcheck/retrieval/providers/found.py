"""What a service outside finds, in one shape whoever found it, and its words as plain text."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import lxml.html
from django.utils.translation import gettext as _
from lxml.etree import LxmlError

from factcheck.exceptions import AnswerRefused

MOST = 5
"""Pages that are asked for, and kept, of one search: a checker reads no second screen."""
LONGEST_QUERY = 500  # characters of what is sent
LONGEST_MARKUP = 100_000  # characters of one field that are looked at
LONGEST_TEXT = 2_000  # characters of it that are kept
LONGEST_LINE = 300
UNSEEN = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "textarea"}
# Controls, halves of characters, and the letters that turn the direction of what follows around.
UNFIT = {"Cc", "Cs", "Co", "Cn"}
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u200b")
ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]{1,1990}", re.I)
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ])")


@dataclass(frozen=True, slots=True)
class Found:
    """A page that a service holds to bear on the words it was asked. All plain text; "" is what it did not say.

    text: what it says of the page or quotes of it. published: an ISO day. For a fact-check: claim_reviewed and claimant
    are the claim that it checked and who made it, rating is its finding in its publisher's own words, of no scale.
    """

    url: str
    title: str
    text: str
    publisher: str = ""
    published: str = ""
    rating: str = ""
    claim_reviewed: str = ""
    claimant: str = ""


def plain(said: Any, longest: int = LONGEST_TEXT) -> str:
    """The visible words of text or HTML that a stranger wrote, in one line; "" when it is no text at all."""
    if not isinstance(said, str):
        return ""
    text = _fit(said[:LONGEST_MARKUP])
    if "<" in text or "&" in text:
        try:
            tree = lxml.html.fragment_fromstring(text, create_parent="div")
        except (LxmlError, ValueError):
            return ""
        for element in list(tree.iter()):
            if not isinstance(element.tag, str) or element.tag in UNSEEN:  # a comment's tag is a function
                element.drop_tree()
        text = _fit(tree.text_content())  # once more: &#8238; is a letter too
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0] + "…"


def _fit(text: str) -> str:
    kept = (" " if letter in "\t\r\n" else letter for letter in text if letter not in TURNING)
    return "".join(letter for letter in kept if unicodedata.category(letter) not in UNFIT)


def address(said: Any) -> str:
    """An address of the web; "" for anything else."""
    return said if isinstance(said, str) and ADDRESS.fullmatch(said) else ""


def day(said: Any) -> str:
    """The day of an ISO date or time; "" for anything else."""
    found = DAY.match(said) if isinstance(said, str) else None
    return found[1] if found else ""


def clipped(words: str, longest: int = LONGEST_QUERY) -> str:
    """The first words of a query that fit."""
    return words if len(words) <= longest else words[:longest].rsplit(" ", 1)[0]


def listed(answer: dict[str, Any], name: str, *, may_lack: bool = False) -> list[Any]:
    """The list of that name; with may_lack its absence is an empty one. Raises AnswerRefused, for an answer that is not
    the documented one must never pass for "nothing found"."""
    some = answer.get(name, [] if may_lack else None)
    if not isinstance(some, list):
        raise not_understood()
    return some


def not_understood() -> AnswerRefused:
    return AnswerRefused(_("The service answered something that the desk does not understand."), "malformed")
