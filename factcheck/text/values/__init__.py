"""The values of a short text: quantities with their units, money, shares, dates, ordinals, scores and names.

    text ─ tokens ─┬─ numbers, units ─► figures ─► measured, places ─┐
                   ├─ dates ─────────────────────────────────────────┼─► find() ─► Value, in order, exact spans
                   └─ names ─────────────────────────────────────────┘

Rules and tables only: no model is loaded, the time is linear in the length of the text. Number words, fractions in
words, approximations and names of months are English; digits in any script, separators and symbols are those of every
language.
"""

from factcheck.text.values.finding import find
from factcheck.text.values.value import Bound, Date, Kind, Value

__all__ = ["Bound", "Date", "Kind", "Value", "find"]
