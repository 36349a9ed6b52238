"""What sites ask programs to leave alone."""

import pytest

from factcheck.exceptions import AddressRefused, AnswerRefused, RobotsRefused
from factcheck.fetching import FEED, allowed_by_robots, fetch, obey_robots, robots
from tests.fetching.conftest import answer

pytestmark = pytest.mark.unit

RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /

User-agent: factcheck
Disallow: /private
Allow: /
"""


@pytest.fixture(autouse=True)
def forget():
    robots.sites.clear()
    yield
    robots.sites.clear()


def test_the_rules_for_us_are_kept_and_asked_for_once(site):
    site.pages["/robots.txt"] = answer(200, RULES, kind="text/plain")
    assert [allowed_by_robots(site.url + path) for path in ("/feed", "/private/feed", "/")] == [True, False, True]
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        (answer(404), True),
        (answer(403), True),
        (answer(200, b"<p>Not found</p>"), True),  # a page for people in its place
        (answer(200, b"User-agent: *\nDisallow: /", kind=""), False),
        (answer(200, b"User-agent: *\nDisallow: /\n" + b"#" * 600_000, kind="text/plain"), False),
        (answer(200, b"\xff\x00Disallow\n:::\n" * 1000, kind="text/plain"), True),
        (answer(302, b"", "Location: /elsewhere"), False),
    ],
)
def test_what_stands_in_place_of_rules(page, allowed, site):
    site.pages |= {"/robots.txt": page, "/elsewhere": answer(200, b"User-agent: *\nDisallow: /", kind="text/plain")}
    assert allowed_by_robots(f"{site.url}/feed") is allowed


def test_a_site_that_is_down_has_not_forbidden_anything_and_is_asked_again(site):
    site.pages["/robots.txt"] = answer(503)
    with pytest.raises(AnswerRefused) as failed:
        allowed_by_robots(f"{site.url}/feed")
    assert failed.value.retry
    site.pages["/robots.txt"] = answer(404)
    assert allowed_by_robots(f"{site.url}/feed")


def test_a_feed_is_fetched_where_its_site_allows_it_at_every_redirect(site):
    site.pages |= {
        "/robots.txt": answer(200, RULES, kind="text/plain"),
        "/feed": answer(302, b"", "Location: /new"),
        "/new": answer(200, b"<rss/>", kind="application/rss+xml"),
        "/moved": answer(302, b"", "Location: /private/feed"),
        "/private/feed": answer(200, b"<rss/>", kind="application/rss+xml"),
    }
    assert fetch(f"{site.url}/feed", accept=FEED, before=obey_robots).body == b"<rss/>"
    with pytest.raises(RobotsRefused) as refused:
        fetch(f"{site.url}/moved", accept=FEED, before=obey_robots)
    assert (refused.value.reason, refused.value.retry) == ("robots", False)
    assert not [request for request in site.requests if request.startswith("GET /private")]


def test_no_more_than_so_many_sites_are_remembered():
    for number in range(2 * robots.MOST_SITES):
        robots.sites.set(str(number), [])
    remembered = [number for number in range(2 * robots.MOST_SITES) if robots.sites.get(str(number)) is not None]
    assert 0 < len(remembered) <= robots.MOST_SITES


def test_a_forbidden_site_is_not_asked_for_its_rules(site, vault):
    with pytest.raises(AddressRefused):
        allowed_by_robots(f"http://127.0.0.2:{site.port}/feed")
