"""What a POST was answered, so that its repetition is answered the same and does nothing."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class KeptAnswerQuerySet(models.QuerySet):
    def erase(self) -> None:
        """Forget what was answered, and keep that it was done: nothing is done twice because a text was erased."""
        self.update(headers={}, body="", erased=True)


class KeptAnswer(models.Model):
    """One POST with an Idempotency-Key that was done, for its caller alone (api/idempotency.py). Written by the
    transaction that did it: it is there exactly when what was asked for was done or refused.

    A body may quote what is confidential. No page and no admin shows it; it is given again to none but its caller, is
    erased after a day (workflow/answers.py), and at once when anything is taken down.
    """

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("sha256 of the address and the Idempotency-Key"), max_length=64)
    request = models.CharField(_("sha256 of what was sent"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status of the answer"))
    headers = models.JSONField(_("headers of the answer"))
    body = models.TextField(_("body of the answer"), blank=True)
    erased = models.BooleanField(_("erased before its time"), default=False)
    created_at = models.DateTimeField(_("answered"), db_default=Now(), editable=False)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept answer")
        indexes = [models.Index(fields=["created_at"], name="kept_answers_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["caller", "name"], name="one_answer_per_caller_and_key"),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.name[:8]}"
