"""Claims and anchors: read-only; claims are put aside and restored by their verbs."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.admin.actions import verb_action
from factcheck.admin.base import DeskAdmin, seen_field
from factcheck.admin.site import site
from factcheck.models import Anchor, Claim
from factcheck.workflow import marking


@admin.register(Claim, site=site)
class ClaimAdmin(DeskAdmin):
    list_display = ("id", "short", "speaker", "status", "kind", "checkworthiness", "article_id", "seen")
    list_filter = ("status", "kind", "quoted")
    search_fields = ("statement", "speaker")
    exclude = ("embedding",)
    ordering = ("-pk",)
    actions = (
        verb_action("dismiss", _("Dismiss"), marking.dismiss, done=_("Dismissed"), needs="mark claims", reason=True),
        verb_action("restore", _("Restore"), marking.restore, done=_("Restored"), needs="mark claims"),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("embedding")

    @admin.display(description=_("version"))
    def seen(self, claim) -> str:
        return seen_field(claim, claim.version)

    def described(self, claim) -> str:
        return claim.statement

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
