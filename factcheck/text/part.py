"""What a statement is made of when a sentence is taken apart, and the words of grammar that taking apart goes by."""

from dataclasses import dataclass

from spacy.tokens import Span, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
AUXILIARIES = frozenset({"aux", "auxpass", "neg"})
VERBS = frozenset({"VERB", "AUX"})
ASIDE = frozenset({",", "–", "—", "(", "-"})
"""Marks behind which an aside begins."""
EDGES = frozenset({",", ";", ":", "-", "–", "—", "(", ")"})
"""Marks between two statements, which belong to neither."""


@dataclass(frozen=True, slots=True)
class Part:
    """A statement made of the sentence's own words. Positions are tokens of the sentence."""

    own: tuple[int, ...]
    """In order; where they do not follow each other, another part says what is left out."""
    lead: tuple[int | str, ...] = ()
    """What has to be said before the part's own words: tokens of elsewhere in the sentence, or a word that is not
    written there at all ("is")."""


def name_of(token: Token) -> Span | None:
    """The thing with a name that the word belongs to. `doc.ents` goes over the whole sentence each time."""
    if not token.ent_type_:
        return None
    doc, start, end = token.doc, token.i, token.i + 1
    while start and doc[start].ent_iob_ == "I":
        start -= 1
    while end < len(doc) and doc[end].ent_iob_ == "I":
        end += 1
    return Span(doc, start, end, label=token.ent_type)


def subject_of(verb: Token) -> Token | None:
    return next((one for one in verb.children if one.dep_ in SUBJECTS), None)


def phrase(noun: Token) -> tuple[int, ...]:
    """The noun with what belongs to it closely: without relative clauses, asides and other members of a list."""
    doc = noun.doc
    loose = {
        one.i
        for child in noun.children
        if child.dep_ in {"relcl", "conj", "cc", "punct"}
        or (child.i > noun.i and doc[child.left_edge.i - 1].text in ASIDE)
        for one in child.subtree
    }
    return tuple(one.i for one in noun.subtree if one.i not in loose)
