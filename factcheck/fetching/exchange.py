"""Asking an address, and the ones that it sends on to, until a page comes or a reason why not."""

import http.client
import re
import ssl
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

import urllib3.exceptions
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from urllib3 import HTTPResponse

from factcheck.exceptions import AddressRefused, AnswerRefused, FetchError, NoAnswer
from factcheck.fetching import answers
from factcheck.fetching.budget import Budget
from factcheck.fetching.connections import ask
from factcheck.fetching.urls import Target, parse

HTML = ("text/html", "application/xhtml+xml")
FEED = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/xml",
    "text/xml",
)
NAME = "Factcheck"  # what robots.txt calls us
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
HEADER_LIMIT = 65_536  # bytes of one answer's status line and headers, interim answers included
VALIDATORS = ("If-None-Match", "If-Modified-Since")
VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")  # nothing that could begin another header


@dataclass(frozen=True)
class Fetched:
    """What came. url: as asked; final_url: where it was found; redirects: the addresses in between and the final one,
    in order. body: unpacked (b"" when not_modified); wire_bytes: of the body, as it was sent. media_type, charset: in
    lower case, "" when not said. headers: as they came, repeated ones too. fetched_at: aware, when all was there."""

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    wire_bytes: int
    media_type: str
    charset: str
    fetched_at: datetime
    redirects: tuple[str, ...]
    not_modified: bool

    def header(self, name: str) -> str:
        """The first header of that name, or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def fetch(
    url: str,
    *,
    accept: Collection[str] = HTML,
    deadline: float | None = None,
    etag: str = "",
    modified: str = "",
    before: Callable[[str, float], None] | None = None,
) -> Fetched:
    """GET an address that a stranger gave. Raises FetchError (factcheck/exceptions.py), and nothing else of its own.

    accept: media types of which one must come; "" among them takes an answer that does not say its type.
    deadline: seconds for everything together, look-ups and redirects included; without it FETCH_DEADLINE.
    etag, modified: ETag and Last-Modified of what one has; with one of them the answer may be not_modified.
    before(url, seconds left): called before each address is asked, redirects too; what it raises ends it (obey_robots).

    No cookies, no credentials, no Referer, nothing from the environment's proxies. Every address is read, looked up and
    checked anew, and the one connected to is the one that was checked.
    """
    budget = Budget(settings.FETCH_DEADLINE if deadline is None else deadline)
    target = parse(url)
    visited = [target.url]
    headers = _headers(accept, etag, modified)
    while True:
        if before is not None:
            before(target.url, budget.left())
        answer = _once(target, headers, accept, budget)
        if isinstance(answer, Fetched):
            return replace(answer, url=url, redirects=tuple(visited[1:]))
        target = _next(target, answer, visited)
        visited.append(target.url)


def _headers(accept: Collection[str], etag: str, modified: str) -> dict[str, str]:
    headers = {
        "User-Agent": f"{NAME} (+{settings.PUBLIC_URL})",
        "Accept": ", ".join([*filter(None, accept), "*/*;q=0.1"]),
        "Accept-Encoding": answers.ACCEPT_ENCODING,
        "Connection": "close",
    }
    for name, validator in zip(VALIDATORS, (etag, modified), strict=True):
        if VALIDATOR.fullmatch(validator):
            headers[name] = validator
    return headers


def _once(target: Target, headers: dict[str, str], accept: Collection[str], budget: Budget) -> Fetched | str:
    """The page, or the Location that the answer sends on to."""
    try:
        budget.allow(HEADER_LIMIT, _("The site's answer begins with too many headers."))
        with closing(ask(target, headers, budget)) as connection, closing(connection.getresponse()) as response:
            if response.status in REDIRECTS:
                return _location(response)
            not_modified = response.status == 304 and not headers.keys().isdisjoint(VALIDATORS)
            media_type, charset = answers.kind(response)
            body, wire_bytes = b"", 0
            if not not_modified:
                answers.check_status(response)
                answers.check_kind(media_type, accept)
                body, wire_bytes = answers.read(response, budget)
            return Fetched(
                url=target.url,
                final_url=target.url,
                status=response.status,
                headers=tuple(response.headers.iteritems()),
                body=body,
                wire_bytes=wire_bytes,
                media_type=media_type,
                charset=charset,
                fetched_at=timezone.now(),
                redirects=(),
                not_modified=not_modified,
            )
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
        raise in_our_words(error, target, budget) from error


def _location(response: HTTPResponse) -> str:
    locations = set(response.headers.getlist("Location"))
    if len(locations) != 1:
        raise AnswerRefused(_("The site sends on to another address and does not say which."), "redirects")
    location = locations.pop()
    try:  # http.client reads headers as Latin-1; what is not ASCII in them is UTF-8 nearly always
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _next(target: Target, location: str, visited: list[str]) -> Target:
    try:
        following = parse(location, base=target)
    except AddressRefused as error:  # whoever gave the first address has never seen this one
        said = _("The site sends on to another address. %(why)s") % {"why": error}
        raise AddressRefused(said, error.reason) from error
    if len(visited) > MOST_REDIRECTS or following.url in visited:
        raise AnswerRefused(_("The site sends on from one address to another without an end."), "redirects")
    if target.scheme == "https" and following.scheme == "http":
        raise AnswerRefused(_("The site sends on from a protected address (https) to one that is not."), "redirects")
    return following


def in_our_words(error: Exception, target: Target, budget: Budget) -> FetchError:
    """What socket, ssl, http.client and urllib3 call it, as an error of ours."""
    said = {"host": target.host}
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return budget.over()
    if isinstance(error, ssl.SSLCertVerificationError):
        return NoAnswer(
            _("“%(host)s” cannot prove that it is itself: %(why)s.")
            % {**said, "why": error.verify_message.rstrip(".")},
            "tls",
        )
    if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
        return NoAnswer(_("No protected connection to “%(host)s” came about.") % said, "tls")
    if isinstance(error, http.client.LineTooLong):
        return AnswerRefused(_("The site's answer begins with too many headers."), "too_large")
    if isinstance(error, http.client.RemoteDisconnected):
        return NoAnswer(_("“%(host)s” ended the connection without an answer.") % said, "refused", retry=True)
    if isinstance(error, ConnectionResetError | BrokenPipeError | urllib3.exceptions.ProtocolError):
        return AnswerRefused(_("The answer of “%(host)s” broke off.") % said, "malformed", retry=True)
    if isinstance(error, OSError):
        return NoAnswer(_("“%(host)s” cannot be reached.") % said, "refused", retry=True)
    return AnswerRefused(_("“%(host)s” does not answer as a web site does.") % said, "malformed")
