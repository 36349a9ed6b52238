"""A correction, or an update, of what was published: it begins from its words and evidence, so that nobody types them
anew, and goes the whole way that a first review goes.
"""

from uuid import UUID

from factcheck.models import AuditEntry, Claim, ClaimReview, Evidence, LegalReading, Reply, User
from factcheck.workflow.transitions import chain_of

WORDS = ("statement", "speaker", "verdict", "rating", "rationale", "as_of", "review_again")
# A suggestion leads to one piece, and stays with the one that was published first; so does what was told in confidence,
# which stands in one place, where it can be erased.
OF_A_PIECE = (
    "kind", "stance", "note", "snapshot_id", "exact", "language", "translation", "translator", "translated_by_machine",
    "public_wording", "searched_for", "searched_where", "searched_on",
)  # fmt: skip

OF_A_REPLY = ("name", "role", "channel", "asked_on", "deadline", "answer", "answered_on", "not_asked")


def published(claim: Claim) -> ClaimReview | None:
    """What a new review of the claim corrects or updates. None too where the law had it taken down: that is not the
    text to begin with.
    """
    standing = claim.reviews.filter(status=ClaimReview.Status.PUBLISHED, publication__taken_down_at__isnull=True)
    return standing.first()


def copy_replies(earlier: ClaimReview, to: ClaimReview, *, by: User, act: UUID) -> None:
    """Who was asked, and what they answered, stays printed. As copy_evidence()."""
    for reply in earlier.replies.order_by("pk"):
        copy = Reply.objects.create(review=to, writer=by, **{name: getattr(reply, name) for name in OF_A_REPLY})
        said = copy.answer or copy.name or copy.not_asked
        AuditEntry.record(copy, "reply.copied", by=by, act=act, chain=chain_of(to.article_key), text=said)


def carry_legal_mark(to: ClaimReview, *, by: User, act: UUID) -> None:
    """What once needed a legal reading needs one again. In the caller's transaction."""
    public = LegalReading.objects.filter(review__claim=to.claim_id, review__status__in=ClaimReview.PUBLIC)
    earlier = public.order_by("-review").first()
    if earlier is not None:
        mark = LegalReading.objects.create(review=to, reason=earlier.reason, marked_by=by)
        chain = chain_of(to.article_key)
        AuditEntry.record(mark, "legalreading.marked", by=by, act=act, chain=chain, text=earlier.reason)


def copy_evidence(earlier: ClaimReview, to: ClaimReview, *, by: User, act: UUID) -> None:
    """In the caller's transaction. to: a draft; its version rises with each piece."""
    for piece in earlier.evidence.order_by("pk"):
        said = {name: getattr(piece, name) for name in OF_A_PIECE}
        first = piece.copied_from_id or piece.pk
        copy = Evidence.objects.create(review=to, writer=by, copied_from_id=first, **said)
        chain = chain_of(to.article_key)
        AuditEntry.record(copy, "evidence.copied", by=by, act=act, chain=chain, new=copy.stance)
