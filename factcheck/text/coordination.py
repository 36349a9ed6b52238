"""Lists that make several statements: of clauses, of verbs with one subject, of objects, of examples.

closed the mill and opened a dam     in Rome, in Milan and in Bari     many cities, including Rome and Milan
"""

from collections.abc import Sequence

from spacy.tokens import Doc, Token

from factcheck.text.abbreviations import words
from factcheck.text.part import AUXILIARIES, EDGES, SUBJECTS, VERBS, Part, subject_of

MOST = 16
"""Members of one list; what has more is a table or a register, and stays as it is."""

_LISTED = frozenset({"dobj", "attr", "pobj", "oprd", "prep"})
"""What may be listed so that each member makes a statement of its own. Subjects are not here: Berg and Lind may have
met each other."""
_TOGETHER = words("between among amongst both from")
"""Words after which a list is one thing: "between Rome and Milan"."""
_OR = words("or nor either neither than")
_AGAINST = words("but not rather")
_BOUND = SUBJECTS | {"relcl", "advcl", "acl", "pcomp"}
_MANY = words("variety range number series list group type kind lot set")


def listed(doc: Doc, part: Part) -> list[Part] | None:
    """The first list of the part taken apart; None when it has none."""
    own = set(part.own)
    for at in part.own:
        token = doc[at]
        if token.dep_ == "conj" or token.i not in own:
            continue
        members = _members(token)
        if len(members) < 2 or not all(one.i in own for one in members):
            continue
        divided = _clauses(doc, part, members) if token.pos_ in VERBS else _objects(doc, part, members)
        if divided:
            return divided
    return None


def _members(first: Token) -> list[Token]:
    """ "A, B and C": spaCy hangs C on B and B on A."""
    members = [first]
    while len(members) <= MOST:
        following = next((one for one in members[-1].children if one.dep_ == "conj"), None)
        if following is None:
            break
        members.append(following)
    return members


def _is_choice(members: Sequence[Token]) -> bool:
    """ "Berg or Lind". Not behind "can" and "may", where what is said of both is said of each."""
    verb = members[0].head if _is_infinitive(members[0]) else members[0]
    while verb.pos_ not in VERBS and verb.head != verb:
        verb = verb.head
    if verb != members[0] and any(one.lower_ in {"can", "may"} for one in verb.children):
        return False
    return any(child.lower_ in _OR for one in members for child in one.children if child.dep_ in {"cc", "preconj"})


def _clauses(doc: Doc, part: Part, members: list[Token]) -> list[Part] | None:
    first = members[0]
    purposes = all(_is_infinitive(one) for one in members)
    if first.dep_ not in {"ROOT", "ccomp", "relcl", "advcl"} and not purposes:
        return None
    if _is_choice(members) or not _is_free(first.head if purposes else first, part.own):
        return None
    if not all(one.pos_ in VERBS for one in members):
        return None
    if any(_is_infinitive(one) for one in members[1:]) and not _is_infinitive(first):
        return None
    if not all(_runs_like(one, first) for one in members[1:]):
        return None
    own = set(part.own)
    inside = {one.i for member in members[1:] for one in member.subtree}
    found = [Part(_rest(doc, part, first, inside), part.lead)]
    before = _outside(doc, part, first)
    for number, member in enumerate(members[1:], start=1):
        later = {one.i for other in members[number + 1 :] for one in other.subtree}
        words = tuple(one.i for one in member.subtree if one.i in own and one.i not in later)
        if not words:
            return None
        marked = any(child.dep_ == "mark" for child in member.children)
        outside = tuple(
            one for one in before if not (marked and doc[one].dep_ == "mark" and doc[one].head.i == first.i)
        )
        found.append(Part(words, (*part.lead, *outside, *_shared(first, member, own))))
    return found


def _runs_like(member: Token, first: Token) -> bool:
    """A participle or a bare form needs the first verb's auxiliaries; past forms are taken for participles at times."""
    if any(child.dep_ in AUXILIARIES or child.dep_ in SUBJECTS for child in member.children):
        return True
    like = {"VBG": {"VBG"}, "VB": {"VB", "VBP"}}.get(member.tag_)
    return like is None or first.tag_ in like


def _is_infinitive(verb: Token) -> bool:
    return any(child.tag_ == "TO" and child.dep_ == "aux" for child in verb.children)


def _rest(doc: Doc, part: Part, first: Token, inside: set[int]) -> tuple[int, ...]:
    """The first clause with what stands around the list, without the marks and conjunctions that hung on the others."""
    rest: list[int] = []
    for one in part.own:
        hangs = (
            doc[one].is_punct
            and doc[one].text != "."
            and (one - 1 in inside or (one - 1 in part.own and rest[-1:] != [one - 1]))
        )
        if one not in inside and not hangs and not (doc[one].dep_ == "cc" and doc[one].head.i == first.i):
            rest.append(one)
    return tuple(rest)


def _outside(doc: Doc, part: Part, first: Token) -> tuple[int, ...]:
    """What stands before the first clause and holds for all of them: "Berg said that", "In May,"."""
    start = first.left_edge.i
    before = [one for one in part.own if one < start and doc[one].text not in EDGES]
    subject = subject_of(first)
    if subject is not None:
        for child in first.children:
            leads = child.dep_ in {"prep", "npadvmod", "advcl", "mark"} and child.right_edge.i < subject.left_edge.i
            if leads:
                before.extend(one.i for one in child.subtree)
    if before and first.dep_ == "ROOT":
        after = max(before) + 1
        before += [after] if after < len(doc) and doc[after].text == "," else []
    return tuple(one for one in before if one in part.own)


def _shared(first: Token, member: Token, own: set[int]) -> tuple[int, ...]:
    """Subject and auxiliaries that the member has in common with the first clause."""
    if any(child.dep_ in SUBJECTS for child in member.children):
        return ()
    subject = subject_of(first)
    if subject is None:
        return ()
    loose = {
        one.i
        for word in subject.subtree
        if word.dep_ in {"relcl", "appos"} and word.i != subject.i
        for one in word.subtree
    }
    shared = [one.i for one in subject.subtree if one.i in own and one.i not in loose]
    while shared and subject.doc[shared[-1]].text in EDGES:
        shared.pop()
    bare = member.tag_ in {"VB", "VBN", "VBG"} and not any(child.dep_ in AUXILIARIES for child in member.children)
    if bare and (member.tag_ == first.tag_ or first.tag_ in {"VB", "VBN", "VBG"}):
        shared += [child.i for child in first.children if child.dep_ in AUXILIARIES and child.i < first.i]
    return tuple(shared)


def _objects(doc: Doc, part: Part, members: list[Token]) -> list[Part] | None:
    first = members[0]
    examples = _introduced(first)
    if first.dep_ not in _LISTED or first.head.lower_ in _TOGETHER or not _is_free(first, part.own):
        return None
    if any(_is_set_against(one) for one in members) or first.head.head.pos_ == "PROPN":
        return None
    if (_is_choice(members) and not examples) or (not examples and not _weighty(members)):
        return None
    own = set(part.own)
    start, end = first.left_edge.i, max(one.i for one in first.subtree)
    before = [one for one in part.own if one < start and one not in examples]
    after = [one for one in part.own if one > end]
    said = any(doc[one].is_alpha for one in after)
    found = []
    for number, member in enumerate(members):
        later = {one.i for other in members[number + 1 :] for one in other.subtree}
        words = [one.i for one in member.subtree if one.i in own and one.i not in later]
        words = [one for one in words if not (doc[one].dep_ in {"cc", "punct"} and doc[one].head.i == member.i)]
        if not words:
            return None
        words += after if said or number == len(members) - 1 else []
        if number == 0:
            found.append(Part((*before, *words), part.lead))
        else:
            found.append(Part(tuple(words), (*part.lead, *before)))
    return found


def _is_set_against(member: Token) -> bool:
    """ "on Earth, but not on Neptune" """
    return any(one.lower_ in _AGAINST for one in member.children)


def _introduced(first: Token) -> set[int]:
    """The words of "a variety of habitats, including" before a list of what holds as well as the whole does."""
    preposition = first.head
    such = preposition.lower_ == "as" and preposition.i > 0 and preposition.nbor(-1).lower_ == "such"
    noun = preposition.head
    while noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_.lower() in _MANY:
        noun = noun.head.head
    if not (such or preposition.lower_ == "including") or noun.pos_ not in {"NOUN", "PROPN"}:
        return set()
    return {one.i for one in noun.subtree if one.i < first.left_edge.i}


def _is_free(token: Token, own: Sequence[int]) -> bool:
    """Not within a subject, nor within a clause that only says which one is meant, or when."""
    inside = set(own)
    while token.head != token and token.head.i in inside:
        if token.dep_ in _BOUND:
            return False
        token = token.head
    return True


def _weighty(members: Sequence[Token]) -> bool:
    """Names, numbers or phrases; "time and money" is one thing more often than two."""
    return (
        len(members) > 2
        or members[0].dep_ == "attr"
        or all(
            one.pos_ in {"PROPN", "NUM", "ADP"}
            or any(child.dep_ not in {"cc", "conj", "punct", "det"} for child in one.children)
            for one in members
        )
    )
