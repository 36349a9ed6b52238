"""What every view does the same way: take the body, name the version that was read, page through rows, show."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import product
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from factcheck.api import idempotency, limits
from factcheck.api.errors import NoPrecondition
from factcheck.api.inputs import Input, key
from factcheck.models import is_partner

DIGEST = 16
"""Hexadecimal digits of a tag that say what was shown with the version."""


class Door(APIView):
    """Parse, call one verb, show."""

    scopes: ClassVar[Mapping[str, str]] = {}
    """Method -> what a key needs for it, of models.Scope, or access.ANY_KEY. What is not named no key opens."""
    of_the_desk: ClassVar[tuple[str, ...]] = ()
    """Fields of its rows that a partner reads as null: who plans, decides and writes what. "a.b" is b within a."""

    shown_once = False
    """Whether its answer holds a secret, which is kept nowhere: not for who sends the same again either."""

    state = ""
    """The tag of what is shown, where a view knows it without showing it."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]  # no OPTIONS: the schema says it all

    def initialize_request(self, request, *args, **kwargs):
        request.encoding = None  # of the query: UTF-8, whatever charset the header claims
        if request.method == "POST" and idempotency.HEADER in request.headers:
            idempotency.hold_body(request)
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs):
        """Who may not come in is refused here, whatever the request repeats."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and hasattr(self, "post"):
            self.post = idempotency.once(self, self.post)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and response.status_code == 200 and isinstance(response, Response):
            response.add_post_render_callback(self.confirmed)
        for name, value in limits.headers(request).items():
            response[name] = value
        return response

    def confirmed(self, response: Response) -> HttpResponse | None:
        """304 in place of what the asker has already. The tag is the version, if there is one, and the sha256 of what
        is shown: a claim shows the suggestions that were found for it, which leave its version as it is."""
        if not self.state:
            version, shown = response.headers.get("ETag", "").strip('"'), hashlib.sha256(response.content).hexdigest()
            self.state = etag(f"{version}.{shown[:DIGEST]}")
        response["ETag"] = self.state
        return self.not_modified(self.state) if self.knows(self.state) else None

    def knows(self, tag: str) -> bool:
        """Whether If-None-Match names it, weakly or not (RFC 9110, 13.1.2)."""
        return tag in re.findall(r'"[^"]*"', self.request.headers.get("If-None-Match", ""))

    def not_modified(self, tag: str) -> HttpResponse:
        return HttpResponse(status=304, headers={"ETag": tag})

    def told(self, rows: list[dict]) -> list[dict]:
        """The same rows, as far as the asker may read them."""
        if is_partner(self.request.user):
            for row, name in product(rows, self.of_the_desk):
                *way, last = name.split(".")
                within = reduce(lambda part, step: part and part[step], way, row)
                if within is not None:
                    within[last] = None
        return rows

    def taken(self, shape: type[Input]) -> dict[str, Any]:
        """The body in its shape."""
        taken = shape(data=self.request.data)
        taken.is_valid(raise_exception=True)
        return dict(taken.validated_data)

    def asked(self, shape: type[Input]) -> dict[str, Any]:
        """The query in its shape; without what was not asked for."""
        asked = shape(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        return {name: value for name, value in asked.validated_data.items() if value not in (None, "")}


class Row(Door):
    """One row with a version. `find` and `show` belong to its stem; ETag and If-Match carry the version."""

    find: Callable[[str, Any], Any]
    show: Callable[[Any], dict]

    def row(self) -> Any:
        return self.find(self.kwargs["id"], self.request.user)

    def shown(self, row: Any = None, status: int = 200, **headers: str) -> Response:
        """The row as it is now, with its ETag."""
        row = row or self.row()
        return Response(
            self.told([self.show(row)])[0], status=status, headers={"ETag": etag(self.version(row)), **headers}
        )

    def current(self) -> tuple[dict, str]:
        """For the problem of who lost the race: what stands there now, and its ETag."""
        row = self.row()
        [told] = self.told([self.show(row)])
        return told, etag(self.version(row))

    def version(self, row: Any) -> int | str:
        return row.version

    def read(self, row: Any) -> bool:
        """Whether If-Match names the row's version. Raises NoPrecondition without the header, or when it is `*`."""
        header = self.request.headers.get("If-Match", "")
        named = re.findall(rf'(W/)?"([^"]*?)(?:\.[0-9a-f]{{{DIGEST}}})?"', header)
        if not named:
            raise NoPrecondition('Send the ETag of what you read as If-Match, for example If-Match: "3".')
        return ("", str(self.version(row))) in named

    def seen(self, row: Any) -> int:
        """The version that the client read, 0 for any other than the row's own: no row has it.

        The verb compares it again while it writes.
        """
        return row.version if self.read(row) else 0


def etag(version: int | str) -> str:
    return f'"{version}"'


def found(rows: Any, id: str, name: str, user: Any) -> Any:
    """The row with this key; the problem not-found when it is not there, or not for these eyes."""
    number = key(id)
    row = rows.visible_to(user).filter(pk=number).first() if number is not None else None
    if row is None:
        raise NotFound(f"There is no {name} {id[:50]}.")
    return row


def absolute(path: str) -> str:
    """An address that a client can keep: never made from a request's Host header."""
    return f"{settings.PUBLIC_URL}/api/v1/{path}"


# --- lists -------------------------------------------------------------------------------------------------------


class PageQuery(Input):
    cursor = serializers.CharField(required=False, help_text="From `next` of the page before.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100, default=50)


def page(
    view: Door, rows: QuerySet, asked: dict[str, Any], show: Callable[[list], list[dict]], **more: Any
) -> Response:
    """Rows in the order of their keys, from where the cursor points. `show` takes the whole page at once.

    rows: already those that the asker may see.
    """
    some: list[Model] = list(of_page(rows, asked))
    following = None
    if len(some) > asked["limit"]:
        some.pop()
        query = {**view.request.query_params.dict(), "cursor": _cursor(some[-1].pk)}
        following = f"{settings.PUBLIC_URL}{view.request.path}?{urlencode(query)}"
    return Response({"results": view.told(show(some)), "next": following, **more})


def of_page(rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
    """The rows of a page, and one more where another page follows."""
    after = _after(asked["cursor"]) if "cursor" in asked else 0
    return rows.filter(pk__gt=after).order_by("pk")[: asked["limit"] + 1]


def _cursor(after: int) -> str:
    return base64.urlsafe_b64encode(f"after {after}".encode()).decode().rstrip("=")


def _after(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    after = key(text.removeprefix("after ")) if text.startswith("after ") else None
    if after is None:
        raise serializers.ValidationError({"cursor": ["This is no cursor of ours. Take it from `next`."]})
    return after


def listed(name: str, item: type[serializers.Serializer], **more: serializers.Field) -> type[serializers.Serializer]:
    """The shape of a page of `item`."""
    fields = {
        "results": item(many=True),
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last one."),
        **more,
    }
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


class PersonSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


def person(user: Any) -> dict | None:
    return {"id": user.pk, "name": user.name} if user else None
