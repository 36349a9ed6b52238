"""The operator's way out: what it is told, and that no other is ever taken."""

import select
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from factcheck.exceptions import AddressRefused, NoAnswer
from factcheck.fetching import fetch
from tests.fetching.conftest import Site, answer

pytestmark = pytest.mark.unit

PAGE = b"<p>hello</p>"


def tunnel_to(port):
    """CONNECT, answered: bytes go to and fro until one side ends."""

    def send(connection):
        with socket.socket() as onwards:
            onwards.connect(("127.0.0.1", port))
            connection.sendall(b"HTTP/1.1 200 Connected\r\nX-Proxy: yes\r\n\r\n")
            while True:
                for readable in select.select([connection, onwards], [], [], 5)[0]:
                    if not (data := readable.recv(65_536)):
                        return
                    (onwards if readable is connection else connection).sendall(data)

    return send


@pytest.fixture
def proxy(settings, names):
    """The operator's proxy on a loopback address, which is shut to addresses of strangers."""
    running = Site()
    settings.EGRESS_PROXY = urlsplit(f"http://desk:p%40ss@proxy.internal:{running.port}")
    names["proxy.internal"] = [["127.0.0.1"]]
    names["outside.example"] = [["93.184.216.34"]]
    with closing(running):
        yield running


def test_http_goes_through_the_proxy_by_name(proxy, connects):
    proxy.pages["http://outside.example/a?b"] = answer(200, PAGE)
    assert fetch("http://outside.example/a?b#c").body == PAGE
    assert proxy.requests[0].startswith("GET http://outside.example/a?b HTTP/1.1\r\nHost: outside.example\r\n")
    assert "proxy-authorization: basic ZGVzazpwQHNz\r\n".lower() in proxy.requests[0].lower()
    assert connects == [("127.0.0.1", proxy.port)]


def test_https_goes_through_a_tunnel_in_which_the_site_proves_itself(proxy, certificates, settings, connects):
    settings.FETCH_CA_FILE = str(certificates.authority)
    with closing(Site(tls=certificates("outside.example"))) as site, closing(Site(tls=certificates("x.example"))) as x:
        site.pages["/"] = answer(200, PAGE)
        proxy.pages["outside.example:443"] = tunnel_to(site.port)
        assert fetch("https://outside.example/").body == PAGE
        assert "proxy-authorization" not in site.requests[0].lower()
        assert site.names == ["outside.example"]
        proxy.pages["outside.example:443"] = tunnel_to(x.port)
        with pytest.raises(NoAnswer) as refused:
            fetch("https://outside.example/")
        assert refused.value.reason == "tls"
        assert connects == [("127.0.0.1", proxy.port)] * 2


def test_a_forbidden_address_is_not_even_told_to_the_proxy(proxy, names):
    names["inside.example"] = [["10.0.0.1"]]
    proxy.pages[""] = answer(302, b"", "Location: http://inside.example/")
    for url, requests in (("http://inside.example/", 0), ("http://127.0.0.1/", 0), ("http://outside.example/", 1)):
        with pytest.raises(AddressRefused):
            fetch(url)
        assert len(proxy.requests) == requests


def test_a_proxy_that_refuses_is_said_in_words(proxy):
    proxy.pages[""] = answer(403)
    with pytest.raises(NoAnswer, match="cannot be reached") as refused:
        fetch("https://outside.example/")
    assert (refused.value.reason, refused.value.retry) == ("refused", True)


def test_a_proxy_of_the_environment_is_never_taken(site, vault, monkeypatch, connects):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.2:{site.port}")
    site.pages["/"] = answer(200, PAGE)
    assert fetch(site.url).body == PAGE
    assert connects == [("127.0.0.1", site.port)]
