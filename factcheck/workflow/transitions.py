"""How anything changes: one transaction, the article's row locked first, compare-and-swap, the trail beside it."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import DataError, IntegrityError, OperationalError, transaction
from django.db.models import F, Model
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, Refused
from factcheck.models import DESK_CHAIN, Article, AuditEntry, Stated, User

Row = TypeVar("Row", bound=Stated)

# What a constraint means to the person who ran into it. Guards (factcheck/models/guards.py) bring their own sentence.
SENTENCES = {
    "four_eyes": "Who wrote any part of a review cannot approve it.",
    "one_open_review_per_claim": "This claim has an open review already.",
    "rating_agrees_with_verdict": "Ratings 4 and 5 go with verified, 1 to 3 with disputed, none with unverifiable.",
    "submitted_review_is_complete": "A review needs a verdict, a rationale and a date before it is submitted.",
    "approved_review_has_approver": "An approved review names its approver, and no other review does.",
    "speaker_is_told_by_https": "The address that says who the speaker is must begin with https://.",
    "nobody_is_known_of_an_unknown_speaker": "Say first who made the claim; then what the speaker is.",
    "one_published_review_per_claim": "This claim has a published review already.",
    "retraction_is_whole": "A retraction needs a reason that the public can read.",
    "one_standing_hold_per_article": "This article is under litigation hold already.",
    "one_live_job_per_kind_and_row": "This step is already under way for this row.",
    "one_source_per_address": "A source with this address is already in the library.",
    "only_a_person_decides_a_suggestion": "Only a person accepts or dismisses a suggestion.",
    "only_a_person_decides_a_pair": "Only a person finds that two claims say the same, or that they do not.",
    "the_same_is_asked_once": "This service has not answered yet. If its search failed, have that tried again.",
    "a_passage_is_suggested_once_per_claim": "This passage is already suggested for this claim.",
    "one_view_per_owner_and_name": "You have a view of this name already.",
    "one_standing_conflict_per_claim_and_person": "This person has declared a conflict of interest here already.",
    "one_source_per_address_and_confidence": "A source with this address is here already.",
    "confidential_is_never_sent_outside": "The claims of a confidential article are never sent outside.",
    "parts_of_pages_are_fact_checks": "This is an earlier fact-check: its kind and its address belong together.",
    "one_feed_per_address": "This feed is here already.",
    "one_request_per_form": "This form was sent already: load the page again to send another request.",
    "one_person_per_email": "Somebody with this e-mail address is already here.",
}
# Two who wait for each other, or one who waited DATABASE_LOCK_LIMIT for another.
AT_THE_SAME_MOMENT = ("40P01", "40001", "55P03")  # deadlock_detected, serialization_failure, lock_not_available


@contextmanager
def database_errors_as_ours() -> Iterator[None]:
    """The one place where the database's refusals become the desk's: Refused with the rule's name, or Conflict.

    Wrap it around the transaction: deferred rules speak at COMMIT.
    """
    try:
        yield
    except DataError as error:
        raise BadInput("A value does not fit: it is too long, or holds characters that no database keeps.") from error
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        rule = (diagnosis and diagnosis.constraint_name) or ""
        said_by_guard = diagnosis is not None and diagnosis.source_function == "exec_stmt_raise"
        sentence = diagnosis.message_primary if said_by_guard and diagnosis else SENTENCES.get(rule)
        raise Refused(sentence or f"A rule of the desk stands against this ({rule or 'unnamed'}).", rule) from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in AT_THE_SAME_MOMENT:
            raise Conflict("Somebody else changed this at the same moment. Nothing was saved; try again.") from error
        raise


@contextmanager
def change(article: int | None = None) -> Iterator[uuid.UUID]:
    """One act: a transaction that begins by locking the article's row (if it is about one). Yields the act's id.

    The lock comes first in every verb: without it, verbs that take claim, review and chain in other orders deadlock.
    """
    with database_errors_as_ours(), transaction.atomic():
        if article is not None:
            Article.objects.select_for_update(no_key=True).only("pk").get(pk=article)
        yield uuid.uuid4()


def chain_of(article: int | None) -> str:
    """The name of the article's chain in the trail; None: the chain of what belongs to no article."""
    if article is None:
        return DESK_CHAIN
    return str(Article.objects.values_list("uuid", flat=True).get(pk=article))


def move(
    obj: Row,
    to: str,
    *,
    by: User | None,
    seen: int,
    act: uuid.UUID | None = None,
    reason: str = "",
    chains: Iterable[str] = (),
    **fields: Any,
) -> Row:
    """Change obj's status to `to`, and `fields` with it. Returns obj, refreshed.

    seen: the version that the client read. by: None for the machine. act: the act this is a part of, if a larger one.
    chains: where the trail tells it, when that is not the chain of the row's own article.
    Raises Conflict when somebody else was first, InvalidTransition when the machine has no such arrow, Refused when a
    rule of the database stands against it. The audit entry is written by the same transaction.
    """
    old = obj.status
    if obj.version != seen:
        raise _lost(obj)
    if to not in obj.TRANSITIONS[old]:
        raise InvalidTransition(f"{_name(obj)} is {old}; it cannot become {to}.")
    with change(obj.article_key) as own_act:
        moved = (
            type(obj)
            ._default_manager.filter(pk=obj.pk, status=old, version=seen)
            .update(status=to, version=F("version") + 1, updated_at=Now(), **fields)
        )
        if moved != 1:
            raise _lost(obj)
        for chain in chains or [chain_of(obj.article_key)]:
            AuditEntry.record(
                obj,
                f"{obj._meta.model_name}.{to}",
                by=by,
                act=act or own_act,
                chain=chain,
                old=old,
                new=to,
                text=reason,
            )
    obj.refresh_from_db()
    return obj


def still(obj: Any, seen: int) -> None:
    """Read the row again, behind the lock of its article. Raises Conflict when it is not in this version any more."""
    obj.refresh_from_db()
    if obj.version != seen:
        raise _lost(obj)


def write(obj: Any, *, seen: int, status: str, **fields: Any) -> None:
    """Compare-and-swap without an arrow: `fields` of a row in this version and status, whose version rises. Raises
    Conflict. In the caller's transaction, whose entry in the trail tells of it.
    """
    rows = type(obj)._default_manager.filter(pk=obj.pk, version=seen, status=status)
    if not rows.update(version=F("version") + 1, updated_at=Now(), **fields):
        raise _lost(obj)


def _name(obj: Model) -> str:
    return f"{str(obj._meta.verbose_name).capitalize()} {obj.pk}"


def _lost(obj: Model) -> Conflict:
    return Conflict(f"{_name(obj)} was changed by somebody else in the meantime. Nothing was saved.")
