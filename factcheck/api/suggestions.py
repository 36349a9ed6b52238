"""Suggestions: what the machine proposes, and the three things a person can make of it."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from factcheck.api import claims, progress
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, found, listed, page, person
from factcheck.api.inputs import BIGGEST_KEY, Input, NothingSerializer, ReasonSerializer, Words
from factcheck.api.schema import described
from factcheck.models import Evidence, FactCheck, Passage, Scope, Source, Suggestion, is_partner
from factcheck.workflow import evidence as verbs
from factcheck.workflow import snapshots
from factcheck.workflow.factchecks import SAID, CheckedBefore


class SuggestionQuery(PageQuery):
    claim = serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY)


class AcceptSerializer(Input):
    stance = serializers.ChoiceField(choices=Evidence.Stance.choices)
    exact = Words(
        required=False,
        allow_blank=True,
        max_length=100_000,
        default="",
        help_text="The words relied on. Needed when the passage is a summary, which is never quoted, or of an earlier"
        " fact-check, where it is the claim and not what was found; else a part of the passage, or left out for all of"
        " it.",
    )


@extend_schema_field({"type": "object", "additionalProperties": True})
class FeaturesField(serializers.Field):
    """Why the machine proposes it: bm25, cover and cosine; names and words in common; values, each with the relation
    agree, conflict or absent; sentence, the one that matters most as [start, end] in code points of the passage;
    whether it is an echo, primary, or a strong match; age_days."""


class SuggestedSourceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    seen = serializers.ChoiceField(choices=Source.Seen.choices, help_text="Whether somebody read the document itself.")
    published = serializers.CharField(allow_blank=True, help_text="2024, 2024-05 or 2024-05-14")
    outlet = serializers.CharField(allow_blank=True)


class SuggestedPassageSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    heading = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    wording = serializers.ChoiceField(choices=Passage.Wording.choices, help_text="A summary is never quoted.")
    source = SuggestedSourceSerializer()


@extend_schema_serializer(component_name="FetchedPage")
class FetchedPageSerializer(serializers.Serializer):
    state = serializers.ChoiceField(
        choices=snapshots.STATES,
        help_text="none: nobody asked for the page; pending: it is being fetched; failed: see reason, its words can be"
        " pasted; fetched: words that stand in it become evidence as fetched.",
    )
    reason = serializers.CharField(allow_blank=True)
    job = serializers.IntegerField(allow_null=True)
    fetched_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField(allow_blank=True)


class SuggestionEvidenceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    review = serializers.IntegerField()


class DifferenceSerializer(serializers.Serializer):
    how = serializers.ChoiceField(
        choices=["conflict", "ours", "theirs", "agree"],
        help_text="Another value for the same thing, in our claim alone, in theirs alone, or in both.",
    )
    ours = serializers.CharField(allow_blank=True)
    theirs = serializers.CharField(allow_blank=True)


class CheckedBeforeSerializer(serializers.Serializer):
    """An earlier fact-check. Its rating is its publisher's, in its own words and language, and no finding of ours."""

    strong = serializers.BooleanField(help_text="Very like the claim; else perhaps the same.")
    origin = serializers.ChoiceField(choices=FactCheck.Origin.choices)
    claim_reviewed = serializers.CharField()
    claimant = serializers.CharField(allow_blank=True)
    claim_date = serializers.CharField(allow_blank=True, help_text="2024, 2024-05 or 2024-05-14")
    appearances = serializers.ListField(child=serializers.CharField())
    rating = serializers.CharField(allow_blank=True)
    rating_value = serializers.CharField(allow_blank=True, help_text="As given; so are best and worst.")
    rating_best = serializers.CharField(allow_blank=True)
    rating_worst = serializers.CharField(allow_blank=True)
    publisher = serializers.CharField(allow_blank=True)
    site = serializers.CharField(allow_blank=True)
    review_date = serializers.CharField(allow_blank=True, help_text="2024, 2024-05 or 2024-05-14")
    title = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    retraction = serializers.CharField(allow_blank=True, help_text="Why we retracted it, if it was our own.")
    differences = DifferenceSerializer(
        many=True, allow_null=True, help_text="Null: the claims are in other languages and were not compared."
    )


class SuggestionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    claim = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Suggestion.Status.choices, allow_null=True, help_text="Null for partners.")
    provider = serializers.CharField()
    rank = serializers.IntegerField()
    score = serializers.FloatField()
    features = FeaturesField()
    model_version = serializers.CharField()
    passage = SuggestedPassageSerializer()
    checked_before = CheckedBeforeSerializer(
        allow_null=True, help_text="The earlier fact-check that it leads to: somebody has checked such a claim before."
    )
    page = FetchedPageSerializer(
        allow_null=True, help_text="The source's page, as the desk fetched it. Null for partners."
    )
    decided_by = PersonSerializer(allow_null=True, help_text="Null for partners.")
    evidence = SuggestionEvidenceSerializer(allow_null=True, help_text="What came of accepting it. Null for partners.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def rows():
    return (
        Suggestion.objects.select_related("claim", "passage__source__outlet", "decided_by", "evidence")
        .with_fact_checks()
        .defer("claim__embedding", "passage__embedding", "passage__tsv")
    )


def find(id: str, user: Any) -> Suggestion:
    return found(rows(), id, "suggestion", user)


def suggestion_shown(suggestion: Suggestion) -> dict:
    return suggestions_shown([suggestion])[0]


def _shown(suggestion: Suggestion, page: snapshots.State) -> dict:
    passage, source = suggestion.passage, suggestion.passage.source
    evidence = getattr(suggestion, "evidence", None)
    before = CheckedBefore.of(suggestion, suggestion.language)
    return {
        "id": suggestion.pk,
        "claim": suggestion.claim_id,
        "status": suggestion.status,
        "provider": suggestion.provider,
        "rank": suggestion.rank,
        "score": suggestion.score,
        "features": suggestion.features,
        "model_version": suggestion.model_version,
        "passage": {
            "id": passage.pk,
            "heading": passage.heading,
            "text": passage.text,
            "wording": passage.wording,
            "source": {
                "id": source.pk,
                "title": source.title,
                "url": source.url,
                "kind": source.kind,
                "seen": source.seen,
                "published": source.published,
                "outlet": str(source.outlet or ""),
            },
        },
        "checked_before": before and checked_before_shown(before),
        "page": {
            "state": page.state,
            "reason": page.job.last_error if page.job and page.state in ("pending", "failed") else "",
            "job": page.job.pk if page.job else None,
            "fetched_at": page.snapshot.taken_at if page.snapshot else None,
            "sha256": page.snapshot.sha256 if page.snapshot else "",
        },
        "decided_by": person(suggestion.decided_by),
        "evidence": evidence and {"id": evidence.pk, "review": evidence.review_id},
        "version": suggestion.version,
        "created_at": suggestion.created_at,
        "updated_at": suggestion.updated_at,
    }


def checked_before_shown(before: CheckedBefore) -> dict:
    row, found = before.fact_check, before.differences
    said = {name: getattr(row, name) for name in SAID if name != "raw"}
    return {
        "strong": before.strong,
        "origin": row.origin,
        **said,
        "url": row.source.url,
        "retraction": row.retraction,
        "differences": None if found is None else [asdict(each) for each in found],
    }


def suggestions_shown(suggestions: list[Suggestion]) -> list[dict]:
    pages = snapshots.states(suggestion.passage.source_id for suggestion in suggestions)
    return [_shown(suggestion, pages[suggestion.passage.source_id]) for suggestion in suggestions]


class Suggestions(Door):
    scopes = {"GET": Scope.SUGGESTIONS_READ}
    of_the_desk = ("status", "page", "decided_by", "evidence")

    @described(
        "listSuggestions",
        "Suggestions for a claim, and how its search went",
        listed("SuggestionPage", SuggestionSerializer, search=progress.SearchSerializer()),
        asks=[SuggestionQuery],
    )
    def get(self, request):
        asked = self.asked(SuggestionQuery)
        claim = claims.find(str(asked["claim"]), request.user)
        search = claims.claim_shown(claim)["search"]
        if is_partner(request.user):
            search["found"] = None
        some = rows().visible_to(request.user).filter(claim=claim)
        return page(self, some, asked, suggestions_shown, search=search)


class SuggestionRow(Row):
    find = staticmethod(find)
    show = staticmethod(suggestion_shown)

    def decide(self, verb, shape: type[Input]):
        suggestion = self.row()
        verb(suggestion, by=self.request.user, seen=self.seen(suggestion), **self.taken(shape))
        return self.shown()


class Accept(SuggestionRow):
    @described(
        "acceptSuggestion",
        "Take a suggestion as evidence into the claim's draft, begun when there is none",
        SuggestionSerializer,
        takes=AcceptSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.decide(verbs.accept, AcceptSerializer)


class Dismiss(SuggestionRow):
    @described(
        "dismissSuggestion",
        "Put it aside, with a reason",
        SuggestionSerializer,
        takes=ReasonSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.decide(verbs.dismiss, ReasonSerializer)


class FetchPage(SuggestionRow):
    @described(
        "fetchSuggestedPage",
        "Have the suggested page fetched, so that its words can be relied on as fetched",
        SuggestionSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.decide(snapshots.fetch_page, NothingSerializer)


class Undo(SuggestionRow):
    @described(
        "undoSuggestion",
        "Make a decided suggestion pending again; its evidence leaves the draft",
        SuggestionSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.decide(verbs.undo, NothingSerializer)
