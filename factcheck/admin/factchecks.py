"""Earlier fact-checks, as their records said them: read-only. Imports have pages of their own."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import FactCheck


@admin.register(FactCheck, site=site)
class FactCheckAdmin(DeskAdmin):
    list_display = ("id", "claim", "rated", "publisher", "review_date", "language")
    search_fields = ("claim_reviewed", "title", "publisher", "rating")
    readonly_fields = ("version", "created_at", "updated_at")
    ordering = ("-pk",)

    @admin.display(description=_("claim reviewed"))
    def claim(self, row) -> str:
        return Truncator(row.claim_reviewed).chars(120)

    @admin.display(description=_("rating, in their words"))
    def rated(self, row) -> str:
        return Truncator(row.rating).chars(80)
