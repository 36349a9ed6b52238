"""A SearXNG of the operator's own, which asks the search engines that it is set up with.

https://docs.searxng.org/dev/search_api.html · the fields of a result: https://docs.searxng.org/dev/result_types/
"""

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from factcheck.exceptions import NoAnswer
from factcheck.retrieval.providers import client
from factcheck.retrieval.providers.found import (
    LONGEST_LINE,
    MOST,
    Found,
    address,
    clipped,
    day,
    listed,
    not_understood,
    plain,
)

NAME = "searxng"
TITLE = "SearXNG"
MODEL_VERSION = "searxng search API 1"
FACT_CHECKS = False

# https://docs.searxng.org/user/search-syntax.html: a word that begins so is an order to the service.
ORDER = re.compile(r"(?<!\S)[!:?-]+(?=\S)")
FIELD = re.compile(r"\b(site|filetype|inurl|intitle|intext|cache|related|link|before|after):(?=\S)", re.I)


def query(statement: str, language: str) -> str:
    """The statement's words, without marks that search engines take for orders."""
    without = ORDER.sub("", FIELD.sub(r"\1 ", statement.replace('"', " ")))
    return clipped(" ".join(without.split()))


def receiver(language: str) -> str:
    return client.host(settings.PROVIDERS[NAME]["url"])


def search(words: str, language: str) -> list[Found]:
    """Raises FetchError; so does an empty list from engines that did not answer: nobody looked, so nothing is known."""
    asked = {"q": words, "format": "json", "categories": "general", "language": language or "all"}
    said = client.ask(f"{settings.PROVIDERS[NAME]['url']}/search", asked)
    results = listed(said, "results")
    found = [one for result in results if (one := _result(result)) is not None]
    if results and not found:
        raise not_understood()
    if not found and (silent := listed(said, "unresponsive_engines", may_lack=True)):
        names = ", ".join(filter(None, (plain(one[0], 40) for one in silent[:5] if isinstance(one, list) and one)))
        raise NoAnswer(
            _("The search engines behind the service did not answer (%(names)s).") % {"names": names or "?"},
            "timeout",
            retry=True,
        )
    return found[:MOST]


def _result(result: Any) -> Found | None:
    if not isinstance(result, dict) or not (url := address(result.get("url"))):
        return None
    title = plain(result.get("title"), LONGEST_LINE) or url
    return Found(
        url=url, title=title, text=plain(result.get("content")) or title, published=day(result.get("publishedDate"))
    )
