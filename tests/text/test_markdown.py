"""Of a rationale a page shows the small part of Markdown that is meant, and nothing that could harm who reads it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as tree

from factcheck.text import markdown

pytestmark = pytest.mark.unit

ALLOWED = {
    "a": {"href", "rel"}, "ol": {"start"}, "ul": set(), "br": set(), "em": set(), "strong": set(),
    "p": {"dir"}, "li": {"dir"}, "blockquote": {"dir"}, "h3": {"dir"},
}  # fmt: skip
WRITTEN = (
    "# Sum\n\nThe *minutes* say\n**so**: [here](https://example.org/?a=1&b=2 'Title').\n\n"
    "> Twelve.\n\n3. a\n4. b\n   - c\n"
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>\n\n<svg/onload=alert(1)>",
    "<div>\n<a href='javascript:alert(1)'>x</a>\n</div>",
    "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](  javascript:alert(1))",
    "[x](java&#115;cript:alert(1)) [x](javascript&colon;alert(1)) [x](&#1;javascript:alert(1))",
    "[x](java\tscript:alert(1)) [x](<java\nscript:alert(1)>) [x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:x) [x](file:///etc/passwd)",
    "<javascript:alert(1)> <data:text/html,x> <mailto:a@example.org>",
    "[x]\n\n[x]: javascript:alert(1)\n",
    "[x](//evil.example) [x](/admin/) [x](#top) [x](\\\\evil.example)",
    '[x](https://a.example/"onmouseover="alert(1)) [x](https://a.example \'"><script>alert(1)</script>\')',
    '![x](https://a.example/x.png "t") ![x](javascript:alert(1))',
    "[<b onclick=x>](https://a.example/<script>)",
    "> - > 1. > # <p onclick=x>\n> > > > [x](javascript:alert(1))",
    "```html\n<script>\n```\n\n    <script>\n\n`<b>`",
    "&lt;script&gt; &#60;img src=x&#62; \0 \u202e",
    "<!-- --><![CDATA[ <?php ?> <!DOCTYPE x>",
]
MARKS = [*"*_[]()<>!#\\`~&;:\"'=/-+.0123456789 \t\n", "\n\n", "](", "https://", "javascript:", "<a href=", "> "]


def harmless(made: str) -> bool:
    """As a browser reads it: every tag and attribute is an allowed one, every link leads to the web."""
    for node in tree.fragment_fromstring(made, create_parent="main").iterdescendants():
        assert isinstance(node.tag, str), node
        assert set(node.attrib) <= ALLOWED[node.tag], (node.tag, node.attrib)
        if node.tag == "a":
            assert node.get("href", "https://").lower().startswith(("http://", "https://")), node.attrib
            assert node.get("rel") == "noopener noreferrer nofollow ugc"
    return True


def test_what_is_meant_is_shown():
    assert markdown.html(WRITTEN).replace("\n", "") == (
        '<h3 dir="auto">Sum</h3><p dir="auto">The <em>minutes</em> say<br><strong>so</strong>: '
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow ugc">here</a>.</p>'
        '<blockquote dir="auto"><p dir="auto">Twelve.</p></blockquote>'
        '<ol start="3"><li dir="auto">a</li><li dir="auto">b<ul><li dir="auto">c</li></ul></li></ol>'
    )
    assert markdown.plain(WRITTEN) == "Sum\n\nThe minutes say\nso: here.\n\nTwelve.\n\n3. a\n\n4. b\n\n- c"


@pytest.mark.parametrize(
    "text", ["A line\n---\nbelow", "a < b & c", "`code`", "    far in", "[1]: https://a.example", "#5"]
)
def test_words_that_mean_nothing_else_stay_as_they_are(text):
    assert markdown.plain(text) == text.strip()
    assert tree.fromstring(markdown.html(text)).text_content() == text.strip().replace("\n", "")


@pytest.mark.parametrize("level", range(1, 7))
def test_every_heading_stands_below_those_of_the_page(level):
    assert markdown.html("#" * level + " Sum") == '<h3 dir="auto">Sum</h3>\n'


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_harmless(text):
    assert harmless(markdown.html(text))
    assert "<script" not in markdown.html(text)


@given(st.lists(st.sampled_from(MARKS + HOSTILE) | st.text(max_size=5), max_size=30).map("".join))
@example("")
def test_whatever_is_typed_is_harmless_and_its_text_is_plain(text):
    assert harmless(markdown.html(text))
    markdown.plain(text)


@pytest.mark.parametrize(
    "raw", [text for text in HOSTILE if "<" in text] + ['<a href="/admin/">x</a>', "<a href=data:x>x</a>"]
)
def test_the_second_wall_holds_where_the_first_let_html_through(raw, monkeypatch):
    monkeypatch.setattr(markdown._parser().renderer, "render", lambda *_: raw)
    assert harmless(markdown.html("x"))


@pytest.mark.parametrize(
    "mark", ["[", "![", "*", "_", ">", "> ", "<", "[a](", "[[]", "***a***", "- a\n", "#\n", "&", "[a]: http://b\n[a]\n"]
)
def test_twice_the_marks_take_twice_the_time_and_room(mark):
    def spent(letters: int) -> float:
        began = time.process_time()
        assert len(markdown.html((mark * letters)[:letters])) < 12 * letters
        markdown.plain((mark * letters)[:letters])
        return time.process_time() - began

    assert any(spent(8_000) < 3 * spent(4_000) for _ in range(3))


def test_many_are_read_at_once():
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(markdown.html, [WRITTEN] * 40)) == {markdown.html(WRITTEN)}
