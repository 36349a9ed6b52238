"""Who somebody is, as far as the article tells: full name, role, affiliation, and where they said it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from factcheck.text.abbreviations import words
from factcheck.text.part import name_of
from factcheck.text.verbs import MEDIA

NAMED = frozenset({"PERSON", "ORG", "NORP", "GPE"})
"""Entities that can speak."""

_PLACES_OF_WORK = frozenset({"ORG", "GPE", "FAC"})
_BELONGS = words("of at for with from")
_ARTICLES = words("a an the another its his her their our one")
_ROLE_WORDS = 12

_LISTENERS = words(
    "reporter journalist newspaper magazine broadcaster outlet agency radio station press media site programme program"
)


@dataclass(frozen=True, slots=True)
class Introduction:
    """How the article introduces a person; "" for what it does not say."""

    role: str = ""
    affiliation: str = ""
    noun: str = ""
    """The role's main word in its base form, lower case: analyst."""


@dataclass(slots=True)
class Cast:
    """The people of one article."""

    full: dict[str, str] = field(default_factory=dict)
    """Last name → full name, for people whose last name only one full name of the article ends with."""
    introduced: dict[str, Introduction] = field(default_factory=dict)
    """Full name, or the name as written → how the article introduces its bearer: the first role and employer given."""
    by_noun: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """The role's main word → (number of the sentence, name), in the order of the article."""

    def described(self, noun: str, sentence: int) -> str:
        """ "the analyst": the one person who was introduced so by now; "" for none or several."""
        names = {name for at, name in self.by_noun.get(noun, ()) if at <= sentence}
        return next(iter(names)) if len(names) == 1 else ""


def cast(docs: Sequence[Doc]) -> Cast:
    """Everybody whom the entity finder takes for a person, and how they are introduced."""
    found = Cast()
    people = [(at, entity) for at, doc in enumerate(docs) for entity in doc.ents if entity.label_ == "PERSON"]
    seen: dict[str, set[str]] = {}
    for _, entity in people:
        name = without_possessive(entity.text)
        parts = name.split()
        if 2 <= len(parts) <= 4 and all(part[:1].isupper() for part in parts):
            seen.setdefault(parts[-1], set()).add(name)
    found.full = {last: next(iter(names)) for last, names in seen.items() if len(names) == 1}
    for at, entity in people:
        name = without_possessive(entity.text)
        name = found.full.get(name, name)
        introduction, known = _introduction(entity), found.introduced.get(name, Introduction())
        if introduction.noun and not known.role:
            found.by_noun.setdefault(introduction.noun, []).append((at, name))
        if (introduction.role and not known.role) or (introduction.affiliation and not known.affiliation):
            found.introduced[name] = Introduction(
                known.role or introduction.role,
                known.affiliation or introduction.affiliation,
                known.noun or introduction.noun,
            )
    return found


def _introduction(entity: Span) -> Introduction:
    """ "Berg, an engineer at Acme" · "Acme engineer Berg" · "the engineer, Berg," · "Berg of Acme"."""
    root = entity.root
    affiliation = _affiliation(root, entity)
    for child in root.children:
        if child.dep_ == "appos" and child.i >= entity.end and child.pos_ == "NOUN":
            return _described(child, affiliation)
    if root.dep_ == "appos" and root.head.pos_ == "NOUN" and root.head.i < entity.start:
        return _described(root.head, affiliation)
    before = [token for token in root.doc[root.left_edge.i : entity.start] if token.lower_ not in _ARTICLES]
    nouns = [token for token in before if token.pos_ in {"NOUN", "PROPN"}]
    if nouns and nouns[-1].i == before[-1].i and not any(token.is_punct and token.text != "-" for token in before):
        named = (name_of(token) for token in root.doc[before[0].i : entity.start] if token.ent_iob_ == "B")
        employer = next((one.text for one in named if one is not None and one.label_ in _PLACES_OF_WORK), "")
        main = nouns[-1].lemma_.lower().rstrip(".")
        return Introduction(_joined(before), affiliation or without_possessive(employer), main)
    return Introduction("", affiliation, "")


def _described(noun: Token, affiliation: str) -> Introduction:
    """The noun with what belongs to it, up to its employer, a relative clause or a comma, without its article."""
    employer = affiliation or _affiliation(noun, None)
    tokens: list[Token] = []
    for token in noun.doc[noun.left_edge.i : noun.right_edge.i + 1]:
        if token.i > noun.i and (token.is_punct or token.dep_ in {"relcl", "nsubj"} or token.tag_ in {"WP", "WDT"}):
            break
        if token.i > noun.i and (token.ent_type_ == "PERSON" or _leads_to(token, employer)):
            break
        tokens.append(token)
    while tokens and (tokens[0].lower_ in _ARTICLES or tokens[0].is_punct):
        tokens.pop(0)
    if not tokens or len(tokens) > _ROLE_WORDS:
        return Introduction("", employer, "")
    return Introduction(_joined(tokens), employer, noun.lemma_.lower())


def _leads_to(token: Token, employer: str) -> bool:
    """The "at" of "at Acme"."""
    return bool(employer) and token.dep_ == "prep" and token.doc[token.i + 1 :].text.find(employer) in range(5)


def _affiliation(noun: Token, person: Span | None) -> str:
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ in _BELONGS and child.i >= (person.end if person else 0):
            for object_ in child.children:
                body = name_of(object_) if object_.dep_ == "pobj" else None
                if body is not None and body.label_ in _PLACES_OF_WORK:
                    return without_possessive(body.text)
    if person is None:
        for token in noun.doc[noun.left_edge.i : noun.i]:
            body = name_of(token) if token.ent_iob_ == "B" and token.ent_type_ == "ORG" else None
            if body is not None and body.end <= noun.i:
                return without_possessive(body.text)
    return ""


def _joined(tokens: Sequence[Token]) -> str:
    return tokens[0].doc[tokens[0].i : tokens[-1].i + 1].text.strip()


def words_of(head: Token) -> Span:
    """The entity that the word belongs to, or else the noun with what stands before it."""
    name = name_of(head)
    if name is not None and name.label_ in NAMED:
        return name
    start = head.left_edge.i
    while start < head.i and (head.doc[start].is_punct or head.doc[start].is_space):
        start += 1
    return head.doc[start : head.i + 1]


def as_written(head: Token) -> str:
    """What to call a source: "Ada Berg", "a spokesman for the council", Carl Lind for "the engineer, Carl Lind,"."""
    if head.ent_type_ not in NAMED:
        for child in head.children:
            if child.dep_ == "appos" and child.ent_type_ == "PERSON":
                return without_possessive(words_of(child).text)
            if child.dep_ == "prep" and child.lower_ in _BELONGS and child.i == head.i + 1 and head.pos_ == "NOUN":
                part = next((one for one in child.children if one.dep_ == "pobj"), None)
                if part is not None:
                    return head.doc[words_of(head).start : words_of(part).end].text
    return without_possessive(words_of(head).text)


def whole(head: Token) -> Span:
    """All words that name the source: "Dean Johnson, a 55-year-old salesman"."""
    start, end = words_of(head).start, max(words_of(head).end, head.i + 1)
    return head.doc[min(start, head.left_edge.i) if head.left_edge.pos_ != "PUNCT" else start : end]


def medium(verb: Token) -> str:
    """ "told CNBC" → CNBC · "said in an interview with Xinhua" → an interview with Xinhua · "" when it is not told."""
    for child in verb.children:
        if child.dep_ in {"dobj", "dative", "iobj"} and child.i > verb.i and verb.lemma_ in {"tell", "inform"}:
            if child.ent_type_ == "ORG" or child.lemma_.lower() in _LISTENERS:
                return words_of(child).text
        elif (
            child.dep_ in {"prep", "dative"}
            and child.i > verb.i
            and child.lower_ in {"in", "on", "at", "during", "via", "to"}
        ):
            for part in child.children:
                if part.dep_ == "pobj" and (part.lemma_.lower() in MEDIA or _broadcasts(child, part)):
                    return _phrase(part)
    return ""


def _broadcasts(preposition: Token, noun: Token) -> bool:
    """ "on Fox News", "to Reuters"."""
    return preposition.lower_ in {"on", "to"} and noun.ent_type_ == "ORG"


def _phrase(noun: Token) -> str:
    """The noun with its "with …" or "on …", without a relative clause or a date."""
    end = noun.i + 1
    for child in noun.children:
        if child.dep_ == "prep" and child.i > noun.i and child.lower_ in {"with", "to", "on", "for", "of", "by"}:
            part = next((one for one in child.children if one.dep_ == "pobj"), None)
            if part is None or part.ent_type_ in {"DATE", "TIME"}:
                break
            end = words_of(part).end
            break
    return noun.doc[noun.left_edge.i : end].text


def without_possessive(name: str) -> str:
    return name.removesuffix("’s").removesuffix("'s").strip()
