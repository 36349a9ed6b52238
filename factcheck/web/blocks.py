"""A text as its blocks: headings as headings, lists as lists; and of each detail, where it comes from."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from factcheck.models import ArticleVersion
from factcheck.text.extraction import Kind, Source
from factcheck.workflow.versions import FEED, SENDER

DETAILS = (
    ("title", lazy("Title")),
    ("byline", lazy("Byline")),
    ("published_at", lazy("Published")),
    ("modified_at", lazy("Changed by its publisher")),
    ("language", lazy("Language")),
    ("canonical_url", lazy("Address it wants to be known under")),
)
IN_WORDS = {
    SENDER: lazy("said by the sender"),
    FEED: lazy("said by the feed"),
    Source.JSON_LD: lazy("from the page’s JSON-LD"),
    Source.OPEN_GRAPH: lazy("from the page’s OpenGraph details"),
    Source.META: lazy("from a meta element of the page"),
    Source.MICRODATA: lazy("from the page’s microdata"),
    Source.HTML: lazy("from the page’s HTML"),
    Source.VISIBLE: lazy("from the text itself"),
    Source.FILE: lazy("from the details of the file"),
    Source.GUESSED: lazy("guessed"),
}


@dataclass
class Part:
    """A heading or paragraph, or neighbours that belong together: a list, a quotation, a table. items: (level,
    pieces), where a level is a heading's rank from 2 or how deep a list item lies.
    """

    kind: str
    items: list[tuple[int, Any]] = field(default_factory=list)


TOGETHER = (Kind.LIST_ITEM, Kind.QUOTE, Kind.ROW)


def parts(blocks: Sequence[dict[str, Any]], lines: Sequence[tuple[int, int]], paragraphs: Sequence[Any]) -> list[Part]:
    """blocks: of a version; [] makes each paragraph one. lines: start and end of each of the paragraphs."""
    found: list[Part] = []
    starts, above = [block["start"] for block in blocks], 1
    for (start, _end), pieces in zip(lines, paragraphs, strict=True):
        at = bisect_right(starts, start) - 1
        kind, level = (blocks[at]["kind"], blocks[at]["level"]) if at >= 0 else (Kind.PARAGRAPH.value, 0)
        if kind == Kind.HEADING:  # below the article's title, and no rank left out
            above = level = max(2, min(level, above + 1))
        if not (kind in TOGETHER and found and found[-1].kind == kind):
            found.append(Part(kind))
        found[-1].items.append((level, pieces))
    return found


def details(version: ArticleVersion) -> list[tuple[Any, str, Any]]:
    """(label, value, where it comes from) of each; a value that is missing says so."""
    rows = []
    for name, label in DETAILS:
        value = getattr(version, name)
        said = formats.date_format(value, "j F Y, H:i e") if isinstance(value, datetime) else value
        origin = version.origins.get(name)
        rows.append((label, said or _("not known"), IN_WORDS.get(origin, origin or "") if value else ""))
    return rows
