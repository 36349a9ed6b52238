"""One line of log per event, as `key=value` pairs that people and machines can both read."""

import logging
import re
from typing import Any

import structlog

# What lets somebody in: the key in the address of a password link, and what a query calls a secret.
KEY_IN_A_PATH = re.compile(r"(password/reset/key/)[^/\s?\"']+")
SECRET_IN_A_QUERY = re.compile(r"\b((?:key|token|password\w*|csrfmiddlewaretoken)=)[^&\s\"';]+")


def without_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Cut them from every text of a line, tracebacks included: who reads a log must not be able to use it."""
    return {name: _cut(value) if isinstance(value, str) else value for name, value in event.items()}


def _cut(text: str) -> str:
    return SECRET_IN_A_QUERY.sub(r"\1…", KEY_IN_A_PATH.sub(r"\1…", text))


shared = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
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
