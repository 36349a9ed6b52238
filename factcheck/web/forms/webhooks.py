"""A partner's webhooks: where it is told of what, and having something sent again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import WEBHOOK_KINDS, Delivery, WebhookEndpoint
from factcheck.web.forms.fields import DeskForm, Line


def kinds() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("What it is told of"),
        choices=[(kind.value, kind.label) for kind in WEBHOOK_KINDS],
        initial=[kind.value for kind in WEBHOOK_KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class MakeWebhook(DeskForm):
    address, button = "webhooks", _("Make the endpoint")

    url = Line(_("Address"), longest=2000, needed=True, help_text=_("It begins with https://."))
    kinds = kinds()

    def said(self) -> dict[str, Any]:
        said = super().said()
        return {"url": said["url"], "kinds": said["kinds"]}


class EditWebhook(DeskForm):
    model, address = WebhookEndpoint, "edit_webhook"

    url = Line(_("Address"), longest=2000, needed=True)
    kinds = kinds()

    def stored(self) -> dict[str, Any]:
        return {"url": self.row.url, "kinds": self.row.kinds}


class SwitchWebhook(DeskForm):
    """On when the endpoint that was read is off, and the other way round."""

    model, address = WebhookEndpoint, "switch_webhook"

    def prepare(self) -> None:
        self.button = _("Switch it off") if self.row.enabled else _("Switch it on")


class PingWebhook(DeskForm):
    model, address, button = WebhookEndpoint, "ping_webhook", _("Send a test")


class RenewWebhookSecret(DeskForm):
    model, address, button = WebhookEndpoint, "renew_webhook_secret", _("Make a new secret")


class ReplayFailed(DeskForm):
    model, address, button = WebhookEndpoint, "replay_failed", _("Send again what failed")


class DeleteWebhook(DeskForm):
    model, address, button = WebhookEndpoint, "delete_webhook", _("Delete it")


class ReplayDelivery(DeskForm):
    model, address, button = Delivery, "replay_delivery", _("Send again")
