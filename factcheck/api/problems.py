"""The page behind the `type` of each problem, for whoever meets it in a program; and the problem of what broke."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.defaults import server_error
from structlog.contextvars import get_contextvars

from factcheck.api.errors import CONTENT_TYPE, TYPES, encoded

# Type -> what it means, what to do.
PAGES = {
    "malformed": (
        _("The body is not JSON in UTF-8, breaks off, or has a key twice. Nothing in it was looked at."),
        _("Look at the place that `detail` names, and let a library write the JSON."),
    ),
    "not-logged-in": (
        _("No key came along and no session, or the key is wrong, has expired or was revoked."),
        _("Send “Authorization: Bearer” and the whole key. A lost key cannot be shown again: make a new one."),
    ),
    "not-allowed": (
        _("Who asks is known, and may not do this; with a key, the scope that it lacks is named."),
        _("Make a key that has the scope, or leave this to somebody who may. Asking again changes nothing."),
    ),
    "not-found": (
        _("There is no such row or address, or it is not for you: both look the same."),
        _("Compare the address with the description of the API; all of them end with a slash."),
    ),
    "wrong-method": (
        _("The address exists, and does not take this method."),
        _("The header Allow of the answer names those that it takes."),
    ),
    "not-acceptable": (
        _("The header Accept asks for something that this API does not write."),
        _("Leave it out, or send “Accept: application/json”."),
    ),
    "invalid-transition": (
        _("The row is in a state in which this cannot be done: a draft cannot be approved."),
        _("Read the row again, and decide by its `status`."),
    ),
    "still-running": (
        _("The same POST, with this Idempotency-Key, is being done at this moment."),
        _("Wait for the seconds that Retry-After names, and send it again: you get the answer of the first."),
    ),
    "answer-erased": (
        _("This POST was done when it was sent first. What was answered then has been erased since, with a takedown."),
        _("Read the row: what was asked for was done once, and is not done again."),
    ),
    "conflict": (
        _("Somebody changed the row after you had read it. Nothing was overwritten."),
        _("`current` holds the row as it is now and the header ETag its version: put both together and send it again."),
    ),
    "too-large": (
        _("The body is larger than what is read."),
        _("Divide a batch. `detail` says how many bytes are taken."),
    ),
    "wrong-media-type": (
        _("The header Content-Type names something that is not taken here."),
        _("Send “Content-Type: application/json”, or multipart/form-data where a file is taken."),
    ),
    "invalid": (
        _("Single fields of the body or the query cannot be taken. `errors` says for each what is wrong with it."),
        _("Put these fields right and send all of it again: nothing was kept."),
    ),
    "bad-input": (
        _("The fields are as they should be, but what they say cannot be taken: a file without text, for example."),
        _("`detail` says what stands against it."),
    ),
    "refused": (
        _("A rule of the desk stands against this, such as: nobody approves what they wrote. `rule` is its name."),
        _("`detail` says what the rule wants. Sending the same again will not help."),
    ),
    "key-reused": (
        _("This Idempotency-Key came before, with another body or for another version. Nothing was done."),
        _("Take a new key for each new request, and the old one only to repeat the old one."),
    ),
    "no-precondition": (
        _("A write on a row that has a version did not say which version was read."),
        _("Send the ETag of what you read as If-Match."),
    ),
    "too-often": (
        _("This key has asked more often in a minute than it may. What was asked was not done."),
        _("Wait for the seconds that the header Retry-After names, then go on."),
    ),
    "unexpected": (
        _("Something broke on our side. It is in the desk's log under `id`, and nothing was kept."),
        _("Try again in a minute. If it stays, tell the desk the `id`."),
    ),
}


@require_safe
@cache_control(public=True, max_age=3600)
def page(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404("there is no such type of problem")
    (status, title), (meaning, remedy) = TYPES[kind], PAGES[kind]
    example = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": "…"}
    context = {"kind": kind, "status": status, "title": title, "meaning": meaning, "remedy": remedy, "types": TYPES}
    return render(
        request, "factcheck/problem.html", context | {"example": json.dumps(example, indent=2, ensure_ascii=False)}
    )


def unexpected(request: HttpRequest) -> HttpResponse:
    """config.urls.handler500: an error that nobody thought of is logged by now. A program is told under which id."""
    if not request.path.startswith(("/api/", "/v1alpha1/")):
        return server_error(request)
    status, title = TYPES["unexpected"]
    id = get_contextvars().get("request_id", "")
    if request.path.startswith("/v1alpha1/"):  # in Google's shape (google.py)
        said = {"code": status, "message": f"{title}: {id}.", "status": "INTERNAL"}
        return HttpResponse(encoded({"error": said}), status=status, content_type="application/json")
    body = {"type": "/problems/unexpected", "title": title, "status": status, "detail": f"{title}.", "id": id}
    return HttpResponse(encoded(body), status=status, content_type=CONTENT_TYPE)
