"""Taking files of fact-checks in, in batches.

    begin ──► job ──► next_batch (no transaction) ──► store (one transaction): records taken or refused ──► next job

A batch is taken whole or not at all, with the numbers that say how far the import has come: stopped anywhere, by a lost
worker too, it goes on with the records that still wait, and none is taken twice.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Refused
from factcheck.models import AuditEntry, FactCheckImport, ImportedRecord, Job, User
from factcheck.permissions import require
from factcheck.text.claimreviews import SNIPPET, THE_FILE, Record, Unread, read
from factcheck.workflow import factchecks, jobs
from factcheck.workflow.factchecks import Taken
from factcheck.workflow.transitions import change, database_errors_as_ours
from factcheck.workflow.words import fitted

LARGEST_FEED = 300_000_000  # bytes; a feed of all fact-checks of the world has a third of it
BATCH = 200  # records in one transaction: under a second of work
AT_ONCE = 1_000  # rows in one INSERT
ONE_AT_A_TIME = 0x66616374  # the key of an advisory lock, "fact": two imports that met the same records would deadlock


def begin(data: bytes, *, by: User | None, name: str = "") -> FactCheckImport:
    """Read the file, keep its records and queue their import: one entry in the desk's trail for all of them. A file
    that is being imported already is that import, marked `was_under_way`; one that was imported before is looked
    through again. Of records that stand in the file several times the last counts.

    by: None for the operator. Raises NotAllowed; BadInput when nothing in the file is a fact-check.
    """
    if by is not None:
        require(by, "import fact-checks")
    if not data.strip():
        raise BadInput("The file is empty.")
    if len(data) > LARGEST_FEED:
        raise BadInput(f"The file has {len(data):,} bytes; the most that can be taken in is {LARGEST_FEED:,}.")
    found = list(read(data))
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
    sha256 = hashlib.sha256(data).hexdigest()
    with change() as act:
        with connection.cursor() as cursor:  # the same file, sent twice at once, is one import
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"fact-checks {sha256}"])
        earlier = FactCheckImport.objects.filter(sha256=sha256, finished_at=None).first()
        if earlier is not None:
            earlier.was_under_way = True
            return earlier
        started = FactCheckImport.objects.create(
            file_name=fitted(name)[:255],
            size=len(data),
            sha256=sha256,
            imported_by=by,
            total=len(found),
            repeated=len(found) - len(rows),
        )
        for row in rows:
            row.of = started
        ImportedRecord.objects.bulk_create(rows, batch_size=AT_ONCE)
        changed = {"file": [None, started.file_name], "sha256": [None, sha256], "records": [None, started.total]}
        AuditEntry.record(
            started, "factcheckimport.begun", by=by, act=act, text=json.dumps(changed, ensure_ascii=False)
        )
        jobs.enqueue(Job.Kind.FACT_CHECKS, started.pk, queue="bulk")
    return started


def _identity(record: Record) -> tuple[str, str]:
    return record.url, record.claim_reviewed


def _row(number: int, found: Record | Unread) -> ImportedRecord:
    if isinstance(found, Unread):
        return ImportedRecord(number=number, place=found.place, raw=found.raw, sentence=found.sentence)
    said = asdict(found)
    return ImportedRecord(number=number, place=said.pop("place"), record=said)


def next_batch(job: Job) -> list[ImportedRecord]:
    return list(ImportedRecord.objects.filter(of=job.target, sentence="").order_by("number")[:BATCH])


def store(job: Job, batch: Sequence[ImportedRecord]) -> None:
    """Take the batch, and queue the next. When one of its records cannot be stored they are taken one by one, and those
    that cannot be are refused with the reason: one bad record holds up no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    started = FactCheckImport.objects.select_related("imported_by").get(pk=job.target)
    try:
        taken = _take(batch, started)
    except (BadInput, Refused):
        taken = Taken()
        for row in batch:
            try:
                taken += _take([row], started)
            except (BadInput, Refused) as error:
                of_row = ImportedRecord.objects.filter(pk=row.pk)
                of_row.update(sentence=str(error), raw=row.record["raw"][:SNIPPET], record={})
    waits = ImportedRecord.objects.filter(of=started, sentence="").exists()
    written: dict[str, Any] = {name: F(name) + getattr(taken, name) for name in ("added", "changed", "same")}
    if not waits:
        written["finished_at"] = Now()
    FactCheckImport.objects.filter(pk=started.pk).update(updated_at=Now(), **written)
    if waits:
        jobs.enqueue(Job.Kind.FACT_CHECKS, started.pk, queue="bulk")


def _take(batch: Sequence[ImportedRecord], started: FactCheckImport) -> Taken:
    """All of them or none. Raises BadInput, Refused; Conflict, after which the job is tried again later."""
    for row in batch:
        factchecks.checked(row.record)
    begun = AuditEntry.objects.get(subject="factcheckimport", subject_id=started.pk, verb="factcheckimport.begun")
    with database_errors_as_ours(), transaction.atomic():
        taken = factchecks.take([row.record for row in batch], by=started.imported_by, act=begun.act)
        ImportedRecord.objects.filter(pk__in=[row.pk for row in batch]).delete()
    return taken
