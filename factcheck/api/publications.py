"""Publications: what went out, exactly as it went out, and what was taken back."""

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from factcheck.api.doors import Door, PageQuery, PersonSerializer, listed, page, person
from factcheck.api.schema import described
from factcheck.models import ClaimReview, Publication, Scope
from factcheck.workflow.integrity import with_alterations
from factcheck.workflow.publications import address

SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH)


@extend_schema_field({"type": "object", "additionalProperties": True})
class FrozenField(serializers.Field):
    """JSON as it was published."""


class RetractionSerializer(serializers.Serializer):
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    by = PersonSerializer(allow_null=True, help_text="Null for partners.")


class ChangeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=ClaimReview.Change.choices)
    note = serializers.CharField(help_text="What changed, as the public reads it.")
    number = serializers.IntegerField(help_text="Of the publication that says so; it changes the one before.")


class TakedownSerializer(serializers.Serializer):
    reason = serializers.CharField()
    ground = serializers.CharField(allow_blank=True, help_text="The law, or the ruling.")
    at = serializers.DateTimeField()
    by = PersonSerializer(allow_null=True, help_text="Null for partners.")


class PublicationSerializer(serializers.Serializer):
    slug = serializers.CharField()
    number = serializers.IntegerField(help_text="Among the publications at this address; the highest one stands.")
    url = serializers.URLField(help_text="The public page.")
    review = serializers.IntegerField()
    claim = serializers.IntegerField()
    status = serializers.ChoiceField(
        choices=[each for each in ClaimReview.Status.choices if each[0] in ClaimReview.PUBLIC]
    )
    altered = serializers.BooleanField(
        help_text="True: the stored text, or its retraction, is not the one that the desk's trail speaks of. No text is"
        " shown then."
    )
    content = FrozenField(help_text="What the page prints; empty when it was altered or taken down.")
    jsonld = FrozenField(help_text="schema.org ClaimReview; empty when it was altered or taken down.")
    sha256 = serializers.CharField(
        help_text='Of {"content":…,"jsonld":…} in UTF-8, keys sorted, no white space, nothing escaped that need not be.'
    )
    method_version = serializers.IntegerField()
    published_by = PersonSerializer(allow_null=True, help_text="Null for partners.")
    published_at = serializers.DateTimeField()
    change = ChangeSerializer(allow_null=True, help_text="null: the first, or from before this was asked.")
    retraction = RetractionSerializer(allow_null=True)
    takedown = TakedownSerializer(allow_null=True, help_text="Its text was erased because the law demands it.")


def rows():
    people = ("published_by", "retracted_by", "taken_down_by")
    return Publication.objects.select_related("review", *people).defer("tsv")


def publication_shown(publication: Publication) -> dict:
    """Of a publication that came through with_alterations()."""
    altered = publication.is_altered
    return {
        "slug": publication.slug,
        "number": publication.number,
        "url": address(publication.slug),
        "review": publication.review_id,
        "claim": publication.review.claim_id,
        "status": publication.review.status,
        "altered": altered,
        "content": {} if altered else publication.content,
        "jsonld": {} if altered else publication.jsonld,
        "sha256": publication.sha256,
        "method_version": publication.method_version,
        "published_by": person(publication.published_by),
        "published_at": publication.published_at,
        "change": None if altered else publication.change or None,
        "retraction": {
            "reason": publication.retraction_reason,
            "at": publication.retracted_at,
            "by": person(publication.retracted_by),
        }
        if publication.retraction_reason and not publication.taken_down_at
        else None,
        "takedown": {
            "reason": publication.takedown_reason,
            "ground": publication.takedown_ground,
            "at": publication.taken_down_at,
            "by": person(publication.taken_down_by),
        }
        if publication.taken_down_at
        else None,
    }


def publications_shown(publications: list[Publication]) -> list[dict]:
    return [publication_shown(publication) for publication in with_alterations(publications)]


class OfPublications(Door):
    """Names are what the page prints, and no more for partners."""

    scopes = {"GET": Scope.REVIEWS_READ}
    of_the_desk = ("published_by", "retraction.by", "takedown.by")


class Publications(OfPublications):
    @described(
        "listPublications",
        "All publications, corrected and retracted ones too",
        listed("PublicationPage", PublicationSerializer),
        asks=[PageQuery],
    )
    def get(self, request):
        return page(self, rows(), self.asked(PageQuery), publications_shown)


class OnePublication(OfPublications):
    @described("getPublication", "What stands at this address", PublicationSerializer, asks=[SLUG])
    def get(self, request, slug):
        newest = rows().filter(slug=slug).order_by("-number").first() if "\x00" not in slug else None
        if newest is None:
            raise NotFound(f"There is no publication {slug[:50]!r}.")
        return Response(self.told(publications_shown([newest]))[0])
