"""People, the desk, and outlets: forms whose save is a verb."""

from django.contrib import admin

from factcheck.admin.base import DeskAdmin
from factcheck.admin.forms import AddPersonForm, DeskForm, OutletForm, PersonForm
from factcheck.admin.site import site
from factcheck.models import Desk, Outlet, User


@admin.register(User, site=site)
class UserAdmin(DeskAdmin):
    confidential = False
    adds = edits = "manage people"
    list_display = ("name", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name", "pk")

    def get_form(self, request, obj=None, change=False, **options):
        return super().get_form(request, obj, change=change, form=PersonForm if change else AddPersonForm, **options)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("email", "name", "role", "as_read")
        hidden = ("as_read",) if self.has_change_permission(request, obj) else ()
        return ("email", "name", "role", "is_active", "last_login", "created_at", *hidden)

    def get_readonly_fields(self, request, obj=None):
        return () if obj is None else ("email", "name", "last_login", "created_at")


@admin.register(Desk, site=site)
class DeskItselfAdmin(DeskAdmin):
    confidential = False
    adds = edits = "edit the desk"
    form = DeskForm
    list_display = ("name", "contact", "method_version")
    search_fields = ("name",)
    readonly_fields = ("method_version",)

    def has_add_permission(self, request) -> bool:
        """There is one."""
        return super().has_add_permission(request) and not Desk.objects.exists()

    def get_fields(self, request, obj=None):
        hidden = ("as_read",) if self.has_change_permission(request, obj) else ()
        return ("name", "logo_url", "contact", "rating_labels", "method", "method_version", *hidden)


@admin.register(Outlet, site=site)
class OutletAdmin(DeskAdmin):
    confidential = False
    adds = edits = "edit an outlet or a source"
    form = OutletForm
    list_display = ("name", "domain", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "domain")
    ordering = ("name",)

    def get_fields(self, request, obj=None):
        hidden = ("as_read",) if self.has_change_permission(request, obj) else ()
        return ("name", "domain", "kind", "reliability_note", *hidden)
