"""What every page of the desk has in common: what its template can ask, and how it pages through rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from factcheck.permissions import may

PAGE = 50  # rows of a list
BIGGEST_KEY = 2**63 - 1
LONGEST_SEARCH = 500  # characters of what a list is searched or filtered by


class May:
    """`{% if may.approve_a_review %}`: the permission table, as templates ask it. The verb asks again."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def __getitem__(self, name: str) -> bool:
        try:
            return may(self.user, name.replace("_", " "))
        except KeyError:  # which a template would swallow: a typing error must not hide a button for ever
            raise LookupError(f"no verb is called {name!r}") from None


def permissions(request: HttpRequest) -> dict[str, Any]:
    """A context processor: every page, allauth's too, has the same header."""
    return {"may": May(request.user)} if hasattr(request, "user") else {}


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"factcheck/{template}", context, status=status)


def key(request: HttpRequest, name: str) -> int | None:
    """A row's key in the query string; None when it is not there, 404 when it is no key."""
    return key_in(request.GET, name)


def key_in(asked: QueryDict, name: str) -> int | None:
    text = asked.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= BIGGEST_KEY and len(text) <= 20):
        raise Http404(f"no row has the key {name}={text[:50]}")
    return int(text)


def asked_in(asked: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """What a query string says of each of the names, as text that PostgreSQL can hold; "" where it says nothing."""
    return {name: asked.get(name, "").replace("\0", "").strip()[:LONGEST_SEARCH] for name in names}


def page_of(rows: Any, size: int = PAGE) -> tuple[list[Any], Any]:
    """(rows of this page, the last of them if more follow else None), by one query that reads one row more."""
    found = list(rows[: size + 1])
    more = len(found) > size
    return found[:size], found[size - 1] if more else None
