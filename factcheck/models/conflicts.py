"""Conflicts of interest: who must keep away from the review of a claim, and why."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.claims import KEPT_AWAY, Claim
from factcheck.models.guards import Guard, refuse, unchanging, undeletable, unless_held

# SQL over `article` and OLD
OF_CLAIM = "article.id = (SELECT claim.article_id FROM factcheck_claim claim WHERE claim.id = OLD.claim_id)"
ERASED = "Erased, with the name of the person."  # what is left of a reason when its person is forgotten


class ConflictQuerySet(OfArticleQuerySet):
    def standing(self) -> "ConflictQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class ConflictOfInterest(models.Model):
    """Declared by the person, or by an editor for them. While it stands, the person neither writes a part of a review
    of the claim nor approves one (a guard of ClaimReview and of Evidence). Withdrawn by somebody else, for good.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="conflicts_of_interest")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts_of_interest")
    reason = models.TextField(_("reason"))
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("declared"), db_default=Now(), editable=False)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "claim__article"
    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "person"],
                name="one_standing_conflict_per_claim_and_person",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="conflict_is_withdrawn_by_somebody_else",
                condition=models.Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | models.Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                & ~models.Q(withdrawn_by=models.F("person")),
            ),
            models.CheckConstraint(name="conflict_has_a_reason", condition=~models.Q(reason__regex=r"^\s*$")),
        ]
        triggers = [
            unchanging(
                "conflicts_stay_as_declared",
                ["id", "claim_id", "person_id", "declared_by_id", "declared_at"],
                "A declared conflict of interest stays as it was declared.",
            ),
            undeletable("conflicts_stay", "A conflict of interest is never deleted; somebody else may withdraw it."),
            Guard(
                name="who_keeps_away_is_not_assigned",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF NEW.withdrawn_at IS NULL AND EXISTS (
                        SELECT FROM factcheck_claim claim
                        WHERE claim.id = NEW.claim_id AND claim.assignee_id = NEW.person_id
                    ) THEN
                        {refuse("who_keeps_away_is_not_assigned", KEPT_AWAY)}
                    END IF;
                    RETURN NULL;
                """,
            ),
            Guard(
                name="conflict_reason_stays_or_is_erased",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.reason <> OLD.reason AND NEW.reason <> '{ERASED}' THEN
                        {refuse("conflict_reason_stays_or_is_erased", "The reason of a conflict stays as given.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="conflict_reason_is_kept_under_hold",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.reason <> OLD.reason THEN
                        {unless_held("conflict_reason_is_kept_under_hold", OF_CLAIM)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="conflict_is_withdrawn_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_by_id)
                       IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by_id) THEN
                        {refuse("conflict_is_withdrawn_once", "This conflict of interest has been withdrawn already.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def article_key(self) -> int:
        return self.claim.article_id
