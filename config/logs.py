"""One line of log per event, as `key=value` pairs that people and machines can both read."""

import logging
import re
import sys
import traceback
from typing import Any

import structlog


def without_query(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The path of a request without what follows the `?`: people search for words that were told in confidence."""
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].partition("?")[0]
    return event


def where_it_failed(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """An exception as its kind and the lines of code it went through, without its message: messages quote data, and the
    text of an article may be confidential. A job's own page keeps the message, for those who may see the article.
    """
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised if isinstance(raised, BaseException) else raised[1] if raised else None
    said: list[str] = []
    while error is not None and len(said) < 10:  # nothing keeps causes from going round
        frames = traceback.extract_tb(error.__traceback__)
        lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        said.append(f"{type(error).__module__}.{type(error).__qualname__} at " + " < ".join(reversed(lines)))
        error = error.__cause__ or error.__context__
    if said:
        event["exception"] = "; caused by ".join(said)
    return event


# What lets somebody in: the key in the address of a password link or of a reader's receipt, and what a query calls a
# secret.
KEY_IN_A_PATH = re.compile(r"(password/reset/key/|requests/receipt/)[^/\s?\"']+")
SECRET_IN_A_QUERY = re.compile(r"\b((?:key|token|password\w*|csrfmiddlewaretoken)=)[^&\s\"';]+")
KEY_OF_A_PARTNER = re.compile(r"(fck_[0-9a-f]{12}_)[0-9a-zA-Z]+")


def without_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Cut them from every text of a line, tracebacks included: who reads a log must not be able to use it."""
    return {name: _cut(value) if isinstance(value, str) else value for name, value in event.items()}


def _cut(text: str) -> str:
    for secret in (KEY_IN_A_PATH, SECRET_IN_A_QUERY, KEY_OF_A_PARTNER):
        text = secret.sub(r"\1…", text)
    return text


shared = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_query,
    where_it_failed,
    without_secrets,  # last: whatever was written above it
]

structlog.configure(
    processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def formatter() -> logging.Formatter:
    """The formatter named in settings.LOGGING; messages of libraries go through the same processors."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event", "logger"]),
        ],
    )
