"""Feeds of every kind as they are written, well and badly."""

from datetime import UTC, datetime

import pytest

from factcheck.text.feeds import LARGEST, read
from factcheck.text.plain import UnreadableText

pytestmark = pytest.mark.unit

URL = "https://herald.example/news/feed.xml"
RSS_20 = """<?xml version="1.0"?><rss version="2.0"><channel><title>The <b>Herald</b></title><link>https://x.example/</link>
<item><title>The bridge &amp;amp; the ferry</title><link>/2024/bridge?utm_source=rss&amp;page=2#top</link>
<guid isPermaLink="false">b-1</guid><pubDate>Tue, 14 May 2024 10:00:00 +0200</pubDate></item></channel></rss>"""
RSS_091 = """<?xml version="1.0"?><rss version="0.91"><channel><title>The Herald</title>
<item><title>The bridge</title><link>/2024/bridge?page=2</link></item></channel></rss>"""
RSS_10 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://herald.example/"><title>The Herald</title>
</channel><item rdf:about="b-1"><title>The bridge</title><link>/2024/bridge?page=2</link>
<dc:date>2024-05-14T08:00:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://herald.example/2024/"><title>The Herald</title>
<entry><id>tag:b-1</id><title type="html">The &lt;i&gt;bridge&lt;/i&gt;</title><link rel="enclosure" href="bridge.mp3"/>
<link href="bridge?page=2"/><updated>2024-05-14T08:00:00Z</updated></entry></feed>"""


@pytest.mark.parametrize(
    ("written", "guid", "title", "dated"),
    [
        (RSS_20, "b-1", "The bridge & the ferry", True),
        (RSS_091, "", "The bridge", False),
        (RSS_10, "b-1", "The bridge", True),
        (ATOM, "tag:b-1", "The bridge", True),
    ],
)
def test_an_entry_has_its_address_its_id_its_title_and_its_time(written, guid, title, dated):
    feed = read(written.encode(), url=URL)
    [entry] = feed.entries
    assert feed.title == "The Herald"
    assert entry.link == "https://herald.example/2024/bridge?page=2"
    assert (entry.guid.rpartition("/")[2], entry.title) == (guid, title)
    assert entry.published == (datetime(2024, 5, 14, 8, tzinfo=UTC) if dated else None)


def rss(*items: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()


def test_entries_keep_their_order_and_each_address_stands_once():
    one, two = "<item><title>1</title><link>/1</link></item>", "<item><title>2</title><link>/2</link></item>"
    again = "<item><title>1 again</title><link>/1?utm_medium=x</link></item>"
    assert [entry.title for entry in read(rss(two, one, again), url=URL).entries] == ["2", "1"]


def test_an_id_that_several_entries_share_is_none():
    items = [f"<item><guid isPermaLink='false'>same</guid><link>/{number}</link></item>" for number in (1, 2)]
    assert [entry.guid for entry in read(rss(*items), url=URL).entries] == ["", ""]


def test_what_has_no_address_is_left_out_and_what_has_another_kind_is_not():
    items = ("<item><title>A note</title></item>", '<item><enclosure url="/1.mp3"/></item>')
    odd = (
        "<item><link>javascript:alert(1)</link></item><item><feedburner:origLink>http://[/</feedburner:origLink></item>"
    )
    entry_without = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id></entry></feed>'
    assert [entry.link for entry in read(rss(*items, odd), url=URL).entries] == ["javascript:alert(1)", "http://[/"]
    assert read(entry_without.encode(), url=URL).entries == []


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes():
    broken = rss("<item><title>Bread & butter</title><link>/1</link></item><item><link>/2</link>")[:-16]
    assert [entry.link for entry in read(broken, url=URL).entries] == [f"https://herald.example/{n}" for n in (1, 2)]


@pytest.mark.parametrize(
    ("charset", "declared"), [("", "windows-1251"), ("windows-1251", "utf-8"), ("no-such-charset", "windows-1251")]
)
def test_the_answer_says_the_charset_or_else_the_feed(charset, declared):
    feed = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>Мост</title></channel></rss>'
    assert read(feed.encode("windows-1251"), url=URL, charset=charset).title == "Мост"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Smile &#55357;&#56832;!", "Smile \U0001f600!"),
        ("Smile &#xD83D;&#XDE00;!", "Smile \U0001f600!"),
        ("Half &#55357; one", "Half \ufffd one"),
        ("&#1114112;&#99999999999999999999;&#65;", "\ufffd\ufffdA"),
        ("Twice &amp;#55357;&amp;#56832;", None),
    ],
)
def test_the_number_of_no_character_costs_no_entry(written, title):
    entries = read(rss(f"<item><title>{written}</title><link>/1</link></item>"), url=URL).entries
    assert [entry.link for entry in entries] == ["https://herald.example/1"]
    assert title in (None, entries[0].title)
    entries[0].title.encode()


def test_entities_neither_grow_nor_lead_outside():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    outside = '<!ENTITY out SYSTEM "file:///etc/hostname">'
    head = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}{outside}]>'
    item = "<item><title>The bridge &l9;&out;</title><link>/1</link></item>"
    [entry] = read(rss(item, head=head), url=URL).entries
    assert entry.link == "https://herald.example/1"
    assert len(entry.title) < 30


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"\n<!DOCTYPE html><html><body><p>News</p></body></html>", "a web page, not a feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "JSON"),
        (b"", "not a feed"),
        (bytes(range(256)), "not a feed"),
        (b'<?xml version="1.0" encoding="punycode"?><rss>-xx', "broken|not a feed"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body, sentence):
    with pytest.raises(UnreadableText, match=sentence):
        read(body, url=URL)


def test_a_feed_that_is_too_large_is_not_even_begun():
    with pytest.raises(UnreadableText, match="more than 5 MB"):
        read(rss() + b" " * LARGEST, url=URL)
