"""The trail to take away: streamed, as NDJSON to verify it with, or as CSV to read it in a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from factcheck.models import AuditEntry
from factcheck.web import tables
from factcheck.web.audit import Chosen, entries_for, refused, trail_only
from factcheck.workflow.audit import batches, record_export

# All that the hash covers, in its order, and then what it does not.
HASHED = ("prev", "chain", "seq", "verb", "subject", "subject_id", "old", "new", "actor", "act", "at", "text_sha256")
COLUMNS = (*HASHED, "hash", "text", "salt")
FORMS = ("ndjson", "csv")


@require_POST
@trail_only
def export(request: HttpRequest) -> HttpResponseBase:
    """The chosen entries by chain and number. Taking them away is an entry of its own."""
    chosen, form = Chosen(request.user, request.POST), request.POST.get("form", "")
    if not chosen.is_valid() or form not in FORMS:
        return refused(request, chosen)
    entries = chosen.among(entries_for(request.user))
    record_export(by=request.user, form=form, chosen=chosen.in_words(), chain=chosen.cleaned_data["article"])
    return tables.sent("trail", form, COLUMNS, rows(entries))


def rows(entries: Any) -> Iterator[list[Any]]:
    """Each entry's COLUMNS; text and salt are None when there are none, or they were erased. NDJSON is exact: every
    hash can be computed from it by a stranger."""
    for batch in batches(entries):
        for entry in batch:
            yield row(entry)


def row(entry: AuditEntry) -> list[Any]:
    fields = {name: getattr(entry, name) for name in HASHED} | {"act": str(entry.act), "at": entry.at_as_hashed}
    words = entry.words
    return [*fields.values(), entry.hash, words.text if words else None, words.salt if words else None]
