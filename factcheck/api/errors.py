"""Refusals as RFC 9457 problems: the one place where an error becomes an answer. docs/api.md lists the types.

What is not listed here is a defect: it stays a 500, logged, and problems.py answers it.
"""

import json

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.utils.encoders import JSONEncoder

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed, Refused

CONTENT_TYPE = "application/problem+json"


class NoPrecondition(Exception):
    """A write on a row with a version, without the version that was read."""


class StillRunning(Exception):
    """The same request with the same Idempotency-Key has not been answered yet."""


class KeyReused(Exception):
    """Its Idempotency-Key belongs to another request."""


class AnswerErased(Exception):
    """It was done before, and its answer was erased."""


class TooLarge(Exception):
    """A body that nobody will read to its end."""


# The type's last part -> status and title. These words are a promise: programs compare them.
TYPES = {
    "malformed": (400, "The request cannot be read"),
    "not-logged-in": (401, "Nobody is logged in"),
    "not-allowed": (403, "This person may not do this"),
    "not-found": (404, "There is no such thing"),
    "wrong-method": (405, "This address does not take this method"),
    "not-acceptable": (406, "Answers are JSON"),
    "invalid-transition": (409, "This cannot be done in this state"),
    "still-running": (409, "The same request is still running"),
    "answer-erased": (410, "This was done, and its answer is erased"),
    "conflict": (412, "Somebody else was first"),
    "too-large": (413, "The body is too large"),
    "wrong-media-type": (415, "Bodies are JSON"),
    "invalid": (422, "Some fields cannot be taken"),
    "bad-input": (422, "This cannot be taken"),
    "refused": (422, "A rule of the desk stands against this"),
    "key-reused": (422, "This Idempotency-Key belongs to another request"),
    "no-precondition": (428, "Say which version was read"),
    "too-often": (429, "This key asks too often"),
    "unexpected": (500, "Something broke on our side"),
}
# Error -> type. The first that fits.
MAPPING = (
    (exceptions.ParseError, "malformed"),
    (BadRequest, "malformed"),
    (SuspiciousOperation, "malformed"),
    (MultiPartParserError, "malformed"),
    (exceptions.NotAuthenticated, "not-logged-in"),
    (exceptions.AuthenticationFailed, "not-logged-in"),
    (exceptions.Throttled, "too-often"),
    (exceptions.PermissionDenied, "not-allowed"),
    (PermissionDenied, "not-allowed"),
    (NotAllowed, "not-allowed"),
    (exceptions.NotFound, "not-found"),
    (Http404, "not-found"),
    (exceptions.MethodNotAllowed, "wrong-method"),
    (exceptions.NotAcceptable, "not-acceptable"),
    (InvalidTransition, "invalid-transition"),
    (Conflict, "conflict"),
    (StillRunning, "still-running"),
    (AnswerErased, "answer-erased"),
    (KeyReused, "key-reused"),
    (TooLarge, "too-large"),
    (exceptions.UnsupportedMediaType, "wrong-media-type"),
    (exceptions.ValidationError, "invalid"),
    (BadInput, "bad-input"),
    (Refused, "refused"),
    (NoPrecondition, "no-precondition"),
)
REFUSALS = tuple(family for family, _ in MAPPING)


def problem(error: Exception, context: dict) -> HttpResponse | None:
    """REST_FRAMEWORK's EXCEPTION_HANDLER. None: not ours to answer."""
    body = told(error)
    if body is None:
        return None
    headers = {}
    if isinstance(error, Conflict) and hasattr(context["view"], "current"):
        body["current"], headers["ETag"] = context["view"].current()
    if isinstance(error, StillRunning):
        headers["Retry-After"] = "1"
    if isinstance(error, exceptions.Throttled) and error.wait is not None:
        headers["Retry-After"] = str(error.wait)
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    return HttpResponse(encoded(body), status=body["status"], content_type=CONTENT_TYPE, headers=headers)


def told(error: Exception) -> dict | None:
    """The problem itself, also of one item among many. None: not ours to answer."""
    kind = next((kind for family, kind in MAPPING if isinstance(error, family)), None)
    if kind is None:
        return None
    status, title = TYPES[kind]
    body = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": str(error) or title}
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = "Nothing was changed. Each field below says what is wrong with it."
        body["errors"] = _errors(error.detail)
    if isinstance(error, Refused):
        body["rule"] = error.rule
    return body


def encoded(body: dict) -> bytes:
    """JSON in UTF-8. A refusal may quote what was sent, halves of characters too: they come out as `?`."""
    return json.dumps(body, cls=JSONEncoder, ensure_ascii=False).encode("utf-8", "replace")


def _errors(detail) -> dict[str, list[str]]:
    """DRF's details as {field: [sentences]}; what is wrong with the whole stands under `body`."""
    if isinstance(detail, list):
        return {"body": _sentences(detail)}
    return {"body" if name == "non_field_errors" else str(name): _sentences(said) for name, said in detail.items()}


def _sentences(said) -> list[str]:
    """Of a list, DRF says by place what is wrong; a place alone tells nobody anything."""
    if isinstance(said, dict):
        placed = ((place + 1 if isinstance(place, int) else place, each) for place, each in said.items())
        return [f"{place}: {sentence}" for place, each in placed for sentence in _sentences(each)]
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]
