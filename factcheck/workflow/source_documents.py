"""Sources that come as a document: an address, a file, a text. Each is read whole and cut into passages.

An address is a source at once, unread; a job fetches its page (workflow/snapshots.py). When that fails, the job says
why and can be replayed, or a person pastes the words. What is in the library already is returned, `was_here`, and
nothing is changed.
"""

import hashlib
from typing import Any
from urllib.parse import urldefrag
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, InvalidTransition
from factcheck.models import AuditEntry, Job, Passage, Source, SourceCapture, User
from factcheck.permissions import require
from factcheck.text import documents, passages
from factcheck.text.documents import Document
from factcheck.text.plain import UnreadableText
from factcheck.workflow import jobs
from factcheck.workflow.sources import (
    add,
    add_passages,
    chain_of_source,
    details,
    find_or_add,
    fits_a_passage,
    one_at_a_time,
    outlet_named,
    whole_pages,
)
from factcheck.workflow.transitions import change
from factcheck.workflow.words import LONGEST_LINE, address, fitted

Pieces = list[tuple[str, str, tuple[str, ...]]]
"""(text, wording, headings it stands under)"""
MOST_PASSAGES = 2_000
"""Of one source, all read by one job: more than the longest text that is taken in makes."""


# --- what people do --------------------------------------------------------------------------------------------------


def add_address(*, by: User | None, url: str, kind: str, title: str = "", **said: str) -> Source:
    """The page, PDF, Word document or text at this address. What is said of it here (title, publisher, published,
    licence) goes before what it says of itself. Raises NotAllowed, BadInput."""
    if by is not None:
        require(by, "add a source")
    url = urldefrag(address("address", url, needed=True)).url
    row = details(title=title or untitled(url), kind=kind, seen=Source.Seen.UNREAD, url=url, **said)
    return _added(row, [], by=by)


def add_file(
    received: bytes, *, by: User | None, file: str, media_type: str = "", title: str = "", url: str = "", **said: str
) -> Source:
    """A file as text.documents reads it, in its original words. Raises NotAllowed; BadInput when it cannot be read."""
    if by is not None:
        require(by, "add a source")
    document, pieces = _read(received, file, media_type)
    reading = document.reading
    row = details(title=title or reading.title or file, url=url, **told_of(reading, said))
    capture = SourceCapture(
        file_name=fitted(file)[:255],
        media_type=document.media_type,
        sha256=hashlib.sha256(received).hexdigest(),
        raw=received,
    )
    return _added(row, pieces, by=by, capture=capture)


def add_text(text: str, *, by: User | None, wording: str, title: str, url: str = "", **said: str) -> Source:
    """Words that somebody typed or pasted. Raises NotAllowed, BadInput."""
    if by is not None:
        require(by, "add a source")
    row = details(title=title, url=url, **said)
    return _added(row, typed(text, wording), by=by)


def paste_words(source: Source, *, by: User, seen: int, text: str, wording: str) -> Source:
    """The words of a source that could not be fetched, from somebody who has read it. seen: its version.

    Raises NotAllowed, BadInput, Conflict; InvalidTransition when it has been read meanwhile.
    """
    require(by, "add a source", source)
    pieces = typed(text, wording)
    with change(source.confidential_with_id) as act:
        row = Source.objects.select_for_update(of=["self"]).get(pk=source.pk)
        if row.seen != Source.Seen.UNREAD:
            raise InvalidTransition("The words of this source are here already.")
        if row.version != seen:
            raise Conflict(f"Source {row.pk} was changed by somebody else in the meantime. Nothing was saved.")
        read_now(row)
        add_passages(row, pieces, queue="interactive")
        AuditEntry.record(row, "source.pasted", by=by, act=act, chain=chain_of_source(row), text=row.title)
        dead = Job.objects.filter(kind=Job.Kind.READ, target=row.pk, state=Job.State.DEAD).first()
        if dead is not None:
            jobs.settle(dead, by=by)
    source.refresh_from_db()
    return source


def untitled(url: str) -> str:
    """What stands for the title of a page until it is fetched."""
    return url[:LONGEST_LINE]


# --- what each way of adding does ------------------------------------------------------------------------------------


def typed(text: str, wording: str) -> Pieces:
    """A pasted text as passages. Raises BadInput."""
    if wording not in Passage.Wording.values:
        raise BadInput(f"There is no wording {wording!r}; a passage is original or a summary.")
    try:
        return cut(documents.typed(text), wording)
    except UnreadableText as error:
        raise BadInput(str(error)) from error


def cut(document: Document, wording: str = Passage.Wording.ORIGINAL) -> Pieces:
    """A document's passages. Raises UnreadableText when it is far too long."""
    reading = document.reading
    found = passages.split(reading.text, reading.blocks, reading.language or "en")
    if len(found) > MOST_PASSAGES:
        raise UnreadableText(
            f"The document makes {len(found):,} passages; the most of one source is {MOST_PASSAGES:,}."
        )
    return [(reading.text[each.start : each.end], wording, each.path) for each in found]


def enter(said: dict[str, str], pieces: Pieces, *, by: User | None, act: UUID, queue: str, told: bool = True) -> Source:
    """In the caller's act: the source of details(), with its passages, or to be fetched where there are none.

    The same address, or without one the same title and first words, is the same source. told: as find_or_add has it.
    """
    for text, wording, _ in pieces:
        fits_a_passage(text, wording)
    if pieces and said["seen"] == Source.Seen.UNREAD:
        raise BadInput("Its words are here: say how they were seen.")
    if said["url"]:
        source, is_new = find_or_add(said, by=by, act=act, told=told)
    else:
        source, is_new = _by_its_words(said, pieces, by=by, act=act, told=told)
    if not is_new and source.seen != Source.Seen.FOUND:
        source.was_here = True
        return source
    if not is_new:
        _take_up(source, said, by=by, act=act, told=told)
    if pieces:
        add_passages(source, pieces, queue=queue)
    else:
        _have_fetched(source, by=by, queue="fetch" if queue == "interactive" else queue)
    return source


def _have_fetched(source: Source, *, by: User | None, queue: str) -> None:
    """What a service had named may be being fetched already, or have failed to be."""
    alive = Job.objects.filter(kind=Job.Kind.READ, target=source.pk, state__in=jobs.LIVE).first()
    if alive is None:
        jobs.enqueue(Job.Kind.READ, source.pk, queue=queue)
    elif alive.state == Job.State.DEAD:
        jobs.revive(alive, by=by, seen_attempts=alive.attempts)


def _added(said: dict[str, str], pieces: Pieces, *, by: User | None, capture: SourceCapture | None = None) -> Source:
    with change() as act:
        source = enter(said, pieces, by=by, act=act, queue="interactive")
        if source.was_here:
            return source
        if capture is not None:
            capture.source = source
            capture.save(force_insert=True)
        AuditEntry.record(source, "source.added", by=by, act=act, text=source.title)
    return source


def _take_up(source: Source, said: dict[str, str], *, by: User | None, act: UUID, told: bool) -> None:
    """What a service had only named is put into the library by a person, who says what it is."""
    title = source.title if said["title"] == untitled(said["url"]) else said["title"]
    outlet = outlet_named(said["publisher"], by=by, act=act, told=told) or source.outlet
    Source.objects.filter(pk=source.pk).update(
        version=F("version") + 1,
        updated_at=Now(),
        title=title,
        outlet=outlet,
        kind=said["kind"],
        seen=said["seen"],
        published=said["published"] or source.published,
        licence=said["licence"],
        added_by=by,
    )
    source.refresh_from_db()


def _by_its_words(
    said: dict[str, str], pieces: Pieces, *, by: User | None, act: UUID, told: bool
) -> tuple[Source, bool]:
    """find_or_add(), for what has no address."""
    one_at_a_time()
    same = Source.objects.filter(
        whole_pages(by), url="", title=said["title"], passages__position=1, passages__text=pieces[0][0]
    )
    found = same.order_by("pk").first()
    return (found, False) if found else (add(said, by=by, act=act, told=told), True)


def _read(received: bytes, file: str, media_type: str) -> tuple[Document, Pieces]:
    try:
        document = documents.read(received, name=file, media_type=media_type)
        return document, cut(document)
    except UnreadableText as error:
        raise BadInput(str(error)) from error


def told_of(reading: documents.Reading, said: dict[str, Any]) -> dict[str, Any]:
    """What is said of a document, filled up with what it says of itself; what is only guessed is left out."""
    outlet = "" if reading.guessed("outlet") else fitted(reading.outlet)[:300]
    day = "" if reading.day is None or reading.guessed("published") else reading.day.isoformat()
    return {**said, "publisher": said.get("publisher") or outlet, "published": said.get("published") or day}


def read_now(source: Source, **written: Any) -> None:
    """The source's row, locked by the caller, is no longer one that nobody has read."""
    seen = Source.Seen.PAGE
    Source.objects.filter(pk=source.pk).update(version=F("version") + 1, updated_at=Now(), seen=seen, **written)
    source.refresh_from_db()
