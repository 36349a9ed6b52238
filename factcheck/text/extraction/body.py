"""Which blocks of a page are its article.

trafilatura says where the article is; the article is then read from the page itself. It finds the right place on
almost every page, but leaves out paragraphs when a page cuts its text into several boxes, and brings along teasers,
captions and prompts. So what it took only marks the place:

1. Sure is prose that trafilatura took, or that the page repeats as its articleBody (schema.org).
2. The container is the deepest element that holds most of what is sure.
3. Further prose is taken in when it stands in the container among mostly prose, beside a sure paragraph, or is
   dressed like one.
4. What a zone, its links or its wording mark as something else is left out.

The thresholds were chosen on public development sets, in steps so coarse that no page decides one (docs/reading.md).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from factcheck.text.extraction.blocks import Kind, VisibleBlock, Zone

PROSE = 60
"""Code points from which a block counts as prose; a wide character (Chinese, Japanese, Korean) counts as two."""
PROSE_LINKS = 0.5
LINK_LINE = 0.8
"""Share of links from which a short block is a link to elsewhere and not a sentence."""
LONG_LINE = 200
COMPARABLE = 25
"""Letters and digits from which a text is long enough to be found within another one by its wording."""
MOST = 0.85
DENSE = 0.8
ALIKE = 0.15
BELIEVED = 0.2
TRUSTED_BODY = 300

_NOT_ARTICLE = Zone.OUTSIDE | Zone.COMMENTS | Zone.CAPTION | Zone.FOOTER | Zone.BYLINE
_NOT_WORD = re.compile(r"[\W_]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_PROMPT = re.compile(
    r"(?:sign up|subscribe|follow (?:us|@|\S+ (?:\S+ )?(?:on|@))|share (?:this|on)|advertis|read (?:more|next)|more:"
    r"|related:|see (?:also|more)|don['’]t miss|get (?:the )?(?:latest|our)|©|copyright|filed under|tags?:?$"
    r"|article content|sponsored|this (?:copy|story) is for|download (?:our|the) app|photo:|image:|source:"
    r"|have a tip|write to|reach the reporter|join (?:us|our) )",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\((?:image|photo|picture|credit|pic|foto|bild|getty)\b|\b(?:getty images|photograph by|photo by)\b"
    r"|/(?:AFP|AP|Getty|Reuters)\b.{0,20}$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…。！？؟।:;\"”»’')\]]\s*$")


@dataclass(slots=True)
class _Seen:
    """A block and what is known of it."""

    block: VisibleBlock
    key: str
    size: int
    prose: bool
    taken: bool
    """By trafilatura."""
    told: bool
    """Repeated in the page's articleBody."""
    zone: Zone = Zone.NONE
    inside: bool = False
    """The container."""

    @property
    def plain(self) -> bool:
        return self.prose and not self.zone & _NOT_ARTICLE


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the article stands, and how what belongs to it looks."""

    above: frozenset[_Element]
    """The container and everything around it: what marks these says nothing about the blocks within."""
    dresses: frozenset[str]
    beside: frozenset[_Element]
    """The boxes that hold sure paragraphs."""
    dense: bool
    trusted: bool
    """The page's articleBody covers the container: what stands elsewhere and is not in it is something else."""
    last: int
    """The place of the container's last block."""


def chosen(
    blocks: Iterable[VisibleBlock], lines: Iterable[str], article_body: str, titles: Iterable[str]
) -> list[VisibleBlock]:
    """The article's blocks in page order, without its title. `lines`: what trafilatura took. `article_body`: the
    page's own claim of its text, or "". `titles`: in any wording; a block that repeats one is not text."""
    seen = _seen(blocks, lines, article_body)
    place = _place(seen)
    if place is None:
        return [one.block for one in seen if one.taken and not _foreign(one)]
    had = {_key(title) for title in titles}
    kept: list[VisibleBlock] = []
    for at, one in enumerate(seen):
        if not one.key or one.key in had or _foreign(one):
            continue
        if _belongs(one, place, behind=bool(kept) and at > place.last):
            kept.append(one.block)
            if len(one.key) >= COMPARABLE:
                had.add(one.key)  # the same words again: a copy for another screen size
    return _trimmed(kept, _key(article_body))


def _belongs(one: _Seen, place: _Place, *, behind: bool) -> bool:
    """`behind`: the block follows the container, where other articles are announced."""
    dressed = one.block.dress in place.dresses
    if one.told:
        return True
    if not one.inside and (place.trusted or (behind and not dressed)):
        return False
    if one.taken:
        return True
    if not one.prose:
        return False
    amid = one.inside and one.block.kind is not Kind.LIST_ITEM
    return dressed or (amid and (place.dense or one.block.element.getparent() in place.beside))


def _place(seen: Sequence[_Seen]) -> _Place | None:
    """None when no prose is sure. Sets each block's `zone` and `inside` on the way."""
    believed = _believed(seen)
    _set_zones(seen, believed, frozenset())
    sure, by_page = _sure(seen)
    container = _common(sure)
    if container is None:
        return None
    for one in seen:
        one.inside = container in _lineage(one.block.element)
    prose = _size(one for one in seen if one.inside and one.plain)
    above = frozenset(_lineage(container))
    _set_zones(seen, believed, above)
    everything = _size(one for one in seen if one.inside and not one.zone & _NOT_ARTICLE)
    sizes: Counter[str] = Counter()
    for one in sure:
        sizes[one.block.dress] += one.size
    return _Place(
        above,
        frozenset(dress for dress, size in sizes.items() if size > ALIKE * sizes.total()),
        frozenset(one.block.element.getparent() for one in sure),
        dense=prose > DENSE * everything,
        trusted=by_page and _size(sure) > 0.6 * prose,
        last=max((at for at, one in enumerate(seen) if one.inside), default=0),
    )


def _seen(blocks: Iterable[VisibleBlock], lines: Iterable[str], article_body: str) -> list[_Seen]:
    taken = {_key(line) for line in lines}
    all_taken, body = " ".join(taken), _key(article_body)
    found = []
    for block in blocks:
        key = _key(block.text)
        size = len(block.text) if block.text.isascii() else len(block.text) + len(_WIDE.findall(block.text))
        prose = size >= PROSE and block.links < PROSE_LINKS and block.kind not in (Kind.HEADING, Kind.ROW)
        found.append(_Seen(block, key, size, prose, key in taken or _within(key, all_taken), _within(key, body)))
    return found


def _believed(seen: Sequence[_Seen]) -> set[_Element | tuple[str, str]]:
    """Elements that a zone marks and that hold the article all the same ("sidebar-grid", "paywall"): by what was taken
    from them, or because they hold most of the page's prose. Their name and class stand for others named so."""
    everything, taken = Counter[_Element](), Counter[_Element]()
    total = total_taken = 0
    for one in seen:
        if one.prose:
            counts = one.taken or one.told
            total += one.size
            total_taken += one.size * counts
            for zone, element in one.block.marks:
                if not zone & Zone.COMMENTS:
                    everything[element] += one.size
                taken[element] += one.size * counts
    elements = {element for element, size in everything.items() if size > 0.5 * total}
    elements |= {element for element, size in taken.items() if size > BELIEVED * total_taken}
    return {*elements, *((element.tag, element.get("class")) for element in elements if element.get("class"))}


def _set_zones(seen: Iterable[_Seen], believed: set[_Element | tuple[str, str]], above: frozenset[_Element]) -> None:
    for one in seen:
        one.zone = Zone.NONE
        for zone, element in one.block.marks:
            if element not in above and element not in believed and (element.tag, element.get("class")) not in believed:
                one.zone |= zone


def _sure(seen: Sequence[_Seen]) -> tuple[list[_Seen], bool]:
    """(prose that is the article's, whether the page's articleBody says so)."""
    taken = [one for one in seen if one.taken and one.plain]
    told = [one for one in seen if one.told and one.plain]
    told_size = sum(one.size for one in told if one.taken)
    if told_size >= TRUSTED_BODY and told_size > 0.7 * _size(taken):
        return told, True
    if len(taken) <= 1:
        groups: dict[_Element, list[_Seen]] = {}
        for one in seen:
            if one.plain and one.block.kind is not Kind.LIST_ITEM and one.block.links < 0.3:
                groups.setdefault(one.block.element.getparent(), []).append(one)
        largest = max(groups.values(), key=_size, default=[])
        if len(largest) > 1 and _size(largest) > 3 * _size(taken):
            # trafilatura took the lead and missed the text: it stands elsewhere, as the largest run of paragraphs.
            return taken + [one for one in largest if not one.taken], False
    return taken, False


def _foreign(one: _Seen) -> bool:
    block = one.block
    if block.kind is Kind.HEADING and block.level == 1:
        return True
    if one.zone & _NOT_ARTICLE and not one.zone & Zone.EMBED:
        return True
    if block.links > LINK_LINE and len(block.text) < LONG_LINE and block.kind is not Kind.HEADING:
        return not (block.kind is Kind.LIST_ITEM and one.taken)
    if one.told:
        return False
    return bool(_PROMPT.match(block.text)) or (len(block.text) < 250 and bool(_PICTURE.search(block.text)))


def _trimmed(kept: list[VisibleBlock], body_key: str) -> list[VisibleBlock]:
    """Without headings that nothing follows, and without date and place above the text."""
    while kept and kept[-1].kind is Kind.HEADING:
        kept.pop()
    for _ in range(3):
        if len(kept) > 3 and kept[0].kind is Kind.PARAGRAPH:
            line = kept[0].text
            if len(line) < PROSE and not _ENDS.search(line) and _key(line) not in body_key:
                kept.pop(0)
    return kept


def _common(sure: Sequence[_Seen]) -> _Element | None:
    """The deepest element that holds MOST of them."""
    sizes: Counter[_Element] = Counter()
    for one in sure:
        for element in _lineage(one.block.element):
            sizes[element] += one.size
    least = MOST * _size(sure)
    enough = [element for element, size in sizes.items() if size >= least]
    return min(enough, key=lambda element: (sizes[element], -sum(1 for _ in element.iterancestors())), default=None)


def _lineage(element: _Element) -> list[_Element]:
    return [element, *element.iterancestors()]


def _size(some: Iterable[_Seen]) -> int:
    return sum(one.size for one in some)


def _key(text: str) -> str:
    """Letters and digits only: what two renderings of the same words have in common."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _NOT_WORD.sub("", text.casefold())


def _within(key: str, whole: str) -> bool:
    """Whether these words stand in a text, also when a note or a link in their middle was rendered differently."""
    if len(key) < COMPARABLE:
        return False
    if key in whole:
        return True
    middle = len(key) // 2
    probes = (key[:COMPARABLE], key[middle - 12 : middle + 13], key[-COMPARABLE:])
    return len(key) >= 3 * COMPARABLE and sum(probe in whole for probe in probes) >= 2
