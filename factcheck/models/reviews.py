"""Reviews of claims: what people found, what it rests on, and who signed it."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.claims import FITS, UNFIT, Claim
from factcheck.models.guards import Guard, arrows, born, refuse, rises, undeletable
from factcheck.models.rows import Stated

# Statuses in which a second person has signed.
SIGNED = ["approved", "published", "superseded", "retracted"]
PUBLISHED_AS_ONE = "A review is published together with its page, and retracted together with the public reason."
CONFLICTED = "Who declared a conflict of interest on a claim neither writes, approves nor publishes its review."
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


class ClaimReviewQuerySet(OfArticleQuerySet):
    def waiting(self) -> "ClaimReviewQuerySet":
        """For a second person: submitted ones to approve, approved ones to publish. In the order they began in."""
        return self.filter(status__in=["submitted", "approved"]).order_by("pk")

    def in_nobodys_hands(self) -> "ClaimReviewQuerySet":
        """Drafts whose assignee left, or that were released: they wait for somebody to take them over."""
        return self.filter(status="draft", assignee__isnull=True).order_by("pk")


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
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_reviews",
        verbose_name=_("in whose hands it is"),
    )

    TO_ARTICLE: ClassVar[str] = "claim__article"
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
                name="review_without_conflict_of_interest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("comes", "bigint[]")],
                func=f"""
                    -- What somebody wrote before declaring a conflict stands, words of the claim that a review begins
                    -- with too; they write no more of it.
                    comes := ARRAY[NEW.writer_id, NEW.approver_id];
                    IF TG_OP = 'UPDATE' THEN
                        comes := ARRAY(SELECT unnest(NEW.written_by) EXCEPT SELECT unnest(OLD.written_by));
                        IF NEW.approver_id IS DISTINCT FROM OLD.approver_id THEN
                            comes := comes || NEW.approver_id;
                        END IF;
                        IF {" OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in CONTENT)} THEN
                            comes := comes || NEW.writer_id;
                        END IF;
                    END IF;
                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict
                               WHERE conflict.claim_id = NEW.claim_id AND conflict.person_id = ANY(comes)
                                 AND conflict.withdrawn_at IS NULL) THEN
                        {refuse("review_without_conflict_of_interest", CONFLICTED)}
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

    def pieces(self) -> list:
        """The evidence in the order in which it was added, with what pages show of each piece. Read once."""
        whole = self.evidence.model.objects.select_related("snapshot__source__outlet", "writer", "confidential_part")
        whole = whole.defer("confidential_part__identity", "confidential_part__words").order_by("pk")
        models.prefetch_related_objects([self], models.Prefetch("evidence", whole))
        return list(self.evidence.all())

    def __str__(self) -> str:
        return Truncator(self.statement).chars(80)
