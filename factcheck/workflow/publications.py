"""Making a review public, and taking it back in public."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import slugify

from factcheck import claimreview
from factcheck.exceptions import BadInput, Conflict, InvalidTransition
from factcheck.models import AuditEntry, Claim, ClaimReview, Desk, Publication, User
from factcheck.permissions import require
from factcheck.workflow import events, factchecks, gate, notices
from factcheck.workflow.transitions import chain_of, change, move, still
from factcheck.workflow.words import words

Status = ClaimReview.Status
OF_THE_ACT = ("published_at", "approved_by", "written_by", "method_version", "desk")


def canonical(value: Any) -> str:
    """The one spelling of a JSON value, so that its sha256 can be taken again by anybody."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def address(publication_slug: str) -> str:
    """Where the public reads it."""
    return f"{settings.PUBLIC_URL}/fact-checks/{publication_slug}/"


def canonical_address(publication: Publication) -> str:
    """The address under which it is known: the one in its markup, also when PUBLIC_URL became another since, so that
    page, feeds and markup never disagree. What was taken down has no markup.
    """
    return publication.jsonld.get("url") or address(publication.slug)


def printed(review: ClaimReview) -> dict[str, Any]:
    """Everything that publishing this review would print, but for names, numbers and days of the act itself."""
    claim = Claim.objects.select_related("article__outlet").get(pk=review.claim_id)
    desk = Desk.objects.first() or Desk()
    content = claimreview.content(
        review, desk=desk, writers=[], published_at=datetime.min, claim=claim, robots=gate.robots(review)
    )
    return _apart_from_the_act(content)


def _apart_from_the_act(content: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in content.items() if name not in OF_THE_ACT}


def fingerprint(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def signature(review: ClaimReview) -> str:
    """sha256 of what publishing the review would print.

    What a review rests on has details of its own (a source's title, the desk's labels) that change without it: the
    second person's signature covers them as they stood when she signed.
    """
    return fingerprint(printed(review))


def _as_signed(review: ClaimReview, content: dict[str, Any]) -> bool:
    signed = AuditEntry.objects.filter(subject="claimreview", subject_id=review.pk, verb="claimreview.signed")
    newest = signed.order_by("-seq").values_list("new", flat=True).first()
    return newest == fingerprint(_apart_from_the_act(content))


def publish(review: ClaimReview, *, by: User, seen: int) -> Publication:
    """Freeze an approved review as its public page. An earlier one of the same claim is superseded by it. From then on
    it is an earlier fact-check of the library too.

    Raises NotAllowed, Conflict, InvalidTransition; Refused, also with all that the gate (workflow/gate.py) finds open;
    BadInput when the desk has not been named.
    """
    require(by, "publish a review", review)
    desk = Desk.objects.first()
    if desk is None:
        raise BadInput("The desk has no name yet: set it up before publishing.")
    with change(review.article_key) as act:
        claim = Claim.objects.select_related("article__outlet").get(pk=review.claim_id)
        earlier = Publication.objects.filter(review__claim=claim).order_by("-number")
        number = (earlier[0].number if earlier else 0) + 1
        robots = gate.robots(review)
        words_of_it = "" if robots else slugify(review.statement)[:80].strip("-")  # a name kept from search engines
        slug = earlier[0].slug if earlier else f"{words_of_it or 'claim'}-{claim.pk}"
        names = dict(User.objects.filter(pk__in=review.written_by).values_list("pk", "name"))
        content = claimreview.content(
            review,
            desk=desk,
            writers=[names[writer] for writer in review.written_by if writer in names],
            published_at=timezone.now(),
            claim=claim,
            robots=robots,
        )
        jsonld = claimreview.jsonld(content, url=address(slug), home=settings.PUBLIC_URL + "/")
        frozen = canonical({"content": content, "jsonld": jsonld})
        if review.status == Status.APPROVED and review.version == seen:
            # Only then: otherwise move() below says what is wrong in the desk's words, not the guard's.
            if not _as_signed(review, content):
                raise Conflict(
                    "What this review prints has changed since it was signed: the details of a source, the desk's"
                    " labels, or, with an upgrade, what is printed. Send it back, and have it approved as it is now."
                )
            gate.require_open(review)
            for old in ClaimReview.objects.filter(claim=claim, status=Status.PUBLISHED):
                move(old, Status.SUPERSEDED, by=by, seen=old.version, act=act)
            publication = Publication.objects.create(
                review=review,
                slug=slug,
                number=number,
                frozen=frozen,
                sha256=hashlib.sha256(frozen.encode()).hexdigest(),
                method_version=desk.method_version,
                published_by=by,
            )
            chain = chain_of(review.article_key)
            AuditEntry.record(publication, "publication.published", by=by, act=act, chain=chain, new=publication.sha256)
            factchecks.join(publication, by=by, act=act)
        move(review, Status.PUBLISHED, by=by, seen=seen, act=act)
        move(claim, Claim.Status.REVIEWED, by=by, seen=claim.version, act=act)
        tell_its_people(review, notices.Kind.PUBLISHED, f"publication-{publication.pk}", by=by)
    return publication


def tell_its_people(review: ClaimReview, kind: str, event: str, *, by: User) -> None:
    """Who wrote and who approved it, and who follows the claim; and soon the partners that want to be told."""
    events.number_soon()
    people = notices.followers(review.claim) | {*review.written_by, review.approver_id}
    notices.tell(filter(None, people), kind, review.claim, event, by=by)


def send_back(claim: Claim, *, by: User, act: UUID, reason: str) -> None:
    """What waits on this claim for its signature or its hour was read while another text stood: it is read anew. In the
    caller's transaction, which holds the article.
    """
    for review in claim.reviews.filter(status__in=[Status.SUBMITTED, Status.APPROVED]):
        move(review, Status.DRAFT, by=by, seen=review.version, act=act, reason=reason, approver=None)
        event = f"review-{review.pk}-{review.status}-{review.version}"
        tell_its_people(review, notices.Kind.CHANGES_REQUESTED, event, by=by)


def retract(review: ClaimReview, *, by: User, seen: int, reason: str) -> Publication:
    """Take a published review back at once, with a reason that the public reads. Its address stays, and says so: what
    it took the place of does not stand again. A new review of the claim takes the whole path.
    """
    require(by, "retract a review", review)
    reason = words("reason", reason, needed=True)
    with change(review.article_key) as act:
        still(review, seen)
        publication = Publication.objects.filter(review=review)
        if publication.filter(taken_down_at__isnull=False).exists():
            raise InvalidTransition("This fact-check was taken down: there is nothing left to retract.")
        publication.update(retraction_reason=reason, retracted_by=by, retracted_at=Now())
        move(review, Status.RETRACTED, by=by, seen=seen, act=act, reason=reason)
        AuditEntry.record(
            publication.get(),
            "publication.retracted",
            by=by,
            act=act,
            chain=chain_of(review.article_key),
            new=hashlib.sha256(reason.encode()).hexdigest(),
        )
        claim = Claim.objects.get(pk=review.claim_id)
        send_back(claim, by=by, act=act, reason=reason)
        if claim.status == Claim.Status.REVIEWED:
            move(claim, Claim.Status.DETECTED, by=by, seen=claim.version, act=act)
        tell_its_people(review, notices.Kind.RETRACTED, f"publication-{publication.get().pk}-retracted", by=by)
    return Publication.objects.get(review=review)
