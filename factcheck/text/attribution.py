"""Who said it: per sentence the speaker, the words that say so, and whether it is a direct quotation.

Two ways in. A list of verbs of saying, with a clause that depends on them. And structure alone: a quotation beside a
clause with a person or an organisation as its subject, whatever the verb; reworded articles "instruct" where they
mean "tell".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from factcheck.text import quotations
from factcheck.text.abbreviations import words
from factcheck.text.quotations import Quotation

SAYING = words(
    """say tell add explain argue note warn claim state announce mention declare insist recall remark reply answer
    respond write tweet report stress emphasize emphasise observe comment acknowledge admit concede deny confirm
    allege assert maintain contend suggest predict believe think estimate conclude complain promise pledge vow reveal
    disclose indicate testify joke quip caution urge continue agree point accuse describe reiterate hope expect fear
    caution affirm"""
)
"""Lemmas that introduce what somebody said or holds, with a clause of their own."""

JUDGING = words("call describe criticize criticise brand dub label denounce condemn praise refer cast characterize")
"""Lemmas that take a piece of quotation as their object: he called the plan “a sham from the start”."""

FURTHEST = 3
"""Sentences that "he" may look back for its speaker."""

_PERSONS = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_PRONOUNS = {"he": "m", "she": "f"}
_NOT_SPEAKERS = words("it this that which what there who these those one")


@dataclass(frozen=True, slots=True)
class Attribution:
    speaker: str = ""
    """As the article writes it, in full where it has the full name elsewhere; "" when it does not say."""
    cue: str = ""
    """The verb, or "according to", as written; "" when the speaker is carried over from the sentence before."""
    quoted: bool = False
    """Has a direct quotation of at least two words, and somebody to whom it is attributed."""
    source: str = ""
    """The words of this very sentence that name the speaker: "he" where `speaker` is Max Hess."""


@dataclass(frozen=True, slots=True)
class _Found:
    cue: str
    head: Token
    """The word that names the speaker."""
    verb: Token | None = None


def attributions(docs: Sequence[Doc]) -> list[Attribution]:
    """One answer per sentence of an article, in its order. Each doc is one sentence, parsed alone (`english.read`)."""
    full = _full_names(docs)
    answers: list[Attribution] = []
    speaker, gender, since = "", "", 0
    for doc in docs:
        spoken = [quote for quote in quotations.find(doc.text) if _is_speech(doc.text, quote)]
        found = _cue(doc, spoken)
        since += 1
        answer = Attribution()
        if found is not None:
            source = _words(found.head)
            pronoun = _PRONOUNS.get(source.lower())
            if pronoun is None:
                named = found.head.pos_ == "PROPN" or found.head.ent_type_ in _PERSONS
                answer = Attribution(full.get(source, source), found.cue, bool(spoken), source)
                speaker, gender, since = (answer.speaker if named else ""), "", 0
            else:
                answer = Attribution("", found.cue, False, source)
                plain = not any(_is_rival(token, spoken, speaker) for token in _before_clause(found))
                if speaker and since <= FURTHEST and gender in ("", pronoun) and plain:
                    answer = replace(answer, speaker=speaker, quoted=bool(spoken))
                    gender, since = pronoun, 0
        elif spoken and _only_quotation(doc.text, spoken) and answers and answers[-1].quoted:
            # A sentence that is nothing but a quotation carries on the one before it.
            answer = Attribution(answers[-1].speaker, "", True, "")
            since = 0
        elif any(_is_rival(token, spoken, speaker) for token in doc):
            # Another person comes up: "he" is no longer plain.
            speaker = ""
        answers.append(answer)
    return answers


def _is_speech(text: str, quote: Quotation) -> bool:
    """At least two words, and not the title of a work or a programme (“Squawk Box Asia”)."""
    inner = text[quote.start + 1 : quote.end - 1].split()
    return len(inner) >= 2 and not all(word[:1].isupper() or word[:1].isdigit() for word in inner)


def _only_quotation(text: str, spoken: Sequence[Quotation]) -> bool:
    return spoken[0].start == 0 and len(text) - spoken[-1].end <= 1 and len(spoken) == 1


def _cue(doc: Doc, spoken: Sequence[Quotation]) -> _Found | None:
    """The best of: beside a quotation, "according to", a verb of saying with its clause."""
    return _beside(doc, spoken) or _according(doc, spoken) or _saying(doc, spoken)


def _beside(doc: Doc, spoken: Sequence[Quotation]) -> _Found | None:
    """“…,” Hess instructed · “…,” mentioned Hess · Hess mentioned, “…”"""
    for quote in spoken:
        after = [token for token in doc if token.idx >= quote.end and not token.is_space]
        last = doc.text[quote.start + 1 : quote.end - 1].rstrip()[-1:]
        if (after and last in ",?!") or (after and doc.text[quote.end : quote.end + 1] == ","):
            after = after[1:] if after[0].text == "," else after
            if after:
                found = _inverted(after) or _clause(after[0], spoken)
                if found:
                    return found
        before = [token for token in doc if token.idx + len(token) <= quote.start and not token.is_space]
        if before and before[-1].text in {",", ":"}:
            found = _verb_before(before, spoken)
            if found:
                return found
    return None


def _inverted(after: Sequence[Token]) -> _Found | None:
    if len(after) < 2 or after[0].pos_ != "VERB" or after[0].tag_ not in {"VBD", "VBZ", "VBP"}:
        return None
    for phrase in _phrases(after[0].doc):
        if phrase.start == after[1].i and _can_speak(phrase.root):
            return _Found(after[0].text, phrase.root, after[0])
    return None


def _clause(first: Token, spoken: Sequence[Quotation]) -> _Found | None:
    """A clause that begins here with its subject; the first verb it governs, outside quotations."""
    for token in first.doc[first.i :]:
        if token.dep_ in {"nsubj", "nsubjpass"} and not _inside(token, spoken) and _starts(token) <= first.i + 1:
            verb = token.head
            if verb.pos_ == "VERB" and verb.i > token.i and not _inside(verb, spoken) and _can_speak(token):
                return _Found(verb.text, token, verb)
    return None


def _verb_before(before: Sequence[Token], spoken: Sequence[Quotation]) -> _Found | None:
    """The verb nearest before a quotation that a comma or colon introduces."""
    for verb in reversed(before[-14:]):
        if verb.pos_ != "VERB" or _inside(verb, spoken):
            continue
        subject = _subject(verb)
        if subject is not None and _can_speak(subject) and not _inside(subject, spoken):
            named = subject.ent_type_ in _PERSONS or subject.pos_ in {"PROPN", "PRON"}
            near = verb.i >= before[-1].i - (6 if before[-1].text == ":" else 2)
            if verb.lemma_ in SAYING or (named and near):
                return _Found(verb.text, subject, verb)
    return None


def _according(doc: Doc, spoken: Sequence[Quotation]) -> _Found | None:
    for token in doc[:-2]:
        if token.lower_ == "according" and doc[token.i + 1].lower_ == "to" and not _inside(token, spoken):
            for phrase in _phrases(doc):
                if phrase.start == token.i + 2:
                    return _Found(doc[token.i : token.i + 2].text, phrase.root)
    return None


def _saying(doc: Doc, spoken: Sequence[Quotation]) -> _Found | None:
    """Of several, the one nearest to the top of the sentence."""
    best: tuple[int, _Found] | None = None
    for verb in doc:
        lemma = verb.lemma_.lower()
        if lemma not in SAYING | JUDGING or verb.pos_ != "VERB" or _inside(verb, spoken):
            continue
        subject = _subject(verb)
        if subject is None or not _can_speak(subject) or _inside(subject, spoken):
            continue
        if any(
            child.dep_ in {"aux", "neg"} and child.lower_ not in {"has", "have", "had", "is", "was"}
            for child in verb.lefts
        ):
            continue
        says = any(child.dep_ in {"ccomp", "parataxis"} for child in verb.children) or verb.dep_ == "parataxis"
        mixed = any(_inside(inner, spoken) for inner in verb.subtree)
        if mixed or (says and lemma in SAYING):
            depth = sum(1 for _ in verb.ancestors)
            if best is None or depth < best[0]:
                best = (depth, _Found(verb.text, subject, verb))
    return best[1] if best else None


def _subject(verb: Token) -> Token | None:
    """Its own subject, or that of the verb it is joined to: "He backed the plan and mentioned …", "… attacked it,
    saying"."""
    for _ in range(3):
        for child in verb.children:
            if child.dep_ == "nsubj":
                return child
        if verb.dep_ != "conj" and not (verb.dep_ == "advcl" and verb.tag_ == "VBG"):
            return None
        verb = verb.head
    return None


def _can_speak(token: Token) -> bool:
    if token.lower_ in _NOT_SPEAKERS:
        return False
    if token.pos_ == "PRON":
        return token.lower_ in {"he", "she", "they", "i", "we", "you", "some", "many", "others", "everyone", "nobody"}
    return token.ent_type_ in _PERSONS or (
        token.pos_ in {"PROPN", "NOUN"} and token.ent_type_ not in {"DATE", "TIME", "MONEY"}
    )


def _is_rival(token: Token, spoken: Sequence[Quotation], speaker: str) -> bool:
    acts = token.pos_ == "PROPN" and token.dep_ in {"nsubj", "nsubjpass", "poss"}
    person = token.ent_type_ == "PERSON" or (acts and token.ent_type_ not in {"GPE", "LOC", "NORP", "DATE", "TIME"})
    return person and not _inside(token, spoken) and token.text not in speaker.split()


def _before_clause(found: _Found) -> list[Token]:
    """What stands before the pronoun without being part of what it says: "When Bob had left, he said …"."""
    said = {token.i for token in found.verb.subtree} if found.verb is not None else set()
    return [token for token in found.head.doc[: found.head.i] if token.i not in said or token.dep_ == "advcl"]


def _phrases(doc: Doc) -> Iterator[Span]:
    """Noun phrases as the parser and the entity finder see them, longest first at each place."""
    return iter(sorted([*doc.noun_chunks, *doc.ents], key=lambda phrase: (phrase.start, -phrase.end)))


def _starts(token: Token) -> int:
    return min(part.start for part in [*_covering(token), token.doc[token.i : token.i + 1]])


def _covering(token: Token) -> list[Span]:
    return [phrase for phrase in _phrases(token.doc) if phrase.start <= token.i < phrase.end]


def _words(head: Token) -> str:
    """The entity that the word belongs to, or else its noun phrase; without a possessive ending."""
    phrases = [span for span in head.doc.ents if span.start <= head.i < span.end and span.label_ in _PERSONS]
    phrases = phrases or _covering(head)
    return without_possessive(phrases[0].text if phrases else head.text)


def without_possessive(name: str) -> str:
    return name.removesuffix("’s").removesuffix("'s").strip()


def _inside(token: Token, spoken: Sequence[Quotation]) -> bool:
    return any(quote.start <= token.idx < quote.end for quote in spoken)


def _full_names(docs: Sequence[Doc]) -> dict[str, str]:
    """Last name → full name, for people whose last name only one full name of the article ends with."""
    seen: dict[str, set[str]] = {}
    for doc in docs:
        for entity in doc.ents:
            name = without_possessive(entity.text)
            parts = name.split()
            if entity.label_ == "PERSON" and 2 <= len(parts) <= 4 and all(part[:1].isupper() for part in parts):
                seen.setdefault(parts[-1], set()).add(name)
    return {last: next(iter(names)) for last, names in seen.items() if len(names) == 1}
