"""Lists of sources, and how one row of them is taken in (workflow/imports.py does the rest)."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from factcheck.exceptions import BadInput
from factcheck.models import ImportRow, Passage, Source, User
from factcheck.workflow import lists
from factcheck.workflow.lists import Row, Sent
from factcheck.workflow.source_documents import MOST_PASSAGES, Pieces, enter, typed, untitled
from factcheck.workflow.sources import details
from factcheck.workflow.words import address

VERB = "add a source"
MOST_ROWS = 100_000
COLUMN = "title"
"""The one that a table of sources must have."""
DETAILS = ("title", "url", "publisher", "kind", "seen", "published", "licence")
SEEN = (Source.Seen.PAGE, Source.Seen.MIRROR, Source.Seen.CITED, Source.Seen.MEMORY)
"""What can be said of a source whose words are here."""
EVERY_ROW = ("kind", "seen", "publisher", "licence")
"""What may be said of all rows at once."""


def sent(given: Iterable[Row], **said: str) -> Sent:
    """The rows of a list. said: EVERY_ROW, for rows that say nothing else. Raises BadInput."""
    rows = list(given)
    if not rows:
        raise BadInput("The list has no rows.")
    if len(rows) > MOST_ROWS:
        raise BadInput(f"The list has {len(rows):,} rows; the most of one list is {MOST_ROWS:,}.")
    said = _of_every_row(said)
    submission = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for row in rows:
        submission.update(b"\n" + row.raw)
    return Sent(submission.hexdigest(), rows, size=sum(len(row.raw) for row in rows), said=said)


def _of_every_row(said: dict[str, str]) -> dict[str, str]:
    """Raises BadInput for what no row could stand with."""
    kept = {name: value for name in EVERY_ROW if (value := said.get(name, ""))}
    details(**{"title": "x", "kind": Source.Kind.PRIMARY, "seen": Source.Seen.PAGE, **kept})
    return kept


def read_row(raw: str, said: dict[str, str]) -> tuple[dict[str, str], Pieces]:
    """What sources.details gives, and the passages: none for an address alone. Raises BadInput."""
    row = lists.record(raw)
    known = {name: row.get(name) or said.get(name, "") for name in DETAILS}
    known["text"], known["wording"] = row.get("text") or "", row.get("wording") or Passage.Wording.ORIGINAL
    if wrong := [name for name, value in known.items() if not isinstance(value, str)]:
        raise BadInput(f"The field {wrong[0]} must be a text.")
    text, wording = known.pop("text"), known.pop("wording")
    pieces = _pieces(row.get("passages"), text, wording)
    if not pieces:
        known["url"] = address("url", known["url"])
        if not known["url"]:
            raise BadInput("It has no text, no passages and no url.")
        known |= {"seen": Source.Seen.UNREAD, "title": known["title"] or untitled(known["url"])}
    for name in ("kind", "seen"):
        if not known[name]:
            raise BadInput(f"It does not say its {name}, and nothing is said of all rows.")
    return details(**known), pieces


def _pieces(told: Any, text: str, wording: str) -> Pieces:
    """passages: a list of texts, or of objects with a text and a wording; each is cut where it is too long to be read
    whole."""
    if told and text:
        raise BadInput("It has a text and passages; one of them is what the source says.")
    if not told:
        return typed(text, wording) if text.strip() else []
    if not isinstance(told, list):
        raise BadInput("The field passages must be a list.")
    pieces: Pieces = []
    for each in told:
        one = each if isinstance(each, dict) else {"text": each}
        words, how = one.get("text"), one.get("wording") or wording
        if not isinstance(words, str) or not isinstance(how, str):
            raise BadInput("Each of the passages is a text, or an object with a text and a wording.")
        pieces += typed(words, how)
        if len(pieces) > MOST_PASSAGES:
            raise BadInput(f"Its passages make more than {MOST_PASSAGES:,}, the most of one source.")
    return pieces


def take(
    rows: Sequence[tuple[dict[str, str], Pieces]], *, by: User | None, act: UUID
) -> list[tuple[ImportRow.State, int]]:
    taken = []
    for said, pieces in rows:
        source = enter(said, pieces, by=by, act=act, queue="bulk", told=False)
        taken.append((ImportRow.State.KNOWN if source.was_here else ImportRow.State.ADDED, source.pk))
    return taken
