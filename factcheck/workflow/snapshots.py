"""Fetching the page of a source: of one that was added by its address or in a list, at once; of one that a service
named, when a person wants to rely on its words; of any other, to quote it as it stands there now.

    get (through the safe door) ──► store: snapshot with its hash, the bytes; what nobody had read joins the library

A page that cannot be fetched leaves a failed job and its reason; a person may paste the words then, and that is said of
them. Neither says anything about the claim.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db.models.functions import Left

from factcheck.exceptions import BadInput, Conflict
from factcheck.fetching import fetch
from factcheck.models import AuditEntry, Job, Snapshot, Source, SourceCapture, Suggestion, User
from factcheck.permissions import require
from factcheck.text import anchors
from factcheck.workflow import fetches, jobs
from factcheck.workflow.source_documents import cut, read_now, told_of, untitled
from factcheck.workflow.sources import add_passages, chain_of_source, outlet_named
from factcheck.workflow.transitions import change
from factcheck.workflow.versions import Came
from factcheck.workflow.words import fitted

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
        alive = Job.objects.filter(kind=Job.Kind.READ, target=source.pk).exclude(state=Job.State.DONE).first()
        if alive and alive.state != Job.State.DEAD:
            raise BadInput("This page is being fetched already.")
        AuditEntry.record(source, "source.asked_for", by=by, act=act, chain=chain_of_source(source), text=source.url)
        if alive:
            return jobs.revive(alive, by=by, seen_attempts=alive.attempts)
        return jobs.enqueue(Job.Kind.READ, source.pk, queue="fetch", article=kept_with)


def get(job: Job) -> Came:
    """Ask the address and read what it gives. Raises FetchError, or UnreadableText when there are no words in it."""
    fetched = fetch(Source.objects.get(pk=job.target).url, accept=fetches.READ)
    return fetches.read(
        fetched.body,
        fetched.media_type,
        url=fetched.url,
        final_url=fetched.final_url,
        charset=fetched.charset,
        headers=fetched.headers,
    )


def store(job: Job, came: Came) -> None:
    """Keep the text as a snapshot, and the bytes. What nobody had read is read now: its page joins the library. When
    somebody has pasted the words meanwhile, theirs stay.
    """
    source = Source.objects.select_for_update(no_key=True, of=["self"]).select_related("outlet").get(pk=job.target)
    act, text = uuid4(), came.document.reading.text
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    Snapshot.objects.create(source=source, text=text, sha256=sha256, origin=Snapshot.Origin.FETCHED)
    SourceCapture.objects.create(
        source=source,
        url=came.url[:2000],
        final_url=came.final_url[:2000],
        file_name=fitted(came.file_name)[:255],
        media_type=came.document.media_type,
        sha256=hashlib.sha256(came.raw).hexdigest(),
        raw=came.raw,
    )
    AuditEntry.record(
        source, "source.fetched", by=None, act=act, chain=chain_of_source(source), new=sha256, text=came.final_url
    )
    if source.seen in Source.NOT_READ:
        _read(source, came, act=act, queue="interactive" if job.queue == "fetch" else job.queue)


def _read(source: Source, came: Came, *, act: UUID, queue: str) -> None:
    """The page's own words, and of what nobody has said of it what it says of itself."""
    own = told_of(came.document.reading, {"published": source.published})
    title = fitted(came.document.reading.title) if source.title == untitled(source.url) else ""
    outlet = source.outlet or (
        None if source.confidential_with_id else outlet_named(own["publisher"], by=None, act=act)
    )
    read_now(source, title=title or source.title, outlet=outlet, published=own["published"])
    add_passages(source, cut(came.document), queue=queue)


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
    newest = {job.target: job for job in Job.objects.filter(kind=Job.Kind.READ, target__in=keys).order_by("pk")}
    found = {}
    for key in keys:
        job, snapshot = newest.get(key), snapshots.get(key)
        if job is not None and job.state != Job.State.DONE:
            state = "failed" if job.state == Job.State.DEAD else "pending"
        else:
            state = "fetched" if snapshot else "none"
        found[key] = State(state, job, snapshot)
    return found
