"""Keys of partners: who has which, making one, its limit, and revoking it. All of a key is on one page, once."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from factcheck.admin.actions import verb_action
from factcheck.admin.base import DeskAdmin
from factcheck.admin.forms import AddKeyForm, KeyForm
from factcheck.admin.site import site
from factcheck.models import ApiKey
from factcheck.permissions import may
from factcheck.workflow import keys


@admin.register(ApiKey, site=site)
class ApiKeyAdmin(DeskAdmin):
    adds = "manage partner keys"
    edits = "set the limit of a key"
    list_display = ("name", "partner", "shown", "state", "per_minute", "last_used_at", "expires_at")
    list_select_related = ("partner",)
    search_fields = ("name", "prefix", "partner__name")
    actions = (
        verb_action(
            "revoke", _("Revoke"), keys.revoke_key, done=_("Revoked"), needs="manage partner keys", versioned=False
        ),
    )

    @admin.display(description=_("key"))
    def shown(self, key) -> str:
        return key.shown

    @admin.display(description=_("state"))
    def state(self, key) -> str:
        return key.state

    def get_form(self, request, obj=None, change=False, **options):
        return super().get_form(request, obj, change=change, form=KeyForm if change else AddKeyForm, **options)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("partner", "name", "scopes", "days", "per_minute", "as_read")
        hidden = ("as_read",) if may(request.user, self.edits) else ()
        return (*self.get_readonly_fields(request, obj), "per_minute", *hidden)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        times = ("created_by", "created_at", "last_used_at", "expires_at", "revoked_at")
        return ("partner", "name", "shown", "scopes", *times)

    def response_add(self, request, obj, post_url_continue=None):
        """The page itself and no redirect: all of the key stands in this one answer, and in no session."""
        context = {**self.admin_site.each_context(request), "title": obj.name, "opts": self.opts, "key": obj}
        return TemplateResponse(request, "admin/key.html", context, headers={"Cache-Control": "no-store"})
