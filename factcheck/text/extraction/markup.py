"""What a page says about itself for machines: JSON-LD, OpenGraph and other meta elements, microdata and RDFa.

Read once per page, by the standards only (schema.org, ogp.me, Dublin Core, and the meta names that publishing systems
share); no rule knows a site.
"""

import html
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import XPath, _Element

MOST_NODES = 20_000
"""Nodes of JSON-LD looked at; real pages have a few hundred."""
LONGEST_MARK = 500
"""Code points of a microdata value; a longer one marks a part of the page and is no value."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|^Report|ClaimReview|^Review)$")
_AROUND_JSON = re.compile(r"^\s*(?:<!\[CDATA\[|<!--|/\*.*?\*/|//[^\n]*\n)+|(?:\]\]>|-->|;)\s*$", re.DOTALL)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MARKED = frozenset({"author", "headline", "datePublished", "dateModified"})
_WITH_MARKS = XPath(".//body//*[@itemprop or @property]")


@dataclass(slots=True)
class Markup:
    """`article`: the node that describes this page's article, {} when there is none. `meta`: contents by lower-case
    name or property, in page order. `marked`: microdata and RDFa values by property."""

    article: dict[str, Any] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    marked: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        """The first meta content under the first of these names that has one."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")

    def resolved(self, value: Any) -> Any:
        """A reference {"@id": …} as the node that it means."""
        if isinstance(value, dict) and "@id" in value and len(value) <= 2:
            return next((node for node in self.nodes if node.get("@id") == value["@id"] and len(node) > 2), value)
        return value


def read(tree: _Element) -> Markup:
    found = Markup()
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for name in ("property", "name", "itemprop", "http-equiv"):
            if content and element.get(name):
                found.meta.setdefault(element.get(name, "").strip().lower(), []).append(content)
    for element in tree.iter("script"):
        if "ld+json" in (element.get("type") or "").lower() and element.text:
            try:
                found.nodes.extend(_nodes(parsed(element.text)))
            except (ValueError, RecursionError):
                continue
    found.article = _best(found.nodes)
    for element in _WITH_MARKS(tree):
        if not {element.get("itemprop"), (element.get("property") or "").removeprefix("schema:")} & _MARKED:
            continue
        value = element.get("content") or element.get("datetime") or " ".join("".join(element.itertext()).split())
        name = (element.get("itemprop") or element.get("property") or "").rpartition(":")[2]
        if 0 < len(value) <= LONGEST_MARK:
            found.marked.setdefault(name, []).append(value)
    return found


def types(node: dict[str, Any]) -> list[str]:
    given = node.get("@type")
    return [one.rpartition("/")[2] for one in (given if isinstance(given, list) else [given]) if isinstance(one, str)]


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A JSON-LD value as one line of plain text; "" when it is none."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str | dict)), "")
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    if not isinstance(value, str):
        return ""
    return line(value)


def line(value: str) -> str:
    """As one line of plain text: entities and tags undone, white space collapsed."""
    return " ".join(unescaped(value).replace("\xad", "").split())


def unescaped(value: str) -> str:
    if "&" in value:
        value = html.unescape(value)
    return _TAG.sub(" ", value) if "<" in value else value


def parsed(source: str, pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]] | None = None) -> Any:
    """JSON as pages write it: line ends within strings, comment or CDATA marks around it, commas before a closing
    bracket. pairs: json's object_pairs_hook. Raises ValueError (as of the source itself) or RecursionError.
    """
    try:
        return json.loads(source, strict=False, object_pairs_hook=pairs)
    except ValueError as error:
        bare = _AROUND_JSON.sub("", source)
        for attempt in (bare, _TRAILING_COMMA.sub("", bare)):
            try:
                return json.loads(attempt, strict=False, object_pairs_hook=pairs)
            except ValueError:
                continue
        raise error


def _nodes(root: Any) -> Iterator[dict[str, Any]]:
    """Every object, breadth first, so that what describes the page comes before what it mentions."""
    queue, seen = deque([root]), 0
    while queue and seen < MOST_NODES:
        value = queue.popleft()
        seen += 1
        if isinstance(value, dict):
            yield value
            queue.extend(one for one in value.values() if isinstance(one, dict | list))
        elif isinstance(value, list):
            queue.extend(one for one in value if isinstance(one, dict | list))


def _best(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    articles = [n for n in nodes if any(_ARTICLE.search(one) for one in types(n))]
    if not articles:
        return {}

    def worth(node: dict[str, Any]) -> int:
        return sum(bool(node.get(name)) for name in ("headline", "datePublished", "author", "articleBody", "publisher"))

    best = max(map(worth, articles[:20]))
    return next(node for node in articles if worth(node) == best)
