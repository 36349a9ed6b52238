"""Rows as a file to take away, line by line: CSV for spreadsheets, JSON lines for machines. Memory stays the same
however many rows there are.

CSV is UTF-8 with a byte order mark, without which spreadsheets take it for something else. It is not exact: a text that
begins with one of FORMULA gets a ' before it, for a spreadsheet would run it; what is not there is empty. JSON lines
are exact, and begin with no mark.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse
from django.utils import timezone

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MARK = "\ufeff"
CHUNK = 500  # lines that are sent together


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    out = csv.writer(Line())
    yield MARK + out.writerow(columns)
    for row in rows:
        yield out.writerow([harmless(cell(value)) for value in row])


def as_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """One object a line; what is not there is null."""
    for row in rows:
        yield json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"


FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "jsonl": (as_jsonl, "application/x-ndjson"),
    "ndjson": (as_jsonl, "application/x-ndjson"),
}


def sent(name: str, form: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The rows as a file `name` of today, in one of FORMS."""
    lines, content_type = FORMS[form]
    response = StreamingHttpResponse(together(lines(columns, rows)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.{form}"'
    return response


def together(lines: Iterable[str]) -> Iterator[str]:
    left = iter(lines)
    while part := "".join(islice(left, CHUNK)):
        yield part


class Line:
    """What csv writes to: hands each line on."""

    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> Any:
    """A value as a spreadsheet takes it: times in UTC, lengths of time in seconds."""
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case timedelta():
            return round(value.total_seconds())
        case list() | tuple():
            return "; ".join(map(str, value))
    return value


def harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
