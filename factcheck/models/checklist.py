"""Which steps of the desk's method were taken for a review, and which did not apply to it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.evidence import only_in_a_draft
from factcheck.models.guards import unchanging
from factcheck.models.reviews import ClaimReview


class ChecklistAnswer(models.Model):
    """The answer to one item of Desk.checklist, in the words in which it was asked: the list may change, the answer
    keeps its question. `position`: the place of the item on the list, from 1, when it was answered.
    """

    class Answer(models.TextChoices):
        DONE = "done", _("Done")
        DOES_NOT_APPLY = "does_not_apply", _("Does not apply")

    review = models.ForeignKey(ClaimReview, models.PROTECT, related_name="checklist")
    item = models.CharField(_("item, as it was asked"), max_length=1000)
    answer = models.CharField(_("answer"), max_length=20, choices=Answer)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(_("place on the list"))
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of the checklist")
        verbose_name_plural = _("answers of the checklist")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["review", "item"], name="one_answer_per_review_and_item"),
            models.CheckConstraint(
                name="an_answer_is_done_or_has_a_reason",
                condition=models.Q(answer="done")
                | models.Q(answer="does_not_apply") & ~models.Q(reason__regex=r"^\s*$"),
            ),
        ]
        triggers = [
            only_in_a_draft("answers_change_in_draft_only", "ROW.review_id", "ROW.writer_id"),
            unchanging("answers_keep_their_question", ["id", "review_id", "item"], "An answer keeps its question."),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_answer_display()}"
