"""Reviews of claims: what people found, what it rests on, and who signed it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.models.claims import FITS, UNFIT, Claim
from factcheck.models.guards import Guard, arrows, born, forever, refuse, rises, unchanging, undeletable
from factcheck.models.rows import Stated
from factcheck.models.sources import Source
from factcheck.models.suggestions import Suggestion

# Statuses in which a second person has signed.
SIGNED = ["approved", "published", "superseded", "retracted"]
ACCEPTED_FIRST = "Evidence comes of a suggestion that a person accepted, and for the same claim."
PUBLISHED_AS_ONE = "A review is published together with its page, and retracted together with the public reason."
SUPERSEDED_BY = "A review is superseded by the publication of another."
# What a review says. It changes only while the review is a draft.
CONTENT = ("claim_id", "statement", "speaker", "verdict", "rating", "rationale", "as_of", "writer_id")


REVIEW_ARROWS = {
    "draft": frozenset({"submitted", "abandoned"}),
    "submitted": frozenset({"approved", "draft"}),
    "approved": frozenset({"published", "draft"}),
    "published": frozenset({"superseded", "retracted"}),
    "superseded": frozenset(),
    "retracted": frozenset(),
    "abandoned": frozenset(),
}


class ClaimReviewQuerySet(models.QuerySet):
    def waiting(self) -> "ClaimReviewQuerySet":
        """For a second person: submitted ones to approve, approved ones to publish. In the order they began in."""
        return self.filter(status__in=["submitted", "approved"]).order_by("pk")


class ClaimReview(Stated):
    """A review of one claim.

        draft ──► submitted ──► approved ──► published
        submitted, approved ──► draft      withdrawn, changes requested, or to edit it: an approval is gone
        draft ──► abandoned
        published ──► superseded           its correction or update, which took the whole path, was published
        published ──► retracted            by an editor, at once, with a public reason

    One open review (draft, submitted, approved) and one published one per claim. From submission on a review is
    complete: verdict, rationale, date and at least one piece of evidence. Its approver wrote no part of it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")
        RETRACTED = "retracted", _("Retracted")
        ABANDONED = "abandoned", _("Abandoned")

    class Verdict(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        DISPUTED = "disputed", _("Disputed")
        UNVERIFIABLE = "unverifiable", _("Unverifiable")

    TRANSITIONS = REVIEW_ARROWS
    OPEN = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED)
    PUBLIC = (Status.PUBLISHED, Status.SUPERSEDED, Status.RETRACTED)

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reviews")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    statement = models.TextField(_("statement, as copied from the claim"))
    speaker = models.CharField(_("speaker, as copied from the claim"), max_length=500, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, null=True, blank=True)  # noqa: DJ001
    rating = models.PositiveSmallIntegerField(_("rating, 1 to 5"), null=True, blank=True)
    rationale = models.TextField(_("rationale"), blank=True)
    as_of = models.DateField(_("true as of"), null=True, blank=True)
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="written_reviews", verbose_name=_("last written by")
    )
    written_by = ArrayField(models.BigIntegerField(), verbose_name=_("everybody who wrote a part (ids)"))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="approved_reviews"
    )

    objects = ClaimReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                name="one_open_review_per_claim",
                condition=models.Q(status__in=["draft", "submitted", "approved"]),
            ),
            models.UniqueConstraint(
                fields=["claim"], name="one_published_review_per_claim", condition=models.Q(status="published")
            ),
            models.CheckConstraint(
                name="review_status_is_known",
                condition=models.Q(status__in=list(REVIEW_ARROWS)),
            ),
            # Spelled with IS NULL on both sides: a CHECK that comes out as NULL lets the row pass.
            models.CheckConstraint(
                name="rating_agrees_with_verdict",
                condition=models.Q(verdict__isnull=True, rating__isnull=True)
                | models.Q(verdict="unverifiable", verdict__isnull=False, rating__isnull=True)
                | models.Q(verdict="verified", verdict__isnull=False, rating__isnull=False, rating__in=[4, 5])
                | models.Q(verdict="disputed", verdict__isnull=False, rating__isnull=False, rating__in=[1, 2, 3]),
            ),
            models.CheckConstraint(
                name="submitted_review_is_complete",
                condition=models.Q(status__in=["draft", "abandoned"])
                | (models.Q(verdict__isnull=False, as_of__isnull=False) & ~models.Q(rationale__regex=r"^\s*$")),
            ),
            models.CheckConstraint(
                name="approved_review_has_approver",
                condition=models.Q(status__in=SIGNED, approver__isnull=False)
                | (~models.Q(status__in=SIGNED) & models.Q(approver__isnull=True)),
            ),
            models.CheckConstraint(name="review_has_a_writer", condition=models.Q(written_by__len__gte=1)),
            models.CheckConstraint(
                name="four_eyes",
                condition=models.Q(approver__isnull=True)
                | ~models.Q(written_by__contains=models.Func("approver", template="ARRAY[%(expressions)s]::bigint[]")),
            ),
            models.CheckConstraint(name="review_statement_is_not_empty", condition=~models.Q(statement="")),
        ]
        triggers = [
            rises("a_review_version_rises"),
            arrows("review_arrows", REVIEW_ARROWS),
            born(
                "reviews_are_born_drafts",
                "NEW.status = 'draft' AND NEW.version = 1 AND NEW.approver_id IS NULL"
                " AND array_position(NEW.written_by, NULL) IS NULL",
                "A review is born a draft, with its writer.",
            ),
            undeletable("reviews_stay", "A review is never deleted; a draft can be abandoned."),
            Guard(
                name="review_changes_in_draft_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.status <> 'draft' AND ({
                    " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in CONTENT)
                }) THEN
                        {refuse("review_changes_in_draft_only", "What a review says changes only while it is a draft.")}
                    END IF;
                    IF NEW.claim_id <> OLD.claim_id OR NEW.id <> OLD.id THEN
                        {refuse("review_changes_in_draft_only", "A review stays with its claim.")}
                    END IF;
                    IF OLD.status IN ('published', 'superseded', 'retracted', 'abandoned')
                       AND NEW.written_by <> OLD.written_by THEN
                        {refuse("review_changes_in_draft_only", "What was published or abandoned has its writers.")}
                    END IF;
                    IF NEW.approver_id IS DISTINCT FROM OLD.approver_id
                       AND (NEW.status = OLD.status OR NEW.status IN ('published', 'superseded', 'retracted')) THEN
                        {refuse("review_changes_in_draft_only", "An approver is named by the act of approving.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="review_counts_its_writer",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.writer_id := coalesce(NEW.writer_id, NEW.written_by[1]);
                    IF NOT NEW.writer_id = ANY(NEW.written_by) THEN
                        NEW.written_by := NEW.written_by || NEW.writer_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="review_writers_only_grow",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NOT (NEW.written_by @> OLD.written_by) OR array_position(NEW.written_by, NULL) IS NOT NULL THEN
                        {refuse("review_writers_only_grow", "Nobody is taken off the list of a review's writers.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="review_rests_on_evidence",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.status IN ('submitted', 'approved', 'published') AND
                       NOT EXISTS (SELECT FROM factcheck_evidence WHERE review_id = NEW.id) THEN
                        {refuse("review_rests_on_evidence", "A review needs at least one piece of evidence.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="review_fits_claim_status",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=f"""
                    PERFORM FROM factcheck_claim WHERE id = NEW.claim_id FOR SHARE;
                    IF NOT EXISTS (SELECT FROM factcheck_claim WHERE id = NEW.claim_id AND {FITS}) THEN
                        {refuse("review_fits_claim_status", UNFIT)}
                    END IF;
                    RETURN NULL;
                """,
            ),
            Guard(
                name="public_review_has_publication",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF EXISTS (
                        SELECT FROM factcheck_claimreview review
                        LEFT JOIN factcheck_publication publication ON publication.review_id = review.id
                        WHERE review.id = NEW.id AND (
                            (review.status IN ('published', 'superseded', 'retracted')) <> (publication.id IS NOT NULL)
                            OR (review.status = 'retracted') <> (coalesce(publication.retraction_reason, '') <> '')
                        )
                    ) THEN
                        {refuse("public_review_has_publication", PUBLISHED_AS_ONE)}
                    END IF;
                    IF EXISTS (
                        SELECT FROM factcheck_claimreview review
                        JOIN factcheck_publication publication ON publication.review_id = review.id
                        WHERE review.id = NEW.id AND review.status = 'superseded' AND NOT EXISTS (
                            SELECT FROM factcheck_publication newer
                            WHERE newer.slug = publication.slug AND newer.number > publication.number)
                    ) THEN
                        {refuse("public_review_has_publication", SUPERSEDED_BY)}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    @property
    def article_key(self) -> int:
        return self.claim.article_id

    def __str__(self) -> str:
        return Truncator(self.statement).chars(80)


class Snapshot(models.Model):
    """A source as it was when a review came to rest on it. Immutable."""

    class Origin(models.TextChoices):
        """A reader must be able to tell what a machine fetched from what a person pasted."""

        FETCHED = "fetched", _("Fetched")
        PASTED = "pasted", _("Pasted, not fetched")

    source = models.ForeignKey(Source, models.PROTECT, related_name="snapshots")
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("sha256 of the text (UTF-8)"), max_length=64)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    taken_at = models.DateTimeField(_("taken"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("snapshot")
        constraints = [
            models.CheckConstraint(name="snapshot_text_is_not_empty", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="snapshot_origin_is_known", condition=models.Q(origin__in=["fetched", "pasted"])
            ),
        ]
        triggers = [
            forever("snapshots_stay", "A snapshot is never changed."),
            Guard(
                name="snapshot_has_its_hash",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
                        {refuse("snapshot_has_its_hash", "The sha256 of a snapshot does not match its text.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)


def only_in_a_draft(name: str, review_of: str, writer: str) -> Guard:
    """Rows that a review rests on change only while it is a draft.

    Locks the review's row, so that nothing slips in beside a submission, raises its version, so that whoever read it
    before notices, and counts the writer among `written_by`. The review must be there already: foreign keys are looked
    at only at COMMIT. `review_of` and `writer`: SQL over ROW, the changed row.
    """
    return Guard(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("touched", "bigint"), ("writer", "bigint"), ("review_status", "text")],
        func=f"""
            IF TG_OP = 'DELETE' THEN
                touched := ({review_of.replace("ROW", "OLD")});
            ELSE
                touched := ({review_of.replace("ROW", "NEW")});
                writer := {writer.replace("ROW", "NEW")};
            END IF;
            SELECT status INTO review_status FROM factcheck_claimreview WHERE id = touched FOR UPDATE;
            IF review_status IS DISTINCT FROM 'draft' THEN
                {refuse(name, "What a review rests on changes only while it is a draft.")}
            END IF;
            UPDATE factcheck_claimreview SET written_by = CASE
                WHEN writer IS NULL OR writer = ANY(written_by) THEN written_by ELSE written_by || writer END
            WHERE id = touched;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class Evidence(models.Model):
    """One thing that a review rests on: a document's exact words, a person's, or a search that found nothing."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        PERSON = "person", _("Person")
        SEARCH = "search", _("Search record")

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        REFUTES = "refutes", _("Refutes")
        CONTEXT = "context", _("Context")

    review = models.ForeignKey(ClaimReview, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    stance = models.CharField(_("stance"), max_length=10, choices=Stance)
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="written_evidence",
        verbose_name=_("last written by"),
    )
    note = models.TextField(_("note"), blank=True)
    # document
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="evidence")
    exact = models.TextField(_("exact words"), blank=True)
    suggestion = models.OneToOneField(Suggestion, models.PROTECT, null=True, blank=True, related_name="evidence")
    # person
    public_wording = models.TextField(_("as it may be printed"), blank=True)
    # search record
    searched_for = models.TextField(_("searched for"), blank=True)
    searched_where = models.TextField(_("searched where"), blank=True)
    searched_on = models.DateField(_("searched on"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                name="evidence_stance_is_known",
                condition=models.Q(stance__in=["supports", "refutes", "context"]),
            ),
            models.CheckConstraint(
                name="evidence_is_what_its_kind_says",
                condition=(
                    models.Q(kind="document", snapshot__isnull=False, public_wording="", searched_for="")
                    & models.Q(searched_where="", searched_on__isnull=True)
                    & ~models.Q(exact="")
                )
                | (
                    models.Q(
                        kind="person",
                        snapshot__isnull=True,
                        exact="",
                        suggestion__isnull=True,
                        searched_for="",
                    )
                    & models.Q(searched_where="", searched_on__isnull=True)
                    & ~models.Q(public_wording="")
                )
                | (
                    models.Q(kind="search", snapshot__isnull=True, exact="", suggestion__isnull=True)
                    & models.Q(public_wording="", searched_on__isnull=False)
                    & ~models.Q(searched_for="")
                    & ~models.Q(searched_where="")
                ),
            ),
        ]
        triggers = [
            only_in_a_draft("evidence_changes_in_draft_only", "ROW.review_id", "ROW.writer_id"),
            unchanging("evidence_stays_with_its_review", ["id", "review_id"], "Evidence stays with its review."),
            Guard(
                name="evidence_of_accepted_suggestion",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF NEW.suggestion_id IS NOT NULL THEN
                        PERFORM FROM factcheck_suggestion suggestion
                        JOIN factcheck_claimreview review ON review.claim_id = suggestion.claim_id
                        WHERE suggestion.id = NEW.suggestion_id AND review.id = NEW.review_id
                          AND suggestion.status = 'accepted' FOR SHARE OF suggestion;
                        IF NOT FOUND THEN
                            {refuse("evidence_of_accepted_suggestion", ACCEPTED_FIRST)}
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="evidence_is_not_truncated",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=refuse("evidence_is_not_truncated", "Evidence is taken out of a draft piece by piece."),
            ),
            Guard(
                name="evidence_words_stand_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF NEW.kind = 'document' AND NOT EXISTS (
                        SELECT FROM factcheck_snapshot
                        WHERE id = NEW.snapshot_id AND strpos(text, NEW.exact) > 0
                    ) THEN
                        {refuse("evidence_words_stand_there", "The exact words do not stand in the snapshot.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_stance_display()}"


class ConfidentialPart(models.Model):
    """Who really spoke, and what was said in confidence. Apart from Evidence, so that no door shows it by accident."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="confidential_part", primary_key=True)
    identity = models.TextField(_("who it is"))
    words = models.TextField(_("what was said"), blank=True)
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("who may read this"))
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last written by")
    )

    class Meta:
        verbose_name = _("confidential part")
        triggers = [
            only_in_a_draft(
                "confidence_changes_in_draft_only",
                "SELECT review_id FROM factcheck_evidence WHERE id = ROW.evidence_id",
                "ROW.writer_id",
            ),
            unchanging("confidence_stays_with_its_evidence", ["evidence_id"], "It stays with its evidence."),
        ]
