"""Which claims took the place of which: by a split one claim has several successors, by a merge several have one."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.claims import SUCCEEDED, UNSUCCEEDED, Claim
from factcheck.models.guards import Guard, refuse, unchanging, undeletable


class LineageQuerySet(OfArticleQuerySet):
    def standing(self) -> "LineageQuerySet":
        return self.filter(undone_at__isnull=True)


class Lineage(models.Model):
    """`after` took the place of `before`, by one act of a person; rows of the same act bear the act's id, as the trail
    does. While it stands, `before` is superseded.

    Whoever undoes the act puts the old claims back: those rows are `undone`, and rows of the kind UNDO say that the old
    claims took the place of the successors.
    """

    class Kind(models.TextChoices):
        SPLIT = "split", _("Split")
        MERGE = "merge", _("Merged")
        UNDO = "undo", _("Put back")

    act = models.UUIDField(_("act"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    before = models.ForeignKey(Claim, models.PROTECT, related_name="successions")
    after = models.ForeignKey(Claim, models.PROTECT, related_name="origins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "before__article"
    objects = LineageQuerySet.as_manager()

    class Meta:
        verbose_name = _("lineage")
        constraints = [
            models.UniqueConstraint(fields=["act", "before", "after"], name="one_lineage_per_act_and_pair"),
            models.CheckConstraint(
                name="lineage_kind_is_known", condition=models.Q(kind__in=["split", "merge", "undo"])
            ),
        ]
        triggers = [
            unchanging(
                "lineages_stay_as_recorded",
                ["id", "act", "kind", "before_id", "after_id", "by_id", "at"],
                "Which claim took the place of which stays as it was recorded; it can only be undone.",
            ),
            undeletable("lineages_stay", "A lineage is never deleted; it can be undone."),
            Guard(
                name="lineage_stays_in_its_article",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.before_id = NEW.after_id OR NOT EXISTS (
                        SELECT FROM factcheck_claim claim
                        JOIN factcheck_claim successor ON successor.article_id = claim.article_id
                        WHERE claim.id = NEW.before_id AND successor.id = NEW.after_id
                    ) THEN
                        {refuse("lineage_stays_in_its_article", "A claim is replaced by others of its own article.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="lineage_fits_claim_status",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF NOT EXISTS (SELECT FROM factcheck_claim WHERE id = NEW.before_id AND {SUCCEEDED}) THEN
                        {refuse("lineage_fits_claim_status", UNSUCCEEDED)}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"

    @property
    def article_key(self) -> int:
        return self.before.article_id
