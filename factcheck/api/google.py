"""claims:search as Google's Fact Check Tools have it: a program that was written for that asks here by another host.

https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims/search
Parameters, answers and errors are Google's, and described by Google's own discovery document; they are no part of ours.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.response import Response

from factcheck.api import errors
from factcheck.api.doors import Door
from factcheck.api.inputs import Input
from factcheck.models import FactCheck, Publication, Scope
from factcheck.retrieval.factchecks import ranked
from factcheck.workflow.integrity import is_suspect, with_alterations

PLACE = "/v1alpha1/"
SYSTEM = {"alt", "callback", "fields", "prettyPrint", "quotaUser", "uploadType", "upload_protocol", "$.xgafv"}
"""What every service of Google's takes. They change how an answer is written, never what it says: here, nothing."""
SECRETS = {"key", "access_token", "oauth_token"}
PAGE, MOST = 10, 100
FAR = 1_000_000_000

# https://cloud.google.com/apis/design/errors: our status -> theirs, and its name.
STATUSES = {
    400: (400, "INVALID_ARGUMENT"),
    401: (401, "UNAUTHENTICATED"),
    403: (403, "PERMISSION_DENIED"),
    404: (404, "NOT_FOUND"),
    405: (405, "UNIMPLEMENTED"),
    406: (406, "INVALID_ARGUMENT"),
    422: (400, "INVALID_ARGUMENT"),
    429: (429, "RESOURCE_EXHAUSTED"),
}


def key_out_of_the_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: Google's clients name their key in the address. From here on it is where every other client names it,
    so that no log, report of an error or link to a next page holds an address with a key.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PLACE):
            _as_bearer(request.META)
        return get_response(request)

    return middleware


def _as_bearer(meta: dict[str, Any]) -> None:
    """`key=` of the query and X-Goog-Api-Key become `Authorization: Bearer`, unless there is one."""
    parts = meta.get("QUERY_STRING", "").split("&")
    secrets = [part for part in parts if unquote(part.partition("=")[0]) in SECRETS]
    query = "&".join(part for part in parts if part not in secrets)
    meta["QUERY_STRING"] = query
    for name in {"RAW_URI", "REQUEST_URI"} & set(meta):  # a server's own, for its log
        meta[name] = f"{meta[name].partition('?')[0]}?{query}"
    found = [value for name, value in parse_qsl("&".join(secrets)) if name == "key"]
    found += [meta.pop("HTTP_X_GOOG_API_KEY", "")]
    if found[0] and "HTTP_AUTHORIZATION" not in meta:
        meta["HTTP_AUTHORIZATION"] = f"Bearer {found[0]}"


class GoogleDoor(Door):
    """Refuses in Google's words."""

    schema = None

    def get_exception_handler(self):
        return refused

    def permission_denied(self, request, message=None, code=None):
        if request.authenticators and not request.successful_authenticator:
            message = "Name a key of this desk: key=… in the address, or the header X-Goog-Api-Key."
            raise PermissionDenied(message)
        super().permission_denied(request, message, code)


def refused(error: Exception, context: dict) -> HttpResponse | None:
    """The problem that the rest of the API answers with, in Google's shape and with the same headers."""
    answer = errors.problem(error, context)
    if answer is None:
        return None
    said = json.loads(answer.content)
    wrong = [
        {"field": field, "description": sentence} for field, of in said.get("errors", {}).items() for sentence in of
    ]
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": wrong}] if wrong else []
    message = " ".join(each["description"] for each in wrong) or said["detail"]
    code, status = STATUSES[answer.status_code]
    return _error(code, status, message, details, answer.headers)


def _error(code: int, status: str, message: str, details: list[dict], headers: Any) -> HttpResponse:
    body = {"error": {"code": code, "message": message, "status": status, "details": details}}
    kept = {name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Length")}
    return HttpResponse(errors.encoded(body), status=code, content_type="application/json", headers=kept)


class SearchQuery(Input):
    query = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    languageCode = serializers.RegexField(
        r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$", required=False, allow_blank=True, max_length=35, default=""
    )
    reviewPublisherSiteFilter = serializers.CharField(required=False, allow_blank=True, max_length=253, default="")
    maxAgeDays = serializers.IntegerField(required=False, min_value=0, max_value=100_000, default=0)
    pageSize = serializers.IntegerField(required=False, min_value=0, max_value=FAR, default=0)
    pageToken = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    offset = serializers.IntegerField(required=False, min_value=0, max_value=FAR, default=0)

    def validate(self, attrs):
        if not (attrs["query"] or attrs["reviewPublisherSiteFilter"]):
            raise serializers.ValidationError({"query": ["Send a query, or a reviewPublisherSiteFilter, or both."]})
        return attrs


class Search(GoogleDoor):
    """Fact-checks of ours that stand and that machines may name, and those of others that were imported."""

    scopes = {"GET": Scope.REVIEWS_READ}

    def get(self, request):
        given = {name: value for name, value in request.query_params.dict().items() if name not in SYSTEM}
        asked = SearchQuery(data=given)
        asked.is_valid(raise_exception=True)
        asked = asked.validated_data
        first, size = _first(asked), min(asked["pageSize"] or PAGE, MOST)
        some = _found(asked, first, size + 1)
        answer: dict[str, Any] = {}
        if claims := [claim_shown(row) for row in _unsuspected(some[:size])]:
            answer["claims"] = claims
        if len(some) > size:
            answer["nextPageToken"] = _token(asked, first + size)
        return Response(answer)


class ImageSearch(GoogleDoor):
    """Google finds pictures too. This desk keeps none."""

    scopes = {"GET": Scope.REVIEWS_READ}

    def get(self, request):
        return _error(501, "UNIMPLEMENTED", "This desk does not search for images. claims:search takes words.", [], {})


class Unknown(GoogleDoor):
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise NotFound("Of Google's Fact Check Tools this desk offers GET v1alpha1/claims:search.")


def _found(asked: dict[str, Any], first: int, count: int) -> list[FactCheck]:
    """So many from the first on; those that fit best come first, or, without words to fit, those reviewed last."""
    days = asked["maxAgeDays"]
    among = FactCheck.objects.public().fitting(
        language=asked["languageCode"],
        site=_host(asked["reviewPublisherSiteFilter"]),
        since=f"{timezone.now() - timedelta(days=days):%Y-%m-%d}" if days else "",
    )
    rows = FactCheck.objects.select_related("source").defer("raw")
    if not asked["query"]:
        return list(rows.filter(pk__in=among.values("pk")).order_by("-review_date", "-pk")[first : first + count])
    sources = ranked(asked["query"], among)[first : first + count]
    by_source = {row.source_id: row for row in rows.filter(source__in=sources)}
    return [by_source[source] for source in sources]


def _host(site: str) -> str:
    """nytimes.com, of whatever somebody writes for it."""
    return re.sub(r"^(https?://)?(www\.)?", "", site.strip().lower()).partition("/")[0]


def _unsuspected(rows: Iterable[FactCheck]) -> list[FactCheck]:
    """Without those of ours against which anything is known (workflow/integrity.py)."""
    rows = list(rows)
    own = Publication.objects.filter(pk__in=[row.publication_id for row in rows if row.publication_id]).with_findings()
    suspect = {each.pk for each in with_alterations(own) if is_suspect(each)}
    return [row for row in rows if row.publication_id not in suspect]


def claim_shown(row: FactCheck) -> dict:
    """As Google answers: what is not known is not there."""
    review = {
        "publisher": _said(name=row.publisher, site=row.site),
        "url": row.source.url,
        "title": row.title,
        "reviewDate": _moment(row.review_date),
        "textualRating": row.rating,
        "languageCode": row.language,
    }
    claim = _said(text=row.claim_reviewed, claimant=row.claimant, claimDate=_moment(row.claim_date))
    return {**claim, "claimReview": [_said(**review)]}


def _said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _moment(day: str) -> str:
    """A day as Google writes it; of a month or a year alone nothing can be said that way."""
    return f"{day}T00:00:00Z" if len(day) == 10 else ""


def _token(asked: dict[str, Any], at: int) -> str:
    """Where the next page begins, and of which search: no key and no words of it."""
    return base64.urlsafe_b64encode(f"{at} {_search(asked)}".encode()).decode().rstrip("=")


def _first(asked: dict[str, Any]) -> int:
    token = asked["pageToken"]
    if not token:
        return asked["offset"]
    try:
        at, search = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode().split()
        if search == _search(asked) and at.isascii() and at.isdigit() and int(at) <= FAR:
            return int(at)
    except ValueError:
        pass
    raise serializers.ValidationError({"pageToken": ["Take it from nextPageToken, and ask for the same again."]})


def _search(asked: dict[str, Any]) -> str:
    same = {name: asked[name] for name in ("query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays")}
    return hashlib.sha256(urlencode(same).encode()).hexdigest()[:16]


urlpatterns = [
    path("claims:search", Search.as_view()),
    path("claims:imageSearch", ImageSearch.as_view()),
    re_path("", Unknown.as_view()),
]
