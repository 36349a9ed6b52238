"""Lists, as forms and commands take them: row by row, each with its line. What a row of articles may say:

.csv    a first line with the names of the columns, one of them url
.jsonl  one object a line: text, html or url

Beside them title, byline, note, language, and published (2024-05-15, or a time with its offset). Columns that nobody
knows are left alone.
"""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from factcheck.exceptions import BadInput

ENDINGS = (".csv", ".jsonl")
BEYOND = ""
DETAILS = ("title", "byline", "url", "note", "language")


class Row(NamedTuple):
    """line: of the list, from 1; where rows are no lines, the place says more. raw: the row by itself, as an object of
    JSON where it can be told as one. sentence: why it cannot be read, where that is known at once."""

    line: int
    raw: bytes
    place: str = ""
    sentence: str = ""


class Sent(NamedTuple):
    """What was sent in at once. submission: a sha256 by which it is known again. said: of every row that says nothing
    else. repeated: so many rows more stand again further down, and count there."""

    submission: str
    rows: Sequence[Row]
    size: int
    said: dict[str, str]
    repeated: int = 0


def is_list(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def rows_of(data: bytes, name: str, *, column: str = "url") -> list[Row]:
    """column: the one that a table must have. Raises BadInput for what is no list at all."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("The list is not UTF-8.") from None
    if name.lower().endswith(".jsonl"):
        # Not splitlines(): a JSON string may hold characters that it takes for the end of a line.
        lines = enumerate(text.split("\n"), start=1)
        return [Row(number, line.strip().encode()) for number, line in lines if line.strip()]
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if column not in (table.fieldnames or ()):
            raise BadInput(f"The first line must name the columns, and one of them {column}.")
        return [Row(table.line_num, _as_json(row)) for row in table]
    except csv.Error as error:
        raise BadInput(f"The list cannot be read as a table: {error}.") from error


def record(raw: bytes | str) -> dict[str, Any]:
    """The row's own words, by field. Raises BadInput."""
    try:
        said = json.loads(raw, object_pairs_hook=_once)
    except BadInput:
        raise
    except (ValueError, RecursionError) as error:
        raise BadInput("The line is no JSON.") from error
    if not isinstance(said, dict):
        raise BadInput("The line is no JSON object.")
    if isinstance(said.get(BEYOND), list):
        raise BadInput("The row has more cells than the list has columns. Put what holds a comma in quotation marks.")
    return said


def sent(row: Row) -> dict[str, Any]:
    """As the verb takes it. Raises BadInput."""
    said = record(row.raw)
    known = {name: said.get(name) or "" for name in (*DETAILS, "text", "html", "published")}
    if wrong := [name for name, value in known.items() if not isinstance(value, str)]:
        raise BadInput(f"The field {wrong[0]} must be a text.")
    text, html, published = (known.pop(name) for name in ("text", "html", "published"))
    if text and html:
        raise BadInput("It has a text and HTML; one of them is the article.")
    if not (text or html or known["url"]):
        raise BadInput("It has no text, no HTML and no url.")
    return {
        "received": text or html or None,
        "media_type": "text/html" if html else "",
        "published_at": moment_of(published),
        **known,
    }


def moment_of(text: str) -> datetime | None:
    """Of 2024-05-15 the beginning of that day in UTC; a time with its offset, as the API takes it, as it is; None of
    "". Raises BadInput.
    """
    try:
        if "T" not in text:
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if text else None
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:  # without an offset it could be any of 26
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput(f"published must be a date like 2024-05-15 or 2024-05-15T09:30:00+02:00, not {text!r}.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; the second of two fields of one name would be taken, and the words of the first lost."""
    row = dict(pairs)
    if len(row) < len(pairs):
        raise BadInput("A field stands twice in the line.")
    return row


def _as_json(row: dict[str | None, Any]) -> bytes:
    """A row of a table; what stands beyond its columns is kept under BEYOND, for a comma may have parted a title."""
    cells = {name: value for name, value in row.items() if name and value}
    if any(beyond := row.get(None) or []):
        cells[BEYOND] = beyond
    return json.dumps(cells, ensure_ascii=False).encode()
