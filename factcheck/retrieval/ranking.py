"""From what was found to what is shown: one score, two thresholds, and the reasons in words.

The score is a logistic regression on the features below, each of which a reader can look at: 1 / (1 + exp(-(bias + Σ
coefficient · feature))). There are two: one for earlier fact-checks (has this been checked before?) and one for all
other documents (does this bear on it?). Their coefficients are in weights/ranking.json and explained in the README
beside it; `manage.py train ranking` fits them.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).parent / "weights"
FILE = "ranking.json"

SHOWN = 5  # suggestions a claim: as many earlier fact-checks, and as many other documents
LOOKED_AT = 2  # more than are shown, whose values are compared: that costs most
LEAST_WORDS = 8  # of a claim: a match with a shorter one is never called strong
LIKELY = 1.0  # log odds, nearly three to one: a match that is less likely is never called strong, however lonely it is

ECHOED = {"bm25": 0.25, "cover": 0.3, "cosine": 0.5, "names": 0.0, "agree": 0.0, "conflict": 0.0}
"""What wording counts for at most where a passage only repeats it: as much as for a passage on the same topic; that it
has the claim's names and figures says nothing then."""

LEXICAL, SEMANTIC, FLOOR = 0.3, 0.7, 0.3
"""A document is shown when LEXICAL · cover + SEMANTIC · cosine reaches FLOOR: below, it shares the topic at best. Not a
score of the ranker: how sure that may be differs too much from one library to the next."""

FITTED = ("bm25", "cover", "cosine", "cosine_mean", "names", "agree", "conflict")
"""BM25 as a share of the best that was found for the claim among fact-checks, or among other documents; the share of
the claim's words, weighed by idf, that stand there; the better cosine, and of fact-checks alone the mean one, of the
claim that was checked and its title; the share of the claim's names that stand there; of its numbers and
dates those that agree, and those that conflict, which says that the matter is the same and the figure is not."""
GIVEN = ("primary", "old")
"""0 or 1, for documents: it is a primary document or dataset; it is more than OLD days older than the article. No open
set knows of either, so their coefficients are set by hand."""
OLD = 3 * 365


@dataclass(frozen=True)
class Candidate:
    """A passage that may bear on a claim. features: plain JSON, kept with the suggestion for good.

    bm25, cover, cosine, cosine_mean: see FITTED. names, words: shared, as the claim has them. values: [{kind, claim,
    passage, relation}], relation agree, conflict or absent. sentence: [start, end] of the one that matters most, code
    points of the passage; sentences: all that matter, best first. echo: it repeats the claim's wording. primary: a
    primary document or dataset. strong: as good as certain that this is the claim that was checked. age_days: how much
    older than the article, or null.
    """

    passage: int
    score: float
    features: dict[str, Any]


@dataclass(frozen=True)
class Weights:
    """fact_check, document: coefficient by feature, and "bias". suggest: the score from which an earlier fact-check
    is shown. strong: how far, in log odds, the best fact-check must stand above the next to be called strong."""

    fact_check: Mapping[str, float]
    document: Mapping[str, float]
    suggest: float
    strong: float

    def odds(self, kind: str, features: Mapping[str, float]) -> float:
        """Log odds, unbounded; features that are not given count as 0."""
        own = self.fact_check if kind == "fact_check" else self.document
        return own["bias"] + sum(own.get(name, 0.0) * value for name, value in features.items())

    def score(self, kind: str, features: Mapping[str, float]) -> float:
        """0 to 1."""
        return 1 / (1 + math.exp(-self.odds(kind, features)))

    def shows(self, kind: str, score: float, wording: Mapping[str, float]) -> bool:
        """wording: cover and cosine, undamped."""
        if kind == "fact_check":
            return score >= self.suggest
        return LEXICAL * wording["cover"] + SEMANTIC * wording["cosine"] >= FLOOR

    def is_strong(self, best: float, next_best: float | None, words: int) -> bool:
        """Whether the best earlier fact-check is as good as certainly of this claim. best, next_best: log odds; the
        next of a library that found no other is a fact-check that has nothing in common with the claim. words: of the
        claim."""
        nothing = self.fact_check["bias"]
        return (
            best >= LIKELY
            and best - (nothing if next_best is None else next_best) >= self.strong
            and words >= LEAST_WORDS
        )


@lru_cache(maxsize=1)
def weights() -> Weights:
    return Weights(**json.loads((WEIGHTS / FILE).read_text("utf-8")))


@lru_cache(maxsize=1)
def version() -> str:
    """Another whenever the coefficients are."""
    return hashlib.sha256((WEIGHTS / FILE).read_bytes()).hexdigest()[:8]


def damped(features: Mapping[str, float]) -> dict[str, float]:
    """The features of a passage that only repeats the claim's wording: that wording proves nothing about it."""
    return {name: min(value, ECHOED.get(name, value)) for name, value in features.items()}


def why(features: Mapping[str, Any]) -> str:
    """The reasons in words a checker can weigh in two seconds. Never says that a passage proves or refutes.

    Takes the features of every version: suggestions of the first one have "numbers" in place of "values".
    """
    compared = features.get("values", [])
    agreeing = [*features.get("numbers", []), *(one["claim"] for one in compared if one["relation"] == "agree")]
    spoken = {*features["names"], *agreeing}
    digits = {part for one in compared for part in one["claim"].split()}
    words = [word for word in features["words"] if word not in spoken | digits and not word[0].isdigit()]
    parts = ["repeats the claim's wording"] if features.get("echo") else []
    parts += [
        f"{label} {', '.join(shared[:4])}"
        for label, shared in (("figures", agreeing), ("names", features["names"]), ("words", words))
        if shared
    ]
    parts += [
        f"look: {one['passage']} here, {one['claim']} in the claim" for one in compared if one["relation"] == "conflict"
    ][:2]
    if "cosine" in features:  # what a service outside found was not compared in meaning
        parts.append(f"{_closeness(features['cosine'])} in meaning ({features['cosine']:.2f})")
    return "; ".join(parts)


def _closeness(cosine: float) -> str:
    """Words for the cosine of two MiniLM vectors: sentences on one matter lie above .6, on one topic above .4."""
    return "close" if cosine >= 0.6 else "related" if cosine >= 0.4 else "distant"
