"""Taking down what was published, where the law demands it: the text is erased, and a tombstone stands in its place."""

import hashlib

from django.db.models.functions import Now

from factcheck.exceptions import BadInput, InvalidTransition
from factcheck.models import AuditEntry, ClaimReview, KeptAnswer, Publication, User
from factcheck.permissions import require
from factcheck.workflow import factchecks, notices
from factcheck.workflow.publications import canonical, send_back, tell_its_people
from factcheck.workflow.transitions import chain_of, change, still
from factcheck.workflow.words import words


def take_down(review: ClaimReview, *, by: User, seen: int, reason: str, ground: str = "") -> Publication:
    """Erase what was published of this review, and of those that it took the place of: they say much the same. What
    was published later stays. The review itself stays as it is, for the desk alone; the trail says which text it was.

    reason, and ground, the law or ruling: the public reads them. Raises NotAllowed, BadInput, Conflict,
    InvalidTransition, Refused (publication_is_kept_under_hold).
    """
    require(by, "take a fact-check down", review)
    reason, ground = words("reason", reason, needed=True), words("legal ground", ground)
    with change(review.article_key) as act:
        still(review, seen)
        publication = Publication.objects.filter(review=review).first()
        if publication is None:
            raise InvalidTransition(f"Review {review.pk} was never published: there is nothing to take down.")
        if publication.taken_down_at:
            raise BadInput("This fact-check was taken down already.")
        these = Publication.objects.filter(
            slug=publication.slug, number__lte=publication.number, taken_down_at__isnull=True
        )
        texts = list(these.order_by("pk"))
        these.update(frozen="", takedown_reason=reason, takedown_ground=ground, taken_down_by=by, taken_down_at=Now())
        for text in texts:
            AuditEntry.record(
                text,
                "publication.taken_down",
                by=by,
                act=act,
                chain=chain_of(review.article_key),
                old=text.sha256,
                new=said(reason, ground),
            )
        factchecks.empty(texts, by=by, act=act)
        KeptAnswer.objects.erase()  # of which any may quote it
        send_back(review.claim, by=by, act=act, reason=reason)
        tell_its_people(review, notices.Kind.TAKEN_DOWN, f"publication-{publication.pk}-taken-down", by=by)
    return Publication.objects.get(pk=publication.pk)


def since(review: ClaimReview) -> Publication | None:
    """What was taken down of its claim after this review began: its words may still stand in it. The newest."""
    gone = Publication.objects.filter(review__claim=review.claim_id, taken_down_at__gt=review.created_at)
    return gone.order_by("-taken_down_at", "-pk").first()


def said(reason: str, ground: str) -> str:
    """What the trail holds of the words that the public reads: their sha256."""
    return hashlib.sha256(canonical({"reason": reason, "ground": ground}).encode()).hexdigest()
