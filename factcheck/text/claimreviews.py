"""Other people's fact-checks, as they hand them on: schema.org ClaimReview in every wrapping that is in use.

A page with JSON-LD; an answer of Google's Fact Check Tools API (`claims[].claimReview[]`), whole or its claims one a
line; a Data Commons feed (`DataFeed`, `dataFeedElement[].item[]`); a ClaimReview or a list of them alone.

Every review that stands in the file comes out once, in its order: as a Record, or as an Unread with its place and the
reason. Nothing is guessed: what a record does not say is "", what it says oddly stays as it says it, and `raw` has all
of it. Words are those of the file in any script; only HTML's entities and tags are undone, since pages put them into
their markup, and white space is one blank.

https://schema.org/ClaimReview · https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims
https://datacommons.org/factcheck/download
"""

import codecs
import html
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from factcheck.text.claimreview_fields import (
    addresses,
    day,
    encodes,
    first,
    first_address,
    given,
    language,
    names,
    rating,
    site_of,
    types,
)
from factcheck.text.extraction import decoding, markup

SNIPPET = 2_000
"""Characters of what could not be read that are shown with the reason."""
THE_FILE = "the file"
NONE_THERE = "It names no review of a claim."
TOO_DEEP = "It is nested too deeply to be read."
LOOKED_AT = 3
"""Lines by which it is known that each is an object of JSON by itself."""


@dataclass(frozen=True, slots=True)
class Record:
    """One review of one claim. Dates are ISO as far as they are known (2024, 2024-05, 2024-05-14); addresses begin with
    http; the rating's words are in whatever language they came, its numbers as they were written.
    """

    place: str
    claim_reviewed: str
    url: str
    """Where the review stands."""
    title: str
    publisher: str
    site: str
    review_date: str
    rating: str
    rating_value: str
    rating_best: str
    rating_worst: str
    claimant: str
    claim_date: str
    appearances: tuple[str, ...]
    """Where the claim was made, the first appearance first."""
    language: str
    from_its_page: bool
    """The file is the page of the review itself."""
    raw: str
    """The record as JSON; of an API's answer the claim with this one review."""


@dataclass(frozen=True, slots=True)
class Unread:
    place: str
    sentence: str
    raw: str = ""
    """Its beginning."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What the page says of itself, for reviews that leave it out; empty for a file that is no page."""

    url: str = ""
    title: str = ""
    language: str = ""
    is_page: bool = False


def read(data: bytes) -> Iterator[Record | Unread]:
    """Everything that claims to be a review, in its order; what is no such file at all is one Unread. Never raises."""
    text = _decoded(data)
    if text is None:
        yield from _lines(data) if _is_lines(data) else [Unread(THE_FILE, "It is neither UTF-8 nor UTF-16 text.")]
    elif text[:1000].lstrip().startswith("<"):
        yield from _page(text)
    elif _is_lines(lines := text.encode()):
        yield from _lines(lines)
    else:
        yield from _json(text, THE_FILE)


# --- the wrappings ---------------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str | None:
    """As JSON is: in UTF-8, -16 or -32, with or without a byte order mark. A page may be in any charset."""
    charset = json.detect_encoding(data)
    is_page = charset.startswith("utf-8") and data[:1000].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")
    try:
        return decoding.decoded(data) if is_page else data.decode(charset).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _is_lines(data: bytes) -> bool:
    """One of the first lines is an object by itself, and not all there is."""
    lines = list(islice((line for line in io.BytesIO(data) if line.strip()), LOOKED_AT))
    return len(lines) > 1 and any(_is_object(line) for line in lines)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(data: bytes) -> Iterator[Record | Unread]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            text = line.decode()
        except UnicodeDecodeError:
            yield _unread(f"line {number}", "The line is not UTF-8.", line.decode(errors="replace"))
        else:
            yield from _json(text, f"line {number}")


def _page(text: str) -> Iterator[Record | Unread]:
    tree = decoding.tree(text)
    if tree is None:
        yield _unread(THE_FILE, "It is no web page, or an empty one.", text)
        return
    meta = markup.read(tree)
    canonical = next((link.get("href", "") for link in tree.iter("link") if link.get("rel") == "canonical"), "")
    page = _Page(
        url=first_address([canonical, meta.first("og:url")]),
        title=markup.line(meta.first("og:title") or tree.findtext(".//title") or ""),
        language=(tree.get("lang") or "").strip()[:35],
        is_page=True,
    )
    empty = True
    scripts = [one for one in tree.iter("script") if "ld+json" in (one.get("type") or "").lower()]
    nodes: list[tuple[str, Any]] = []
    for number, script in enumerate(scripts, start=1):
        value, unread = _parsed(script.text or "", f"script {number}")
        if unread is None:
            nodes.append((f"script {number}", value))
        elif "ClaimReview" in (script.text or "") or "claimReviewed" in (script.text or ""):
            empty = False
            yield unread
    known = _known(value for _, value in nodes)
    for place, value in nodes:
        for found in _reviews(value, place, page, known):
            empty = False
            yield found
    for element in tree.iter():
        if (element.get("itemtype") or "").rstrip("/").endswith("schema.org/ClaimReview"):
            empty = False
            yield Unread(f"line {element.sourceline}", "It is marked as microdata; of a page only JSON-LD is read.")
    if empty:
        yield Unread(THE_FILE, "The page names no review of a claim in JSON-LD.")


def _json(text: str, place: str) -> Iterator[Record | Unread]:
    """All reviews of one JSON text; one Unread when there is none."""
    if place == THE_FILE and text.lstrip()[:1] not in ("{", "["):
        yield _unread(place, "It is neither a web page nor JSON.", text)
        return
    value, unread = _parsed(text, place)
    if unread is not None:
        yield unread
        return
    empty = True
    for found in _reviews(value, "" if place == THE_FILE else place, _Page(), _known([value])):
        empty = False
        yield found
    if empty:
        yield _unread(place, NONE_THERE, text)


def _parsed(text: str, place: str) -> tuple[Any, Unread | None]:
    try:
        return markup.parsed(text, pairs=_both), None
    except RecursionError:
        return None, _unread(place, TOO_DEEP, text)
    except ValueError as error:
        if "&quot;" in text:  # escaped as if it stood in an attribute
            try:
                return markup.parsed(html.unescape(text), pairs=_both), None
            except (ValueError, RecursionError):
                pass
        where = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        why = error.msg if isinstance(error, json.JSONDecodeError) else "a number in it is too long"
        return None, _unread(place, f"The JSON is broken{where}: {why[:1].lower()}{why[1:]}.", text)


def _both(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a name stands twice keeps both values, as a list: Python would drop the first unseen."""
    node = dict(pairs)
    if len(node) < len(pairs):
        node = {name: [value for other, value in pairs if other == name] for name in node}
        node = {name: values if len(values) > 1 else values[0] for name, values in node.items()}
    return node


# --- the reviews of a value ------------------------------------------------------------------------------------------

Known = dict[str, dict[str, Any]]


def _known(values: Any) -> Known:
    """Nodes by their @id, so that references to them can be followed."""
    found: Known = {}
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            name = value.get("@id")
            if isinstance(name, str) and len(value) > len(found.get(name, {"@id": name})):
                found[name] = value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return found


def _reviews(root: Any, place: str, page: _Page, known: Known) -> Iterator[Record | Unread]:
    """Depth first, in the order of the file, without Python's own stack: files nest as deeply as they like."""
    stack: list[tuple[Any, str]] = [(root, place)]
    while stack:
        value, at = stack.pop()
        if isinstance(value, list):
            stack.extend((one, f"{at}[{index}]") for index, one in reversed(list(enumerate(value))))
            continue
        if not isinstance(value, dict):
            continue
        kinds = types(value)
        if "ClaimReview" in kinds or "claimReviewed" in value:
            if (found := _of_node(value, at, page, known)) is not None:
                yield found
        elif "claimReview" in value and not kinds:
            yield from _of_claim(value, at)
            continue
        held = []
        for name, one in value.items():
            path = _below(at, name)
            if name == "dataFeedElement" or (name == "claims" and not kinds):
                for index, entry in enumerate(markup.listed(one)):
                    if not _holds_a_review(entry):
                        yield _unread(f"{path}[{index}]", NONE_THERE, entry)
            if isinstance(one, dict | list):
                held.append((one, path))
        stack.extend(reversed(held))


def _holds_a_review(value: Any) -> bool:
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            if "claimReview" in one or "claimReviewed" in one or "ClaimReview" in types(one):
                return True
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)
    return False


def _of_claim(claim: dict[str, Any], place: str) -> Iterator[Record | Unread]:
    """A claim of the API, with each of its reviews."""
    reviews = markup.listed(claim["claimReview"])
    if not reviews:
        yield _unread(place, NONE_THERE, claim)
    for index, review in enumerate(reviews):
        at = f"{_below(place, 'claimReview')}[{index}]"
        whole = {**claim, "claimReview": [review]}
        if not isinstance(review, dict):
            yield _unread(at, "The review is no object.", whole)
            continue
        publisher = first(review.get("publisher"))
        publisher = publisher if isinstance(publisher, dict) else {"name": publisher}
        url = first_address([review.get("url")])
        yield _checked(
            at,
            whole,
            claim_reviewed=markup.text(claim.get("text")),
            url=url,
            title=markup.text(review.get("title")),
            publisher=markup.text(publisher.get("name")),
            site=markup.text(publisher.get("site")) or site_of(url),
            review_date=day(review.get("reviewDate")),
            rating=given(review.get("textualRating")),
            rating_value="",
            rating_best="",
            rating_worst="",
            claimant=names(claim.get("claimant"), {}),
            claim_date=day(claim.get("claimDate")),
            appearances=(),
            language=language(review.get("languageCode")),
            from_its_page=False,
        )


def _of_node(node: dict[str, Any], place: str, page: _Page, known: Known) -> Record | Unread | None:
    """A ClaimReview of schema.org. None for a mere reference to one that stands elsewhere in the file."""
    name = node.get("@id")
    if isinstance(name, str) and not node.keys() - {"@id", "@type"}:
        if known.get(name, node) is not node:
            return None
        return _unread(place, "It refers to a review that is not in the file.", node)

    def follow(value: Any) -> Any:
        one = first(value)
        return known.get(one["@id"], one) if isinstance(one, dict) and isinstance(one.get("@id"), str) else one

    item = follow(node.get("itemReviewed"))
    item = item if isinstance(item, dict) else {"name": item}
    said = [node.get("url"), node.get("mainEntityOfPage"), node.get("@id")]
    url = first_address(said, base=page.url)
    claim = markup.text(node.get("claimReviewed"))
    if not claim and "Claim" in types(item):
        claim = markup.text(item.get("text")) or markup.text(item.get("name"))
    publisher = follow(node.get("publisher")) or follow(node.get("author"))
    theirs = publisher.get("url") if isinstance(publisher, dict) else ""
    words, value, best, worst = rating(follow(node.get("reviewRating")))
    return _checked(
        place,
        node,
        claim_reviewed=claim,
        url=url or page.url,
        title=markup.text(node.get("headline")) or markup.text(node.get("name")) or page.title,
        publisher=names(node.get("publisher"), known) or names(node.get("author"), known),
        site=site_of(first_address([theirs])) or site_of(url or page.url),
        review_date=day(node.get("datePublished")) or day(node.get("dateCreated")),
        rating=words,
        rating_value=value,
        rating_best=best,
        rating_worst=worst,
        claimant=names(item.get("author"), known),
        claim_date=day(item.get("datePublished")),
        appearances=addresses([item.get("firstAppearance"), item.get("appearance"), item.get("url")]),
        language=language(node.get("inLanguage")) or page.language,
        from_its_page=page.is_page and (not page.url or not url or url == page.url),
    )


def _checked(place: str, node: dict[str, Any], **said: Any) -> Record | Unread:
    """What a fact-check cannot do without: its claim, and where it can be read."""
    if not said["claim_reviewed"]:
        return _unread(place, "It does not say which claim it reviews.", node)
    if not said["url"]:
        return _unread(place, "It has no address of the web under which the review can be read.", node)
    if not all(encodes(value) for value in said.values() if isinstance(value, str)):
        return _unread(place, "It holds halves of characters: it was damaged on the way.", node)
    try:
        raw = json.dumps(node, ensure_ascii=False)
        raw = raw if encodes(raw) else json.dumps(node)
    except RecursionError:
        return _unread(place, TOO_DEEP, "")
    return Record(place=_kept(place) or THE_FILE, raw=raw, **said)


def _unread(place: str, sentence: str, value: Any) -> Unread:
    """value: text of the file, or a value of its JSON."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        text = ""
    return Unread(_kept(place) or THE_FILE, sentence, _kept(text))


def _kept(text: str) -> str:
    """Fit to be kept by any database. Places hold names of the file's own, which may be anything too."""
    return text[:SNIPPET].replace("\0", "").encode(errors="replace").decode()


def _below(place: str, name: str) -> str:
    """`line 2, claims`, then `line 2, claims[0].claimReview`: numbers of lines and scripts count from 1, as people do,
    those in brackets from 0, as JSON's own paths do."""
    if not place:
        return name
    return f"{place}.{name}" if "[" in place or "," in place else f"{place}, {name}"
