"""What a site asks programs to leave alone (robots.txt, RFC 9309). For feeds and the pages that they name, which
nobody reads as they come; a page that a person asks for is fetched for that person, as a browser would."""

from hashlib import sha256
from urllib.robotparser import RobotFileParser

from django.core.cache.backends.locmem import LocMemCache
from django.utils.translation import gettext as _

from factcheck.exceptions import AnswerRefused, RobotsRefused
from factcheck.fetching.exchange import NAME, fetch
from factcheck.fetching.urls import Target, parse

KEPT = 3600  # seconds; RFC 9309 allows a day
MOST_SITES = 256  # in this process's memory; more, and some are forgotten
MOST_BYTES = 512_000  # of a robots.txt that are read; RFC 9309 asks for 500 KiB at least

sites = LocMemCache("robots", {"timeout": KEPT, "OPTIONS": {"MAX_ENTRIES": MOST_SITES}})


def allowed_by_robots(url: str, deadline: float | None = None) -> bool:
    """Whether the site lets us fetch this address. Raises FetchError when that cannot be found out now: a site that is
    down has not forbidden anything. deadline: seconds."""
    target = parse(url)
    site = sha256(f"{target.scheme}://{target.authority}".encode()).hexdigest()  # a cache's key must be short
    rules = sites.get(site)
    if rules is None:
        rules = _rules(target, deadline)
        sites.set(site, rules)
    parser = RobotFileParser()
    parser.parse(rules)
    return parser.can_fetch(NAME, target.url)


def obey_robots(url: str, seconds: float) -> None:
    """fetch(before=obey_robots): RobotsRefused where the site asks us not to come, at every redirect anew."""
    if not allowed_by_robots(url, seconds):
        raise RobotsRefused(_("The site asks programs not to fetch this address (robots.txt)."), "robots")


def _rules(target: Target, deadline: float | None) -> list[str]:
    """The lines of its robots.txt; [] when there is no such file, or a page for people stands in its place."""
    robots = Target(target.scheme, target.host, target.port, "/robots.txt")
    try:
        found = fetch(robots.url, accept=("text/plain", ""), deadline=deadline)
    except AnswerRefused as error:
        if error.retry or error.reason not in ("status", "gone", "content_type"):
            raise
        return []
    return found.body[:MOST_BYTES].decode("utf-8-sig", "replace").splitlines()
