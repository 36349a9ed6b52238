"""How what strangers read is answered: from validators before anything is rendered, kept for a while, or not at all.

A validator stands for everything that an answer is made from: the rows, the desk, and the templates and code of this
release. What is kept under it is therefore never older than the rows that were just read.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date

from factcheck.models import Publication
from factcheck.templatetags.desk import desk_of
from factcheck.workflow.integrity import is_suspect

FRESH = 30
"""Seconds for which caches answer by themselves, and as many more while they ask again: a retraction reaches whoever
reads through one within a minute."""


def answer(
    request: HttpRequest,
    rows: Sequence[Publication],
    render: Callable[[], HttpResponse],
    *,
    said: Any = None,
    changed: datetime | None = None,
) -> HttpResponse:
    """What a public view returns. People of the desk get what render() gives, as it is now and for nobody else.

    rows: the publications that are shown, with_findings() and through with_alterations(). While anything is known
    against one of them there is no validator: nothing confirms what a cache holds, and nothing is kept.
    said: whatever else the answer is made from; its repr() tells. changed: for Last-Modified, where nothing older than
    that can have changed the answer.
    """
    if request.user.is_authenticated or len(get_messages(request)):
        response, policy = render(), {"private": True, "no_cache": True}
    elif any(map(is_suspect, rows)):
        response, policy = render(), {"no_store": True}
    else:
        policy = {"public": True, "max_age": FRESH, "stale_while_revalidate": FRESH}
        response = _validated(request, rows, render, said, changed)
        if any(map(is_suspect, rows)):  # found while its text was read
            policy = {"no_store": True}
    patch_cache_control(response, **policy)
    patch_vary_headers(response, ["Cookie"])
    return response


def _validated(
    request: HttpRequest, rows: Sequence[Publication], render: Callable[[], HttpResponse], said: Any, changed: Any
) -> HttpResponse:
    tag = f'"{validator(request, rows, said)}"'
    modified = int(changed.timestamp()) if changed else None
    response = get_conditional_response(request, tag, modified) or caches["pages"].get(tag)
    if response is None:
        response = render()
        if any(map(is_suspect, rows)):
            return response
        caches["pages"].set(tag, response)
    response["ETag"] = tag
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    return response


def validator(request: HttpRequest, rows: Sequence[Publication], said: Any) -> str:
    """Of all that is known of the rows; of their texts their sha256, which has been compared with the trail."""
    made_from = (
        release(),
        settings.PUBLIC_URL,
        request.path,
        said,
        _columns(desk_of(request)),
        [_columns(row) for row in rows],
    )
    return hashlib.sha256(repr(made_from).encode()).hexdigest()


def _columns(row: Any) -> list[Any]:
    return [value for name, value in vars(row).items() if not name.startswith("_") and name != "frozen"]


@cache
def release() -> str:
    """sha256 of the templates and the code: another release may make another page of the same rows."""
    found = hashlib.sha256()
    for folder, kind in ((settings.BASE_DIR / "templates", "html"), (settings.BASE_DIR / "factcheck", "py")):
        for file in sorted(folder.rglob(f"*.{kind}")):
            found.update(file.read_bytes())
    return found.hexdigest()
