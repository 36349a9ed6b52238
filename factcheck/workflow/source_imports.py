"""Lists of sources: kept row by row, then taken in by a job of so many rows after the other.

Each part is one transaction with the job that did it: a worker that is killed half-way leaves what it began undone,
and the next one goes on from there. Whatever is wrong with a row is kept with it. The trail has one entry for a list.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from factcheck.exceptions import BadInput, Refused
from factcheck.models import AuditEntry, ImportRow, Job, Passage, Source, SourceImport, User
from factcheck.permissions import require
from factcheck.workflow import jobs, lists
from factcheck.workflow.lists import Row
from factcheck.workflow.source_documents import MOST_PASSAGES, Pieces, enter, typed, untitled
from factcheck.workflow.sources import details
from factcheck.workflow.transitions import change
from factcheck.workflow.words import address, fitted

AT_ONCE = 100
"""Rows that one job takes: a second or two, after which the progress shows."""
MOST_ROWS = 100_000
COLUMN = "title"
"""The one that a table of sources must have."""
DETAILS = ("title", "url", "publisher", "kind", "seen", "published", "licence")
SEEN = (Source.Seen.PAGE, Source.Seen.MIRROR, Source.Seen.CITED, Source.Seen.MEMORY)
"""What can be said of a source whose words are here."""
EVERY_ROW = ("kind", "seen", "publisher", "licence")
"""What may be said of all rows at once."""


def begin(rows: Iterable[Row], *, by: User | None, name: str, **said: str) -> SourceImport:
    """Keep a list, and queue its taking in. said: EVERY_ROW, for rows that say nothing else.

    The same list from the same person is returned, `was_here`, and goes on by itself. Raises NotAllowed, BadInput.
    """
    if by is not None:
        require(by, "add a source")
    rows = list(rows)
    if not rows:
        raise BadInput("The list has no rows.")
    if len(rows) > MOST_ROWS:
        raise BadInput(f"The list has {len(rows):,} rows; the most of one list is {MOST_ROWS:,}.")
    said = _of_every_row(said)
    submission = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for row in rows:
        submission.update(b"\n" + row.raw)
    with change() as act:
        made, is_new = SourceImport.objects.get_or_create(
            sent_by=by,
            submission=submission.hexdigest(),
            defaults={"name": fitted(name)[:255], "said": said},
        )
        made.was_here = not is_new
        if is_new:
            ImportRow.objects.bulk_create(
                (ImportRow(of=made, line=row.line, raw=_kept(row.raw)) for row in rows), batch_size=1_000
            )
            text = f"{made.name}: {len(rows)}"
            AuditEntry.record(made, "sourceimport.begun", by=by, act=act, new=made.submission, text=text)
            jobs.enqueue(Job.Kind.IMPORT, made.pk, queue="bulk")
    return made


def _of_every_row(said: dict[str, str]) -> dict[str, str]:
    """Raises BadInput for what no row could stand with."""
    kept = {name: value for name in EVERY_ROW if (value := said.get(name, ""))}
    details(**{"title": "x", "kind": Source.Kind.PRIMARY, "seen": Source.Seen.PAGE, **kept})
    return kept


def _kept(raw: bytes) -> str:
    """As text; a NUL, which no database keeps, as JSON writes it: then it is refused by its line."""
    return raw.decode(errors="replace").replace("\0", "\\u0000")


# --- a row -----------------------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """What a row says, fit to be taken; or the sentence that says why it is not."""

    key: int
    said: dict[str, str]
    pieces: Pieces
    sentence: str = ""


def read_row(raw: str, every: dict[str, str]) -> tuple[dict[str, str], Pieces]:
    """What sources.details gives, and the passages: none for an address alone. Raises BadInput."""
    row = lists.record(raw)
    known = {name: row.get(name) or every.get(name, "") for name in DETAILS}
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


# --- the job ---------------------------------------------------------------------------------------------------------


def read(job: Job) -> list[Found]:
    """The next rows of the list, read."""
    every = SourceImport.objects.get(pk=job.target).said
    found = []
    for row in ImportRow.objects.filter(of=job.target, state=ImportRow.State.WAITING).order_by("line")[:AT_ONCE]:
        try:
            found.append(Found(row.pk, *read_row(row.raw, every)))
        except BadInput as error:
            found.append(Found(row.pk, {}, [], str(error)))
    return found


def store(job: Job, found: list[Found]) -> None:
    """Take them in, each for itself, and go on with the next ones."""
    made = SourceImport.objects.select_related("sent_by").get(pk=job.target)
    with change() as act:
        for row in found:
            ImportRow.objects.filter(pk=row.key).update(**_became(row, made, act))
    if made.rows.filter(state=ImportRow.State.WAITING).exists():
        jobs.enqueue(Job.Kind.IMPORT, made.pk, queue=job.queue)


def _became(row: Found, made: SourceImport, act: UUID) -> dict[str, Any]:
    sentence = row.sentence
    if not sentence:
        try:
            with change():  # a row that the database refuses keeps no other out
                source = enter(row.said, row.pieces, by=made.sent_by, act=act, queue="bulk", told=False)
        except (BadInput, Refused) as error:
            sentence = str(error)
        else:
            state = ImportRow.State.KNOWN if source.was_here else ImportRow.State.ADDED
            return {"state": state, "source": source, "raw": ""}
    return {"state": ImportRow.State.REFUSED, "sentence": sentence}
