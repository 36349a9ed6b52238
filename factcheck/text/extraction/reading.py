"""The whole reading of one page."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from lxml.etree import _Element
from trafilatura import bare_extraction
from trafilatura.settings import Document

from factcheck.text.extraction import authors, blocks, body, dates, decoding, identity, markup, titles
from factcheck.text.extraction.blocks import Kind
from factcheck.text.extraction.found import Found, Source
from factcheck.text.extraction.markup import Markup
from factcheck.text.plain import UnreadableText

# It logs pages without text as errors; here that is an answer like any other.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

LONGEST_PAGE = 20_000_000
"""Bytes or characters. The largest article pages have a tenth of it, most of that script."""
MOST_ELEMENTS = 60_000
"""Ten times as many as the largest of 1,284 pages has."""
BODY_ALONE = 500
"""Characters from which a JSON-LD articleBody may stand for a text that the page itself does not show."""
BETWEEN = "\n\n"


class NoTextFound(UnreadableText):
    """The page holds no text of an article; its message is a plain sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Block:
    """`start`, `end`: code points into the reading's text. `level`: of a heading (1 to 6) or depth of a list."""

    kind: Kind
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """`text`: the blocks in page order, joined by blank lines, without the title. `byline`: as it is printed.
    `published`, `modified`: a date, or a datetime when the page gives a time of day, aware when it gives an offset.
    `day`: the day of publication as the newsroom counts it, which may differ from the day in UTC. `language`: a BCP 47
    tag. `canonical`: the address under which the page wants to be known. `sources`: where each value was found, by the
    name of its field; a field that is missing has none.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str
    authors: tuple[str, ...]
    byline: str
    outlet: str
    published: date | datetime | None
    day: date | None
    modified: date | datetime | None
    language: str
    canonical: str
    sources: Mapping[str, Source]

    def guessed(self, field: str) -> bool:
        return self.sources.get(field) is Source.GUESSED


def read(html: bytes | str, *, url: str = "", charset: str | None = None) -> Reading:
    """`url`: where the page was fetched, "" when unknown. `charset`: of the HTTP header, for bytes.

    Raises NoTextFound, and nothing else however broken the page is.
    """
    if len(html) > LONGEST_PAGE:
        raise NoTextFound(f"The page has {len(html):,} characters; the most that can be read is {LONGEST_PAGE:,}.")
    characters = decoding.decoded(html, charset) if isinstance(html, bytes) else html
    if not decoding.is_text(characters):
        raise NoTextFound("This is no page of text: it may be a picture, a PDF or another kind of file.")
    tree = decoding.tree(characters)
    if tree is None:
        raise NoTextFound("The page is empty: there is nothing in it to read.")
    if sum(1 for _ in islice(tree.iter(), MOST_ELEMENTS + 1)) > MOST_ELEMENTS:
        raise NoTextFound(f"The page has more than {MOST_ELEMENTS:,} elements: that is no article.")
    page = markup.read(tree)
    names = identity.outlets(page)
    outlet_names = [found.value for found in names]
    title = titles.read(page, tree, outlet_names)
    pieces, source = _pieces(page, tree, title)
    if not pieces:
        raise NoTextFound(
            "No text of an article was found on this page. It may only list links, or show its text by script."
        )
    text, placed = _joined(pieces)
    written_by, byline = authors.read(page, tree, outlet_names)
    canonical = identity.canonical(page, tree, url)
    address = url or (canonical.value if canonical else "")
    published = dates.published(page, tree, address)
    outlet = identity.outlet(names, address)
    modified = dates.modified(page)
    language = identity.language(page, tree, text)
    found: dict[str, Found[Any] | None] = {
        "title": title,
        "authors": written_by,
        "outlet": outlet,
        "published": published,
        "modified": modified,
        "language": language,
        "canonical": canonical,
    }
    sources = {name: one.source for name, one in found.items() if one}
    return Reading(
        text=text,
        blocks=placed,
        title=title.value if title else "",
        authors=written_by.value if written_by else (),
        byline=byline,
        outlet=outlet.value if outlet else "",
        published=published.value if published else None,
        day=dates.day(published.value if published else None, address),
        modified=modified.value if modified else None,
        language=language.value if language else "",
        canonical=canonical.value if canonical else "",
        sources={"text": source, **sources, **({"byline": Source.VISIBLE} if byline else {})},
    )


def _pieces(page: Markup, tree: _Element, title: Found[str] | None) -> tuple[list[tuple[Kind, int, str]], Source]:
    """Kind, level and text of the article's blocks, and whether they are visible or only in the page's markup."""
    told = page.article.get("articleBody")
    told = markup.unescaped(told) if isinstance(told, str) else ""
    wordings = [*titles.headings(tree), page.first("og:title"), title.value if title else ""]
    chosen = body.chosen(blocks.walked(tree), _taken(tree), told, wordings)
    size = sum(len(block.text) for block in chosen)
    if len(told) >= BODY_ALONE and size < 0.3 * len(told):
        lines = [blocks.collapsed(line) for line in told.splitlines()]
        return [(Kind.PARAGRAPH, 0, line) for line in lines if line], Source.JSON_LD
    return [(block.kind, block.level, block.text) for block in chosen], Source.VISIBLE


def _taken(tree: _Element) -> list[str]:
    """The lines that trafilatura takes for the article. Without its own fallbacks: what it misses, body finds."""
    try:
        document = bare_extraction(tree, fast=True, include_comments=False)
    except (RecursionError, ValueError, AttributeError, TypeError):
        return []  # what breaks it does not break us: the page is then read by its paragraphs alone
    return (document.text or "").splitlines() if isinstance(document, Document) else []


def _joined(pieces: Sequence[tuple[Kind, int, str]]) -> tuple[str, tuple[Block, ...]]:
    placed, at = [], 0
    for kind, level, text in pieces:
        placed.append(Block(kind, level, at, at + len(text)))
        at += len(text) + len(BETWEEN)
    return BETWEEN.join(text for _, _, text in pieces), tuple(placed)
