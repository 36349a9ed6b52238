"""Whom or what a pronoun means, and the full name behind a last name: where the article leaves no doubt.

A person: the only one named in this sentence so far and in the two before, unless another came up without a name. A
thing or several: the subject of the sentence before, where that sentence has no other subject or object of the kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from factcheck.text import speakers
from factcheck.text.abbreviations import words
from factcheck.text.attribution import Statement
from factcheck.text.contents import Article
from factcheck.text.part import SUBJECTS, phrase, subject_of
from factcheck.text.statements import Note

REMEMBERED = 2
"""Sentences before this one in which somebody was named lately."""

LONGEST = 8
"""Words of a phrase that may stand for a pronoun."""

_KINDS = {
    word: kind
    for kind, pronouns in (
        ("he", "he his him himself"),
        ("she", "she her hers herself"),
        ("it", "it its"),
        ("they", "they their"),
    )
    for word in pronouns.split()
}
_TITLES = {"mr": "he", "mrs": "she", "ms": "she", "miss": "she"}
_ARTICLES = words("a an the")
_PLURAL = frozenset({"NNS", "NNPS"})
_BODIES = frozenset({"ORG", "GPE", "NORP"})
"""Entities that are both it and they."""
_PLAYERS = SUBJECTS | {"dobj", "pobj"}
_PEOPLE = words(
    """man woman boy girl person president minister official spokesman spokeswoman spokesperson officer judge lawyer
    doctor teacher expert analyst engineer leader chief director mayor senator governor prince princess king queen
    mother father son daughter brother sister husband wife friend colleague driver victim suspect student author
    professor researcher scientist reporter journalist candidate lawmaker player coach soldier worker resident"""
)
_WEATHER = words("seem appear happen take rain snow turn look follow")
"""Verbs whose "it" often means nothing."""


@dataclass(slots=True)
class _Known:
    """What the sentences before have named."""

    genders: dict[str, str] = field(default_factory=dict)
    """Full name → he or she."""
    people: list[set[str]] = field(default_factory=list)
    """Per sentence, the last ones first: full names."""
    subject: str = ""
    """Of the sentence before; "" when there is none that a pronoun could plainly mean."""
    kind: str = ""
    """Of the subject: it, they, a person, or a body, which may be both it and they."""
    strangers: int = 99
    """Sentences since somebody without a name was the subject."""


def notes(article: Article, told: Sequence[Statement]) -> list[dict[int, Note]]:
    """Per sentence, by token. `told`: who says what, for "he said" and for the "I" of quotations."""
    full = speakers.cast(article.docs).full
    sources = {
        one.source[0]: one.speaker
        for one in told
        if one.source and one.speaker and not _KINDS.keys() & one.speaker.lower().split()
    }
    known, found, ended = _Known(), [], 0
    for at, sentence in enumerate(article.sentences):
        if "\n" in article.text[ended : sentence.start]:
            known.subject = ""  # a thing of the paragraph before is not plainly meant
        ended = sentence.end
        found.append(_Reading(article, at, known, full).notes(sources))
    for one in told:
        _first_person(article, one, found)
    return found


class _Reading:
    """One sentence, word by word, with what the ones before have named."""

    def __init__(self, article: Article, at: int, known: _Known, full: dict[str, str]) -> None:
        self.article, self.at, self.doc, self.known, self.full = article, at, article.docs[at], known, full
        people = [entity for entity in self.doc.ents if entity.label_ == "PERSON"]
        self.named = {token.i: self._full(entity.text) for entity in people for token in entity}
        self.lone = {entity.start for entity in people if len(entity) == 1}
        self.here: set[str] = set()
        """Who was named so far."""
        self.strange = False
        """Somebody without a name came up."""
        self.meant: dict[str, str] = {}
        """What each kind of pronoun was found to mean."""
        self.found: dict[int, Note] = {}

    def notes(self, sources: dict[int, str]) -> dict[int, Note]:
        """`sources`: place of a pronoun in the article → the speaker that it means."""
        resolved: dict[int, str] = {}
        for token in self.doc:
            kind = _KINDS.get(token.lower_, "")
            if token.i in self.named:
                self._name(token)
            elif kind:
                meant = sources.get(self.article.sentences[self.at].start + token.idx) or self._meant(token, kind)
                if meant:
                    resolved[token.i] = meant
                    self._pronoun(token, kind, meant)
            elif token.pos_ == "NOUN" and token.dep_ in SUBJECTS and token.lemma_.lower() in _PEOPLE:
                self.strange = True
        known = self.known
        known.people = [self.here, *known.people[: REMEMBERED - 1]]
        known.strangers = 0 if self.strange else known.strangers + 1
        known.subject, known.kind = self._topic(resolved)
        return self.found

    def _full(self, name: str) -> str:
        name = speakers.without_possessive(name)
        return self.full.get(name, name)

    def _name(self, token: Token) -> None:
        name = self.named[token.i]
        self.here.add(name)
        gender = _TITLES.get(token.nbor(-1).lower_.rstrip("."), "") if token.i else ""
        if gender:
            self.known.genders[name] = gender
        first = name.removesuffix(token.text).strip()
        if token.i in self.lone and first != name and first and not self.article.is_quoted(self.at, token):
            self.found[token.i] = Note(first, before=True)

    def _pronoun(self, token: Token, kind: str, meant: str) -> None:
        self.meant[kind] = meant
        if kind in {"he", "she"}:
            self.known.genders[meant] = kind
            self.here.add(meant)
        if token.tag_ == "PRP$":
            meant = f"{meant}’" if meant.endswith("s") else f"{meant}’s"
        self.found[token.i] = Note(meant, instead=meant)

    def _meant(self, token: Token, kind: str) -> str:
        if token.tag_ not in {"PRP", "PRP$"} or self.article.is_quoted(self.at, token):
            return ""
        if kind in self.meant:
            return self.meant[kind]
        return self._person(kind) if kind in {"he", "she"} else self._thing(token, kind)

    def _person(self, kind: str) -> str:
        known = self.known
        if self.strange or known.strangers < REMEMBERED:
            return ""
        plain = known.kind == "person" and bool(known.people) and known.people[0] == {known.subject} and not self.here
        named = known.people[0] if plain else self.here.union(*known.people)
        if len(named) != 1:
            return ""
        (name,) = named
        return name if known.genders.get(name, kind) == kind else ""

    def _thing(self, token: Token, kind: str) -> str:
        if not self.known.subject or self.known.kind not in {kind, "body"} or self.here:
            return ""
        if token.tag_ == "PRP" and (token.dep_ not in {"nsubj", "nsubjpass"} or _means_nothing(token)):
            return ""
        rivals = (one for one in self.doc[: token.i] if one.pos_ in {"NOUN", "PROPN"} and one.dep_ in _PLAYERS)
        return "" if any(one.ent_type_ not in {"DATE", "TIME"} for one in rivals) else self.known.subject

    def _topic(self, resolved: dict[int, str]) -> tuple[str, str]:
        """The subject of the main clause and its kind, when "it" or "they" can mean nothing else of this sentence."""
        root = next((token for token in self.doc if token.dep_ == "ROOT"), None)
        subject = subject_of(root) if root is not None else None
        if root is None or subject is None:
            return "", ""
        if subject.i in resolved:
            kind = _KINDS[subject.lower_]
            return resolved[subject.i], "person" if kind in {"he", "she"} else kind
        if subject.i in self.named:
            return self.named[subject.i], "person"
        if subject.pos_ not in {"NOUN", "PROPN"} or subject.lemma_.lower() in _PEOPLE:
            return "", ""
        if any(child.dep_ == "conj" for child in subject.children) or _has_rival(subject, root):
            return "", ""
        body = subject.ent_type_ in _BODIES
        return _called(subject), "body" if body else "they" if subject.tag_ in _PLURAL else "it"


def _has_rival(subject: Token, verb: Token) -> bool:
    """Something else in the clause that the same pronoun could mean; what something is, is not something else."""
    return verb.lemma_ != "be" and any(
        one.i != subject.i
        and one.dep_ in {"dobj", "nsubj", "nsubjpass"}
        and one.pos_ in {"NOUN", "PROPN"}
        and (one.tag_ in _PLURAL) == (subject.tag_ in _PLURAL)
        and (subject.pos_ == "NOUN" or one.ent_type_ in _BODIES)
        for one in verb.children
    )


def _called(noun: Token) -> str:
    """The noun's phrase as it would stand in the middle of a sentence; "" when it could not stand alone itself."""
    tokens = [noun.doc[at] for at in phrase(noun)]
    dependent = any(one.tag_ in {"PRP", "PRP$", "WP", "WDT", "DT"} and one.lower_ not in _ARTICLES for one in tokens)
    if dependent or len(tokens) > LONGEST or tokens[-1].i - tokens[0].i + 1 != len(tokens):
        return ""
    text = " ".join(noun.doc[tokens[0].i : tokens[-1].i + 1].text.split())
    first = tokens[0]
    small = first.tag_ == "DT" or (first.i == 0 and first.pos_ != "PROPN" and first.ent_iob_ == "O")
    return text[:1].lower() + text[1:] if small and first.is_title else text


def _means_nothing(token: Token) -> bool:
    """ "It is clear that …", "It seems …"."""
    verb = token.head
    if verb.lemma_ in _WEATHER:
        return True
    clause = {"ccomp", "xcomp", "csubj", "advcl", "acl"}
    return verb.lemma_ == "be" and any(
        child.dep_ in clause or (child.dep_ in {"acomp", "attr"} and any(one.dep_ in clause for one in child.children))
        for child in verb.children
    )


def _first_person(article: Article, one: Statement, found: list[dict[int, Note]]) -> None:
    """ "I [Ada Berg] saw the dam": in a direct quotation with one known speaker."""
    if not (one.quoted and one.speaker):
        return
    for start, end in one.content:
        for at in range(article.sentence_at(start), article.sentence_at(max(start, end - 1)) + 1):
            doc, first = article.docs[at], article.sentences[at].start
            for token in doc:
                place = first + token.idx
                if token.text == "I" and start <= place < end and article.is_quoted(at, token):
                    found[at].setdefault(token.i, Note(one.speaker))
                    break
