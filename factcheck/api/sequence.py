"""Lists by `updated_since`: what was changed since the asker last asked, in the order of the sequence of events."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api.doors import Door, PageQuery, listed, page
from factcheck.api.inputs import BIGGEST_KEY
from factcheck.models import Event
from factcheck.workflow import events


class ChangesQuery(PageQuery):
    updated_since = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=BIGGEST_KEY,
        help_text="From `latest` of the answer before; 0 begins with everything. Only rows that changed since, in the"
        " order of their changes.",
    )

    def validate(self, attrs):
        if "updated_since" in attrs and attrs.get("cursor"):
            raise serializers.ValidationError({"cursor": ["With `updated_since`, pages follow by `next` alone."]})
        return attrs


def listed_by_changes(name: str, item: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The shape of a page of `item`, with the number to give back next time."""
    latest = serializers.IntegerField(
        required=False, help_text="With `updated_since`: give this number back next time. Everything up to it was told."
    )
    return listed(name, item, latest=latest)


def page_or_changes(
    view: Door,
    rows: QuerySet,
    asked: dict[str, Any],
    subject: Event.Subject,
    show: Callable[[list], list[dict]],
) -> Response:
    """page(), unless the query asks for what changed since a number.

    rows: those that the asker may see, now. Each comes once, as it is now, at the place of its newest event.
    """
    if "updated_since" not in asked:
        return page(view, rows, asked, show)
    events.number()
    since, upto = asked["updated_since"], Event.objects.latest_number()
    if since > upto:
        raise serializers.ValidationError(
            {"updated_since": ["No change has this number yet. Take it from `latest`, or begin with 0."]}
        )
    changed = Event.objects.filter(subject=subject, seq__gt=since, seq__lte=upto, subject_id__in=rows.values("pk"))
    numbers = list(changed.order_by("seq").values_list("seq", "subject_id")[: asked["limit"] + 1])
    following = None
    if len(numbers) > asked["limit"]:
        numbers.pop()
        upto = numbers[-1][0]
        query = {**view.request.query_params.dict(), "updated_since": upto}
        following = f"{settings.PUBLIC_URL}{view.request.path}?{urlencode(query)}"
    by_key = {row.pk: row for row in rows.filter(pk__in=[key for _, key in numbers])}
    some = [by_key[key] for _, key in numbers if key in by_key]
    return Response({"results": view.told(show(some)), "next": following, "latest": upto})
