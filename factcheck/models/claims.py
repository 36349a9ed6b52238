"""Claims, and where each one stands in the text."""

from datetime import UTC, datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import IntegerRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce, Upper
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from factcheck.models.articles import Article, ArticleVersion, OfArticleQuerySet
from factcheck.models.audit import AuditEntry
from factcheck.models.guards import Guard, arrows, born, refuse, rises, unchanging, undeletable
from factcheck.models.rows import Stated

DIMENSIONS = 384  # of the sentence encoder's vectors (retrieval/embedding.py)


CLAIM_ARROWS = {
    "detected": frozenset({"in_review", "dismissed", "superseded"}),
    "in_review": frozenset({"detected", "reviewed"}),
    "reviewed": frozenset({"in_review", "detected"}),
    "dismissed": frozenset({"detected"}),
    "superseded": frozenset({"detected"}),
}

# SQL over factcheck_claim: what its status says of its reviews is so.
FITS = """
    (status = 'in_review') = EXISTS (
        SELECT FROM factcheck_claimreview review
        WHERE review.claim_id = factcheck_claim.id AND review.status IN ('draft', 'submitted', 'approved'))
    AND (status IN ('in_review', 'reviewed') OR NOT EXISTS (
        SELECT FROM factcheck_claimreview review
        WHERE review.claim_id = factcheck_claim.id AND review.status = 'published'))
    AND (status <> 'reviewed' OR EXISTS (
        SELECT FROM factcheck_claimreview review
        WHERE review.claim_id = factcheck_claim.id AND review.status = 'published'))
"""
UNFIT = "A claim is in review exactly while a review is open, and reviewed while one is published and none open."
# SQL over factcheck_claim: it is superseded exactly while others stand in its place.
SUCCEEDED = """
    (status = 'superseded') = EXISTS (
        SELECT FROM factcheck_lineage lineage
        WHERE lineage.before_id = factcheck_claim.id AND lineage.undone_at IS NULL)
"""
UNSUCCEEDED = "A claim is superseded exactly while others stand in its place."
NO_WORK = ("claim.added", "claim.superseded", "claim.detected", "claim.assigned", "claim.due", "claim.prioritised")
KEPT_AWAY = "Who has a conflict of interest on a claim is not assigned to it."

TO_DO = models.Q(status="detected", not_checkable="") | models.Q(status="in_review")
"""What waits for people: detected and checkable, or in review. Indexes of the queue have it as their condition."""
# At either end of the calendar a moment has no date in other time zones, and no page there could show it.
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
# Nothing is due later, so what has no date comes last; all rise, so that one comparison of tuples finds a place.
WHENEVER = datetime(9999, 1, 1, tzinfo=UTC)
FIRST_BY_WORTH = models.F("priority") * models.Value(-1)
BY_WORTH = Coalesce("checkworthiness", models.Value(-1.0)) * models.Value(-1.0)
BY_DUE = Coalesce("due_at", models.Value(WHENEVER, models.DateTimeField()))
BY_ARTICLE = models.ExpressionWrapper(models.F("article_id") * models.Value(-1), models.BigIntegerField())


class ClaimQuerySet(OfArticleQuerySet):
    def to_do(self) -> "ClaimQuerySet":
        return self.filter(TO_DO)

    def with_titles(self) -> "ClaimQuerySet":
        """Each with `.article_title`, and without its vectors."""
        newest = ArticleVersion.objects.filter(article=models.OuterRef("article")).order_by("-number")
        return self.annotate(article_title=models.Subquery(newest.values("title")[:1])).defer("embedding", "tsv")

    def worked_on(self) -> "ClaimQuerySet":
        """Those for which a person did something: the trail says so of the claim itself, or a suggestion was decided.
        That it was added, split, merged or put back is no work on what it says.
        """
        acts = AuditEntry.objects.filter(subject="claim", actor__isnull=False).exclude(verb__in=NO_WORK)
        decided = self.model.objects.filter(suggestions__decided_by__isnull=False)
        return self.filter(models.Q(pk__in=acts.values("subject_id")) | models.Q(pk__in=decided.values("pk")))


class Claim(Stated):
    """One checkable statement of an article.

        detected ──► in_review        a review is begun
        in_review ──► detected        its draft was abandoned, and none was published before
        in_review ──► reviewed        its review was published
        reviewed ──► in_review        a correction is begun; and back when it is abandoned
        reviewed ──► detected         its only review was retracted
        detected ◄──► dismissed       by a person, with a reason
        detected ◄──► superseded      merged or split: others stand in its place (Lineage)

    in_review: exactly while a review is open. reviewed: exactly while none is open and one is published.
    A status is not a verdict: nothing here says whether the claim is true.
    """

    class Status(models.TextChoices):
        DETECTED = "detected", _("Detected")
        IN_REVIEW = "in_review", _("In review")
        REVIEWED = "reviewed", _("Reviewed")
        DISMISSED = "dismissed", _("Dismissed")
        SUPERSEDED = "superseded", _("Superseded")

    class Priority(models.IntegerChoices):
        """Said by a person. It goes before the machine's estimate of what is worth checking."""

        LOW = 1, _("Low")
        NORMAL = 2, _("Normal")
        HIGH = 3, _("High")
        URGENT = 4, _("Urgent")

    TRANSITIONS = CLAIM_ARROWS

    article = models.ForeignKey(Article, models.PROTECT, related_name="claims")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DETECTED)
    kind = models.CharField(_("kind"), max_length=20)
    speaker = models.CharField(_("speaker"), max_length=500, blank=True)
    cue = models.CharField(_("cue"), max_length=100, blank=True)
    quoted = models.BooleanField(_("quoted"), default=False)
    checkworthiness = models.FloatField(_("check-worthiness, 0 to 1"), null=True, blank=True)
    reasons = models.JSONField(_("reasons"), default=list)
    not_checkable = models.CharField(
        _("why it cannot be checked"),
        max_length=500,
        blank=True,
        help_text=_("Empty when evidence can show it to be right or wrong."),
    )
    statement = models.TextField(_("statement in plain words"))
    tsv = models.GeneratedField(
        expression=SearchVector("statement", "speaker", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    embedding = HalfVectorField(dimensions=DIMENSIONS, null=True, editable=False)
    model_version = models.CharField(_("read by"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="added_claims"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_claims"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL
    )

    TO_ARTICLE: ClassVar[str] = "article"
    PARTNERS_SEE: ClassVar[bool] = True
    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        constraints = [
            models.CheckConstraint(name="claim_statement_is_not_empty", condition=~models.Q(statement="")),
            models.CheckConstraint(
                name="checkworthiness_from_0_to_1",
                condition=models.Q(checkworthiness__isnull=True)
                | models.Q(checkworthiness__gte=0, checkworthiness__lte=1),
            ),
            models.CheckConstraint(
                name="claim_status_is_known",
                condition=models.Q(status__in=["detected", "in_review", "reviewed", "dismissed", "superseded"]),
            ),
            models.CheckConstraint(
                name="claim_is_found_by_a_machine_or_added_by_a_person",
                condition=models.Q(added_by__isnull=False) | ~models.Q(model_version=""),
            ),
            models.CheckConstraint(name="priority_is_known", condition=models.Q(priority__in=[1, 2, 3, 4])),
            models.CheckConstraint(
                name="due_in_a_year_of_four_digits",
                condition=models.Q(due_at__isnull=True) | models.Q(due_at__gte=EARLIEST, due_at__lt=WHENEVER),
            ),
        ]
        indexes = [
            # The orders of the queue: for what is to do, and for everything.
            models.Index(FIRST_BY_WORTH, BY_WORTH, "id", name="claims_to_do_by_worth", condition=TO_DO),
            models.Index(BY_DUE, "id", name="claims_to_do_by_due", condition=TO_DO),
            models.Index(BY_ARTICLE, "id", name="claims_to_do_by_article", condition=TO_DO),
            models.Index(FIRST_BY_WORTH, BY_WORTH, "id", name="claims_by_worth"),
            models.Index(BY_DUE, "id", name="claims_by_due"),
            models.Index(BY_ARTICLE, "id", name="claims_by_article"),
            models.Index("status", FIRST_BY_WORTH, BY_WORTH, "id", name="claims_of_a_status_by_worth"),
            # For counting what waits without a look at the rows.
            models.Index(fields=["created_at"], name="claims_waiting", condition=TO_DO, include=["status", "article"]),
            # What few of them have.
            models.Index(fields=["status", "kind"], name="claims_by_status"),
            models.Index(Upper("speaker"), name="claims_by_speaker"),
            GinIndex(fields=["tsv"], name="claims_by_words"),
            HnswIndex(fields=["embedding"], name="claims_by_meaning", opclasses=["halfvec_cosine_ops"]),
        ]
        triggers = [
            rises("a_claim_version_rises", but_for=("embedding", "tsv")),
            arrows("claim_arrows", CLAIM_ARROWS),
            born(
                "claims_are_born_detected",
                "NEW.status = 'detected' AND NEW.version = 1",
                "A claim is born detected.",
            ),
            unchanging("claims_keep_their_article", ["id", "article_id"], "A claim stays with its article."),
            undeletable("claims_stay", "A claim is never deleted; it can be dismissed with a reason."),
            Guard(
                name="assignee_keeps_away_from_no_claim",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.assignee_id IS NOT NULL AND EXISTS (
                        SELECT FROM factcheck_conflictofinterest conflict
                        WHERE conflict.claim_id = NEW.id AND conflict.person_id = NEW.assignee_id
                          AND conflict.withdrawn_at IS NULL
                    ) THEN
                        {refuse("assignee_keeps_away_from_no_claim", KEPT_AWAY)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="claim_status_fits_reviews",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF NOT EXISTS (SELECT FROM factcheck_claim WHERE id = NEW.id AND {FITS}) THEN
                        {refuse("claim_status_fits_reviews", UNFIT)}
                    END IF;
                    RETURN NULL;
                """,
            ),
            Guard(
                name="superseded_claim_has_successors",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF NOT EXISTS (SELECT FROM factcheck_claim WHERE id = NEW.id AND {SUCCEEDED}) THEN
                        {refuse("superseded_claim_has_successors", UNSUCCEEDED)}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    @property
    def article_key(self) -> int:
        return self.article_id

    def __str__(self) -> str:
        return Truncator(self.statement).chars(80)


ANCHOR_ARROWS = {
    "exact": frozenset({"orphaned"}),
    "orphaned": frozenset({"exact"}),
}


# SQL over NEW: the claim has an anchor in an earlier text of the article.
STOOD_BEFORE = """EXISTS (
    SELECT FROM factcheck_anchor earlier
    JOIN factcheck_articleversion before ON before.id = earlier.article_version_id
    JOIN factcheck_articleversion this ON this.id = NEW.article_version_id
    WHERE earlier.claim_id = NEW.claim_id AND before.article_id = this.article_id AND before.number < this.number)"""


class Anchor(Stated):
    """Where a claim stands in one version of its article (W3C Web Annotation: position and quote selectors).

        exact ◄──► orphaned      the words are not there any more; a person may place them again

    `start` and `end` count code points, end-exclusive: text[start:end] == exact. One contiguous span; two claims may
    share one. In every text of its article a claim has an anchor. An orphaned one is about the text in which the words
    were not found again, and keeps the words of the text before until a person says where the claim stands now.

    `speaker_span` and `cue_span`: where the text names who says so, and by which word, in the same code points, and
    often outside of the claim's own words; None where that is not beyond doubt, and in claims of before it was kept.
    """

    class Status(models.TextChoices):
        EXACT = "exact", _("Exact")
        ORPHANED = "orphaned", _("Orphaned")

    TRANSITIONS = ANCHOR_ARROWS

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="anchors")
    article_version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="anchors")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.EXACT)
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    exact = models.TextField(_("exact words"))
    prefix = models.TextField(_("words before"), blank=True)
    suffix = models.TextField(_("words after"), blank=True)
    speaker_span = IntegerRangeField(_("where the speaker is named"), null=True, blank=True)
    cue_span = IntegerRangeField(_("where the cue stands"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "claim__article"
    PARTNERS_SEE: ClassVar[bool] = True
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("anchor")
        constraints = [
            models.UniqueConstraint(fields=["claim", "article_version"], name="one_anchor_per_claim_and_text"),
            models.CheckConstraint(
                name="anchor_has_a_place_unless_orphaned",
                condition=models.Q(status="exact", start__isnull=False, end__isnull=False)
                | models.Q(status="orphaned", start__isnull=True, end__isnull=True),
            ),
            models.CheckConstraint(name="anchor_words_are_not_empty", condition=~models.Q(exact="")),
        ]
        triggers = [
            rises("a_anchor_version_rises"),
            arrows("anchor_arrows", ANCHOR_ARROWS),
            born(
                "anchors_are_born_exact",
                f"NEW.version = 1 AND (NEW.status = 'exact' OR (NEW.status = 'orphaned' AND {STOOD_BEFORE}))",
                "An anchor is born exact; orphaned only in a later text, when its claim stood in one before.",
            ),
            unchanging(
                "anchors_keep_their_claim",
                ["id", "claim_id", "article_version_id"],
                "An anchor keeps its claim and its text.",
            ),
            Guard(
                name="anchors_keep_their_words",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.exact IS DISTINCT FROM OLD.exact
                       AND NOT (OLD.status = 'orphaned' AND NEW.status = 'exact') THEN
                        {refuse("anchors_keep_their_words", "An anchor keeps its words until it is placed again.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            undeletable("anchors_stay", "An anchor is never deleted."),
            Guard(
                name="anchor_words_stand_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("version", "factcheck_articleversion%ROWTYPE")],
                func=f"""
                    SELECT * INTO version FROM factcheck_articleversion WHERE id = NEW.article_version_id;
                    IF NOT EXISTS (SELECT FROM factcheck_claim
                                   WHERE id = NEW.claim_id AND article_id = version.article_id) THEN
                        {refuse("anchor_words_stand_there", "An anchor joins a claim to a text of its own article.")}
                    END IF;
                    IF NEW.status = 'exact' AND (
                        NEW."end" - NEW."start" IS DISTINCT FROM char_length(NEW.exact)
                        OR substr(version.text, NEW."start" + 1, char_length(NEW.exact)) IS DISTINCT FROM NEW.exact
                    ) THEN
                        {refuse("anchor_words_stand_there", "The anchored words do not stand there in the text.")}
                    END IF;
                    IF EXISTS (
                        SELECT FROM (VALUES (NEW.speaker_span), (NEW.cue_span)) AS named (place)
                        WHERE place IS NOT NULL AND (NEW.status <> 'exact' OR isempty(place)
                                                     OR NOT place <@ int4range(0, char_length(version.text)))
                    ) THEN
                        {refuse("anchor_words_stand_there", "Speaker and cue stand in the text, as the claim does.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def article_key(self) -> int:
        return self.claim.article_id

    def __str__(self) -> str:
        return Truncator(self.exact).chars(80)
