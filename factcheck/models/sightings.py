"""What an approver last saw of a review, so that only the difference has to be read again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.reviews import ClaimReview


class Sighting(models.Model):
    """`printed` is all that publishing the review would have printed when the person saw it last, and `sha256` its
    signature (workflow.publications). `before`: the other contents that they had seen before that, which stay at hand
    however often the page is opened again.
    """

    review = models.ForeignKey(ClaimReview, models.PROTECT, related_name="sightings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(_("version of the review"))
    printed = models.JSONField(_("what it said"))
    sha256 = models.CharField(_("sha256 of what it said"), max_length=64)
    seen_at = models.DateTimeField(_("seen"), db_default=Now())
    before = models.JSONField(_("what it said before"), null=True)
    before_version = models.PositiveIntegerField(_("version of the review before"), null=True)
    before_at = models.DateTimeField(_("seen before"), null=True)

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sighting")
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="one_sighting_per_review_and_person"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}, version {self.version}"
