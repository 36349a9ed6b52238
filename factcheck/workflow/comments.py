"""Talking about a claim: comments, on it or on a part of its review, and whom they mention.

A comment is no part of what a review says: who comments does not become one of its writers, and may still approve it.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now

from factcheck.exceptions import BadInput
from factcheck.models import AuditEntry, Claim, ClaimReview, Comment, ConflictOfInterest, User
from factcheck.permissions import require
from factcheck.workflow import notices
from factcheck.workflow.notices import Kind
from factcheck.workflow.transitions import chain_of, change, move
from factcheck.workflow.words import words

LONGEST = 10_000  # characters of one comment
MOST_MENTIONED = 20
# Not after a letter, as in an e-mail address; nor in an address of the web, nor in quotation marks.
MENTION = re.compile(r"""(?<![\w@/.:+"'“”„«‘-])@(\w[\w.+-]*(?:@[\w.-]+)?)""")


@dataclass(frozen=True, slots=True)
class On:
    """The part of a review that a comment is about. piece: the key of the piece of evidence, for that part only."""

    review: ClaimReview
    part: str
    piece: int | None = None


def write(claim: Claim, *, by: User, text: str, on: On | None = None) -> Comment:
    """Say something about a claim, or about a part of its review. Whom it mentions, and who follows, is told.

    Raises BadInput, also when somebody is mentioned who is not there, may not read the article, or keeps away from the
    claim; NotAllowed; Refused (conflict_of_interest).
    """
    require(by, "comment on a claim", claim)
    with change(claim.article_id) as act:
        comment = _write(claim, by=by, act=act, text=text, on=on)
        notices.tell(notices.followers(claim), Kind.COMMENTED, claim, _event(comment), by=by)
    return comment


def write_on_parts(review: ClaimReview, said: Iterable[tuple[On, str]], *, by: User, act: uuid.UUID) -> None:
    """Comments on parts of a review, within the verb that sends it back: of that its writers and followers are told."""
    for on, text in said:
        _write(review.claim, by=by, act=act, text=text, on=on)


def resolve(comment: Comment, *, by: User, seen: int) -> Comment:
    """What it asks for is done. Raises NotAllowed, Conflict, InvalidTransition, Refused (conflict_of_interest)."""
    require(by, "resolve a comment", comment)
    return move(comment, Comment.Status.RESOLVED, by=by, seen=seen, resolved_by=by, resolved_at=Now())


def reopen(comment: Comment, *, by: User, seen: int) -> Comment:
    """It is not done after all. Raises as resolve()."""
    require(by, "resolve a comment", comment)
    return move(comment, Comment.Status.OPEN, by=by, seen=seen, resolved_by=None, resolved_at=None)


def withdraw(comment: Comment, *, by: User, seen: int) -> Comment:
    """Its author takes it back: the words leave the page and stay in the trail. Raises as resolve()."""
    require(by, "withdraw a comment", comment)
    return move(comment, Comment.Status.WITHDRAWN, by=by, seen=seen, text="")


def _write(claim: Claim, *, by: User, act: uuid.UUID, text: str, on: On | None) -> Comment:
    text = words("comment", text, needed=True)
    if len(text) > LONGEST:
        raise BadInput(f"The comment has {len(text):,} characters; the most that can be kept is {LONGEST:,}.")
    people = mentioned(text, claim)
    if on is not None:
        _check(on, claim)
    comment = Comment.objects.create(
        claim=claim,
        author=by,
        text=text,
        **({"review": on.review, "part": on.part, "piece": on.piece} if on else {}),
    )
    chain = chain_of(claim.article_id)
    AuditEntry.record(comment, "comment.written", by=by, act=act, chain=chain, new=comment.part or None, text=text)
    notices.join(claim, by)
    notices.tell([person.pk for person in people], Kind.MENTIONED, claim, _event(comment), by=by)
    return comment


def _event(comment: Comment) -> str:
    """Also the name of its place on the page of the claim."""
    return f"comment-{comment.pk}"


def _check(on: On, claim: Claim) -> None:
    """A part that is there. Raises BadInput."""
    if on.review.claim_id != claim.pk or on.part not in Comment.Part.values:
        raise BadInput("This is no part of a review of the claim.")
    if on.part == Comment.Part.EVIDENCE and not on.review.evidence.filter(pk=on.piece or 0).exists():
        raise BadInput("The piece of evidence that this comment is about is not in the review any more.")


def mentioned(text: str, claim: Claim) -> list[User]:
    """Everybody whom the text mentions: by an @ and their handle (User), or the whole address.

    Raises BadInput with a sentence for the first who cannot be told.
    """
    names = list(dict.fromkeys(name.rstrip(".-+").casefold() for name in MENTION.findall(text)))
    if len(names) > MOST_MENTIONED:
        raise BadInput(f"At most {MOST_MENTIONED} people can be mentioned in one comment.")
    if not names:
        return []
    asked = Q()
    for name in names:
        asked |= Q(email__iexact=name) if "@" in name else Q(email__istartswith=f"{name}@")
    there = list(User.objects.at_the_desk().filter(asked))
    people = [_called(name, there) for name in names]
    seeing = set(notices.seeing(claim).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))
    apart = ConflictOfInterest.objects.standing().filter(claim=claim, person__in=people)
    keeping_away = set(apart.values_list("person", flat=True))
    for person in people:
        if person.pk not in seeing:
            raise BadInput(f"{person.name} may not read this article, and cannot be mentioned here.")
        if person.pk in keeping_away:
            raise BadInput(f"{person.name} has a conflict of interest and keeps away from this claim.")
    return people


def _called(name: str, there: Iterable[User]) -> User:
    found = [person for person in there if name in (person.email.casefold(), person.handle.casefold())]
    if not found:
        raise BadInput(
            f"Nobody at the desk is called @{name}. If no colleague is meant, put it in quotation marks: “@{name}”."
        )
    if len(found) > 1:
        raise BadInput(f"Several people are called @{name}. Write the whole address: @{found[0].email}.")
    return found[0]
