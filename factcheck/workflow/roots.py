"""Roots: once a day one hash over the heads of all chains, published outside the database.

Whoever holds a root can tell later whether any entry that existed then was rewritten or cut off, which the chains alone
cannot show. Two files for each day, in settings.AUDIT_ROOTS_DIR:

    2026-11-24.json          public: date, made_at, previous, chains, entries, root
    2026-11-24.heads.jsonl   the operator's: ["chain", number, "hash"] of each head, by chain. Public, it would tell how
                             much is going on about an article that few may know of.

root = sha256 over the netstrings (factcheck/models/audit.py) of previous, date, made_at, chains, entries and then, in
the order of the heads, each one's leaf: sha256 over the netstrings of chain, number and hash. `previous` is the root
before, 64 zeros for the first: the roots are a chain too.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Collate

from factcheck.exceptions import BadInput
from factcheck.models import GENESIS, AuditHead, netstring

Head = tuple[str, int, str]  # chain, number and hash of an entry
HEADS = ".heads.jsonl"
BATCH = 1_000  # heads that are looked up by one query
ONE_AT_A_TIME = 0x726F6F74  # the key of an advisory lock, "root": two processes must not write one day's files at once


@dataclass(frozen=True)
class Root:
    """What the public file says, by the same names."""

    date: str
    made_at: str
    previous: str
    chains: int
    entries: int
    root: str

    def computed(self, heads: Iterable[Head]) -> str:
        """The root that these heads should have under this date, time and predecessor."""
        payload = hashlib.sha256()
        for part in (self.previous, self.date, self.made_at, self.chains, self.entries):
            payload.update(netstring(part))
        for head in heads:
            payload.update(netstring(hashlib.sha256(b"".join(netstring(part) for part in head)).hexdigest()))
        return payload.hexdigest()


def folder() -> Path:
    return Path(settings.AUDIT_ROOTS_DIR)


def days() -> list[date]:
    """The days that have a root, newest first."""
    found = []
    if folder().is_dir():
        for file in folder().glob("????-??-??.json"):
            with suppress(ValueError):
                found.append(date.fromisoformat(file.stem))
    return sorted(found, reverse=True)


def file_of(day: date) -> Path:
    return folder() / f"{day.isoformat()}.json"


def read(file: Path) -> Root:
    """Raises BadInput when the file is not there or is no root."""
    try:
        said = json.loads(file.read_text())
        root = Root(**said)
        if any(type(value) is not Root.__annotations__[name] for name, value in said.items()):
            raise ValueError("a value of another type")
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{file.name} cannot be read as a root: {error}") from error
    return root


# --- publishing ----------------------------------------------------------------------------------------------------


def publish_root(day: date | None = None) -> Root | None:
    """Write the day's two files (default: today in UTC) and return the root. Harmless twice; heads are of one moment.

    None when that day, or a later one, has its root. Raises BadInput when the folder cannot be written or the root
    before cannot be read: to begin a new chain of roots would hide what happened to the old one.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0].astimezone(UTC)
        day = day or now.date()
        known = days()
        if known and known[0] >= day:
            return None
        previous = read(file_of(known[0])).root if known else GENESIS
        try:
            folder().mkdir(mode=0o755, parents=True, exist_ok=True)
            heads = file_of(day).with_suffix(HEADS)
            chains, entries = _write(heads, _lines_of_heads(), 0o600)
            root = Root(day.isoformat(), now.isoformat(timespec="seconds"), previous, chains, entries, "")
            root = Root(**{**asdict(root), "root": root.computed(_heads(heads))})
            _write(file_of(day), [(json.dumps(asdict(root), indent=1) + "\n", 0)], 0o644)
        except OSError as error:
            raise BadInput(f"The root of {day} cannot be written to {folder()}: {error.strerror or error}.") from error
    return root


def _lines_of_heads() -> Iterator[tuple[str, int]]:
    """(line, number of entries) of each chain, by its name's bytes: the order must not depend on the server's language.

    One statement, and so one moment.
    """
    heads = AuditHead.objects.filter(seq__gt=0).order_by(Collate("chain", "C"))
    for head in heads.values_list("chain", "seq", "hash").iterator(BATCH):
        yield json.dumps(head) + "\n", head[1]


def _write(file: Path, lines: Iterable[tuple[str, int]], mode: int) -> tuple[int, int]:
    """In one step, so that a reader meets the whole file or none. Returns how many lines, and their numbers' sum."""
    handle, name = tempfile.mkstemp(prefix=".root-", dir=file.parent)
    count = total = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            for line, number in lines:
                out.write(line)
                count, total = count + 1, total + number
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count, total


# --- comparing -----------------------------------------------------------------------------------------------------


def problems_of_roots(tell: Callable[[int], object] = lambda roots: None) -> Iterator[tuple[str, str]]:
    """(chain, sentence) of what does not fit: a root its file, the root before it, or the trail the roots. Chain "" for
    what is wrong with the files themselves.

    Every root is compared. What a root has from the one before it was compared with that one, so that each head costs
    one look-up in its life. tell: is called with the roots compared so far.
    """
    before: Root | None = None
    heads_before: Path | None = None
    for number, day in enumerate(reversed(days()), start=1):
        heads = file_of(day).with_suffix(HEADS)
        fault = None
        try:
            root = read(file_of(day))
        except BadInput as error:
            yield "", f"Root {day}: {error}."
            continue
        if root.previous != (before.root if before else GENESIS):
            follows = f"the one before it, {before.date}" if before else "64 zeros, as the first one would"
            yield "", f"Root {day} does not follow {follows}: a file was changed, or one is missing."
        before = root
        try:
            if root.date != day.isoformat() or root.root != root.computed(_heads(heads)):
                fault = f"Root {day} is not the root of its heads: one of the two files was changed."
        except FileNotFoundError:
            fault = f"Root {day}: the file of its heads is missing."
        except (OSError, ValueError, TypeError) as error:
            fault = f"Root {day}: the file of its heads cannot be read: {error}."
        if fault:
            yield "", fault
            heads_before = None
            continue
        yield from _problems_of_heads(day, _new(_heads(heads), _heads(heads_before) if heads_before else iter(())))
        heads_before = heads
        tell(number)


def problems_of_copies(path: Path) -> Iterator[str]:
    """A sentence for each of the desk's roots that is not as in a kept copy: one file, or a folder of them.

    Raises BadInput when there is no root to compare with.
    """
    files = sorted(path.glob("????-??-??.json")) if path.is_dir() else [path]
    if not files:
        raise BadInput(f"There is no root in {path}.")
    for file in files:
        kept = read(file)
        try:
            ours = read(file_of(date.fromisoformat(kept.date)))
        except BadInput:
            yield f"Root {kept.date}: the desk has none that can be read, and a copy of it was kept."
            continue
        except ValueError as error:
            raise BadInput(f"{file.name} cannot be read as a root: {error}.") from error
        if ours != kept:
            yield f"Root {kept.date} of the desk is not the one of which a copy was kept: it was replaced."


def _heads(file: Path) -> Iterator[Head]:
    """Raises ValueError for a line that is no head."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            chain, seq, sha256 = json.loads(line)
            yield chain, seq, sha256


def _new(heads: Iterator[Head], before: Iterator[Head]) -> Iterator[Head]:
    """Those of `heads` that are not among `before`. Both by chain."""
    other = next(before, None)
    for head in heads:
        while other is not None and other[0] < head[0]:
            other = next(before, None)
        if head != other:
            yield head


STANDING = """
SELECT wanted.chain, wanted.seq, wanted.hash, entry.hash, EXISTS (
    SELECT FROM factcheck_auditentry any_entry WHERE any_entry.chain = wanted.chain
)
FROM unnest(%s::text[], %s::bigint[], %s::text[]) WITH ORDINALITY AS wanted (chain, seq, hash, place)
LEFT JOIN factcheck_auditentry entry ON entry.chain = wanted.chain AND entry.seq = wanted.seq
WHERE entry.hash IS DISTINCT FROM wanted.hash
ORDER BY wanted.place
"""


def _problems_of_heads(day: date, heads: Iterator[Head]) -> Iterator[tuple[str, str]]:
    """Each entry that was the last of its chain on that day must still stand in its place. One query for each BATCH."""
    while batch := list(islice(heads, BATCH)):
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [list(column) for column in zip(*batch, strict=True)])
            differing = cursor.fetchall()
        for chain, seq, _wanted, found, lives in differing:
            if not lives:
                yield chain, f"Chain {chain}, of which the root of {day} holds {seq} entries, is gone."
            elif found is None:
                yield chain, f"Chain {chain}, entry {seq}, which the root of {day} holds, is missing."
            else:
                yield (
                    chain,
                    f"Chain {chain}, entry {seq} is not the one that the root of {day} holds: it was rewritten.",
                )
