"""Searches outside: read-only. What left the house, to whom, and what came of it."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import Search


@admin.register(Search, site=site)
class SearchAdmin(DeskAdmin):
    list_display = ("id", "claim_id", "provider", "said", "sent_to", "sent_at", "sendings", "outcome", "found")
    list_filter = ("outcome",)
    search_fields = ("words", "sent_to", "=claim__article__id")
    ordering = ("-pk",)

    @admin.display(description=_("words as they are sent"))
    def said(self, search) -> str:
        return Truncator(search.words).chars(120)
