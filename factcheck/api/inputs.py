"""What is sent, checked before a verb sees it: JSON in UTF-8, known fields only, nothing guessed at."""

import json
import re
from datetime import UTC, datetime

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.fields import empty
from rest_framework.parsers import BaseParser, MultiPartParser

from factcheck.api.errors import TooLarge
from factcheck.text.documents import LARGEST

# A text far longer than any that is taken, each letter written as a pair of escapes, and room for the rest.
LONGEST_BODY = 13_000_000
LONGEST_FORM = LARGEST + 500_000
BIGGEST_KEY = 2**63 - 1
RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)


class Json(BaseParser):
    """RFC 8259: UTF-8, whatever the header claims. No NaN, no Infinity, no key twice, no abyss of brackets."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
            raise TooLarge(f"The body may have at most {LONGEST_BODY:,} bytes.")
        try:
            return json.loads(
                stream.read().decode(), parse_constant=_no_number, parse_int=_whole, object_pairs_hook=_once
            )
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8: byte {error.start + 1:,} does not fit.") from None
        except json.JSONDecodeError as error:
            place = f"line {error.lineno:,}, column {error.colno:,}"
            raise ParseError(f"The body is not JSON: it breaks off or goes wrong at {place}.") from None


class Form(MultiPartParser):
    """RFC 7578: one file and the fields beside it, in UTF-8."""

    def parse(self, stream, media_type=None, parser_context=None):
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > LONGEST_FORM:
            raise TooLarge(f"The body may have at most {LONGEST_FORM:,} bytes.")
        return super().parse(stream, media_type, parser_context)


def _no_number(name: str):
    raise ParseError(f"{name} is no number in JSON.")


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # Python counts 4,300 digits and refuses more, in words for programmers
        raise ParseError(f"A number in the JSON has {len(digits):,} digits, more than anybody can count.") from None


def _once(pairs: list) -> dict:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise ParseError("In the JSON a key stands twice in the same object.")
    return body


class Words(serializers.CharField):
    """A text, kept exactly as it was sent: not trimmed, and never made out of a number."""

    def __init__(self, **options) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A number of JSON without a fraction; not a text that looks like one."""

    def to_internal_value(self, data) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """true or false, and nothing that resembles them."""

    def to_internal_value(self, data) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    """2024-05-14."""

    def to_internal_value(self, data):
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})
class Moment(serializers.Field):
    """A day, or a time with its offset. A time without one could be any of 26."""

    default_error_messages = {
        "invalid": "Write a day as 2024-05-14 or a time with its offset as 2024-05-14T09:30:00+02:00.",
    }

    def to_internal_value(self, data):
        try:
            if not RFC_3339.fullmatch(data):
                self.fail("invalid")
            moment = datetime.fromisoformat(data if len(data) > 10 else f"{data}T00:00:00+00:00")
            return moment.astimezone(UTC)  # overflows at either end of the calendar
        except (TypeError, ValueError, OverflowError):
            self.fail("invalid")

    def to_representation(self, value):
        return value


@extend_schema_field({"type": "string", "format": "binary"})
class Upload(serializers.FileField):
    """Its bytes, in a form of parts."""


class Input(serializers.Serializer):
    """A body or a query. A field that nobody knows is refused: it would be a word lost, or a filter ignored."""

    def run_validation(self, data=empty):
        if data is None:  # else it is told that no data was provided, unlike a number or a list
            said = self.error_messages["invalid"].format(datatype="null")
            raise serializers.ValidationError({"non_field_errors": [said]})
        return super().run_validation(data)

    def to_internal_value(self, data):
        taken = super().to_internal_value(data)
        known = ", ".join(sorted(self.fields)) or "none"
        unknown = {
            str(name)[:50]: [f"There is no such field here. Known: {known}."]
            for name in data
            if name not in self.fields
        }
        if unknown:
            raise serializers.ValidationError(unknown)
        return taken


class NothingSerializer(Input):
    """A verb that needs no words."""


class ReasonSerializer(Input):
    reason = Words()


def key(text: str) -> int | None:
    """A primary key out of an address; None for what cannot be one."""
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) and int(text) <= BIGGEST_KEY else None
