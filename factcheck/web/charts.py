"""Bars, drawn on the server. Widths are shares of the picture's own width, so that words keep their size on any screen;
a colour never says alone what a thing is: each bar has its words, and parts differ in pattern or height too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 46  # pixels from one bar to the next


@dataclass(frozen=True, slots=True)
class Part:
    """Of a bar: how long it is, and its kind, which names a class of the stylesheet."""

    length: float
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """value: what its parts say together, in words."""

    label: str
    value: str
    parts: tuple[Part, ...]

    @property
    def length(self) -> float:
        return sum(part.length for part in self.parts)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar at its place: y in pixels; its parts as (from, width, kind), in per cent of the picture."""

    bar: Bar
    y: int
    parts: list[tuple[str, str, str]]


def drawn(bars: Sequence[Bar], longest: float = 0) -> list[Drawn]:
    """longest: what the whole width stands for; 0: the longest bar."""
    scale = longest or max((bar.length for bar in bars), default=0) or 1
    found = []
    for number, bar in enumerate(bars):
        at, parts = 0.0, []
        for part in bar.parts:
            width = 100 * part.length / scale
            if width:
                parts.append((f"{at:.2f}%", f"{width:.2f}%", part.kind))
            at += width
        found.append(Drawn(bar, number * ROW, parts))
    return found
