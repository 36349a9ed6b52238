"""Fetching the page of a source that nobody has read, so that words of it can be relied on as they stood there.

    a person asks ──► get (through the safe door) ──► store: snapshot with its hash, passages in the library, seen

A page that cannot be fetched leaves a failed job and its reason; a person may paste the words then, and the evidence
says so. Neither says anything about the claim.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.db.models import F
from django.db.models.functions import Left, Now

from factcheck.exceptions import BadInput, Conflict
from factcheck.fetching import HTML, fetch
from factcheck.models import AuditEntry, Job, Passage, Snapshot, Source, Suggestion, User
from factcheck.permissions import require
from factcheck.text import anchors, documents, passages
from factcheck.text.extraction import Reading
from factcheck.workflow import jobs
from factcheck.workflow.fetches import READ
from factcheck.workflow.sources import add_passages, chain_of_source
from factcheck.workflow.transitions import change

MOST = 400  # passages of one page
SHOWN = 30_000  # characters of a page's text that stand beside a suggestion


def fetch_page(suggestion: Suggestion, *, by: User, seen: int) -> Job:
    """A person wants the suggested page fetched, to rely on its words; one that failed before is tried again.

    seen: the suggestion's version. Raises NotAllowed, Conflict, and BadInput when there is nothing to fetch or it is
    under way.
    """
    require(by, "decide a suggestion", suggestion)
    if suggestion.version != seen:
        raise Conflict("Somebody else decided about this suggestion in the meantime. Nothing was done.")
    source = suggestion.passage.source
    if not source.url:
        raise BadInput("This source has no address.")
    kept_with = source.confidential_with
    with change(kept_with.pk if kept_with else None) as act:
        source = Source.objects.select_for_update(no_key=True, of=["self"]).get(pk=source.pk)
        alive = Job.objects.filter(kind=Job.Kind.SNAPSHOT, target=source.pk).exclude(state=Job.State.DONE).first()
        if alive and alive.state != Job.State.DEAD:
            raise BadInput("This page is being fetched already.")
        AuditEntry.record(source, "source.asked_for", by=by, act=act, chain=chain_of_source(source), text=source.url)
        if alive:
            return jobs.revive(alive, by=by, seen_attempts=alive.attempts)
        return jobs.enqueue(Job.Kind.SNAPSHOT, source.pk, queue="fetch", article=kept_with)


@dataclass(frozen=True, slots=True)
class Page:
    reading: Reading
    final_url: str


def get(job: Job) -> Page:
    """Raises FetchError, or UnreadableText when there is no text in it."""
    fetched = fetch(Source.objects.get(pk=job.target).url, accept=READ)
    document = documents.read(
        fetched.body,
        media_type=documents.HTML if fetched.media_type in HTML else fetched.media_type,
        url=fetched.final_url,
        charset=fetched.charset or None,
    )
    return Page(document.reading, fetched.final_url)


def store(job: Job, page: Page) -> None:
    """Keep the text as a snapshot. A source that nobody had read is read now: its page joins the library."""
    source = Source.objects.select_for_update(no_key=True, of=["self"]).get(pk=job.target)
    text = page.reading.text
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    Snapshot.objects.create(source=source, text=text, sha256=sha256, origin=Snapshot.Origin.FETCHED)
    AuditEntry.record(
        source, "source.fetched", by=None, act=uuid4(), chain=chain_of_source(source), new=sha256, text=page.final_url
    )
    if source.seen not in Source.NOT_READ:
        return
    Source.objects.filter(pk=source.pk).update(seen=Source.Seen.PAGE, version=F("version") + 1, updated_at=Now())
    reading = page.reading
    found = passages.split(reading.text, reading.blocks, reading.language or "en")[:MOST]
    pieces = [(reading.text[each.start : each.end], Passage.Wording.ORIGINAL, each.path) for each in found]
    add_passages(source, pieces, queue="interactive")


def newest(source: Source) -> Snapshot | None:
    """The last text of it that was fetched."""
    return Snapshot.objects.filter(source=source, origin=Snapshot.Origin.FETCHED).order_by("-pk").first()


def standing_in(snapshot: Snapshot, exact: str) -> str | None:
    """The words as they stand in the snapshot, where a browser or a hand has changed nothing but white space in them;
    None when they do not stand there."""
    found = anchors.places(snapshot.text, exact)
    return snapshot.text[slice(*found[0])] if found else None


@dataclass(frozen=True, slots=True)
class State:
    """Whether a source's page is there to be quoted. none: nobody asked; pending, failed: its job says so; fetched: see
    snapshot, of which `beginning` is the text up to SHOWN characters."""

    state: str
    job: Job | None = None
    snapshot: Snapshot | None = None


STATES = ("none", "pending", "failed", "fetched")


def states(sources: Iterable[int]) -> dict[int, State]:
    """source id -> its state, of the last that happened. Two queries."""
    keys = set(sources)
    fetched = Snapshot.objects.filter(source__in=keys, origin=Snapshot.Origin.FETCHED).order_by("pk")
    snapshots = {each.source_id: each for each in fetched.defer("text").annotate(beginning=Left("text", SHOWN))}
    newest = {job.target: job for job in Job.objects.filter(kind=Job.Kind.SNAPSHOT, target__in=keys).order_by("pk")}
    found = {}
    for key in keys:
        job, snapshot = newest.get(key), snapshots.get(key)
        if job is not None and job.state != Job.State.DONE:
            state = "failed" if job.state == Job.State.DEAD else "pending"
        else:
            state = "fetched" if snapshot else "none"
        found[key] = State(state, job, snapshot)
    return found
