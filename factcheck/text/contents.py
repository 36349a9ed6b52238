"""What was said: the quotations and clauses of an article, each put together with the cue that tells of it."""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from factcheck.text import cues, quotations, verbs
from factcheck.text.cues import Cue
from factcheck.text.quotations import Quotation
from factcheck.text.sentences import Sentence, paragraphs

Place = tuple[int, int]
"""Code points of the article, end-exclusive."""

MOST = 30
"""Cues of one sentence that are read: a sentence with more is no prose, and each may have all of it as its content."""

AROUND = 100
"""Words before and after a quotation among which the cue beside it is looked for: the others of a sentence of that
length have nothing to do with it."""

_SMALL = frozenset({"a", "an", "the", "and", "or", "of", "for", "in", "on", "to", "with", "from", "&"})
"""Words that stay small in a title."""
_ENDS = ",.!?…—–-"


@dataclass(slots=True)
class Content:
    """What one cue tells of."""

    sentence: int
    """The number of the sentence that holds the cue; without a cue, of the first one that holds the content."""
    cue: Cue | None
    places: list[Place]
    quoted: bool = False
    """Holds a direct quotation of at least two words."""


@dataclass(slots=True)
class Article:
    text: str
    sentences: Sequence[Sentence]
    docs: Sequence[Doc]
    """One parse per sentence, of exactly its characters, or empty."""
    quoted: list[Quotation] = field(init=False)
    _starts: list[int] = field(init=False)
    _opened: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.quoted = quotations.in_article(self.text, list(paragraphs(self.text)))
        self._starts = [one.start for one in self.sentences]
        self._opened = [one.start for one in self.quoted]

    def sentence_at(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)

    def around(self, place: int) -> Quotation | None:
        """The quotation that holds this position."""
        at = bisect_right(self._opened, place) - 1
        return self.quoted[at] if at >= 0 and place < self.quoted[at].end else None

    def touching(self, start: int, end: int) -> list[Quotation]:
        at = max(0, bisect_right(self._opened, start) - 1)
        found = []
        while at < len(self.quoted) and self.quoted[at].start < end:
            if self.quoted[at].end > start:
                found.append(self.quoted[at])
            at += 1
        return found

    def is_quoted(self, sentence: int, token: Token) -> bool:
        return self.around(self.sentences[sentence].start + token.idx) is not None

    def place(self, sentence: int, start: int, end: int) -> Place:
        """Of a range of tokens."""
        doc, first = self.docs[sentence], self.sentences[sentence].start
        return first + doc[start].idx, first + doc[end - 1].idx + len(doc[end - 1])

    def is_speech(self, quotation: Quotation) -> bool:
        """At least two words, and not the title of a work or a programme (“Squawk Box Asia”)."""
        inner = quotation.inner(self.text).split()
        named = all(word[:1].isupper() or word[:1].isdigit() or word in _SMALL for word in inner)
        return len(inner) >= 2 and not (named and inner[0][:1].isupper() and inner[-1][-1] not in ".!?…")


def find(article: Article) -> list[Content]:
    """In the order of the cues."""
    found: dict[tuple[int, int], Content] = {}
    _beside(article, found)
    _in_clauses(article, found)
    ordered = sorted(found.values(), key=lambda one: (one.sentence, one.cue.first.i if one.cue else 0))
    ordered = _joined(article, ordered)
    for one in ordered:
        one.places.sort()
        one.quoted = any(
            article.is_speech(quotation) and quotation.end <= end + 1 and start <= quotation.start + 1
            for start, end in one.places
            for quotation in article.touching(start, end)
        )
    return ordered


def _beside(article: Article, found: dict[tuple[int, int], Content]) -> None:
    """Quotations with a clause right after or before them."""
    last: Content | None = None
    for quotation in article.quoted:
        inner = quotation.inner(article.text)
        if not inner or not (article.is_speech(quotation) or (inner[-1] in _ENDS and " " not in inner)):
            continue
        if last is not None and _is_listed(article, last.places[-1], quotation):
            last.places[-1] = (last.places[-1][0], quotation.end)
            continue
        sentence, cue = (0, None) if _is_woven(article, quotation) else _cue_after(article, quotation, inner)
        if cue is None:
            sentence, cue = _cue_before(article, quotation)
        last = None
        if cue is not None:
            last = found.setdefault((sentence, cue.first.i), Content(sentence, cue, []))
            last.places.append((quotation.start, quotation.end))


_LISTED = re.compile(r",? (?:and|or|&),? | ")
"""Between two quotations of one list: “jobs,” “safety” and “clean air”."""


def _is_listed(article: Article, before: Place, quotation: Quotation) -> bool:
    ended = article.text[before[1] - 2 : before[1] - 1] in {".", "?", "!", "…"}
    return not ended and bool(_LISTED.fullmatch(article.text, before[1], quotation.start))


def _is_woven(article: Article, quotation: Quotation) -> bool:
    """Part of the sentence before it: what follows its comma goes on with that sentence."""
    first = article.sentences[article.sentence_at(quotation.start)].start
    lead = article.text[first : quotation.start].rstrip()
    return (
        bool(lead)
        and (lead[-1].isalnum() or lead[-1] in "’'")
        and not article.text[quotation.start : quotation.end].count(". ")
    )


def _cue_after(article: Article, quotation: Quotation, inner: str) -> tuple[int, Cue | None]:
    sentence = article.sentence_at(quotation.end - 1)
    doc = article.docs[sentence]
    at = bisect_left(doc, quotation.end - article.sentences[sentence].start, key=lambda token: token.idx)
    tokens = [token for token in doc[at : at + AROUND] if not token.is_space]
    comma = article.text[quotation.end : quotation.end + 1] == ","
    if not tokens or not (comma or inner[-1] in ",?!…—-" or tokens[0].lemma_.lower() in verbs.BESIDE):
        return sentence, None
    tokens = tokens[1:] if tokens[0].text in {",", "—", "–", "-"} else tokens
    return sentence, cues.after(tokens, lambda token: article.is_quoted(sentence, token)) if tokens else None


def _cue_before(article: Article, quotation: Quotation) -> tuple[int, Cue | None]:
    sentence = article.sentence_at(quotation.start)
    first = article.sentences[sentence].start
    if quotation.start <= first and sentence and article.text[article.sentences[sentence - 1].end - 1] == ":":
        sentence -= 1
        first = article.sentences[sentence].start
    doc = article.docs[sentence]
    at = bisect_right(doc, quotation.start - first, key=lambda token: token.idx + len(token))
    tokens = [token for token in doc[max(0, at - AROUND) : at] if not token.is_space]
    return sentence, cues.before(tokens, lambda token: article.is_quoted(sentence, token)) if tokens else None


def _in_clauses(article: Article, found: dict[tuple[int, int], Content]) -> None:
    labelled = -1
    for sentence, doc in enumerate(article.docs):
        label = _LABEL.match(doc.text)
        if label and (sentence == 0 or article.text[article.sentences[sentence].start - 1] == "\n"):
            labelled = max(labelled, _labelled(article, sentence, label, found))
        if sentence <= labelled:
            # All of it is somebody's own words already.
            continue
        told = cues.find(doc, lambda token, at=sentence: article.is_quoted(at, token))  # type: ignore[misc]
        for cue in itertools.islice(told, MOST):
            places = [_widened(article, article.place(sentence, *part)) for part in cue.parts]
            content = found.get((sentence, cue.first.i))
            if content is None:
                found[sentence, cue.first.i] = Content(sentence, cue, places)
            else:
                _lead_in(article, content, places, clause=cue.clause)


_LABEL = re.compile(r"((?:[A-Z][\w.’'-]*\s){0,4}[A-Z][\w.’'-]+):\s+(?=\S)")
_NO_SPEAKERS = re.compile(
    r"(?:update|exclusive|photos?|image|video|source|credit|read|watch|related|note|correction|caption|report|poll|date"
    r"|time|place|editor|email|tel|fax|by|also|more|q|a|ps)s?\b",
    re.IGNORECASE,
)


def _labelled(article: Article, sentence: int, label: re.Match[str], found: dict[tuple[int, int], Content]) -> int:
    """ "BERG: The river rose." in a transcript, "Ada Berg: The river rose" as a headline: to the end of the line.

    The number of the line's last sentence; -1 when this is no label."""
    doc = article.docs[sentence]
    at = next((token for token in doc if token.idx == label.end(1)), None)
    if at is None or at.i == 0 or _NO_SPEAKERS.match(label[1]):
        return -1
    who = doc[at.i - 1]
    if not (label[1].isupper() or who.ent_type_ == "PERSON") or article.is_quoted(sentence, at):
        return -1
    start = article.sentences[sentence].start + label.end()
    last = sentence
    while (
        last + 1 < len(article.sentences)
        and "\n" not in article.text[article.sentences[last].end : article.sentences[last + 1].start]
    ):
        last += 1
    end = article.sentences[last].end
    end -= article.text[end - 1] in ".:"
    if start < end and (sentence, at.i) not in found:
        found[sentence, at.i] = Content(sentence, Cue(at, at, who, (), True), [(start, end)])
    return last


def _lead_in(article: Article, content: Content, places: Sequence[Place], *, clause: bool) -> None:
    """She said ‹it rose, “and fast”›: the clause before a quotation belongs to it when the verb stands before both."""
    if content.cue is None or not clause:
        return
    cue = article.place(content.sentence, content.cue.first.i, content.cue.last.i + 1)
    for start, end in places:
        for at, (first, last) in enumerate(content.places):
            if cue[1] <= start < first and end >= first - 3:
                content.places[at] = (start, max(last, end))


def _widened(article: Article, place: Place) -> Place:
    """A quotation that the clause begins or ends within belongs to it whole."""
    start, end = place
    before = article.around(start)
    if before is not None and before.end < end + 2:
        start = before.start
    within = article.around(max(start, end - 1))
    if within is not None:
        end = max(end, within.end) if within.start >= start else end
    elif article.text[end : end + 1] in {"”", '"'} or article.text[end : end + 2] in {".”", ",”", '."', ',"'}:
        last = article.around(end)
        if last is not None and last.start >= start:
            end = last.end
    return start, end


def _joined(article: Article, ordered: list[Content]) -> list[Content]:
    """Adds the quotations that fill sentences of their own to what is said right before them; where that is no
    quotation, or a question that somebody else may answer, a new paragraph's are contents without a cue."""
    by_sentence: dict[int, list[Content]] = {}
    for one in ordered:
        by_sentence.setdefault(one.sentence, []).append(one)
    taken = {place for one in ordered for place in one.places}
    alone: list[Content] = []
    for quotation in article.quoted:
        if (quotation.start, quotation.end) in taken or not article.is_speech(quotation):
            continue
        first, last = article.sentence_at(quotation.start), article.sentence_at(quotation.end - 1)
        if quotation.start > article.sentences[first].start or article.sentences[last].end > quotation.end + 1:
            continue
        said = by_sentence.get(first - 1) if first else None
        same = first > 0 and "\n" not in article.text[article.sentences[first - 1].end : quotation.start]
        if said and (same or _goes_on(article, said, quotation)):
            content = _last(said)
            content.places.append((quotation.start, quotation.end))
            for at in range(first, last + 1):
                by_sentence.setdefault(at, []).append(content)
        else:
            content = Content(first, None, [(quotation.start, quotation.end)])
            alone.append(content)
            for at in range(first, last + 1):
                by_sentence.setdefault(at, []).append(content)
    return sorted([*ordered, *alone], key=lambda one: (one.sentence, one.cue.first.i if one.cue else 0))


def _goes_on(article: Article, said: Sequence[Content], quotation: Quotation) -> bool:
    """A paragraph that is one quotation goes on with the quotation that the paragraph before it ends with."""
    start, end = _last(said).places[-1]
    held = article.around(start)
    return held is not None and held.end <= end and not held.inner(article.text).endswith("?")


def _last(said: Sequence[Content]) -> Content:
    """Of several in one sentence: a quotation beside its cue, a clause, anything else; of those the last."""
    return max(said, key=lambda one: (_directness(one.cue), max(end for _, end in one.places)))


def _directness(cue: Cue | None) -> int:
    if cue is None or not cue.parts:
        return 2
    return 1 if cue.clause and cue.speech else 0
