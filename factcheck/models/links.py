"""Whether an address that a fact-check prints could be reached."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet


class LinkCheck(models.Model):
    """One look at one address, asked for with a review. What an error or a time-out leaves is not known: only a site
    that says so itself (404, 410) has nothing there.
    """

    class Outcome(models.TextChoices):
        REACHED = "reached", _("reached")
        GONE = "gone", _("nothing is there any more")
        UNKNOWN = "unknown", _("not known")

    url = models.CharField(_("address"), max_length=2000)
    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    said = models.TextField(_("what the site, or the desk, said"), blank=True)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    checked_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a link")
        verbose_name_plural = _("looks at links")
        constraints = [
            models.CheckConstraint(
                name="link_check_is_whole",
                condition=Q(outcome="", checked_at__isnull=True)
                | Q(outcome__in=["reached", "gone", "unknown"], checked_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["url", "-id"], name="link_checks_by_address")]

    def __str__(self) -> str:
        return self.url
