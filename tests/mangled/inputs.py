"""Inputs as they arrive when something went wrong, by named classes. Each class makes as many as one asks for, the same
ones from the same seed.

What is mangled is one of a few things that doors take: words, a file, an address, a day, a JSON value, the bytes of a
body or a list, or a whole answer of somebody's web server.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.text.test_documents import BRIDGE, COST


@dataclass(frozen=True)
class Words:
    """field: where they stand, one of text, title, note."""

    text: str
    field: str = "text"


@dataclass(frozen=True)
class File:
    data: bytes
    name: str = "bridge.txt"
    media_type: str = "text/plain"


@dataclass(frozen=True)
class Address:
    url: str


@dataclass(frozen=True)
class Day:
    """When an article was published, as somebody writes it."""

    text: str


@dataclass(frozen=True)
class Json:
    """One article, as a value that JSON can hold."""

    value: Any


@dataclass(frozen=True)
class Body:
    """JSON as bytes: an article, or what should be one."""

    data: bytes


@dataclass(frozen=True)
class Rows:
    """A list for the command."""

    data: bytes
    ending: str


@dataclass(frozen=True)
class Answer:
    """All that a web server sends. body: what arrives of the page when it is whole; None when it cannot be."""

    data: bytes
    body: bytes | None = None


Mangled = Words | File | Address | Day | Json | Body | Rows | Answer
CLASSES: dict[str, Callable[[Random], Mangled]] = {}


def named(name: str) -> Callable[[Callable[[Random], Mangled]], Callable[[Random], Mangled]]:
    def register(make: Callable[[Random], Mangled]) -> Callable[[Random], Mangled]:
        CLASSES[name] = make
        return make

    return register


def inputs(name: str, many: int, seed: int) -> Iterator[Mangled]:
    for number in range(many):
        yield CLASSES[name](Random(f"{seed} {name} {number}"))  # noqa: S311 - the same again is what is wanted


def some(chance: Random) -> str:
    """Words of its own, so that no input is the one before sent again."""
    return f"{BRIDGE} {COST} Report {chance.randrange(10**12)}."
