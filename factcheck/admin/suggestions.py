"""Suggestions: read-only, and put aside by the verb, with a reason."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from factcheck.admin.actions import verb_action
from factcheck.admin.base import DeskAdmin, seen_field
from factcheck.admin.site import site
from factcheck.models import Suggestion
from factcheck.workflow import evidence


@admin.register(Suggestion, site=site)
class SuggestionAdmin(DeskAdmin):
    list_display = ("id", "claim_id", "source", "status", "rank", "score", "provider", "seen")
    list_filter = ("status",)
    list_select_related = ("passage__source", "claim")
    search_fields = ("claim__statement", "passage__heading")
    ordering = ("-pk",)
    actions = (
        verb_action(
            "dismiss", _("Dismiss"), evidence.dismiss, done=_("Dismissed"), needs="decide a suggestion", reason=True
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("claim__embedding", "passage__embedding", "passage__tsv")

    @admin.display(description=_("source"))
    def source(self, suggestion) -> str:
        return suggestion.passage.source.title

    @admin.display(description=_("version"))
    def seen(self, suggestion) -> str:
        return seen_field(suggestion, suggestion.version)

    def described(self, suggestion) -> str:
        return suggestion.passage.source.title
