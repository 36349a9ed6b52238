"""Who wrote a page: names one by one, and the byline as it is printed."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.etree import XPath, _Element

from factcheck.text.extraction import markup
from factcheck.text.extraction.found import Found, Source
from factcheck.text.extraction.markup import Markup

LONGEST_BYLINE = 200
LONGEST = 2_000
"""Code points of one string that names authors; the patterns below take time with the square of it."""
MOST_AUTHORS = 30
MOST_BYLINES = 60

_META = (
    "author",
    "article:author",
    "article:byline",
    "articleauthor",
    "authors",
    "byl",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "creator",
    "og:article:author",
    "twitter:creator",
)
_BYLINE = XPath(
    ".//*[@class or @rel or @itemprop or @data-testid]"
    '[@rel="author" or @itemprop="author" or contains(@class, "byline") or contains(@class, "Byline")'
    ' or contains(@class, "author") or contains(@class, "Author") or contains(@data-testid, "byline")]'
)
_ELSEWHERE = frozenset({"aside", "footer", "nav", "script", "style", "form", "head", "noscript", "figure"})
_ELSEWHERE_CLASS = re.compile(
    r"comment|related|teaser|recommend|sidebar|footer|promo|card|carousel|caption", re.IGNORECASE
)

_BY = re.compile(
    r"^\W*(?:(?:written|words|reporting|story|text|posted|published|report|analysis|opinion|authored) by"
    r"|by|von|par|por|di|door|av|af|tekst|testo|texte|texto|text|autor(?:in|en|innen)?|auteure?s?|autore"
    r"|author(?:s|\(s\))?|yazan|przez|oleh|автор|بقلم)"
    r"\b\s*[:：]?\s+|^\s*(?:文|記者|作者)\s*[:：／/]\s*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:[;|／、•·]|\s(?:/|and|und|og|och|et|y|e|en|i|ve|ja|és|și|dan|&|\+)\s)\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|[!?…“”\"<>{}=]|^\W*$|\.(?:html?|php)$"
    r"|\b(?:facebook|twitter|whatsapp|e-?mail|share|follow|subscribe|newsletter)\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_FOR_OUTLET = re.compile(r"\s+(?:for|für|pour|para|per)\s+\S.*$", re.IGNORECASE)
_HANDLE = re.compile(r"\s*(?:@\w+|(?<!\S)\S+@\S+\.\w+)\s*")
_AFTER = re.compile(
    r"\s*(?:\b(?:published|updated|posted|last updated)\b|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b\d{4}\b|\|).*$", re.IGNORECASE
)


def read(page: Markup, tree: _Element, outlets: Iterable[str]) -> tuple[Found[tuple[str, ...]] | None, str]:
    """(names, byline as printed or ""). `outlets`: the publisher's names; a page that gives only its outlet as
    author is asked further for a person, and the outlet is the answer when there is none."""
    known = {_folded(name) for name in outlets if name}
    printed = list(_printed(tree))
    candidates = [
        Found(list(_structured(page)), Source.JSON_LD),
        *(Found([v for v in page.meta.get(name, ()) if "://" not in v], Source.META) for name in _META),
        Found(page.marked.get("author", []), Source.MICRODATA),
        *(Found(texts, Source.VISIBLE) for texts in printed),
    ]
    byline = ", ".join(printed[0]) if printed else ""
    outlet = None
    for candidate in candidates:
        names = _names(candidate.value, loose=candidate.source is Source.VISIBLE)
        if any(_folded(name) not in known for name in names):
            return Found(names, candidate.source), byline
        if names and outlet is None:
            outlet = Found(names, candidate.source)
    return outlet, byline


def split(value: str, *, loose: bool = False) -> list[str]:
    """The names within one string: "By A and B, for X" is A and B. `loose`: the string is visible text, which also
    holds dates, roles and places."""
    value = _BRACKETS.sub(" ", markup.line(value)[:LONGEST])
    value = _HANDLE.sub(" ", value) if not value.startswith("@") else ""
    for _ in range(2):
        value = _BY.sub("", value)
    value = _FOR_OUTLET.sub("", value)
    if loose:
        value = _AFTER.sub("", value)
    found: list[str] = []
    for part in _AND.split(value):
        pieces = [piece.strip(" ,:-–—.•·") if len(piece) > 3 else piece.strip(" ,") for piece in part.split(",")]
        found.extend(piece for at, piece in enumerate(pieces) if _is_name(piece) and not _is_role(piece, at > 0))
    return found


def _names(values: Iterable[str], *, loose: bool) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for value in values:
        for name in split(value, loose=loose):
            names.setdefault(_folded(name), name)
    return tuple(names.values())[:MOST_AUTHORS]


def _structured(page: Markup) -> Iterator[str]:
    for given in markup.listed(page.article.get("author") or page.article.get("creator")):
        author = page.resolved(given)
        if isinstance(author, dict):
            name = author.get("name")
            if not name and author.get("familyName"):
                name = f"{markup.text(author.get('givenName'))} {markup.text(author['familyName'])}"
            for one in markup.listed(name):
                yield markup.text(page.resolved(one))
        else:
            yield markup.text(author)


def _printed(tree: _Element) -> Iterator[list[str]]:
    """Texts that look like bylines, the most certain first; authors who are named side by side come together."""
    sure: list[tuple[_Element, str]] = []
    less: list[str] = []
    for element in _BYLINE(tree)[:MOST_BYLINES]:
        if _elsewhere(element):
            continue
        text = " ".join(" ".join(element.itertext()).split())
        if 2 < len(text) <= LONGEST_BYLINE:
            if element.get("rel") == "author" or element.get("itemprop") == "author" or _BY.match(text):
                sure.append((element, text))
            else:
                less.append(text)
    if sure:
        around = set(islice(sure[0][0].iterancestors(), 2))
        together = [text for element, text in sure if around.intersection(islice(element.iterancestors(), 2))]
        yield list(dict.fromkeys(together))
    yield from ([text] for text in dict.fromkeys([*(text for _, text in sure), *less]))


def _elsewhere(element: _Element) -> bool:
    """Whether an element speaks of another article or of a picture."""
    return any(
        one.tag in _ELSEWHERE or _ELSEWHERE_CLASS.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in [element, *islice(element.iterancestors(), 7)]
        if one.tag not in ("body", "html", "article", "main")
    )


def _is_name(piece: str) -> bool:
    return (
        1 < len(piece) <= 60
        and len(piece.split()) <= 6
        and any(letter.isalpha() for letter in piece)
        and not _NOT_A_NAME.search(piece)
    )


def _is_role(piece: str, follows: bool) -> bool:
    """What says who somebody is ("professor of water") or where they are found ("post.example", after a name)."""
    words = piece.split()
    if len(words) == 1:
        return follows and "." in piece[1:-1]
    return sum(word[0].islower() for word in words) * 2 > len(words)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
