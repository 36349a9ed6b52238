"""Who may do what: one table, verb × role × whose row. Every verb asks it, pages ask it what to show; nothing else
decides. docs/permissions.md is printed from it by `manage.py permissions`.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from factcheck.exceptions import NotAllowed, Refused
from factcheck.models import (
    ApiKey,
    Article,
    Claim,
    ClaimPair,
    ClaimReview,
    Comment,
    ConflictOfInterest,
    Evidence,
    Import,
    Job,
    ReaderRequest,
    Role,
    SavedView,
    Source,
    Suggestion,
    Unreadable,
    User,
)


class Reach(StrEnum):
    """Whose rows: everybody's, one's own, or only those of others (four eyes)."""

    ANY = "any"
    OWN = "own"
    OTHERS = "others'"


def _any(*roles: Role) -> dict[Role, Reach]:
    return dict.fromkeys(roles, Reach.ANY)


_DESK = tuple(role for role in Role if role != Role.PARTNER)
_CHECKS = (Role.CHECKER, Role.EDITOR)

MAY: dict[str, Mapping[Role, Reach]] = {
    "see the desk": _any(*_DESK),
    "ingest an article": _any(Role.REPORTER, *_CHECKS, Role.ADMINISTRATOR, Role.PARTNER),
    "look at a page again": {Role.REPORTER: Reach.OWN, Role.CHECKER: Reach.ANY, Role.EDITOR: Reach.ANY},
    "settle what could not be read": {
        Role.REPORTER: Reach.OWN,
        Role.CHECKER: Reach.OWN,
        Role.EDITOR: Reach.ANY,
        Role.ADMINISTRATOR: Reach.ANY,
    },
    "decide who sees an article": {Role.REPORTER: Reach.OWN, Role.CHECKER: Reach.OWN, Role.EDITOR: Reach.ANY},
    "add a source": _any(*_CHECKS, Role.ADMINISTRATOR, Role.PARTNER),
    "edit an outlet or a source": _any(Role.EDITOR, Role.ADMINISTRATOR),
    "import fact-checks": _any(Role.EDITOR, Role.ADMINISTRATOR),
    "look after feeds": _any(Role.EDITOR, Role.ADMINISTRATOR),
    "edit a statement": _any(*_CHECKS),
    "mark claims": _any(*_CHECKS),
    "plan the work": _any(*_CHECKS),
    "work on a claim": _any(*_CHECKS),
    "save a view": _any(*_DESK),
    "remove a view": {**dict.fromkeys(_DESK, Reach.OWN), Role.EDITOR: Reach.ANY},
    "declare a conflict of interest": {Role.CHECKER: Reach.OWN, Role.EDITOR: Reach.ANY},
    "withdraw a conflict of interest": {Role.EDITOR: Reach.OTHERS},
    "comment on a claim": _any(Role.REPORTER, *_CHECKS, Role.ADMINISTRATOR),
    "resolve a comment": _any(Role.REPORTER, *_CHECKS, Role.ADMINISTRATOR),
    "withdraw a comment": dict.fromkeys((Role.REPORTER, *_CHECKS, Role.ADMINISTRATOR), Reach.OWN),
    "follow a claim or an article": _any(*_DESK),
    "decide a suggestion": _any(*_CHECKS),
    "decide a pair": _any(*_CHECKS),
    "write a review": _any(*_CHECKS),
    "take a draft over": {Role.CHECKER: Reach.ANY, Role.EDITOR: Reach.ANY},
    "submit a review": {Role.CHECKER: Reach.OWN, Role.EDITOR: Reach.ANY},
    "withdraw a review": {Role.CHECKER: Reach.OWN, Role.EDITOR: Reach.ANY},
    "abandon a draft": {Role.CHECKER: Reach.OWN, Role.EDITOR: Reach.ANY},
    "approve a review": {Role.EDITOR: Reach.OTHERS},
    "request changes": {Role.EDITOR: Reach.OTHERS},
    "ask for a legal reading": {Role.CHECKER: Reach.OWN, Role.EDITOR: Reach.ANY},
    "clear legally": {Role.EDITOR: Reach.OTHERS},
    "publish a review": _any(Role.EDITOR),
    "retract a review": _any(Role.EDITOR),
    "take a fact-check down": _any(Role.EDITOR),
    "decide on a litigation hold": _any(Role.EDITOR, Role.ADMINISTRATOR),
    "answer a reader": _any(Role.EDITOR),
    "erase a confidence": _any(Role.EDITOR, Role.ADMINISTRATOR),
    "replay a job": {
        Role.REPORTER: Reach.OWN,
        Role.CHECKER: Reach.OWN,
        Role.EDITOR: Reach.ANY,
        Role.ADMINISTRATOR: Reach.ANY,
    },
    "read the trail": _any(Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR),
    "edit the desk": _any(Role.ADMINISTRATOR),
    "write a page of the desk": _any(Role.EDITOR, Role.ADMINISTRATOR),
    "read the self assessment": _any(Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR),
    "manage people": {Role.ADMINISTRATOR: Reach.OTHERS},
    "read the admin": _any(Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR),
    "use the partner API": _any(Role.PARTNER),
    "manage partner keys": {Role.PARTNER: Reach.OWN, Role.ADMINISTRATOR: Reach.ANY},
    "set the limit of a key": _any(Role.ADMINISTRATOR),
}

# What somebody with a conflict of interest on its claim keeps away from.
IMPARTIAL = frozenset(
    {
        "edit a statement",
        "mark claims",
        "work on a claim",
        "comment on a claim",
        "resolve a comment",
        "decide a suggestion",
        "decide a pair",
        "write a review",
        "take a draft over",
        "submit a review",
        "withdraw a review",
        "abandon a draft",
        "approve a review",
        "request changes",
        "ask for a legal reading",
        "clear legally",
        "publish a review",
        "retract a review",
        "take a fact-check down",
        "answer a reader",
    }
)

# verb -> the rule and its sentence, when somebody else has to do it
SOMEBODY_ELSE = {
    "approve a review": ("four_eyes", "Who wrote any part of a review cannot approve it."),
    "request changes": ("four_eyes", "Who wrote any part of a review withdraws it, and does not send it back."),
    "clear legally": ("legal_reading_by_somebody_else", "Who wrote any part of a review does not clear it legally."),
    "manage people": ("own_role_stays", "Nobody changes their own role or log-in: ask another administrator."),
    "withdraw a conflict of interest": ("own_conflict_stays", "Somebody else finds that a conflict is over."),
}

# kind of row -> whose it is, in words
OWN = {
    ApiKey: "the partner whose key it is",
    Article: "the person who sent it in",
    ClaimReview: "somebody who wrote a part of it",
    Evidence: "somebody who wrote a part of the review",
    Comment: "the person who wrote it",
    ConflictOfInterest: "the person concerned",
    Job: "the person who sent in what it works on",
    SavedView: "the person who saved it",
    Unreadable: "the person who sent it in",
    User: "the person concerned",
}


def owns(by: User, row: Model) -> bool:
    """Whether the row is this person's own, as OWN says it. TypeError for a kind of row that is nobody's."""
    match row:
        case ApiKey():
            return row.partner_id == by.pk
        case Article():
            return row.submitted_by_id == by.pk
        case ClaimReview():
            return by.pk in row.written_by
        case Evidence():
            return by.pk in row.review.written_by
        case Comment():
            return row.author_id == by.pk
        case ConflictOfInterest():
            return row.person_id == by.pk
        case Job():
            return _sent_in(by, row)
        case SavedView():
            return row.owner_id == by.pk
        case Unreadable():
            return row.sent_by_id == by.pk
        case User():
            return row.pk == by.pk
    raise TypeError(f"Nobody owns a {row._meta.verbose_name}.")


def _sent_in(by: User, job: Job) -> bool:
    """Whether this person brought what the machine step works on: an article, a source, or a list of them."""
    if job.article is not None:
        return job.article.submitted_by_id == by.pk
    if job.kind in (Job.Kind.READ, Job.Kind.INDEX):
        return Source.objects.filter(pk=job.target, added_by=by).exists()
    return job.kind == Job.Kind.IMPORT and Import.objects.filter(pk=job.target, sent_by=by).exists()


def may(by: User | AnonymousUser, verb: str, on: Model | None = None) -> bool:
    """Whether the table allows it: at all, or on this row. A stranger may nothing; KeyError for a verb that nobody
    thought about. Conflicts of interest and what is confidential are asked by require().
    """
    roles = MAY[verb]
    if not (by.is_active and isinstance(by, User) and by.role in roles):
        return False
    reach = roles[Role(by.role)]
    return on is None or reach == Reach.ANY or owns(by, on) == (reach == Reach.OWN)


def require(by: User, verb: str, on: Model | None = None) -> None:
    """Raises NotAllowed unless `by` may do `verb`, on this row if one is given; also when the row belongs to a
    confidential article that does not name them, in the words for a row that is not there. Raises Refused when somebody
    else has to do it: SOMEBODY_ELSE, or conflict_of_interest for who declared one on the row's claim.

    The verbs that an operator at a shell may use take `by=None` and ask nothing then; nobody else is let through.
    """
    if not may(by, verb):
        raise NotAllowed(f"{by.name} ({by.get_role_display()}) may not {verb}.")
    if on is None:
        return
    if hasattr(on, "TO_ARTICLE") and not type(on)._default_manager.visible_to(by).filter(pk=on.pk).exists():  # type: ignore[attr-defined]
        raise NotAllowed(f"There is no {on._meta.verbose_name} {on.pk}.")
    if not may(by, verb, on):
        if verb in SOMEBODY_ELSE:
            rule, sentence = SOMEBODY_ELSE[verb]
            raise Refused(sentence, rule)
        raise NotAllowed(f"{by.name} ({by.get_role_display()}) may {verb} only as {OWN[type(on)]}.")
    if verb in IMPARTIAL and ConflictOfInterest.objects.standing().filter(claim__in=_claims(on), person=by).exists():
        raise Refused(
            f"{by.name} declared a conflict of interest on this claim, and may not {verb} here.", "conflict_of_interest"
        )


def _claims(row: Model) -> list[int]:
    """The keys of the claims that a row is about; none for an article, to which one is still to be added."""
    match row:
        case Article():
            return []
        case Claim():
            return [row.pk]
        case ClaimPair():
            return [row.one_id, row.other_id]
        case ClaimReview() | Comment() | Suggestion() | ConflictOfInterest():
            return [row.claim_id]
        case Evidence():
            return [row.review.claim_id]
        case ReaderRequest():
            return [row.publication.review.claim_id] if row.publication else []
    raise TypeError(f"A {row._meta.verbose_name} is about no claim.")


# Whose log-in opens more than their own work: they need a second factor wherever settings.MFA_REQUIRED is on.
SECOND_FACTOR = frozenset({Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR})
