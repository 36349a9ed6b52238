"""Many at once: a list of sources or a file of fact-checks, kept row by row, then taken in by one job after the other.

    begin ──► job ──► read (no transaction) ──► store (one transaction): rows taken or refused ──► next job

Each part is one transaction with the job that did it: a worker that is killed half-way leaves what it began undone, and
the next one goes on from there. Whatever is wrong with a row is kept with it. What a row is, its reader alone knows.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Refused
from factcheck.models import AuditEntry, Import, ImportRow, Job, User, is_partner, text_hash
from factcheck.permissions import require
from factcheck.workflow import factcheck_rows, jobs, source_rows
from factcheck.workflow.lists import Sent
from factcheck.workflow.transitions import change
from factcheck.workflow.words import fitted

AT_ONCE = 100
"""Rows that one job takes: a second or two, after which the progress shows."""
LONGEST_AT_ONCE = 1_000_000
"""Characters after which a job takes no further row: nobody else can add to the library while it writes."""
IN_ONE_INSERT = 1_000


class Reader(Protocol):
    """What there is to know of one kind of import."""

    VERB: str
    """The permission to send one in."""

    def sent(self, given: Any, **said: str) -> Sent:
        """What came, parted into rows. said: of all of them. Raises BadInput when nothing of it can be taken."""

    def read_row(self, raw: str, said: dict[str, str]) -> Any:
        """One row, fit to be taken. Raises BadInput."""

    def take(self, rows: Sequence[Any], *, by: User | None, act: UUID) -> Sequence[tuple[ImportRow.State, int]]:
        """All of them or none, in the caller's transaction: of each what became of it, and its source's key. Raises
        BadInput, Refused; Conflict, after which the job is tried again."""


READERS: dict[str, Reader] = {Import.Kind.SOURCES: source_rows, Import.Kind.FACT_CHECKS: factcheck_rows}


def begin(kind: Import.Kind, given: Any, /, *, by: User | None, name: str = "", **said: str) -> Import:
    """Keep what was sent in, and queue its taking in: one entry in the desk's trail for all of it.

    What is being taken in already is that import, `was_here`, and goes on by itself; what was taken in before is looked
    through again. given, said: as the kind's reader has them. by: None for the operator. Raises NotAllowed, BadInput.
    """
    reader = READERS[kind]
    if by is not None:
        require(by, reader.VERB)
    sent = reader.sent(given, **said)
    # A partner is not told that somebody else is sending the same in.
    submission = text_hash(str(by.pk), sent.submission) if by and is_partner(by) else sent.submission
    with change() as act:
        made, is_new = Import.objects.get_or_create(
            kind=kind,
            submission=submission,
            finished_at=None,
            defaults={
                "name": fitted(name)[:255],
                "size": sent.size,
                "said": sent.said,
                "without_row": {"repeated": sent.repeated} if sent.repeated else {},
                "sent_by": by,
                "act": act,
            },
        )
        made.was_here = not is_new
        if is_new:
            ImportRow.objects.bulk_create(_kept(made, sent), batch_size=IN_ONE_INSERT)
            changed = {"name": [None, made.name], "rows": [None, len(sent.rows) + sent.repeated]}
            AuditEntry.record(
                made,
                "import.begun",
                by=by,
                act=act,
                new=made.submission,
                text=json.dumps(changed, ensure_ascii=False),
            )
            jobs.enqueue(Job.Kind.IMPORT, made.pk, queue="bulk")
    return made


def _kept(made: Import, sent: Sent) -> Iterable[ImportRow]:
    """The rows as text; a NUL, which no database keeps, as JSON writes it: then it is refused by its row."""
    state = ImportRow.State
    for row in sent.rows:
        raw = row.raw.decode(errors="replace").replace("\0", "\\u0000")
        became = state.REFUSED if row.sentence else state.WAITING
        yield ImportRow(of=made, line=row.line, place=row.place, raw=raw, state=became, sentence=row.sentence)


class Found(NamedTuple):
    """A row of the list, read; or the sentence that says why it cannot be taken."""

    row: ImportRow
    what: Any
    sentence: str = ""


def read(job: Job) -> list[Found]:
    """The next rows, read."""
    made = Import.objects.get(pk=job.target)
    reader, length = READERS[made.kind], 0
    found: list[Found] = []
    for row in ImportRow.objects.filter(of=made, state=ImportRow.State.WAITING).order_by("line")[:AT_ONCE]:
        if found and (length := length + len(row.raw)) > LONGEST_AT_ONCE:
            break
        try:
            found.append(Found(row, reader.read_row(row.raw, made.said)))
        except BadInput as error:
            found.append(Found(row, None, str(error)))
    return found


def store(job: Job, found: Sequence[Found]) -> None:
    """Take them in together, and go on with the next ones. When one of them cannot be stored they are taken one by one,
    and what cannot be is refused with the reason: a row that the database refuses keeps no other out."""
    made = Import.objects.select_related("sent_by").get(pk=job.target)
    fit = [each for each in found if not each.sentence]
    try:
        _take(fit, made)
    except (BadInput, Refused):
        for each in fit:
            try:
                _take([each], made)
            except (BadInput, Refused) as error:
                each.row.state, each.row.sentence = ImportRow.State.REFUSED, str(error)
    for each in found:
        if each.sentence:
            each.row.state, each.row.sentence = ImportRow.State.REFUSED, each.sentence
        elif each.row.source_id:
            each.row.raw = ""
    ImportRow.objects.bulk_update([each.row for each in found], ["state", "source", "raw", "sentence"])
    if made.rows.filter(state=ImportRow.State.WAITING).exists():
        jobs.enqueue(Job.Kind.IMPORT, made.pk, queue=job.queue)
    else:
        Import.objects.filter(pk=made.pk).update(finished_at=Now())


def _take(some: Sequence[Found], made: Import) -> None:
    with change():
        taken = READERS[made.kind].take([each.what for each in some], by=made.sent_by, act=made.act)
    for each, (state, source) in zip(some, taken, strict=True):
        each.row.state, each.row.source_id = state, source
