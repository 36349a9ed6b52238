"""What readers ask of the desk, and what it answered."""

from collections.abc import Mapping
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import is_partner
from factcheck.models.guards import Guard, arrows, born, refuse, rises, unchanging, undeletable
from factcheck.models.publications import Publication
from factcheck.models.rows import Stated, web_address

ARROWS = {"open": frozenset({"answered", "spam"}), "answered": frozenset(), "spam": frozenset({"open"})}


class ReaderRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ReaderRequestQuerySet":
        """Everybody of the desk: they are about what is public, and who asks stands elsewhere (ReplyAddress)."""
        return self if user.is_active and not is_partner(user) else self.none()


class ReaderRequest(Stated):
    """A reader asks for a correction, or tells the desk something.

        open ──► answered     for good: the reader was told so
        open ◄──► spam        a person decided so, and can take it back

    publication: the fact-check as it stood when it was asked about; none for the desk as a whole. The reader finds the
    state and the answer at an address that only they know (workflow.requests.receipt).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        SPAM = "spam", _("Spam")

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("Corrected")
        NO_CHANGE = "no_change", _("No change")
        NOT_FOR_US = "not_for_us", _("Not for us")

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = ARROWS

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("fact-check")
    )
    text = models.TextField(_("what the reader writes"))
    url = models.URLField(_("source that the reader names"), max_length=2000, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("answer, as the reader sees it"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ReaderRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request from a reader")
        verbose_name_plural = _("requests from readers")
        indexes = [models.Index(fields=["status", "-id"], name="reader_requests_by_status")]
        constraints = [
            models.CheckConstraint(
                name="reader_request_status_is_known", condition=Q(status__in=["open", "answered", "spam"])
            ),
            models.CheckConstraint(name="reader_request_says_something", condition=~Q(text__regex=r"^\s*$")),
            web_address("reader_request_names_a_web_address"),
            models.CheckConstraint(
                name="answer_is_whole",
                condition=Q(status="answered", answered_by__isnull=False, answered_at__isnull=False)
                & Q(outcome__in=["corrected", "no_change", "not_for_us"])
                & ~Q(answer__regex=r"^\s*$")
                | ~Q(status="answered") & Q(outcome="", answer="", answered_by__isnull=True, answered_at__isnull=True),
            ),
        ]
        triggers = [
            rises("a_reader_request_version_rises"),
            arrows("reader_request_arrows", ARROWS),
            born(
                "reader_requests_are_born_open",
                "NEW.status = 'open' AND NEW.version = 1",
                "A request from a reader is open first.",
            ),
            unchanging(
                "reader_requests_stay_as_asked",
                ["id", "publication_id", "text", "url", "created_at"],
                "What a reader wrote stays as it was written.",
            ),
            undeletable(
                "reader_requests_stay", "A request from a reader is answered or put with the spam, not deleted."
            ),
            Guard(
                name="reader_requests_stay_answered",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.status = 'answered' THEN
                        {refuse("reader_requests_stay_answered", "This was answered, and the reader was told so.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Request')} {self.pk}"

    @property
    def article_key(self) -> int | None:  # type: ignore[override]
        """None for what is asked of the desk as a whole."""
        return self.publication.review.claim.article_id if self.publication else None


class ReplyAddress(models.Model):
    """Where the answer is mailed to. Apart from the request, so that no door shows it by accident: no page, no answer
    of the API, no export, no trail and no log has it. It is erased once the answer is mailed; that there was one stays
    known.
    """

    request = models.OneToOneField(ReaderRequest, models.PROTECT, primary_key=True, related_name="reply_address")
    email = models.EmailField(_("e-mail address"), blank=True)
    due_at = models.DateTimeField(_("answer to be mailed"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail it"), default=0)
    mailed_at = models.DateTimeField(_("answer mailed"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("address for an answer")
        indexes = [models.Index(fields=["due_at"], name="answers_due", condition=Q(erased_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="reply_address_stands_until_erased",
                condition=Q(erased_at__isnull=True) & ~Q(email="") | Q(erased_at__isnull=False, email=""),
            )
        ]
        triggers = [
            Guard(
                name="reply_addresses_only_go",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.request_id <> OLD.request_id OR (NEW.email <> OLD.email AND NEW.email <> '') THEN
                        {refuse("reply_addresses_only_go", "An address for an answer stays until it is erased.")}
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return str(self.request)
