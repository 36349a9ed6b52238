"""The plain client of services that the operator has set: one GET, one JSON object, in whatever network they are.

It looks no address up in the tables of forbidden networks, so it must never be handed one that a stranger gave; for
those there is factcheck.fetching. From there come the budget of seconds, held at the socket, the limits of size and the
verified TLS. It follows no redirect, sends no cookie, and keeps keys in headers: an address ends up in logs and errors.
"""

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3.exceptions
from django.conf import settings
from django.utils.translation import gettext as _
from urllib3 import HTTPResponse

from factcheck.exceptions import AnswerRefused
from factcheck.fetching import answers
from factcheck.fetching.budget import Budget
from factcheck.fetching.connections import PinnedHTTPConnection, PinnedHTTPSConnection, context
from factcheck.fetching.exchange import HEADER_LIMIT, NAME, in_our_words
from factcheck.fetching.networks import look_up
from factcheck.fetching.urls import DEFAULT_PORTS, Target
from factcheck.retrieval.providers.found import not_understood


def ask(address: str, asked: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the service says. address: without a query; asked: the query. Within SEARCH_DEADLINE.

    Raises FetchError; `retry` only for a time-out, a connection that did not come about or broke off, 429, 408 and 5xx,
    with the service's own Retry-After (seconds or a date) in `retry_after`.
    """
    target = _target(f"{address}?{urlencode(asked)}")
    budget = Budget(settings.SEARCH_DEADLINE)
    sent = {
        "Host": target.authority,
        "User-Agent": agent(),
        "Accept": "application/json",
        "Accept-Encoding": answers.ACCEPT_ENCODING,
        "Connection": "close",
        **(headers or {}),
    }
    connection: PinnedHTTPConnection | PinnedHTTPSConnection
    if target.scheme == "https":
        trusted = context(settings.FETCH_CA_FILE)
        connection = PinnedHTTPSConnection(target.host, target.port, ssl_context=trusted)
    else:
        connection = PinnedHTTPConnection(target.host, target.port)
    try:
        connection.addresses, connection.budget = look_up(target.host, budget), budget
        budget.allow(HEADER_LIMIT, _("The service's answer begins with too many headers."))
        with closing(connection):
            connection.request("GET", target.path, headers=sent, preload_content=False, decode_content=False)
            with closing(connection.getresponse()) as response:
                _check_status(response)
                body, _wire = answers.read(response, budget)
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
        raise in_our_words(error, target, budget) from error
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or brackets without end
        raise not_understood() from None
    if not isinstance(said, dict):
        raise not_understood()
    return said


def agent(contact: str = "") -> str:
    """https://meta.wikimedia.org/wiki/User-Agent_policy: who asks, and how they can be reached."""
    return f"{NAME}/1 (+{settings.PUBLIC_URL}{'; ' + contact if contact else ''})"


def host(address: str) -> str:
    """To whom it is sent, for the record."""
    return urlsplit(address).netloc


def _target(url: str) -> Target:
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    return Target(parts.scheme, parts.hostname or "", port, f"{parts.path or '/'}?{parts.query}")


def _check_status(response: HTTPResponse) -> None:
    """Only 200 will do. The service's own words are left out: some repeat the key that they refuse."""
    status = response.status
    if status == 200:
        return
    if status == 429:
        said = _("The service asks to come back later: it was asked too often (%(status)s).")
    elif status in (401, 403):
        said = _("The service does not let the desk in (%(status)s). An administrator has to look at its settings.")
    elif status >= 500 or status == 408:
        said = _("The service has an error of its own (%(status)s).")
    elif 300 <= status < 400:
        said = _("The service has moved to another address (%(status)s). An administrator has to look at its settings.")
    else:
        said = _("The service does not take what the desk asks (%(status)s).")
    again = status in (408, 429) or status >= 500
    wait = answers.retry_after(response) if again else None
    raise AnswerRefused(said % {"status": status}, "status", retry=again, retry_after=wait)
