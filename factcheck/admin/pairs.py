"""Pairs of claims: read-only. Who decides whether two claims say the same reads both, on the page of either."""

from django.contrib import admin

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import ClaimPair


@admin.register(ClaimPair, site=site)
class ClaimPairAdmin(DeskAdmin):
    list_display = ("id", "one", "other", "status", "score", "decided_by", "version")
    list_filter = ("status",)
    list_select_related = ("one", "other", "decided_by")
    search_fields = ("one__statement", "other__statement")
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("one__embedding", "other__embedding")
