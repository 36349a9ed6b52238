"""What a value is. All values of one text are plain data: no text is kept beyond the value's own."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["quantity", "date", "ordinal", "score", "name"]
Bound = Literal["", "about", "nearly", "over", "under"]


@dataclass(frozen=True, slots=True)
class Date:
    """A point or stretch of the calendar at the precision that was written; None is what was not written.

    `years` are the first and last year it may mean: (2017, 2017), (1980, 1989) for "the 1980s", (1901, 2000) for "the
    20th century"; BC counts backwards from −1.
    """

    years: tuple[int, int] | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 is Monday."""


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    text: str
    start: int
    end: int
    """text[start:end] of the whole text is `text`; code points."""
    low: float = 0.0
    high: float = 0.0
    """In the base unit (metres, kilograms, seconds, °C, per cent, one coin of the currency); equal unless a range."""
    step: float = 0.0
    """Half of the last place that was written, in the base unit: 2.7 million was rounded to within 0.05 million."""
    bound: Bound = ""
    unit: str = ""
    """"length", "mass/time", "%", "EUR", "temperature", "temperature change" …; empty for things that are counted."""
    counted: frozenset[str] = field(default_factory=frozenset)
    """Stems of the words that name what is counted or shared out: {"scientist"} of "31,000 scientists"."""
    role: str = ""
    """For dates "start" (since, from, after …), "end" (until, by, to …), "cited" (a year in brackets) or nothing; for
    lengths of time "ago", "old" or "frame" (the last 50 years); for shares "confidence" (95% CI)."""
    date: Date | None = None
    names: tuple[str, ...] = ()
    """The parts of a name, folded."""
    near: frozenset[str] = field(default_factory=frozenset)
    """Stems of the words around, without those that carry no meaning."""
    tight: frozenset[str] = field(default_factory=frozenset)
    """Those of them that stand within four words."""
    ahead: bool = False
    """It stands among words of forecasts: will, could, projected, by 2050."""
