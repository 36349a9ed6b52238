"""Where partners want to be told of events, and each telling of it."""

import secrets
import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet
from factcheck.models.events import Event
from factcheck.models.guards import Guard, refuse, rises, unchanging
from factcheck.models.rows import Versioned

WEBHOOK_KINDS = (
    Event.Kind.ARTICLE_PROCESSED,
    Event.Kind.CLAIM_REVIEWED,
    Event.Kind.PUBLISHED,
    Event.Kind.CORRECTED,
    Event.Kind.RETRACTED,
    Event.Kind.TAKEN_DOWN,
)
"""What partners can be told of. Of articles and claims each is told of its own, of publications of all."""
WEBHOOK_TEST = "webhook.test"


def new_salt() -> str:
    return secrets.token_hex(16)


class EndpointQuerySet(models.QuerySet):
    def visible_to(self, user) -> "EndpointQuerySet":
        """A partner's own."""
        return self.filter(partner=user.pk)

    def in_use(self) -> "EndpointQuerySet":
        return self.filter(enabled=True, partner__is_active=True)


class WebhookEndpoint(Versioned):
    """An address of a partner to which events are posted, signed with a secret of its own (workflow/signatures.py).

    No secret is kept: it is made of a random `salt` and the desk's SECRET_KEY, which no dump holds. While a secret is
    replaced, what is sent is signed with the one of `old_salt` too, until `old_until`.

    switched_off: why the desk stopped sending, in words for the partner; empty when the partner did.
    """

    partner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="webhook_endpoints")
    url = models.CharField(_("address"), max_length=2000)
    kinds = ArrayField(models.CharField(max_length=24), verbose_name=_("what it is told of"))
    enabled = models.BooleanField(_("switched on"), default=True)
    switched_off = models.CharField(_("why the desk switched it off"), max_length=500, blank=True)
    switched_off_at = models.DateTimeField(_("switched off by the desk"), null=True, blank=True)
    mail_due_at = models.DateTimeField(_("the partner is to be told by mail"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail it"), default=0)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    old_salt = models.CharField(max_length=32, blank=True, editable=False)
    old_until = models.DateTimeField(_("the old secret signs until"), null=True, blank=True)

    MOST: ClassVar[int] = 10  # of one partner
    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook endpoint")
        constraints = [
            models.UniqueConstraint(fields=["partner", "url"], name="one_endpoint_per_partner_and_address"),
            models.CheckConstraint(
                name="endpoint_is_told_of_what_there_is",
                condition=Q(kinds__contained_by=[kind.value for kind in WEBHOOK_KINDS]) & Q(kinds__len__gte=1),
            ),
            models.CheckConstraint(
                name="who_is_told_why_is_switched_off", condition=Q(switched_off="") | Q(enabled=False)
            ),
        ]
        triggers = [
            rises("a_webhook_endpoint_version_rises", but_for=("mail_due_at", "mail_attempts")),
            unchanging("endpoints_stay_their_partners", ["id", "partner_id"], "An endpoint stays with its partner."),
            Guard(
                name="endpoints_are_of_partners",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (SELECT FROM factcheck_user partner
                                   WHERE partner.id = NEW.partner_id AND partner.role = 'partner') THEN
                        {refuse("endpoints_are_of_partners", "Only partners are told by webhooks.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.url


def new_message() -> str:
    return f"msg_{uuid.uuid4().hex}"


class DeliveryQuerySet(OfArticleQuerySet):
    def visible_to(self, user) -> "DeliveryQuerySet":
        """A partner's own. It is told of its own articles, which it sees for good, and of what is public."""
        return self.filter(endpoint__partner=user.pk)

    def due(self, now) -> "DeliveryQuerySet":
        """To be sent, and those whose sender was lost."""
        return self.filter(state__in=(Delivery.State.WAITING, Delivery.State.SENDING), next_at__lte=now)


class Delivery(models.Model):
    """One event on its way to one endpoint.

        waiting ──► sending ──► delivered      any status from 200 to 299
        sending ──► waiting                    anything else, or nothing; again at next_at
        sending ──► failed                     the schedule is at its end, or the endpoint is gone (410)
        waiting ──► failed                     the endpoint was switched off
        failed, delivered ──► waiting          it is sent again on request

    Who sends owns it until next_at; if the sender is lost, it is due again then. So a receiver may get it twice, always
    under the same `message` (the header webhook-id), by which it knows what it had.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    OVER: ClassVar[tuple[str, ...]] = (State.DELIVERED, State.FAILED)

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    message = models.CharField(_("webhook-id"), max_length=40, unique=True, default=new_message, editable=False)
    kind = models.CharField(_("what happened"), max_length=24)
    seq = models.BigIntegerField(_("number in the sequence"), null=True)  # of a test: none
    subject = models.CharField(_("kind of row"), max_length=12, blank=True)
    subject_id = models.BigIntegerField(_("key of the row"), null=True)
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField(_("happened"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"))
    last_at = models.DateTimeField(_("last attempt"), null=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True)
    last_error = models.CharField(_("why it failed"), max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "seq"], name="an_event_is_delivered_once_per_endpoint"),
            models.CheckConstraint(
                name="delivery_state_is_known",
                condition=Q(state__in=["waiting", "sending", "delivered", "failed"]),
            ),
        ]
        indexes = [
            models.Index("next_at", name="deliveries_due", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["endpoint", "state", "id"], name="deliveries_of_an_endpoint"),
            models.Index("created_at", name="deliveries_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message}"
