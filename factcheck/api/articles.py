"""Articles: sent in one by one or many at once, read back with how far the machine has come."""

import json
from collections.abc import Callable
from typing import Any

from django.db.models import Count
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import claims, progress
from factcheck.api.claims import ClaimSerializer, claim_shown, claims_shown
from factcheck.api.claims import find as find_claim
from factcheck.api.claims import rows as claim_rows
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, absolute, etag, found, listed, page, person
from factcheck.api.errors import told
from factcheck.api.inputs import BIGGEST_KEY, Form, Input, Json, Moment, Truth, Upload, Whole, Words
from factcheck.api.marking import NewClaimSerializer
from factcheck.api.schema import ID, ProblemSerializer, described
from factcheck.api.sequence import ChangesQuery, listed_by_changes, page_or_changes
from factcheck.exceptions import DeskError
from factcheck.models import Article, ArticleVersion, Claim, Event, Scope, User
from factcheck.permissions import require
from factcheck.text.documents import LARGEST, READABLE
from factcheck.text.extraction import Kind
from factcheck.workflow import marking
from factcheck.workflow.articles import OTHER_READERS, ingest
from factcheck.workflow.submissions import keep_row, submit


def stays_or_not() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=Article.OutsideSearch.choices,
        required=False,
        default=Article.OutsideSearch.ALLOWED,
        help_text="never: services outside are not asked about its claims.",
    )


class NewArticleSerializer(Input):
    """Exactly one of `text`, `html` and `url`; beside a text or HTML, `url` says where it was published."""

    title = Words(required=False, allow_blank=True, max_length=1000, default="")
    url = Words(
        required=False, allow_blank=True, max_length=2000, default="",
        help_text="http:// or https://. Alone: the page there is fetched.",
    )  # fmt: skip
    text = Words(required=False, allow_blank=True, default="", help_text="Plain text, kept exactly as sent.")
    html = Words(required=False, allow_blank=True, default="", help_text="A page; its article is read out of it.")
    note = Words(required=False, allow_blank=True, max_length=100_000, default="", help_text="How it reached the desk.")
    language = serializers.RegexField(
        r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35, required=False, allow_blank=True, default="",
        help_text="BCP 47. Empty: as the page says, or as the text is read.",
    )  # fmt: skip
    published = Moment(required=False, allow_null=True, default=None)
    confidential = Truth(
        required=False, default=False, help_text="Seen by you and `readers` only; its claims are never sent outside."
    )
    outside_search = stays_or_not()
    readers = serializers.ListField(
        child=Whole(min_value=1), required=False, default=list, max_length=100, help_text="Keys of people of the desk."
    )

    def validate(self, attrs):
        if attrs["text"] and attrs["html"]:
            raise serializers.ValidationError({"html": ["Send a text or HTML, not both."]})
        if not (attrs["text"] or attrs["html"] or attrs["url"]):
            raise serializers.ValidationError({"text": ["Send a text, HTML, or the address of a page."]})
        return attrs


class FileSerializer(Input):
    """A file that holds the article, as multipart/form-data; what is said of it goes before what it says itself."""

    file = Upload(
        allow_empty_file=True, help_text=f"{READABLE}, of {LARGEST:,} bytes at most; its first bytes say what it is."
    )
    title = Words(required=False, allow_blank=True, max_length=1000, default="")
    url = Words(required=False, allow_blank=True, max_length=2000, default="", help_text="Where it was published.")
    note = Words(required=False, allow_blank=True, max_length=100_000, default="", help_text="How it reached the desk.")
    language = serializers.RegexField(
        r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35, required=False, allow_blank=True, default="",
        help_text="BCP 47. Empty: as the file says, or as it reads.",
    )  # fmt: skip
    published = Moment(required=False, allow_null=True, default=None)
    confidential = serializers.BooleanField(
        required=False, default=False, help_text="Seen by you and `readers` only; its claims are never sent outside."
    )
    outside_search = stays_or_not()
    readers = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, default=list, max_length=100,
        help_text="Keys of people of the desk; the field once for each.",
    )  # fmt: skip


class BatchSerializer(Input):
    articles = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=100, help_text="Each as for POST articles/."
    )


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class CountsField(serializers.Field):
    """Status -> how many."""


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class OriginsField(serializers.Field):
    """Field -> where its value was found."""


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
    language = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)
    published_is_guessed = serializers.BooleanField()
    modified_at = serializers.DateTimeField(allow_null=True)
    canonical_url = serializers.CharField(allow_blank=True, help_text="The address the page wants to be known under.")
    origins = OriginsField(help_text="Field -> where it was found: `sender`, `feed`, `JSON-LD`, `guessed` and so on.")
    confidential = serializers.BooleanField(help_text="Only named people see it; you are one of them.")
    outside_search = serializers.ChoiceField(choices=Article.OutsideSearch.choices)
    submitted_by = PersonSerializer(allow_null=True)
    claims = CountsField(help_text="Status of its claims -> how many.")
    progress = progress.ProgressSerializer()
    status_url = serializers.URLField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class BlockSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    level = serializers.IntegerField(help_text="Of a heading 1 to 6; of a list item how deep it is.")
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class TextSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    text = serializers.CharField()
    blocks = BlockSerializer(many=True, help_text="None for plain text.")
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()


class ArticleWithTextSerializer(ArticleSerializer):
    current = TextSerializer(
        allow_null=True,
        help_text="The newest text; null until its page is fetched. Positions count its code points.",
    )


class AcceptedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    status_url = serializers.URLField(help_text="Ask here how far the machine has come.")
    progress = progress.ProgressSerializer()
    notice = serializers.CharField(
        allow_blank=True,
        help_text="What was not done: who sees a confidential article is not changed by sending again.",
    )


class ResultSerializer(serializers.Serializer):
    """What became of one article of a batch."""

    status = serializers.IntegerField(help_text="202: taken in; 200: the same was sent in before; else see problem.")
    article = AcceptedSerializer(allow_null=True)
    problem = ProblemSerializer(allow_null=True)


class ResultsSerializer(serializers.Serializer):
    results = ResultSerializer(many=True, help_text="In the order of what was sent.")


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
        version = newest.get(article.pk)
        item = {
            "id": article.pk,
            "uuid": article.uuid,
            "title": version.title if version else article.said.get("title", ""),
            "byline": version.byline if version else "",
            "url": article.url,
            "note": article.note,
            "outlet": person(article.outlet),
            "language": version.language if version else "",
            "published_at": version.published_at if version else None,
            "published_is_guessed": version.published_is_guessed if version else False,
            "modified_at": version.modified_at if version else None,
            "canonical_url": version.canonical_url if version else "",
            "origins": version.origins if version else {},
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
            item["current"] = version and {
                name: getattr(version, name) for name in ("id", "number", "text", "blocks", "sha256", "received_at")
            }
        shown.append(item)
    return shown


def status_url(article: Article) -> str:
    return absolute(f"articles/{article.pk}/")


class Articles(Door):
    parser_classes = [Json, Form]
    scopes = {"GET": Scope.ARTICLES_READ, "POST": Scope.ARTICLES_WRITE}

    @described(
        "listArticles",
        "Articles, oldest first",
        listed_by_changes("ArticlePage", ArticleSerializer),
        asks=[ChangesQuery],
    )
    def get(self, request):
        some = rows().visible_to(request.user)
        return page_or_changes(self, some, self.asked(ChangesQuery), Event.Subject.ARTICLE, articles_shown)

    @described(
        "submitArticle",
        "Send an article in",
        AcceptedSerializer,
        takes={"application/json": NewArticleSerializer, "multipart/form-data": FileSerializer},
        status=202,
        also=[200],
        location=True,
    )
    def post(self, request):
        if request.content_type.startswith("multipart/"):
            article = _file_taken_in(self.taken(FileSerializer), by=request.user)
        else:
            article = _taken_in(self.taken(NewArticleSerializer), by=request.user)
        return Response(accepted(article), status=_status(article), headers={"Location": status_url(article)})


class Batch(Door):
    """Each article for itself: one that cannot be taken in keeps no other out."""

    scopes = {"POST": Scope.ARTICLES_WRITE}

    @described("submitArticles", "Send up to 100 articles in", ResultsSerializer, takes=BatchSerializer)
    def post(self, request):
        require(request.user, "ingest an article")
        rows = enumerate(self.taken(BatchSerializer)["articles"], start=1)
        return Response({"results": [self._one(number, sent) for number, sent in rows]})

    def _one(self, number: int, sent: dict[str, Any]) -> dict[str, Any]:
        try:
            taken = NewArticleSerializer(data=sent)
            taken.is_valid(raise_exception=True)
            article = _taken_in(taken.validated_data, by=self.request.user, take=ingest, queue="bulk")
        except (serializers.ValidationError, DeskError) as error:
            problem = told(error) or {}
            self._keep(number, sent, problem)
            return {"status": problem["status"], "article": None, "problem": problem}
        return {"status": _status(article), "article": accepted(article), "problem": None}

    def _keep(self, number: int, sent: dict[str, Any], problem: dict[str, Any]) -> None:
        """With its place in the batch. Whatever does not say plainly that everybody may see it is kept back."""
        wrong = [f"{name}: {words[0]}" for name, words in problem.get("errors", {}).items()]
        named = sent.get("readers")
        keys = [each for each in named if type(each) is int] if isinstance(named, list) else []
        keep_row(
            json.dumps(sent, ensure_ascii=False).encode(errors="replace"),
            " ".join(wrong) or problem["detail"],
            by=self.request.user,
            name="batch",
            line=number,
            confidential=sent.get("confidential", False) is not False or bool(named),
            readers=User.objects.in_bulk([each for each in keys if 0 < each <= BIGGEST_KEY]).values(),
        )


def _file_taken_in(sent: dict[str, Any], *, by: User) -> Article:
    file = sent["file"]
    return submit(
        file.read(),
        by=by,
        file=file.name,
        media_type=file.content_type or "",
        published_at=sent["published"],
        readers=_people(sent["readers"]),
        **{name: sent[name] for name in ("title", "url", "note", "language", "confidential", "outside_search")},
    )


def _taken_in(
    sent: dict[str, Any], *, by: User, take: Callable[..., Article] = submit, queue: str = "interactive"
) -> Article:
    return take(
        sent["text"] or sent["html"] or None,
        by=by,
        media_type="text/html" if sent["html"] else "",
        title=sent["title"],
        url=sent["url"],
        note=sent["note"],
        language=sent["language"],
        published_at=sent["published"],
        confidential=sent["confidential"],
        outside_search=sent["outside_search"],
        readers=_people(sent["readers"]),
        queue=queue,
    )


def accepted(article: Article) -> dict[str, Any]:
    how_far = progress.of_articles([article.pk])[article.pk]
    notice = OTHER_READERS if article.other_readers else ""
    return {"id": article.pk, "status_url": status_url(article), "progress": how_far, "notice": notice}


def _status(article: Article) -> int:
    """200 for what this person had sent in already."""
    return 200 if article.sent_before else 202


def _people(keys: list[int]) -> list[User]:
    people = User.objects.in_bulk(keys)
    if unknown := [key for key in keys if key not in people]:
        raise serializers.ValidationError({"readers": [f"Nobody of the desk has the key {unknown[0]}."]})
    return list(people.values())


class OneArticle(Row):
    scopes = {"GET": Scope.ARTICLES_READ}
    find = staticmethod(find)

    @described("getArticle", "One article with its text and its progress", ArticleWithTextSerializer, row=True)
    def get(self, request, id):
        article = self.row()
        [shown] = articles_shown([article], text=True)
        return Response(shown, headers={"ETag": etag(article.version)})


class ClaimsOfArticle(Row):
    scopes = {"GET": Scope.CLAIMS_READ}
    of_the_desk = claims.OF_THE_DESK
    find = staticmethod(find)
    show = staticmethod(lambda article: articles_shown([article])[0])

    @described(
        "listClaimsOfArticle",
        "Claims of one article",
        listed("ClaimOfArticlePage", ClaimSerializer, reading=progress.ReadingSerializer()),
        asks=[ID, PageQuery],
    )
    def get(self, request, id):
        article = find(id, request.user)
        text = article.versions.order_by("-number").values_list("pk", flat=True).first()
        reading = progress.of_reading(article.pk, text)
        return page(self, claim_rows().filter(article=article), self.asked(PageQuery), claims_shown, reading=reading)

    @described(
        "addClaim",
        "Make a claim of words of the newest text; If-Match names the article's version",
        ClaimSerializer,
        takes=NewClaimSerializer,
        row=True,
        write=True,
        status=201,
        location=True,
    )
    def post(self, request, id):
        article = self.row()
        added = marking.add(article, by=request.user, seen=self.seen(article), **self.taken(NewClaimSerializer))
        headers = {"ETag": etag(added.version), "Location": absolute(f"claims/{added.pk}/")}
        return Response(claim_shown(find_claim(str(added.pk), request.user)), status=201, headers=headers)
