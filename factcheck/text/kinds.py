"""Of what kind a statement is, and whether evidence could show it to be right or wrong."""

import re
from typing import Literal

from factcheck.text import features

Kind = Literal[
    "quantity", "event", "quote", "comparison", "cause", "rule", "prediction", "opinion", "question", "order", "other"
]
"""One kind per claim, the first that fits in this order. The first four are not checkable, and say so:

question    asks
order       asks the reader to do something
opinion     judges or recommends; what could be checked is only that somebody holds it
prediction  about what has not happened yet
rule        says what is required, allowed or forbidden
cause       says that one thing came of another
comparison  sets one thing beside others: more than, the largest
quantity    states a number of something, an amount or a share
quote       what somebody is quoted as saying; first of all that they said it can be checked
event       says that something happened or was done
other       anything else that states something, such as how things are
"""

NOT_CHECKABLE: frozenset[Kind] = frozenset({"question", "order", "opinion", "prediction"})

QUESTION = "not checkable: a question"
ORDER = "not checkable: asks the reader to do something"
OPINION = "not checkable: an opinion, marked by ‘{}’"
PREDICTION = "not checkable yet: about the future, marked by ‘{}’"
WRITER = "not checkable: about the writer, who is not named"

_RULE = re.compile(
    r"\b(?:(?:is|are|was|were|be|been) (?:\w+ )?(?:required|obliged|allowed|permitted|forbidden|prohibited|banned"
    r"|barred|entitled|illegal|unlawful|legal|mandatory|compulsory|exempt)|(?:requires?|forbids?|prohibits?|bans|obliges)\b"
    r"|(?:may|must) not (?=[a-z])|must (?=[a-z]))",
    re.I,
)
_WOULD = re.compile(r"\b(?:would|wouldn['’]t)\b(?! (?:often|sometimes|usually))", re.I)
"""Only supposed, or the future of the past: "said it would close the mill"."""
_JUDGED = re.compile(
    r"\bit(?:['’]s| is| was) (?:\w+ )?(?:important|difficult|hard|easy|essential|crucial|necessary|vital|useful"
    r"|best)\b",
    re.I,
)
_CAUSE = re.compile(
    r"\b(?:because|(?<!the )(?<!root )causes(?! of\b| for\b)(?= [a-z])|which is why|so that"
    r"|blamed? (?:\w+ ){1,4}(?:for|on))\b",
    re.I,
)
_APART = re.compile(r"\b(?:more|less|fewer|higher|lower|larger|smaller|greater) (?:[\w'’-]+ ){1,5}than\b", re.I)
"""A comparison whose words do not stand together: "higher in France than in Germany"."""
_BOUND = re.compile(
    r"\b(?:(?:more|less|fewer) than|as (?:much|many) as) (?=[\d$£€¥]|(?:a|one|two|three|half|several) )"
    r"|\bthe first (?=(?:quarter|half)\b)",
    re.I,
)
"""A number with a bound, or a part of a year: no comparison."""


def judged(statement: str, *, quoted: bool, happened: bool, writer: bool) -> tuple[Kind, str]:
    """(kind, why it is not checkable or "").

    `happened`: has a verb in the past. `writer`: the subject is “I”, and the article does not say who that is.
    """
    marks = features.marks(statement)
    rule = _RULE.search(statement)
    if "opinion" in marks and "quantity" not in marks and not (rule and not quoted and "self" not in marks):
        return "opinion", OPINION.format(marks["opinion"])
    judging = _JUDGED.search(statement)
    if judging and "quantity" not in marks:
        return "opinion", OPINION.format(judging.group())
    future = marks.get("future") or ((supposed := _WOULD.search(statement)) and supposed.group())
    if future:
        return "prediction", PREDICTION.format(future)
    if writer:
        return "other", WRITER
    if rule:
        return "rule", ""
    if "cause" in marks or _CAUSE.search(statement):
        return "cause", ""
    if _APART.search(statement) or "comparison" in features.marks(_BOUND.sub("", statement)):
        return "comparison", ""
    if "quantity" in marks:
        return "quantity", ""
    if quoted:
        return "quote", ""
    return ("event" if happened else "other"), ""
