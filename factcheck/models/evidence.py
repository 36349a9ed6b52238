"""What a review rests on: documents as they were, people, and searches that found nothing."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.guards import Guard, forever, refuse, unchanging, unless_held
from factcheck.models.reviews import CONFLICTED, ClaimReview, has_translator
from factcheck.models.sources import Source
from factcheck.models.suggestions import Suggestion

# SQL: the UPDATE empties a confidential part and changes nothing else of it.
ERASES = """
    OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.identity = '' AND NEW.words = ''
    AND NEW.writer_id = OLD.writer_id AND NEW.evidence_id = OLD.evidence_id
"""
# SQL over `article` and OLD, a confidential part.
OF_EVIDENCE = """
    article.id = (SELECT claim.article_id FROM factcheck_evidence evidence
                  JOIN factcheck_claimreview review ON review.id = evidence.review_id
                  JOIN factcheck_claim claim ON claim.id = review.claim_id
                  WHERE evidence.id = OLD.evidence_id)
"""
ACCEPTED_FIRST = "Evidence comes of a suggestion that a person accepted, and for the same claim."


class SnapshotQuerySet(OfArticleQuerySet):
    def visible_to(self, user) -> "SnapshotQuerySet":
        """Those that evidence rests on which `user` may see: what was relied on tells what is being checked."""
        seen = Evidence.objects.visible_to(user).filter(snapshot=models.OuterRef("pk"))
        return super().visible_to(user).filter(models.Exists(seen))


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

    TO_ARTICLE: ClassVar[str] = "source__confidential_with"
    objects = SnapshotQuerySet.as_manager()

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


def only_in_a_draft(name: str, review_of: str, writer: str, unless: str = "false") -> Guard:
    """Rows that a review rests on change only while it is a draft.

    Locks the review's row, so that nothing slips in beside a submission, raises its version, so that whoever read it
    before notices, and counts the writer among `written_by`. The review must be there already: foreign keys are looked
    at only at COMMIT. `review_of` and `writer`: SQL over ROW, the changed row. `unless`: SQL over OLD and NEW, for the
    one UPDATE that may happen later too.
    """
    return Guard(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("touched", "bigint"), ("writer", "bigint"), ("review_status", "text"), ("of_claim", "bigint")],
        func=f"""
            IF TG_OP = 'UPDATE' AND ({unless}) THEN
                RETURN NEW;
            ELSIF TG_OP = 'DELETE' THEN
                touched := ({review_of.replace("ROW", "OLD")});
            ELSE
                touched := ({review_of.replace("ROW", "NEW")});
                writer := {writer.replace("ROW", "NEW")};
            END IF;
            SELECT status, claim_id INTO review_status, of_claim FROM factcheck_claimreview
            WHERE id = touched FOR UPDATE;
            IF review_status IS DISTINCT FROM 'draft' THEN
                {refuse(name, "What a review rests on changes only while it is a draft.")}
            END IF;
            IF writer IS NOT NULL
               AND (TG_OP = 'INSERT' OR to_jsonb(NEW) - 'suggestion_id' <> to_jsonb(OLD) - 'suggestion_id')
               AND EXISTS (
                SELECT FROM factcheck_conflictofinterest conflict
                WHERE conflict.claim_id = of_claim AND conflict.person_id = writer AND conflict.withdrawn_at IS NULL
            ) THEN
                {refuse(name, CONFLICTED)}
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
    language = models.CharField(_("language of the exact words (BCP 47)"), max_length=35, blank=True)
    translation = models.TextField(_("the exact words, translated"), blank=True)
    translator = models.CharField(_("who translated them"), max_length=200, blank=True)
    translated_by_machine = models.BooleanField(_("the translator is a machine"), default=False)
    suggestion = models.OneToOneField(Suggestion, models.PROTECT, null=True, blank=True, related_name="evidence")
    # person
    public_wording = models.TextField(_("as it may be printed"), blank=True)
    # search record
    searched_for = models.TextField(_("searched for"), blank=True)
    searched_where = models.TextField(_("searched where"), blank=True)
    searched_on = models.DateField(_("searched on"), null=True, blank=True)
    # The piece of the published review that a correction began from; the first of them, whatever lies between.
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = OfArticleQuerySet.as_manager()

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
            models.CheckConstraint(
                name="only_a_documents_words_are_translated",
                condition=models.Q(kind="document") | models.Q(language="", translation=""),
            ),
            has_translator("translation_has_translator"),
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

    @property
    def proposed_by_machine(self) -> bool:
        """Also where a correction took it over, and the suggestion stayed with what was published first."""
        return (self.copied_from or self).suggestion_id is not None


class ConfidentialPartQuerySet(OfArticleQuerySet):
    def visible_to(self, user) -> "ConfidentialPartQuerySet":
        """Only those that name `user` among their readers, whatever the role; and none of a hidden article."""
        named = ConfidentialPart.readers.through.objects.filter(user=user.pk or 0).values("confidentialpart")
        return super().visible_to(user).filter(pk__in=named)


class ConfidentialPart(models.Model):
    """Who really spoke, and what was said in confidence. Apart from Evidence, so that no door shows it by accident.

    No text of it ever stands in the trail, in an answer of the API, in an export or in a log. It can be erased at any
    time; that somebody spoke in confidence stays known.
    """

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="confidential_part", primary_key=True)
    identity = models.TextField(_("who it is"), blank=True)
    words = models.TextField(_("what was said"), blank=True)
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("who may read this"))
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last written by")
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    TO_ARTICLE: ClassVar[str] = "evidence__review__claim__article"
    objects = ConfidentialPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("confidential part")
        constraints = [
            models.CheckConstraint(
                name="confidence_names_somebody_until_erased",
                condition=models.Q(erased_at__isnull=True) & ~models.Q(identity__regex=r"^\s*$")
                | models.Q(erased_at__isnull=False, identity="", words=""),
            ),
        ]
        triggers = [
            only_in_a_draft(
                "confidence_changes_in_draft_only",
                "SELECT review_id FROM factcheck_evidence WHERE id = ROW.evidence_id",
                "ROW.writer_id",
                unless=ERASES,
            ),
            unchanging("confidence_stays_with_its_evidence", ["evidence_id"], "It stays with its evidence."),
            Guard(
                name="confidence_is_kept_under_hold",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    {unless_held("confidence_is_kept_under_hold", OF_EVIDENCE)}
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]
