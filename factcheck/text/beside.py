"""The figures, dates and names of two texts side by side, as pages and the API show them: a hint where to look."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from factcheck.text import compare

ORDER = ("conflict", "ours", "theirs", "agree")


@dataclass(frozen=True)
class Difference:
    """A figure, a date or a name of one claim or both: in both the same (agree), another one for the same thing
    (conflict), in ours alone (ours), in theirs alone (theirs). As written; "" where it does not stand.
    """

    how: Literal["agree", "conflict", "ours", "theirs"]
    ours: str
    theirs: str


def differences(ours: str, theirs: str, language: str) -> list[Difference]:
    """language: of both, ISO 639-1."""
    found = []
    for each in compare.compare(ours, theirs, language):
        how: Any = "ours" if each.verdict == "absent" else each.verdict
        found.append(Difference(how, each.value.text, each.other.text if each.other else ""))
    met = {each.theirs for each in found}
    for each in compare.compare(theirs, ours, language):
        if each.verdict == "absent" and each.value.text not in met:
            found.append(Difference("theirs", "", each.value.text))
    return in_order(found)


def in_order(found: Iterable[Difference]) -> list[Difference]:
    """Each once, what conflicts first."""
    return sorted(dict.fromkeys(found), key=lambda each: ORDER.index(each.how))
