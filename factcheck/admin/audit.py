"""The trail, chain by chain: read-only here as in the database."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import DESK_CHAIN, AuditEntry, AuditText
from factcheck.workflow.audit import with_names


class Chain(admin.SimpleListFilter):
    """The desk's chain or the articles'. One article's is found by its uuid, in the search."""

    title = _("chain")
    parameter_name = "of"

    def lookups(self, request, model_admin):
        return [("desk", _("The desk's")), ("articles", _("Of articles"))]

    def queryset(self, request, queryset):
        if self.value() == "desk":
            return queryset.filter(chain=DESK_CHAIN)
        return queryset.exclude(chain=DESK_CHAIN) if self.value() == "articles" else queryset


class Subject(admin.SimpleListFilter):
    """The kinds of rows there are, without asking the whole trail for them."""

    title = _("kind of row")
    parameter_name = "subject"

    def lookups(self, request, model_admin):
        models = (model for model in model_admin.admin_site._registry if model is not AuditEntry)
        return sorted((model._meta.model_name, model._meta.verbose_name) for model in models)

    def queryset(self, request, queryset):
        return queryset.filter(subject=self.value()) if self.value() else queryset


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(DeskAdmin):
    list_display = ("at", "chain", "seq", "verb", "subject", "subject_id", "old", "new", "who")
    list_filter = (Chain, Subject)
    search_fields = ("=chain", "verb", "=subject_id")
    readonly_fields = ("who", "words")
    ordering = ("-pk",)

    def get_changelist_instance(self, request):
        """Names of the page's people in one query."""
        changelist = super().get_changelist_instance(request)
        with_names(changelist.result_list)
        return changelist

    @admin.display(description=_("who"))
    def who(self, entry) -> str:
        if entry.actor is None:
            return _("the machine")
        if not hasattr(entry, "name_of_actor"):
            with_names([entry])
        return f"{entry.name_of_actor} ({entry.actor})"

    @admin.display(description=_("words"))
    def words(self, entry) -> str:
        if entry.text_sha256 is None:
            return _("none")
        text = AuditText.objects.filter(entry_id=entry.pk).values_list("text", flat=True).first()
        return text if text is not None else _("erased")
