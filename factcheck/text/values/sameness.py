"""When two values are the same. The rules are stated in factcheck/text/compare.py; here they are done."""

from typing import Literal

from factcheck.text.values.value import Date, Value

Reason = Literal["", "equal", "rounded", "approximate", "bound", "range", "precision"]

NEAR = 0.10
"""No tolerance is wider than this share of the value."""
BEYOND = 1.25
"""How far past its bound "more than N" still means N."""
HEAT = frozenset({"temperature", "temperature change", "degrees"})


def comparable(one: Value, other: Value) -> bool:
    """Whether the two could be values of one thing at all: same kind, same dimension."""
    if one.kind != other.kind:
        return False
    if one.kind != "quantity" or one.unit == other.unit:
        return True
    return "degrees" in (one.unit, other.unit) and {one.unit, other.unit} <= HEAT


def same(one: Value, other: Value) -> Reason:
    """How two comparable values are the same, or "" when they are not."""
    match one.kind:
        case "date":
            return _dates(one.date or Date(), other.date or Date())
        case "quantity":
            return _quantities(one, other)
        case "name":
            return _names(one, other)
        case _:
            return "equal" if (one.low, one.high) == (other.low, other.high) else ""


def _quantities(one: Value, other: Value) -> Reason:
    ranges = (one.low < one.high) + (other.low < other.high)
    if ranges == 2:
        return (
            "range" if _rounded(one, other, one.low, other.low) and _rounded(one, other, one.high, other.high) else ""
        )
    if ranges == 1:
        wide, plain = (one, other) if one.low < one.high else (other, one)
        if plain.bound in ("over", "under"):
            end = wide.low if plain.bound == "over" else wide.high
            return "bound" if _rounded(wide, plain, end, plain.low) else ""
        slack = min(plain.step, wide.step) + 1e-9 * abs(wide.high)
        return "range" if wide.low - slack <= plain.low <= wide.high + slack else ""
    if one.low == other.low:
        return "equal"
    if _rounded(one, other, one.low, other.low):
        return "rounded"
    if one.bound and other.bound and one.bound == other.bound and one.bound != "about":
        return ""
    for loose, plain in ((one, other), (other, one)):
        reason = _open(loose, plain.low)
        if reason and plain.bound in ("", "about", loose.bound):
            return reason
    return ""


def _open(loose: Value, number: float) -> Reason:
    limit = loose.low
    match loose.bound:
        case "over":
            return "bound" if limit <= number <= limit * BEYOND else ""
        case "under":
            return "bound" if limit / BEYOND <= number <= limit else ""
        case "nearly":
            return "approximate" if limit * (1 - NEAR) <= number <= limit else ""
        case "about":
            return "approximate" if abs(limit - number) <= min(_last_digit(limit) / 2, NEAR * abs(limit)) else ""
        case _:
            return ""


def _last_digit(number: float) -> float:
    """The place of the last digit that is not zero: 100 for 400, 10 for 410, 0.1 for 1.8."""
    digits, _, power = f"{abs(number):.5e}".partition("e")
    return 10.0 ** (int(power) - len(digits.rstrip("0").partition(".")[2]))


def _rounded(one: Value, other: Value, first: float, second: float) -> bool:
    difference = abs(first - second)
    return difference <= min(max(one.step, other.step), NEAR * max(abs(first), abs(second))) * (1 + 1e-6) + 1e-12


def _dates(one: Date, other: Date) -> Reason:
    shared = 0
    for first, second in ((one.month, other.month), (one.day, other.day), (one.weekday, other.weekday)):
        if first is not None and second is not None:
            if first != second:
                return ""
            shared += 1
    if one.years and other.years:
        if one.years == other.years:
            return "equal" if (one.month, one.day) == (other.month, other.day) else "precision"
        (inner, outer) = sorted((one.years, other.years), key=lambda years: years[1] - years[0])
        held = outer[0] <= inner[0] and inner[1] <= outer[1]
        length, longest = inner[1] - inner[0] + 1, outer[1] - outer[0] + 1
        return "precision" if held and (longest <= 10 or 2 * length >= longest) else ""
    if not shared:
        return ""
    return "equal" if one == other else "precision"


def _names(one: Value, other: Value) -> Reason:
    first, second = set(one.names), set(other.names)
    if not first or not second:
        return ""
    if one.names == other.names:
        return "equal"
    shorter, longer = (one.names, second) if len(first) <= len(second) else (other.names, first)
    return "precision" if set(shorter) <= longer else ""
