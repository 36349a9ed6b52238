"""One sentence, taken apart into what a checker would check apart.

Lists (`coordination`), relative clauses with facts of their own, appositions and asides. Works on the parse alone; a
sentence that resists stays whole. What only says which one is meant, or when ("people who live near the dam", "if the
dam breaks"), is never parted from what it is said of; an effect is a statement without its cause, but a cause none
without its effect.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from factcheck.text import enclosing, verbs
from factcheck.text.abbreviations import words
from factcheck.text.coordination import MOST, listed
from factcheck.text.part import ASIDE, AUXILIARIES, EDGES, SUBJECTS, VERBS, Part, phrase, subject_of

LONGEST = 200
"""Tokens of a sentence that is taken apart at all: the work grows with the square of it."""

_CARVED = frozenset({"relcl", "appos", "acl", "amod", "advcl"})
_CONTRAST = words("while whereas although though since as")
_NEVER_REPEATED = words("there i we you who which that what")
"""Words about which nothing can be said apart from their own clause."""
_REPORTING = verbs.SAID | verbs.THINKING | verbs.BESIDE
_NOTED = words("noting note mentioning remembering remember mention")
_CONNECTIVES = words(
    """however additionally furthermore moreover therefore thus overall similarly finally meanwhile nevertheless besides
    nonetheless consequently instead then so and but also likewise still hence conversely alternatively"""
)
"""Words that tie a sentence to the one before, and say nothing without it."""


def parts(doc: Doc) -> list[Part]:
    """At least one, in the order of their own words. The first holds the sentence's main statement."""
    whole = Part(tuple(token.i for token in doc))
    found = list(_divided(doc, whole)) if 4 <= len(doc) <= LONGEST else [whole]
    found = [_trimmed(doc, part, cut=len(found) > 1) for part in found]
    found = [part for part in found if any(doc[at].is_alpha or doc[at].like_num for at in part.own)]
    if len(found) > 1:
        pairs = enclosing.pairs(doc)
        found = [part for one in found if (part := enclosing.closed(doc, one, pairs)) is not None]
    if not 1 <= len(found) <= MOST:
        return [whole]
    found = [_joined(doc, part) for part in found]
    return sorted(found, key=lambda part: (part.own[0], len(part.own)))


def _divided(doc: Doc, whole: Part) -> Iterator[Part]:
    waiting, made, pairs = [whole], 0, enclosing.pairs(doc)
    while waiting:
        part = waiting.pop()
        divided = _side_by_side(doc, part) or _carved(doc, part) or listed(doc, part) if made <= MOST else None
        if divided and all(enclosing.closed(doc, one, pairs) for one in divided):
            made += 1
            waiting.extend(divided)
        else:
            yield part


def _trimmed(doc: Doc, part: Part, *, cut: bool) -> Part:
    """Without the words that only tie it to its neighbours; `cut`: and without the marks that stood between them."""
    own, lead = sorted(set(part.own)), list(part.lead)  # what belongs to a word may stand on its other side
    for stretch in (own, lead):
        start = _opening(doc, stretch)
        if any(isinstance(one, str) or doc[one].is_alpha for one in stretch[start:]):
            del stretch[:start]
    if part.lead:
        while own and (doc[own[0]].text in EDGES or doc[own[0]].dep_ in {"cc", "preconj"} or doc[own[0]].is_space):
            own.pop(0)
    if cut:
        last = next((at for at in reversed(range(len(own))) if not doc[own[at]].is_punct), 0)
        gap = next((at for at in range(last + 1, len(own)) if own[at] != own[at - 1] + 1), len(own))
        del own[gap:]  # only marks are left behind it
        while own and (doc[own[-1]].text in EDGES | {"."} or doc[own[-1]].dep_ == "cc" or doc[own[-1]].is_space):
            own.pop()
    return Part(tuple(own), tuple(lead))


def _joined(doc: Doc, part: Part) -> Part:
    """What stands right before the part's own words is no insertion: an effect, which its cause is said of."""
    lead = [one for one in part.lead if isinstance(one, int)]
    if not lead or len(lead) < len(part.lead) or lead != sorted(set(lead)) or lead[-1] >= part.own[0]:
        return part
    between = doc[lead[-1] + 1 : part.own[0]]
    return part if any(not one.is_space for one in between) else Part((*lead, *part.own))


def _opening(doc: Doc, words: Sequence[int | str]) -> int:
    """How many tokens "However," and "It is worth noting that" have at the beginning of these."""
    start = 0
    while start + 1 < len(words):
        one, following = words[start], words[start + 1]
        if isinstance(one, str) or isinstance(following, str) or doc[one].lower_ not in _CONNECTIVES:
            break
        if doc[following].text != "," and doc[one].dep_ != "cc":
            break
        start += 1 + (doc[following].text == ",")
    noted = [doc[one].lower_ if isinstance(one, int) else "" for one in words[start : start + 6]]
    if noted[:1] == ["it"] and "that" in noted and _NOTED.intersection(noted):
        start += noted.index("that") + 1
    return start


def _side_by_side(doc: Doc, part: Part) -> list[Part] | None:
    """ "The mill lost money, so the council closed it.": the parser hangs the first of two clauses on the second."""
    own = set(part.own)
    for at in part.own:
        first, second = doc[at], doc[at].head
        if first.dep_ != "ccomp" or second.dep_ != "ROOT" or second.i not in own or second.lemma_.lower() in _REPORTING:
            continue
        subject = subject_of(second)
        if subject is None or subject_of(first) is None or subject.left_edge.i <= first.right_edge.i:
            continue
        if subject.lower_ == "it" and subject.dep_ == "nsubjpass":
            continue  # "…, it was announced on Tuesday"
        if any(child.dep_ == "conj" and child.pos_ not in VERBS for child in first.children):
            continue  # "…, and as such, it …": what stands between was read as part of the first
        before = tuple(one.i for one in first.subtree if one.i in own)
        after = [one for one in part.own if one not in before]
        if not before or doc[before[-1] + 1].text not in EDGES or after[0] < before[0]:
            continue
        while after and (doc[after[0]].text in EDGES or doc[after[0]].lower_ == "so" or doc[after[0]].dep_ == "cc"):
            after.pop(0)
        torn = sum(doc[one].is_quote for one in before) % 2
        if len(after) > 2 and not torn and not any(_depends(doc[side[0]]) for side in (before, after)):
            return [Part(before, part.lead), Part(tuple(after))]
    return None


def _depends(opening: Token) -> bool:
    """ "While the river rose", "what it cost": says nothing apart from the clause that it belongs to."""
    return opening.dep_ == "mark" or opening.tag_ in {"WDT", "WP", "WP$", "WRB"}


# Clauses and appositions inside: each becomes a statement about what it describes


def _carved(doc: Doc, part: Part) -> list[Part] | None:
    own = set(part.own)
    for at in part.own:
        token = doc[at]
        cut = _cut(token) if token.dep_ in _CARVED and token.head.i in own else None
        if cut is None:
            continue
        lead, said = cut
        inner = tuple(one for one in said if one in own)
        taken = {one.i for one in token.subtree} & own
        rest = _without(doc, part.own, taken)
        if len(inner) < 2 or len([one for one in rest if doc[one].is_alpha]) < 3:
            continue
        return [Part(rest, part.lead), Part(inner, lead)]
    return None


def _cut(token: Token) -> tuple[tuple[int | str, ...], list[int]] | None:
    """What has to stand before this clause, and the clause's own words; None when it is better left where it is."""
    noun, doc = token.head, token.doc
    aside = token.left_edge.i > 0 and doc[token.left_edge.i - 1].text in ASIDE
    said = [one.i for one in token.subtree]
    if token.dep_ == "advcl":
        cause = doc[token.left_edge.i].lower_ == "because" and token.i > noun.i
        return _caused(token, said) if cause else _beside(token, said) if aside else None
    told_of = noun.dep_ == "attr" and (token.dep_ == "relcl" or (token.dep_ == "acl" and token.tag_ == "VBN"))
    about = (_classed(noun) or noun) if aside else _described_by(noun) if told_of else None
    if about is None or about.lower_ in _NEVER_REPEATED:
        return None
    if about.pos_ == "PRON" and about.lower_ in {"it", "this", "that"} and not _is_indefinite(noun):
        return None
    if token.dep_ == "relcl":
        return _relative(token, about, said)
    if token.dep_ == "appos":
        describes = noun.pos_ == "PROPN" and token.i > noun.i and token.pos_ == "NOUN" and len(said) > 1
        describes = describes and doc[token.left_edge.i - 1].text != "("
        return ((*phrase(noun), _be(noun, past=False)), said) if describes else None
    if any(one.dep_ in SUBJECTS for one in token.children):
        return None
    if token.i > noun.i and (token.tag_ in {"VBN", "VBG"} or (token.dep_ == "amod" and len(said) > 2)):
        return (*phrase(about), _be(about, past=_is_past(noun))), said
    return None


def _relative(token: Token, about: Token, said: list[int]) -> tuple[tuple[int | str, ...], list[int]] | None:
    """ "who served two terms" · "whose father was a miller" """
    subject = subject_of(token)
    opening = token.doc[token.left_edge.i]
    if subject is None:
        return None
    if opening.lower_ == "when" and opening.i < subject.left_edge.i and _is_past(token):
        return (), [one for one in said if one != opening.i]
    if subject.tag_ in {"WDT", "WP"}:
        return phrase(about), [one for one in said if one != subject.i]
    whose = next((one for one in subject.children if one.tag_ == "WP$"), None)
    if whose is not None:
        return (*phrase(about), "’s"), [one for one in said if one != whose.i]
    return None


def _beside(token: Token, said: list[int]) -> tuple[tuple[int | str, ...], list[int]] | None:
    """ ", while the mill lost money" · ", when it closed the mill" · ", making it easy" · ", killing 12 people" """
    verb, doc = token.head, token.doc
    subject = subject_of(token)
    opening = doc[token.left_edge.i]
    if subject is not None and opening.i < subject.i and token.i > verb.i:
        past_event = opening.lower_ == "when" and _is_past(token)
        return ((), [one for one in said if one != opening.i]) if opening.lower_ in _CONTRAST or past_event else None
    if subject is None and token.tag_ == "VBG" and opening.i == token.i > verb.i:
        about = subject_of(verb)
        if about is None or about.lower_ in _NEVER_REPEATED:
            return None
        if not _is_past(verb):
            return (*phrase(about), _be(about, past=False)), said
        tells = any(one.dep_ == "ccomp" for one in token.children)  # ", saying that …" is no event of its own
        if not tells and not any(one.dep_ in {"dobj", "attr", "acomp", "ccomp", "xcomp"} for one in verb.children):
            helping = tuple(one.i for one in verb.children if one.dep_ in AUXILIARIES)
            return (*phrase(about), *helping, verb.i, ","), said
    return None


def _caused(token: Token, said: list[int]) -> tuple[tuple[int | str, ...], list[int]] | None:
    """ "because the river froze": said of the whole clause, which is a statement by itself."""
    verb = token.head
    if verb.dep_ != "ROOT" or any(child.dep_ in {"neg", "conj"} for child in verb.children):
        return None
    inside = set(said)
    effect = tuple(one.i for one in verb.subtree if one.i not in inside and one.i < said[0])
    return effect, said


def _described_by(noun: Token) -> Token | None:
    """The subject of "X is a noun"."""
    subject = subject_of(noun.head)
    return subject if subject is not None and subject.dep_ != "expl" else None


def _classed(noun: Token) -> Token | None:
    """The subject of "Lawson is a chain of stores, similar to …"; "the fastest animal is the falcon, which …" is about
    the falcon."""
    if noun.dep_ != "attr" or noun.head.lemma_ != "be" or not _is_indefinite(noun):
        return None
    subject = _described_by(noun)
    return None if subject is None or subject.lower_ in {"this", "that", "these", "those"} else subject


def _is_indefinite(noun: Token) -> bool:
    """ "It is a plan that …", not "It is the council that …"."""
    return any(one.lower_ in {"a", "an", "one"} for one in noun.children)


def _be(noun: Token, *, past: bool) -> str:
    many = noun.tag_ in {"NNS", "NNPS"} or any(child.dep_ == "conj" for child in noun.children)
    return ("were" if many else "was") if past else ("are" if many else "is")


def _is_past(token: Token) -> bool:
    """The clause around it is told in the past."""
    verb = token
    while verb.head != verb and verb.pos_ not in VERBS:
        verb = verb.head
    finite = [verb, *(child for child in verb.children if child.dep_ in AUXILIARIES)]
    return any(one.tag_ == "VBD" for one in finite)


def _without(doc: Doc, own: Sequence[int], taken: set[int]) -> tuple[int, ...]:
    """Also without the commas on both sides of what is taken, as far as they belonged to it."""
    rest = [one for one in own if one not in taken]
    first, last = min(taken), max(taken)
    if first - 1 in own and doc[first - 1].text in EDGES:
        rest.remove(first - 1)
        if last + 1 in rest and doc[last + 1].text in EDGES - {";", ":"}:
            rest.remove(last + 1)
    return tuple(rest)
