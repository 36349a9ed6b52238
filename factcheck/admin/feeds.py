"""Feeds and the entries that were met: read-only. Whoever looks after feeds does so on their pages."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import Feed, FeedEntry


@admin.register(Feed, site=site)
class FeedAdmin(DeskAdmin):
    confidential = False
    list_display = ("id", "name", "url", "is_on", "every", "failures", "polled", "due", "error")
    list_filter = ("is_on", "every")
    list_select_related = ("polling", "outlet", "added_by")
    search_fields = ("name", "url")
    readonly_fields = ("failures", "polled", "due", "error", "version", "created_at", "updated_at")
    ordering = ("-pk",)

    @admin.display(description=_("failures in a row"), ordering="polling__failures")
    def failures(self, feed) -> int:
        return feed.polling.failures

    @admin.display(description=_("last poll"), ordering="polling__polled_at")
    def polled(self, feed):
        return feed.polling.polled_at

    @admin.display(description=_("next poll"), ordering="polling__due_at")
    def due(self, feed):
        return feed.polling.due_at

    @admin.display(description=_("why the last poll failed"))
    def error(self, feed) -> str:
        return Truncator(feed.polling.last_error).chars(120)


@admin.register(FeedEntry, site=site)
class FeedEntryAdmin(DeskAdmin):
    list_display = ("id", "feed", "article_id", "refused", "met_at")
    list_select_related = ("feed",)
    search_fields = ("=feed__id", "=article__id", "refused")
    ordering = ("-pk",)
