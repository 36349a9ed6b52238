"""How what strangers read is answered: by saying that it is still the same, from what was kept, or made anew.

All three begin with the state of the rows that decide what may be shown (PublicationQuerySet.state), by one query. Only
what was made, and found to be what two people signed, is given a validator or kept; and it is confirmed or given out
again while that state lasts. An alteration ends it, whoever made it.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from factcheck.models import Publication, PublicationQuerySet
from factcheck.workflow.integrity import is_suspect

FRESH = 30
"""Seconds for which a shared cache answers by itself: a retraction reaches whoever reads through one within these. A
browser asks each time, which costs one statement: whoever has the page open sees a retraction at the next look."""
PUBLIC = {"public": True, "max_age": 0, "s_maxage": FRESH}

Made = tuple[HttpResponse, Sequence[Publication]]
"""A page, and the publications that it was made from, with_findings() and through with_alterations()."""


@lru_cache(maxsize=1_000)
def _statement(rows: Callable[..., PublicationQuerySet], *asked: Any) -> tuple[str, tuple]:
    return rows(*asked).state()


def state_of(rows: Callable[..., PublicationQuerySet], *asked: Any) -> tuple[Any, ...]:
    """For answer(): another one whenever what is asked, or what a page of rows(*asked) says, is another.

    rows: a function of its module, that hangs on nothing but what is asked: building the query takes as long as asking
    it, so it is built once for each.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(rows, *asked))
        return (*asked, cursor.fetchone())


def answer(request: HttpRequest, make: Callable[[], Made], state: Callable[[], Any]) -> HttpResponse:
    """What a public view returns. People of the desk get what make() gives, as it is now and for nobody else.

    state: its repr() is another whenever make() could give another page; the code, the templates and the address are
    seen to here.
    """
    if request.user.is_authenticated or len(get_messages(request)):
        response, policy = make()[0], {"private": True, "no_cache": True}
    else:
        response, policy = _to_a_stranger(request, make, state())
    patch_cache_control(response, **policy)
    patch_vary_headers(response, ["Cookie"])
    return response


def _to_a_stranger(request: HttpRequest, make: Callable[[], Made], state: Any) -> tuple[HttpResponse, dict[str, Any]]:
    """The answer, and its policy for caches."""
    made_from = repr((release(), settings.PUBLIC_URL, request.path, state))
    tag = f'"{hashlib.sha256(made_from.encode()).hexdigest()}"'
    kept = caches["pages"].get(tag)
    # Only who names the state has seen it: "*" names none.
    named = tag in request.headers.get("If-None-Match", "")
    response = get_conditional_response(request, tag) if kept is None and named else None
    if kept is None and response is None:
        kept, publications = make()
        if any(map(is_suspect, publications)):
            return kept, {"no_store": True}
        kept["ETag"] = tag
        caches["pages"].set(tag, kept)
    if kept is not None:
        response = get_conditional_response(request, tag, response=kept)
    response["ETag"] = tag
    # A cache must not hand on what somebody else's condition met.
    return response, PUBLIC if response.status_code in (200, 304) else {"no_store": True}


@cache
def release() -> str:
    """sha256 of the templates and the code: another release may make another page of the same rows."""
    found = hashlib.sha256()
    for folder, kind in ((settings.BASE_DIR / "templates", "html"), (settings.BASE_DIR / "factcheck", "py")):
        for file in sorted(folder.rglob(f"*.{kind}")):
            found.update(file.read_bytes())
    return found.hexdigest()
