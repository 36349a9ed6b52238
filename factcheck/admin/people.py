"""People, the desk, and outlets: forms whose save is a verb."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.admin.actions import verb_action
from factcheck.admin.base import DeskAdmin, named
from factcheck.admin.forms import AddPersonForm, DeskForm, OutletForm, PersonForm
from factcheck.admin.site import site
from factcheck.exceptions import DeskError
from factcheck.models import Desk, Outlet, User
from factcheck.workflow import people


@admin.register(User, site=site)
class UserAdmin(DeskAdmin):
    confidential = False
    adds = edits = "manage people"
    list_display = ("name", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    actions = (
        "invite_again",
        "remove_second_factor",
        verb_action(
            "erase",
            gettext_lazy("Erase name and address, for good"),
            people.erase_person,
            done=gettext_lazy("Erased"),
            needs="manage people",
            reason=True,
            versioned=False,
        ),
    )

    def get_form(self, request, obj=None, change=False, **options):
        chosen = PersonForm if change else AddPersonForm
        form = super().get_form(request, obj, change=change, form=chosen, **options)
        form.undelivered = staticmethod(self.undelivered(request))
        return form

    def undelivered(self, request) -> Callable[[User], None]:
        """Tells who looks at the page that a mail did not go out."""

        def tell(person: User) -> None:
            said = _("%s is here, but the invitation could not be sent. Send it again when the mail server answers.")
            self.message_user(request, said % person.name, messages.ERROR)

        return tell

    @admin.action(description=gettext_lazy("Send the invitation again"))
    def invite_again(self, request, queryset) -> None:
        self.each(request, queryset, people.invite_again, _("Invited again"), undelivered=self.undelivered(request))

    @admin.action(description=gettext_lazy("Remove a lost second factor"))
    def remove_second_factor(self, request, queryset) -> None:
        self.each(request, queryset, people.remove_second_factor, _("Second factor removed, logged out everywhere"))

    invite_again.needs = remove_second_factor.needs = "manage people"

    def each(self, request, queryset, verb: Callable[..., Any], done: str, **options: Any) -> None:
        """The verb on each chosen person, and a sentence for each."""
        for person in queryset.order_by("pk"):
            try:
                verb(person, by=request.user, **options)
            except DeskError as error:
                self.message_user(request, f"{named(person)}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"{named(person)}: {done}.", messages.SUCCESS)

    def described(self, person) -> str:
        return f"{person.name} <{person.email}>"

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
        return ("name", "logo_url", "contact", "rating_labels", "method", "checklist", "method_version", *hidden)


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
