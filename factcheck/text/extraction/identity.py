"""What a page says it is: whose, in which language, under which address."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from factcheck.text.extraction import markup
from factcheck.text.extraction.found import Found, Source
from factcheck.text.extraction.markup import Markup

SAMPLE = 4000
"""Characters that the language detector looks at."""
SURE = 0.9
"""Probability from which a guessed language is given at all."""
VERY_SURE = 0.99
ENOUGH = 500
"""Characters of text, and probability, from which the detector is believed against what the page declares."""

_LANGUAGE = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.].*)?$")
_ORGANISATIONS = {"NewsMediaOrganization", "Organization", "WebSite", "Corporation", "Periodical"}


def outlets(page: Markup) -> list[Found[str]]:
    """The publisher's names, the likeliest first."""
    return list(_outlets(page))


def outlet(names: list[Found[str]], address: str) -> Found[str] | None:
    """The first name that is no address; without one the host, which is a guess."""
    for found in names:
        if "/" not in found.value:
            return found
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return Found(host, Source.GUESSED) if host else None


def language(page: Markup, tree: _Element, text: str) -> Found[str] | None:
    """As declared, unless the text is surely in another language: one page in thirty declares that of its template.
    A language that the detector does not know is left as declared."""
    declared = _declared(page, tree)
    if declared and len(text) < ENOUGH:
        return declared
    code, probability = _identifier().classify(text[:SAMPLE])
    if not declared:
        return Found(code, Source.GUESSED) if probability >= SURE else None
    named = declared.value.partition("-")[0]
    if probability < VERY_SURE or _kin(named) == _kin(code) or named not in _identifier().nb_classes:
        return declared
    return Found(code, Source.GUESSED)


def spoken(text: str, *, sure: float = SURE, enough: int = ENOUGH) -> str:
    """The language that a text without markup is in, as a BCP 47 tag; "" when that is not sure: its probability is
    less, or the text has fewer characters than are enough."""
    if len(text) < enough:
        return ""
    code, probability = _identifier().classify(text[:SAMPLE])
    return code if probability >= sure else ""


def _declared(page: Markup, tree: _Element) -> Found[str] | None:
    for value, source in (
        (tree.get("lang") or tree.get("xml:lang") or "", Source.HTML),
        (markup.text(page.article.get("inLanguage")), Source.JSON_LD),
        (page.first("content-language", "dc.language", "dcterms.language", "language"), Source.META),
        (page.first("og:locale"), Source.OPEN_GRAPH),
    ):
        if tag := tagged(value):
            return Found(tag, source)
    return None


def _kin(code: str) -> str:
    """Languages that go under several codes, or that no detector tells apart."""
    return next((kin for kin in ("nb nn no", "bs hr sh sr", "id ms", "fil tl", "he iw") if code in kin.split()), code)


def tagged(value: str) -> str:
    """A language as a BCP 47 tag of language, script and region ("de_AT.UTF-8" is de-AT); "" when it is none."""
    parts = _LANGUAGE.match(value.strip().partition(",")[0])
    if not parts:
        return ""
    name, script, region = parts.groups()
    return "-".join(part for part in (name.lower(), script and script.title(), region and region.upper()) if part)


def canonical(page: Markup, tree: _Element, url: str) -> Found[str] | None:
    """Absolute and http(s). A page that only repeats no address has none but `url`."""
    links = (
        link.get("href") or "" for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    )
    candidates = (
        *((href, Source.HTML) for href in links),
        (page.first("og:url"), Source.OPEN_GRAPH),
        (_address_of(page), Source.JSON_LD),
    )
    for given, source in candidates:
        try:
            address = urljoin(url, given.strip()) if given.strip() else ""
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            return Found(address, source)
    return None


def _address_of(page: Markup) -> str:
    entity = page.article.get("mainEntityOfPage")
    given = page.article.get("url") or (entity.get("@id") if isinstance(entity, dict) else entity)
    return given if isinstance(given, str) else ""


def _outlets(page: Markup) -> Iterator[Found[str]]:
    for value in markup.listed(page.article.get("publisher")):
        if name := markup.text(page.resolved(value)):
            yield Found(name, Source.JSON_LD)
    for names, source in (
        (("og:site_name",), Source.OPEN_GRAPH),
        (("dc.publisher", "dcterms.publisher", "citation_publisher", "publisher"), Source.META),
        (("application-name", "apple-mobile-web-app-title"), Source.META),
    ):
        if name := markup.line(page.first(*names)):
            yield Found(name, source)
    for node in page.nodes:
        if _ORGANISATIONS.intersection(markup.types(node)) and (name := markup.text(node.get("name"))):
            yield Found(name, Source.JSON_LD)


@cache
def _identifier() -> LanguageIdentifier:
    """Takes about a second and 60 MB, once in each process."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
