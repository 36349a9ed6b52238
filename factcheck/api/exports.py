"""Whole lists as JSON lines: one row a line, as its list shows it, and a last line that says that it is the last.

Read behind a cursor of the database and sent as it is read: the rows are those of one moment, and memory stays the same
however many there are. Once the first line is sent no refusal can be; whoever finds no last line was cut off.
"""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder

from factcheck.api.doors import Door
from factcheck.permissions import may
from factcheck.workflow.audit import record_list_export

CHUNK = 200  # rows that are read, shown and sent together


class JsonLines(BaseRenderer):
    media_type = "application/x-ndjson"
    format = "ndjson"

    def render(self, data: Any, *_: Any) -> Any:
        return data


class EndSerializer(serializers.Serializer):
    """The last line of an export."""

    end = serializers.BooleanField(help_text="true")
    count = serializers.IntegerField(help_text="Lines before this one.")


def line_of(name: str, item: type[serializers.Serializer]) -> PolymorphicProxySerializer:
    """The shape of a line: an `item`, or the end."""
    return PolymorphicProxySerializer(
        component_name=name, serializers=[item, EndSerializer], resource_type_field_name=None
    )


class Export(Door):
    """A list without pages. No HEAD: it would read all rows and send none."""

    renderer_classes = [JsonLines]
    http_method_names = ["get"]

    def streamed(
        self, name: str, rows: QuerySet, asked: dict[str, Any], show: Callable[[list], list[dict]]
    ) -> StreamingHttpResponse:
        """rows: those that the asker may see. That somebody of the desk took them away is an entry in the trail; a
        partner takes its own."""
        if may(self.request.user, "see the desk"):
            chosen = "; ".join(f"{field}: {value}" for field, value in asked.items())
            record_list_export(by=self.request.user, file=f"{name}.ndjson", chosen=chosen, rows=rows.count())
        return StreamingHttpResponse(self._lines(rows, show), content_type=JsonLines.media_type)

    def _lines(self, rows: QuerySet, show: Callable[[list], list[dict]]) -> Iterator[str]:
        left, count = iter(rows.order_by("pk").iterator(CHUNK)), 0
        while some := list(islice(left, CHUNK)):
            count += len(some)
            yield "".join(map(_line, self.told(show(some))))
        yield _line({"end": True, "count": count})


def _line(row: dict) -> str:
    return json.dumps(row, ensure_ascii=False, cls=JSONEncoder) + "\n"
