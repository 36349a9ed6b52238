"""Wikipedia's own full-text search, in the article's language where the desk asks that Wikipedia, else in its first.

https://www.mediawiki.org/wiki/API:Search · https://www.mediawiki.org/wiki/API:Etiquette
"""

import re
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _
from spacy.lang.en.stop_words import STOP_WORDS

from factcheck.exceptions import AnswerRefused
from factcheck.retrieval.providers import client
from factcheck.retrieval.providers.found import LONGEST_LINE, MOST, Found, listed, not_understood, plain

NAME = "wikipedia"
TITLE = "Wikipedia"
MODEL_VERSION = "wikipedia action API 1"
FACT_CHECKS = False

LONGEST = 300  # characters: https://www.mediawiki.org/wiki/Help:CirrusSearch
EITHER = " OR "  # without it a page must hold every word: https://www.mediawiki.org/wiki/Help:CirrusSearch
WORD = re.compile(r"[^\W_]+(?:[-’'.,][^\W_]+)*")
PASSING = {"maxlag", "ratelimited", "readonly"}  # and whatever begins with internal_api_error


def query(statement: str, language: str) -> str:
    """Names, numbers and longer words of the statement, any of which may stand in a page: the more, the higher."""
    words: list[str] = []
    for number, each in enumerate(WORD.findall(statement)):
        word = each.removesuffix("’s").removesuffix("'s")
        if word.lower() in STOP_WORDS or word in ("OR", "AND", "NOT") or word in words:
            continue
        name = word[0].isupper() and number > 0
        if name or any(letter.isdigit() for letter in word) or len(word) > 3:
            if len(EITHER.join([*words, word])) > LONGEST:
                break
            words.append(word)
    return EITHER.join(words)


def receiver(language: str) -> str:
    return client.host(_address(language))


def search(words: str, language: str) -> list[Found]:
    """Raises FetchError."""
    address = _address(language)
    asked = {
        "action": "query",
        "list": "search",
        "srsearch": words,
        "srlimit": str(MOST),
        "srprop": "snippet",
        "format": "json",
        "formatversion": "2",
        "maxlag": "5",  # a machine that nobody waits for steps back while the service is behind
    }
    contact = settings.PROVIDERS[NAME]["contact"]
    said = client.ask(f"{address}/w/api.php", asked, headers={"User-Agent": client.agent(contact)})
    if "error" in said:
        raise _refused(said["error"])
    asked_for = said.get("query")
    if not isinstance(asked_for, dict):
        raise not_understood()
    pages = listed(asked_for, "search")
    found = [one for page in pages if (one := _page(page, address)) is not None]
    if pages and not found:
        raise not_understood()
    return found[:MOST]


def _address(language: str) -> str:
    service = settings.PROVIDERS[NAME]
    spoken = language.partition("-")[0].lower()
    wiki = spoken if spoken in service["languages"] else service["languages"][0]
    return str(service["url"]).replace("{language}", wiki)


def _page(page: Any, address: str) -> Found | None:
    if not isinstance(page, dict) or not (title := plain(page.get("title"), LONGEST_LINE)):
        return None
    return Found(
        url=f"{address}/wiki/{quote(title.replace(' ', '_'), safe='/:@!$*(),;')}",
        title=title,
        text=plain(page.get("snippet")) or title,
        publisher=TITLE,
    )


def _refused(error: Any) -> AnswerRefused:
    """https://www.mediawiki.org/wiki/API:Errors_and_warnings: an error comes with status 200."""
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(code, str):
        return not_understood()
    again = code in PASSING or code.startswith("internal_api_error")
    said = _("The service refuses the search (%(code)s).") % {"code": plain(code, 60)}
    return AnswerRefused(said, "status", retry=again)
