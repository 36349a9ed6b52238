"""Words that people type into the desk: kept exactly, or refused with a sentence that names the field."""

import re
from datetime import date
from urllib.parse import urlsplit

from factcheck.exceptions import BadInput
from factcheck.text.extraction.identity import tagged
from factcheck.text.plain import UnreadableText, checked

PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
LONGEST_LINE = 1_000
LONGEST_NAME = 200  # of a person who is printed
LONGEST = 100_000  # characters of one field; a rationale that is longer is an article


def words(name: str, text: str, *, needed: bool = False) -> str:
    """The same text; "" for white space. Raises BadInput for what cannot be kept, or when it is needed and empty."""
    if not text.strip():
        if needed:
            raise BadInput(f"The {name} must not be empty.")
        return ""
    if len(text) > LONGEST:
        raise BadInput(f"The {name} has {len(text):,} characters; the most that can be kept is {LONGEST:,}.")
    try:
        return checked(text)
    except UnreadableText as error:
        raise BadInput(str(error).replace("The text", f"The {name}")) from error


def one_line(name: str, text: str, *, needed: bool = False) -> str:
    """words() of at most LONGEST_LINE characters, its line ends folded to blanks: a title, a name, a licence."""
    line = " ".join(words(name, text, needed=needed).split())
    if len(line) > LONGEST_LINE:
        raise BadInput(f"The {name} has {len(line):,} characters; the most that can be kept is {LONGEST_LINE:,}.")
    return line


def short_name(name: str, text: str, *, needed: bool = False) -> str:
    """one_line() of at most LONGEST_NAME characters: who is printed, or as what."""
    line = one_line(name, text, needed=needed)
    if len(line) > LONGEST_NAME:
        raise BadInput(f"The {name} has {len(line):,} characters; the most is {LONGEST_NAME}.")
    return line


def fitted(text: str, longest: int = LONGEST_LINE) -> str:
    """What a machine wrote, fit to be kept: one line, no halves of characters, not too long."""
    return " ".join(text.encode(errors="replace").decode().replace("\0", "").split())[:longest]


def address(name: str, url: str, *, needed: bool = False) -> str:
    """A web address, http or https with a host; "" when it is not needed. Raises BadInput."""
    url = words(name, url, needed=needed).strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
    except ValueError:
        fits = False
    if not fits or len(url) > 2000:
        raise BadInput(f"The {name} must be a web address that begins with http:// or https://.")
    return url


def partial_date(name: str, text: str) -> str:
    """2024, 2024-05 or 2024-05-14, as far as it is known and a day that exists; "" when it is not. Raises BadInput."""
    try:
        if text:  # fromisoformat() also takes 2024-W20-2
            date.fromisoformat((text + "-01-01")[:10] if PARTIAL.fullmatch(text) else "")
    except ValueError:
        raise BadInput(f"The {name} is written 2024, 2024-05 or 2024-05-14, as far as it is known.") from None
    return text


def language_tag(name: str, text: str) -> str:
    """A BCP 47 tag of language, script and region, spelled as usual: "ar", "zh-Hant-TW"; "" when it is not known.
    Raises BadInput.
    """
    text = text.strip()
    tag = tagged(text)
    if text and tag.lower() != text.replace("_", "-").lower():
        raise BadInput(f"The {name} is written as a code: en, ar, zh-Hant, pt-BR.")
    return tag
