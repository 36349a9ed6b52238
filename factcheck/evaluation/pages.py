"""Public sets of pages with what an ideal reader would find in them. Which set a folder holds is seen from its rows.

Every row names a gzipped HTML file beside it (`file`). Raises UnreadableData with a plain sentence.
"""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factcheck.evaluation.readers import UnreadableData, rows

PREFIXES = (
    "article_extraction_benchmark",
    "fundus_evaluation",
    "fundus_parser_pages",
    "htmldate_eval",
    "trafilatura_eval",
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a gold row says; None where it says nothing. `body`: paragraphs; `optional`: places in it of paragraphs
    that a reader may take or leave. `wanted`, `unwanted`: segments that must and must not be in the text. `date`:
    YYYY-MM-DD."""

    html: bytes
    url: str
    set: str
    body: tuple[str, ...] | None = None
    optional: tuple[int, ...] = ()
    wanted: tuple[str, ...] | None = None
    unwanted: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] | None = None
    date: str | None = None


def read(data: Path, limit: int | None = None) -> list[Page]:
    """`limit`: the first N pages of each set."""
    found: list[Page] = []
    counted: dict[str, int] = {}
    for name, path, row in rows(data, PREFIXES):
        if "file" not in row:
            continue
        counted[name] = counted.get(name, 0) + 1
        if limit is None or counted[name] <= limit:
            html = _html(path.parent / str(row["file"]))
            found.append(Page(html, str(row.get("url") or ""), name, **_gold(row, name)))
    if not found:
        raise UnreadableData(f"No row of {data} names a page (field “file”).")
    return found


def _gold(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    for field, gold in _LAYOUTS:
        if field in row:
            return gold(row)
    fields = ", ".join(field for field, _ in _LAYOUTS)
    raise UnreadableData(f"A row of {name} says nothing that can be measured: it has none of {fields}.")


def _parser_page(row: Mapping[str, Any]) -> dict[str, Any]:
    body = row.get("body") or {}
    paragraphs = list(body.get("summary") or ())
    for section in body.get("sections") or ():
        paragraphs += [*section.get("headline", ()), *section.get("paragraphs", ())]
    return {
        "body": tuple(paragraphs) or None,
        "title": row.get("title"),
        "authors": tuple(row["authors"]) if row.get("authors") else None,
        "date": str(row["publishing_date"])[:10] if row.get("publishing_date") else None,
    }


def _paragraphs(row: Mapping[str, Any]) -> dict[str, Any]:
    """fundus_evaluation: a paragraph in square brackets is optional."""
    optional = [text.startswith("[") and text.endswith("]") for text in row["body"]]
    body = [text[1:-1] if may else text for text, may in zip(row["body"], optional, strict=True)]
    return {"body": tuple(body), "optional": tuple(at for at, may in enumerate(optional) if may)}


# The first field that a row has decides. In this order: two layouts share “body”.
_LAYOUTS: tuple[tuple[str, Callable[[Mapping[str, Any]], dict[str, Any]]], ...] = (
    ("articleBody", lambda row: {"body": tuple(row["articleBody"].split("\n"))}),
    ("publishing_date", _parser_page),
    ("body", _paragraphs),
    ("with", lambda row: {"wanted": tuple(row["with"]), "unwanted": tuple(row.get("without") or ())}),
    ("date", lambda row: {"date": row["date"]}),
)


def _html(path: Path) -> bytes:
    try:
        with gzip.open(path) as page:
            return page.read()
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableData(f"The page {path} cannot be read: {error}.") from error
