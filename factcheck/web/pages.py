"""What every page of the desk has in common: who may see it, and what its template can ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from factcheck.exceptions import NotAllowed
from factcheck.permissions import may, require
from factcheck.web.errors import forbidden, typed

PAGE = 50  # rows of a list
BIGGEST_KEY = 2**63 - 1


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


def desk_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For people of the desk. Their pages stay in their browsers."""

    @cache_control(private=True, no_cache=True)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return expired(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
        try:
            require(request.user, "see the desk")
        except NotAllowed as error:
            return forbidden(request, error)
        return view(request, *args, **kwargs)

    return wrapped


def expired(request: HttpRequest) -> HttpResponse:
    """The log-in ended while somebody was writing: nothing was saved, and every word that was sent is shown again."""
    return render(request, "factcheck/expired.html", {"typed": typed(request)}, status=401)


def key(request: HttpRequest, name: str) -> int | None:
    """A row's key in the query string; None when it is not there, 404 when it is no key."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= BIGGEST_KEY and len(text) <= 20):
        raise Http404(f"no row has the key {name}={text[:50]}")
    return int(text)


def page_of(rows: Any, size: int = PAGE) -> tuple[list[Any], Any]:
    """(rows of this page, the last of them if more follow else None), by one query that reads one row more."""
    found = list(rows[: size + 1])
    more = len(found) > size
    return found[:size], found[size - 1] if more else None
