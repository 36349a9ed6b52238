"""Units in one small table, to base units: metre, kilogram, second, square and cubic metre, joule, watt, °C.

Factors: BIPM, The International System of Units (2019), and for imperial ones NIST Special Publication 811, app. B.8.
A whole unit library would know thousands more; it would also read "pitch", "stone" and "cup" in prose as units.
"""

from dataclasses import dataclass

from factcheck.text.abbreviations import words as listed
from factcheck.text.values.tokens import Tokens

LENGTH = {
    "mm": 1e-3, "millimetre": 1e-3, "millimeter": 1e-3, "cm": 1e-2, "centimetre": 1e-2, "centimeter": 1e-2, "m": 1.0,
    "metre": 1.0, "meter": 1.0, "km": 1e3, "kilometre": 1e3, "kilometer": 1e3, "inch": 0.0254, "inche": 0.0254,
    "in": 0.0254, "foot": 0.3048, "feet": 0.3048, "ft": 0.3048, "yard": 0.9144, "yd": 0.9144, "mile": 1609.344,
    "mi": 1609.344,
}  # fmt: skip
OTHERS = {
    "mass": {
        "mg": 1e-6, "milligram": 1e-6, "g": 1e-3, "gram": 1e-3, "gramme": 1e-3, "kg": 1.0, "kilogram": 1.0, "kilo": 1.0,
        "t": 1e3, "tonne": 1e3, "ton": 1e3, "mt": 1e9, "gt": 1e12, "megaton": 1e9, "megatonne": 1e9, "gigaton": 1e12,
        "gigatonne": 1e12, "lb": 0.45359237, "lbs": 0.45359237, "pound": 0.45359237, "ounce": 0.028349523125,
        "oz": 0.028349523125,
    },
    "time": {
        "second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3600.0, "hr": 3600.0, "day": 86400.0,
        "week": 604800.0, "month": 2629746.0, "year": 31556952.0, "yr": 31556952.0, "decade": 315569520.0,
        "century": 3155695200.0, "centurie": 3155695200.0, "millennium": 31556952000.0, "millennia": 31556952000.0,
        "mya": 31556952e6, "myr": 31556952e6,
    },
    "area": {"hectare": 1e4, "ha": 1e4, "acre": 4046.8564224, "km2": 1e6, "m2": 1.0, "km²": 1e6, "m²": 1.0},
    "volume": {
        "litre": 1e-3, "liter": 1e-3, "l": 1e-3, "ml": 1e-6, "gallon": 3.785411784e-3, "km3": 1e9, "m3": 1.0,
        "km³": 1e9, "m³": 1.0, "barrel": 0.158987294928,
    },
    "energy": {"joule": 1.0, "j": 1.0, "kj": 1e3, "mj": 1e6, "kcal": 4184.0, "wh": 3.6e3, "kwh": 3.6e6, "mwh": 3.6e9,
               "gwh": 3.6e12, "twh": 3.6e15},
    "power": {"watt": 1.0, "w": 1.0, "kw": 1e3, "kilowatt": 1e3, "mw": 1e6, "megawatt": 1e6, "gw": 1e9,
              "gigawatt": 1e9},
    "speed": {"mph": 0.44704, "kph": 1 / 3.6, "knot": 0.514444},
    "ppm": {"ppm": 1.0, "ppmv": 1.0, "ppb": 1e-3},
    "times": {"time": 1.0, "fold": 1.0, "x": 1.0},
}  # fmt: skip
TABLE = {word: ("length", factor) for word, factor in LENGTH.items()} | {
    word: (name, factor) for name, words in OTHERS.items() for word, factor in words.items()
}
SHORT = listed("m in g t l j w min x ha sec mi mt gt")
"""Read as units only where nothing else is meant: right behind digits, and "in" only before a closing bracket."""
CASED = {"Mt", "Gt", "t", "m", "g", "l", "L", "J", "W", "min", "in", "x", "ha", "sec", "mi", "M"}
POWERS = {"square": ("area", 2), "sq": ("area", 2), "cubic": ("volume", 3), "cu": ("volume", 3)}
SCALES_OF_HEAT = {"c": "C", "celsius": "C", "centigrade": "C", "f": "F", "fahrenheit": "F", "k": "K", "kelvin": "K"}
DEGREES = frozenset("°˚º")

CURRENCIES = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY",
    "₴": "UAH", "dollar": "USD", "euro": "EUR", "sterling": "GBP", "yen": "JPY", "rupee": "INR",
    "rouble": "RUB", "ruble": "RUB", "yuan": "CNY", "franc": "CHF", "rand": "ZAR", "naira": "NGN", "peso": "MXN",
    "usd": "USD", "eur": "EUR", "gbp": "GBP", "jpy": "JPY", "inr": "INR", "rub": "RUB", "cny": "CNY", "chf": "CHF",
    "cad": "CAD", "aud": "AUD", "nzd": "NZD", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "zar": "ZAR", "brl": "BRL",
    "mxn": "MXN", "krw": "KRW", "try": "TRY", "pln": "PLN", "czk": "CZK", "huf": "HUF", "ngn": "NGN", "kes": "KES",
    "rs": "INR", "a$": "AUD", "c$": "CAD", "nz$": "NZD", "hk$": "HKD", "r$": "BRL",
}  # fmt: skip
"""Symbol, name or ISO 4217 code to code. A bare $ is taken for the US dollar; no rate is ever applied. "try" counts
only in capitals."""
CENTS = {"cent": "USD", "penny": "GBP", "pence": "GBP"}


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    factor: float
    offset: float
    end: int
    """Index of the first token behind the unit."""


def read(tokens: Tokens, at: int) -> Unit | None:
    """The unit that begins at this token, with "per …" behind it. A hyphen before it is skipped."""
    at += tokens[at].text == "-"
    found = _share(tokens, at) or _heat(tokens, at) or _table(tokens, at)
    return _rate(tokens, found) if found else None


def one(word: str) -> str:
    """A unit's name in the singular."""
    return word[:-1] if len(word) > 2 and word.endswith("s") and word not in TABLE else word


def _share(tokens: Tokens, at: int) -> Unit | None:
    words = tokens.words(at, 3)
    if words[0] in ("%", "٪", "％"):
        points = words[1] in ("point", "points") or (words[1] == "-" and words[2] in ("point", "points"))
        return Unit("points" if points else "%", 1.0, 0.0, at + (2 + (words[1] == "-") if points else 1))
    for form in (("percent",), ("per", "cent"), ("per", "-", "cent"), ("percentage",), ("pct",)):
        if words[: len(form)] == form:
            end = at + len(form)
            points = tokens[end].low in ("point", "points")
            if form == ("percentage",) and not points:
                return None
            return Unit("points" if points else "%", 1.0, 0.0, end + points)
    return None


def _heat(tokens: Tokens, at: int) -> Unit | None:
    degrees = tokens[at].text in DEGREES or tokens[at].low in ("degree", "degrees", "deg")
    scale = tokens[at + degrees]
    name = SCALES_OF_HEAT.get(scale.low)
    if scale.low in ("c", "f", "k") and not (
        scale.text.isupper() and tokens[at + degrees - 1].kind in ("number", "mark", "word")
    ):
        name = None
    if name == "K" and not degrees and tokens[at].glued:
        return None  # 10K is ten thousand
    if name is None:
        return Unit("degrees", 1.0, 0.0, at + 1) if degrees else None
    factor, offset = {"C": (1.0, 0.0), "F": (5 / 9, -160 / 9), "K": (1.0, -273.15)}[name]
    end = at + degrees + 1
    if tokens[end].low in ("degree", "degrees"):
        end += 1
    return Unit("temperature", factor, offset, end)


def _table(tokens: Tokens, at: int) -> Unit | None:
    token = tokens[at]
    if token.low in POWERS:
        name, power = POWERS[token.low]
        behind = at + 1 + (tokens[at + 1].text in (".", "-"))
        factor = LENGTH.get(one(tokens[behind].low))
        return Unit(name, factor**power, 0.0, behind + 1) if factor else None
    if token.low == "parts" and tokens[at + 1].low == "per" and tokens[at + 2].low in ("million", "billion"):
        return Unit("ppm", 1.0 if tokens[at + 2].low == "million" else 1e-3, 0.0, at + 3)
    if token.low == "watt" and tokens[at + 1].text == "-" and tokens[at + 2].low in ("hour", "hours"):
        return Unit("energy", 3600.0, 0.0, at + 3)
    word = one(token.low)
    if word not in TABLE:
        return None
    if token.low in SHORT and not _short(tokens, at):
        return None
    name, factor = TABLE[word]
    if name == "length" and tokens[at + 1].text in ("²", "³"):
        power = 2 if tokens[at + 1].text == "²" else 3
        return Unit("area" if power == 2 else "volume", factor**power, 0.0, at + 2)
    return Unit(name, factor, 0.0, at + 1)


def _short(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    if token.text not in CASED or tokens[at - 1].kind != "number":
        return False
    return token.low != "in" or tokens[at + 1].text in (")", "/", ",") or tokens[at + 1].low == "per"


def _rate(tokens: Tokens, unit: Unit) -> Unit:
    """mm per year · mm/yr · tonnes a year · 3% annually: time below the line is turned into seconds."""
    end = unit.end
    words = tokens.words(end, 3)
    if unit.name != "time" and words[0] in ("annually", "yearly"):
        return Unit(f"{unit.name}/time", unit.factor / TABLE["year"][1], 0.0, end + 1)
    if words[0] not in ("per", "/", "a", "an", "each", "every"):
        return unit
    below = TABLE.get(one(words[1]))
    if below is None or (words[1] in SHORT and words[0] != "/"):
        return unit
    if words[0] in ("a", "an", "each", "every") and (below[0] != "time" or unit.name == "time"):
        return unit
    if unit.name == below[0]:
        return unit
    scale = below[1] if below[0] == "time" else 1.0
    return Unit(f"{unit.name}/{below[0]}", unit.factor / scale, 0.0, end + 2)
