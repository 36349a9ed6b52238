"""Articles and their texts: read-only. They come in by the verb, and no text is ever edited."""

from django.contrib import admin

from factcheck.admin.base import DeskAdmin
from factcheck.admin.site import site
from factcheck.models import Article, ArticleVersion


@admin.register(Article, site=site)
class ArticleAdmin(DeskAdmin):
    list_display = ("id", "title", "outlet", "submitted_by", "outside_search", "created_at")
    list_filter = ("outside_search",)
    list_select_related = ("outlet", "submitted_by")
    search_fields = ("=uuid", "url", "versions__title")
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).newest_first()

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
