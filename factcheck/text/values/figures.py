"""A number with its unit or currency, and the upper end of a range. What it is a value of is not asked here."""

from dataclasses import dataclass

from factcheck.text.values import numbers, units
from factcheck.text.values.numbers import Amount
from factcheck.text.values.tokens import Tokens

MONEY_MARKS = frozenset("$€£¥₹₽₩₺₴")
MULTIPLES = {
    "twice": 2, "thrice": 3, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2,
    "triple": 3, "triples": 3, "tripled": 3, "tripling": 3, "quadruple": 4, "quadrupled": 4,
    "twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10,
}  # fmt: skip
DOLLARS = {"us": "USD", "canadian": "CAD", "australian": "AUD"}


@dataclass(frozen=True, slots=True)
class Figure:
    amount: Amount
    unit: units.Unit | None
    currency: str
    end: int
    """Index of the first token behind it."""


def read(tokens: Tokens, at: int, language: str) -> Figure | None:
    """The figure that begins at this token. "One" alone is mostly a pronoun and none."""
    place, currency = _currency_before(tokens, at)
    amount = numbers.read(tokens, place, language, money=bool(currency))
    if amount is None or (currency and not amount.digits):
        return _multiple(tokens, at) if language == "en" and not currency else None
    unit, end = units.read(tokens, amount.end), amount.end
    if unit is None and not currency:
        unit, currency, end = _currency_behind(tokens, end)
    elif currency and unit and unit.name in ("time", "length", "volume", "mass"):
        unit = None
    if tokens[at].low == "one" and amount.end == at + 1 and unit is None:
        return None
    return Figure(amount, unit, currency, unit.end if unit else end)


def upper_end(tokens: Tokens, lower: Figure, language: str) -> Figure | None:
    """The second number of a range: 2–4, 2 to 4.5 °C, between 2 and 4, six or seven. "From 2 to 4" is a change."""
    link, at = tokens[lower.end], lower.end + 1
    match link.low:
        case "–" | "-" | "—" | "‐":
            at += tokens[at].text in ("-", "–") and tokens[at].glued
            if not link.glued and tokens[at].kind != "number":
                return None
        case "to":
            if _opening(tokens, lower) == "from" and not _ranging(tokens, lower):
                return None
        case "and":
            if _opening(tokens, lower) != "between":
                return None
        case "or":
            pass
        case _:
            return None
    upper = read(tokens, at, language)
    if upper is None or (tokens[at].kind == "word" and lower.amount.digits):
        return None
    if upper.amount.low <= lower.amount.low and not upper.amount.scaled:
        return None
    if lower.unit and upper.unit and lower.unit.name != upper.unit.name:
        return None
    return None if (lower.unit or lower.currency) and not (upper.unit or upper.currency) else upper


def _currency_before(tokens: Tokens, at: int) -> tuple[int, str]:
    """Where the number begins and its currency: $5, US$5, USD 5, Rs. 5."""
    token, before = tokens[at], tokens[at - 1]
    if token.text in MONEY_MARKS:
        prefixed = before.low + token.text if before.kind == "word" and token.glued else ""
        return at + 1, units.CURRENCIES.get(prefixed) or units.CURRENCIES[token.text]
    if token.low in units.CURRENCIES and (token.text.isupper() or token.text == "Rs"):
        place = at + 1 + (tokens[at + 1].text == ".")
        if tokens[place].kind == "number":
            return place, units.CURRENCIES[token.low]
    return at, ""


def _currency_behind(tokens: Tokens, at: int) -> tuple[units.Unit | None, str, int]:
    """What stands behind a number without a unit: 5 euros, 5 €, 5 US dollars, 5 cents, 5-fold."""
    token, word = tokens[at], tokens[at].low
    if token.kind == "word":
        code = units.CURRENCIES.get(word) or units.CURRENCIES.get(units.one(word))
        if code and (word not in ("try", "rs", "rand", "franc") or token.text.isupper()):
            return None, code, at + 1
        if word in DOLLARS and tokens[at + 1].low.startswith("dollar"):
            return None, DOLLARS[word], at + 2
        if units.one(word) in units.CENTS:
            return units.Unit(units.CENTS[units.one(word)], 0.01, 0.0, at + 1), "", at + 1
    elif token.text in MONEY_MARKS and (token.glued or tokens[at + 1].kind != "number"):
        return None, units.CURRENCIES[token.text], at + 1
    fold = at + (word == "-")
    if tokens[fold].low == "fold":
        return units.Unit("times", 1.0, 0.0, fold + 1), "", fold + 1
    return None, "", at


def _multiple(tokens: Tokens, at: int) -> Figure | None:
    """twice, doubled, threefold: a factor without a number."""
    value = MULTIPLES.get(tokens[at].low)
    if value is None:
        return None
    return Figure(Amount(value, value, 0.0, at + 1), units.Unit("times", 1.0, 0.0, at + 1), "", at + 1)


def _opening(tokens: Tokens, lower: Figure) -> str:
    at = lower.amount.end - 1
    for place in range(at, max(-1, at - 8), -1):
        if tokens[place].low in ("between", "from"):
            return tokens[place].low
        if tokens[place].text in (".", ";", ","):
            break
    return ""


def _ranging(tokens: Tokens, lower: Figure) -> bool:
    at = lower.amount.end - 1
    before = (tokens[place].low for place in range(at - 10, at))
    return any(word.startswith(("rang", "var", "span", "between", "anywhere")) for word in before)
