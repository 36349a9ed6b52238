"""What a machine found while it read the words of a review, for people who decide what is printed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.reviews import ClaimReview


class MachineReading(models.Model):
    """The newest reading of a review (text/doubts.py). It speaks of exactly the words whose sha256 it has: while the
    review says anything else, its words are not read yet. Hints, none of which says what is true.
    """

    review = models.OneToOneField(ClaimReview, models.PROTECT, related_name="machine_reading", primary_key=True)
    sha256 = models.CharField(_("sha256 of what was read"), max_length=64)
    leaning = ArrayField(models.TextField(), verbose_name=_("words of the statement that lean on the article"))
    ageing = models.TextField(_("words by which the statement may go out of date"), blank=True)
    persons = ArrayField(models.TextField(), verbose_name=_("names of persons, as they come"))
    of_statement = models.BooleanField(_("the statement was read"))
    languages = ArrayField(models.CharField(max_length=20), verbose_name=_("languages of texts that were not read"))
    beyond = models.PositiveIntegerField(_("characters that lie beyond what was read"))
    model_version = models.CharField(_("model version"), max_length=200)
    read_at = models.DateTimeField(_("read"), db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("machine's reading of a review")
        verbose_name_plural = _("machine's readings of reviews")

    def __str__(self) -> str:
        return str(self.review_id)
