"""A review from its first word to the second signature.

Every verb takes `seen`, the version that the client read, and raises Conflict when somebody was faster. Whoever writes
a part is counted among `written_by`; the database keeps the approval from all of them.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone

from factcheck.exceptions import BadInput, InvalidTransition, Refused
from factcheck.models import Article, AuditEntry, AuditText, Claim, ClaimReview, Desk, Notice, Suggestion, User
from factcheck.permissions import require
from factcheck.text.statements import plain
from factcheck.workflow import comments, corrections, gate, leases, links, notices, publications, readings, sightings
from factcheck.workflow.transitions import chain_of, change, move, still, write
from factcheck.workflow.words import words

Status = ClaimReview.Status


def begin(claim: Claim, *, by: User, seen: int) -> ClaimReview:
    """Open a draft with the claim's statement and speaker; where a fact-check of it is public, with all that this says
    and rests on. seen: the claim's version.

    Raises NotAllowed, Conflict, InvalidTransition, Refused (one_open_review_per_claim).
    """
    require(by, "write a review", claim)
    with change(claim.article_id) as act:
        # Who put the claim into these words, or said who made it, has written a part: the review begins with them.
        worded = ("claim.added", "claim.statement", "claim.attributed")
        edited = AuditEntry.objects.filter(subject="claim", subject_id=claim.pk, verb__in=worded).order_by("seq")
        said: dict[str, Any] = {"statement": plain(claim.statement), "speaker": claim.speaker}
        writers: list[int | None] = [by.pk, *edited.values_list("actor", flat=True)]
        earlier = corrections.published(claim)
        if earlier is not None:  # its words stay those of who wrote them
            said = {name: getattr(earlier, name) for name in corrections.WORDS}
            writers += earlier.written_by
        told, told_by = _told_before(claim, said["speaker"])
        named = [pk for pk in dict.fromkeys([*writers, *told_by]) if pk is not None]
        review = ClaimReview.objects.create(claim=claim, writer=by, written_by=named, assignee=by, **said, **told)
        move(claim, Claim.Status.IN_REVIEW, by=by, seen=seen, act=act)
        leases.take(claim, by)
        _record(review, "claimreview.begun", by=by, act=act, new=Status.DRAFT)
        if earlier is not None:
            corrections.copy_evidence(earlier, review, by=by, act=act)
            corrections.copy_replies(earlier, review, by=by, act=act)
        corrections.carry_legal_mark(review, by=by, act=act)
        readings.ensure(review, by=by)
        notices.join(claim, by)
    review.refresh_from_db()
    return review


def _told_before(claim: Claim, speaker: str) -> tuple[dict[str, Any], list[int | None]]:
    """What the claim's newest public review tells of its original, if its speaker is the same and its quote stands; and
    who wrote that: they have written a part of the next one too.
    """
    public = claim.reviews.filter(status__in=ClaimReview.PUBLIC, publication__taken_down_at__isnull=True)
    earlier = public.select_related("publication").order_by("-pk").first()
    if earlier is None:
        return {}, []
    anchor = claim.anchors.order_by("-article_version__number").first()
    names: tuple[str, ...] = ClaimReview.ORIGINAL if earlier.speaker == speaker else ()
    quote = earlier.publication.content.get("quote")
    if anchor and isinstance(quote, dict) and quote.get("exact") == anchor.exact:
        names += ClaimReview.QUOTE
    told = {name: value for name in names if (value := getattr(earlier, name))}
    described = AuditEntry.objects.filter(
        subject="claimreview", subject_id__in=claim.reviews.values("pk"), verb="claimreview.described"
    )
    return told, list(described.order_by("seq").values_list("actor", flat=True)) if told else []


def draft_of(claim: Claim, *, by: User) -> ClaimReview:
    """The claim's open draft, or a new one: accepting a first source needs no extra click.

    Raises Refused when the open review is not a draft any more.
    """
    claim.refresh_from_db()
    open_review = claim.reviews.filter(status__in=ClaimReview.OPEN).first()
    if open_review is not None:
        leases.take(claim, by)
    return open_review or begin(claim, by=by, seen=claim.version)


def save(
    review: ClaimReview,
    *,
    by: User,
    seen: int,
    statement: str,
    speaker: str,
    verdict: str,
    rating: int | None,
    rationale: str,
    as_of: date | None,
    change_kind: str = "",
    change_note: str = "",
) -> ClaimReview:
    """Write what the draft says. verdict "" and rating None: not decided yet. Of another speaker nothing is told yet.

    change_kind (correction, update) and change_note: what it is to the one that was published before; needed when it
    is submitted, if there is one.

    Raises BadInput, NotAllowed, Conflict, Refused (rating_agrees_with_verdict, review_changes_in_draft_only).
    """
    require(by, "write a review", review)
    if verdict and verdict not in ClaimReview.Verdict.values:
        raise BadInput(f"There is no verdict {verdict!r}; it is verified, disputed or unverifiable.")
    if change_kind and change_kind not in ClaimReview.Change.values:
        raise BadInput(f"There is no change {change_kind!r}; it is a correction or an update.")
    written: dict[str, Any] = {
        "statement": words("statement", statement, needed=True),
        "speaker": words("speaker", speaker),
        "verdict": verdict or None,
        "rating": rating,
        "rationale": words("rationale", rationale),
        "as_of": as_of,
        "change_kind": change_kind,
        "change_note": words("words on what changed", change_note),
    }
    if written["speaker"] != review.speaker:  # what is known of one speaker is not said of another
        written |= {"speaker_kind": "", "speaker_same_as": ""}
    with change(review.article_key) as act:
        before = {name: getattr(review, name) for name in written}
        touch(review, by=by, seen=seen, **written)
        changed = {name: [str(before[name]), str(now)] for name, now in written.items() if before[name] != now}
        _record(review, "claimreview.saved", by=by, act=act, text=json.dumps(changed, ensure_ascii=False))
        if by.pk not in review.written_by:
            notices.join(review.claim, by)
    review.refresh_from_db()
    return review


def touch(review: ClaimReview, *, by: User, seen: int, **written: Any) -> None:
    """Write in a draft, as `by`, whom the database counts among its writers from now on. A machine reads what it says
    then.

    Raises Conflict, or InvalidTransition when it is no draft.
    """
    if review.version == seen and review.status != Status.DRAFT:
        raise InvalidTransition(
            f"Review {review.pk} is {review.status}: what it says changes only while it is a draft."
        )
    write(review, seen=seen, status=Status.DRAFT, writer=by, **written)
    readings.ensure(review, by=by)


def take_over(review: ClaimReview, *, by: User, seen: int) -> ClaimReview:
    """Take a draft into one's own hands. Whoever does is one more of its writers, and will not approve it."""
    require(by, "take a draft over", review)
    with change(review.article_key) as act:
        before = review.assignee_id
        touch(review, by=by, seen=seen, assignee=by)
        _record(review, "claimreview.taken_over", by=by, act=act, old=before and str(before), new=str(by.pk))
        notices.join(review.claim, by)
    review.refresh_from_db()
    return review


def lock_articles(*, assignee: User) -> None:
    """Of everything that this person has in hand, in the order of their keys. The caller's transaction."""
    held = ClaimReview.objects.filter(assignee=assignee, status__in=ClaimReview.OPEN).values("claim__article")
    list(Article.objects.select_for_update(no_key=True).filter(pk__in=held).order_by("pk").values_list("pk"))


def release(held_by: QuerySet[ClaimReview], *, by: User | None, act: uuid.UUID) -> None:
    """Let go of open reviews whose assignee leaves: as drafts, somebody may take each one over. The caller's
    transaction and act.
    """
    for review in held_by.filter(status__in=ClaimReview.OPEN).order_by("claim__article_id", "pk"):
        with change(review.article_key):
            held = ClaimReview.objects.filter(pk=review.pk, status=review.status, assignee=review.assignee_id)
            if held.update(assignee=None, version=F("version") + 1, updated_at=Now()):
                _record(review, "claimreview.released", by=by, act=act, old=str(review.assignee_id))


def submit(review: ClaimReview, *, by: User, seen: int) -> ClaimReview:
    """Hand the draft to a second person. Raises Refused when verdict, rationale, date or evidence is missing, or a
    step of the desk's checklist is not answered (checklist_is_answered).

    Addresses that it prints and that were not reached lately are looked at, by a machine step.
    """
    require(by, "submit a review", review)
    with change(review.article_key) as act:
        asked = (Desk.objects.first() or Desk(pk=1)).checklist
        answered = set(review.checklist.values_list("item", flat=True))
        if open_items := [item for item in asked if item not in answered]:
            named = ", ".join(f"“{item}”" for item in open_items)
            raise Refused(f"The method checklist is not answered yet: {named}.", "checklist_is_answered")
        leases.end(review.claim)
        links.ensure(review)
        readings.ensure(review, by=by)
        return move(review, Status.SUBMITTED, by=by, seen=seen, act=act)


def withdraw(review: ClaimReview, *, by: User, seen: int) -> ClaimReview:
    """Take a submitted or approved review back to work on it. An approval is gone with it."""
    require(by, "withdraw a review", review)
    return move(review, Status.DRAFT, by=by, seen=seen, approver=None)


def approve(review: ClaimReview, *, by: User, seen: int, compared: bool = False) -> ClaimReview:
    """The second signature, on exactly the version that was read. Raises Refused (four_eyes) for any of its writers.

    compared: the approver compared all pasted words with their sources, which is kept as their answer to the gate.
    """
    require(by, "approve a review", review)
    with change(review.article_key) as act:
        move(review, Status.APPROVED, by=by, seen=seen, act=act, approver=by)
        if compared:
            gate.compared(review, by=by, act=act)
        _record(review, "claimreview.signed", by=by, act=act, new=publications.signature(review))
        _tell(review, notices.Kind.APPROVED, by=by)
    return review


def request_changes(
    review: ClaimReview, *, by: User, seen: int, reason: str, on_parts: Iterable[tuple[comments.On, str]] = ()
) -> ClaimReview:
    """Send a submitted or approved review back with a reason, and with comments on its parts if there are any."""
    require(by, "request changes", review)
    reason = words("reason", reason, needed=True)
    with change(review.article_key) as act:
        sightings.see(review, by=by)
        comments.write_on_parts(review, on_parts, by=by, act=act)
        move(review, Status.DRAFT, by=by, seen=seen, act=act, reason=reason, approver=None)
        _tell(review, notices.Kind.CHANGES_REQUESTED, by=by)
    return review


def _tell(review: ClaimReview, kind: str, *, by: User) -> None:
    """Its writers, and who follows the claim."""
    people = notices.followers(review.claim) | set(review.written_by)
    notices.tell(people, kind, review.claim, f"review-{review.pk}-{review.status}-{review.version}", by=by)


def abandon(review: ClaimReview, *, by: User, seen: int) -> ClaimReview:
    """Give a draft up. Its claim goes back to where it was; its accepted suggestions can be decided anew."""
    require(by, "abandon a draft", review)
    with change(review.article_key) as act:
        still(review, seen)
        for evidence in review.evidence.filter(suggestion__isnull=False).select_related("suggestion"):
            suggestion = evidence.suggestion
            review.evidence.filter(pk=evidence.pk).update(suggestion=None)
            if suggestion is not None:
                move(
                    suggestion,
                    Suggestion.Status.PENDING,
                    by=by,
                    seen=suggestion.version,
                    act=act,
                    decided_by=None,
                )
        review.refresh_from_db()
        move(review, Status.ABANDONED, by=by, seen=review.version, act=act)
        claim = Claim.objects.get(pk=review.claim_id)
        published = claim.reviews.filter(status=Status.PUBLISHED).exists()
        to = Claim.Status.REVIEWED if published else Claim.Status.DETECTED
        move(claim, to, by=by, seen=claim.version, act=act)
        leases.end(claim)
    return review


def last_changes_requested(review: ClaimReview) -> str:
    """The reason with which it was last sent back, for the page of its draft; "" when it never was, or was erased."""
    entries = AuditEntry.objects.filter(
        Q(subject="claimreview", subject_id=review.pk, verb="claimreview.draft"), text_sha256__isnull=False
    )
    newest = entries.order_by("-seq").values_list("pk", flat=True).first()
    text = AuditText.objects.filter(entry_id=newest).first() if newest else None
    return text.text if text else ""


def tell_of_due() -> int:
    """Tell editors, and who follows the claim, of each published fact-check whose day to be looked at again has come;
    once each. Returns how many."""
    event = Concat(Value("review-"), Cast(OuterRef("pk"), CharField()), Value("-again"))
    told = Notice.objects.filter(kind=Notice.Kind.REVIEW_AGAIN, event=event)
    due = ClaimReview.objects.filter(~Exists(told), status=Status.PUBLISHED, review_again__lte=timezone.localdate())
    rows = list(due.select_related("claim").defer("claim__embedding").order_by("pk"))
    for review in rows:
        people = notices.editors() | notices.followers(review.claim)
        with change(review.article_key):
            notices.tell(people, notices.Kind.REVIEW_AGAIN, review.claim, f"review-{review.pk}-again", by=None)
    return len(rows)


def _record(obj: Model, verb: str, *, by: User | None, act: uuid.UUID, **fields: Any) -> None:
    review = obj if isinstance(obj, ClaimReview) else obj.review  # type: ignore[attr-defined]
    AuditEntry.record(obj, verb, by=by, act=act, chain=chain_of(review.article_key), **fields)
