"""Asking a site: what comes back, where it may send us on to, and whom the desk tells what."""

import gzip
import socket
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import certifi
import pytest

from factcheck.exceptions import AddressRefused, AnswerRefused, FetchError, NoAnswer
from factcheck.fetching import HTML, fetch
from tests.fetching.conftest import Site, answer

pytestmark = pytest.mark.unit

PAGE = "<p>Grüße</p>".encode()


def test_a_page_comes_with_all_that_is_known_of_it(site, settings):
    settings.PUBLIC_URL = "https://desk.example.org"
    site.pages["/a?b=c"] = answer(200, PAGE, 'ETag: "1"', "X-Two: a", "X-Two: b", kind="Text/HTML; Charset=UTF-8")
    before = datetime.now(UTC)
    fetched = fetch(f"{site.url}/a?b=c#d")
    assert (fetched.url, fetched.final_url) == (f"{site.url}/a?b=c#d", f"{site.url}/a?b=c")
    assert (fetched.status, fetched.body, fetched.wire_bytes) == (200, PAGE, len(PAGE))
    assert (fetched.media_type, fetched.charset) == ("text/html", "utf-8")
    assert (fetched.header("etag"), fetched.redirects, fetched.not_modified) == ('"1"', (), False)
    assert [pair for pair in fetched.headers if pair[0] == "X-Two"] == [("X-Two", "a"), ("X-Two", "b")]
    assert before <= fetched.fetched_at <= datetime.now(UTC)
    assert site.requests[0].split("\r\n")[:-2] == [
        "GET /a?b=c HTTP/1.1",
        f"Host: 127.0.0.1:{site.port}",
        "User-Agent: Factcheck (+https://desk.example.org)",
        "Accept: text/html, application/xhtml+xml, */*;q=0.1",
        "Accept-Encoding: gzip, deflate",
        "Connection: close",
    ]


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("Deflate", raw_deflate)],
)
def test_a_packed_page_is_unpacked_whole(site, encoding, pack):
    page = b"".join(b"%d words, " % number for number in range(80_000))
    packed = pack(page)
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[i : i + 999] for i in range(0, len(packed), 999))
    )
    site.pages["/"] = answer(200, chunks + b"0\r\n\r\n", f"Content-Encoding: {encoding}", "Transfer-Encoding: chunked")
    fetched = fetch(site.url)
    assert fetched.body == page
    assert fetched.wire_bytes == len(packed)


# --- names -------------------------------------------------------------------------------------------------------


def test_the_address_that_was_checked_is_the_one_connected_to(site, vault, names, connects):
    """Rebinding: a name that leads to an allowed address when it is checked, and into the machine right after."""
    names["rebind.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    site.pages["/"] = answer(200, PAGE)
    assert fetch(f"http://rebind.example:{site.port}/").body == PAGE
    assert names.asked == ["rebind.example"]
    assert connects == [("127.0.0.1", site.port)]
    assert f"Host: rebind.example:{site.port}\r\n" in site.requests[0]
    with pytest.raises(AddressRefused, match="in a network that the desk does not open"):
        fetch(f"http://rebind.example:{site.port}/")
    assert connects == [("127.0.0.1", site.port)]


def test_a_name_that_changes_between_redirects_is_checked_each_time(site, vault, names, connects):
    names["rebind.example"] = [["127.0.0.1"], ["::1"]]
    site.pages["/"] = answer(302, b"", "Location: /next")
    with pytest.raises(AddressRefused):
        fetch(f"http://rebind.example:{site.port}/")
    assert names.asked == ["rebind.example"] * 2
    assert connects == [("127.0.0.1", site.port)]


def test_a_name_that_does_not_exist_and_a_door_that_is_shut(names, settings):
    settings.FETCH_ALLOW_LOOPBACK = True
    names["shut.example"] = [["127.0.0.1"]]
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        settings.FETCH_PORTS = {port}
        for host, reason, retry in (("none.example", "dns", False), ("shut.example", "refused", True)):
            with pytest.raises(NoAnswer, match=host) as failed:
                fetch(f"http://{host}:{port}/")
            assert (failed.value.reason, failed.value.retry) == (reason, retry)


def test_without_the_exception_for_tests_loopback_is_shut(site, settings, connects):
    settings.FETCH_ALLOW_LOOPBACK = False
    with pytest.raises(AddressRefused) as refused:
        fetch(site.url)
    assert refused.value.reason == "forbidden_address"
    assert connects == []


# --- redirects ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.2:PORT/", "forbidden_address"),
        ("//127.0.0.2:PORT/", "forbidden_address"),
        ("http://[::1]:PORT/", "forbidden_address"),
        ("http://[::ffff:127.0.0.2]:PORT/", "forbidden_address"),
        ("http://169.254.169.254/latest/meta-data/", "forbidden_address"),
        ("http://inside.example:PORT/", "forbidden_address"),
        ("http://0x7f.2:PORT/", "malformed"),
        ("/\\127.0.0.2:PORT/", "malformed"),
        ("/\t/127.0.0.2:PORT/", "malformed"),
        ("http://a:b@127.0.0.2:PORT/", "credentials"),
        ("http://127.0.0.1:22/", None),  # any port of 127.0.0.1 is open to tests: nobody listens there
        ("http://outside.example:22/", "port"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.2:PORT/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("", "redirects"),
    ],
)
def test_a_redirect_is_checked_like_an_address_that_somebody_gave(location, reason, site, vault, names, connects):
    names["inside.example"] = [["127.0.0.1", "127.0.0.2"]]
    location = location.replace("PORT", str(site.port))
    site.pages["/first"] = answer(302, b"", "Location: /second")
    site.pages["/second"] = answer(307, b"", *([f"Location: {location}"] if location else []))
    with pytest.raises(FetchError) as refused:
        fetch(f"{site.url}/first")
    assert refused.value.reason == (reason or "refused")
    assert [pair for pair in connects if pair != ("127.0.0.1", 22)] == [("127.0.0.1", site.port)] * 2


def test_five_redirects_are_followed_and_not_six_and_no_loop(site):
    for number in range(6):
        site.pages[f"/{number}"] = answer((301, 302, 303, 307, 308)[number % 5], b"", f"Location: {number + 1}")
    site.pages["/6"] = answer(200, PAGE)
    site.pages["/loop"] = answer(302, b"", "Location: /loop#again")
    fetched = fetch(f"{site.url}/1")
    assert fetched.redirects == tuple(f"{site.url}/{number}" for number in range(2, 7))
    assert (fetched.url, fetched.final_url, fetched.body) == (f"{site.url}/1", f"{site.url}/6", PAGE)
    for path, requests in (("/0", 6), ("/loop", 1)):
        site.requests.clear()
        with pytest.raises(AnswerRefused, match="without an end") as refused:
            fetch(site.url + path)
        assert refused.value.reason == "redirects"
        assert len(site.requests) == requests


def test_nothing_is_carried_from_one_site_to_the_next(site):
    site.pages["/"] = answer(302, b"", "Set-Cookie: who=me", "Location: /straße".encode().decode("latin-1"))
    site.pages["/stra%C3%9Fe"] = answer(200, PAGE)
    assert fetch(site.url).body == PAGE
    sent = "".join(site.requests).lower()
    assert len(site.requests) == 2
    assert [name for name in ("cookie", "authorization", "referer", "who=me") if name in sent] == []


# --- TLS ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def safe_site(settings, certificates):
    """safe_site(name, days): a site that speaks TLS with such a certificate."""
    settings.FETCH_ALLOW_LOOPBACK = True
    settings.FETCH_CA_FILE = str(certificates.authority)
    sites = []

    def make(name, days=30):
        sites.append(Site(tls=certificates(name, days)))
        settings.FETCH_PORTS = {80, 443, *(made.port for made in sites)}
        return sites[-1]

    yield make
    for made in sites:
        made.close()


def test_the_certificate_and_sni_are_for_the_name_and_the_connection_is_to_the_address(safe_site, names, connects):
    site = safe_site("safe.example")
    names["safe.example"] = [["127.0.0.1"]]
    site.pages["/"] = answer(200, PAGE)
    assert fetch(f"https://safe.example:{site.port}/").body == PAGE
    assert (site.names, connects) == (["safe.example"], [("127.0.0.1", site.port)])
    assert fetch(f"https://safe.example.:{site.port}/").body == PAGE


def test_a_certificate_that_does_not_prove_the_name_is_refused(safe_site, names, settings):
    names["safe.example"] = [["127.0.0.1"]]
    other, expired, good = safe_site("other.example"), safe_site("safe.example", -1), safe_site("safe.example", 29)
    for site, why in ((other, "mismatch"), (expired, "expired")):
        with pytest.raises(NoAnswer, match=why) as refused:
            fetch(f"https://safe.example:{site.port}/")
        assert (refused.value.reason, refused.value.retry) == ("tls", False)
        assert site.requests == []
    settings.FETCH_CA_FILE = certifi.where()
    with pytest.raises(NoAnswer, match="unable to get local issuer certificate"):
        fetch(f"https://safe.example:{good.port}/")


def test_no_redirect_from_https_to_http(safe_site, site, settings):
    safe = safe_site("127.0.0.1")
    settings.FETCH_PORTS = {80, 443, safe.port, site.port}
    safe.pages["/"] = answer(302, b"", f"Location: {site.url}/")
    site.pages["/"] = answer(302, b"", f"Location: {safe.url}/up")
    safe.pages["/up"] = answer(200, PAGE)
    with pytest.raises(AnswerRefused) as refused:
        fetch(safe.url)
    assert (refused.value.reason, site.accepted) == ("redirects", 0)
    assert fetch(site.url).final_url == f"{safe.url}/up"


# --- status and kind ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "retry", "after"),
    [
        (201, (), False, None),
        (204, (), False, None),
        (206, (), False, None),
        (300, (), False, None),
        (304, (), False, None),  # nobody asked whether it was modified
        (403, (), False, None),
        (404, ("Retry-After: 5",), False, None),
        (410, (), False, None),
        (429, ("Retry-After: 7",), True, 7),
        (429, ("Retry-After: soon",), True, None),
        (429, (f"Retry-After: {'9' * 5000}",), True, None),
        (429, ("Retry-After: 99999999",), True, 21_600),
        (500, (), True, None),
        (501, (), False, None),
        (503, ("Retry-After: IN A MINUTE",), True, 60),
        (999, (), False, None),
    ],
)
def test_a_status_is_told_and_whether_asking_again_can_help(status, headers, retry, after, site):
    minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    headers = [line.replace("IN A MINUTE", minute) for line in headers]
    site.pages["/"] = answer(status, b"" if status in (204, 304) else PAGE, *headers)
    with pytest.raises(AnswerRefused, match=str(status)) as refused:
        fetch(site.url)
    assert (refused.value.reason, refused.value.retry) == ("gone" if status == 410 else "status", retry)
    assert refused.value.retry_after == (after if after is None else pytest.approx(after, abs=5))


def test_what_was_not_modified_is_not_sent_again(site):
    site.pages["/"] = answer(304, b"", 'ETag: "1"')
    fetched = fetch(site.url, etag='"1"', modified="Tue, 24 Nov 2026 08:00:00 GMT")
    assert (fetched.status, fetched.not_modified, fetched.body, fetched.header("etag")) == (304, True, b"", '"1"')
    assert 'If-None-Match: "1"\r\n' in site.requests[0]
    assert "If-Modified-Since: Tue, 24 Nov 2026 08:00:00 GMT\r\n" in site.requests[0]
    with pytest.raises(AnswerRefused, match="304"):  # a validator that could write headers of its own is not sent
        fetch(site.url, etag='"1"\r\nHost: inside.example')
    assert "inside.example" not in site.requests[1]


@pytest.mark.parametrize(
    ("kind", "accept", "charset"),
    [
        ("text/html", HTML, ""),
        ("application/xhtml+xml;charset='x", HTML, ""),
        ("TEXT/HTML ; charset=Windows-1252", HTML, "windows-1252"),
        ("text/html; charset=zlib", HTML, ""),
        ("text/html; charset=punycode", HTML, ""),
        ("text/html; charset*=nonsense'en'%ff%00", HTML, ""),
        ("text/html; charset*0*=''a; charset*x=b; =;;", HTML, ""),
        ("application/pdf", ("application/pdf",), ""),
        ("", ("text/plain", ""), ""),
        ("application/pdf", HTML, None),
        ("application/octet-stream; x=text/html", HTML, None),
        ("text/html, application/pdf", HTML, None),
        ("", HTML, None),
    ],
)
def test_only_what_was_asked_for_is_read(kind, accept, charset, site):
    site.pages["/"] = answer(200, PAGE, kind=kind)
    if charset is not None:
        assert fetch(site.url, accept=accept).charset == charset
        return
    with pytest.raises(AnswerRefused) as refused:
        fetch(site.url, accept=accept)
    assert (refused.value.reason, refused.value.retry) == ("content_type", False)
