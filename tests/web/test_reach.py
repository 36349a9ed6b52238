"""How far what is published reaches: the list's search, feeds, sitemap, card, and what caches are told."""

from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck.models import Publication
from factcheck.workflow import publications

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LIST, ATOM, DATAFEED = "/fact-checks/", "/fact-checks/feed.atom", "/fact-checks/datafeed.json"
POLICY = "public, max-age=30, stale-while-revalidate=30"


def page(publication: Publication) -> str:
    return f"/fact-checks/{publication.slug}/"


def retracted(publication: Publication, by) -> Publication:
    review = publication.review
    review.refresh_from_db()
    return publications.retract(review, by=by, seen=review.version, reason="The minutes were of another bridge.")


def again(client, address, response):
    return client.get(address, headers={"If-None-Match": response["ETag"]})


def entries(client, address=ATOM) -> dict[str, feedparser.FeedParserDict]:
    found = feedparser.parse(client.get(address).content)
    assert not found.bozo
    return {urlsplit(entry.link).path: entry for entry in found.entries}


def elements(client, address=DATAFEED) -> dict[str, dict]:
    return {urlsplit(each["url"]).path: each for each in client.get(address).json()["dataFeedElement"]}


def places(client, address) -> dict[str, str | None]:
    """loc -> lastmod, by the rules of sitemaps.org."""
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    tree = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert tree.tag in (f"{space}urlset", f"{space}sitemapindex")
    found = {}
    for each in tree:
        assert each.tag == (f"{space}url" if tree.tag == f"{space}urlset" else f"{space}sitemap")
        assert [part.tag for part in each] in ([f"{space}loc"], [f"{space}loc", f"{space}lastmod"])
        place, changed = each[0].text, each[1].text if len(each) > 1 else None
        assert place.startswith("http")
        assert len(place) < 2048
        assert changed is None or datetime.fromisoformat(changed).tzinfo
        found[urlsplit(place).path] = changed
    assert 0 < len(found) == len(tree) <= 50_000
    return found


def test_smoke(client, published):
    for address in (
        "/",
        LIST,
        page(published),
        page(published) + "card/",
        ATOM,
        DATAFEED,
        "/sitemap.xml",
        "/sitemaps/1.xml",
        "/robots.txt",
    ):
        for _ in range(3):
            with CaptureQueriesContext(connection) as c:
                r = client.get(address)
            print(address, r.status_code, len(c), dict(r.headers))
        print(r.content.decode()[:3000])
