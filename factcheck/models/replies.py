"""The right of reply: who was asked about what is said of them, and what came back."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.evidence import only_in_a_draft
from factcheck.models.guards import unchanging
from factcheck.models.reviews import ClaimReview


class Reply(models.Model):
    """Somebody was asked for a reply, with a deadline, and answered or did not; or nobody was asked, and why.

    A part of the review, and printed with it: no address or number of anybody belongs here. `answer` is empty while
    nothing came.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        TELEPHONE = "telephone", _("by telephone")
        LETTER = "letter", _("by letter")
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("by a message online")

    review = models.ForeignKey(ClaimReview, models.PROTECT, related_name="replies")
    name = models.CharField(_("who was asked"), max_length=200, blank=True)
    role = models.CharField(_("as what, for example “spokesperson of the council”"), max_length=200, blank=True)
    channel = models.CharField(_("how"), max_length=10, choices=Channel, blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    answer = models.TextField(_("the answer, in their exact words"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    not_asked = models.TextField(_("why nobody was asked"), blank=True)
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last written by")
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "review__claim__article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(
                name="a_reply_was_asked_for_or_not",
                condition=(
                    Q(not_asked="", channel__in=["email", "telephone", "letter", "in_person", "online"])
                    & Q(asked_on__isnull=False, deadline__isnull=False, deadline__gte=F("asked_on"))
                    & ~Q(name__regex=r"^\s*$")
                )
                | (
                    Q(name="", role="", channel="", answer="")
                    & Q(asked_on__isnull=True, deadline__isnull=True, answered_on__isnull=True)
                    & ~Q(not_asked__regex=r"^\s*$")
                ),
            ),
            models.CheckConstraint(
                name="an_answer_has_words_and_a_day",
                condition=Q(answer="", answered_on__isnull=True)
                | (~Q(answer__regex=r"^\s*$") & Q(answered_on__isnull=False, answered_on__gte=F("asked_on"))),
            ),
        ]
        triggers = [
            only_in_a_draft("replies_change_in_draft_only", "ROW.review_id", "ROW.writer_id"),
            unchanging("replies_stay_with_their_review", ["id", "review_id"], "A reply stays with its review."),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Nobody was asked"))

    @staticmethod
    def today() -> date:
        """At the desk, wherever the person is who asks: a deadline must not hang on whose time zone a page is shown
        in.
        """
        return timezone.localdate(timezone=timezone.get_default_timezone())

    @property
    def waits(self) -> bool:
        """For an answer, whose deadline is not over yet."""
        return not self.answer and self.deadline is not None and self.deadline >= self.today()
