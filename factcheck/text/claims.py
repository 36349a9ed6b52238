"""From a text to the statements in it that can be checked, each with its place, speaker and worth."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from spacy.tokens import Doc

from factcheck.text import attribution, checkworthiness, english, features
from factcheck.text import sentences as segmentation
from factcheck.text.attribution import Attribution
from factcheck.text.features import Vector
from factcheck.text.sentences import Sentence

Kind = Literal["quote", "prediction", "opinion", "quantity", "event", "other"]
"""One kind per claim, the first that fits in this order:

opinion     the sentence judges or recommends, and what could be checked in it is only that somebody holds it
prediction  about what has not happened yet
quantity    states a number of something, an amount or a share
quote       what somebody is quoted as saying; first of all that they said it can be checked
event       says that something happened or was done
other       anything else that states something, such as how things are
"""

MODEL_VERSION = f"claims-1 {english.version()} checkworthiness-{checkworthiness.weights_version()}"
"""Stored with every claim: changes with the weights, the language model and the rules (the first number, by hand)."""

NOT_SCORED = "not scored: the model reads English only"
NOT_FITTED = "not scored: the weights were fitted with another sentence encoder"


@dataclass(frozen=True, slots=True)
class Encoder:
    """A sentence encoder by name, and how it is asked: one vector per text, in order. It is not ours to load here."""

    name: str
    encode: Callable[[Sequence[str]], Iterable[Vector]]


@dataclass(frozen=True, slots=True)
class Candidate:
    start: int
    end: int
    """One past the last code point of the text."""
    exact: str
    """text[start:end], to the character."""
    statement: str
    """The same words with white space folded; what a person edits."""
    kind: Kind
    speaker: str
    """"" when the article does not make it plain."""
    cue: str
    quoted: bool
    checkworthiness: float | None
    """0 to 1; None when it was not scored, which is not the same as 0."""
    reasons: tuple[str, ...]
    vector: Vector = field(compare=False, repr=False)
    """The statement's, by the encoder that was given."""


def find(text: str, encoder: Encoder, language: str = "en") -> list[Candidate]:
    """Checkable statements in the order of the text. Raises nothing on any str; the same text gives the same answer.

    Left out: headings, questions, orders, and fragments without a verb. For languages other than English only what
    punctuation shows is left out, nothing is attributed, and nothing is scored. Every statement is encoded once, all
    in one call; nothing is scored when the weights were fitted with another encoder than the given one.
    """
    found = segmentation.split(text, language)
    if not segmentation.is_english(language):
        stating = [one for one in found if one.kind != "heading" and not _asks(text[one.start : one.end])]
        vectors = encoder.encode([_statement(text, sentence) for sentence in stating])
        return [
            _candidate(text, sentence, "other", Attribution(), None, (NOT_SCORED,), vector)
            for sentence, vector in zip(stating, vectors, strict=True)
        ]
    docs = list(english.read([_readable(text[sentence.start : sentence.end]) for sentence in found]))
    said = attribution.attributions(docs)
    kept = [at for at, sentence in enumerate(found) if sentence.kind != "heading" and _states(docs[at])]
    vectors = list(encoder.encode([_statement(text, found[at]) for at in kept]))
    scored = _scored([docs[at] for at in kept], vectors, encoder.name)
    return [
        _candidate(text, found[at], _kind(docs[at], said[at]), said[at], value, reasons, vector)
        for at, vector, (value, reasons) in zip(kept, vectors, scored, strict=True)
    ]


def _scored(docs: list[Doc], vectors: Sequence[Vector], encoder: str) -> list[tuple[float | None, tuple[str, ...]]]:
    if encoder != checkworthiness.model().combination.encoder:
        return [(None, (NOT_FITTED,))] * len(docs)
    scored = checkworthiness.score(docs, vectors, named=[_named(doc) for doc in docs])
    return [(score.value, score.reasons) for score in scored]


def _statement(text: str, sentence: Sentence) -> str:
    start, end = segmentation.content(text, sentence)
    return " ".join(text[start:end].split())


def _candidate(
    text: str,
    sentence: Sentence,
    kind: Kind,
    said: Attribution,
    value: float | None,
    reasons: tuple[str, ...],
    vector: Vector,
) -> Candidate:
    start, end = segmentation.content(text, sentence)
    statement = _statement(text, sentence)
    return Candidate(
        start, end, text[start:end], statement, kind, said.speaker, said.cue, said.quoted, value, reasons, vector
    )


def _readable(sentence: str) -> str:
    """Ruled lines and the like cost the parser as much as words do and state nothing."""
    return sentence if any(character.isalpha() for character in sentence) else ""


def _asks(sentence: str) -> bool:
    return sentence.rstrip("”\"’'»)] \t").endswith(("?", "？", "؟"))


def _states(doc: Doc) -> bool:
    """Has a clause with a subject and a finite verb, and is neither a question nor an order."""
    return not _asks(doc.text) and _has_clause(doc) and not _orders(doc)


def _has_clause(doc: Doc) -> bool:
    return any(
        token.dep_ in {"nsubj", "nsubjpass", "expl", "csubj"} and token.head.pos_ in {"VERB", "AUX"} for token in doc
    )


def _orders(doc: Doc) -> bool:
    """ "Take a seat and wait." One clause, in the bare form, without a subject; nobody else states anything beside
    it."""
    roots = [token for token in doc if token.dep_ == "ROOT"]
    return bool(roots) and all(
        root.tag_ in {"VB", "VBP"}
        and not any(child.dep_ in {"nsubj", "nsubjpass", "expl", "csubj", "aux"} for child in root.children)
        for root in roots
    )


_NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "PRODUCT"})


def _named(doc: Doc) -> list[str]:
    names = [attribution.without_possessive(entity.text) for entity in doc.ents if entity.label_ in _NAMED]
    return list(dict.fromkeys(name for name in names if name[:1].isupper() or name.startswith("the ")))


def _kind(doc: Doc, said: Attribution) -> Kind:
    marks = features.marks(doc.text)
    if "opinion" in marks and "quantity" not in marks:
        return "opinion"
    if "future" in marks:
        return "prediction"
    if "quantity" in marks:
        return "quantity"
    if said.quoted:
        return "quote"
    if any(token.tag_ in {"VBD", "VBN"} and token.pos_ == "VERB" for token in doc):
        return "event"
    return "other"
