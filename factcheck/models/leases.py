"""Who is working on a claim just now."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.claims import Claim


class LeaseQuerySet(OfArticleQuerySet):
    def running(self) -> "LeaseQuerySet":
        """By the database's clock."""
        return self.filter(until__gt=Now())


class Lease(models.Model):
    """A person is working on the claim, until then unless they go on (workflow/leases.py). It keeps “next” from giving
    the claim to another and tells colleagues; it forbids nothing, and is no part of the trail.
    """

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True, related_name="lease")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="leases")
    until = models.DateTimeField(_("until"))

    TO_ARTICLE: ClassVar[str] = "claim__article"
    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease of a claim")
        verbose_name_plural = _("leases of claims")

    def __str__(self) -> str:
        return str(self.person)
