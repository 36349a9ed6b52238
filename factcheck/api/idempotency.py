"""POST once: draft-ietf-httpapi-idempotency-key-header, for every POST of the API.

What is done and what was answered are written by one transaction, which also holds an advisory lock. So of many that
send the same at the same time one is done, and the others are told that it is still running; a process that is killed
leaves neither half of it behind, nor the lock; and a 500 is kept by nobody, so that a repetition may succeed.
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from factcheck.api.errors import REFUSALS, AnswerErased, KeyReused, StillRunning
from factcheck.api.inputs import LONGEST_FORM
from factcheck.models import KeptAnswer
from factcheck.workflow.transitions import database_errors_as_ours

if TYPE_CHECKING:
    from factcheck.api.doors import Door

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = ("Content-Type", "ETag", "Location")
"""The headers of an answer that are kept with it. Others speak of the one request that they answered."""
QUOTED, BARE = '"[ !#-~]{1,255}"', "[!#-~]{1,255}"
"""How a key may be written, as the patterns of the schema."""
Handler = Callable[..., HttpResponse]


def hold_body(request: HttpRequest) -> None:
    """Before anything parses it: a stream can be read once, and both the parser and sha256 want it. One that is too
    long is left to the parser, which refuses it unread."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if int(length) <= LONGEST_FORM:
        request._body = request.read()


def once(view: "Door", handler: Handler) -> Handler:
    """The handler of a POST, done once for each key of a caller; without a key as often as it is called."""
    said = view.request.headers.get(HEADER)
    if said is None:
        return handler
    key = _key(said)

    @wraps(handler)
    def post(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        named = _sha256(request.path.encode(), key.encode())
        sent = _sent(request)
        with database_errors_as_ours(), transaction.atomic():
            if not _locked(request.user.pk, named):
                raise StillRunning("The same request is still running. Ask again in a moment.")
            kept = KeptAnswer.objects.filter(caller=request.user.pk, name=named).first()
            if kept is not None:
                return _again(kept, sent)
            try:
                response = handler(request, *args, **kwargs)
            except REFUSALS as error:
                response = view.handle_exception(error)
            response = _rendered(view, response)
            secret = view.shown_once and response.status_code < 400
            KeptAnswer.objects.create(
                caller_id=request.user.pk,
                name=named,
                request=sent,
                status=response.status_code,
                headers={name: response.headers[name] for name in KEPT if name in response.headers},
                body="" if secret else response.content.decode(),
                erased=secret,
            )
        return response

    return post


def _key(said: str) -> str:
    """The key, which the draft puts between quotation marks and most clients do not."""
    if not re.fullmatch(f"{QUOTED}|{BARE}", said):
        raise ParseError(f"An {HEADER} has 1 to 255 characters of ASCII, such as those of a UUID.")
    return said.strip('"')


def _sent(request: Request) -> str:
    """What makes it the same request: its body, what kind of body that is, and the version that it is about. A form is
    the same whatever its parts are parted by, which clients choose anew each time."""
    media_type, _, parted = request.content_type.partition(";")
    boundary = re.search(r'boundary="?([^";]+)', parted)
    body: bytes = request._request.body
    parts = body.split(b"--" + boundary[1].encode()) if boundary else [body]
    return _sha256(media_type.strip().lower().encode(), request.headers.get("If-Match", "").encode(), *parts)


def _sha256(*parts: bytes) -> str:
    """Of all parts, each after its length: no two lists of parts look the same."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _locked(caller: int, named: str) -> bool:
    """Whether this transaction has the key for itself now, until it ends or its connection does."""
    number = int(_sha256(str(caller).encode(), named.encode())[:16], 16) - 2**63
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]


def _again(kept: KeptAnswer, sent: str) -> HttpResponse:
    if kept.request != sent:
        raise KeyReused(f"This {HEADER} was sent before, with another request. Nothing was done; take a new key.")
    if kept.erased:
        raise AnswerErased("This was done when it was sent first. What was answered is erased.")
    return HttpResponse(kept.body, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def _rendered(view: "Door", response: HttpResponse) -> HttpResponse:
    response = view.finalize_response(view.request, response, *view.args, **view.kwargs)
    return response.render() if hasattr(response, "render") else response
