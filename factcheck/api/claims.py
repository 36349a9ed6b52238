"""Claims: read, put into plainer words, taken into review."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import progress, reviews
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, absolute, etag, found, listed, page, person
from factcheck.api.inputs import BIGGEST_KEY, Input, NothingSerializer, Words
from factcheck.api.schema import described
from factcheck.models import Anchor, Article, Claim, ClaimReview, Lineage, Suggestion
from factcheck.workflow import claims as verbs
from factcheck.workflow import reviews as review_verbs


class ClaimQuery(PageQuery):
    status = serializers.ChoiceField(choices=Claim.Status.choices, required=False)
    verdict = serializers.ChoiceField(
        choices=ClaimReview.Verdict.choices, required=False, help_text="Of the claim's published review."
    )
    article = serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY, required=False)
    checkable = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Whether evidence could show it to be right or wrong."
    )
    speaker = serializers.CharField(required=False, max_length=500, help_text="The whole name; case does not matter.")


class StatementSerializer(Input):
    statement = Words(max_length=100_000)


class AnchorSerializer(serializers.Serializer):
    article_version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Anchor.Status.choices)
    start = serializers.IntegerField(allow_null=True, help_text="Code points; null when orphaned.")
    end = serializers.IntegerField(allow_null=True)
    exact = serializers.CharField()
    prefix = serializers.CharField(allow_blank=True)
    suffix = serializers.CharField(allow_blank=True)


class OpenReviewSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ClaimReview.Status.choices)


class PublishedReviewSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=ClaimReview.Verdict.choices)
    rating = serializers.IntegerField(allow_null=True)
    slug = serializers.CharField()


class SuggestionCountsSerializer(serializers.Serializer):
    pending = serializers.IntegerField()
    accepted = serializers.IntegerField()
    dismissed = serializers.IntegerField()


@extend_schema_field({"type": "array", "items": {}})
class ReasonsField(serializers.Field):
    """What the machine gave as its reasons."""


class ClaimSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    article = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Claim.Status.choices, help_text="Where the work stands. No verdict.")
    kind = serializers.CharField()
    statement = serializers.CharField(
        help_text="In words that stand alone: [what was put in] between brackets, the article's own brackets doubled."
    )
    speaker = serializers.CharField(allow_blank=True)
    cue = serializers.CharField(allow_blank=True)
    quoted = serializers.BooleanField()
    checkworthiness = serializers.FloatField(allow_null=True, help_text="0 to 1; says nothing about truth.")
    reasons = ReasonsField(help_text="Of the check-worthiness.")
    not_checkable = serializers.CharField(
        allow_blank=True, help_text="Why evidence cannot show it to be right or wrong; empty when it can."
    )
    found_by_machine = serializers.BooleanField()
    added_by = PersonSerializer(allow_null=True, help_text="Null when a machine found it.")
    came_from = serializers.ListField(
        child=serializers.IntegerField(), help_text="Claims that were split or merged into this one."
    )
    superseded_by = serializers.ListField(
        child=serializers.IntegerField(), help_text="Claims in the place of this one; none unless it is superseded."
    )
    anchor = AnchorSerializer(allow_null=True, help_text="Where it stands in the newest text.")
    open_review = OpenReviewSerializer(allow_null=True)
    published_review = PublishedReviewSerializer(allow_null=True)
    search = progress.SearchSerializer()
    suggestions = SuggestionCountsSerializer()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def rows():
    at_work = ClaimReview.objects.filter(status__in=[*ClaimReview.OPEN, ClaimReview.Status.PUBLISHED])
    standing = Lineage.objects.standing().order_by("pk")
    return (
        Claim.objects.defer("embedding")
        .select_related("added_by")
        .prefetch_related(
            Prefetch("origins", standing.exclude(kind=Lineage.Kind.UNDO), to_attr="came_from"),
            Prefetch("successions", standing, to_attr="became"),
            Prefetch("anchors", Anchor.objects.order_by("-article_version")),
            Prefetch("reviews", at_work.select_related("publication").defer("publication__frozen"), to_attr="at_work"),
        )
    )


def find(id: str, user: Any) -> Claim:
    return found(rows(), id, "claim", user)


def claims_shown(claims: list[Claim]) -> list[dict]:
    """A page of claims, in a number of queries that does not grow with it."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Suggestion.Status.values, 0))
    counted = Suggestion.objects.filter(claim__in=claims).values_list("claim", "status").annotate(Count("pk"))
    for claim, status, number in counted.order_by():
        counts[claim][status] = number
    searches = progress.of_searches(claims, {claim: sum(numbers.values()) for claim, numbers in counts.items()})
    return [_shown(claim, counts[claim.pk], searches[claim.pk]) for claim in claims]


def claim_shown(claim: Claim) -> dict:
    return claims_shown([claim])[0]


def _shown(claim: Claim, counts: dict, search: dict) -> dict:
    anchor = next(iter(claim.anchors.all()), None)
    by_status = {review.status: review for review in claim.at_work}
    published = by_status.pop(ClaimReview.Status.PUBLISHED, None)
    opened = next(iter(by_status.values()), None)
    return {
        "id": claim.pk,
        "article": claim.article_id,
        "status": claim.status,
        "kind": claim.kind,
        "statement": claim.statement,
        "speaker": claim.speaker,
        "cue": claim.cue,
        "quoted": claim.quoted,
        "checkworthiness": claim.checkworthiness,
        "reasons": claim.reasons,
        "not_checkable": claim.not_checkable,
        "found_by_machine": claim.added_by_id is None,
        "added_by": person(claim.added_by),
        "came_from": [row.before_id for row in claim.came_from],
        "superseded_by": [row.after_id for row in claim.became],
        "anchor": anchor
        and {
            "article_version": anchor.article_version_id,
            "status": anchor.status,
            "start": anchor.start,
            "end": anchor.end,
            "exact": anchor.exact,
            "prefix": anchor.prefix,
            "suffix": anchor.suffix,
        },
        "open_review": opened and {"id": opened.pk, "status": opened.status},
        "published_review": published
        and {
            "id": published.pk,
            "verdict": published.verdict,
            "rating": published.rating,
            "slug": published.publication.slug,
        },
        "search": search,
        "suggestions": counts,
        "version": claim.version,
        "created_at": claim.created_at,
        "updated_at": claim.updated_at,
    }


class Claims(Door):
    @described(
        "listClaims", "Claims, in the order of their ids", listed("ClaimPage", ClaimSerializer), asks=[ClaimQuery]
    )
    def get(self, request):
        asked = self.asked(ClaimQuery)
        some = rows().visible_to(request.user)
        if "status" in asked:
            some = some.filter(status=asked["status"])
        if "article" in asked:
            some = some.filter(article=found(Article.objects, str(asked["article"]), "article", request.user))
        if asked.get("checkable") is not None:
            some = some.filter(not_checkable="") if asked["checkable"] else some.exclude(not_checkable="")
        if "speaker" in asked:
            some = some.filter(speaker__iexact=asked["speaker"])
        if "verdict" in asked:
            published = ClaimReview.objects.filter(status=ClaimReview.Status.PUBLISHED, verdict=asked["verdict"])
            some = some.filter(pk__in=published.values("claim"))
        return page(self, some, asked, claims_shown)


class OneClaim(Row):
    find = staticmethod(find)
    show = staticmethod(claim_shown)

    @described("getClaim", "One claim", ClaimSerializer, row=True)
    def get(self, request, id):
        return self.shown()

    @described(
        "editStatement",
        "Put a claim into plainer words",
        ClaimSerializer,
        takes=StatementSerializer,
        row=True,
        write=True,
    )
    def patch(self, request, id):
        claim = self.row()
        verbs.edit_statement(claim, by=request.user, seen=self.seen(claim), **self.taken(StatementSerializer))
        return self.shown()


class BeginReview(Row):
    find = staticmethod(find)
    show = staticmethod(claim_shown)

    @described(
        "beginReview",
        "Begin a review of a claim",
        reviews.ReviewWithRequestSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
        status=201,
        location=True,
    )
    def post(self, request, id):
        claim = self.row()
        seen = self.seen(claim)
        self.taken(NothingSerializer)
        begun = review_verbs.begin(claim, by=request.user, seen=seen)
        headers = {"ETag": etag(begun.version), "Location": absolute(f"reviews/{begun.pk}/")}
        return Response(reviews.review_shown(reviews.find(str(begun.pk), request.user)), status=201, headers=headers)
