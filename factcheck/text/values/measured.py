"""Quantities, money, shares, ordinals and scores: a number with what stands before and behind it."""

from dataclasses import dataclass

from factcheck.text.values import numbers, units, words
from factcheck.text.values.numbers import Amount
from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Bound, Value

BOUNDS: tuple[tuple[tuple[str, ...], Bound], ...] = (
    (("no", "less", "than"), "over"),
    (("no", "fewer", "than"), "over"),
    (("no", "more", "than"), "under"),
    (("as", "many", "as"), "under"),
    (("as", "much", "as"), "under"),
    (("more", "than"), "over"),
    (("greater", "than"), "over"),
    (("higher", "than"), "over"),
    (("older", "than"), "over"),
    (("longer", "than"), "over"),
    (("larger", "than"), "over"),
    (("at", "least"), "over"),
    (("upwards", "of"), "over"),
    (("in", "excess", "of"), "over"),
    (("less", "than"), "under"),
    (("fewer", "than"), "under"),
    (("lower", "than"), "under"),
    (("younger", "than"), "under"),
    (("at", "most"), "under"),
    (("up", "to"), "under"),
    (("close", "to"), "about"),
    (("over",), "over"),
    (("above",), "over"),
    (("beyond",), "over"),
    (("exceed",), "over"),
    (("exceeds",), "over"),
    (("exceeding",), "over"),
    (("exceeded",), "over"),
    ((">",), "over"),
    (("≥",), "over"),
    (("under",), "under"),
    (("below",), "under"),
    (("<",), "under"),
    (("≤",), "under"),
    (("nearly",), "nearly"),
    (("almost",), "nearly"),
    (("about",), "about"),
    (("around",), "about"),
    (("approximately",), "about"),
    (("approx",), "about"),
    (("roughly",), "about"),
    (("some",), "about"),
    (("circa",), "about"),
    (("estimated",), "about"),
    (("~",), "about"),
    (("∼",), "about"),
    (("≈",), "about"),
)
BEHIND: tuple[tuple[tuple[str, ...], Bound], ...] = (
    (("or", "more"), "over"),
    (("and", "more"), "over"),
    (("or", "older"), "over"),
    (("and", "older"), "over"),
    (("and", "over"), "over"),
    (("or", "less"), "under"),
    (("or", "fewer"), "under"),
    (("or", "so"), "about"),
    (("+",), "over"),
)
NUMBERED = frozenset(
    "part episode series chapter section article position number no route flight page level phase volume season class type "
    "game round week day version act title amendment district ward line platform gate area zone group stage step tier".split()
)
"""Words before a number that make it a place in a row: season 5 is the fifth season."""
CHANGE = frozenset(
    """rise rises rose risen rising raise raised raises increase increases increased increasing fall falls fell fallen drop drops
    dropped dropping decrease decreased decreasing warm warmed warms warming warmer cool cooled cooling cooler hotter colder
    higher lower change changes changed anomaly difference elevation trend limit limiting target sensitivity doubling plummeted
    plunged climbed contributes""".split()
)
CHANGE_BEHIND = CHANGE | frozenset(["above", "below", "decade", "per"])
"""Words by which a temperature is a difference: 1.5 °F more is 0.83 °C more, not −16.9 °C."""
AGES = frozenset({("age", "of"), ("ages", "of"), ("aged", "over"), ("aged", "under")})
FORMULAS = frozenset(["CO", "NO", "SO", "CH", "N", "O"])
BEFORE_A_HYPHEN = frozenset(
    ["mid", "pre", "post", "early", "late", "sub", *numbers.SCALES, *numbers.SMALL, *numbers.TENS]
)
"""Words that a hyphen may tie to a number without making a name of both."""
FRAMES = frozenset("last past next previous coming recent preceding first every".split())
"""Before a length of time they make it the frame of something else: "in the last 50 years"."""
MONEY_MARKS = frozenset("$€£¥₹₽₩₺₴")


@dataclass(frozen=True, slots=True)
class _Number:
    amount: Amount
    unit: units.Unit | None
    currency: str
    end: int


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
    first = _ordinal(tokens, at, language) or _score(tokens, at)
    if first:
        return first
    number = _number(tokens, at, language)
    if number is None or _only_a_word(tokens, at, number):
        return None, at
    second = _upper_end(tokens, number, language)
    end = second.end if second else number.end
    start = at
    bound, behind_bound = _bound(tokens, at, end)
    low, high, step, unit = _in_base_units(tokens, start, end, number, second)
    if tokens[end].text == "±" and (spread := numbers.read(tokens, end + 1, language)):
        factor = number.unit.factor if number.unit else 1.0
        low, high, end = low - spread.low * factor, high + spread.low * factor, spread.end
        behind = units.read(tokens, end)
        if behind and not number.unit:
            low, high, step = low * behind.factor, high * behind.factor, step * behind.factor
            unit, end = _dimension(tokens, start, behind.end, behind), behind.end
    elif _minus(tokens, at) and not second:
        low, high, start = _negative(low, number), _negative(high, number), at - 1
    below, seconds = _rates_further_on(tokens, end, unit)
    unit, low, high, step, role = unit + below, low / seconds, high / seconds, step / seconds, ""
    if unit == "time" and tokens[end].low in ("ago", "old"):
        role = tokens[end].low
    elif unit == "time" and tokens[end].text == "-" and tokens[end + 1].low == "old":
        role = "old"
    if (
        not unit
        and not number.amount.share
        and tokens.words(at - 2, 2) in AGES
        or tokens[at - 1].low in ("aged", "age")
    ):
        year = units.TABLE["year"][1]
        unit, role, low, high, step = "time", "old", low * year, high * year, step * year
    counted = words.counted(tokens, max(end, behind_bound))
    if not counted and tokens[start - 1].text == "(" and tokens[end].text in "),;" and tokens[start - 2].kind == "word":
        counted = frozenset({words.stem(tokens[start - 2].low)})  # headache (17.4%), fever (25%)
    if unit == "time" and not role and tokens[start - 1].low in FRAMES:
        role = "frame"
    if unit == "%" and tokens[end].low in ("ci", "confidence", "credible"):
        role = "confidence"
    if number.amount.share and not unit:
        unit, low, high, step = "%", low * 100, high * 100, max(step * 100, 0.5)
    if unit == "times" and low in (2.0, 3.0) and high == low and tokens[at].low in numbers.SMALL:
        step = 0.0
    return (
        Value(
            "quantity",
            tokens.text[tokens[start].start : tokens[end - 1].end],
            tokens[start].start,
            tokens[end - 1].end,
            low=min(low, high),
            high=max(low, high),
            step=step,
            bound=bound,
            unit=unit,
            counted=counted,
            role=role,
            near=words.around(tokens, start, end),
            tight=words.around(tokens, start, end, words.BESIDE),
            ahead=words.ahead(tokens, start, end),
        ),
        end,
    )


def change_of(value: Value, number: float) -> float:
    """A temperature that was read as a point of the scale, as a difference on it."""
    fahrenheit = value.text.rstrip(". ").lower().endswith(("f", "fahrenheit"))
    return number + 160 / 9 if fahrenheit else number


def _ordinal(tokens: Tokens, at: int, language: str) -> tuple[Value, int] | None:
    token, behind = tokens[at], tokens[at + 1]
    if token.kind == "number" and token.text.isdecimal() and behind.glued and behind.low in ("st", "nd", "rd", "th"):
        number, end = float(token.text[:9]), at + 2
    elif token.low in numbers.ORDINALS and language == "en" and _is_ordinal(tokens, at):
        number, end = float(numbers.ORDINALS[token.low]), at + 1
    elif (
        token.kind == "number" and token.text.isdecimal() and len(token.text) < 4
        and _numbered(tokens, at) and not units.read(tokens, at + 1)
    ):  # fmt: skip
        return _placed(tokens, at, at + 1, float(token.text), frozenset({words.stem(_numbered(tokens, at))}))
    else:
        return None
    return _placed(tokens, at, end, number, words.counted(tokens, end))


def _numbered(tokens: Tokens, at: int) -> str:
    """The word before the number that makes it a place in a row: Part 2, Parts 1 and 2."""
    word = tokens[at - 1].low
    if word in ("and", "to", "–", "-") and tokens[at - 2].kind == "number" and tokens[at - 3].low.endswith("s"):
        word = tokens[at - 3].low
    word = word.removesuffix("s") if word not in NUMBERED else word
    return word if word in NUMBERED else ""


def _placed(tokens: Tokens, at: int, end: int, number: float, counted: frozenset[str]) -> tuple[Value, int]:
    start, stop = tokens[at].start, tokens[end - 1].end
    return Value(
        "ordinal", tokens.text[start:stop], start, stop, low=number, high=number, counted=counted,
        near=words.around(tokens, at, end), tight=words.around(tokens, at, end, words.BESIDE),
    ), end  # fmt: skip


def _is_ordinal(tokens: Tokens, at: int) -> bool:
    before, behind = tokens[at - 1], tokens[at + 1]
    if tokens[at].low == "first" and (before.low == "at" or behind.text == "," or behind.low == "of"):
        return False
    if tokens[at].low == "second" and before.kind == "number":
        return False
    return not (tokens[at].low in numbers.PARTS and (before.low == "one" or (before.low == "a" and behind.low == "of")))


def _score(tokens: Tokens, at: int) -> tuple[Value, int] | None:
    """2–1, 50/50, 9/14: two small whole numbers that are no range, no fraction and no part of a date."""
    mark, second, behind = tokens[at + 1], tokens[at + 2], tokens[at + 3]
    if mark.text not in ("-", "–", "/", ":") or not (mark.glued and second.glued) or mark.text == ":":
        return None
    if not (tokens[at].text.isdecimal() and second.text.isdecimal()) or max(len(tokens[at].text), len(second.text)) > 3:
        return None
    if tokens[at].kind != "number" or second.kind != "number":
        return None
    one, two = float(tokens[at].text), float(second.text)
    if behind.text in ("/", "-", "–", "%") and behind.glued or units.read(tokens, at + 3):
        return None
    if mark.text == "/" and one < two <= 10:
        return None
    if mark.text != "/" and (one < two or behind.text == "-"):
        return None
    start, stop = tokens[at].start, second.end
    return Value(
        "score", tokens.text[start:stop], start, stop, low=one, high=two,
        near=words.around(tokens, at, at + 3), tight=words.around(tokens, at, at + 3, words.BESIDE),
    ), at + 3  # fmt: skip


def _number(tokens: Tokens, at: int, language: str) -> _Number | None:
    currency, place = "", at
    if tokens[at].text in MONEY_MARKS:
        before = tokens[at - 1]
        prefixed = before.low + tokens[at].text if before.kind == "word" and tokens[at].glued else ""
        currency, place = units.CURRENCIES.get(prefixed) or units.CURRENCIES[tokens[at].text], at + 1
    elif tokens[at].low in units.CURRENCIES and tokens[at + 1].kind == "number" and _is_code(tokens, at):
        currency, place = units.CURRENCIES[tokens[at].low], at + 1
        place += tokens[place].text == "."
    amount = numbers.read(tokens, place, language, money=bool(currency))
    if amount is None:
        multiple = _multiple(tokens, at) if language == "en" else None
        return multiple if place == at else None
    if place > at and not amount.digits:
        return None
    end = amount.end
    unit = units.read(tokens, end)
    if not currency and unit is None:
        word = tokens[end].low
        code = units.CURRENCIES.get(word) or units.CURRENCIES.get(units.one(word))
        if (
            code
            and (word not in ("try", "rs", "rand", "franc") or tokens[end].text.isupper())
            and tokens[end].text not in "$"
        ):
            currency, end = code, end + 1
        elif tokens[end].low in ("us", "canadian", "australian") and tokens[end + 1].low.startswith("dollar"):
            currency, end = {"us": "USD", "canadian": "CAD", "australian": "AUD"}[tokens[end].low], end + 2
        elif tokens[end].text in MONEY_MARKS and tokens[end].glued:
            currency, end = units.CURRENCIES[tokens[end].text], end + 1
        elif units.one(word) in units.CENTS:
            cents = units.Unit(units.CENTS[units.one(word)], 0.01, 0.0, end + 1)
            return _Number(amount, cents, "", end + 1)
        elif word in ("-",) and tokens[end + 1].low == "fold" or word == "fold":
            end += 1 + (word == "-")
            unit = units.Unit("times", 1.0, 0.0, end)
    if currency and unit and unit.name in ("time", "length", "volume", "mass"):
        unit = None
    return _Number(amount, unit, currency, unit.end if unit else end)


def _is_code(tokens: Tokens, at: int) -> bool:
    return tokens[at].text.isupper() or tokens[at].text in ("Rs", "US$")


def _multiple(tokens: Tokens, at: int) -> _Number | None:
    """twice, doubled, threefold: a factor without a number."""
    low = tokens[at].low
    value = {"twice": 2, "thrice": 3, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "triple": 3, "triples": 3,
             "tripled": 3, "tripling": 3, "quadruple": 4, "quadrupled": 4, "twofold": 2, "threefold": 3, "fourfold": 4,
             "fivefold": 5, "sixfold": 6, "tenfold": 10}.get(low)  # fmt: skip
    if value is None:
        return None
    return _Number(Amount(value, value, 0.0, at + 1), units.Unit("times", 1.0, 0.0, at + 1), "", at + 1)


def _only_a_word(tokens: Tokens, at: int, number: _Number) -> bool:
    """ "One" is mostly a pronoun, "second" an ordinal: alone they are no value."""
    if tokens[at].low != "one" or number.amount.end > at + 1:
        return False
    return number.unit is None


def _upper_end(tokens: Tokens, number: _Number, language: str) -> _Number | None:
    """The second number of a range: 2–4, 2 to 4.5 °C, between 2 and 4, six or seven. "From 2 to 4" is a change."""
    link, first = tokens[number.end], number.end
    at = first + 1
    if link.text in ("–", "-", "—") or link.text == "‐":
        at += tokens[at].text in ("-", "–") and tokens[at].glued
    elif link.low == "to":
        opening = _before_number(tokens, number)
        if opening == "from" and not _ranging(tokens, number):
            return None
    elif link.low == "and":
        if _before_number(tokens, number) != "between":
            return None
    elif link.low != "or":
        return None
    if link.text in ("–", "-", "—") and not (link.glued or tokens[at].kind == "number"):
        return None
    second = _number(tokens, at, language)
    if second is None or (tokens[at].kind == "word" and number.amount.digits):
        return None
    if second.amount.low <= number.amount.low and not second.amount.scaled:
        return None
    if number.unit and second.unit and number.unit.name != second.unit.name:
        return None
    if (number.unit or number.currency) and not (second.unit or second.currency):
        return None
    if link.low == "or" and (number.unit is None) != (second.unit is None) and number.unit:
        return None
    return second


def _before_number(tokens: Tokens, number: _Number) -> str:
    at = number.amount.end - 1
    for place in range(at, max(-1, at - 8), -1):
        if tokens[place].low in ("between", "from"):
            return tokens[place].low
        if tokens[place].text in ".;,":
            break
    return ""


def _ranging(tokens: Tokens, number: _Number) -> bool:
    at = number.amount.end - 1
    return any(
        tokens[place].low.startswith(("rang", "var", "span", "between", "anywhere")) for place in range(at - 10, at)
    )


def _bound(tokens: Tokens, at: int, end: int) -> tuple[Bound, int]:
    """What stands before or behind a number and opens it to one side, and where the words behind it begin."""
    at -= tokens[at - 1].low in ("a", "an", "the", "only", "just", "roughly")
    at -= tokens[at - 1].text in ("−", "+")
    for phrase, bound in BOUNDS:
        if tokens.words(at - len(phrase), len(phrase)) == phrase:
            return bound, end
    for phrase, bound in BEHIND:
        if tokens.words(end, len(phrase)) == phrase:
            return bound, end + len(phrase)
    return "", end


def _minus(tokens: Tokens, at: int) -> bool:
    sign, before = tokens[at - 1], tokens[at - 2]
    if not tokens[at].glued or tokens[at].kind != "number":
        return False
    return (
        sign.text in ("−", "–")
        and not (sign.glued and before.kind in ("number", "word"))
        or (sign.text == "-" and (not sign.glued or before.text in "(~" and before.kind == "mark"))
    )


def _negative(number: float, read_as: _Number) -> float:
    if read_as.unit and read_as.unit.offset:
        return (-(number - read_as.unit.offset)) + read_as.unit.offset
    return -number


def _in_base_units(
    tokens: Tokens, start: int, end: int, number: _Number, second: _Number | None
) -> tuple[float, float, float, str]:
    unit = (second.unit if second else None) or number.unit
    first_unit = number.unit or unit
    amount, upper = number.amount, second.amount if second else number.amount
    low = amount.low
    if second and second.amount.scaled and not amount.scaled and amount.digits == upper.digits:
        low = amount.low * _scale(upper, tokens)
    currency = (second.currency if second else "") or number.currency
    if unit is None:
        return low, upper.high, max(amount.step, 0.0), currency
    name = _dimension(tokens, start, end, unit)
    offset = 0.0 if name == "temperature change" else unit.offset
    first_offset = 0.0 if name == "temperature change" or not first_unit else first_unit.offset
    first_factor = first_unit.factor if first_unit else unit.factor
    name = currency or name
    return low * first_factor + first_offset, upper.high * unit.factor + offset, amount.step * unit.factor, name


def _scale(upper: Amount, tokens: Tokens) -> float:
    size = 1.0
    for place in range(upper.end - 2, upper.end):
        size *= numbers.SCALES.get(tokens[place].low, 1.0)
    return size


def _dimension(tokens: Tokens, start: int, end: int, unit: units.Unit) -> str:
    if unit.name != "temperature":
        return unit.name
    before, behind = set(tokens.words(start - 9, 9)), set(tokens.words(end, 6))
    if (before | behind) & {"recorded", "reached", "reaching", "coldest", "than"} and not behind & {"above", "below", "than"}:
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
