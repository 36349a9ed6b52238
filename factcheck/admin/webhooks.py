"""Where partners are told of what, and how that goes: to look at. Partners look after it themselves."""

from django.contrib import admin

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import Delivery, WebhookEndpoint


@admin.register(WebhookEndpoint, site=site)
class WebhookEndpointAdmin(DeskAdmin):
    confidential = False
    list_display = ("url", "partner", "enabled", "switched_off", "switched_off_at", "version")
    list_select_related = ("partner",)
    search_fields = ("url", "partner__name")
    ordering = ("-pk",)


@admin.register(Delivery, site=site)
class DeliveryAdmin(DeskAdmin):
    confidential = False
    list_display = ("message", "endpoint", "kind", "seq", "state", "attempts", "next_at", "last_status", "last_error")
    list_filter = ("state",)
    list_select_related = ("endpoint",)
    search_fields = ("=message", "=seq")
    ordering = ("-pk",)
