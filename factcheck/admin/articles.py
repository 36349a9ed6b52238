"""Articles, their texts and litigation holds: read-only. They come in by the verb, and no text is ever edited."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from factcheck.admin.actions import verb_action
from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import Article, ArticleVersion, LitigationHold
from factcheck.workflow import holds


@admin.register(Article, site=site)
class ArticleAdmin(DeskAdmin):
    list_display = ("id", "title", "outlet", "submitted_by", "outside_search", "created_at")
    list_filter = ("outside_search",)
    list_select_related = ("outlet", "submitted_by")
    search_fields = ("=uuid", "url", "versions__title")
    ordering = ("-pk",)
    actions = (
        verb_action(
            "hold",
            _("Place a litigation hold"),
            holds.place,
            done=_("Under litigation hold"),
            needs="decide on a litigation hold",
            reason=True,
            versioned=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).newest_first()

    def described(self, article) -> str:
        return article.title or article.url

    @admin.display(description="title")
    def title(self, article) -> str:
        return article.title


@admin.register(ArticleVersion, site=site)
class ArticleVersionAdmin(DeskAdmin):
    list_display = ("id", "article_id", "number", "title", "language", "received_at")
    search_fields = ("title", "=sha256")
    exclude = ("raw",)
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("raw")


@admin.register(LitigationHold, site=site)
class LitigationHoldAdmin(DeskAdmin):
    list_display = ("id", "article_id", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at")
    list_select_related = ("placed_by", "lifted_by")
    search_fields = ("reason", "lift_reason")
    ordering = ("-pk",)
    actions = (
        verb_action(
            "lift",
            _("Lift"),
            holds.lift,
            done=_("Lifted"),
            needs="decide on a litigation hold",
            reason=True,
            versioned=False,
        ),
    )

    def described(self, hold) -> str:
        return hold.reason
