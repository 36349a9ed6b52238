"""Feeds: what people decide about them, and the machine step that polls one.

    enqueue_due ──► job ──► ask (no transaction) ──► store (one transaction): entries met, articles taken, next poll

A poll that finds its feed broken or away has done its work: the failure is the feed's, counted there, and the next poll
waits longer. Only a poll that itself breaks off leaves a failed job.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Least, Now

from factcheck.exceptions import BadInput, Conflict, FetchError, Refused
from factcheck.fetching import FEED, HTML, fetch, obey_robots
from factcheck.fetching.urls import parse
from factcheck.models import Article, ArticleVersion, AuditEntry, Feed, FeedEntry, Job, Polling, User
from factcheck.permissions import require
from factcheck.text import feeds
from factcheck.text.plain import UnreadableText
from factcheck.workflow import jobs
from factcheck.workflow.articles import ingest
from factcheck.workflow.sources import outlet_named
from factcheck.workflow.transitions import change
from factcheck.workflow.words import address, one_line

# Many servers send a feed under the type of something else; text.feeds says what it is.
READ = (*FEED, *HTML, "text/plain", "application/octet-stream", "")
SLOWEST = timedelta(days=1)  # between polls of a feed that keeps failing, unless it is polled less often anyway
SOON = timedelta(minutes=15)  # until the next poll of a feed of which entries were left over
LONGEST_NAME = 300
MOST_DUE = 500  # feeds that are queued at one look
ONE_AT_A_TIME = 0x66656564  # the key of an advisory lock, "feed": two polls that met the same links would deadlock


# --- what people decide ----------------------------------------------------------------------------------------------


def add(*, by: User, url: str, name: str = "", outlet: str = "", every: int = Feed.Every.HOUR) -> Feed:
    """Look at this address from now on; the first poll is queued. outlet: its name, added when the desk does not know
    it; the feed's articles are the outlet's. every: minutes.

    Raises NotAllowed, BadInput, Refused (one_feed_per_address).
    """
    require(by, "look after feeds")
    try:
        url = parse(address("address", url, needed=True)).url
    except FetchError as error:
        raise BadInput(str(error)) from error
    name, outlet = _names(name, outlet)
    every = _interval(every)
    with change() as act:
        feed = Feed.objects.create(
            url=address("address", url),
            name=name,
            outlet=outlet_named(outlet, by=by, act=act),
            every=every,
            added_by=by,
        )
        Polling.objects.create(feed=feed, due_at=Now() + timedelta(minutes=every))
        changed = {"address": [None, url], "name": [None, name], "outlet": [None, outlet], "every": [None, every]}
        AuditEntry.record(feed, "feed.added", by=by, act=act, text=json.dumps(changed, ensure_ascii=False))
        jobs.enqueue(Job.Kind.POLL, feed.pk, queue="fetch")
    return feed


def edit(feed: Feed, *, by: User, seen: int, name: str, outlet: str, every: int) -> Feed:
    """Another interval counts from now, unless the next poll comes sooner. Raises NotAllowed, BadInput, Conflict."""
    require(by, "look after feeds", feed)
    name, outlet = _names(name, outlet)
    every = _interval(every)
    with change() as act:
        row = _seen(feed, seen)
        now = {"name": name, "outlet": outlet_named(outlet, by=by, act=act), "every": every}
        before = {field: getattr(row, field) for field in now}
        _write(row, **now)
        changed = {field: [str(before[field]), str(each)] for field, each in now.items() if before[field] != each}
        AuditEntry.record(row, "feed.edited", by=by, act=act, text=json.dumps(changed, ensure_ascii=False))
        sooner = Least(F("due_at"), Now() + timedelta(minutes=every))
        Polling.objects.filter(feed=row).update(due_at=sooner)
    feed.refresh_from_db()
    return feed


def switch(feed: Feed, *, by: User, seen: int, on: bool) -> Feed:
    """Off: no poll any more, until it is switched on; then it begins anew, whatever failed or broke off before, and is
    due at once.

    Raises NotAllowed, Conflict.
    """
    require(by, "look after feeds", feed)
    with change() as act:
        row = _seen(feed, seen)
        _write(row, is_on=on, off_because="")
        AuditEntry.record(row, "feed.switched_on" if on else "feed.switched_off", by=by, act=act)
        if on:
            Polling.objects.filter(feed=row).update(due_at=Now(), failures=0, last_error="")
            broken = Job.objects.filter(kind=Job.Kind.POLL, target=row.pk, state=Job.State.DEAD).first()
            if broken is not None:  # as long as it lies there, no other poll is queued
                jobs.replay(broken, by=by, seen_attempts=broken.attempts)
    feed.refresh_from_db()
    return feed


def poll_now(feed: Feed, *, by: User) -> Job:
    """Queue a poll before its time; one that broke off is tried again. Raises NotAllowed, and BadInput when the feed is
    switched off or is being polled already."""
    require(by, "look after feeds", feed)
    with change() as act:
        polling = Polling.objects.select_for_update(of=["self"]).select_related("feed").get(pk=feed.pk)
        if not polling.feed.is_on:
            raise BadInput("This feed is switched off. Switch it on first.")
        alive = Job.objects.filter(kind=Job.Kind.POLL, target=feed.pk).exclude(state=Job.State.DONE).first()
        if alive and alive.state != Job.State.DEAD:
            raise BadInput("This feed is being polled already.")
        AuditEntry.record(feed, "feed.polled", by=by, act=act)
        if alive:
            return jobs.replay(alive, by=by, seen_attempts=alive.attempts)
        _put_off(polling)
        return jobs.enqueue(Job.Kind.POLL, feed.pk, queue="fetch")


def _names(name: str, outlet: str) -> tuple[str, str]:
    name, outlet = one_line("name", name), one_line("outlet", outlet)
    for field, line in (("name", name), ("outlet", outlet)):
        if len(line) > LONGEST_NAME:
            raise BadInput(f"The {field} has {len(line):,} characters; the most that can be kept is {LONGEST_NAME}.")
    return name, outlet


def _interval(every: int) -> int:
    if every not in Feed.Every.values:
        raise BadInput(f"A feed is polled every {', '.join(map(str, Feed.Every.values))} minutes, not every {every}.")
    return every


def _seen(feed: Feed, seen: int) -> Feed:
    """The feed's row, locked, as the person read it. Raises Conflict."""
    row = Feed.objects.select_for_update(of=["self"]).select_related("outlet").get(pk=feed.pk)
    if row.version != seen:
        raise Conflict(f"Feed {row.pk} was changed by somebody else in the meantime. Nothing was saved.")
    return row


def _write(feed: Feed, **written: Any) -> None:
    Feed.objects.filter(pk=feed.pk).update(version=F("version") + 1, updated_at=Now(), **written)


# --- when it is due --------------------------------------------------------------------------------------------------


def enqueue_due() -> int:
    """Queue a poll of each feed that is due. How many were due. Twice at once is harmless: each feed is locked, and
    whoever queues it puts its next poll off."""
    with change():
        due = Polling.objects.filter(feed__is_on=True, due_at__lte=Now()).order_by("due_at", "pk")
        polls = list(due.select_for_update(of=["self"], skip_locked=True).select_related("feed")[:MOST_DUE])
        for polling in polls:
            _put_off(polling)
            jobs.ensure(Job.Kind.POLL, polling.pk, queue="bulk")
    return len(polls)


def _put_off(polling: Polling) -> None:
    """By one interval, until the poll that is queued now knows better."""
    Polling.objects.filter(pk=polling.pk).update(due_at=Now() + timedelta(minutes=polling.feed.every))


# --- the poll --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Poll:
    """What came of asking. feed: None when it is as it was (304); error: why nothing can be said of it."""

    feed: feeds.Feed | None = None
    etag: str = ""
    last_modified: str = ""
    error: FetchError | UnreadableText | None = None


def ask(job: Job) -> Poll | None:
    """None: it was switched off while the job waited."""
    polling = Polling.objects.select_related("feed").get(pk=job.target)
    if not polling.feed.is_on:
        return None
    try:
        fetched = fetch(
            polling.feed.url,
            accept=READ,
            etag=polling.etag,
            modified=polling.last_modified,
            before=obey_robots,
        )
        found = None
        if not fetched.not_modified:
            found = feeds.read(fetched.body, url=fetched.final_url, charset=fetched.charset)
    except (FetchError, UnreadableText) as error:
        return Poll(error=error)
    return Poll(found, _validator(fetched.header("ETag")), _validator(fetched.header("Last-Modified")))


def _validator(value: str) -> str:
    """One that can be sent again; half of one would be another."""
    return value if value.isascii() and value.isprintable() and len(value) <= 1_000 else ""


def store(job: Job, poll: Poll | None) -> None:
    """Take the entries that were not met yet, and say when to ask again. In the job's transaction, so that whatever
    breaks off before its end is asked for again as a whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    feed = Feed.objects.select_for_update(of=["self"]).select_related("outlet").get(pk=job.target)
    if poll is None or not feed.is_on:
        return
    if poll.error is not None:
        _failed(feed, poll.error)
        return
    every = timedelta(minutes=feed.every)
    if poll.feed is None:
        known: dict[str, Any] = {"found": 0, **{name: value for name, value in _validators(poll).items() if value}}
    else:
        fresh = _not_met(feed, poll.feed.entries)
        taken, left = fresh[: settings.FEED_MOST_ENTRIES], fresh[settings.FEED_MOST_ENTRIES :]
        _take(feed, taken)
        known = {"title": poll.feed.title, "found": len(taken)}
        known |= {"etag": "", "last_modified": ""} if left else _validators(poll)
        known |= {"changed_at": Now()} if taken else {}
        every = min(every, SOON) if left else every
    Polling.objects.filter(feed=feed).update(polled_at=Now(), due_at=Now() + every, failures=0, last_error="", **known)


def _validators(poll: Poll) -> dict[str, str]:
    return {"etag": poll.etag, "last_modified": poll.last_modified}


def _failed(feed: Feed, error: FetchError | UnreadableText) -> None:
    """The next poll waits an interval, then two, four and so on, and at least as long as the site asks for. A feed that
    is gone for good (410) is switched off."""
    polling = Polling.objects.get(feed=feed)
    every = timedelta(minutes=feed.every)
    wait = min(every * 2 ** min(polling.failures, 10), max(every, SLOWEST))
    if isinstance(error, FetchError) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    said = jobs.sentence(error)
    Polling.objects.filter(feed=feed).update(
        polled_at=Now(), due_at=Now() + wait, found=0, failures=F("failures") + 1, last_error=said
    )
    if isinstance(error, FetchError) and error.reason == "gone":
        with change() as act:
            _write(feed, is_on=False, off_because=said)
            AuditEntry.record(feed, "feed.gone", by=None, act=act, text=said)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest() if text else ""


def _not_met(feed: Feed, entries: Iterable[feeds.Entry]) -> list[feeds.Entry]:
    """Neither under this address nor under this id, in the feed's order."""
    entries = list(entries)
    links, guids = {_key(entry.link) for entry in entries}, {_key(entry.guid) for entry in entries if entry.guid}
    met = FeedEntry.objects.filter(feed=feed).filter(Q(link__in=links) | Q(guid__in=guids)).values_list("link", "guid")
    keys = {key for pair in met for key in pair if key}
    return [entry for entry in entries if keys.isdisjoint((_key(entry.link), _key(entry.guid)))]


def _take(feed: Feed, entries: list[feeds.Entry]) -> None:
    """Each becomes an article whose page a job fetches, or is one already; the oldest first, as feeds begin with the
    newest."""
    here = _here([entry.link for entry in entries])
    for entry in reversed(entries):
        article, refused = here.get(entry.link), ""
        try:
            article = article or _ingest(feed, entry)
        except (BadInput, Refused) as error:
            refused = f"{entry.link[:500]}: {error}"
        FeedEntry.objects.create(
            feed=feed, link=_key(entry.link), guid=_key(entry.guid), article=article, refused=refused
        )


def _ingest(feed: Feed, entry: feeds.Entry) -> Article:
    return ingest(
        None,
        by=None,
        feed=feed,
        url=entry.link,
        title=entry.title,
        published_at=entry.published,
        outlet=feed.outlet,
        language="",
        queue="bulk",
    )


def _here(links: list[str]) -> dict[str, Article]:
    """Link -> the article that the desk has under this address, whoever sent it in. What is confidential is not there:
    nobody may learn of it by a feed."""
    open_to_all = Article.objects.filter(confidential=False)
    keys = dict(
        ArticleVersion.objects.filter(canonical_url__in=links, article__confidential=False)
        .order_by("-article")
        .values_list("canonical_url", "article")
    )
    keys |= dict(open_to_all.filter(url__in=links).order_by("-pk").values_list("url", "pk"))
    articles = open_to_all.in_bulk(keys.values())
    return {link: articles[key] for link, key in keys.items()}
