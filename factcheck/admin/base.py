"""What every page of the admin has in common: the permission table decides, nothing is deleted, nothing is guessed."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from factcheck.models import AuditEntry
from factcheck.permissions import may
from factcheck.workflow.audit import with_names

LONGEST_SEARCH = 200  # characters: each word is one more condition on each field
LONGEST_TRAIL = 500  # entries on one page; all of them are in the list of audit entries


class DeskAdmin(admin.ModelAdmin):
    """Read-only unless `adds` or `edits` names a verb of the permission table; its form then calls that verb.

    Filters are by fields with choices: any other would ask the whole table for its values on every page.
    """

    adds: ClassVar[str | None] = None
    edits: ClassVar[str | None] = None
    confidential: ClassVar[bool] = True  # some rows may be hidden; False: everybody who may enter sees all of them
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    formfield_overrides = {models.URLField: {"form_class": forms.CharField}}  # the verb says what an address is

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if self.confidential else rows

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """Only what the list's own filters ask. Any other field could be guessed at letter by letter, a password's hash
        among them, and a relation tells of rows that are hidden.
        """
        named = {each if isinstance(each, str) else each.parameter_name for each in self.list_filter}
        first = lookup.split(LOOKUP_SEP)[0]
        if first in named:
            return True
        try:
            self.opts.get_field(self.opts.pk.name if first == "pk" else first)
        except FieldDoesNotExist:
            return True  # which the list says it does not know
        return False

    def has_module_permission(self, request) -> bool:
        return may(request.user, "read the admin")

    def has_view_permission(self, request, obj=None) -> bool:
        return may(request.user, "read the admin")

    def has_add_permission(self, request) -> bool:
        return self.adds is not None and may(request.user, self.adds)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.edits is not None and may(request.user, self.edits)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_actions(self, request) -> dict:
        """Those that the person may do."""
        return {name: each for name, each in super().get_actions(request).items() if may(request.user, each[0].needs)}

    def get_form(self, request, obj=None, change=False, **options) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        form.by = request.user  # the class is made anew for each request
        return form

    def save_model(self, request, obj, form, change) -> None:
        """The verb has saved it (forms.VerbForm)."""

    def save_related(self, request, form, formsets, change) -> None:
        """As above."""

    def log_addition(self, request, obj, message) -> None:
        """The trail has its entry; a second log beside it could only disagree."""

    def log_change(self, request, obj, message) -> None:
        """As above."""

    def history_view(self, request, object_id, extra_context=None):
        """The trail of this row, newest first."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        seen = AuditEntry.objects.visible_to(request.user)
        entries = seen.filter(subject=self.opts.model_name, subject_id=row.pk).order_by("-pk")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Trail of %s") % named(row),
            "opts": self.opts,
            "object": row,
            "entries": with_names(list(entries[:LONGEST_TRAIL])),
        }
        return TemplateResponse(request, "admin/trail.html", context)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":  # keys that are none are nobody's row: Django would ask the database for them
            request.POST = request.POST.copy()
            keys = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if key.isascii() and key.isdigit()]
            request.POST.setlist(ACTION_CHECKBOX_NAME, [key for key in keys if len(key) < 19])
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            self.message_user(request, _("The address holds a NUL character, which no text has."), messages.WARNING)
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        if len(search_term) > LONGEST_SEARCH:
            said = _("Only the first %d characters were searched for.") % LONGEST_SEARCH
            self.message_user(request, said, messages.WARNING)
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])


def seen_field(row: Any, version: Any) -> str:
    """The version, as text and for the actions: they act on what the list showed."""
    return format_html('{0}<input type="hidden" name="seen-{1}" value="{0}">', version, row.pk)


def named(row: Any) -> str:
    return f"{str(row._meta.verbose_name).capitalize()} {row.pk}"
