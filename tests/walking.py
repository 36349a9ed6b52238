"""Every address, asked by everybody: what test_every_page and api/test_every_address look at from several sides."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass

import zeal
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck.models import User
from tests.browser import newsroom
from tests.browser.addresses import Address

ROLES = [name for name in newsroom.PEOPLE if name != "grace"]
"""One of each role: grace is a checker, as bob is."""


@dataclass(frozen=True)
class Answer:
    address: Address
    status: int
    to_log_in: bool
    queries: int | None  # of a second request, when what is kept between requests is kept

    def __str__(self) -> str:
        return f"{self.status} {self.address.path}"


def window(who: User | None = None) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    if who is not None:
        client.force_login(who)
    return client


def asked(client: Client, address: Address, twice: bool) -> Answer:
    first = client.get(address.path)
    to_log_in = first.status_code == 302 and first.url.startswith(("/accounts/login/", "/admin/login/"))
    queries = None
    if twice and first.status_code == 200:
        with CaptureQueriesContext(connection) as counted:
            client.get(address.path)
        queries = len(counted)
    return Answer(address, first.status_code, to_log_in, queries)


# The log-in names one row and the address another of the same kind, which zeal takes for a list. They are counted all
# the same.
LOOKED_UP_TWICE = ("/accounts/password/reset/key/", "/accounts/sessions/", "/admin/factcheck/user/")


def grown(few: dict[str, int | None], more: Iterable[Address], who: User) -> tuple[dict[str, tuple[int, int]], int]:
    """Addresses that cost more queries than `few` has for them, with both numbers; and how many were compared.

    `who`: after the rows that are more. Raises AssertionError for a query per row.
    """
    client = window(who)
    client.raise_request_exception = True
    client.get("/")  # the first page of a log-in notes the browser, once
    said, found, compared = [], {}, 0
    for address in more:
        twice = nullcontext() if address.path.startswith(LOOKED_UP_TWICE) else zeal.zeal_context()
        with CaptureQueriesContext(connection) as queries, twice:
            try:
                status = client.get(address.path).status_code
            except zeal.NPlusOneError as error:
                said.append(f"{address.path}: {error}")
                continue
        before = few.get(address.name)
        if status == 200 and before is not None:
            compared += 1
            if len(queries) > before:
                found[address.name] = (before, len(queries))
    assert not said, "\n".join(said)
    return found, compared
