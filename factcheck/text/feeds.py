"""What a feed says: its entries, each with its address, from RSS 0.9 to 2.0 and Atom, well formed or not.

feedparser reads it. It is handed bytes and never an address or a name, which it would open; it resolves no entity that
leads outside, and expands none that would grow.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
from lxml.html import document_fromstring

from factcheck.text.plain import UnreadableText

LARGEST = 5_000_000
"""Bytes. Ten thousand entries with their texts; what is larger takes a worker's minute."""
LONGEST_TITLE = 1_000
TRACKERS = ("utm_",)
"""How parameters begin that a feed adds to its links so that visits can be counted: no page is another without them."""

REFERENCES = re.compile(rb"(?:&#(?:[xX][0-9a-fA-F]+|[0-9]+);)+")


@dataclass(frozen=True, slots=True)
class Entry:
    """link: absolute, without what follows a # and without trackers; of any scheme. guid: "" when there is none, or
    when it names several links of this feed. title: one line, without markup. published: aware; None when not said."""

    link: str
    guid: str
    title: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """entries: each link once, in the feed's order. What has no link (a file to hear, a note) is left out."""

    title: str
    entries: list[Entry]


def read(body: bytes, *, url: str, charset: str = "") -> Feed:
    """url: where it was found; relative links start there, unless the feed says otherwise. charset: as the answer named
    it, "" when it did not. Raises UnreadableText when it is no feed.
    """
    if len(body) > LARGEST:
        raise UnreadableText(f"The feed has more than {LARGEST / 1e6:g} MB.")
    # The media type is ours: of text/xml without a charset feedparser believes what nobody has meant for years.
    kind = f"application/xml; charset={charset}" if charset else "application/xml"
    try:
        found = feedparser.parse(
            io.BytesIO(REFERENCES.sub(_characters, body)),
            response_headers={"content-type": kind, "content-location": url},
            sanitize_html=False,  # nothing of its markup is ever shown
            resolve_relative_uris=False,  # those inside its texts
        )
    except Exception as error:  # what strangers wrote breaks a parser in ways that it does not list
        raise UnreadableText("The feed is broken and cannot be read.") from error
    if not found.get("version"):
        raise UnreadableText(_what_it_is(body))
    entries = [entry for raw in found.entries if (entry := _entry(raw, url))]
    once = {entry.link: entry for entry in reversed(entries)}
    shared = {guid for guid, times in Counter(entry.guid for entry in once.values()).items() if times > 1}
    return Feed(
        title=_line(found.feed.get("title_detail")),
        entries=[
            replace(entry, guid="" if entry.guid in shared else entry.guid)
            for entry in dict.fromkeys(once[entry.link] for entry in entries)
        ],
    )


def _characters(run: re.Match[bytes]) -> bytes:
    """Numbers of characters that stand together, without those that are none, at which feedparser gives the whole feed
    up: some sites write an emoji as two halves (&#55357;&#56832;)."""
    written = [number.lstrip(b"&#0") for number in run[0].split(b";")[:-1]]
    codes = [int(each[1:] or b"0", 16) if each[:1] in (b"x", b"X") else int(each[:9] or b"0") for each in written]
    if all(code < 0xD800 or 0xDFFF < code <= 0x10FFFF for code in codes):
        return run[0]
    halves = "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)
    text = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(f"&#{ord(letter)};" for letter in text).encode()


def _what_it_is(body: bytes) -> str:
    start = body[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "At this address is a web page, not a feed. Many pages name their feed at the bottom, as RSS."
    if start.startswith(b"{"):
        return "At this address is JSON. The desk reads feeds in RSS and Atom; most sites have one of them too."
    return "What is at this address is not a feed in RSS or Atom."


def _entry(raw: Any, url: str) -> Entry | None:
    """None without an address."""
    guid = str(raw.get("id", "")).strip()
    given = raw.get("feedburner_origlink") or raw.get("link") or ""
    link = _plain("".join(letter for letter in str(given).strip() if letter.isprintable()), url)
    if not link or (link == guid and not link.startswith(("http://", "https://"))):
        return None  # for want of a link feedparser takes the id
    return Entry(
        link=link,
        guid=guid,
        title=_line(raw.get("title_detail")),
        published=_moment(raw.get("published_parsed") or raw.get("updated_parsed")),
    )


def _plain(link: str, url: str) -> str:
    try:
        parts = urlsplit(urldefrag(urljoin(url, link)).url if link else "")
    except ValueError:  # a bracket too many: the verb that takes articles in says so
        return link
    kept = [pair for pair in parts.query.split("&") if not pair.lower().startswith(TRACKERS)]
    return parts._replace(query="&".join(kept)).geturl()


def _line(detail: Any) -> str:
    """A title as one line. Titles hold markup, or text that only looks like it; feedparser says which."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(detail.get("value", "") if detail else ""))
    if text.strip() and detail.get("type") != "text/plain":
        text = document_fromstring(f"<p>{text}").text_content()
    return " ".join(text.split())[:LONGEST_TITLE].rstrip()


def _moment(said: struct_time | None) -> datetime | None:
    """feedparser counts in UTC."""
    try:
        return datetime(*said[:6], tzinfo=UTC) if said else None
    except ValueError:
        return None
