"""The administrators' door. Whatever has a verb is read-only here, and changed by actions that call the verb."""

from factcheck.admin import (
    articles,
    audit,
    claims,
    factchecks,
    feeds,
    gate,
    jobs,
    keys,
    pairs,
    people,
    publications,
    readers,
    reviews,
    searches,
    sources,
    suggestions,
)
from factcheck.admin.site import site

__all__ = [
    "articles",
    "audit",
    "claims",
    "factchecks",
    "feeds",
    "gate",
    "jobs",
    "keys",
    "pairs",
    "people",
    "publications",
    "readers",
    "reviews",
    "searches",
    "site",
    "sources",
    "suggestions",
]
