"""What in one parsed sentence tells that somebody said or holds something: the cue, who it speaks of, and the content.

Rules over the parse. Verbs by the complement they take, "according to", nouns and adjectives with a clause of their
own. What stands beside a quotation needs no listed verb: see `before` and `after`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from factcheck.text import verbs
from factcheck.text.abbreviations import words
from factcheck.text.part import name_of

_NOBODY = words("this that which what there these those one")
_COUNTED = words("one most many some few several half all both none others")
_BODIES = frozenset({"PERSON", "ORG", "NORP", "GPE"})

_BREAKS = frozenset({",", "”", '"', "''", "—", "–"})

FURTHEST = 100
"""Words within which a clause beside a quotation has its subject."""

Inside = Callable[[Token], bool]


@dataclass(frozen=True, slots=True)
class Cue:
    first: Token
    last: Token
    """The words of the cue, from first to last."""
    source: Token | None
    """The word that names who says it; None where the sentence does not."""
    parts: tuple[tuple[int, int], ...]
    """The content as ranges of tokens, end-exclusive; empty for a cue that a quotation beside it completes."""
    speech: bool
    """Said, written, called so. False for what somebody only holds, hopes or refuses."""
    clause: bool = False
    """The content is a clause of its own, not the object of the cue."""


def find(doc: Doc, inside: Inside) -> Iterator[Cue]:
    """Cues outside quotations, in order. `inside`: does a token stand within a quotation?"""
    for token in doc:
        kind = token.pos_
        if kind == "VERB":
            cue = None if inside(token) else _according(token) or _verb(token, inside)
        elif kind in {"NOUN", "ADJ"}:
            cue = None if inside(token) else _with_clause(token)
        elif token.lower_ == "according":
            cue = None if inside(token) else _according(token)
        else:
            continue
        if cue is not None:
            yield cue


def _verb(verb: Token, inside: Inside) -> Cue | None:
    lemma = verb.lemma_.lower()
    if not (
        lemma in verbs.SAYING
        or lemma in verbs.THINKING
        or lemma in verbs.WITH_OBJECT
        or lemma in verbs.TO_DO
        or lemma in verbs.WITH_PREPOSITION
        or lemma in verbs.JUDGING
    ):
        return None
    children = list(verb.children)
    if _is_unreal(verb, children, lemma):
        return None
    source = agent(verb) or subject(verb) or _misread_subject(verb, lemma)
    if source is None and lemma in verbs.SAYING and verb.i > 2 and verb.nbor(-1).text == ",":
        return _told_last(verb, inside)
    asked = source is None and lemma in verbs.OFTEN_BY_NOBODY and verb.tag_ == "VBN"
    if not asked and (source is None or inside(source) or not (can_speak(source) or source.lower_ == "it")):
        return None
    parts = _clause_of(verb, children, lemma, source)
    clause = bool(parts)
    if not parts:
        parts = _object_of(verb, children, lemma)
    if not parts and lemma in verbs.SAYING:
        parts = _aside(verb)
    if not parts:
        return None
    speech = lemma in verbs.SAYING or lemma in verbs.JUDGING
    return Cue(verb, verb, source, parts, speech and lemma not in verbs.THINKING, clause)


def _misread_subject(verb: Token, lemma: str) -> Token | None:
    """A name that the tagger takes for something else: "Jolly said"."""
    if verb.i == 0 or verb.dep_ != "ROOT" or lemma not in verbs.SAYING or verb.tag_ not in {"VBD", "VBZ"}:
        return None
    name = verb.nbor(-1)
    return name if name.is_title and name.pos_ in {"PROPN", "NOUN", "ADJ", "ADV", "VERB"} and name.i < 3 else None


def _told_last(verb: Token, inside: Inside) -> Cue | None:
    """ "The river rose, said Ada Berg." where the parser does not see that the clause before is what she said."""
    found = _inverted(list(verb.doc[verb.i :]))
    if found is None or found.source is None or verb.tag_ not in {"VBD", "VBZ"} or inside(found.source):
        return None
    named = found.source.ent_type_ in _BODIES or found.source.pos_ == "PROPN"
    parts = _range(verb.doc, 0, verb.i - 1) if named else ()
    return Cue(verb, verb, found.source, parts, True, True) if parts else None


def _is_unreal(verb: Token, children: Sequence[Token], lemma: str) -> bool:
    for child in children:
        if child.dep_ in {"aux", "neg"}:
            if child.lower_ in verbs.UNREAL or (child.lower_ in {"n’t", "n't"} and lemma not in {"know", "think"}):
                return True
            if child.lower_ == "to":
                return not (verb.dep_ == "xcomp" and verb.head.lemma_ in verbs.LEADS_TO_SAYING)
    return False


def _clause_of(verb: Token, children: Sequence[Token], lemma: str, source: Token | None) -> tuple[tuple[int, int], ...]:
    """Its clause: after the verb, or before it ("It rose, she said"), or around it ("It, she said, rose")."""
    with_clause, to_do = (
        lemma in verbs.SAYING or lemma in verbs.THINKING or lemma in verbs.JUDGING,
        lemma in verbs.TO_DO,
    )
    for child in children:
        dep = child.dep_
        if not ((dep == "ccomp" and with_clause) or (dep == "xcomp" and to_do)):
            continue
        if child.i > verb.i and child.left_edge.i > verb.i:
            return _range(verb.doc, child.left_edge.i, _right_edge(verb, child, children) + 1)
        taken = {verb.i, *(part.i for part in (source.subtree if source is not None else ()))}
        for other in children:
            if other.i != child.i and other.dep_ != "ccomp":
                taken.update(part.i for part in other.subtree)
        return _runs(verb.doc, [part.i for part in child.subtree if part.i not in taken])
    return ()


def _turn(verb: Token, clause: Token) -> int:
    """Where the coordinate or adverbial clause of this verb begins, its "and" or "while" included; 0 for nowhere."""
    if verb.dep_ == "advcl":
        start = verb.left_edge.i
        return start if start > clause.i + 1 else 0
    own = next((child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"}), None)
    start = (own.left_edge.i if own is not None and own.i < verb.i else verb.left_edge.i) - 1
    while start > clause.i and verb.doc[start].pos_ in {"ADV", "AUX", "PART"}:
        start -= 1
    return start if start > clause.i + 1 and verb.doc[start].lower_ in {"and", "but", "or", "while", "yet"} else 0


def _right_edge(verb: Token, clause: Token, children: Sequence[Token]) -> int:
    """The clause's last token. A second one joined to it ("that it rose and that it fell", "not to rise but to fall")
    belongs to it; what the same person says beside it (", adding that …") does not."""
    doc, last = verb.doc, clause.right_edge.i
    for child in children:
        if child.i > last and child.dep_ == "ccomp":
            last = child.right_edge.i
    for at in range(clause.i + 1, last):
        token = doc[at]
        if token.pos_ == "VERB" and token.dep_ in {"conj", "advcl"} and token.tag_ in {"VBD", "VBZ"}:
            # Another act of saying, beside this one or at the same time: "… and criticized her", "… while Lind said".
            turn = _turn(token, clause)
            if turn and token.lemma_.lower() in verbs.SAID:
                return turn - 1
        if (
            token.text in {",", "—", "–", "-", "--"}
            and doc[at + 1].tag_ == "VBG"
            and (doc[at + 1].lemma_.lower() in verbs.SAYING or doc[at + 1].lemma_ == "refer")
        ):
            return at - 1
    rest = doc[last + 1 :]
    comma = len(rest) > 1 and rest[0].text == ","
    rest = rest[1:] if comma else rest
    if len(rest) > 1 and rest[0].lower_ in {"but", "and", "or"} and rest[1].tag_ in {"TO", "IN", "``", "''"}:
        acts = any(token.dep_ in {"nsubj", "nsubjpass"} for token in rest)
        last = last if acts and rest[1].tag_ not in {"``", "''"} else len(doc) - 1
    return _before_medium(doc, clause.i, last)


def _before_medium(doc: Doc, first: int, last: int) -> int:
    """Without where it was said: ", in an interview on Sunday", "” on Twitter"."""
    for at in range(last, max(first, last - 12), -1):
        token = doc[at]
        if token.dep_ == "prep" and token.lower_ in {"in", "on", "at", "during"} and doc[at - 1].text in _BREAKS:
            noun = next((child for child in token.children if child.dep_ == "pobj"), None)
            if noun is not None and noun.lemma_.lower() in verbs.MEDIA and noun.right_edge.i >= last - 3:
                return at - 1
    return last


_ABOUT = words("as for of about over to with against")


def _object_of(verb: Token, children: Sequence[Token], lemma: str) -> tuple[tuple[int, int], ...]:
    """Its object with what is said of it: called ‹the plan a sham›, accused ‹Lind of lying›, called for ‹a vote›."""
    after = [child for child in children if child.i > verb.i]
    if lemma in verbs.WITH_PREPOSITION:
        fitting = verbs.WITH_PREPOSITION[lemma].split()
        for child in after:
            if child.dep_ == "prep" and child.lower_ in fitting:
                start = child.i + 1 if child.i + 1 <= child.right_edge.i else child.i
                return _range(verb.doc, start, child.right_edge.i + 1)
    if lemma not in verbs.WITH_OBJECT:
        return ()
    first = last = None
    for child in after:
        fits = child.dep_ in {"dobj", "oprd", "attr", "acomp", "ccomp"} or (
            first is not None and child.dep_ == "prep" and child.lower_ in _ABOUT
        )
        if fits:
            first = child.left_edge.i if first is None else first
            last = child.right_edge.i
            for at in range(child.i + 1, last):
                if verb.doc[at].text == "," and verb.doc[at + 1].tag_ == "VBG":
                    last = at - 1
                    break
    if first is None or last is None:
        return ()
    if lemma == "tell" and last - first < 3:
        return ()
    return _range(verb.doc, first, last + 1)


def _aside(verb: Token) -> tuple[tuple[int, int], ...]:
    """ "as Berg said", "(she added)": the clause around it is what was said."""
    main = verb.head
    marked = any(child.lower_ in {"as", "like"} and child.i < verb.i for child in verb.children)
    if main.i == verb.i or not (verb.dep_ == "parataxis" or (marked and verb.dep_ == "advcl")):
        return ()
    taken = {part.i for part in verb.subtree}
    return _runs(verb.doc, [part.i for part in main.subtree if part.i not in taken])


def _according(token: Token) -> Cue | None:
    """ "According to Berg, …", "…, according to Berg", "… was, according to Berg, …"."""
    doc = token.doc
    if token.lower_ != "according" or token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return None
    to = doc[token.i + 1]
    source = next((child for child in to.children if child.dep_ == "pobj"), None)
    if source is None:
        return None
    last = token.i == doc[token.i].left_edge.i and all(one.is_punct for one in doc[source.right_edge.i + 1 :])
    clause = token.head
    while clause.head.i != clause.i and (last or clause.pos_ not in {"VERB", "AUX"}):
        clause = clause.head
    taken = set(range(token.i, source.right_edge.i + 1))
    places = [part.i for part in clause.subtree if part.i not in taken]
    if places and doc[places[0]].dep_ == "cc":
        places = places[1:]
    parts = _runs(doc, places)
    return Cue(token, to, source, parts, speech=True, clause=True) if parts else None


def _with_clause(token: Token) -> Cue | None:
    """ "her claim that it rose", "she was sure that it rose"."""
    lemma = token.lemma_.lower()
    noun = token.pos_ == "NOUN" and lemma in verbs.NOUNS
    if not noun and not (token.pos_ == "ADJ" and lemma in verbs.ADJECTIVES):
        return None
    for child in token.children:
        if child.i > token.i and child.dep_ in {"acl", "ccomp"} and child.pos_ in {"VERB", "AUX"}:
            if noun and not any(mark.dep_ == "mark" and mark.lower_ == "that" for mark in child.children):
                continue
            source = next((one for one in token.children if one.dep_ == "poss"), None) if noun else None
            verb = token.head
            if source is None and verb.pos_ in {"VERB", "AUX"} and verb.lemma_ in {"be", "express", "have", "make"}:
                source = subject(verb)
            if source is not None and can_speak(source):
                return Cue(token, token, source, _range(token.doc, child.left_edge.i, child.right_edge.i + 1), False)
    return None


# Who


def subject(verb: Token) -> Token | None:
    """Its own subject, or that of the verb it belongs to: "He backed the plan and mentioned …", "… attacked it,
    saying", "went on to say", "ended by saying", "Berg, who said", "a letter saying"."""
    for _ in range(4):
        for child in verb.children:
            if child.dep_ == "nsubj":
                if child.lower_ in {"who", "which", "that"} and verb.dep_ == "relcl":
                    return verb.head
                return child
        dep = verb.dep_
        if verb.i > 3 and verb.nbor(-1).text == ")" and verb.tag_ in {"VBD", "VBZ"}:
            return _before_bracket(verb)
        if dep == "acl" and verb.tag_ == "VBG":
            return verb.head
        if dep == "pcomp" and verb.head.dep_ == "prep":
            verb = verb.head.head
        elif dep in {"conj", "xcomp"} or (dep == "advcl" and verb.tag_ == "VBG"):
            verb = verb.head
        else:
            return None
        for child in verb.children:
            if child.dep_ == "nsubjpass":
                return child
    return None


def _before_bracket(verb: Token) -> Token | None:
    """ "Ada Berg (D-Ohio) said": the parser loses the name before the brackets."""
    for at in range(verb.i - 2, max(0, verb.i - 10), -1):
        if verb.doc[at].text == "(":
            name = verb.doc[at - 1]
            return name if name.pos_ == "PROPN" or name.ent_type_ in _BODIES else None
    return None


def agent(verb: Token) -> Token | None:
    """ "was described by Berg as"."""
    for child in verb.children:
        if child.dep_ == "agent":
            return next((one for one in child.children if one.dep_ == "pobj"), None)
    return None


def can_speak(token: Token) -> bool:
    if token.lower_ in _COUNTED or token.pos_ == "NUM":
        # "most of the voters", "two in three"; a bare "one" is nobody.
        return token.lower_ != "one" or any(child.dep_ == "prep" for child in token.children)
    if token.lower_ in _NOBODY:
        return False
    if token.pos_ == "PRON":
        return token.lower_ in {
            *("he", "she", "they", "i", "we", "you", "some", "many", "others", "everyone", "nobody"),
            *("his", "her", "their", "my", "our", "who", "someone", "somebody", "most", "several", "both"),
        }
    return token.ent_type_ in _BODIES or (
        token.pos_ in {"PROPN", "NOUN"} and token.ent_type_ not in {"DATE", "TIME", "MONEY"}
    )


# Beside a quotation


def after(tokens: Sequence[Token], inside: Inside) -> Cue | None:
    """“…,” said Berg · “…,” Berg, an engineer, said. `tokens`: what follows the quotation in its sentence."""
    return _inverted(tokens) or _clause(tokens[0], inside) or _named(tokens, inside)


def _named(tokens: Sequence[Token], inside: Inside) -> Cue | None:
    """“…,” Ada Berg, who has …, said: where the parser loses the thread, a name and the first verb of saying."""
    first = tokens[0]
    name = name_of(first)
    if name is not None and name.label_ not in _BODIES:
        name = None
    who = name[-1] if name is not None else first
    if name is None and first.pos_ not in {"PROPN", "PRON"}:
        return None
    for token in tokens:
        if token.lemma_.lower() in verbs.BESIDE and token.tag_ in {"VBD", "VBZ"} and token.i > who.i:
            return Cue(token, token, who, (), True) if can_speak(who) and not inside(token) else None
    return None


def _inverted(tokens: Sequence[Token]) -> Cue | None:
    verb = tokens[0]
    if len(tokens) < 2 or verb.pos_ not in {"VERB", "AUX"} or verb.tag_ not in {"VBD", "VBZ", "VBP", "VBN"}:
        return None
    for child in verb.children:
        if child.dep_ == "nsubj" and child.left_edge.i == verb.i + 1 and can_speak(child):
            return Cue(verb, verb, child, (), True)
    for token in tokens[1:12]:
        if token.left_edge.i <= verb.i + 1 and _heads_a_name(token) and can_speak(token):
            return Cue(verb, verb, token, (), True)
        if token.pos_ == "VERB" or token.is_punct:
            return None
    return None


def _heads_a_name(token: Token) -> bool:
    if token.pos_ not in {"PROPN", "NOUN", "PRON"}:
        return False
    return token.dep_ not in {"compound", "poss", "nmod", "amod", "det"} or token.head.i < token.i


def _clause(first: Token, inside: Inside) -> Cue | None:
    """A clause that begins here with its subject; the first verb it governs, outside quotations."""
    for token in first.doc[first.i : first.i + FURTHEST]:
        if token.dep_ in {"nsubj", "nsubjpass"} and not inside(token) and _starts(token) <= first.i + 1:
            verb = token.head
            if verb.pos_ == "VERB" and verb.i > token.i and not inside(verb) and can_speak(token):
                return Cue(verb, verb, token, (), True)
    return None


def _starts(token: Token) -> int:
    name = name_of(token)
    return min(token.left_edge.i, name.start if name is not None else token.i)


def before(tokens: Sequence[Token], inside: Inside) -> Cue | None:
    """Berg said, “…” · Berg said in May: “…” · Berg, who left, told us “…”. `tokens`: what stands before it."""
    last = tokens[-1]
    introduced = last.text in {",", ":"}
    if last.text == ":" and 2 <= len(tokens) <= 6 and tokens[-2].ent_type_ in _BODIES | {"PERSON"}:
        return Cue(last, last, tokens[-2], (), True)
    for verb in reversed(tokens[-14:]):
        if verb.pos_ != "VERB" or inside(verb):
            continue
        who = subject(verb)
        if who is not None and can_speak(who) and not inside(who):
            lemma = verb.lemma_.lower()
            if not introduced:
                return Cue(verb, verb, who, (), True) if lemma in verbs.BESIDE and verb.i == last.i else None
            named = who.ent_type_ in _BODIES or who.pos_ in {"PROPN", "PRON"}
            near = verb.i >= last.i - (6 if last.text == ":" else 2)
            if lemma in verbs.BESIDE or (named and near):
                return Cue(verb, verb, who, (), True)
    return None


# Ranges of tokens


def _range(doc: Doc, start: int, end: int) -> tuple[tuple[int, int], ...]:
    while start < end and doc[start].text in {",", ":", ";", "-", "–", "—"}:
        start += 1
    while start < end and doc[end - 1].text in {".", ",", ":", ";", "-", "–", "—", "?", "!"}:
        end -= 1
    return ((start, end),) if start < end else ()


def _runs(doc: Doc, places: list[int]) -> tuple[tuple[int, int], ...]:
    """Neighbours in one range; ranges of punctuation alone are left out."""
    found: list[tuple[int, int]] = []
    places.sort()
    first = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] != places[at - 1] + 1:
            found.extend(_range(doc, places[first], places[at - 1] + 1) if places else ())
            first = at
    return tuple(
        (start, end) for start, end in found if any(token.is_alpha or token.is_digit for token in doc[start:end])
    )
