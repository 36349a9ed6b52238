"""Keeping one text of an article: the bytes, how they came, what was read from them, and where each detail is from."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.dateparse import parse_datetime

from factcheck.models import Article, ArticleVersion, Capture, Outlet, User
from factcheck.text.documents import Document
from factcheck.text.extraction import Reading, Source
from factcheck.workflow.sources import outlet_named
from factcheck.workflow.words import fitted

SENDER, FEED = "sender", "feed"
"""Among a version's origins: whoever sent it in says so, or the feed that it came by."""
LONGEST_ADDRESS = 2000
# Of an answer's headers, what tells of the page. No cookies, and nothing about the two machines.
KEPT_HEADERS = frozenset(
    ("age", "content-language", "content-type", "date", "etag", "last-modified", "link", "memento-datetime")
)
MOST_HEADERS = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What the sender says of a text. It goes before what the text says of itself; "" and None say nothing.

    by_feed: a feed says it, and feeds shorten titles and date entries anew: it stands behind what the text states, and
    before what is only guessed.
    """

    title: str = ""
    byline: str = ""
    published_at: datetime | None = None
    published_is_guessed: bool = False
    language: str = ""
    by_feed: bool = False

    def as_json(self) -> dict[str, Any]:
        said = {name: value for name, value in asdict(self).items() if value}
        return said | ({"published_at": self.published_at.isoformat()} if self.published_at else {})

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Said":
        moment = parse_datetime(said.get("published_at", ""))
        return cls(**{**said, "published_at": moment})


@dataclass(frozen=True, slots=True)
class Came:
    """What came, and what was read from it. url: as asked; headers: of the answer, as they came."""

    raw: bytes
    document: Document
    file_name: str = ""
    url: str = ""
    final_url: str = ""
    headers: Iterable[tuple[str, str]] = ()

    @property
    def note(self) -> str:
        """What a reader must know of what was not read."""
        names = ", ".join(map(fitted, self.document.left_out))
        return f"Attached to the mail and not read: {names}." if names else ""


def keep(article: Article, came: Came, said: Said, *, by: User | None, act: UUID) -> ArticleVersion:
    """Store what came as the article's next text, in the caller's transaction."""
    reading = came.document.reading
    raw_sha256 = hashlib.sha256(came.raw).hexdigest()
    capture = Capture.objects.create(
        article=article,
        url=came.url,
        final_url=came.final_url,
        file_name=fitted(came.file_name)[:255],
        media_type=came.document.media_type,
        headers=kept_headers(came.headers),
        sha256=raw_sha256,
    )
    return ArticleVersion.objects.create(
        article=article,
        number=article.versions.count() + 1,
        text=reading.text,
        sha256=hashlib.sha256(reading.text.encode()).hexdigest(),
        blocks=[
            {"kind": block.kind.value, "level": block.level, "start": block.start, "end": block.end}
            for block in reading.blocks
        ],
        raw=came.raw,
        raw_sha256=raw_sha256,
        capture=capture,
        **_details(reading, said),
    )


def kept_headers(headers: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Those that tell of the page, as pairs."""
    return [[name, fitted(value)] for name, value in headers if name.lower() in KEPT_HEADERS][:MOST_HEADERS]


def _details(reading: Reading, said: Said) -> dict[str, Any]:
    """Field of the version -> its value, `origins` among them."""
    canonical = reading.canonical if urlsplit(reading.canonical).scheme in ("http", "https") else ""
    read: dict[str, tuple[Any, Source | None]] = {
        "title": (fitted(reading.title), reading.sources.get("title")),
        "byline": (fitted(reading.byline or ", ".join(reading.authors)), reading.sources.get("authors")),
        "published_at": (_moment(reading.published, reading.day), reading.sources.get("published")),
        "modified_at": (_moment(reading.modified), reading.sources.get("modified")),
        "language": (reading.language[:35], reading.sources.get("language")),
        "canonical_url": (canonical if len(canonical) <= LONGEST_ADDRESS else "", reading.sources.get("canonical")),
    }
    details: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, (value, source) in read.items():
        own = getattr(said, name, None)
        if said.by_feed and value and source != Source.GUESSED:
            own = None
        details[name] = own or value
        if own or value:
            origins[name] = (FEED if said.by_feed else SENDER) if own else str(source or Source.VISIBLE)
    if not details["language"]:
        details["language"], origins["language"] = "en", str(Source.GUESSED)
    guessed = origins.get("published_at") == Source.GUESSED
    return {**details, "published_is_guessed": guessed or said.published_is_guessed, "origins": origins}


def _moment(said: date | datetime | None, day: date | None = None) -> datetime | None:
    """A time with its offset as it is; a day, and a time that names no offset, as the beginning of that day in UTC."""
    if said is None or (isinstance(said, datetime) and said.tzinfo is not None):
        return said
    day = day or said
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def outlet_said(came: Came, *, confidential: bool, by: User | None, act: UUID) -> Outlet | None:
    """Who publishes it, if the page says so. What a confidential one says adds nothing to the desk's own list."""
    reading = came.document.reading
    name = "" if reading.guessed("outlet") else fitted(reading.outlet)[:300]
    if confidential:
        return Outlet.objects.filter(name__iexact=name).first() if name else None
    return outlet_named(name, by=by, act=act)
