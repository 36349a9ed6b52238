"""Reviews of claims: what people found, what it rests on, and who signed it."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.claims import CHANGED_BESIDE, FITS, UNFIT, Claim
from factcheck.models.guards import Guard, arrows, born, event, refuse, rises, told, undeletable
from factcheck.models.rows import Stated

# Statuses in which a second person has signed.
SIGNED = ["approved", "published", "superseded", "retracted"]
PUBLISHED_AS_ONE = "A review is published together with its page, and retracted together with the public reason."
CONFLICTED = "Who declared a conflict of interest on a claim neither writes, approves nor publishes its review."
SUPERSEDED_BY = "A review is superseded by the publication of another."
# Who made the claim, where, and in which words: what a correction takes over while the speaker is the same.
ORIGINAL = ("speaker_kind", "speaker_same_as", "first_appearance")
QUOTE = ("quote_translation", "quote_translator", "quote_translated_by_machine")
# What a review says. It changes only while the review is a draft.
CONTENT = (
    "claim_id", "statement", "speaker", "verdict", "rating", "rationale", "as_of", "review_again", "change_kind",
    "change_note", "writer_id", *ORIGINAL, *QUOTE,
)  # fmt: skip
WHAT_CHANGED = (
    "A fact-check of this claim was published before: say whether this corrects or updates it, and what changed."
)


REVIEW_ARROWS = {
    "draft": frozenset({"submitted", "abandoned"}),
    "submitted": frozenset({"approved", "draft"}),
    "approved": frozenset({"published", "draft"}),
    "published": frozenset({"superseded", "retracted"}),
    "superseded": frozenset(),
    "retracted": frozenset(),
    "abandoned": frozenset(),
}


def has_translator(name: str, prefix: str = "") -> models.CheckConstraint:
    """A translation says whose it is; without one there is nobody to name. prefix: of the three columns."""
    translation, translator = f"{prefix}translation", f"{prefix}translator"
    by_machine = f"{prefix}translated_by_machine"
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{translation: "", translator: "", by_machine: False})
        | ~models.Q(**{translation: ""}) & ~models.Q(**{translator: ""}),
    )


# Claims are shown with the status of their reviews, and what is superseded with its own.
OF_REVIEW = """
    FROM factcheck_publication publication JOIN factcheck_claim claim ON claim.id = NEW.claim_id
    WHERE publication.review_id = NEW.id
"""
CHANGED = f"""
    IF NEW.status <> OLD.status THEN
        {CHANGED_BESIDE}
    END IF;
    IF NEW.status = 'superseded' AND OLD.status <> 'superseded' THEN
        {event("'publication.changed'", "publication", "publication.id", "claim.article_id", OF_REVIEW)}
    END IF;
"""


class ClaimReviewQuerySet(OfArticleQuerySet):
    def waiting(self) -> "ClaimReviewQuerySet":
        """For a second person: submitted ones to approve, approved ones to publish. In the order they began in."""
        return self.filter(status__in=["submitted", "approved"]).order_by("pk")

    def due(self) -> "ClaimReviewQuerySet":
        """Approved ones whose hour has come. In the order in which they are to go out."""
        return self.filter(publish_at__lte=models.functions.Now()).order_by("publish_at", "pk")

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

    class Change(models.TextChoices):
        """What a review is to the one that was published before it."""

        CORRECTION = "correction", _("Correction: we were wrong")
        UPDATE = "update", _("Update: the world has changed")

    class SpeakerKind(models.TextChoices):
        PERSON = "person", _("A person")
        ORGANIZATION = "organization", _("An organisation")

    TRANSITIONS = REVIEW_ARROWS
    ORIGINAL, QUOTE = ORIGINAL, QUOTE
    OPEN = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED)
    PUBLIC = (Status.PUBLISHED, Status.SUPERSEDED, Status.RETRACTED)

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reviews")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    statement = models.TextField(_("statement, as copied from the claim"))
    speaker = models.CharField(_("speaker, as copied from the claim"), max_length=500, blank=True)
    speaker_kind = models.CharField(_("what the speaker is"), max_length=12, choices=SpeakerKind, blank=True)
    speaker_same_as = models.CharField(_("address that says who the speaker is"), max_length=2000, blank=True)
    first_appearance = models.CharField(_("address where the claim was first made"), max_length=2000, blank=True)
    quote_translation = models.TextField(_("the claim's own words, translated"), blank=True)
    quote_translator = models.CharField(_("who translated them"), max_length=200, blank=True)
    quote_translated_by_machine = models.BooleanField(_("the translator is a machine"), default=False)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, null=True, blank=True)  # noqa: DJ001
    rating = models.PositiveSmallIntegerField(_("rating, 1 to 5"), null=True, blank=True)
    rationale = models.TextField(_("rationale"), blank=True)
    as_of = models.DateField(_("true as of"), null=True, blank=True)
    change_kind = models.CharField(_("correction or update"), max_length=10, choices=Change, blank=True)
    change_note = models.TextField(_("what changed (public)"), blank=True)
    review_again = models.DateField(_("to be looked at again on"), null=True, blank=True)
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

    publish_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="scheduled_reviews"
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
            models.CheckConstraint(
                name="review_change_is_known", condition=models.Q(change_kind__in=["", "correction", "update"])
            ),
            models.CheckConstraint(
                name="only_what_is_approved_is_scheduled",
                condition=models.Q(publish_at__isnull=True, scheduled_by__isnull=True)
                | models.Q(status="approved", publish_at__isnull=False, scheduled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="speaker_kind_is_known", condition=models.Q(speaker_kind__in=["", "person", "organization"])
            ),
            models.CheckConstraint(
                name="nobody_is_known_of_an_unknown_speaker",
                condition=~models.Q(speaker="") | models.Q(speaker_kind="", speaker_same_as=""),
            ),
            models.CheckConstraint(
                name="speaker_is_told_by_https",
                condition=models.Q(speaker_same_as="") | models.Q(speaker_same_as__startswith="https://"),
            ),
            has_translator("quote_translation_has_translator", "quote_"),
        ]
        indexes = [
            models.Index("publish_at", name="reviews_to_go_out", condition=models.Q(publish_at__isnull=False)),
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
                name="review_says_what_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=rf"""
                    IF NEW.status <> OLD.status AND NEW.status IN ('submitted', 'approved', 'published')
                       AND (NEW.change_kind = '' OR NEW.change_note ~ '^\s*$') AND EXISTS (
                        SELECT FROM factcheck_publication publication
                        JOIN factcheck_claimreview earlier ON earlier.id = publication.review_id
                        WHERE earlier.claim_id = NEW.claim_id AND earlier.id <> NEW.id
                    ) THEN
                        {refuse("review_says_what_changed", WHAT_CHANGED)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="schedule_ends_with_the_approval",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.status <> 'approved' THEN
                        NEW.publish_at := NULL;
                        NEW.scheduled_by_id := NULL;
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="review_after_its_legal_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.status = 'published' AND OLD.status <> 'published' AND EXISTS (
                        SELECT FROM factcheck_legalreading WHERE review_id = NEW.id AND cleared_at IS NULL
                    ) THEN
                        {refuse("review_after_its_legal_reading", "This review waits for its legal reading.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="review_is_read_again_for_its_risk",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                func="""
                    -- A draft may change: what was cleared by a legal reading before is to be read again.
                    IF NEW.status = 'draft' AND OLD.status <> 'draft' THEN
                        UPDATE factcheck_legalreading SET cleared_by_id = NULL, cleared_at = NULL, note = ''
                        WHERE review_id = NEW.id;
                    END IF;
                    RETURN NULL;
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
            told("reviews_tell", pgtrigger.Update, CHANGED),
        ]

    @property
    def article_key(self) -> int:
        return self.claim.article_id

    def pieces(self) -> list:
        """The evidence in the order in which it was added, with what pages show of each piece. Read once."""
        whole = self.evidence.model.objects.select_related(
            "snapshot__source__outlet", "writer", "confidential_part", "copied_from"
        )
        whole = whole.defer("confidential_part__identity", "confidential_part__words").order_by("pk")
        models.prefetch_related_objects([self], models.Prefetch("evidence", whole))
        return list(self.evidence.all())

    def __str__(self) -> str:
        return Truncator(self.statement).chars(80)
