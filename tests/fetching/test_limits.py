"""Sites that send too much, too slowly, or something else than HTTP: each ends in time, in little memory, in words."""

import gzip
import socket
import time
import tracemalloc
import zlib
from urllib.parse import urlsplit

import pytest

from factcheck.exceptions import AnswerRefused, FetchError, NoAnswer
from factcheck.fetching import fetch
from factcheck.fetching.budget import Budget
from factcheck.fetching.connections import dial
from tests.fetching.conftest import Site, answer, drip, reset

pytestmark = pytest.mark.unit

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
DEADLINE = 0.5  # seconds


def pour(data):
    """Sends data over and over, as fast as it is taken."""

    def send(connection):
        while True:
            connection.sendall(data)

    return send


def then(first, following):
    """Sends first and goes on with following(connection)."""

    def send(connection):
        connection.sendall(first)
        following(connection)

    return send


# --- time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(lambda connection: connection.recv(1), id="silence"),
        pytest.param(drip(b"H"), id="an endless status line"),
        pytest.param(then(HEADERS, drip(b"X-Slow: " + b"a" * 1000)), id="one byte of a header at a time"),
        pytest.param(then(HEADERS, drip(b"a: b\r\n")), id="header after header"),
        pytest.param(drip(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.001), id="interim answers"),
        pytest.param(then(HEADERS + b"Content-Length: 9999\r\n\r\n", drip(b"a")), id="one byte of the body at a time"),
        pytest.param(then(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n", drip(b"1\r\na\r\n")), id="slow chunks"),
        pytest.param(then(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n", drip(b"0")), id="an endless chunk size"),
        pytest.param(
            then(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", drip(b"a: b\r\n")), id="trailer after trailer"
        ),
    ],
)
def test_a_slow_site_ends_at_the_deadline(page, site):
    site.pages["/"] = page
    ends_in_time(site.url)


def ends_in_time(url, slack=0.5):
    begun = time.monotonic()
    with pytest.raises(NoAnswer, match=r"within 0\.5 seconds") as failed:
        fetch(url, deadline=DEADLINE)
    assert (failed.value.reason, failed.value.retry) == ("timeout", True)
    assert DEADLINE <= time.monotonic() - begun < DEADLINE + slack


def test_slow_redirects_share_one_deadline(site):
    def slowly(connection):
        time.sleep(DEADLINE * 0.45)
        connection.sendall(answer(302, b"", f"Location: /{len(site.requests)}"))

    site.pages[""] = slowly
    ends_in_time(site.url)
    assert len(site.requests) == 3


def test_a_slow_resolver_ends_at_the_deadline(names):
    names["slow.example"] = [lambda: time.sleep(1.5) or ["127.0.0.1"]]
    ends_in_time("http://slow.example/")


def test_a_handshake_that_does_not_come_ends_at_the_deadline(site):
    """The site waits for a request in clear and answers nothing to a ClientHello."""
    ends_in_time(f"https://127.0.0.1:{site.port}/")


def test_a_tunnel_and_the_handshake_in_it_share_one_deadline(site, names, settings):
    def nearly_too_late(connection):
        time.sleep(DEADLINE * 0.9)
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        while connection.recv(65_536):
            pass

    settings.EGRESS_PROXY = urlsplit(site.url)
    names["outside.example"] = [["93.184.216.34"]]
    site.pages["outside.example:443"] = nearly_too_late
    ends_in_time("https://outside.example/", slack=0.3)


@pytest.fixture
def full():
    """A listener whose queue is full: it answers no further SYN, as a firewall that drops them. Its port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
    yield listener.getsockname()[1]
    for one in (listener, *waiting):
        one.close()


def test_an_address_that_swallows_packets_ends_at_the_deadline(full, settings):
    settings.FETCH_ALLOW_LOOPBACK = True
    ends_in_time(f"http://127.0.0.1:{full}/")


def test_an_address_that_swallows_packets_leaves_the_next_one_its_time(full):
    second = Site("127.0.0.2", full)
    try:
        with dial(["127.0.0.1", "127.0.0.2"], full, Budget(2 * DEADLINE)) as connection:
            assert connection.getpeername() == ("127.0.0.2", full)
    finally:
        second.close()


# --- size --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(then(HEADERS, pour(b"X-Long: " + b"a" * 1_000_000)), id="a header of 1 MB"),
        pytest.param(then(HEADERS, pour(b"X-Wide: " + b"a" * 10_000 + b"\r\n")), id="wide headers without an end"),
        pytest.param(pour(b"HTTP/1.1 100 Continue\r\n\r\n"), id="interim answers without an end"),
        pytest.param(pour(b"HTTP/1.1 200 " + b"a" * 1_000_000), id="a status line of 1 MB"),
        pytest.param(then(HEADERS + b"\r\n", pour(b"a" * 10_000)), id="a body without an end"),
        pytest.param(
            then(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n", pour(b"3e8\r\n" + b"a" * 1000 + b"\r\n")),
            id="chunks without an end",
        ),
        pytest.param(
            then(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", pour(b"a" * 10_000)), id="a chunk below zero"
        ),
        pytest.param(
            then(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", pour(b"a: b\r\n")),
            id="trailers without an end",
        ),
        pytest.param(HEADERS + b"Content-Length: 1000001\r\n\r\n", id="a length that is announced"),
    ],
)
def test_a_site_that_sends_too_much_is_cut_off(page, site, settings):
    settings.FETCH_WIRE_LIMIT = 1_000_000
    site.pages["/"] = page
    tracemalloc.start()
    try:
        with pytest.raises(AnswerRefused) as refused:
            fetch(site.url, deadline=5)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (refused.value.reason, refused.value.retry) == ("too_large", False)
    assert peak < 6_000_000


def test_more_than_a_hundred_headers_are_not_read(site):
    site.pages["/"] = HEADERS + b"a: b\r\n" * 101 + b"\r\n"
    with pytest.raises(AnswerRefused, match="does not answer as a web site does"):
        fetch(site.url)


def packed(size, packer):
    """So many zeros, packed without ever having them in memory."""
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)), packer.flush()])


@pytest.mark.parametrize(
    ("wbits", "encoding"), [(31, "gzip"), (15, "deflate"), (-15, "deflate")], ids=["gzip", "zlib", "raw deflate"]
)
def test_a_bomb_is_recognised_while_it_unpacks(wbits, encoding, site, settings):
    bomb = packed(60_000_000, zlib.compressobj(level=9, wbits=wbits))
    site.pages["/"] = answer(200, bomb, f"Content-Encoding: {encoding}")
    for ratio, reason in ((100, "ratio"), (10_000, "too_large")):
        settings.FETCH_RATIO_LIMIT = ratio
        settings.FETCH_DECODED_LIMIT = 5_000_000
        tracemalloc.start()
        try:
            with pytest.raises(AnswerRefused) as refused:
                fetch(site.url)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (refused.value.reason, refused.value.retry) == (reason, False)
        assert peak < 20_000_000


def test_the_limits_are_the_last_size_that_is_let_through(site, settings):
    settings.FETCH_WIRE_LIMIT, settings.FETCH_DECODED_LIMIT = 200_000, 300_000
    site.pages["/wire"] = answer(200, b"a" * 200_000)
    site.pages["/unpacked"] = answer(200, gzip.compress(b"a" * 300_000), "Content-Encoding: gzip")
    assert len(fetch(f"{site.url}/wire").body) == 200_000
    assert len(fetch(f"{site.url}/unpacked").body) == 300_000
    settings.FETCH_WIRE_LIMIT, settings.FETCH_DECODED_LIMIT = 199_999, 299_999
    for path in ("wire", "unpacked"):
        with pytest.raises(AnswerRefused) as refused:
            fetch(f"{site.url}/{path}")
        assert refused.value.reason == "too_large"


# --- nonsense ----------------------------------------------------------------------------------------------------

GZIPPED = gzip.compress(b"words " * 1000)


@pytest.mark.parametrize(
    ("page", "reason", "retry"),
    [
        pytest.param(answer(200, b"short", "Content-Length: 99"), "malformed", True, id="fewer bytes than announced"),
        pytest.param(reset(answer(200, b"short", "Content-Length: 99")), "malformed", True, id="reset in the body"),
        pytest.param(reset(HEADERS), "malformed", True, id="reset in the headers"),
        pytest.param(reset(b""), "malformed", True, id="reset at once"),
        pytest.param(b"", "refused", True, id="closed without a word"),
        pytest.param(b"<html>hello", "malformed", False, id="no status line"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", "malformed", False, id="not HTTP"),
        pytest.param(b"HTTP/1.1 abc OK\r\n\r\n", "malformed", False, id="a status of letters"),
        pytest.param(b"HTTP/1.1 42 OK\r\n\r\n", "malformed", False, id="a status that there is not"),
        pytest.param(
            answer(200, b"zz\r\nhello\r\n", "Transfer-Encoding: chunked"), "malformed", True, id="chunks of nonsense"
        ),
        pytest.param(
            answer(200, b"5\r\nhello\r\n", "Transfer-Encoding: chunked"), "malformed", True, id="no last chunk"
        ),
        pytest.param(
            answer(200, b"ffffffffffffffff\r\nhello", "Transfer-Encoding: chunked"),
            "malformed",
            True,
            id="a chunk of 16 EB",
        ),
        pytest.param(
            answer(200, b"hello", "Content-Length: 5", "Content-Length: 99"), "malformed", False, id="two lengths"
        ),
        pytest.param(answer(200, b"hello", "Content-Length: -5"), "malformed", False, id="a length below nothing"),
        pytest.param(answer(200, b"hello", "Content-Length: five"), "malformed", False, id="a length in letters"),
        pytest.param(answer(200, b"hello", "Content-Encoding: gzip"), "encoding", True, id="not packed after all"),
        pytest.param(
            answer(200, GZIPPED[:-20], "Content-Encoding: gzip"), "encoding", True, id="packed, and breaks off"
        ),
        pytest.param(answer(200, GZIPPED, "Content-Encoding: gzip, gzip"), "encoding", False, id="packed twice"),
        pytest.param(
            answer(200, GZIPPED, "Content-Encoding: gzip", "Content-Encoding: gzip"),
            "encoding",
            False,
            id="packed twice, in two lines",
        ),
        pytest.param(answer(200, b"hello", "Content-Encoding: br"), "encoding", False, id="packed otherwise"),
    ],
)
def test_an_answer_that_is_none_gets_a_plain_sentence(page, reason, retry, site):
    site.pages["/"] = page
    with pytest.raises(FetchError) as refused:
        fetch(site.url, deadline=2)
    assert (refused.value.reason, refused.value.retry) == (reason, retry)
    assert str(refused.value).endswith(".")


def test_a_site_that_speaks_no_tls_is_not_asked_in_clear(site):
    site.pages[""] = answer(200, b"hello")
    listener = Site()
    listener.serve = lambda connection: (connection.sendall(b"hello"), connection.close())
    try:
        with pytest.raises(NoAnswer) as failed:
            fetch(f"https://127.0.0.1:{listener.port}/", deadline=2)
    finally:
        listener.close()
    assert failed.value.reason == "tls"


def test_what_an_empty_page_is(site):
    site.pages["/"] = answer(200, b"", "Content-Encoding: gzip")
    assert fetch(site.url).body == b""
