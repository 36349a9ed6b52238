"""Publications: read-only. A review is published and retracted where it is listed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import Publication


class Retracted(admin.SimpleListFilter):
    title = _("retracted")
    parameter_name = "retracted"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.exclude(retraction_reason="")
        return queryset.filter(retraction_reason="") if self.value() == "no" else queryset


@admin.register(Publication, site=site)
class PublicationAdmin(DeskAdmin):
    confidential = False
    list_display = ("slug", "number", "review_id", "published_by", "published_at", "retracted_at", "taken_down_at")
    list_filter = (Retracted,)
    list_select_related = ("published_by",)
    search_fields = ("slug", "=sha256")
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("frozen", "tsv")
