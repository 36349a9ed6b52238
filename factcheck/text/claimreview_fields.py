"""The values of a ClaimReview as they are met: strings, numbers, objects, lists of any of them, dates in many forms."""

import json
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import dateutil.parser

from factcheck.text.extraction import markup

LONGEST_ADDRESS = 2_000
EARLIEST = 1000
"""Years before it are clocks that were never set: 0001-01-01 is what many systems write for "not known"."""

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:[T ][0-9:.,]*.*)?$")
_NUMBERS = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})\b")
_ZERO = (datetime(1, 1, 1), datetime(4, 2, 2))  # two defaults: what differs between them was not said


def first(value: Any) -> Any:
    """The value; of a list its first that is not empty."""
    if isinstance(value, list):
        return next((one for one in value if one), None)
    return value


def types(node: dict[str, Any]) -> list[str]:
    """ClaimReview, however its vocabulary is written before it: http://schema.org/ClaimReview, schema:ClaimReview."""
    said = markup.listed(node.get("@type", node.get("type")))
    return [re.split(r"[/:#]", one)[-1] for one in said if isinstance(one, str)]


def given(value: Any) -> str:
    """Words or a number as they were given, as one line; "" for what is neither. Of a list all of them."""
    if isinstance(value, list):
        return " / ".join(part for part in map(given, value) if part)
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return markup.text(value)


def names(value: Any, known: dict[str, dict[str, Any]]) -> str:
    """Of persons and organisations, in their order, each once. known: nodes by @id."""
    found = []
    for one in markup.listed(value):
        if isinstance(one, dict) and isinstance(one.get("@id"), str) and not one.get("name"):
            one = known.get(one["@id"], one)
        found.append(given(one.get("name")) if isinstance(one, dict) else given(one))
    return ", ".join(dict.fromkeys(name for name in found if name))


def rating(value: Any) -> tuple[str, str, str, str]:
    """(words, value, best, worst) of a schema.org Rating, or of what stands in its place."""
    if not isinstance(value, dict):
        return given(value), "", "", ""
    words = given(value.get("alternateName")) or given(value.get("name"))
    return words, given(value.get("ratingValue")), given(value.get("bestRating")), given(value.get("worstRating"))


def addresses(values: list[Any], base: str = "") -> tuple[str, ...]:
    """Web addresses, each once: strings, or objects that have one as their url or @id. base: for relative ones."""
    found: dict[str, None] = {}
    stack = list(reversed(values))
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            stack.append(value.get("url") or value.get("@id"))
        elif isinstance(value, str) and (url := _address(value, base)):
            found[url] = None
    return tuple(found)


def first_address(values: list[Any], base: str = "") -> str:
    return next(iter(addresses(values, base)), "")


def _address(value: str, base: str) -> str:
    try:
        url = urljoin(base, value.strip()) if base else value.strip()
        parts = urlsplit(url)
        fits = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    if not fits or len(url) > LONGEST_ADDRESS or any(sign.isspace() for sign in url) or not encodes(url):
        return ""
    return parts.scheme.lower() + url[len(parts.scheme) :]


def encodes(text: str) -> bool:
    """False for halves of characters and NULs, which no database keeps."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def site_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def language(value: Any) -> str:
    """As it is given, a BCP 47 tag or not; of a schema.org Language its tag."""
    value = first(value)
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    return markup.text(value)[:35]


def day(value: Any) -> str:
    """ISO, as far as it was said: 2024, 2024-05 or 2024-05-14, in the writer's own time zone; "" for what is no date.

    03/04/2020 is two different days on two sides of an ocean: of it only the year is known.
    """
    text = given(first(value))
    if not 4 <= len(text) <= 60:
        return ""
    if iso := _ISO.match(text):
        return _as_far_as(*iso.groups())
    if numbers := _NUMBERS.match(text):
        one, other, year = numbers.groups()
        if int(one) <= 12 and int(other) <= 12 and one != other:
            return _as_far_as(year, None, None)
        month, of_month = (one, other) if int(one) <= 12 else (other, one)
        return _as_far_as(year, month, of_month)
    if not re.search(r"\b[0-9]{4}\b", text):
        return ""  # a weekday or a time alone
    try:
        one, other = (dateutil.parser.parse(text, default=zero, ignoretz=True) for zero in _ZERO)
    except (ValueError, OverflowError):
        return ""
    if one.year != other.year:
        return ""
    known = [f"{one.month:02}" if one.month == other.month else None, f"{one.day:02}" if one.day == other.day else None]
    return _as_far_as(str(one.year), known[0], known[1] if known[0] else None)


def _as_far_as(year: str, month: str | None, of_month: str | None) -> str:
    parts = [year, *(part.zfill(2) for part in (month, of_month) if part)]
    try:
        date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    except ValueError:
        return ""
    return "-".join(parts) if int(year) >= EARLIEST else ""
