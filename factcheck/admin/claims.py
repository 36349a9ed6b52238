"""Claims and anchors: read-only."""

from django.contrib import admin
from django.utils.text import Truncator

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import Anchor, Claim


@admin.register(Claim, site=site)
class ClaimAdmin(DeskAdmin):
    list_display = ("id", "short", "speaker", "status", "kind", "checkworthiness", "article_id")
    list_filter = ("status", "quoted")
    search_fields = ("statement", "speaker")
    exclude = ("embedding",)
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("embedding")

    @admin.display(description="statement")
    def short(self, claim) -> str:
        return Truncator(claim.statement).chars(120)


@admin.register(Anchor, site=site)
class AnchorAdmin(DeskAdmin):
    list_display = ("id", "claim_id", "article_version_id", "status", "start", "end", "short")
    list_filter = ("status",)
    search_fields = ("exact",)
    ordering = ("-pk",)

    @admin.display(description="exact words")
    def short(self, anchor) -> str:
        return Truncator(anchor.exact).chars(120)
