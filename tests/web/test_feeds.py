"""The pages of the feeds: each way in which a poll can end has words of its own."""

from uuid import uuid4

import pytest
from django.utils import timezone

from factcheck.models import Feed, Job, Polling
from factcheck.text import documents
from factcheck.workflow import unreadable
from factcheck.workflow.articles import ingest, keep_confidential
from factcheck.workflow.versions import Came, Said, keep
from tests import factories
from tests.web.conftest import said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def polled(feed: Feed, **fields) -> Feed:
    Polling.objects.filter(feed=feed).update(polled_at=timezone.now(), **fields)
    return feed


def broken_off(feed: Feed) -> None:
    Job.objects.create(kind=Job.Kind.POLL, target=feed.pk, queue="bulk", max_attempts=1)
    job = Job.objects.filter(target=feed.pk)
    job.update(state="running", attempts=1, lease_until=timezone.now())
    job.update(state="dead", lease_until=None, last_error="MemoryError: too much")


def test_pending_failed_nothing_new_and_new_are_told_apart(desk, alice):
    Job.objects.create(kind=Job.Kind.POLL, target=factories.feed().pk, queue="bulk")
    polled(factories.feed(), failures=3, last_error="The site has an error of its own (500).")
    polled(factories.feed())
    polled(factories.feed(), found=2)
    broken_off(polled(factories.feed()))
    factories.feed(is_on=False, off_because="The site says that there is nothing at this address (410).")
    listed = said(window(alice).get("/feeds/"))
    states = ["Switched off", "The last poll broke off", "2 new entries", "Nothing new", "The last poll failed"]
    places = [listed.index(f'<span class="state">{words}</span>') for words in [*states, "Waiting to be polled"]]
    assert places == sorted(places)
    for words in ("3 failures in a row.", "(500)", "MemoryError: too much", "(410)"):
        assert words in listed
    assert "Add a feed" not in listed  # a reporter looks on


def test_what_is_typed_is_kept_and_articles_are_counted_for_their_readers(desk, alice, carol):
    feed = factories.feed()
    open_to_all, secret = factories.article("One."), factories.article("Two.")
    for article in (open_to_all, secret):
        factories.feed_entry(feed=feed, article=article)
    keep_confidential(secret, by=carol, seen=secret.version, readers=[])
    counted = [said(window(who).get(f"/feeds/{feed.pk}/")) for who in (alice, carol)]
    assert [("1 article<" in page, "2 articles<" in page) for page in counted] == [(True, False), (False, True)]
    answer = window(carol).post("/feeds/", {"url": "example.org/feed", "name": "The Herald", "every": "15"})
    assert (answer.status_code, 'value="The Herald"' in said(answer)) == (422, True)
    assert f'href="/feeds/{feed.pk}/"' in said(window(alice).get(f"/articles/{open_to_all.pk}/"))


def test_what_came_by_a_feed_is_told_from_what_a_person_sent(carol):
    article = ingest(None, by=None, feed=factories.feed(), url="https://example.org/1", title="Of the feed")
    unreadable.keep(b"%PDF-", by=None, sentence="It is damaged.", article=article)
    came = Came(b"It rained.", documents.typed("It rained.", language=""))
    keep(article, came, Said.from_json(article.said), by=None, act=uuid4())
    client = window(carol)
    assert "(said by the feed)" in said(client.get(f"/articles/{article.pk}/"))
    listed = said(client.get("/articles/unread/"))
    assert ("<span>A feed</span>" in listed, "An operator" in listed) == (True, False)


def test_a_feed_that_a_reader_may_not_see_is_not_there(alice, monkeypatch):
    """Everybody may see every feed today; the pages ask all the same."""
    feed = factories.feed()
    assert feed.url in said(window(alice).get("/feeds/"))
    monkeypatch.setattr(type(Feed.objects.all()), "visible_to", lambda rows, _reader: rows.none())
    assert feed.url not in said(window(alice).get("/feeds/"))
    assert window(alice).get(f"/feeds/{feed.pk}/").status_code == 404
