"""The library. A source's details go through a form whose save is a verb; its passages are read-only."""

from django.contrib import admin

from factcheck.admin.base import DeskAdmin
from factcheck.admin.forms import SourceForm
from factcheck.admin.site import site
from factcheck.models import Passage, Source


@admin.register(Source, site=site)
class SourceAdmin(DeskAdmin):
    edits = "edit an outlet or a source"
    form = SourceForm
    list_display = ("title", "outlet", "kind", "seen", "published")
    list_filter = ("kind", "seen")
    list_select_related = ("outlet",)
    search_fields = ("title", "url", "outlet__name")
    readonly_fields = ("added_by", "version", "created_at", "updated_at")
    ordering = ("-pk",)

    def get_fields(self, request, obj=None):
        hidden = ("as_read",) if self.has_change_permission(request, obj) else ()
        shown = ("title", "outlet", "url", "kind", "seen", "published", "licence")
        return (*shown, *self.readonly_fields, *hidden)


@admin.register(Passage, site=site)
class PassageAdmin(DeskAdmin):
    list_display = ("id", "source", "position", "wording", "model_version")
    list_filter = ("wording",)
    list_select_related = ("source",)
    search_fields = ("heading", "text")
    fields = ("source", "position", "heading", "text", "wording", "model_version")
    ordering = ("-pk",)
