"""Publications: what went out, exactly as it went out, and what was taken back."""

import hashlib

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from factcheck.api.doors import Door, PersonSerializer, etag, of_page, person
from factcheck.api.exports import Export, line_of
from factcheck.api.inputs import NothingSerializer
from factcheck.api.schema import described
from factcheck.api.sequence import ChangesQuery, listed_by_changes, page_or_changes
from factcheck.models import ClaimReview, Event, Publication, Scope, is_partner
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
    """Without what the database keeps beside the frozen text to find it by."""
    people = ("published_by", "retracted_by", "taken_down_by")
    shown = (each.name for each in Publication._meta.concrete_fields if not each.generated)
    of_others = ("review__claim", "review__status", *(f"{each}__name" for each in people))
    return Publication.objects.select_related("review", *people).only(*shown, *of_others)


def publication_shown(publication: Publication) -> dict:
    """Of a publication that came through with_alterations()."""
    altered = publication.is_altered
    content = {} if altered else publication.content
    return {
        "slug": publication.slug,
        "number": publication.number,
        "url": address(publication.slug),
        "review": publication.review_id,
        "claim": publication.review.claim_id,
        "status": publication.review.status,
        "altered": altered,
        "content": content,
        "jsonld": {} if altered else publication.jsonld,
        "sha256": publication.sha256,
        "method_version": publication.method_version,
        "published_by": person(publication.published_by),
        "published_at": publication.published_at,
        "change": content.get("change") or None,
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

    def unchanged(self, publications: QuerySet) -> HttpResponse | None:
        """304 where the asker has them already, known by one statement that reads no text. Of partners only: people of
        the desk are shown names, and those change elsewhere."""
        if not is_partner(self.request.user):
            return None
        with connection.cursor() as cursor:
            cursor.execute(*publications.state(reviews=True))
            self.state = etag(hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()[:32])
        return self.not_modified(self.state) if self.knows(self.state) else None


class Publications(OfPublications):
    @described(
        "listPublications",
        "All publications, corrected and retracted ones too",
        listed_by_changes("PublicationPage", PublicationSerializer),
        asks=[ChangesQuery],
    )
    def get(self, request):
        asked = self.asked(ChangesQuery)
        unchanged = None if "updated_since" in asked else self.unchanged(of_page(Publication.objects.all(), asked))
        return unchanged or page_or_changes(self, rows(), asked, Event.Subject.PUBLICATION, publications_shown)


class ExportPublications(Export, OfPublications):
    @described("exportPublications", "All publications, one a line", line_of("PublicationLine", PublicationSerializer))
    def get(self, request):
        return self.streamed("publications", rows(), self.asked(NothingSerializer), publications_shown)


class OnePublication(OfPublications):
    @described("getPublication", "What stands at this address", PublicationSerializer, asks=[SLUG])
    def get(self, request, slug):
        slug = slug.replace("\x00", "")
        if unchanged := self.unchanged(Publication.objects.filter(slug=slug)):
            return unchanged
        newest = rows().filter(slug=slug).order_by("-number").first()
        if newest is None:
            raise NotFound(f"There is no publication {slug[:50]!r}.")
        return Response(self.told(publications_shown([newest]))[0])
