"""One figure given twice differently: 14 wooden houses in the valley, and later 41 wooden houses in the valley.

Only where the words behind both figures are the same, and enough of them to name one thing; a sentence that says when,
or that it is another one, is left alone. The second figure is pointed at: which of the two is wrong is not known.
"""

import re
from collections.abc import Iterator, Sequence

from factcheck.text.contradictions.finding import Contradiction, Sentence, exact, number
from factcheck.text.values import Value

WORDS, TELLING = 4, 3
"""Words behind a figure that must be the same, and how many of them must have four letters and more and not be BARE."""

_BARE = """from with that than this have were been will would could they them their there which when while about after
before more less other another percent people cases votes years months weeks days times"""
BARE = frozenset(_BARE.split())
_BEHIND = re.compile(rf"(?: [^\W\d_]+(?:[-'’][^\W\d_]+)*){{{WORDS}}}")
_OTHERS = re.compile(
    r"\b(?:more|another|other|additional|further|extra|first|next|second|third|last|least|most|some|only|each|every"
    r"|previous|previously|earlier|originally|initially|former|now|then|since|later|rose|fell|up|down|from|compared"
    r"|than|revised|corrected|instead|not|if|estimated?|estimates|claimed|expected?)\b",
    re.I,
)
"""Words of a sentence by which its figure is meant to differ from another one."""


def find(text: Sequence[Sentence]) -> Iterator[Contradiction]:
    given: dict[tuple[str, str], tuple[Value, int]] = {}
    for place, sentence in enumerate(text):
        if not sentence.values or _OTHERS.search(sentence.text) or any(one.date for one in sentence.values):
            continue
        for value in sentence.values:
            behind = _BEHIND.match(sentence.text, value.end)
            if behind is None or not exact(value) or not _telling(behind.group()):
                continue
            first, at = given.setdefault((value.unit, " ".join(behind.group().lower().split())), (value, place))
            if at != place and first.low != value.low:
                yield sentence.against("twice", [value], value, number(first.low))


def _telling(words: str) -> bool:
    return sum(len(word) > 3 and word not in BARE for word in words.lower().split()) >= TELLING
