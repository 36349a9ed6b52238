"""Articles: sent in, read back with how far the machine has come."""

from typing import Any

from django.db.models import Count
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import progress
from factcheck.api.claims import ClaimSerializer, claims_shown
from factcheck.api.claims import rows as claim_rows
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, absolute, etag, found, listed, page, person
from factcheck.api.inputs import Input, Moment, Truth, Whole, Words
from factcheck.api.schema import ID, described
from factcheck.models import Article, ArticleVersion, Claim, User
from factcheck.workflow.articles import ingest


class NewArticleSerializer(Input):
    title = Words(max_length=1000)
    url = Words(required=False, allow_blank=True, max_length=2000, default="", help_text="http:// or https://")
    text = Words(help_text="Plain text, kept exactly as sent.")
    note = Words(required=False, allow_blank=True, max_length=100_000, default="", help_text="How it reached the desk.")
    language = serializers.RegexField(
        r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35, required=False, default="en", help_text="BCP 47"
    )
    published = Moment(required=False, allow_null=True, default=None)
    confidential = Truth(
        required=False, default=False, help_text="Seen by you and `readers` only; its claims are never sent outside."
    )
    readers = serializers.ListField(
        child=Whole(min_value=1), required=False, default=list, max_length=100, help_text="Keys of people of the desk."
    )


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class CountsField(serializers.Field):
    """Status -> how many."""


class OutletSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ArticleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    uuid = serializers.UUIDField(help_text="The name of its chain in the trail.")
    title = serializers.CharField(allow_blank=True)
    byline = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    outlet = OutletSerializer(allow_null=True)
    language = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    published_is_guessed = serializers.BooleanField()
    confidential = serializers.BooleanField(help_text="Only named people see it; you are one of them.")
    outside_search = serializers.ChoiceField(choices=Article.OutsideSearch.choices)
    submitted_by = PersonSerializer(allow_null=True)
    claims = CountsField(help_text="Status of its claims -> how many.")
    progress = progress.ProgressSerializer()
    status_url = serializers.URLField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TextSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    text = serializers.CharField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()


class ArticleWithTextSerializer(ArticleSerializer):
    current = TextSerializer(help_text="The newest text. Positions of anchors count its code points.")


class AcceptedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    status_url = serializers.URLField(help_text="Ask here how far the machine has come.")
    progress = progress.ProgressSerializer()


def rows():
    return Article.objects.select_related("outlet", "submitted_by")


def find(id: str, user: Any) -> Article:
    return found(rows(), id, "article", user)


def articles_shown(articles: list[Article], *, text: bool = False) -> list[dict]:
    """A page of articles, in a number of queries that does not grow with it."""
    keys = [article.pk for article in articles]
    versions = ArticleVersion.objects.filter(article__in=keys).order_by("article", "-number").distinct("article")
    newest = {version.article_id: version for version in versions.defer("raw", *([] if text else ["text"]))}
    how_far = progress.of_articles(keys)
    counts: dict[int, dict[str, int]] = {key: dict.fromkeys(Claim.Status.values, 0) for key in keys}
    counted = Claim.objects.filter(article__in=keys).values_list("article", "status").annotate(Count("pk"))
    for article, status, number in counted.order_by():
        counts[article][status] = number
    shown = []
    for article in articles:
        version = newest[article.pk]
        item = {
            "id": article.pk,
            "uuid": article.uuid,
            "title": version.title,
            "byline": version.byline,
            "url": article.url,
            "note": article.note,
            "outlet": person(article.outlet),
            "language": version.language,
            "published_at": version.published_at,
            "published_is_guessed": version.published_is_guessed,
            "confidential": article.confidential,
            "outside_search": article.outside_search,
            "submitted_by": person(article.submitted_by),
            "claims": counts[article.pk],
            "progress": how_far[article.pk],
            "status_url": status_url(article),
            "version": article.version,
            "created_at": article.created_at,
            "updated_at": article.updated_at,
        }
        if text:
            item["current"] = {
                "id": version.pk,
                "number": version.number,
                "text": version.text,
                "sha256": version.sha256,
                "received_at": version.received_at,
            }
        shown.append(item)
    return shown


def status_url(article: Article) -> str:
    return absolute(f"articles/{article.pk}/")


class Articles(Door):
    @described("listArticles", "Articles, oldest first", listed("ArticlePage", ArticleSerializer), asks=[PageQuery])
    def get(self, request):
        return page(self, rows().visible_to(request.user), self.asked(PageQuery), articles_shown)

    @described(
        "submitArticle",
        "Send an article in",
        AcceptedSerializer,
        takes=NewArticleSerializer,
        status=202,
        location=True,
    )
    def post(self, request):
        sent = self.taken(NewArticleSerializer)
        article = ingest(
            sent["text"],
            by=request.user,
            title=sent["title"],
            url=sent["url"],
            note=sent["note"],
            language=sent["language"],
            published_at=sent["published"],
            confidential=sent["confidential"],
            readers=_people(sent["readers"]),
        )
        body = {
            "id": article.pk,
            "status_url": status_url(article),
            "progress": progress.of_articles([article.pk])[article.pk],
        }
        return Response(body, status=202, headers={"Location": status_url(article)})


def _people(keys: list[int]) -> list[User]:
    people = User.objects.in_bulk(keys)
    if unknown := [key for key in keys if key not in people]:
        raise serializers.ValidationError({"readers": [f"Nobody of the desk has the key {unknown[0]}."]})
    return list(people.values())


class OneArticle(Row):
    find = staticmethod(find)

    @described("getArticle", "One article with its text and its progress", ArticleWithTextSerializer, row=True)
    def get(self, request, id):
        article = self.row()
        [shown] = articles_shown([article], text=True)
        return Response(shown, headers={"ETag": etag(article.version)})


class ClaimsOfArticle(Door):
    @described(
        "listClaimsOfArticle",
        "Claims of one article",
        listed("ClaimOfArticlePage", ClaimSerializer, reading=progress.ReadingSerializer()),
        asks=[ID, PageQuery],
    )
    def get(self, request, id):
        article = find(id, request.user)
        reading = progress.of_reading(article.versions.order_by("-number").values_list("pk", flat=True)[0])
        return page(self, claim_rows().filter(article=article), self.asked(PageQuery), claims_shown, reading=reading)
