"""Who said what: every statement of an article with its source, cue and content, and per sentence its speaker.

Two ways in. Structure alone: a quotation beside a clause with a person or an organisation as its subject, whatever the
verb; reworded articles "instruct" where they mean "tell". And the cues of the sentence itself (`cues`), with the clause
that depends on them. What stays unknown is "".
"""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from factcheck.text import contents, speakers
from factcheck.text.contents import Article, Content, Place
from factcheck.text.cues import Cue
from factcheck.text.sentences import Sentence
from factcheck.text.speakers import NAMED, Cast, Introduction, without_possessive

FURTHEST = 3
"""Sentences that "he" may look back for its speaker."""

_PRONOUNS = {"he": "m", "she": "f", "his": "m", "her": "f"}
_NOBODY_KNOWN = frozenset({"i", "we", "you", "they", "it", "my", "our", "their", "who"})
"""Pronouns that are never resolved: the article's own voice, or several people."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that somebody said or holds, according to the article."""

    sentence: int
    """The number of the sentence that holds the cue; without a cue, of the first one that holds the content."""
    speaker: str
    """As the article writes it, in full where it has the full name elsewhere; "" when it does not say."""
    source: Place | None
    """The words that name the speaker in this sentence: "he" where `speaker` is Max Hess."""
    cue: Place | None
    """None when the speaker is carried over from the statement before."""
    content: tuple[Place, ...]
    """What was said, quotation marks included; several places when the cue or a paragraph's end stands between."""
    quoted: bool
    """The content holds a direct quotation of at least two words."""
    speech: bool
    """Said, written, called so. False for what somebody only holds, hopes or refuses."""
    role: str = ""
    """How the article introduces the speaker: "Washington director"."""
    affiliation: str = ""
    medium: str = ""
    """Where it was said: "CNBC", "an interview with Xinhua"."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One sentence's speaker."""

    speaker: str = ""
    """As the article writes it, in full where it has the full name elsewhere; "" when it does not say."""
    cue: str = ""
    """The verb, or "according to", as written; "" when the speaker is carried over from the sentence before."""
    quoted: bool = False
    """Has a direct quotation of at least two words, and somebody to whom it is attributed."""
    source: str = ""
    """The words of this very sentence that name the speaker: "he" where `speaker` is Max Hess."""
    speaker_at: Place | None = field(default=None, compare=False)
    """Where the article names the speaker, in this sentence or beside the rest of the quotation; None where it is not
    beyond doubt that these words do."""
    cue_at: Place | None = field(default=None, compare=False)
    """None where `speaker_at` is."""


def statements(text: str, found: Sequence[Sentence], docs: Sequence[Doc]) -> list[Statement]:
    """In the order of their cues. `found` and `docs`: the text's sentences and one parse of each (`english.read`)."""
    article = Article(text, found, docs)
    return _resolved(article, contents.find(article))


def attributions(docs: Sequence[Doc], text: str = "", found: Sequence[Sentence] = ()) -> list[Attribution]:
    """One answer per sentence of an article, in its order. Each doc is one sentence, parsed alone (`english.read`).

    `text` and `found`: the article and where its sentences stand; without them, the docs are one paragraph.
    """
    if not found:
        text, found = _one_paragraph(docs)
    return by_sentence(text, found, statements(text, found, docs))


def by_sentence(text: str, found: Sequence[Sentence], told: Sequence[Statement]) -> list[Attribution]:
    """One answer per sentence, from the statements of the whole article."""
    spoken: dict[int, list[Statement]] = {}
    for one in told:
        if one.speech:
            spoken.setdefault(one.sentence, []).append(one)
    answers = [_answer(text, spoken.get(at, [])) for at in range(len(found))]
    _carry(text, found, spoken, answers)
    return answers


def _one_paragraph(docs: Sequence[Doc]) -> tuple[str, list[Sentence]]:
    at, found = 0, []
    for doc in docs:
        found.append(Sentence(at, at + len(doc.text), "sentence"))
        at += len(doc.text) + 1
    return " ".join(doc.text for doc in docs), found


def of_statement(text: str, one: Statement) -> Attribution:
    """Of words that one statement alone tells of."""
    return _answer(text, [one])


def _answer(text: str, told: Sequence[Statement]) -> Attribution:
    """Of several statements in one sentence, a direct quotation before others, a known source before none, and of
    those the one that says most."""
    if not told:
        return Attribution()
    one = max(told, key=lambda one: (one.quoted and one.cue is not None, one.source is not None, _length(one)))
    return Attribution(
        one.speaker,
        text[one.cue[0] : one.cue[1]] if one.cue else "",
        one.quoted and bool(one.speaker),
        text[one.source[0] : one.source[1]] if one.source else "",
        *_places(text, one),
    )


def _places(text: str, one: Statement) -> tuple[Place | None, Place | None]:
    """Of speaker and cue, to be marked: where the source is "he" or "she", or ends with the speaker's own last name.
    That leaves out "the contrast, said Doyle", "four casinos", and the town before a dispatch, in capitals.
    """
    if one.source is None or not one.speaker:
        return None, None
    words = without_possessive(text[slice(*one.source)]).split()
    last = words[-1] if words else ""
    named = last == one.speaker.split()[-1] and last[:1].isupper() and not last.isupper()
    return (one.source, one.cue) if named or last.lower() in _PRONOUNS else (None, None)


def _length(told: Statement) -> int:
    return sum(end - start for start, end in told.content)


def _carry(
    text: str, found: Sequence[Sentence], by_sentence: dict[int, list[Statement]], answers: list[Attribution]
) -> None:
    """Sentences that a quotation fills have the speaker of the statement that the quotation belongs to."""
    starts = [one.start for one in found]
    for one in itertools.chain.from_iterable(by_sentence.values()):
        if not (one.quoted and one.speaker):
            continue
        cue = text[one.cue[0] : one.cue[1]] if one.cue else ""
        own = found[one.sentence].quotation
        for start, end in one.content:
            for at in range(max(0, bisect_right(starts, start) - 1), bisect_left(starts, end)):
                open_ = at != one.sentence and not answers[at].speaker and not answers[at].source
                if open_ and found[at].end > start:
                    shared = own is not None and found[at].quotation == own
                    places = _places(text, one) if shared else ()
                    answers[at] = Attribution(one.speaker, cue if shared else "", True, "", *places)


# Who


@dataclass(slots=True)
class _Last:
    """Whom "he" or "she" may mean."""

    speaker: str = ""
    gender: str = ""
    since: int = 0
    quoted: bool = False
    """The sentence before ended with the speaker's own words."""


def _resolved(article: Article, found: Sequence[Content]) -> list[Statement]:
    known = speakers.cast(article.docs)
    by_sentence: dict[int, list[Content]] = {}
    for content in found:
        by_sentence.setdefault(content.sentence, []).append(content)
    last, told = _Last(), []
    for at, doc in enumerate(article.docs):
        last.since += 1
        here = by_sentence.get(at, ())
        for content in here:
            told.append(_statement(article, content, known, last))
        silent = not any(one.cue is None or one.cue.speech for one in here)
        if silent and any(_is_rival(token, article, at, last.speaker) for token in doc):
            # Another person comes up: "he" is no longer plain.
            last.speaker = ""
    return told


def _statement(article: Article, content: Content, known: Cast, last: _Last) -> Statement:
    cue, at = content.cue, content.sentence
    places = tuple(content.places)
    if cue is None:
        speaker = last.speaker if last.quoted and last.since <= 1 else ""
        introduction = known.introduced.get(speaker, Introduction())
        last.since = 0 if speaker else last.since
        return Statement(
            at, speaker, None, None, places, content.quoted, True, introduction.role, introduction.affiliation
        )
    source = None
    speaker = ""
    if cue.source is not None:
        spoken = speakers.whole(cue.source)
        source = article.place(at, spoken.start, spoken.end)
        speaker = _speaker(article, content, cue, cue.source, known, last)
    introduction = known.introduced.get(speaker, Introduction())
    return Statement(
        at,
        speaker,
        source,
        article.place(at, cue.first.i, cue.last.i + 1),
        places,
        content.quoted,
        cue.speech,
        introduction.role,
        introduction.affiliation,
        speakers.medium(cue.first),
    )


def _speaker(article: Article, content: Content, cue: Cue, head: Token, known: Cast, last: _Last) -> str:
    """Also remembers, for a statement that was made aloud, whom "he" may mean next."""
    at, word = content.sentence, head.lower_
    if word in _NOBODY_KNOWN:
        return ""
    pronoun = _PRONOUNS.get(word)
    if pronoun is None:
        name = speakers.as_written(head)
        speaker = known.full.get(name, name)
        named = head.pos_ == "PROPN" or head.ent_type_ in NAMED or speaker in known.introduced
        if not named and head.left_edge.lower_ == "the":
            described = known.described(head.lemma_.lower(), at)
            speaker, named = described or speaker, bool(described)
        if cue.speech:
            last.speaker, last.gender, last.since, last.quoted = (speaker if named else ""), "", 0, content.quoted
        return speaker
    plain = not any(_is_rival(token, article, at, last.speaker) for token in _before_clause(cue, head))
    if not (last.speaker and last.since <= FURTHEST and last.gender in ("", pronoun) and plain):
        return ""
    if cue.speech:
        last.gender, last.since, last.quoted = pronoun, 0, content.quoted
    return last.speaker


def _is_rival(token: Token, article: Article, sentence: int, speaker: str) -> bool:
    acts = token.pos_ == "PROPN" and token.dep_ in {"nsubj", "nsubjpass", "poss"}
    person = token.ent_type_ == "PERSON" or (acts and token.ent_type_ not in {"GPE", "LOC", "NORP", "DATE", "TIME"})
    return person and token.text not in speaker.split() and not article.is_quoted(sentence, token)


def _before_clause(cue: Cue, head: Token) -> list[Token]:
    """What stands before the pronoun without being part of what it says: "When Bob had left, he said …"."""
    said = {token.i for token in cue.first.subtree}
    return [token for token in head.doc[: head.i] if token.i not in said or token.dep_ == "advcl"]
