"""What somebody has typed into a review and not saved yet."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.guards import rises, unchanging
from factcheck.models.reviews import ClaimReview
from factcheck.models.rows import Versioned


class DraftQuerySet(OfArticleQuerySet):
    def visible_to(self, user) -> "DraftQuerySet":
        """To its writer, as long as they see the article; to nobody else."""
        return super().visible_to(user).filter(person=user.pk)


class Draft(Versioned):
    """One person's unsaved words for one review, kept while they type. The review itself says nothing of them: they
    enter it through workflow.reviews.save() alone, and the draft goes with that, or when its writer discards it.

    `base` and `typed` hold the same fields as texts: how the review stood when they began, and what they made of it.
    """

    FIELDS = ("statement", "speaker", "finding", "rationale", "as_of", "change_kind", "change_note")

    review = models.ForeignKey(ClaimReview, models.PROTECT, related_name="drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts")
    base = models.JSONField(_("what the review said when they began"))
    typed = models.JSONField(_("what they typed"))

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="one_draft_per_review_and_person"),
        ]
        triggers = [
            rises("a_draft_version_rises"),
            unchanging(
                "drafts_stay_with_their_writer",
                ["id", "review_id", "person_id", "created_at"],
                "What somebody typed stays theirs, and of the review for which they typed it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.review}"

    def merged(self, now: Mapping[str, str]) -> dict[str, str]:
        """Both people's work, field by field: what was typed where something was typed, else what is saved now."""
        return {name: now[name] if text == self.base.get(name) else text for name, text in self.typed.items()}

    def clashing(self, now: Mapping[str, str]) -> list[str]:
        """The fields that both changed, to different texts: a person has to choose."""
        return [name for name, text in self.merged(now).items() if now[name] not in (self.base.get(name), text)]
