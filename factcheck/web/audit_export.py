"""The trail to take away: streamed, as NDJSON to verify it with, or as CSV to read it in a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from factcheck.models import AuditEntry
from factcheck.web.audit import Chosen, entries_for, refused, trail_only
from factcheck.workflow.audit import batches, record_export

# All that the hash covers, in its order, and then what it does not.
HASHED = ("prev", "chain", "seq", "verb", "subject", "subject_id", "old", "new", "actor", "act", "at", "text_sha256")
COLUMNS = (*HASHED, "hash", "text", "salt")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@require_POST
@trail_only
def export(request: HttpRequest) -> HttpResponseBase:
    """The chosen entries by chain and number. Taking them away is an entry of its own."""
    chosen, form = Chosen(request.user, request.POST), request.POST.get("form", "")
    if not chosen.is_valid() or form not in FORMS:
        return refused(request, chosen)
    entries = chosen.among(entries_for(request.user))
    record_export(by=request.user, form=form, chosen=chosen.in_words(), chain=chosen.cleaned_data["article"])
    lines, content_type = FORMS[form]
    response = StreamingHttpResponse(lines(rows(entries)), content_type=content_type)
    name = f"trail-{timezone.now():%Y-%m-%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def rows(entries: Any) -> Iterator[dict[str, Any]]:
    """Each entry's COLUMNS; text and salt are None when there are none, or they were erased."""
    for batch in batches(entries):
        for entry in batch:
            yield row(entry)


def row(entry: AuditEntry) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in HASHED} | {"act": str(entry.act), "at": entry.at_as_hashed}
    words = entry.words
    return fields | {
        "hash": entry.hash,
        "text": words.text if words else None,
        "salt": words.salt if words else None,
    }


def as_ndjson(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One object a line, exact: NULL is null, and a stranger can compute every hash."""
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


class Line:
    """What csv writes to: hands each line on."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """For spreadsheets, and not exact: NULL is empty, and what a spreadsheet would run as a formula gets a ' before."""
    out = csv.writer(Line())
    yield out.writerow(COLUMNS)
    for row in rows:
        yield out.writerow([harmless(row[name]) for name in COLUMNS])


def harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


FORMS = {"ndjson": (as_ndjson, "application/x-ndjson"), "csv": (as_csv, "text/csv; charset=utf-8")}
