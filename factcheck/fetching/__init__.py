"""The one door to addresses that users, feeds and pages give. Services that the operator set have clients of their own.

    urls ──► networks ──► connections ──► answers ──► exchange (redirects: back to urls)
    one strict reading   all addresses    one budget     limits      fetch()
                         of a name        of seconds
                                          and bytes

docs/fetching.md says what is allowed, ADR 10 why it is built on urllib3's connections and on nothing above them.
"""

from factcheck.fetching.exchange import FEED, HTML, Fetched, fetch
from factcheck.fetching.posting import Answered, check_address, post
from factcheck.fetching.robots import allowed_by_robots, obey_robots

__all__ = [
    "FEED",
    "HTML",
    "Answered",
    "Fetched",
    "allowed_by_robots",
    "check_address",
    "fetch",
    "obey_robots",
    "post",
]
