"""Quantities, money and shares: a figure with what stands before and behind it."""

from factcheck.text.abbreviations import words as listed
from factcheck.text.values import bounds, figures, numbers, places, units, words
from factcheck.text.values.figures import Figure
from factcheck.text.values.numbers import Amount
from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Value

CHANGE = listed(
    """rise rises rose risen rising raise raised raises increase increases increased increasing fall falls fell
    fallen drop drops dropped dropping decrease decreased decreasing warm warmed warms warming warmer cool
    cooled cooling cooler hotter colder higher lower change changes changed anomaly difference elevation trend
    limit limiting target sensitivity doubling plummeted plunged climbed contributes"""
)
CHANGE_BEHIND = CHANGE | frozenset(["above", "below", "decade", "per"])
"""Words by which a temperature is a difference: 1.5 °F more is 0.83 °C more, not −16.9 °C."""
READING = listed("recorded reached reaching coldest than")
"""Words by which it is a point of the scale all the same."""
COMPARED = listed("above below than")
AGES = frozenset([("age", "of"), ("ages", "of"), ("aged", "over"), ("aged", "under"), ("died", "at"), ("dies", "at")])
FRAMES = listed("last past next previous coming recent preceding first every")
"""Before a length of time they make it the frame of something else: "in the last 50 years"."""
FORMULAS = frozenset(["CO", "NO", "SO", "CH", "N", "O"])
BEFORE_A_HYPHEN = frozenset(
    ["mid", "pre", "post", "early", "late", "sub", *numbers.SCALES, *numbers.SMALL, *numbers.TENS]
)
"""Words that a hyphen may tie to a number without making a name of both."""


def no_value(tokens: Tokens, at: int) -> bool:
    """Digits that count nothing: COVID-19, F-16, NINO.3, CO 2, 11:43 and the version 2.0.1."""
    before, word, behind = tokens[at - 1], tokens[at - 2], tokens[at + 1]
    if tokens[at].kind != "number":
        return False
    if behind.text == ":" and behind.glued and tokens[at + 2].kind == "number" and tokens[at + 2].glued:
        return True
    if before.text == ":" and before.glued and word.kind == "number" and tokens[at].glued:
        return True
    if before.text in FORMULAS and len(tokens[at].text) == 1:
        return True
    if not tokens[at].glued:
        return False
    if before.text in ("-", "‑", ".") and before.glued and word.kind == "word":
        if word.low in ("c", "f", "k", "m", "km", "s", "st", "nd", "rd", "th"):
            return tokens[at - 3].kind != "number"
        return word.low not in BEFORE_A_HYPHEN
    return before.kind == "word" and before.text.isupper()


def read(tokens: Tokens, at: int, language: str) -> tuple[Value | None, int]:
    """The value that begins at this token and the index behind it, or None."""
    placed = places.read(tokens, at, language)
    if placed:
        return placed
    lower = figures.read(tokens, at, language)
    if lower is None:
        return None, at
    upper = figures.upper_end(tokens, lower, language)
    start, end = at, (upper or lower).end
    low, high, step, unit = _in_base_units(tokens, start, end, lower, upper)
    if tokens[end].text == "±":
        low, high, step, unit, end = _spread(tokens, start, end, language, lower, (low, high, step, unit))
    elif not upper and _minus(tokens, at):
        low, high, start = _negative(low, lower), _negative(high, lower), at - 1
    if lower.amount.share and not unit:
        unit, low, high, step = "%", low * 100, high * 100, max(step * 100, 0.5)
    elif not unit and _age(tokens, at):
        year = units.TABLE["year"][1]
        unit, low, high, step = "time", low * year, high * year, step * year
    role = _role(tokens, start, end, unit)
    below, seconds = _rates_further_on(tokens, end, unit)
    bound, behind = bounds.read(tokens, at, end)
    return Value(
        "quantity",
        tokens.text[tokens[start].start : tokens[end - 1].end],
        tokens[start].start,
        tokens[end - 1].end,
        low=min(low, high) / seconds,
        high=max(low, high) / seconds,
        step=step / seconds,
        bound=bound,
        unit=unit + below,
        counted=_counted(tokens, start, max(end, behind)),
        role=role,
        near=words.around(tokens, start, end),
        tight=words.around(tokens, start, end, words.BESIDE),
        ahead=words.ahead(tokens, start, end),
    ), end


def change_of(value: Value, number: float) -> float:
    """A temperature that was read as a point of the scale, as a difference on it."""
    fahrenheit = value.text.rstrip(". ").lower().endswith(("f", "fahrenheit"))
    return number + 160 / 9 if fahrenheit else number


def _role(tokens: Tokens, start: int, end: int, unit: str) -> str:
    behind = tokens[end + (tokens[end].text == "-")].low
    if unit == "time":
        if behind in ("ago", "old"):
            return behind
        return "old" if _age(tokens, start) else "frame" if tokens[start - 1].low in FRAMES else ""
    return "confidence" if unit == "%" and behind in ("ci", "confidence", "credible") else ""


def _age(tokens: Tokens, at: int) -> bool:
    return tokens.words(at - 2, 2) in AGES or tokens[at - 1].low in ("aged", "age")


def _counted(tokens: Tokens, start: int, end: int) -> frozenset[str]:
    counted = words.counted(tokens, end)
    if (
        not counted
        and tokens[start - 1].text == "("
        and tokens[end].text in (")", ",", ";")
        and tokens[start - 2].kind == "word"
    ):
        return frozenset({words.stem(tokens[start - 2].low)})  # headache (17.4%), fever (25%)
    return counted


def _spread(
    tokens: Tokens, start: int, at: int, language: str, lower: Figure, read: tuple[float, float, float, str]
) -> tuple[float, float, float, str, int]:
    """400,000 ± 100,000 tonnes is a range; its unit may stand behind the second number alone."""
    low, high, step, unit = read
    spread = numbers.read(tokens, at + 1, language)
    if spread is None:
        return low, high, step, unit, at
    factor = lower.unit.factor if lower.unit else 1.0
    low, high = low - spread.low * factor, high + spread.low * factor
    behind = units.read(tokens, spread.end)
    if behind is None or lower.unit:
        return low, high, step, unit, behind.end if behind else spread.end
    factor = behind.factor
    return low * factor, high * factor, step * factor, _dimension(tokens, start, behind.end, behind), behind.end


def _minus(tokens: Tokens, at: int) -> bool:
    sign, before = tokens[at - 1], tokens[at - 2]
    if not tokens[at].glued or tokens[at].kind != "number":
        return False
    return (sign.text in ("−", "–") and not (sign.glued and before.kind in ("number", "word"))) or (
        sign.text == "-" and (not sign.glued or (before.text in "(~" and before.kind == "mark"))
    )


def _negative(number: float, figure: Figure) -> float:
    offset = figure.unit.offset if figure.unit else 0.0
    return offset - (number - offset)


def _in_base_units(
    tokens: Tokens, start: int, end: int, lower: Figure, upper: Figure | None
) -> tuple[float, float, float, str]:
    """Low, high, half of the last place, and the dimension. The unit of a range may stand behind its upper end alone,
    and its scale too: 40–50 million."""
    amount, last = lower.amount, (upper or lower).amount
    unit = (upper.unit if upper else None) or lower.unit
    currency = (upper.currency if upper else "") or lower.currency
    low, step = amount.low, amount.step
    if upper and last.scaled and not amount.scaled and amount.digits == last.digits:
        size = _scale(tokens, last)
        low, step = low * size, step * size
    if unit is None:
        return low, last.high, step, currency
    name = currency or _dimension(tokens, start, end, unit)
    first = lower.unit or unit
    move = name != "temperature change"
    return (
        low * first.factor + first.offset * move,
        last.high * unit.factor + unit.offset * move,
        step * unit.factor,
        name,
    )


def _scale(tokens: Tokens, amount: Amount) -> float:
    size = 1.0
    for place in range(amount.end - 2, amount.end):
        size *= numbers.SCALES.get(tokens[place].low, 1.0)
    return size


def _dimension(tokens: Tokens, start: int, end: int, unit: units.Unit) -> str:
    if unit.name != "temperature":
        return unit.name
    before, behind = set(tokens.words(start - 9, 9)), set(tokens.words(end, 6))
    if (before | behind) & READING and not behind & COMPARED:
        return unit.name
    return "temperature change" if before & CHANGE or behind & CHANGE_BEHIND else unit.name


def _rates_further_on(tokens: Tokens, end: int, unit: str) -> tuple[str, float]:
    """20 tonnes of CO2 per hectare each year: what stands below the line, and the length of its time in seconds."""
    below, seconds = "", 1.0
    if not unit or "/" in unit or unit == "time" or tokens[end].low not in ("of", "in", "increase", "rise", "decline"):
        return below, seconds
    for place in range(end, end + 9):
        if tokens[place].kind == "mark" and tokens[place].text in ",.;()":
            break
        if tokens[place].low in ("per", "each", "every", "a"):
            behind = units.TABLE.get(units.one(tokens[place + 1].low))
            if behind and behind[0] == "time" and seconds == 1.0:
                below, seconds = f"{below}/time", behind[1]
            elif tokens[place].low == "per":
                below += f"/{units.one(tokens[place + 1].low)}"
    return below, seconds
