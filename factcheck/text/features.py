"""What the two models see of one sentence: its words and letters, its grammar, its meaning as a vector, and marks that
a person can be shown.

The same code runs in training and in the product, so a weight always means what it was fitted on.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from spacy.tokens import Token

from factcheck.text.abbreviations import STARTERS

Vector = npt.NDArray[np.float32]
"""A sentence encoder's answer for one sentence: length 1, as many figures as the encoder has dimensions."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence as the models see it."""

    terms: Counter[str]
    dense: list[float]
    vector: Vector


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*|[$£€%?!]")


def words(sentence: str) -> list[str]:
    """Lower-cased words; every figure becomes 0 so that no single number can be learned by heart."""
    return ["0" if word[0].isdigit() else word.lower().replace("’", "'") for word in _WORD.findall(sentence)]


def terms(sentence: str) -> Counter[str]:
    """Word sequences of length 1 to 3 and, with a leading tilde, letter sequences of length 3 to 5 within a word."""
    tokens = words(sentence)[:400]
    counted: Counter[str] = Counter(tokens)
    counted.update(f"{first} {second}" for first, second in itertools.pairwise(tokens))
    counted.update(" ".join(three) for three in zip(tokens, tokens[1:], tokens[2:], strict=False))
    for token in tokens:
        if len(token) > 3:
            padded = f"_{token}_"
            for size in (3, 4, 5):
                counted.update(f"~{padded[at : at + size]}" for at in range(len(padded) - size + 1))
    return counted


_PARTS = frozenset({"ROOT", "nsubj", "nsubjpass", "aux", "dobj", "attr"})
"""The parts of a clause whose words are kept with their part: who does what to whom."""


def grammar(tokens: Sequence[Token]) -> Counter[str]:
    """With a leading equals sign: sequences of 1 to 3 word classes (Penn tags), kinds of things named, the part that a
    class of word plays, and the word that plays one of _PARTS."""
    tokens = [token for token in tokens[:400] if not token.is_space]
    tags = [token.tag_ for token in tokens]
    counted: Counter[str] = Counter()
    for size in (1, 2, 3):
        counted.update("=" + " ".join(tags[at : at + size]) for at in range(len(tags) - size + 1))
    for token in tokens:
        counted[f"={token.dep_}/{token.tag_}"] += 1
        if token.ent_type_:
            counted[f"={token.ent_type_}"] += 1
        if token.dep_ in _PARTS and token.lemma_.isalpha():
            counted[f"={token.dep_}:{token.lemma_.lower()}"] += 1
    return counted


# Marks: (name, how to find it, how a reader is told). {} is the article's own wording.

_NUMBER = (
    r"(?:\d[\d,.]{0,30}\d|\d|\b(?:a (?=hundred|thousand|million|billion|trillion|dozen)|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|half a |several |dozens of |hundreds of |thousands of |millions of "
    r"|billions of )"
    r"(?:-?(?:one|two|three|four|five|six|seven|eight|nine))? ?)"
)
_SCALE = r"(?:[ -]?(?:hundred|thousand|million|billion|trillion|bn|mn|m|k)\b)"
_UNIT = (
    r"(?:[ -](?:percent|per cent|percentage points?|[ -]?points?|dollars?|euros?|pounds?|yuan|rubles?|roubles?|yen"
    r"|people|men|women"
    r"|children|jobs|votes?|seats?|years?(?:[- ]olds?)?|months?|weeks?|days?|hours?|minutes?|miles?|kilomet(?:er"
    r"|re)s?|km|met(?:er|re)s?"
    r"|tons?|tonnes?|barrels?|degrees?|times|cases|deaths|troops|soldiers|countries|states|cities|companies|members)\b)"
)
_QUANTITY = re.compile(
    rf"[$£€¥]\s?\d[\d,.]*{_SCALE}?|\d[\d,.]{{0,30}}\s?(?:%|‰)|{_NUMBER}{_SCALE}{_UNIT}?|{_NUMBER}{_UNIT}|\b\d+(?:\.\d+|,\d{{3}})+\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)[ -](?:thirds?|fourths?|fifths?|quarters?|tenths?)\b"
    r"|\b\d{1,3}(?!\d)(?![-/:.]\d)(?! ?[ap]\.?m\b)\b",
    re.I,
)
_COMPARISON = re.compile(
    r"\b(?:more|less|fewer|higher|lower|larger|smaller|greater|better|worse|faster|slower|older|younger|cheaper) than\b"
    r"|\b(?:the|its|their|our) (?:(?:first|largest|biggest|highest|lowest|smallest|worst|best|fastest|longest"
    r"|only)\b|(?:most|least) \w+)"
    r"|\b(?:record (?:high|low)|doubled|tripled|quadrupled|halved|twice as|as many as|as much as)\b",
    re.I,
)
_CHANGE = re.compile(
    r"\b(?:rose|risen|rising|fell|fallen|falling|grew|grown|growing|increased?|decreased?|declined?(?! to)|dropped"
    r"|cut|raised|lost"
    r"|gained|created|climbed|surged|plunged|shrank|expanded)\b",
    re.I,
)
_CAUSE = re.compile(
    r"\b(?:because of|due to|as a result of|led to|caused(?: by)?|resulted in|thanks to|in consequence)\b", re.I
)
_TIME = re.compile(
    r"\b(?:(?:in|since|by|until|from|during|of) (?:1[5-9]\d\d|20\d\d)|(?:last|this|next|past) (?:year|month|week"
    r"|decade|century|quarter)"
    r"|(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|May|June|July|August"
    r"|September"
    r"|October|November|December)(?: \d{1,2})?(?:,? \d{4})?(?=[\s,.;])(?<!\bMay)|yesterday|\d+ (?:years|months|weeks"
    r"|days) ago)\b"
)
_OPINION = re.compile(
    r"\b(?:I|we) (?:strongly |firmly |really |do |just |also )?(?:feel|think|believe|hope|wish|guess|suppose|doubt"
    r"|fear|love|hate"
    r"|want|suspect)\b|\bin my (?:opinion|view)\b|\b(?:should|ought to|must|needs? to)\b|\b(?:hopefully|frankly"
    r"|sadly|luckily"
    r"|unfortunately|fortunately|thankfully|arguably|obviously|of course)\b"
    r"|\b(?:shameful|outrageous|disgusting|wonderful|terrible|horrible|beautiful|brilliant|stupid|ridiculous|absurd|pathetic"
    r"|disgraceful|glorious|awful|amazing|fantastic|tragic|shocking)\b",
    re.I,
)
_FUTURE = re.compile(
    r"\b(?:(?:will|won't|won’t|shall|'ll|’ll)(?: (?:be|not|never|ultimately|eventually|soon|likely|also))?|(?:is|are"
    r"|am|'re|’re|was|were) going to"
    r"(?= [a-z])|(?:is|are) (?:set|expected|likely|due) to)\b",
    re.I,
)
_HEDGE = re.compile(r"\b(?:might|may(?= [a-z])|could|perhaps|maybe|probably|possibly|seems?|appears? to)\b", re.I)
_RECORD = re.compile(
    r"\b(?:voted|signed|passed|vetoed|supported|opposed|announced|launched|introduced|approved|banned|imposed|launched|agreed"
    r"|promised|appointed|elected|killed|arrested|invaded|attacked|invested|spent|sold|bought|paid|taxed)\b",
    re.I,
)
_NAME = re.compile(
    r"(?<=[\s“\"‘'(-])(?!I\b)(?:[A-Z][\w.’'-]*[\w](?: (?:of|the|for|and|de|van|von|bin|al) (?=[A-Z]))?\s?){1,5}"
)
_CALENDAR = re.compile(
    r"^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)s?$"
)
_ADDRESSED = re.compile(r"\b(?:thank you|thanks|good (?:evening|morning|night)|please|let me|let's|let’s|you)\b", re.I)
_SELF = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|me|my)\b")


def names(sentence: str) -> list[str]:
    """Capitalised words that do not merely begin the sentence; without days and months. A guess, without a model."""
    found = []
    for match in _NAME.finditer(sentence[:4_000]):
        name = re.sub(r"['’]s$", "", match.group().strip())
        before = sentence[: match.start()].rstrip()
        begins = not before or before[-1] in '.!?:“"‘'
        if _CALENDAR.match(name) or name.lower() in STARTERS or (begins and " " not in name):
            continue
        first, _, rest = name.partition(" ")
        found.append(rest if begins and rest and first.lower() in STARTERS else name)
    return found


def _first(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def search(sentence: str) -> str:
        match = pattern.search(sentence)
        return match.group().strip(" ,.") if match else ""

    return search


def _quantity(sentence: str) -> str:
    """The longest; a bare figure after a capitalised word is part of a name (Apollo 11), not an amount."""
    amounts = []
    for found in _QUANTITY.finditer(sentence):
        before = sentence[: found.start()].rsplit(None, 1)
        if not (found.group().isdigit() and before and before[-1][:1].isupper() and before[-1].rstrip(".").isalpha()):
            amounts.append(found.group().strip(" ,."))
    return max(amounts, key=len, default="")


MARKS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("quantity", _quantity, "states a quantity: {}"),
    ("comparison", _first(_COMPARISON), "compares: ‘{}’"),
    ("change", _first(_CHANGE), "says that something changed: ‘{}’"),
    ("cause", _first(_CAUSE), "names a cause: ‘{}’"),
    ("time", _first(_TIME), "names a time: {}"),
    ("record", _first(_RECORD), "says what was done: ‘{}’"),
    ("name", lambda sentence: ", ".join(dict.fromkeys(names(sentence)[:2])), "names {}"),
    ("opinion", _first(_OPINION), "an opinion, marked by ‘{}’"),
    ("future", _first(_FUTURE), "about the future, marked by ‘{}’"),
    ("hedge", _first(_HEDGE), "said with caution: ‘{}’"),
    ("question", lambda sentence: "?" if sentence.rstrip("”\"’') ").endswith("?") else "", "a question"),
    ("addressed", _first(_ADDRESSED), "speaks to somebody: ‘{}’"),
    ("self", _first(_SELF), ""),
)
"""An empty sentence for the reader: the model sees it, but it is no reason that would help anyone."""

LENGTH_SCALE = 20.0
"""Words of a usual sentence: brings the length to the same size as the marks."""


def marks(sentence: str) -> dict[str, str]:
    """Name of each mark found → the words that show it."""
    found = {name: search(sentence[:4_000]) for name, search, _ in MARKS}
    return {name: shown for name, shown in found.items() if shown}


def dense(sentence: str, present: dict[str, str] | None = None) -> list[float]:
    """One figure per entry of MARKS, then length, number of figures and number of names, each roughly 0 to 2.

    `present`: the sentence's marks, when they are known already.
    """
    present = marks(sentence) if present is None else present
    tokens = words(sentence)
    return [
        *(1.0 if name in present else 0.0 for name, _, _ in MARKS),
        min(len(tokens), 60) / LENGTH_SCALE,
        min(tokens.count("0"), 4) / 2.0,
        min(len(names(sentence)), 4) / 2.0,
    ]


def read(text: str, tokens: Sequence[Token], vector: Vector, present: dict[str, str] | None = None) -> Reading:
    """`tokens`: those that make it up, parsed in their sentence. `vector`: the encoder's for the same words. `present`:
    its marks, when they are known already."""
    return Reading(terms(text) + grammar(tokens), dense(text, present), vector)
