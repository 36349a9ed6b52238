"""What the public reads: a review, frozen on the day it went out."""

import json

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Cast, Greatest, Now, Upper
from django.utils.translation import gettext_lazy as _

from factcheck.models.audit import AuditEntry, AuditFinding
from factcheck.models.guards import Guard, event, refuse, told, unchanging, undeletable, unless_held
from factcheck.models.people import Desk
from factcheck.models.reviews import CONFLICTED, PUBLISHED_AS_ONE, ClaimReview

STILL_CONFIDENTIAL = "The article is confidential. Its embargo is lifted first; then its fact-checks can be published."
TAKEN_DOWN = "What was taken down stays so: neither its reason nor anything else of it changes."
# SQL over `article` and NEW, a publication.
OF_REVIEW = """
    article.id = (SELECT claim.article_id FROM factcheck_claimreview review
                  JOIN factcheck_claim claim ON claim.id = review.claim_id WHERE review.id = NEW.review_id)
"""
ONE_ADDRESS = "A claim's publications are numbered from 1, without gaps, and share one address."

OF_ITS_ARTICLE = f"FROM factcheck_article article WHERE {OF_REVIEW}"
KIND = """
    CASE WHEN NEW.taken_down_at IS NOT NULL THEN 'review.taken_down'
         WHEN NEW.retracted_at IS NOT NULL THEN 'review.retracted'
         WHEN EXISTS (SELECT FROM factcheck_publication WHERE slug = NEW.slug AND number = NEW.number - 1
                      AND retracted_at IS NULL AND taken_down_at IS NULL) THEN 'review.corrected'
         ELSE 'review.published' END
"""
CHANGED = f"""
    IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN
        {event(KIND, "publication", "NEW.id", "article.id", OF_ITS_ARTICLE)}
    END IF;
"""


def frozen_part(*path: str) -> models.Func:
    """What stands in the frozen JSON at this path, as text; "" where nothing does (migration 0029)."""
    steps = map(models.Value, path)
    return models.Func("frozen", *steps, function="factcheck_frozen_part", output_field=models.TextField())


# Kept from search engines, for a private person is named there (workflow/gate.py).
UNLISTED = models.Q(robots__icontains="noindex")


class PublicationQuerySet(models.QuerySet):
    def newest_of_each_address(self) -> "PublicationQuerySet":
        """What the public reads now: superseded numbers are left out, retracted ones stay, and of what was taken down
        the tombstone. Newest first.
        """
        newer = Publication.objects.filter(slug=models.OuterRef("slug"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(newer)).order_by("-published_at", "-pk")

    def matching(
        self, *, words: str = "", verdict: str = "", speaker: str = "", outlet: str = ""
    ) -> "PublicationQuerySet":
        """Those that fit what is asked for, by what was frozen; what is "" is not asked for. words: as a search engine
        takes them. speaker, outlet: a part of the name; case does not matter.
        """
        found = self
        if words:
            found = found.filter(tsv=SearchQuery(words, config="english", search_type="websearch"))
        if verdict:
            found = found.filter(verdict=verdict)
        if speaker:
            found = found.filter(speaker__icontains=speaker)
        if outlet:
            found = found.filter(outlet__icontains=outlet)
        return found

    def for_machines(self) -> "PublicationQuerySet":
        """What feeds and the sitemap name: what has a text, and is not kept from search engines."""
        return self.newest_of_each_address().exclude(verdict="").exclude(UNLISTED)

    def with_findings(self) -> "PublicationQuerySet":
        """Each with `suspected_since`: since when a finding against it, or against its article's chain, is open; None
        when there is none.
        """
        chain = Cast(models.OuterRef("review__claim__article__uuid"), models.CharField())
        concerns = models.Q(publication=models.OuterRef("pk")) | models.Q(publication=None, chain=chain)
        known = AuditFinding.objects.filter(concerns, resolved_at=None).order_by("found_at")
        return self.defer("tsv").annotate(suspected_since=models.Subquery(known.values("found_at")[:1]))

    def state(self, *, reviews: bool = False) -> tuple[str, tuple]:
        """SQL and its parameters, that give one row: another one whenever one of these publications, what the trail
        says of them, an open finding or the desk is another; with `reviews`, one of their reviews too. They are the
        places and transactions in which PostgreSQL has them: whatever these decide was decided if the row is the same,
        and any UPDATE makes it another, by whatever right. It reads no frozen text.
        """
        chosen, params = self.values("pk").query.sql_with_params()
        read = (Publication, ClaimReview, AuditEntry, AuditFinding, Desk)
        tables = {model: model._meta.db_table for model in read}
        of_reviews = f"""
                   (SELECT string_agg(concat_ws(' ', row.ctid::text, row.xmin::text), ',' ORDER BY row.id)
                    FROM {tables[ClaimReview]} row JOIN {tables[Publication]} its ON its.review_id = row.id
                    JOIN chosen ON its.id = chosen.id),"""
        sql = f"""
            WITH chosen (id) AS MATERIALIZED ({chosen})
            SELECT (SELECT string_agg(concat_ws(' ', id, row.ctid::text, row.xmin::text), ',' ORDER BY id)
                    FROM {tables[Publication]} row JOIN chosen USING (id)),{of_reviews if reviews else ""}
                   (SELECT string_agg(concat_ws(' ', row.ctid::text, row.xmin::text), ',' ORDER BY row.id)
                    FROM {tables[AuditEntry]} row JOIN chosen ON row.subject_id = chosen.id
                    WHERE row.subject = 'publication'),
                   (SELECT string_agg(concat_ws(' ', row.ctid::text, row.xmin::text), ',' ORDER BY row.id)
                    FROM {tables[AuditFinding]} row WHERE resolved_at IS NULL),
                   (SELECT concat_ws(' ', row.ctid::text, row.xmin::text) FROM {tables[Desk]} row)
        """
        return sql, params


class Publication(models.Model):
    """The frozen public form of one review. Its address stays, also after a correction or a retraction.

    `frozen` is canonical JSON of {"content": …, "jsonld": …}: what the page prints and its ClaimReview markup, made by
    claimreview.py. Nothing of it changes; a retraction only adds its reason. A takedown, which the law may demand,
    erases it: its sha256 stays, and the address gives the reason.
    """

    review = models.OneToOneField(ClaimReview, models.PROTECT, related_name="publication")
    slug = models.SlugField(_("address"), max_length=120)
    number = models.PositiveIntegerField(_("number among the claim's publications"))
    frozen = models.TextField(_("page and markup as published"))
    sha256 = models.CharField(_("sha256 of what was published (UTF-8)"), max_length=64)
    method_version = models.PositiveIntegerField(_("version of the method text"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="published")
    published_at = models.DateTimeField(_("published"), db_default=Now(), editable=False)
    retraction_reason = models.TextField(_("why it was retracted (public)"), blank=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="retracted"
    )
    retracted_at = models.DateTimeField(_("retracted"), null=True, blank=True)
    takedown_reason = models.TextField(_("why it was taken down (public)"), blank=True)
    takedown_ground = models.TextField(_("legal ground (public)"), blank=True)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="taken_down"
    )
    taken_down_at = models.DateTimeField(_("taken down"), null=True, blank=True)

    # By what publications are found. The database keeps each from the frozen text, so that none can differ from it.
    verdict = models.GeneratedField(
        expression=frozen_part("content", "verdict"), output_field=models.TextField(), db_persist=True
    )
    speaker = models.GeneratedField(
        expression=frozen_part("content", "speaker"), output_field=models.TextField(), db_persist=True
    )
    outlet = models.GeneratedField(
        expression=frozen_part("content", "article", "outlet"), output_field=models.TextField(), db_persist=True
    )
    robots = models.GeneratedField(
        expression=frozen_part("content", "robots"), output_field=models.TextField(), db_persist=True
    )
    tsv = models.GeneratedField(
        expression=SearchVector(
            frozen_part("content", "statement"),
            frozen_part("content", "speaker"),
            frozen_part("content", "rationale"),
            config="english",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    changed_at = models.GeneratedField(
        expression=Greatest("published_at", "retracted_at", "taken_down_at"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        indexes = [
            GinIndex(fields=["tsv"], name="publications_by_words"),
            GinIndex(OpClass(Upper("speaker"), name="gin_trgm_ops"), name="publications_by_speaker"),
            GinIndex(OpClass(Upper("outlet"), name="gin_trgm_ops"), name="publications_by_outlet"),
            models.Index(fields=["-changed_at", "-id"], name="publications_newest_changed"),
            # by which /corrections/ is read
            models.Index("published_at", "id", name="publications_changing", condition=models.Q(number__gt=1)),
            models.Index("retracted_at", "id", name="publications_retracted", condition=~models.Q(retracted_at=None)),
            models.Index("taken_down_at", "id", name="publications_gone", condition=~models.Q(taken_down_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["slug", "number"], name="one_publication_per_address_and_number"),
            models.CheckConstraint(
                name="retraction_is_whole",
                condition=models.Q(retraction_reason="", retracted_by__isnull=True, retracted_at__isnull=True)
                | (
                    models.Q(retracted_by__isnull=False, retracted_at__isnull=False)
                    & ~models.Q(retraction_reason__regex=r"^\s*$")
                ),
            ),
            models.CheckConstraint(
                name="takedown_is_whole",
                condition=(
                    models.Q(takedown_reason="", takedown_ground="", taken_down_by__isnull=True)
                    & models.Q(taken_down_at__isnull=True)
                    & ~models.Q(frozen="")
                )
                | (
                    models.Q(taken_down_by__isnull=False, taken_down_at__isnull=False, frozen="")
                    & ~models.Q(takedown_reason__regex=r"^\s*$")
                ),
            ),
        ]
        triggers = [
            unchanging(
                "publications_stay_as_published",
                [
                    "id",
                    "review_id",
                    "slug",
                    "number",
                    "sha256",
                    "method_version",
                    "published_by_id",
                    "published_at",
                ],
                "What was published never changes.",
            ),
            Guard(
                name="publication_is_retracted_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.retraction_reason <> '' AND (
                        NEW.taken_down_at IS NULL  -- nothing but a takedown follows it
                        OR (NEW.retraction_reason, NEW.retracted_by_id, NEW.retracted_at)
                           IS DISTINCT FROM (OLD.retraction_reason, OLD.retracted_by_id, OLD.retracted_at)
                    ) THEN
                        {refuse("publication_is_retracted_once", "A retraction stays as it was given.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="published_text_is_erased_by_its_takedown_alone",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.taken_down_at IS NOT NULL THEN
                        {refuse("published_text_is_erased_by_its_takedown_alone", TAKEN_DOWN)}
                    END IF;
                    IF NEW.frozen <> OLD.frozen AND NOT (NEW.frozen = '' AND NEW.taken_down_at IS NOT NULL) THEN
                        {refuse("published_text_is_erased_by_its_takedown_alone", "What was published never changes.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="publication_is_kept_under_hold",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.taken_down_at IS NOT NULL THEN
                        {unless_held("publication_is_kept_under_hold", OF_REVIEW)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="publication_of_an_approved_review",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("review_status", "text")],
                func=f"""
                    SELECT status INTO review_status FROM factcheck_claimreview WHERE id = NEW.review_id FOR UPDATE;
                    IF review_status IS DISTINCT FROM 'approved' OR NEW.retraction_reason <> ''
                       OR NEW.taken_down_at IS NOT NULL THEN
                        {refuse("publication_of_an_approved_review", "Only an approved review is published.")}
                    END IF;
                    IF NEW.sha256 <> encode(sha256(convert_to(NEW.frozen, 'UTF8')), 'hex') THEN
                        {refuse("publication_of_an_approved_review", "The sha256 of a publication does not match it.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="publication_after_its_legal_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM FROM factcheck_claimreview WHERE id = NEW.review_id FOR UPDATE;
                    IF EXISTS (SELECT FROM factcheck_legalreading
                               WHERE review_id = NEW.review_id AND cleared_at IS NULL) THEN
                        {refuse("publication_after_its_legal_reading", "This review waits for its legal reading.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="what_is_confidential_is_not_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM FROM factcheck_article article
                    JOIN factcheck_claim claim ON claim.article_id = article.id
                    JOIN factcheck_claimreview review ON review.claim_id = claim.id
                    WHERE review.id = NEW.review_id AND NOT article.confidential FOR SHARE OF article;
                    IF NOT FOUND THEN
                        {refuse("what_is_confidential_is_not_published", STILL_CONFIDENTIAL)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="publication_without_conflict_of_interest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("acts", "bigint[]")],
                func=f"""
                    acts := ARRAY[NEW.published_by_id];
                    IF TG_OP = 'UPDATE' THEN
                        acts := ARRAY[NULLIF(NEW.retracted_by_id, OLD.retracted_by_id),
                                      NULLIF(NEW.taken_down_by_id, OLD.taken_down_by_id)];
                    END IF;
                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict
                               JOIN factcheck_claimreview review ON review.claim_id = conflict.claim_id
                               WHERE review.id = NEW.review_id AND conflict.person_id = ANY(acts)
                                 AND conflict.withdrawn_at IS NULL) THEN
                        {refuse("publication_without_conflict_of_interest", CONFLICTED)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="publication_takes_the_next_number",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("earlier", "bigint"), ("elsewhere", "bigint")],
                func=f"""
                    SELECT count(*), count(*) FILTER (WHERE publication.slug <> NEW.slug) INTO earlier, elsewhere
                    FROM factcheck_publication publication
                    JOIN factcheck_claimreview other ON other.id = publication.review_id
                    JOIN factcheck_claimreview review ON review.claim_id = other.claim_id
                    WHERE review.id = NEW.review_id;
                    IF NEW.number <> earlier + 1 OR elsewhere > 0 THEN
                        {refuse("publication_takes_the_next_number", ONE_ADDRESS)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="publication_goes_with_its_review",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF NOT EXISTS (
                        SELECT FROM factcheck_publication publication
                        JOIN factcheck_claimreview review ON review.id = publication.review_id
                        WHERE publication.id = NEW.id
                          AND review.status IN ('published', 'superseded', 'retracted')
                          AND (review.status = 'retracted') = (publication.retraction_reason <> '')
                    ) THEN
                        {refuse("publication_goes_with_its_review", PUBLISHED_AS_ONE)}
                    END IF;
                    RETURN NULL;
                """,
            ),
            told("publications_tell", pgtrigger.Insert | pgtrigger.Update, CHANGED),
            undeletable("publications_stay", "A publication is never deleted; it can be retracted."),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def content(self) -> dict:
        return self._part("content")

    @property
    def change(self) -> dict:
        """{"kind", "note", "number"}: what it says of the one before it; {} for the first, and for what went out before
        this was asked.
        """
        change = self.content.get("change")
        return change if isinstance(change, dict) else {}

    @property
    def jsonld(self) -> dict:
        return self._part("jsonld")

    @property
    def is_unlisted(self) -> bool:
        """Whether pages that search engines list may name it, but none of its words."""
        return "noindex" in self.robots.lower()

    def _part(self, name: str) -> dict:
        """{} for what was taken down; and where what is stored is no such JSON any more: it was altered
        (workflow/integrity.py), and a page must be able to say so.
        """
        try:
            part = json.loads(self.frozen)[name]
        except (ValueError, KeyError, TypeError):
            part = None
        return part if isinstance(part, dict) else {}
