"""What a review rests on, added and taken out by hand. The version in If-Match is the review's."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from factcheck.api import reviews
from factcheck.api.doors import Row, found
from factcheck.api.inputs import Day, Input, Truth, Words
from factcheck.api.schema import described
from factcheck.models import Evidence
from factcheck.workflow import evidence as verbs
from factcheck.workflow import originals


class StanceSerializer(Input):
    stance = serializers.ChoiceField(choices=Evidence.Stance.choices)


class DocumentSerializer(StanceSerializer):
    kind = serializers.ChoiceField(choices=[("document", "")])
    title = Words(max_length=1000)
    url = Words(max_length=2000)
    exact = Words(max_length=100_000, help_text="The exact words relied on. They are marked as pasted, not fetched.")
    published = Words(
        required=False, allow_blank=True, max_length=10, default="", help_text="2024, 2024-05, 2024-05-14"
    )
    primary = Truth(required=False, default=False)
    language = Words(
        required=False, allow_blank=True, max_length=35, default="", help_text="Of the exact words: en, ar, zh-Hant"
    )
    note = Words(required=False, allow_blank=True, max_length=100_000, default="")


class TranslationSerializer(Input):
    """The language of a document's exact words, and how they read in the desk's. "": not known, not translated."""

    language = Words(allow_blank=True, max_length=35, help_text="BCP 47: en, ar, zh-Hant, pt-BR.")
    translation = Words(allow_blank=True, max_length=100_000)
    translator = Words(allow_blank=True, max_length=200, help_text="A person's name, or the machine's.")
    translated_by_machine = Truth()


class SpokenSerializer(StanceSerializer):
    kind = serializers.ChoiceField(choices=[("person", "")])
    public_wording = Words(max_length=100_000, help_text="As it may be printed.")
    note = Words(required=False, allow_blank=True, max_length=100_000, default="")


class SearchRecordSerializer(Input):
    kind = serializers.ChoiceField(choices=[("search", "")])
    searched_for = Words(max_length=100_000)
    searched_where = Words(max_length=100_000)
    searched_on = Day()
    note = Words(required=False, allow_blank=True, max_length=100_000, default="")


KINDS = {
    "document": (DocumentSerializer, verbs.add_document),
    "person": (SpokenSerializer, verbs.add_person),
    "search": (SearchRecordSerializer, verbs.add_search),
}


class KindSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=list(KINDS))


def find(id: str, user: Any) -> Evidence:
    return found(Evidence.objects.select_related("review__claim", "suggestion__claim"), id, "evidence", user)


class AddEvidence(reviews.ReviewRow):
    @described(
        "addEvidence",
        "Add a document, a person or a search record to a draft",
        reviews.ReviewWithRequestSerializer,
        takes=PolymorphicProxySerializer(
            component_name="NewEvidence",
            serializers={kind: shape for kind, (shape, _) in KINDS.items()},
            resource_type_field_name="kind",
        ),
        row=True,
        write=True,
        status=201,
    )
    def post(self, request, id):
        review = self.row()
        seen = self.seen(review)
        kind = KindSerializer(data=request.data)
        kind.is_valid(raise_exception=True)
        shape, add = KINDS[kind.validated_data["kind"]]
        sent = self.taken(shape)
        del sent["kind"]
        add(review, by=request.user, seen=seen, **sent)
        return self.shown(status=201)


class EvidenceRow(Row):
    """Shown as its review: that is what has the version."""

    find = staticmethod(find)
    show = staticmethod(reviews.review_shown)

    def review_of(self, piece: Evidence):
        return reviews.find(str(piece.review_id), self.request.user)

    def current(self):
        review = self.review_of(self.row())
        return reviews.review_shown(review), f'"{review.version}"'


class OneEvidence(EvidenceRow):
    @described(
        "setStance",
        "What the piece does for the claim",
        reviews.ReviewWithRequestSerializer,
        takes=StanceSerializer,
        row=True,
        write=True,
    )
    def patch(self, request, id):
        piece = self.row()
        verbs.set_stance(piece, by=request.user, seen=self.seen(piece.review), **self.taken(StanceSerializer))
        return self.shown(self.review_of(piece))

    @described(
        "removeEvidence",
        "Take a piece out of a draft; its suggestion is pending again",
        reviews.ReviewWithRequestSerializer,
        row=True,
        write=True,
    )
    def delete(self, request, id):
        piece = self.row()
        review = piece.review_id
        verbs.remove(piece, by=request.user, seen=self.seen(piece.review))
        return self.shown(reviews.find(str(review), request.user))


class Translation(EvidenceRow):
    @described(
        "translateEvidence",
        "The language of a document's exact words, and their translation",
        reviews.ReviewWithRequestSerializer,
        takes=TranslationSerializer,
        row=True,
        write=True,
    )
    def put(self, request, id):
        piece = self.row()
        originals.translate(piece, by=request.user, seen=self.seen(piece.review), **self.taken(TranslationSerializer))
        return self.shown(self.review_of(piece))
