"""Words beside a number that open it to one side or make it a rough one: more than, at least, nearly, or so."""

from factcheck.text.values.tokens import Tokens
from factcheck.text.values.value import Bound

PHRASES: dict[Bound, str] = {
    "over": "no less than|no fewer than|more than|greater than|higher than|older than|longer than|larger than|at least|"
    "upwards of|in excess of|over|above|beyond|exceed|exceeds|exceeding|exceeded|>|≥",
    "under": "no more than|as many as|as much as|less than|fewer than|lower than|younger than|at most|up to|under|"
    "below|<|≤",
    "nearly": "nearly|almost",
    "about": "close to|about|around|approximately|approx|roughly|some|circa|estimated|~|∼|≈",
}
BEHIND: dict[Bound, str] = {
    "over": "or more|and more|or older|and older|and over|+",
    "under": "or less|or fewer",
    "about": "or so",
}


def _longest_first(phrases: dict[Bound, str]) -> tuple[tuple[tuple[str, ...], Bound], ...]:
    split = [(tuple(phrase.split()), bound) for bound, listed in phrases.items() for phrase in listed.split("|")]
    return tuple(sorted(split, key=lambda one: -len(one[0])))


_BEFORE, _BEHIND = _longest_first(PHRASES), _longest_first(BEHIND)


def read(tokens: Tokens, at: int, end: int) -> tuple[Bound, int]:
    """The bound of the number tokens[at:end], and where the words behind it begin."""
    at -= tokens[at - 1].low in ("a", "an", "the", "only", "just")
    at -= tokens[at - 1].text in ("−", "+")
    for phrase, bound in _BEFORE:
        if tokens.words(at - len(phrase), len(phrase)) == phrase:
            return bound, end
    for phrase, bound in _BEHIND:
        if tokens.words(end, len(phrase)) == phrase:
            return bound, end + len(phrase)
    return "", end
