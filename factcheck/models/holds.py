"""Litigation holds: while one stands, nothing of its article is erased or taken down."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet
from factcheck.models.guards import HOLDS, Guard, refuse, unchanging, undeletable


class HoldQuerySet(OfArticleQuerySet):
    def standing(self) -> "HoldQuerySet":
        return self.filter(lifted_at__isnull=True)


class LitigationHold(models.Model):
    """On an article, and so on everything that belongs to it: a court may ask for what the desk has about any of its
    claims. Placed with a reason, lifted by a named person with another.

    What it keeps from being erased has a guard each, by guards.unless_held().
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="holds")
    reason = models.TextField(_("reason"))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(_("placed"), db_default=Now(), editable=False)
    lift_reason = models.TextField(_("why it was lifted"), blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("litigation hold")
        constraints = [
            models.UniqueConstraint(
                fields=["article"], name="one_standing_hold_per_article", condition=Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(name="hold_has_a_reason", condition=~Q(reason__regex=r"^\s*$")),
            models.CheckConstraint(
                name="hold_is_lifted_with_a_reason",
                condition=Q(lift_reason="", lifted_by__isnull=True, lifted_at__isnull=True)
                | (Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~Q(lift_reason__regex=r"^\s*$")),
            ),
        ]
        triggers = [
            unchanging(
                "holds_stay_as_placed",
                ["id", "article_id", "reason", "placed_by_id", "placed_at"],
                "A litigation hold stays as it was placed.",
            ),
            undeletable("holds_stay", "A litigation hold is never deleted; it can be lifted with a reason."),
            Guard(
                name="hold_is_placed_standing",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.lifted_at IS NOT NULL THEN
                        {refuse("hold_is_placed_standing", "A litigation hold stands from the moment it is placed.")}
                    END IF;
                    -- What is being erased at this moment is either gone before the hold stands, or kept by it.
                    PERFORM pg_advisory_xact_lock({HOLDS});
                    RETURN NEW;
                """,
            ),
            Guard(
                name="hold_is_lifted_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.lifted_at IS NOT NULL THEN
                        {refuse("hold_is_lifted_once", "This litigation hold has been lifted; another can be placed.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.article_id)

    @property
    def article_key(self) -> int:
        return self.article_id
