"""From a text to the statements in it that can be checked, each with its place, speaker and worth."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from factcheck.text import attribution, checkworthiness, clauses, english, features, kinds, references, relative_dates
from factcheck.text import sentences as segmentation
from factcheck.text import statements as wording
from factcheck.text.attribution import Attribution, Statement
from factcheck.text.checkworthiness import Stated
from factcheck.text.contents import Article, Place
from factcheck.text.features import Vector
from factcheck.text.kinds import Kind
from factcheck.text.part import SUBJECTS, VERBS, Part
from factcheck.text.sentences import Sentence
from factcheck.text.speakers import without_possessive
from factcheck.text.statements import Note, Notes

MODEL_VERSION = f"claims-5 {english.version()} checkworthiness-{checkworthiness.weights_version()}"
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
    """In words that stand alone, with brackets around what was put in (`statements`); what a person edits."""
    kind: Kind
    speaker: str
    """"" when the article does not make it plain."""
    cue: str
    quoted: bool
    checkworthiness: float | None
    """0 to 1; None when it was not scored, which is not the same as 0."""
    reasons: tuple[str, ...]
    vector: Vector = field(compare=False, repr=False)
    """Of the statement as it is searched for (`statements.searched`), by the encoder that was given."""
    not_checkable: str = ""
    """Why evidence cannot show it to be right or wrong, which is also its first reason; "" when it can."""
    speaker_at: Place | None = None
    """Where the text names the speaker: "he" where `speaker` is Max Hess."""
    cue_at: Place | None = None

    @property
    def checkable(self) -> bool:
        return not self.not_checkable


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim before it is scored."""

    start: int
    end: int
    statement: str
    read: str
    """What is judged and scored: the statement without its brackets and without the dates that were put in."""
    tokens: Sequence[Token]
    """The sentence's own that make it up; none where nothing was parsed."""
    kind: Kind
    said: Attribution
    named: tuple[str, ...]
    not_checkable: str


def find(text: str, encoder: Encoder, language: str = "en", written: dt.date | None = None) -> list[Candidate]:
    """Statements in the order of the text, each a claim of its own; those of one sentence may share its words.

    `written`: the day the article is from, when that is known and not only guessed; without it relative dates stay as
    they are. Raises nothing on any str; the same text gives the same answer.

    Opinions, predictions, questions and orders are there too, as not checkable, and worth 0. Left out: headings, lines
    that only lead on to what follows (“He said:”), and fragments without a verb; in a longer quotation, what names an
    amount is kept all the same. For languages other than English only questions are known by their mark, sentences stay
    whole, nothing is attributed, and nothing is scored.
    All statements are encoded in one call, equal ones once; nothing is scored when the weights were fitted with another
    encoder than the given one.
    """
    sentences = segmentation.split(text, language)
    if not segmentation.is_english(language):
        found = [_unread(text, sentence) for sentence in sentences if sentence.kind != "heading"]
        return _candidates(text, found, encoder, NOT_SCORED)
    article = Article(text, sentences, _parsed(text, sentences))
    told = attribution.statements(text, sentences, article.docs)
    said = attribution.by_sentence(text, sentences, told)
    notes = references.notes(article, told)
    near = _near(told)
    found = [
        one
        for at, sentence in enumerate(sentences)
        if sentence.kind != "heading"
        for one in _found(article, at, said[at], near.get(at, ()), notes[at], _dates(article, at, written))
    ]
    fitted = encoder.name == checkworthiness.model().combination.encoder
    return _candidates(text, found, encoder, "" if fitted else NOT_FITTED)


def _candidates(text: str, found: Sequence[_Found], encoder: Encoder, unscored: str) -> list[Candidate]:
    """`unscored`: why none of them is scored; "" when they are."""
    plain = [wording.searched(one.statement) for one in found]
    distinct = list(dict.fromkeys(plain))
    encoded = dict(zip(distinct, encoder.encode(distinct), strict=True))
    vectors = [encoded[words] for words in plain]
    scores = iter(
        []
        if unscored
        else checkworthiness.score(
            [
                Stated(one.read, one.tokens, vector, one.named)
                for one, vector in zip(found, vectors, strict=True)
                if not one.not_checkable
            ]
        )
    )
    candidates = []
    for one, vector in zip(found, vectors, strict=True):
        value: float | None
        reasons: tuple[str, ...]
        if one.not_checkable:
            value, reasons = 0.0, (one.not_checkable,)
        elif unscored:
            value, reasons = None, (unscored,)
        else:
            score = next(scores)
            value, reasons = score.value, score.reasons
        said = one.said
        candidates.append(
            Candidate(
                one.start,
                one.end,
                text[one.start : one.end],
                one.statement,
                one.kind,
                said.speaker,
                said.cue,
                said.quoted,
                value,
                reasons,
                vector,
                one.not_checkable,
                said.speaker_at,
                said.cue_at,
            )
        )
    return candidates


def _unread(text: str, sentence: Sentence) -> _Found:
    start, end = segmentation.content(text, sentence)
    asks = _asks(text[start:end])
    kind: Kind = "question" if asks else "other"
    statement = wording.quoted(text[start:end])
    return _Found(start, end, statement, "", (), kind, Attribution(), (), kinds.QUESTION if asks else "")


def _near(told: Sequence[Statement]) -> dict[int, list[Statement]]:
    """By sentence: what is told in it, right before it and right after it."""
    near: dict[int, list[Statement]] = {}
    for one in told:
        for at in (one.sentence - 1, one.sentence, one.sentence + 1):
            near.setdefault(at, []).append(one)
    return near


def _found(
    article: Article, at: int, said: Attribution, near: Sequence[Statement], notes: Notes, dates: Notes
) -> Iterator[_Found]:
    """What one sentence states, as far as it states anything."""
    doc, sentence = article.docs[at], article.sentences[at]
    start, end = segmentation.content(article.text, sentence)
    whole = wording.quoted(article.text[start:end])
    if _leads_on(doc):
        return
    if not _has_clause(doc) and not _asks(doc.text) and not _orders(doc):
        if _quotes_an_amount(doc, sentence, said):
            yield _Found(start, end, whole, doc.text, list(doc), "quantity", said, _named(doc), "")
        return
    if _asks(doc.text):
        yield _Found(start, end, whole, doc.text, list(doc), "question", said, _named(doc), kinds.QUESTION)
        return
    if _orders(doc) and not _quotes_an_amount(doc, sentence, said):
        yield _Found(start, end, whole, doc.text, list(doc), "order", said, _named(doc), kinds.ORDER)
        return
    divided = clauses.parts(doc)
    for part in divided:
        first, last = doc[part.own[0]], doc[part.own[-1]]
        place = max(start, sentence.start + first.idx), min(end, sentence.start + last.idx + len(last))
        own = Part(tuple(one for one in part.own if sentence.start + doc[one].idx >= start), part.lead)
        speaks = said if len(divided) == 1 else _speaker(article.text, place, said, near)
        statement = wording.written(doc, own, {**notes, **dates}) if own.own else whole
        read = wording.unmarked(wording.written(doc, own, notes) if own.own else whole)
        kind, why = kinds.judged(
            read,
            quoted=speaks.quoted,
            happened=any(doc[one].tag_ in {"VBD", "VBN"} and doc[one].pos_ == "VERB" for one in part.own),
            writer=not speaks.speaker
            and any(_is_writer(doc[one]) for one in (*part.lead, *part.own) if isinstance(one, int)),
        )
        tokens = [doc[one] for one in own.own] or list(doc)
        yield _Found(*place, statement, read, tokens, kind, speaks, _named(doc, part), why)


def _is_writer(token: Token) -> bool:
    return token.text == "I" and token.dep_ in SUBJECTS and token.head.dep_ in {"ROOT", "conj"}


def _speaker(text: str, place: tuple[int, int], said: Attribution, near: Sequence[Statement]) -> Attribution:
    """Of a part of a sentence: who said these words, or of whom the part itself tells that they said something."""
    start, end = place
    for one in near:
        if not one.speech:
            continue
        inside = sum(max(0, min(end, last) - max(start, first)) for first, last in one.content)
        tells = one.cue is not None and start <= one.cue[0] < end
        if 2 * inside > end - start or (inside and tells):
            return said if one.speaker == said.speaker else attribution.of_statement(text, one)
    return Attribution()


def _dates(article: Article, at: int, written: dt.date | None) -> Notes:
    """Those of a quotation are left alone: it need not be from the article's day."""
    if written is None:
        return {}
    doc = article.docs[at]
    found = relative_dates.find(doc, written)
    return {token: Note(date) for token, date in found if not article.is_quoted(at, doc[token])}


def statements(text: str) -> list[Statement]:
    """Who said what in an English article, with the places of source, cue and content."""
    found = segmentation.split(text)
    return attribution.statements(text, found, _parsed(text, found))


def _parsed(text: str, found: list[Sentence]) -> list[Doc]:
    return list(english.read([_readable(text[sentence.start : sentence.end]) for sentence in found]))


def _readable(sentence: str) -> str:
    """Ruled lines and the like cost the parser as much as words do and state nothing."""
    return sentence if any(character.isalpha() for character in sentence) else ""


def _asks(sentence: str) -> bool:
    return sentence.rstrip("”\"’'»)] \t").endswith(("?", "？", "؟"))


def _quotes_an_amount(doc: Doc, sentence: Sentence, said: Attribution) -> bool:
    """A piece of a longer quotation: "Look at the $18 million for the dam." is no order to the reader."""
    return (
        said.quoted
        and sentence.quotation is not None
        and not _asks(doc.text)
        and "quantity" in features.marks(doc.text)
    )


def _leads_on(doc: Doc) -> bool:
    """ "He said:", "The members are:": what its verb needs stands behind the colon."""
    return len(doc) > 1 and doc[-1].text == ":" and doc[-2].dep_ == "ROOT" and doc[-2].pos_ in VERBS


def _has_clause(doc: Doc) -> bool:
    return any(token.dep_ in SUBJECTS and token.head.pos_ in {"VERB", "AUX"} for token in doc)


def _orders(doc: Doc) -> bool:
    """ "Take a seat and wait." One clause, in the bare form, without a subject; nobody else states anything beside
    it."""
    roots = [token for token in doc if token.dep_ == "ROOT"]
    return bool(roots) and all(
        root.tag_ in {"VB", "VBP"} and not any(child.dep_ in {*SUBJECTS, "aux"} for child in root.children)
        for root in roots
    )


_NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "PRODUCT"})


def _named(doc: Doc, part: Part | None = None) -> tuple[str, ...]:
    own = {*part.own, *part.lead} if part else range(len(doc))
    entities = [entity for entity in doc.ents if entity.label_ in _NAMED and entity.root.i in own]
    names = [without_possessive(entity.text) for entity in entities]
    return tuple(dict.fromkeys(name for name in names if name[:1].isupper() or name.startswith("the ")))
