"""What was settled before publications: read-only, and written on the pages of reviews."""

from django.contrib import admin

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import GateAnswer, LegalReading, LinkCheck, MachineReading, Reply


@admin.register(Reply, site=site)
class ReplyAdmin(DeskAdmin):
    list_display = ("id", "review_id", "name", "role", "channel", "asked_on", "deadline", "answered_on")
    list_filter = ("channel",)
    search_fields = ("name", "role", "answer", "not_asked")
    ordering = ("-pk",)


@admin.register(GateAnswer, site=site)
class GateAnswerAdmin(DeskAdmin):
    list_display = ("id", "review_id", "doubt", "subject", "choice", "by", "at")
    list_filter = ("doubt", "choice")
    list_select_related = ("by",)
    search_fields = ("subject", "reason")
    ordering = ("-pk",)


@admin.register(LegalReading, site=site)
class LegalReadingAdmin(DeskAdmin):
    list_display = ("review_id", "marked_by", "marked_at", "cleared_by", "cleared_at")
    list_select_related = ("marked_by", "cleared_by")
    search_fields = ("reason", "note")
    ordering = ("-pk",)


@admin.register(LinkCheck, site=site)
class LinkCheckAdmin(DeskAdmin):
    list_display = ("id", "url", "outcome", "asked_at", "checked_at")
    list_filter = ("outcome",)
    search_fields = ("url",)
    ordering = ("-pk",)


@admin.register(MachineReading, site=site)
class MachineReadingAdmin(DeskAdmin):
    list_display = ("review_id", "persons", "leaning", "ageing", "languages", "beyond", "model_version", "read_at")
    search_fields = ("review__statement",)
    ordering = ("-pk",)
