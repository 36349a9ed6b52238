"""A page as the blocks that a reader sees, in the order of the page: paragraphs, headings, list items, quotes, rows.

Nothing is decided here about what belongs to the article. One walk over the tree, without recursion, so that a page
nested a thousand deep costs no more than any other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Flag, StrEnum, auto
from functools import lru_cache

from lxml.etree import _Element, iterwalk

# fmt: off
INVISIBLE = frozenset((
    "applet", "audio", "base", "button", "canvas", "datalist", "embed", "frame", "frameset", "head", "iframe", "input",
    "link", "map", "math", "meta", "noembed", "noframes", "object", "optgroup", "option", "param", "script", "select",
    "source", "style", "svg", "template", "textarea", "title", "track", "video",
))
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "center", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset({"ul", "ol", "dl", "menu"})
LONGEST_CELL = 200
"""Code points. A table with longer cells lays out the page and is read cell by cell."""


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list item"
    QUOTE = "quote"
    ROW = "table row"


class Zone(Flag):
    """What an element's name, role, class or id says about everything within it."""

    NONE = 0
    CAPTION = auto()
    OUTSIDE = auto()
    """Navigation, related articles, newsletters, sharing, what is hidden until a script shows it."""
    COMMENTS = auto()
    FOOTER = auto()
    EMBED = auto()
    """A post from elsewhere, shown within the page."""
    BYLINE = auto()


Mark = tuple[Zone, _Element]


@dataclass(slots=True)
class VisibleBlock:
    """`text` is never empty; its white space is collapsed as browsers do. `level`: of a heading, or depth of a list.
    `links`: share of the text that is within links, 0 to 1. `marks`: the zones around it, outermost first, with the
    element that opened each. `dress`: name and classes of the nearest three boxes; blocks of one sort are dressed
    alike.
    """

    text: str
    kind: Kind
    level: int
    links: float
    marks: tuple[Mark, ...]
    dress: str
    element: _Element


_OUTSIDE_TAGS = frozenset({"aside", "dialog", "menu", "nav", "noscript"})
_BY_TAG = {"figcaption": Zone.CAPTION, "caption": Zone.CAPTION, "footer": Zone.FOOTER}
_OUTSIDE_ROLES = frozenset({"alertdialog", "banner", "complementary", "contentinfo", "dialog", "navigation", "search"})
_HEAD, _TAIL = r"(?:^|[\s_\-/])(?:", r")(?=$|[\s_\-/])"
_BY_CLASS: tuple[tuple[Zone, re.Pattern[str]], ...] = tuple(
    (zone, re.compile(pattern))
    for zone, pattern in (
        (
            Zone.OUTSIDE,
            _HEAD
            + r"related|recommend\w*|recirc\w*|newsletter\w*|signup|sign-up|share|sharing|sharebar|social|sharedaddy"
            r"|sidebar|breadcrumbs?|promo\w*|most-?read|most-?popular|trending|outbrain|taboola|cookie\w*|consent"
            r"|advert\w*|sponsor\w*|tags|tags?-?list|topics?-?list|author-?bio|bio-?box|about-?(?:the-?)?author"
            r"|author-?box|read-?more|more-?from|also-?read|see-?also|inline-?related|jp-relatedposts|toolbar|cta"
            r"|pagination|print-?only|screen-?reader\w*|sr-only|visually-?hidden|skip-?link" + _TAIL,
        ),
        (Zone.COMMENTS, _HEAD + r"comments?|comment-?list|disqus\w*|respond|replies" + _TAIL),
        (
            Zone.CAPTION,
            r"caption|(?:image|img|photo|picture|lightbox|gallery)\w*[_\-]+\w*(?:description|credit|widget)|"
            + _HEAD
            + r"credit|image-?credit|photo-?credit|copyright"
            + _TAIL,
        ),
        (Zone.EMBED, r"twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|bluesky-embed"),
        (
            Zone.BYLINE,
            r"(?:^|\s|article[_\-]+)author(?:[_\-]+(?:content|bio|box|info|card|description|details|name))?(?=$|\s)"
            r"|(?:^|[\s_\-])(?:byline|dateline|timestamp|pub-?date|posted-on|entry-meta|article-?meta)",
        ),
    )
)
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:hidden|hide|d-none|is-hidden|invisible)(?=\s|$)")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What HTML calls white space. A no-break space is none and stays as it was written.
_SPACE = re.compile(r"[ \t\r\n\f]+")


def collapsed(text: str) -> str:
    """As a browser shows it. A soft hyphen only says where a line may break: nobody sees it, and it would tear words
    apart in every search, so it goes."""
    return _SPACE.sub(" ", text.replace("\xad", "")).strip(" ")


@dataclass(slots=True)
class _Box:
    element: _Element
    marks: tuple[Mark, ...]
    dress: tuple[str, ...]
    lists: int
    quoted: bool
    heading: int
    row: bool


def walked(root: _Element) -> Iterator[VisibleBlock]:
    """Every visible block below `root`."""
    boxes = [_Box(root, (), (), 0, False, 0, False)]
    parts: list[str] = []
    linked = links = breaks = 0
    walk = iterwalk(root, events=("start", "end"))

    def take(text: str | None) -> None:
        nonlocal linked, breaks
        if text:
            parts.append(text)
            if links:
                linked += len(collapsed(text))
            if not text.isspace():
                breaks = 0

    def flush() -> Iterator[VisibleBlock]:
        nonlocal linked, breaks
        text = collapsed("".join(parts))
        if text and not text.isspace():
            yield _block(text, boxes[-1], min(1.0, linked / len(text)))
        parts.clear()
        linked = breaks = 0

    for event, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            if event == "end":
                take(element.tail)
        elif event == "start":
            if tag in INVISIBLE or _hidden(element) or (tag == "rt" and not _in_brackets(element)):
                walk.skip_subtree()
                continue
            if tag == "br":
                breaks += 1
                parts.append(" ")
                if breaks == 2:
                    yield from flush()
                continue
            if tag in INLINE:
                links += tag == "a"
            elif boxes[-1].row:
                parts.append(" | " if tag in ("td", "th") and parts else " ")
            else:
                yield from flush()
                boxes.append(_box(element, tag, boxes[-1]))
            take(element.text)
        else:
            if boxes[-1].element is element:
                yield from flush()
                if len(boxes) > 1:
                    boxes.pop()
            elif tag == "a" and links:
                links -= 1
            take(element.tail)
    yield from flush()


def _block(text: str, box: _Box, links: float) -> VisibleBlock:
    kind, level = Kind.PARAGRAPH, 0
    if box.row:
        kind = Kind.ROW
    elif box.heading:
        kind, level = Kind.HEADING, box.heading
    elif box.lists:
        kind, level = Kind.LIST_ITEM, box.lists
    elif box.quoted:
        kind = Kind.QUOTE
    return VisibleBlock(text, kind, level, links, box.marks, ">".join(box.dress), box.element)


def _box(element: _Element, tag: str, outer: _Box) -> _Box:
    zone = _zone(element, tag)
    return _Box(
        element,
        (*outer.marks, (zone, element)) if zone else outer.marks,
        (*outer.dress[-2:], f"{tag}.{element.get('class') or ''}"),
        outer.lists + (tag in LISTS),
        outer.quoted or tag == "blockquote",
        HEADINGS.get(tag, outer.heading),
        tag == "tr" and _of_data(element),
    )


def _zone(element: _Element, tag: str) -> Zone:
    if element.get("itemprop") == "articleBody" or tag in ("html", "body", "main", "article"):
        return Zone.NONE
    if tag in _OUTSIDE_TAGS or element.get("role") in _OUTSIDE_ROLES:
        return Zone.OUTSIDE
    zone = _BY_TAG.get(tag, Zone.NONE)
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return zone if names == " " else zone | _named(names.lower())


@lru_cache(maxsize=4096)
def _named(names: str) -> Zone:
    """`names`: class and id in small letters; expressions that ignore case take three times as long."""
    zone = Zone.NONE
    for one, pattern in _BY_CLASS:
        if pattern.search(names):
            zone |= one
    # A class with a colon belongs to a scheme in which "hidden" may hold for small screens only.
    if ":" not in names and _HIDDEN_CLASS.search(names):
        zone |= Zone.OUTSIDE
    return zone


def _hidden(element: _Element) -> bool:
    hidden = element.get("hidden")
    if hidden is not None and hidden != "until-found":
        # React sends the pieces of a page that it streams as hidden boxes S:0, S:1, … which its script then shows.
        return not (element.get("id") or "").startswith("S:")
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


def _in_brackets(reading: _Element) -> bool:
    """A ruby reading is part of the line only where the page sets it in brackets (rp); else it stands above it."""
    ruby = reading.getparent()
    return ruby is not None and ruby.find("rp") is not None


def _of_data(row: _Element) -> bool:
    """Whether the cells of a table's row are read as one line."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    return len(cells) > 1 and all(
        cell.find(".//table") is None and sum(map(len, cell.itertext())) <= LONGEST_CELL for cell in cells
    )
