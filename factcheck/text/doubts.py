"""What a machine may doubt about words that are to be printed: does a statement stand alone, will it age, whom does it
name. Hints for a person, who decides; none of them says anything about what is true.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from factcheck.text import english, relative_dates
from factcheck.text.abbreviations import words as listed
from factcheck.text.extraction.identity import spoken
from factcheck.text.part import SUBJECTS, phrase, subject_of
from factcheck.text.values.names import TITLES, folded

LONGEST = 20_000
"""Code points of one text that are read; of what lies beyond, nothing is said."""
FOREIGN = 0.5
"""Probability from which a line counts as being in another language. On lines of 25 foreign newspapers and on 2,236
English claims: 99 of 100 foreign lines are seen, and 3 of 1,000 English ones are taken for foreign."""

_FIRST = listed("i me my we us our")
_IT = frozenset({"it", "its"})
_LEANING = _FIRST | _IT | listed("he she they him them his her hers their theirs this that these those")
_MEANS_NOTHING = listed("be rain snow seem appear take")
"""Verbs before which “it” often stands for nothing: it rains, it seems."""
_EITHER = listed("cost put cut set hit let spread read beat burst cast hurt quit shed shut split")
"""Verbs that are written alike in the present and the past."""
_EXPLAINED = re.compile(r"\s*\[")
_NOW = re.compile(
    r"\b(?:currently|at present|presently|nowadays|at the moment|right now|so far|to date|until now|as of now|still"
    r"|(?:the )?(?:latest|newest|most recent|current|incumbent|acting))\b",
    re.I,
)
_OFFICES = listed(
    "president chancellor minister premier mayor governor senator king queen pope chair chairman chairwoman"
    " chairperson ceo director secretary commissioner leader head champion"
)


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a reading came to. languages, beyond: of which texts nothing is known: those in another language than
    English, by their codes, and how many code points lie behind the first LONGEST of a text. of_statement: whether the
    statement was read.
    """

    leaning: list[str]
    ageing: str
    persons: list[str]
    of_statement: bool
    languages: list[str]
    beyond: int


def read(statement: str, texts: Iterable[str], languages: Iterable[str] = ()) -> Doubts:
    """texts: everything in which somebody may be named, the statement too. languages: of texts that are left out
    because they are known to be in another one.
    """
    foreign = dict.fromkeys(languages)
    names: list[str] = []
    beyond = 0
    for text in texts:
        beyond += max(0, len(text) - LONGEST)
        codes = {line: _foreign(line) for line in map(str.strip, text[:LONGEST].splitlines()) if line}
        foreign |= dict.fromkeys(filter(None, codes.values()))
        names += _persons([line for line, code in codes.items() if not code])
    readable = len(statement) <= LONGEST and not any(map(_foreign, statement.splitlines()))
    return Doubts(
        leaning=leaning(statement) if readable else [],
        ageing=ageing(statement) if readable else "",
        persons=list(dict.fromkeys(names)),
        of_statement=readable,
        languages=list(foreign),
        beyond=beyond,
    )


def _foreign(line: str) -> str:
    """The code of the language that a line is in, if that is probably not English; else ""."""
    code = spoken(line, sure=FOREIGN, enough=1)
    return "" if code == "en" else code


def _read(text: str) -> Doc:
    return next(english.read([text]))


def leaning(statement: str) -> list[str]:
    """Words that lean on a text which the reader does not have: a pronoun with nothing before it in the statement that
    it could mean, and a relative date; but for those with their meaning in brackets behind them, “he [Ada Berg]”.
    """
    doc = _read(statement)
    named = next((token.i for token in doc if token.pos_ in {"NOUN", "PROPN"}), len(doc))
    loose = [(token.idx, token.text) for token in doc if _leans(token, named)]
    loose += relative_dates.left(statement)
    return list(dict.fromkeys(word for _, word in sorted(loose)))


def _leans(token: Token, named: int) -> bool:
    """named: where the first noun stands that a pronoun could mean."""
    low = token.lower_
    if token.tag_ not in {"PRP", "PRP$", "DT"} or low not in _LEANING:
        return False
    if _EXPLAINED.match(token.doc.text, token.idx + len(token)) or token.dep_ == "expl":
        return False
    if low in _IT and token.dep_ == "nsubj" and token.head.lemma_ in _MEANS_NOTHING:
        return False
    return low in _FIRST or token.i <= named


def ageing(statement: str) -> str:
    """The words by which a statement may go out of date; "" when none are seen: “currently”, “the latest”; who holds an
    office; a figure told in the present tense.
    """
    said = _NOW.search(statement)
    if said:
        return said.group()
    doc = _read(statement)
    for token in doc:
        if token.pos_ not in {"VERB", "AUX"} or token.tag_ not in {"VBZ", "VBP"} or token.lower_ in _EITHER:
            continue
        if token.lemma_ == "be" and (office := _office(token)):
            return office
        verb = token.head if token.dep_ in {"aux", "auxpass"} else token
        perfect = token.lemma_ == "have" and verb.tag_ in {"VBN", "VBD"}
        figure = next((one for one in doc if _is_figure(one) and _verb_of(one) == verb), None)
        if figure is not None and not perfect:
            return f"{token.text} … {figure.text}" if token.i < figure.i else f"{figure.text} … {token.text}"
    return ""


def _is_figure(token: Token) -> bool:
    return token.like_num and token.ent_type_ not in {"DATE", "TIME"}


def _verb_of(token: Token) -> Token:
    """Of the clause in which it stands."""
    while token.head != token and token.pos_ not in {"VERB", "AUX"}:
        token = token.head
    return token


def _office(verb: Token) -> str:
    """ "Ada Berg is mayor of Lakeside": somebody with a name, and an office that changes hands."""
    subject = subject_of(verb)
    held = next((one for one in verb.children if one.dep_ in {"attr", "acomp"}), None)
    if subject is None or held is None or subject.dep_ not in SUBJECTS:
        return ""
    sides = (subject, held)
    named = any(_is_person(one) for one in sides)
    for one in sides:
        if named and one.lemma_.lower() in _OFFICES:
            return " ".join(verb.doc[at].text for at in phrase(one))
    return ""


def _is_person(token: Token) -> bool:
    return token.ent_type_ == "PERSON"


def _persons(lines: Sequence[str]) -> list[str]:
    """Names of persons, in the order in which they come."""
    people = (ent for doc in english.read(lines) for ent in doc.ents if ent.label_ == "PERSON")
    return [name for name in map(_without_possessive, people) if any(part.isalpha() for part in folded(name))]


def _without_possessive(ent: Span) -> str:
    return " ".join(re.sub(r"['’]s$", "", ent.text).split())


def private(names: Iterable[str], known: Sequence[str] = ()) -> list[str]:
    """Of the names that were found, those to ask about: each once, in its longest form.
    known: names that are not asked about; parts of them, such as a last name alone, are not either.
    """
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        found.setdefault(folded(name), name)
    public = [set(folded(name)) for name in known]
    longer: dict[str, list[set[str]]] = {}
    for parts in found:
        for part in parts:
            longer.setdefault(part, []).append(set(parts))
    return [
        name
        for parts, name in found.items()
        if not any(set(parts) < other for part in parts[:1] for other in longer[part])
        and not any(set(parts) <= names for names in public)
    ]


def with_initials(text: str, name: str, others: Iterable[str] = ()) -> str:
    """The text with “A. B.” for “Ada Berg”, and with “B.” where her last name stands alone. others: everybody else who
    is named, whose names stay as they are, and so does a last name alone behind the full name of another who bears it.
    """
    parts = name.split()
    if not parts:
        return text
    last, whole = parts[-1], _spelled(parts)
    bearers = [other.split() for other in others if not set(other.split()) <= set(parts)]
    kept = "|".join(map(_spelled, sorted(bearers, key=len, reverse=True))) or r"(?!)"
    alone = rf"(?P<before>\b\w[\w.’'-]*\s+)?(?P<last>{re.escape(last)})" if len(parts) > 1 else r"(?!)"
    found = re.compile(rf"(?<![\w-])(?:(?P<kept>{kept})|(?P<whole>{whole})|{alone})(?!-?\w)")
    hers = True

    def initials(match: re.Match[str]) -> str:
        nonlocal hers
        if match["whole"]:
            hers = True
            return " ".join(f"{part[0]}." for part in parts)
        if match["kept"] or _of_another(match):
            hers = hers and last not in match.group().split()
            return match.group()
        return f"{match['before'] or ''}{last[0]}." if hers else match.group()

    return found.sub(initials, text)


def _spelled(parts: Sequence[str]) -> str:
    return r"\s+".join(map(re.escape, parts))


def _of_another(match: re.Match[str]) -> bool:
    """A capital before it, but for that of a title or of a sentence's first word: somebody else's first name."""
    before = (match["before"] or "").strip()
    inside = re.search(r"[^\s.!?:]\s+$", match.string[: match.start()])
    return before[:1].isupper() and before.rstrip(".").lower() not in TITLES and bool(inside)
