"""Words with which a claim would already say what was found about it. English, as the desk's own pages are."""

import re

_FOUND = re.compile(
    r"\b(?:(?:mostly|partly|largely|half)[ -]true|(?:(?:mostly|partly|largely)[ -])?false(?:ly)?|untrue"
    r"|misleading(?:ly)?|debunk(?:s|ed)?|fake[ds]?|hoax(?:es)?|bogus|baseless(?:ly)?|unfounded|unproven"
    r"|disproved|disproven|fabricated|wrongly|incorrect(?:ly)?|inaccurate(?:ly)?|erroneous(?:ly)?)\b",
    re.IGNORECASE,
)


def found(statement: str) -> list[str]:
    """Each such word as it stands there, once, in order. A claim may be about a hoax: what it means, a person says."""
    return list(dict.fromkeys(match.group() for match in _FOUND.finditer(statement)))
