"""The texts that an article has had: a page that changed has several."""

from rest_framework import serializers

from factcheck.api import articles
from factcheck.api.doors import PageQuery, Row, listed, page
from factcheck.api.schema import ID, described
from factcheck.models import ArticleVersion, Scope


class VersionSerializer(articles.TextSerializer):
    title = serializers.CharField(allow_blank=True)
    byline = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)
    modified_at = serializers.DateTimeField(allow_null=True)


def versions_shown(versions: list[ArticleVersion]) -> list[dict]:
    names = list(VersionSerializer().fields)
    return [{name: getattr(version, name) for name in names} for version in versions]


class OfArticle(Row):
    scopes = {"GET": Scope.ARTICLES_READ}
    find = staticmethod(articles.find)

    @described(
        "listVersionsOfArticle",
        "The texts that an article has had, oldest first",
        listed("ArticleVersionPage", VersionSerializer),
        asks=[ID, PageQuery],
    )
    def get(self, request, id):
        return page(self, self.row().versions.defer("raw"), self.asked(PageQuery), versions_shown)
