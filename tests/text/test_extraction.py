"""What of a page is its article, and that nothing a page does can break the reading of it."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import extraction
from factcheck.text.extraction import Kind, NoTextFound, Source

pytestmark = pytest.mark.unit

NEWS = (Path(__file__).parent / "pages" / "news.html").read_bytes()
SENTENCE = "The committee said on Monday, in its report number {}, that the plan would cost four million euros a year."


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{SENTENCE.format(number)}</p>" for number in numbers)


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def lines(html: str | bytes) -> list[str]:
    return extraction.read(html).text.split("\n\n")


def test_the_article_is_read_and_nothing_beside_it():
    reading = extraction.read(NEWS)
    assert [(block.kind, reading.text[block.start : block.end][:34]) for block in reading.blocks] == [
        (Kind.PARAGRAPH, "The city council voted on Tuesday "),
        (Kind.PARAGRAPH, "“It will hold back a storm that co"),
        (Kind.HEADING, "What it will cost"),
        (Kind.LIST_ITEM, "Planning: 3 million euros"),
        (Kind.LIST_ITEM, "Walls and gates: 33 million euros"),
        (Kind.ROW, "Year | Floods"),
        (Kind.ROW, "2022 | 4"),
        (Kind.PARAGRAPH, "The barrier is to be finished in 2"),
        (Kind.QUOTE, "We have waited long enough, and ev"),
        (Kind.PARAGRAPH, "The mayor will sign the contract i"),
        (Kind.PARAGRAPH, "Work on the quay begins in May, th"),
    ]
    assert reading.sources["text"] is Source.VISIBLE


def test_words_are_joined_and_parted_as_a_browser_shows_them():
    text = extraction.read(NEWS).text
    assert "comes once in two hundred years,” said Mira Osei, who leads the harbour office, before" in text
    assert "at a cost of 41 million euros, after" in text


def test_a_heading_has_its_rank_and_a_list_item_its_depth():
    html = page(
        f"<article>{paragraphs(1, 2)}<h3>Why</h3>{paragraphs(3)}<ul><li>{SENTENCE.format(4)}</li></ul></article>"
    )
    assert [(block.kind, block.level) for block in extraction.read(html).blocks[2:]] == [
        (Kind.HEADING, 3),
        (Kind.PARAGRAPH, 0),
        (Kind.LIST_ITEM, 1),
    ]


def test_a_text_that_is_cut_into_several_boxes_is_read_whole():
    box, promo = '<div class="article-body">{}</div>', '<div class="promo"><p>{}</p></div>'
    html = page(
        f"<main>{box.format(paragraphs(1, 2, 3))}{promo.format(SENTENCE.format(99))}"
        f"{box.format(paragraphs(4, 5))}{box.format(paragraphs(6))}</main>"
    )
    assert lines(html) == [SENTENCE.format(number) for number in range(1, 7)]


def test_a_class_that_sounds_like_something_else_does_not_hide_the_article():
    assert len(lines(page(f'<div class="sidebar-grid"><div class="content">{paragraphs(1, 2, 3, 4)}</div></div>'))) == 4


def test_a_copy_for_another_screen_is_read_once():
    html = page(f'<div class="a">{paragraphs(1, 2, 3)}</div><div class="a">{paragraphs(2, 3)}</div>')
    assert lines(html) == [SENTENCE.format(number) for number in (1, 2, 3)]


def test_what_is_hidden_is_not_read_but_what_react_streams_is():
    hidden = f'<div hidden id="x">{paragraphs(7)}</div><p style="display: none">{SENTENCE.format(8)}</p>'
    streamed = f'<div hidden id="S:0">{paragraphs(1, 2, 3)}</div>'
    assert lines(page(hidden + streamed)) == [SENTENCE.format(number) for number in (1, 2, 3)]


def test_a_text_that_only_the_markup_has_says_so():
    body = "\\n".join(SENTENCE.format(number) for number in range(1, 8))
    head = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{body}"}}</script>'
    reading = extraction.read(page("<div id=app><p>Loading</p></div>", head))
    assert reading.text.split("\n\n") == [SENTENCE.format(number) for number in range(1, 8)]
    assert reading.sources["text"] is Source.JSON_LD


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("قال رئيس اللجنة يوم الاثنين إن الخطة ستكلف أربعة ملايين يورو في السنة، وإن القرار سيتخذ في الربيع.", None),
        ("委員会は月曜日、計画には年間四百万ユーロの費用がかかると発表した。市長は春までに決定するとしている。", None),
        ("Der Landes&shy;rat sagte am Montag, der Bau koste 4&nbsp;Mio. Euro im Jahr, und zwar auf lange Zeit hinaus.",
         "Der Landesrat sagte am Montag, der Bau koste 4\xa0Mio. Euro im Jahr, und zwar auf lange Zeit hinaus."),
        ("<ruby>法律<rt>ほうりつ</rt></ruby>が変わり、計画には年間四百万ユーロの費用がかかると委員会は月曜日に発表した。",
         "法律が変わり、計画には年間四百万ユーロの費用がかかると委員会は月曜日に発表した。"),
        ("<ruby>尹<rp>（</rp><rt>ユン</rt><rp>）</rp></ruby>氏は、計画には年間四百万ユーロの費用がかかると月曜日に発表した。",
         "尹（ユン）氏は、計画には年間四百万ユーロの費用がかかると月曜日に発表した。"),
    ],
)  # fmt: skip
def test_every_script_is_read_to_the_letter(html, text):
    assert lines(page(f"<article><p>{html}</p>{paragraphs(1)}</article>"))[0] == (text or html)


# --- charsets ----------------------------------------------------------------------------------------------------

GERMAN = "Die Prüfung ergab: Der Bürgermeister zahlte für die Brücke 4 Millionen Euro, so die Behörde über „Größeres“."


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (page(f"<p>{GERMAN}").encode("utf-8"), None),
        (b"\xef\xbb\xbf" + page(f"<p>{GERMAN}").encode("utf-8"), "iso-8859-1"),
        (b"\xff\xfe" + page(f"<p>{GERMAN}").encode("utf-16-le"), None),
        (page(f"<p>{GERMAN}").encode("utf-8"), "iso-8859-1"),
        (page(f"<p>{GERMAN}").encode("cp1252"), "ISO-8859-1"),
        (page(f"<p>{GERMAN}", '<meta charset="windows-1252">').encode("cp1252"), None),
        (page(f"<p>{GERMAN}", '<meta charset="no-such-thing">').encode("utf-8"), "neither"),
        (page(f"<p>{GERMAN}" * 3).encode("cp1252"), None),
    ],
    ids=[
        "UTF-8",
        "BOM over header",
        "UTF-16",
        "UTF-8 over a default header",
        "header",
        "meta",
        "unknown names",
        "detected",
    ],
)
def test_the_charset_is_found(data, charset):
    assert extraction.read(data, charset=charset).text.startswith(GERMAN)


def test_one_stray_byte_costs_one_character():
    data = page(f"<p>{GERMAN}", '<meta charset="utf-8">').encode("utf-8").replace(b"zahlte", b"zahl\xffe")
    assert extraction.read(data).text == GERMAN.replace("zahlte", "zahl\ufffde")


# --- what pages do -----------------------------------------------------------------------------------------------

MANGLED = {
    "nested ever deeper": "<div>" * 50_000 + paragraphs(1),
    "links never closed": "<a href=x>" * 20_000 + paragraphs(1),
    "a million attributes": "<p " + "a=1 b " * 500_000 + ">" + paragraphs(1),
    "only angle brackets": "<" * 1_000_000,
    "three million characters": f"<article>{paragraphs(*range(10_000))}{'x' * 2_000_000}</article>",
    "nulls and half characters": "<p>a\0b\ud800" + paragraphs(1, 2),
    "references to no character": "<p>&#0;&#xD800;&#x1FFFFFF;" + paragraphs(1, 2),
    "JSON-LD nested too deep": f'<script type="application/ld+json">{"[" * 100_000}</script>' + paragraphs(1),
    "JSON-LD of the wrong types": '<script type="application/ld+json">{"@type":["NewsArticle",3],"@id":"a","author":'
    '{"@id":"a"},"headline":[{"x":1}],"datePublished":{"@value":5},"publisher":7,"articleBody":[1]}</script>'
    + paragraphs(1, 2),
    "addresses that are none": '<head><link rel=canonical href="http://[::1"><meta property=og:url content="//"></head>'
    + paragraphs(1, 2),
    "a date that is none": '<head><meta property=article:published_time content="2024-13-45T99:99+99:99"></head>'
    + paragraphs(1, 2),
    "tables in tables": paragraphs(1, 2) + "<table><tr><td>x<td>" * 3_000,
    "a title without end": f"<head><title>{'a | ' * 100_000}</title></head>{paragraphs(1, 2)}",
    "frames": "<frameset><frame src=x></frameset>",
    "a comment never closed": "<!-- " + paragraphs(1),
}


def read_or_refused(html: str | bytes, **kwargs) -> extraction.Reading | str:
    try:
        return extraction.read(html, **kwargs)
    except NoTextFound as error:
        return str(error)


@pytest.mark.parametrize("html", MANGLED.values(), ids=list(MANGLED))
def test_a_mangled_page_is_read_or_refused_in_words_in_bounded_time(html):
    began = time.perf_counter()
    result = read_or_refused(html, url="https://harbour.example/2024/02/31/x")
    if isinstance(result, str):
        assert result.endswith((".", "read."))
    else:
        assert "report number 1," in result.text
        result.text.encode("utf-8")
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("", "empty"),
        ("<html><body><nav><a href=/>Home</a></nav></body></html>", "No text of an article"),
        (b"%PDF-1.7\x00\x01\x02" + bytes(range(256)) * 20, "no page of text"),
        ("x" * (extraction.reading.LONGEST_PAGE + 1), "the most that can be read"),
        (page("<b>x</b>" * 70_000), "more than 60,000 elements"),
    ],
)
def test_a_page_without_an_article_is_refused_in_a_sentence(html, told):
    with pytest.raises(NoTextFound, match=told):
        extraction.read(html)


TAGS = ["<p>", "</p>", "<div class=story>", "</div>", "<table><tr><td>", "<li>", "<br>", "<script>", "<!--", "<h1>"]
TAGS += ["<a href=x>", "</a>", "<aside>", "<ruby>", "&#x", "<meta charset=x>", SENTENCE]
FRAGMENTS = st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=30)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(FRAGMENTS.map("".join))
def test_blocks_are_exactly_the_text_whatever_the_page(html):
    result = read_or_refused(html)
    if not isinstance(result, str):
        pieces = [result.text[block.start : block.end] for block in result.blocks]
        assert "\n\n".join(pieces) == result.text
        assert all(piece.strip() for piece in pieces)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "utf-7", "hex", "euc-jp", ""]))
def test_no_bytes_and_no_charset_break_the_reading(data, charset):
    assert read_or_refused(data, charset=charset)


@pytest.mark.parametrize("name", ["idna", "undefined", "unicode_escape", "punycode", "rot13"])
def test_a_charset_that_is_none_is_not_believed(name):
    page = f"<html><meta charset={name}><body><article><p>Ein Café kostete \\x41 viel.</p></article></body></html>"
    assert r"Café kostete \x41 viel." in extraction.decoding.decoded(page.encode("latin-1"))
