"""Refusals as RFC 9457 problems."""

from rest_framework.response import Response
from rest_framework.views import exception_handler


def problem(error: Exception, context: dict) -> Response | None:
    return exception_handler(error, context)
