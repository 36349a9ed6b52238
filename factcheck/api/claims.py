"""Claims: read, put into plainer words, taken into review."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import progress, reviews
from factcheck.api.doors import Door, PersonSerializer, Row, absolute, etag, found, person
from factcheck.api.exports import Export, line_of
from factcheck.api.inputs import BIGGEST_KEY, Input, Moment, NothingSerializer, Whole, Words
from factcheck.api.schema import described
from factcheck.api.sequence import ChangesQuery, listed_by_changes, page_or_changes
from factcheck.models import (
    Anchor,
    Article,
    Claim,
    ClaimFilter,
    ClaimReview,
    Event,
    Lineage,
    Scope,
    Suggestion,
    User,
    is_partner,
)
from factcheck.retrieval.providers import library, outside
from factcheck.workflow import assignments, searches
from factcheck.workflow import claims as verbs
from factcheck.workflow import reviews as review_verbs
from factcheck.workflow.marking import KINDS
from factcheck.workflow.publications import address


class ClaimQuery(ChangesQuery):
    status = serializers.ChoiceField(choices=Claim.Status.choices, required=False)
    verdict = serializers.ChoiceField(
        choices=ClaimReview.Verdict.choices, required=False, help_text="Of the claim's published review."
    )
    article = serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY, required=False)
    checkable = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Whether evidence could show it to be right or wrong."
    )
    speaker = serializers.CharField(required=False, max_length=500, help_text="The whole name; case does not matter.")
    words = serializers.CharField(
        required=False, max_length=500, help_text='In the statement or the speaker: bridge "12 million" -ferry'
    )
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    outlet = serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY, required=False, help_text="Of the article.")
    language = serializers.RegexField(
        r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        max_length=35,
        required=False,
        help_text="Of the article: en finds en-GB.",
    )
    assignee = serializers.RegexField(
        r"^(me|nobody|[0-9]{1,18})$", required=False, help_text="The key of a person, `me` or `nobody`."
    )
    priority = serializers.ChoiceField(choices=Claim.Priority.choices, required=False)
    due = serializers.ChoiceField(choices=["overdue", "dated"], required=False, help_text="dated: it has a date.")
    checked_before = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="A suggestion leads to an earlier fact-check."
    )
    conflicting = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="A suggestion has another number or date."
    )


NOT_OF_CLAIMS = ("cursor", "limit", "updated_since", "outlet")
"""What a query says that is no field of ClaimFilter."""
# What a partner does not read of a claim, and does not look for: how the desk plans and works, and on whose word.
OF_THE_DESK = (*("added_by", "assignee", "due", "priority", "open_review", "outside", "suggestions", "search.found"),)
NO_FILTERS = ("assignee", "priority", "due", "checked_before", "conflicting")


class ClaimExportQuery(ClaimQuery):
    cursor = limit = updated_since = None  # there are no pages


class AssigneeSerializer(Input):
    person = Whole(min_value=1, max_value=BIGGEST_KEY, allow_null=True, help_text="The key of a person; null: nobody.")


class DueSerializer(Input):
    due = Moment(allow_null=True, help_text="With its zone; null: without a date.")


class PrioritySerializer(Input):
    priority = Whole(min_value=1, max_value=4, help_text="1 low, 2 normal, 3 high, 4 urgent.")


class AskSerializer(Input):
    provider = serializers.ChoiceField(choices=list(outside.ALL), help_text="A service that is switched on.")


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
    url = serializers.URLField(help_text="The public page.")


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
    added_by = PersonSerializer(allow_null=True, help_text="Null when a machine found it, and for partners.")
    assignee = PersonSerializer(allow_null=True, help_text="Who is to check it. Null for partners.")
    due = serializers.DateTimeField(allow_null=True, help_text="Until when. Null for partners.")
    priority = serializers.ChoiceField(
        choices=Claim.Priority.choices,
        allow_null=True,
        help_text="1 low, 2 normal, 3 high, 4 urgent. Null for partners.",
    )
    came_from = serializers.ListField(
        child=serializers.IntegerField(), help_text="Claims that were split or merged into this one."
    )
    superseded_by = serializers.ListField(
        child=serializers.IntegerField(), help_text="Claims in the place of this one; none unless it is superseded."
    )
    anchor = AnchorSerializer(allow_null=True, help_text="Where it stands in the newest text.")
    open_review = OpenReviewSerializer(allow_null=True, help_text="Null for partners.")
    published_review = PublishedReviewSerializer(allow_null=True)
    search = progress.SearchSerializer(help_text="Of the desk's library.")
    outside = progress.OutsideSerializer(
        many=True, allow_null=True, help_text="Of each service outside that is switched on. Null for partners."
    )
    suggestions = SuggestionCountsSerializer(allow_null=True, help_text="Null for partners.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def rows():
    at_work = ClaimReview.objects.filter(status__in=[*ClaimReview.OPEN, ClaimReview.Status.PUBLISHED])
    at_work = at_work.select_related("publication").only("claim", "status", "verdict", "rating", "publication__slug")
    standing = Lineage.objects.standing().order_by("pk")
    return (
        Claim.objects.defer("embedding")
        .select_related("added_by", "assignee")
        .prefetch_related(
            Prefetch("origins", standing.exclude(kind=Lineage.Kind.UNDO), to_attr="came_from"),
            Prefetch("successions", standing, to_attr="became"),
            Prefetch("anchors", Anchor.objects.order_by("-article_version"), to_attr="places"),
            Prefetch("reviews", at_work, to_attr="at_work"),
        )
    )


def find(id: str, user: Any) -> Claim:
    return found(rows(), id, "claim", user)


def claims_shown(claims: list[Claim]) -> list[dict]:
    """A page of claims, in a number of queries that does not grow with it."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Suggestion.Status.values, 0))
    of_library: dict[int, int] = defaultdict(int)
    made = Suggestion.objects.filter(claim__in=claims)
    counted = made.values_list("claim", "status", "provider").annotate(Count("pk"))
    for claim, status, provider, number in counted.order_by():
        counts[claim][status] += number
        of_library[claim] += number if provider == library.NAME else 0
    searched, asked = progress.of_searches(claims, of_library), progress.of_outside(claims)
    return [_shown(claim, counts[claim.pk], searched[claim.pk], asked[claim.pk]) for claim in claims]


def claim_shown(claim: Claim) -> dict:
    return claims_shown([claim])[0]


def _shown(claim: Claim, counts: dict, search: dict, outside: list[dict]) -> dict:
    anchor = next(iter(claim.places), None)
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
        "assignee": person(claim.assignee),
        "due": claim.due_at,
        "priority": claim.priority,
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
            "url": address(published.publication.slug),
        },
        "search": search,
        "outside": outside,
        "suggestions": counts,
        "version": claim.version,
        "created_at": claim.created_at,
        "updated_at": claim.updated_at,
    }


class OfClaims(Door):
    scopes = {"GET": Scope.CLAIMS_READ}
    of_the_desk = OF_THE_DESK

    def wanted(self, asked: dict[str, Any]) -> QuerySet:
        """The claims that are asked for and that the asker may see."""
        if is_partner(self.request.user):
            refused = "This is the desk's own; no partner looks for it."
            if closed := {name: [refused] for name in NO_FILTERS if name in asked}:
                raise serializers.ValidationError(closed)
        if "article" in asked:
            found(Article.objects, str(asked["article"]), "article", self.request.user)
        said = {name: value for name, value in asked.items() if name not in NOT_OF_CLAIMS}
        wanted = ClaimFilter(**{"status": "any", **said}, outlet_key=asked.get("outlet"))
        return wanted.among(rows(), self.request.user)


class Claims(OfClaims):
    @described(
        "listClaims",
        "Claims, in the order of their ids",
        listed_by_changes("ClaimPage", ClaimSerializer),
        asks=[ClaimQuery],
    )
    def get(self, request):
        asked = self.asked(ClaimQuery)
        return page_or_changes(self, self.wanted(asked), asked, Event.Subject.CLAIM, claims_shown)


class ExportClaims(Export, OfClaims):
    @described(
        "exportClaims",
        "All claims that fit, one a line",
        line_of("ClaimLine", ClaimSerializer),
        asks=[ClaimExportQuery],
    )
    def get(self, request):
        asked = self.asked(ClaimExportQuery)
        return self.streamed("claims", self.wanted(asked), asked, claims_shown)


class OneClaim(Row):
    scopes = {"GET": Scope.CLAIMS_READ}
    of_the_desk = OF_THE_DESK
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


class AskAgain(Row):
    find = staticmethod(find)
    show = staticmethod(claim_shown)

    @described(
        "askAgain",
        "Have a service outside asked once more about a claim, or for the first time",
        ClaimSerializer,
        takes=AskSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        claim = self.row()
        searches.ask_again(claim, by=request.user, seen=self.seen(claim), **self.taken(AskSerializer))
        return self.shown()


class Assignee(Row):
    find = staticmethod(find)
    show = staticmethod(claim_shown)

    @described(
        "assignClaim",
        "Say who is to check a claim",
        ClaimSerializer,
        takes=AssigneeSerializer,
        row=True,
        write=True,
    )
    def put(self, request, id):
        claim, key = self.row(), self.taken(AssigneeSerializer)["person"]
        to = User.objects.filter(pk=key).first() if key else None
        if key and to is None:
            raise serializers.ValidationError({"person": [f"Nobody of the desk has the key {key}."]})
        assignments.assign(claim, by=request.user, seen=self.seen(claim), to=to)
        return self.shown()


class Due(Row):
    find = staticmethod(find)
    show = staticmethod(claim_shown)

    @described(
        "setDue", "Say until when a claim is to be checked", ClaimSerializer, takes=DueSerializer, row=True, write=True
    )
    def put(self, request, id):
        claim = self.row()
        assignments.set_due(claim, by=request.user, seen=self.seen(claim), **self.taken(DueSerializer))
        return self.shown()


class Priority(Row):
    find = staticmethod(find)
    show = staticmethod(claim_shown)

    @described(
        "prioritiseClaim", "Say how urgent a claim is", ClaimSerializer, takes=PrioritySerializer, row=True, write=True
    )
    def put(self, request, id):
        claim = self.row()
        assignments.prioritise(claim, by=request.user, seen=self.seen(claim), **self.taken(PrioritySerializer))
        return self.shown()
