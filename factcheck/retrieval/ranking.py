"""From what was found to what is shown: one score, and the reasons for it in words."""

import re
from dataclasses import dataclass
from typing import Any

# Weights of cover and cosine. Fusions of this shape (.3 lexical, .7 semantic) beat either part alone on the public
# claim-matching sets; `manage.py train ranking` may replace them one day.
LEXICAL, SEMANTIC = 0.3, 0.7
# Below this a passage shares the topic at best. Showing nothing is better than showing noise.
FLOOR = 0.35
SHOWN = 5  # suggestions a claim

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]+")  # letters only: “China’s” and “Russia-China” name China too


@dataclass(frozen=True)
class Candidate:
    """A passage that may bear on a claim. features: plain JSON, kept with the suggestion for good."""

    passage: int
    score: float
    features: dict[str, Any]


def fused(cover: float, cosine: float) -> float:
    """0 to 1. cover: share of the claim's idf found in the passage. cosine: of the two vectors, below 0 counts as 0."""
    return LEXICAL * cover + SEMANTIC * max(cosine, 0.0)


def shared(statement: str, passage: str) -> dict[str, list[str]]:
    """What a reader can see with her own eyes: numbers and names that stand in both texts, in the claim's order.

    A number agrees only as a whole ("12" is not in "2012"). A name is a word written with a capital in both.
    """
    numbers, there = NUMBER.findall(statement), set(NUMBER.findall(passage))
    words = {word for word in WORD.findall(passage) if word[0].isupper()}
    names = [word for word in WORD.findall(statement) if word[0].isupper() and len(word) > 1]
    opening = WORD.search(statement)
    if opening and opening.group().lower() in COMMON_OPENINGS and names and names[0] == opening.group():
        names = names[1:]
    return {
        "numbers": list(dict.fromkeys(number for number in numbers if number in there)),
        "names": list(dict.fromkeys(name for name in names if name in words)),
    }


# Words that bear a capital only because a sentence begins with them.
# fmt: off
COMMON_OPENINGS = frozenset((
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "he", "her", "his", "if", "in", "it", "its", "of", "on",
    "or", "our", "she", "so", "that", "the", "their", "these", "they", "this", "those", "to", "we", "when", "while",
    "with", "you",
))
# fmt: on


def why(features: dict[str, Any]) -> str:
    """The reasons in words a checker can weigh in two seconds. Never says that a passage proves or refutes."""
    named = {*features["names"], *features["numbers"]}
    words = [word for word in features["words"] if word not in named and not NUMBER.fullmatch(word)]
    parts = [
        f"{label} {', '.join(shared[:4])}"
        for label, shared in (("figures", features["numbers"]), ("names", features["names"]), ("words", words))
        if shared
    ]
    if "cosine" in features:  # what a service outside found was not compared in meaning
        parts.append(f"{_closeness(features['cosine'])} in meaning ({features['cosine']:.2f})")
    return "; ".join(parts)


def _closeness(cosine: float) -> str:
    """Words for the cosine of two MiniLM vectors: sentences on one matter lie above .6, on one topic above .4."""
    return "close" if cosine >= 0.6 else "related" if cosine >= 0.4 else "distant"
