"""The page's title, without the name of its site."""

import re
from collections.abc import Collection, Iterator

from lxml.etree import _Element

from factcheck.text.extraction import markup
from factcheck.text.extraction.found import Found, Source
from factcheck.text.extraction.markup import Markup

SHORTEST = 10
"""Code points that must remain of a title when the name of the site is cut off."""
LONGEST = 500
"""Code points; what is longer is no title, whatever the page calls it."""

_META = ("twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "citation_title", "title")
_BORDER = re.compile(r"\s*[|｜»›]\s*|\s+[-–—:·•*~]\s+|：")


def read(page: Markup, tree: _Element, outlets: Collection[str]) -> Found[str] | None:
    """A page often has two titles: it prints one, and gives another to search engines (JSON-LD) or to social media
    (OpenGraph). The one under which others will know the article is the one written for them, that is, the one that
    the page does not print; when all agree there is nothing to choose."""
    printed = headings(tree)
    heading = printed[0] if printed else ""
    structured = _line(markup.text(page.article.get("headline")) or markup.text(page.article.get("name")))
    shared = _line(page.first("og:title"))
    names = {folded(name) for name in outlets if name}
    others = {folded(one) for one in (structured, heading) if one}
    shared = without_site(shared, names, others)
    structured = without_site(structured, names, {folded(one) for one in (shared, heading) if one})
    if structured and (not shared or (folded(structured) != folded(shared) == folded(heading))):
        return Found(structured, Source.JSON_LD)
    if shared:
        return Found(shared, Source.OPEN_GRAPH)
    if heading:
        return Found(heading, Source.VISIBLE)
    for value in page.marked.get("headline", ()):
        return Found(value, Source.MICRODATA)
    if meta := _line(page.first(*_META)):
        return Found(without_site(meta, names, set()), Source.META)
    title = _line(tree.findtext(".//head/title") or "")
    return Found(without_site(title, names, set()), Source.HTML) if title else None


def headings(tree: _Element) -> list[str]:
    """The texts of the page's first-rank headings."""
    found = (_line("".join(element.itertext())) for element in tree.iter("h1"))
    return [text for text in found if text]


def _line(value: str) -> str:
    text = markup.line(value)
    return text if len(text) <= LONGEST else ""


def without_site(title: str, names: Collection[str], others: Collection[str]) -> str:
    """Cuts "Headline | Site", "Section | Headline" and the like, only where what is cut is a name of the site or
    where the rest is the title in its other wording. `names`, `others`: folded."""
    for head, tail in _parts(title):
        if len(head) >= SHORTEST and (folded(head) in others or any(_is_name(tail, name) for name in names)):
            return head
        if len(tail) >= SHORTEST and folded(tail) in others:
            return tail
    return title


def folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _parts(title: str) -> Iterator[tuple[str, str]]:
    for border in _BORDER.finditer(title):
        yield title[: border.start()].strip(), title[border.end() :].strip()


def _is_name(tail: str, name: str) -> bool:
    """ "Site", or "Site | by Somebody"."""
    return bool(name) and folded(tail).startswith(name)
