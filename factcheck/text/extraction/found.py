"""A value and where on the page it was found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Source(StrEnum):
    JSON_LD = "JSON-LD"
    OPEN_GRAPH = "OpenGraph"
    META = "meta element"
    MICRODATA = "microdata"
    HTML = "HTML"
    VISIBLE = "visible text"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    value: T
    source: Source
