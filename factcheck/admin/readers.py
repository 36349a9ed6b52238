"""What the desk tells readers, and what they ask: read-only. Both are written on pages of their own."""

from django.contrib import admin

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import DeskPage, ReaderRequest


@admin.register(DeskPage, site=site)
class DeskPageAdmin(DeskAdmin):
    confidential = False
    list_display = ("kind", "version", "written_by", "written_at")
    list_filter = ("kind",)
    list_select_related = ("written_by",)
    search_fields = ("text",)
    ordering = ("-pk",)


@admin.register(ReaderRequest, site=site)
class ReaderRequestAdmin(DeskAdmin):
    list_display = ("id", "status", "outcome", "publication", "assignee", "created_at", "answered_at", "version")
    list_filter = ("status", "outcome")
    list_select_related = ("publication", "assignee")
    search_fields = ("text", "answer")
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("publication__frozen")
