"""Rationales are written in a small part of Markdown: this reads it, as HTML for pages and as plain text for data.

Paragraphs, line breaks, emphasis, links to the web, lists, quotations, and headings, all of one level below the page's
own. An image is a link to it. Whatever else somebody typed (HTML, code, other addresses) stays the letters that they
typed. The grammar is CommonMark's (https://spec.commonmark.org), but for line ends, which are kept.
"""

from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt

HEADING = "h3"
HEADINGS = ("h2", HEADING)
BREAKS = ("softbreak", "hardbreak")
TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote"}
REL = "noopener noreferrer nofollow ugc"
# What would make something else of words that people mean as they stand, or is no part of a rationale. An address that
# is given once and named a thousand times (reference) would also make 600 MB of a text of 100 kB.
NOT_READ = ["code", "fence", "backticks", "html_block", "html_inline", "hr", "lheading", "image", "reference"]


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return url.lower().startswith(("http://", "https://"))


def _line_break(*_: Any) -> str:
    return "<br>"


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False}).disable(NOT_READ)
    for each in BREAKS:
        parser.add_render_rule(each, _line_break)
    return parser


@cache
def _cleaner() -> nh3.Cleaner:
    """The second wall: it knows nothing of Markdown, and lets nothing through but what is named here."""
    return nh3.Cleaner(
        tags={*TAGS, *HEADINGS},
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel=REL,
        set_tag_attribute_values={tag: {"dir": "auto"} for tag in ("p", "li", "blockquote", *HEADINGS)},
    )


def html(text: str, heading: str = HEADING) -> str:
    """Safe to be put into a page as it is: TAGS alone, and links to http and https alone. In time and size linear.

    heading: what its headings become, one of HEADINGS: the level below that of the place where it stands.
    """
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = heading
    return _cleaner().clean(parser.renderer.render(tokens, parser.options, {}))


def plain(text: str) -> str:
    """What it says without marks: paragraphs parted by blank lines, points of a list by their sign or number. Of a link
    its words stay.
    """
    said, lead = [], ""
    for token in _parser().parse(text):
        if token.type == "list_item_open":
            lead = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline" and token.content:
            broken = ("\n" if child.type in BREAKS else child.content for child in token.children or [])
            said.append(lead + "".join(broken))
            lead = ""
    return "\n\n".join(said)


def links(text: str) -> list[str]:
    """The addresses that it links to, in their order."""
    children = (child for token in _parser().parse(text) for child in token.children or [])
    return [str(child.attrs["href"]) for child in children if child.type == "link_open"]
