"""How much a sentence is worth checking, 0 to 1, and why, in words that a checker accepts. English only.

Two questions, scored apart: does it matter (fitted on claimbuster), and is it a statement of fact rather than comment
(fitted on NewsSD). log odds = matters·m + factual·f + offset, with the three figures of weights/combination.json; the
value is a probability: of 100 sentences at 0.3, about 30 were found check-worthy by claimbuster's readers.
"""

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Token

from factcheck.text import features
from factcheck.text.features import Reading, Vector
from factcheck.text.linear import Linear, probability

WEIGHTS = Path(__file__).parent / "weights"

MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Scored:
    value: float
    """0 to 1, calibrated on sentences of American presidential debates; in news it orders, it does not measure."""
    reasons: tuple[str, ...]
    """At most MOST_REASONS, the strongest for this value first; never empty."""


@dataclass(frozen=True, slots=True)
class Combination:
    matters: float
    factual: float
    offset: float
    threshold: float
    """The value from which F1 on unseen sentences was best; nothing is thrown away by it."""
    encoder: str
    """Name of the sentence encoder that both were fitted with: another one's vectors mean nothing to them."""


@dataclass(frozen=True, slots=True)
class Model:
    matters: Linear
    factual: Linear
    combination: Combination

    @property
    def threshold(self) -> float:
        return self.combination.threshold

    def value(self, reading: Reading) -> float:
        rule = self.combination
        matters, factual = self.matters.odds(reading), self.factual.odds(reading)
        return probability(rule.matters * matters + rule.factual * factual + rule.offset)


@functools.lru_cache(maxsize=1)
def model() -> Model:
    """The weights in the repository, read once per process (two threads may both read them; both get the same)."""
    combination = json.loads((WEIGHTS / "combination.json").read_text("utf-8"))
    return Model(
        Linear.load(WEIGHTS / "checkworthiness.npz"), Linear.load(WEIGHTS / "factual.npz"), Combination(**combination)
    )


@functools.lru_cache(maxsize=1)
def weights_version() -> str:
    """Eight hexadecimal digits that change whenever any weight does."""
    digest = hashlib.sha256()
    for name in ("checkworthiness.npz", "factual.npz", "combination.json"):
        digest.update((WEIGHTS / name).read_bytes())
    return digest.hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement as it is read: a sentence, or what a part of one says."""

    text: str
    tokens: Sequence[Token]
    """Those that make it up, parsed in their sentence."""
    vector: Vector
    """By the encoder that model().combination.encoder names."""
    named: Sequence[str] | None = None
    """Who and what it names, when a better reader than this module has found it; only told, not scored."""


def score(statements: Sequence[Stated]) -> list[Scored]:
    """One answer per statement, in order; about 1 ms for one of 25 words."""
    using = model()
    scored = []
    for one in statements:
        marks = features.marks(one.text)
        value = using.value(features.read(one.text, one.tokens, one.vector, marks))
        if one.named is not None:
            marks["name"] = ", ".join(one.named[:3])
        scored.append(Scored(round(value, 4), reasons(marks, value >= using.threshold)))
    return scored


_RAISES = ("quantity", "comparison", "record", "change", "cause", "time", "name")
_LOWERS = ("question", "opinion", "future", "hedge", "addressed")
_TEMPLATES = {name: template for name, _, template in features.MARKS}


def reasons(marks: dict[str, str], high: bool) -> tuple[str, ...]:
    """What in the sentence speaks for its score; when it is not `high`, what speaks against it comes first."""
    order = _RAISES + _LOWERS if high else _LOWERS + _RAISES
    told = [_TEMPLATES[name].format(marks[name]) for name in order if marks.get(name)]
    return tuple(told[:MOST_REASONS]) or ("no figure, name, date or act in it",)
