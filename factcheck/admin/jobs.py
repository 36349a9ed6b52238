"""Machine steps: how each one went, and another try for dead ones."""

from django.conf import settings
from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.admin.actions import verb_action
from factcheck.admin.base import DeskAdmin, seen_field
from factcheck.admin.site import site
from factcheck.models import Job
from factcheck.workflow import jobs


def replay(job: Job, *, by, seen: int) -> Job:
    """A job is compared by its attempts, which never go down."""
    return jobs.replay(job, by=by, seen_attempts=seen)


class Queue(admin.SimpleListFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [(queue, queue) for queue in settings.QUEUES]

    def queryset(self, request, queryset):
        return queryset.filter(queue=self.value()) if self.value() else queryset


@admin.register(Job, site=site)
class JobAdmin(DeskAdmin):
    list_display = ("id", "kind", "target", "article_id", "state", "queue", "seen", "due_at", "error")
    list_filter = ("state", "kind", Queue)
    search_fields = ("=target", "=article__id", "last_error")
    ordering = ("-pk",)
    actions = (verb_action("replay", _("Replay"), replay, done=_("Replayed"), needs="replay a job"),)

    @admin.display(description=_("attempts"))
    def seen(self, job) -> str:
        return seen_field(job, job.attempts)

    @admin.display(description=_("last error"))
    def error(self, job) -> str:
        return Truncator(job.last_error).chars(120)
