"""Legal reading: a review that somebody wants read for its legal risk before it goes out."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.guards import Guard, refuse, unchanging, undeletable
from factcheck.models.reviews import CONFLICTED, ClaimReview

READ_BY = "It is cleared by somebody who wrote no part of it, once it was handed over."


class LegalReadingQuerySet(OfArticleQuerySet):
    def standing(self) -> "LegalReadingQuerySet":
        return self.filter(cleared_at__isnull=True)


class LegalReading(models.Model):
    """A review is marked as needing to be read; the mark stands until somebody clears it. A review has one at most.

    It is cleared while what the review says cannot change. Back in a draft the mark stands again (a guard of reviews
    sees to it): what was cleared is exactly what was read. What was marked and cleared before, the trail tells.
    """

    review = models.OneToOneField(ClaimReview, models.PROTECT, related_name="legal_reading", primary_key=True)
    reason = models.TextField(_("why it needs to be read"))
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("marked"), db_default=Now())
    note = models.TextField(_("what the reading came to"), blank=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = LegalReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal reading")
        constraints = [
            models.CheckConstraint(name="legal_reading_has_a_reason", condition=~Q(reason__regex=r"^\s*$")),
            models.CheckConstraint(
                name="legal_reading_is_cleared_as_a_whole",
                condition=Q(cleared_by__isnull=True, cleared_at__isnull=True, note="")
                | (Q(cleared_by__isnull=False, cleared_at__isnull=False) & ~Q(note__regex=r"^\s*$")),
            ),
        ]
        triggers = [
            unchanging("legal_readings_stay_with_their_review", ["review_id"], "It stays with its review."),
            undeletable("legal_readings_stay", "A review that was marked once is cleared, and never unmarked."),
            Guard(
                name="legal_reading_by_somebody_else",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("review_status", "text"), ("writers", "bigint[]"), ("of_claim", "bigint")],
                func=f"""
                    SELECT status, written_by, claim_id INTO review_status, writers, of_claim
                    FROM factcheck_claimreview WHERE id = NEW.review_id FOR UPDATE;
                    IF review_status NOT IN ('draft', 'submitted', 'approved') THEN
                        {refuse("legal_reading_by_somebody_else", "Only an open review is marked or cleared.")}
                    END IF;
                    IF NEW.cleared_by_id IS NOT NULL
                       AND (review_status = 'draft' OR NEW.cleared_by_id = ANY(writers)) THEN
                        {refuse("legal_reading_by_somebody_else", READ_BY)}
                    END IF;
                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict
                               WHERE conflict.claim_id = of_claim AND conflict.person_id = NEW.cleared_by_id
                                 AND conflict.withdrawn_at IS NULL) THEN
                        {refuse("legal_reading_by_somebody_else", CONFLICTED)}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(_("cleared") if self.cleared_at else _("to be read"))
