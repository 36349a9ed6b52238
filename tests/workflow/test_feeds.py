"""Feeds: four ways in which a poll can end, what is taken of it, and that nothing is taken twice or lost."""

from datetime import timedelta

import pytest
from django.db.models import Count, DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, LeaseLost, Refused
from factcheck.fetching import robots
from factcheck.models import Article, AuditEntry, AuditText, Feed, FeedEntry, Job, Outlet, Polling
from factcheck.text.plain import UnreadableText
from factcheck.workflow import feeds, jobs, steps
from factcheck.workflow.articles import ingest, keep_confidential
from factcheck.workflow.transitions import change
from tests import factories
from tests.fetching.conftest import Site, answer
from tests.models.asking import side_by_side
from tests.text.test_documents import PROSE

pytestmark = [pytest.mark.database, pytest.mark.django_db]

RSS = "application/rss+xml"


@pytest.fixture(autouse=True)
def no_rules_remembered():
    robots.sites.clear()


def item(link: str, guid: str = "", title: str = "") -> str:
    key = f"<guid isPermaLink='false'>{guid or link}</guid>"
    return f"<item><title>{title or link}</title><link>{link}</link>{key}</item>"


def rss(*items: str) -> bytes:
    body = f"<title>The Herald</title>{''.join(items)}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{body}</channel></rss>'.encode()


def serve(site, *items: str, headers: tuple[str, ...] = ()) -> None:
    site.pages["/feed"] = answer(200, rss(*items), *headers, kind=RSS)


@pytest.fixture
def feed(site) -> Feed:
    return factories.feed(url=f"{site.url}/feed")


def poll(feed: Feed) -> Polling:
    """As beat and a worker do it, whenever it is due."""
    Polling.objects.filter(feed=feed).update(due_at=Now())
    feeds.enqueue_due()
    polls = Job.objects.filter(kind=Job.Kind.POLL, target=feed.pk)
    for job in polls.filter(state=Job.State.QUEUED):
        steps.perform(job.pk)
    assert not polls.exclude(state=Job.State.DONE).exists()
    return Polling.objects.get(feed=feed)


def minutes(polling: Polling) -> int:
    """Until the next poll, by the database's clock."""
    wait = ExpressionWrapper(F("due_at") - Now(), DurationField())
    return round(Polling.objects.filter(pk=polling.pk).values_list(wait, flat=True).get() / timedelta(minutes=1))


def addresses() -> list[str]:
    return list(Article.objects.order_by("pk").values_list("url", flat=True))


def asked(site) -> list[str]:
    return [request for request in site.requests if request.startswith("GET /feed ")]


# --- pending, failed, nothing new, new -------------------------------------------------------------------------------


def test_a_first_poll_takes_the_entries_oldest_first_as_addresses_that_wait_behind_people(site, feed):
    outlet = Outlet.objects.create(name="The Weekly")
    Feed.objects.filter(pk=feed.pk).update(outlet=outlet)
    serve(site, item("/2", title="Two"), item("/1?utm_source=rss"), headers=('ETag: "a"',))
    polling = poll(feed)
    assert addresses() == [f"{site.url}/1", f"{site.url}/2"]
    article = Article.objects.last()
    assert (article.submitted_by, article.outlet, article.said["title"]) == (None, outlet, "Two")
    job = article.jobs.get()
    assert (job.kind, job.queue) == (Job.Kind.FETCH, "bulk")
    assert (polling.title, polling.found, polling.failures, polling.etag) == ("The Herald", 2, 0, '"a"')
    assert polling.polled_at == polling.changed_at is not None
    assert minutes(polling) == 60
    entry = AuditEntry.objects.get(chain=str(article.uuid))
    assert (entry.verb, entry.actor) == ("article.came_by_feed", None)
    assert AuditText.objects.get(pk=entry.pk).text == f"{site.url}/2 ({feed.url})"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ('ETag: W/"a"', 'If-None-Match: W/"a"'),
        ("Last-Modified: Mon, 23 Nov 2026 08:00:00 GMT", "If-Modified-Since: Mon, 23 Nov 2026 08:00:00 GMT"),
    ],
)
def test_a_feed_that_is_as_it_was_brings_nothing_new(site, feed, given, sent):
    serve(site, item("/1"), headers=(given,))
    first = poll(feed)
    site.pages["/feed"] = answer(304, kind="")
    second, third = poll(feed), poll(feed)
    assert [sent in request for request in asked(site)] == [False, True, True]
    assert (second.found, second.failures, second.last_error) == (0, 0, "")
    assert (third.polled_at > first.polled_at, third.changed_at) == (True, first.changed_at)
    assert len(addresses()) == 1


def test_what_was_met_is_not_taken_again_under_another_address_or_id(site, feed):
    serve(site, item("/1", "a"), item("/2", "b"))
    poll(feed)
    serve(site, item("/3", "c"), item("/1-corrected", "a"), item("/2", "b-new"))
    assert poll(feed).found == 1
    assert addresses() == [f"{site.url}/{name}" for name in ("2", "1", "3")]


def test_a_feed_that_fails_slows_down_stays_in_sight_and_recovers(site, feed):
    site.pages["/feed"] = answer(500)
    waits = []
    for _ in range(7):
        polling = poll(feed)
        waits.append(minutes(polling))
    assert waits == [60, 120, 240, 480, 960, 1440, 1440]
    assert (polling.failures, "error of its own (500)" in polling.last_error) == (7, True)
    serve(site, item("/1"))
    polling = poll(feed)
    assert (polling.failures, polling.last_error, polling.found, minutes(polling)) == (0, "", 1, 60)


def test_a_site_that_asks_to_wait_is_left_alone_for_so_long(site, feed):
    site.pages["/feed"] = answer(429, b"", "Retry-After: 10800")
    assert minutes(poll(feed)) == 180


def test_a_feed_that_is_gone_is_switched_off_with_the_reason(site, feed, carol):
    site.pages["/feed"] = answer(410)
    poll(feed)
    feed.refresh_from_db()
    assert (feed.is_on, "410" in feed.off_because) == (False, True)
    assert AuditEntry.objects.get(verb="feed.gone").chain == "desk"
    poll(feed)
    with pytest.raises(BadInput, match="switched off"):
        feeds.poll_now(feed, by=carol)
    assert len(asked(site)) == 1
    serve(site, item("/1"))
    feeds.switch(feed, by=carol, seen=feed.version, on=True)
    assert (feed.off_because, poll(feed).found) == ("", 1)


def test_a_page_is_no_feed_and_robots_are_obeyed(site, feed):
    site.pages["/feed"] = answer(200, b"<!doctype html><html><body><p>News</p></body></html>")
    assert "a web page, not a feed" in poll(feed).last_error
    robots.sites.clear()
    site.pages["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /", kind="text/plain")
    polling = poll(feed)
    assert ("robots.txt" in polling.last_error, polling.failures, len(asked(site))) == (True, 2, 1)


# --- what becomes of an entry ----------------------------------------------------------------------------------------


@pytest.fixture
def closed(site):
    """Where nobody may go."""
    listener = Site("127.0.0.2", site.port)
    yield listener
    listener.close()


def test_a_forbidden_address_is_never_asked_and_what_is_no_address_is_told(site, closed, feed):
    serve(
        site, item("javascript:alert(1)", "j"), item(f"http://127.0.0.2:{site.port}/secret"), item("http://10.0.0.1/")
    )
    assert poll(feed).found == 3
    for job in Job.objects.filter(kind=Job.Kind.FETCH):
        steps.perform(job.pk)
        job.refresh_from_db()
        assert (job.state, "network that the desk does not open" in job.last_error) == (Job.State.DEAD, True)
    assert Job.objects.filter(kind=Job.Kind.FETCH).count() == 2
    assert closed.accepted == 0
    assert "javascript:alert(1): The address must be" in feed.entries.get(article=None).refused


def test_a_page_knows_better_than_its_feed_and_is_fetched_where_robots_let_us(site, feed):
    dated = "<pubDate>Tue, 14 May 2024 10:00:00 GMT</pubDate>"
    serve(site, *(item(f"/{name}", title="Of the feed").replace("</item>", f"{dated}</item>") for name in "cba"))
    said = '<title>Of the page</title><meta property="article:published_time" content="2024-05-13T08:00:00Z">'
    page = f"<article><p>{PROSE}</p><p>{PROSE}</p></article>"
    site.pages["/a"] = answer(200, f"<html lang=en><head>{said}</head><body>{page}</body></html>".encode())
    site.pages["/b"] = answer(200, f"<html lang=en><body>{page}</body></html>".encode())
    site.pages["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /c", kind="text/plain")
    poll(feed)
    for job in Job.objects.filter(kind=Job.Kind.FETCH):
        steps.perform(job.pk)
    stated, silent, closed = Article.objects.order_by("pk")
    assert (stated.current.title, stated.current.published_at.day) == ("Of the page", 13)
    assert (silent.current.title, silent.current.published_at.day) == ("Of the feed", 14)
    assert (silent.current.origins["title"], silent.current.origins["published_at"]) == ("feed", "feed")
    assert (closed.newest, "robots.txt" in closed.jobs.get().last_error) == (None, True)
    assert not [request for request in site.requests if request.startswith("GET /c ")]


def test_what_the_desk_has_is_not_taken_again_and_what_is_confidential_is_not_there(site, feed, alice, carol):
    here = ingest(None, by=alice, url=f"{site.url}/1")
    secret = ingest(None, by=alice, url=f"{site.url}/2")
    keep_confidential(secret, by=carol, seen=secret.version, readers=[])
    operators = ingest(None, by=None, url=f"{site.url}/5", confidential=True, readers=[carol])
    other = factories.feed(url=f"{site.url}/other")
    serve(site, item("/1"), item("/2"), item("/3"), item("/5"))
    site.pages["/other"] = answer(200, rss(item("/3", "another id"), item("/4")), kind=RSS)
    poll(feed)
    poll(other)
    assert feed.entries.filter(article=here).exists()
    assert not FeedEntry.objects.filter(article__in=[secret, operators]).exists()
    assert Article.objects.filter(confidential=False).count() == 5
    assert set(other.entries.values_list("article__url", flat=True)) == {f"{site.url}/3", f"{site.url}/4"}


# --- nothing twice, nothing lost -------------------------------------------------------------------------------------


def test_three_thousand_entries_come_in_portions_and_none_is_lost(site, feed, settings):
    settings.FEED_MOST_ENTRIES = 40
    names = range(3_000, 0, -1)
    serve(site, *(item(f"/{name}") for name in names), headers=('ETag: "a"',))
    polling = poll(feed)
    assert (polling.found, polling.etag, minutes(polling)) == (40, "", 15)
    serve(site, *(item(f"/{name}") for name in names[:70]), headers=('ETag: "b"',))
    polling = poll(feed)
    assert (polling.found, polling.etag, minutes(polling)) == (30, '"b"', 60)
    assert set(addresses()) == {f"{site.url}/{name}" for name in names[:70]}
    assert "If-None-Match" not in asked(site)[1]


def write(job: Job, found: feeds.Poll | None) -> None:
    """As steps.perform does it."""
    with change():
        jobs.finish(job)
        feeds.store(job, found)


def test_a_poll_that_breaks_off_between_asking_and_storing_leaves_nothing_behind(site, feed):
    serve(site, item("/1"), item("/2"), headers=('ETag: "a"',))
    feeds.enqueue_due()
    lost = jobs.take(Job.objects.get().pk)
    found = feeds.ask(lost)  # and here the worker is killed
    Job.objects.filter(pk=lost.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert (addresses(), Polling.objects.get().etag) == ([], "")
    jobs.sweep()
    steps.perform(lost.pk)
    assert len(addresses()) == 2
    with pytest.raises(LeaseLost):
        write(lost, found)
    assert (len(addresses()), FeedEntry.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_looks_and_two_polls_at_once_queue_and_take_everything_once(site, feed):
    other = factories.feed(url=f"{site.url}/other")
    links = [item(f"/{number}") for number in range(8)]
    serve(site, *links)
    site.pages["/other"] = answer(200, rss(*reversed(links)), kind=RSS)
    side_by_side(*[feeds.enqueue_due] * 4)
    queued = list(Job.objects.filter(kind=Job.Kind.POLL))
    assert sorted(job.target for job in queued) == sorted((feed.pk, other.pk))
    side_by_side(*[lambda pk=job.pk: steps.perform(pk) for job in queued])
    assert not Job.objects.filter(kind=Job.Kind.POLL).exclude(state=Job.State.DONE).exists()
    assert Article.objects.count() == 8
    assert FeedEntry.objects.values("article").annotate(feeds=Count("feed")).filter(feeds=2).count() == 8


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_feed_is_added_polled_and_changed_and_the_trail_says_so(site, carol):
    serve(site, item("/1"))
    feed = feeds.add(by=carol, url=f"{site.url}/feed#top", outlet="The Herald", every=1440)
    with pytest.raises(Refused, match="here already"):
        feeds.add(by=carol, url=f"{site.url}/feed")
    with pytest.raises(BadInput, match="polled already"):
        feeds.poll_now(feed, by=carol)
    steps.perform(Job.objects.get(kind=Job.Kind.POLL).pk)
    assert (len(addresses()), Article.objects.get().outlet.name) == (1, "The Herald")
    job = feeds.poll_now(feed, by=carol)
    assert job.queue == "fetch"
    jobs.give_back(jobs.take(job.pk), UnreadableText("Nothing can be read here."))
    assert feeds.poll_now(feed, by=carol).pk == job.pk  # one that broke off is tried again
    changed = feeds.edit(feed, by=carol, seen=feed.version, name="Herald", outlet="", every=15)
    assert minutes(feed.polling) == 15
    with pytest.raises(Conflict):
        feeds.switch(feed, by=carol, seen=changed.version - 1, on=False)
    jobs.give_back(jobs.take(job.pk), UnreadableText("Nothing can be read here."))
    for on in (False, True):
        changed = feeds.switch(changed, by=carol, seen=changed.version, on=on)
    job.refresh_from_db()
    assert job.state == "queued"  # nor does one lie in the way of a feed that is switched on anew
    verbs = AuditEntry.objects.filter(chain="desk", verb__startswith="feed.").order_by("pk")
    told = ["added", "polled", "polled", "edited", "switched_off", "switched_on"]
    assert list(verbs.values_list("verb", flat=True)) == [f"feed.{verb}" for verb in told]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"url": "ftp://example.org/feed"}, "http"),
        ({"url": "https://user:secret@example.org/feed"}, "user name or a password"),
        ({"url": "https://example.org/feed", "every": 1}, "not every 1"),
        ({"url": "https://example.org/feed", "name": "x" * 301}, "301 characters"),
    ],
)
def test_what_cannot_be_a_feed_is_refused_in_words(carol, said, sentence):
    with pytest.raises(BadInput, match=sentence):
        feeds.add(by=carol, **said)
    assert not Feed.objects.exists()
