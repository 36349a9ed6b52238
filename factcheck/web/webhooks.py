"""A partner's webhooks: its endpoints, the log of each, and the forms to look after them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from factcheck.models import Delivery, WebhookEndpoint
from factcheck.web import forms
from factcheck.web.errors import Refusal, partners_only, posting
from factcheck.web.pages import key, page_of, show
from factcheck.workflow import webhooks


@partners_only
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    return make(request) if request.method == "POST" else listed(request, None)


def listed(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    endpoints = WebhookEndpoint.objects.visible_to(request.user).order_by("pk")
    [form] = refusal.place(forms.MakeWebhook()) if refusal else [forms.MakeWebhook()]
    return show(request, "partner_webhooks.html", {"endpoints": endpoints, "form": form, "refusal": refusal})


@posting(forms.MakeWebhook, again=listed, only=partners_only)
def make(request: HttpRequest, row: None, form: forms.MakeWebhook) -> HttpResponse:
    endpoint, secret = webhooks.make_endpoint(request.user, by=request.user, **form.said())
    return _with_secret(request, endpoint, secret)


@require_safe
@partners_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_object_or_404(WebhookEndpoint.objects.visible_to(request.user), pk=pk))


def page(
    request: HttpRequest, row: WebhookEndpoint | Delivery, refusal: Refusal | None = None, secret: str = ""
) -> HttpResponse:
    """secret: one that was just made, which no other page shows."""
    endpoint = row.endpoint if isinstance(row, Delivery) else row
    before = key(request, "before")
    log = Delivery.objects.filter(endpoint=endpoint).order_by("-pk")
    found, last = page_of(log.filter(pk__lt=before) if before else log)
    failed = log.filter(state=Delivery.State.FAILED).exists()
    tended = {
        "ping_form": forms.PingWebhook(endpoint) if endpoint.enabled else None,
        "replay_form": forms.ReplayFailed(endpoint) if endpoint.enabled and failed else None,
        "switch_form": forms.SwitchWebhook(endpoint),
        "secret_form": forms.RenewWebhookSecret(endpoint),
        "edit_form": forms.EditWebhook(endpoint),
        "delete_form": forms.DeleteWebhook(endpoint),
    }
    if refusal:
        tended = dict(zip(tended, refusal.place(*tended.values()), strict=True))
    for delivery in found:
        again = endpoint.enabled and delivery.state in Delivery.OVER
        delivery.form = forms.ReplayDelivery(delivery) if again else None
    context = {**tended, "endpoint": endpoint, "log": found, "last": last, "secret": secret, "refusal": refusal}
    return show(request, "partner_webhook.html", context)


def _with_secret(request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
    """The page itself and no redirect: the secret stands in this one answer, in no session and in no address."""
    answer = page(request, endpoint, secret=secret)
    answer["Cache-Control"] = "no-store"
    return answer


# --- the forms -----------------------------------------------------------------------------------------------------


@posting(forms.EditWebhook, again=page, only=partners_only)
def edit(request: HttpRequest, endpoint: WebhookEndpoint, form: forms.EditWebhook) -> str:
    webhooks.change_endpoint(endpoint, by=request.user, enabled=endpoint.enabled, **form.said())
    messages.success(request, _("Saved."))
    return form.page


@posting(forms.SwitchWebhook, again=page, only=partners_only)
def switch(request: HttpRequest, endpoint: WebhookEndpoint, form: forms.SwitchWebhook) -> str:
    on = not endpoint.enabled
    webhooks.change_endpoint(
        endpoint,
        by=request.user,
        seen=form.said()["seen"],
        url=endpoint.url,
        kinds=endpoint.kinds,
        enabled=on,
    )
    messages.success(request, _("The endpoint is on.") if on else _("The endpoint is off."))
    return form.page


@posting(forms.RenewWebhookSecret, again=page, only=partners_only)
def renew_secret(request: HttpRequest, endpoint: WebhookEndpoint, form: forms.RenewWebhookSecret) -> HttpResponse:
    secret = webhooks.new_secret(endpoint, by=request.user, seen=form.said()["seen"])
    return _with_secret(request, endpoint, secret)


@posting(forms.PingWebhook, again=page, only=partners_only)
def ping(request: HttpRequest, endpoint: WebhookEndpoint, form: forms.PingWebhook) -> str:
    webhooks.ping(endpoint, by=request.user)
    messages.success(request, _("A test is on its way."))
    return form.page


@posting(forms.ReplayFailed, again=page, only=partners_only)
def replay_failed(request: HttpRequest, endpoint: WebhookEndpoint, form: forms.ReplayFailed) -> str:
    count = webhooks.replay_failed(endpoint, by=request.user)
    messages.success(request, ngettext("%d is sent again.", "%d are sent again.", count) % count)
    return form.page


@posting(forms.DeleteWebhook, again=page, only=partners_only)
def delete(request: HttpRequest, endpoint: WebhookEndpoint, form: forms.DeleteWebhook) -> str:
    webhooks.delete_endpoint(endpoint, by=request.user, seen=form.said()["seen"])
    messages.success(request, _("The endpoint and its log are deleted."))
    return reverse("webhooks")


@posting(forms.ReplayDelivery, again=page, only=partners_only)
def replay(request: HttpRequest, delivery: Delivery, form: forms.ReplayDelivery) -> str:
    webhooks.replay(delivery, by=request.user)
    messages.success(request, _("It is sent again."))
    return form.page
