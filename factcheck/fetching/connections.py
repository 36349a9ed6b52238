"""A connection to exactly the address that was checked: the name serves for Host, SNI and certificate only."""

import socket
from functools import lru_cache
from urllib.parse import SplitResult, unquote

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import make_headers

from factcheck.fetching.budget import Budget, BudgetedContext, BudgetedSocket
from factcheck.fetching.networks import look_up, resolve
from factcheck.fetching.urls import Target


class _Pinned:
    """Laid over urllib3's connection classes: no name is looked up here, so none can change its mind."""

    addresses: list[str]
    port: int
    budget: Budget

    def _new_conn(self) -> socket.socket:
        return dial(self.addresses, self.port, self.budget)


class PinnedHTTPConnection(_Pinned, HTTPConnection):
    pass


class PinnedHTTPSConnection(_Pinned, HTTPSConnection):
    pass


def ask(target: Target, headers: dict[str, str], budget: Budget, body: bytes | None = None) -> HTTPConnection:
    """Look the name up, connect, and send a GET, or with a body a POST; the answer is still to be read. The caller
    closes the connection.

    Raises FetchError, or what socket, ssl, http.client and urllib3 raise (exchange.in_our_words).
    """
    addresses = resolve(target.host, budget)  # with a proxy too: a forbidden name is not even told to it
    proxy: SplitResult | None = settings.EGRESS_PROXY
    host, port, path = target.host, target.port, target.path
    headers = {"Host": target.authority, **headers}
    if proxy is not None:
        # The operator's own, so it may well be in a private network. It connects by name, and has to refuse what
        # it must not reach itself: docs/fetching.md.
        host, port = proxy.hostname or "", proxy.port or 0
        addresses = look_up(host, budget)
    connection: PinnedHTTPConnection | PinnedHTTPSConnection
    if target.scheme == "https":
        connection = PinnedHTTPSConnection(host, port, ssl_context=context(settings.FETCH_CA_FILE))
        if proxy is not None:
            connection.set_tunnel(target.host, target.port, headers=_credentials(proxy))
    else:
        connection = PinnedHTTPConnection(host, port)
        if proxy is not None:
            path = target.url
            headers |= _credentials(proxy)
    connection.addresses, connection.budget = addresses, budget
    try:
        method = "GET" if body is None else "POST"
        connection.request(method, path, body=body, headers=headers, preload_content=False, decode_content=False)
    except BaseException:
        connection.close()
        raise
    return connection


def dial(addresses: list[str], port: int, budget: Budget) -> BudgetedSocket:
    """The first address that answers. One that swallows packets (often IPv6) leaves the others their share of time."""
    failed: OSError = OSError("no address")
    for position, address in enumerate(addresses):
        dialled = BudgetedSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        dialled.budget = budget
        try:
            dialled.settimeout(budget.left() / (len(addresses) - position))
            dialled.connect((address, port))
        except OSError as error:
            dialled.close()
            failed = error
        except BaseException:
            dialled.close()
            raise
        else:
            return dialled
    raise failed


def _credentials(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    return make_headers(proxy_basic_auth=f"{unquote(proxy.username)}:{unquote(proxy.password or '')}")


@lru_cache(maxsize=4)
def context(ca_file: str) -> BudgetedContext:
    """Reading the authorities takes some 20 ms: once for each file."""
    return BudgetedContext(ca_file)
