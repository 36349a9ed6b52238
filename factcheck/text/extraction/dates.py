"""When a page was published and last changed."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import dateutil.parser
import htmldate
from dateutil.tz import tzoffset
from lxml.etree import _Element

from factcheck.text.extraction import markup
from factcheck.text.extraction.found import Found, Source
from factcheck.text.extraction.markup import Markup

EARLIEST = date(1990, 1, 1)
"""The web is younger; an earlier date belongs to the story or to a clock that was never set."""
LONGEST = 60

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "dc.created",
    "datepublished",
    "date_published",
    "publishdate",
    "pubdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "date",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "article:modified",
    "dcterms.modified",
    "dc.date.modified",
    "datemodified",
    "last-modified",
    "lastmod",
)
_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/\-_]?([01]?\d)[/\-_]?([0-3]?\d)(?=[/\-_.]|$)")

When = date | datetime


def published(page: Markup, tree: _Element, url: str) -> Found[When] | None:
    found = (
        _first((markup.text(page.article.get("datePublished")),), Source.JSON_LD)
        or _first((v for name in _PUBLISHED for v in page.meta.get(name, ())), Source.META)
        or _first(page.marked.get("datePublished", ()), Source.MICRODATA)
        or _first(
            (markup.text(node.get("datePublished")) for node in page.nodes if "WebPage" in markup.types(node)),
            Source.JSON_LD,
        )
    )
    if found:
        return found
    guess = htmldate.find_date(tree, original_date=True, url=url or None, max_date=_tomorrow())
    return Found(date.fromisoformat(guess), Source.GUESSED) if guess else None


def modified(page: Markup) -> Found[When] | None:
    return (
        _first((markup.text(page.article.get("dateModified")),), Source.JSON_LD)
        or _first((v for name in _MODIFIED for v in page.meta.get(name, ())), Source.META)
        or _first(page.marked.get("dateModified", ()), Source.MICRODATA)
    )


def parsed(value: str) -> When | None:
    """A date, or a datetime when a time of day is given, with its offset when one is given; None when it is neither,
    lies before EARLIEST or after tomorrow."""
    value = value.strip()
    if not 8 <= len(value) <= LONGEST or not any(letter.isdigit() for letter in value):
        return None
    try:
        when = _iso(value) or _other(value)
        on = _day(when)
    except (ValueError, OverflowError):
        return None
    return when if EARLIEST <= on <= _tomorrow().date() else None


def day(when: When | None, url: str) -> date | None:
    """The day of publication as the newsroom counts it: a time that is given in UTC may fall on the day before or
    after, and then the address, which is written at the newsroom's desk, has the right one."""
    in_address = _ADDRESS.search(url)
    if when is None:
        return None
    if in_address:
        try:
            named = date(*map(int, in_address.groups()))
        except ValueError:
            return _day(when)
        if abs(named - _day(when)) <= timedelta(days=1):
            return named
    return _day(when)


def _iso(value: str) -> When | None:
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return None


def _other(value: str) -> When:
    """The forms of RFC 2822, JavaScript and the like. A missing year becomes the year 1, which no page is from."""
    when = dateutil.parser.parse(value, default=datetime(1, 1, 1), tzinfos=_offset)
    return when if ":" in value else when.date()


def _day(when: When) -> date:
    return when.date() if isinstance(when, datetime) else when


def _offset(name: str | None, seconds: int | None) -> tzoffset | None:
    """Zones by their offset only: the letters EST or IST mean different things in different countries."""
    return None if seconds is None else tzoffset(name, seconds)


def _first(values: Iterable[str], source: Source) -> Found[When] | None:
    return next((Found(when, source) for value in values if (when := parsed(value))), None)


def _tomorrow() -> datetime:
    """The latest day on Earth: east of Greenwich it is tomorrow already."""
    return datetime.now(UTC) + timedelta(days=1)
