"""Files of fact-checks, and how one record of them is taken in (workflow/imports.py does the rest)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from factcheck.exceptions import BadInput
from factcheck.models import User
from factcheck.text.claimreviews import THE_FILE, Record, Unread, read
from factcheck.workflow import factchecks
from factcheck.workflow.lists import Row, Sent
from factcheck.workflow.sources import one_at_a_time

VERB = "import fact-checks"
LARGEST_FEED = 300_000_000  # bytes; a feed of all fact-checks of the world has a third of it


def sent(given: bytes, **said: str) -> Sent:
    """The records of a file; nothing is said of all of them. Of those that stand in it several times the last counts.
    Raises BadInput when nothing in it is a fact-check."""
    if not given.strip():
        raise BadInput("The file is empty.")
    if len(given) > LARGEST_FEED:
        raise BadInput(f"The file has {len(given):,} bytes; the most that can be taken in is {LARGEST_FEED:,}.")
    found = list(read(given))
    last = {_identity(each): number for number, each in enumerate(found, start=1) if isinstance(each, Record)}
    if not last:
        first = next(each for each in found if isinstance(each, Unread))
        more = f" The same goes for {len(found) - 1:,} more." if len(found) > 1 else ""
        where = "" if first.place == THE_FILE else f"In {first.place}: "
        raise BadInput(f"There is no fact-check in the file. {where}{first.sentence}{more}")
    rows = [
        _row(number, each)
        for number, each in enumerate(found, start=1)
        if isinstance(each, Unread) or last[_identity(each)] == number
    ]
    return Sent(hashlib.sha256(given).hexdigest(), rows, size=len(given), said={}, repeated=len(found) - len(rows))


def _identity(record: Record) -> tuple[str, str]:
    return record.url, record.claim_reviewed


def _row(number: int, found: Record | Unread) -> Row:
    if isinstance(found, Unread):
        return Row(number, found.raw.encode(errors="replace"), found.place, found.sentence)
    said = asdict(found)
    place = said.pop("place")
    return Row(number, json.dumps(said, ensure_ascii=False).encode(errors="replace"), place)


def read_row(raw: str, said: dict[str, str]) -> dict[str, Any]:
    """The fields of text.claimreviews.Record. Raises BadInput for what cannot join the library."""
    record = json.loads(raw)
    factchecks.checked(record)
    return record


def take(rows: Sequence[dict[str, Any]], *, by: User | None, act: UUID) -> list[factchecks.Taken]:
    one_at_a_time()
    return factchecks.take(rows, by=by, act=act)
