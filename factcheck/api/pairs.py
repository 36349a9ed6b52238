"""The same claim elsewhere: pairs of claims that a machine proposes, and what a person finds."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from factcheck.api import claims
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, found, listed, page, person
from factcheck.api.inputs import BIGGEST_KEY, Input, NothingSerializer, Words
from factcheck.api.schema import described
from factcheck.models import Claim, ClaimPair, ClaimReview
from factcheck.workflow import pairs as verbs
from factcheck.workflow.publications import address


class PairQuery(PageQuery):
    claim = serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY, help_text="Either of the two.")


class RefusalSerializer(Input):
    reason = Words(required=False, allow_blank=True, max_length=100_000, default="")


class PairedClaimSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    article = serializers.IntegerField()
    outlet = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=Claim.Status.choices, help_text="Where the work stands. No verdict.")
    statement = serializers.CharField()
    speaker = serializers.CharField(allow_blank=True)
    published_review = claims.PublishedReviewSerializer(allow_null=True)


class PairSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    status = serializers.ChoiceField(
        choices=ClaimPair.Status.choices,
        help_text="confirmed: a person found that both say the same. Nothing is merged.",
    )
    score = serializers.FloatField(help_text="0 to 1: how likely both say the same.")
    reasons = claims.ReasonsField(help_text="Of the score.")
    model_version = serializers.CharField()
    one = PairedClaimSerializer()
    other = PairedClaimSerializer()
    decided_by = PersonSerializer(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def rows(some=None):
    some = ClaimPair.objects.all() if some is None else some
    some = some.select_related("one__article__outlet", "other__article__outlet", "decided_by")
    return some.defer("one__embedding", "other__embedding")


def find(id: str, user: Any) -> ClaimPair:
    return found(rows(), id, "pair of claims", user)


def pairs_shown(pairs: list[ClaimPair]) -> list[dict]:
    """A page of them, in a number of queries that does not grow with it."""
    published = _published(key for pair in pairs for key in (pair.one_id, pair.other_id))
    return [
        {
            "id": pair.pk,
            "status": pair.status,
            "score": pair.score,
            "reasons": pair.reasons,
            "model_version": pair.model_version,
            "one": _claim_shown(pair.one, published.get(pair.one_id)),
            "other": _claim_shown(pair.other, published.get(pair.other_id)),
            "decided_by": person(pair.decided_by),
            "version": pair.version,
            "created_at": pair.created_at,
            "updated_at": pair.updated_at,
        }
        for pair in pairs
    ]


def pair_shown(pair: ClaimPair) -> dict:
    return pairs_shown([pair])[0]


def _published(keys: Iterable[int]) -> dict[int, ClaimReview]:
    published = ClaimReview.objects.filter(claim__in=list(keys), status=ClaimReview.Status.PUBLISHED)
    return {each.claim_id: each for each in published.select_related("publication").defer("publication__frozen")}


def _claim_shown(claim: Claim, published: ClaimReview | None) -> dict:
    return {
        "id": claim.pk,
        "article": claim.article_id,
        "outlet": str(claim.article.outlet or ""),
        "status": claim.status,
        "statement": claim.statement,
        "speaker": claim.speaker,
        "published_review": published
        and {
            "id": published.pk,
            "verdict": published.verdict,
            "rating": published.rating,
            "slug": published.publication.slug,
            "url": address(published.publication.slug),
        },
    }


class Pairs(Door):
    @described(
        "listPairs",
        "The same claim elsewhere: pairs of a claim with claims of other articles",
        listed("PairPage", PairSerializer),
        asks=[PairQuery],
    )
    def get(self, request):
        asked = self.asked(PairQuery)
        claim = claims.find(str(asked["claim"]), request.user)
        return page(self, rows(verbs.of(claim, request.user)), asked, pairs_shown)


class PairRow(Row):
    find = staticmethod(find)
    show = staticmethod(pair_shown)

    def decide(self, verb, shape: type[Input]):
        pair = self.row()
        verb(pair, by=self.request.user, seen=self.seen(pair), **self.taken(shape))
        return self.shown()


class Confirm(PairRow):
    @described(
        "confirmPair",
        "Find that both claims say the same; nothing is merged",
        PairSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.decide(verbs.confirm, NothingSerializer)


class Refuse(PairRow):
    @described(
        "refusePair",
        "Find that they do not say the same",
        PairSerializer,
        takes=RefusalSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.decide(verbs.refuse, RefusalSerializer)


class Undo(PairRow):
    @described(
        "undoPair",
        "Take back what was found about a pair of claims",
        PairSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.decide(verbs.undo, NothingSerializer)
