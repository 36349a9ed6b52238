"""What a machine may doubt about words that are to be printed: does a statement stand alone, will it age, whom does it
name. Hints for a person, who decides; none of them says anything about what is true.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from spacy.tokens import Doc, Span, Token

from factcheck.text import english, relative_dates
from factcheck.text.abbreviations import words as listed
from factcheck.text.part import SUBJECTS, phrase, subject_of
from factcheck.text.values.names import folded

LONGEST = 20_000
"""Code points of one text that are read for names; further ones are a book's, not a rationale's."""

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


@lru_cache(maxsize=256)
def _read(text: str) -> Doc:
    return next(english.read([text]))


def leaning(statement: str) -> list[str]:
    """Words that lean on a text which the reader does not have: a pronoun with nothing before it in the statement that
    it could mean, and a relative date; but for those with their meaning in brackets behind them, “he [Ada Berg]”.
    """
    doc = _read(statement[:LONGEST])
    named = next((token.i for token in doc if token.pos_ in {"NOUN", "PROPN"}), len(doc))
    loose = [(token.idx, token.text) for token in doc if _leans(token, named)]
    loose += relative_dates.left(statement[:LONGEST])
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
    said = _NOW.search(statement[:LONGEST])
    if said:
        return said.group()
    doc = _read(statement[:LONGEST])
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


def persons(texts: Sequence[str], known: Sequence[str] = ()) -> list[str]:
    """Names of persons in the texts, in the order in which they come: each once, in its longest form, without titles.
    known: names that are not asked about; parts of them, such as a last name alone, are not either.
    """
    found: dict[tuple[str, ...], str] = {}
    for text in texts:
        for line in filter(None, map(str.strip, text[:LONGEST].splitlines())):
            for ent in _read(line).ents:
                parts = folded(ent.text)
                if ent.label_ == "PERSON" and parts and any(part.isalpha() for part in parts):
                    found.setdefault(parts, _without_title(ent))
    public = [set(folded(name)) for name in known]
    kept: list[str] = []
    for parts, name in found.items():
        longer = any(set(parts) < set(other) for other in found)
        if not longer and not any(set(parts) <= names for names in public):
            kept.append(name)
    return kept


def _without_title(ent: Span) -> str:
    return " ".join(re.sub(r"['’]s$", "", ent.text).split())


def with_initials(text: str, name: str) -> str:
    """The text with “A. B.” for “Ada Berg”, and with “B.” where her last name stands alone."""
    parts = name.split()
    if not parts:
        return text
    short = " ".join(f"{part[0]}." for part in parts)
    text = text.replace(name, short)
    return re.sub(rf"\b{re.escape(parts[-1])}\b", f"{parts[-1][0]}.", text) if len(parts) > 1 else text
