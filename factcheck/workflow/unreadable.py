"""Keeping what could not be read, and settling what becomes of it. Trying again: workflow/submissions.py."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, Sum
from django.db.models.functions import Now

from factcheck.exceptions import Conflict, InvalidTransition
from factcheck.models import DESK_CHAIN, Article, AuditEntry, Unreadable, User
from factcheck.permissions import require
from factcheck.text.documents import LARGEST
from factcheck.workflow.confidence import who_sees
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import LONGEST_LINE, fitted, words

ROOM = 100_000_000
"""Bytes that are kept for one person while they wait: seven of the largest files. Whoever settles them has room again;
beyond it a row is kept without its bytes, and says so."""


def keep(
    raw: bytes,
    *,
    by: User | None,
    sentence: str,
    file: str = "",
    media_type: str = "",
    line: int | None = None,
    article: Article | None = None,
    said: dict[str, Any] | None = None,
    confidential: bool = False,
    readers: Iterable[User] = (),
) -> Unreadable:
    """Note what came, and why it could not be read. by: whose it is, None for the operator. article: the one whose
    page it is. The same bytes that wait already are one row, with the newest sentence. Raises Refused.
    """
    sha256, name = hashlib.sha256(raw).hexdigest(), fitted(file)[:255]
    sentence = fitted(sentence, longest=2 * LONGEST_LINE)
    with change(article.pk if article else None) as act:
        with connection.cursor() as cursor:  # of one person's several at once the others wait: for the room, the twin
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"unreadable {by and by.pk}"])
        mine = Unreadable.objects.waiting().filter(sent_by=by)
        twin = mine.filter(sha256=sha256, file_name=name, line=line, article=article, confidential=confidential)
        if (row := twin.first()) is not None:
            twin.filter(pk=row.pk).update(sentence=sentence, updated_at=Now())
            row.readers.add(*(who_sees(readers, by) if confidential else ()))
            row.refresh_from_db()
            return row
        taken = mine.exclude(raw=b"").aggregate(bytes=Sum("size"))["bytes"] or 0
        fits = len(raw) <= LARGEST and taken + len(raw) <= ROOM
        row = Unreadable.objects.create(
            sent_by=by,
            article=article,
            file_name=name,
            line=line,
            media_type=fitted(media_type)[:255],
            size=len(raw),
            sha256=sha256,
            raw=raw if fits else b"",
            said=said or {},
            confidential=confidential,
            sentence=sentence,
        )
        if confidential:
            row.readers.set(who_sees(readers, by))
        AuditEntry.record(
            row,
            "unreadable.fetched" if article else "unreadable.kept",
            by=None if article else by,  # a page is looked at when nobody is there, and its article is somebody's still
            act=act,
            chain=_chain(row),
            new=sha256,
        )
    return row


def still(row: Unreadable, *, seen: int, sentence: str) -> None:
    """It was tried again, and this is the newest reason. Raises Conflict."""
    waiting = Unreadable.objects.waiting().filter(pk=row.pk, version=seen)
    if not waiting.update(sentence=fitted(sentence, longest=2 * LONGEST_LINE), updated_at=Now()):
        raise Conflict("Somebody else has settled this in the meantime.")


def set_aside(row: Unreadable, *, by: User, seen: int, reason: str) -> Unreadable:
    """Nothing will come of it: the bytes are let go, everything else stays. Raises NotAllowed, Conflict, BadInput."""
    require(by, "settle what could not be read", row)
    return settle(row, Unreadable.State.SET_ASIDE, by=by, seen=seen, reason=words("reason", reason, needed=True))


def settle(row: Unreadable, to: str, *, by: User | None, seen: int, reason: str = "", **written: Any) -> Unreadable:
    """Write what became of it, for good. Raises InvalidTransition when that is settled already, Conflict."""
    if row.state != Unreadable.State.WAITING:
        raise InvalidTransition("What became of it is settled already.")
    with change(row.article_id) as act:
        waiting = Unreadable.objects.waiting().filter(pk=row.pk, version=seen)
        if not waiting.update(
            state=to, raw=b"", settled_by=by, reason=reason, version=F("version") + 1, updated_at=Now(), **written
        ):
            raise Conflict("Somebody else has settled this in the meantime. Nothing was saved.")
        row.refresh_from_db()
        # The desk's chain is read by people whom a confidential file does not name: a reason may speak of it.
        text = "" if row.confidential and row.article_id is None else reason
        AuditEntry.record(
            row,
            "unreadable.taken" if to == Unreadable.State.TAKEN else "unreadable.set_aside",
            by=by,
            act=act,
            chain=_chain(row),
            old="waiting",
            new=to,
            text=text,
        )
    return row


def _chain(row: Unreadable) -> str:
    return chain_of(row.article_id) if row.article_id else DESK_CHAIN
