"""Sending something to an address that a stranger gave, through the same door: one POST, and nothing of the answer."""

import contextlib
import http.client
from contextlib import closing
from dataclasses import dataclass

import urllib3.exceptions
from django.conf import settings
from django.utils.translation import gettext as _

from factcheck.exceptions import FetchError
from factcheck.fetching import answers
from factcheck.fetching.budget import Budget
from factcheck.fetching.connections import ask
from factcheck.fetching.exchange import HEADER_LIMIT, NAME, in_our_words
from factcheck.fetching.networks import resolve
from factcheck.fetching.urls import parse

MOST_READ = 65_536  # bytes of the answer's body, so that who sends it is not cut off; they are dropped
LOOK_UP = 5.0  # seconds that a page waits for the look-up of a name


@dataclass(frozen=True)
class Answered:
    """status: whatever it is, a redirect too, which is not followed. retry_after: seconds, if the answer named any."""

    status: int
    retry_after: float | None


def check_address(url: str) -> None:
    """Raises FetchError unless the address can be read, and leads now where the desk goes. It is checked anew whenever
    something is sent: a name may lead elsewhere by then."""
    resolve(parse(url).host, Budget(LOOK_UP))


def post(url: str, body: bytes, headers: dict[str, str], *, deadline: float) -> Answered:
    """POST to an address that a stranger gave. Raises FetchError when no answer came, and nothing else of its own.

    deadline: seconds for everything together. No cookies, no credentials, nothing from the environment's proxies.
    """
    budget = Budget(deadline)
    target = parse(url)
    said = {"User-Agent": f"{NAME} (+{settings.PUBLIC_URL})", "Accept": "*/*", "Connection": "close", **headers}
    try:
        budget.allow(HEADER_LIMIT, _("The site's answer begins with too many headers."))
        with closing(ask(target, said, budget, body)) as connection, closing(connection.getresponse()) as response:
            answered = Answered(response.status, answers.retry_after(response))
            with contextlib.suppress(OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, FetchError):
                response.read(MOST_READ, decode_content=False)
            return answered
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
        raise in_our_words(error, target, budget) from error
