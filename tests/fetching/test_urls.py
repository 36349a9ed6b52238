"""Hostile addresses and spellings of them: each is refused, and nobody was connected to. And that good ones are not."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from factcheck.exceptions import AddressRefused, FetchError
from factcheck.fetching import fetch
from factcheck.fetching.networks import allowed
from factcheck.fetching.urls import parse

pytestmark = pytest.mark.unit

# PORT is one that is allowed, and where something forbidden listens: only the host can be the reason to refuse.
FORBIDDEN = [
    "http://127.0.0.2:PORT/",
    "http://127.255.255.254:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0.1.2.3/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v2/",
    "http://168.63.129.16/machine",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[0000::0001]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.2]:PORT/",
    "http://[::ffff:7f00:2]:PORT/",
    "http://[::FFFF:a9fe:a9fe]/",
    "http://[::127.0.0.2]:PORT/",
    "http://[::ffff:0:127.0.0.2]:PORT/",
    "http://[64:ff9b::7f00:2]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:2::]:PORT/",
    "http://[2002:c0a8:101::1]/",
    "http://[2001:0:5db8:d822:0:0:80ff:fffd]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[ff02::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://127.0.0.2.:PORT/",
    "http://１２７.０.０.２:PORT/",
    "http://①②⑦.⓪.⓪.②:PORT/",
    "http://127。0。0。2:PORT/",
    "http://127．0．0．2:PORT/",
    "http://127.0.0.2:PORT#@example.org/",
    "http://127.0.0.2:PORT?@example.org/",
    "http://localhost:PORT/",
    "http://LOCALHOST.:PORT/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
    "http://router/",
    "http://inside.example:PORT/",
    "http://INSIDE.example.:PORT/",
    "http://ｉｎｓｉｄｅ．example:PORT/",
    "http://in\u00adside.example:PORT/",
    "http://app.localhost:PORT/",
    "http://127.0.0.2.nip.example:PORT/",
    "http://both.example:PORT/",
    "http://six.example:PORT/",
    "http://mapped.example:PORT/",
    "http://zone.example:PORT/",
]
MALFORMED = [
    "",
    "http://",
    "http://2130706434:PORT/",
    "http://0x7f000002:PORT/",
    "http://0X7F000002:PORT/",
    "http://017700000002:PORT/",
    "http://0177.0.0.2:PORT/",
    "http://0x7f.0.0.2:PORT/",
    "http://127.0.0.0x2:PORT/",
    "http://127.2:PORT/",
    "http://127.0.2:PORT/",
    "http://0:PORT/",
    "http://127.0.0.02:PORT/",
    "http://127.0.0.258:PORT/",
    "http://1.2.3.4.5/",
    "http://１２７.２:PORT/",
    "http://inside.example.0x:PORT/",
    "http://[::1%25lo]:PORT/",
    "http://[fe80::1%eth0]/",
    "http://[::1:PORT/",
    "http://[::1]extra:PORT/",
    "http://[127.0.0.2]:PORT/",
    "http://[v1.x]/",
    "http://%31%32%37.0.0.2:PORT/",
    "http://％31.2:PORT/",
    "http://example.org\\@127.0.0.2:PORT/",
    "http:\\\\127.0.0.2:PORT\\",
    "http://example.org/\\127.0.0.2",
    "http://127.0.0.2\t:PORT/",
    "ht\ntp://127.0.0.2:PORT/",
    "http://example.org\r\nHost: 127.0.0.2/",
    "http://127.0.0.2\x00.example.org/",
    "http://example.org/\x7f",
    "http://example.org/\u2028",
    "http://example.org/\ud800",
    "http:127.0.0.2:PORT/",
    "http:/127.0.0.2:PORT/",
    "http:///127.0.0.2:PORT/",
    "http://./",
    "http://../",
    "http://a..example/",
    "http://-a.example/",
    "http://a-.example/",
    "http://in side.example/",
    "http://*.example/",
    "http://inside.example:PORT:80/",
    "http://inside.example:8O/",
    "http://inside.example:-1/",
    "http://inside.example:８０/",
    "http://inside.example：80/",
    "http://example.org＠127.0.0.2:PORT/",
    "http://℀.example/",
    "http://xn--\u202e.example/",
    f"http://{'a' * 64}.example/",
    f"http://{'a.' * 126}example/",
    f"http://example.org/{'a' * 4096}",
]
CREDENTIALS = [
    "http://example.org@127.0.0.2:PORT/",
    "http://user:secret@127.0.0.2:PORT/",
    "http://127.0.0.2:PORT@inside.example/",
    "http://@127.0.0.2:PORT/",
    "http://a@b@127.0.0.2:PORT/",
    "http://:@127.0.0.2:PORT/",
]
SCHEMES = [
    "127.0.0.2:PORT",
    "//127.0.0.2:PORT/",
    "example.org/page",
    "file:///etc/passwd",
    "ftp://127.0.0.2:PORT/",
    "gopher://127.0.0.2:PORT/_SET",
    "dict://127.0.0.2:PORT/",
    "ws://127.0.0.2:PORT/",
    "unix:///run/service.sock",
    "javascript:fetch('http://127.0.0.2')",
    "data:text/html,hello",
    "view-source:http://127.0.0.2:PORT/",
    "jar:http://127.0.0.2:PORT/!/",
    "http\u200b://127.0.0.2:PORT/",
    "httpſ://127.0.0.2:PORT/",
]
PORTS = [
    "http://outside.example:22/",
    "http://outside.example:0/",
    "http://outside.example:5432/",
    "https://outside.example:8443/",
    "http://outside.example:65616/",  # 80, to whoever cuts off bits
    "http://outside.example:18446744073709551696/",
]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        *((url, "forbidden_address") for url in FORBIDDEN),
        *((url, "malformed") for url in MALFORMED),
        *((url, "credentials") for url in CREDENTIALS),
        *((url, "scheme") for url in SCHEMES),
        *((url, "port") for url in PORTS),
    ],
)
def test_a_hostile_address_is_refused_and_nobody_is_connected_to(url, reason, site, vault, names, connects):
    names |= {
        "inside.example": [["127.0.0.2"]],
        "127.0.0.2.nip.example": [["127.0.0.2"]],
        "app.localhost": [["127.0.0.2", "::1"]],
        "both.example": [["127.0.0.1", "127.0.0.2"]],  # the first would be allowed
        "six.example": [["127.0.0.1", "::1"]],
        "mapped.example": [["::ffff:127.0.0.2"]],
        "zone.example": [["fe80::1%eth0"]],
        "outside.example": [["127.0.0.1"]],
    }
    with pytest.raises(AddressRefused) as refused:
        fetch(url.replace("PORT", str(site.port)), deadline=2)
    assert (refused.value.reason, refused.value.retry) == (reason, False)
    assert str(refused.value).endswith(".")
    assert connects == []


def test_the_listeners_and_the_observer_would_notice(site, names, connects):
    """What the zeros above are worth: the same fetch of an address that is allowed is seen by both."""
    names["outside.example"] = [["127.0.0.1"]]
    with pytest.raises(FetchError, match="404"):
        fetch(f"http://outside.example:{site.port}/")
    assert site.accepted == 1
    assert connects == [("127.0.0.1", site.port)]


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("HTTPS://Example.ORG:443/A?b=%20c#d", "https://example.org/A?b=%20c"),
        ("  http://example.org.:80\n", "http://example.org/"),
        ("http://example.org?q", "http://example.org/?q"),
        ("http://example.org:443/", "http://example.org:443/"),
        (
            "https://bücher.example/straße und weg?q=ü[1]",
            "https://xn--bcher-kva.example/stra%C3%9Fe%20und%20weg?q=%C3%BC[1]",
        ),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://a_b.example.org/%zz%2F..%2f", "https://a_b.example.org/%25zz%2F..%2f"),
        (
            "https://fa.example.org/می\u200cخواهم\u200b",
            "https://fa.example.org/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85",
        ),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2606:4700:0:0::1111]:80/", "http://[2606:4700::1111]/"),
        ("https://example.org/a@b:c;d", "https://example.org/a@b:c;d"),
    ],
)
def test_a_good_address_is_written_out_in_one_plain_form(url, read):
    assert parse(url).url == read
    assert parse(read).url == read


AUTHORITIES = st.text(st.sampled_from("aé1.０。:@[]%/\\?#- \t_xf①"), max_size=20)


@how(deadline=None)  # the first name in another script loads its tables
@given(st.builds("{}{}".format, st.sampled_from(["http://", "https://", ""]), st.text(max_size=60) | AUTHORITIES))
def test_any_text_is_either_refused_or_has_one_reading(text):
    try:
        target = parse(text)
    except AddressRefused:
        return
    assert parse(target.url) == target
    assert target.url.isascii()
    assert target.url.isprintable()
    assert " " not in target.url


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("9.255.255.255", "10.0.0.0"),
        ("11.0.0.0", "10.255.255.255"),
        ("100.63.255.255", "100.64.0.0"),
        ("100.128.0.0", "100.127.255.255"),
        ("126.255.255.255", "127.0.0.0"),
        ("128.0.0.0", "127.255.255.255"),
        ("169.253.255.255", "169.254.0.0"),
        ("172.15.255.255", "172.16.0.0"),
        ("172.32.0.0", "172.31.255.255"),
        ("192.167.255.255", "192.168.0.0"),
        ("198.17.255.255", "198.19.255.255"),
        ("223.255.255.255", "224.0.0.0"),
        ("168.63.129.17", "168.63.129.16"),
        ("2001:200::1", "2001:1ff::1"),
        ("2000::1", "1fff::1"),
        ("3ffe::1", "4000::"),
        ("64:ff9b::5db8:d822", "64:ff9b::a00:1"),
    ],
)
def test_where_the_forbidden_networks_end(outside, inside):
    assert allowed(outside)
    assert not allowed(inside)


def test_an_operator_closes_networks_of_their_own(settings):
    settings.FETCH_FORBIDDEN_NETWORKS = [ip_network("93.184.216.0/24"), ip_network("2606:4700::/32")]
    assert [allowed(address) for address in ("93.184.216.34", "64:ff9b::5db8:d822", "2606:4700::1")] == [False] * 3
    assert allowed("93.184.217.34")
