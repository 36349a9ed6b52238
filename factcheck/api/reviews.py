"""Reviews: read, written, and each step from draft to publication. Every step is one verb."""

from datetime import date
from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, found, listed, page, person
from factcheck.api.inputs import Day, Input, Moment, NothingSerializer, ReasonSerializer, Truth, Whole, Words
from factcheck.api.schema import described
from factcheck.models import ClaimReview, Evidence, Publication, Reply, Snapshot, User
from factcheck.workflow import originals, schedules, takedowns
from factcheck.workflow import publications as publication_verbs
from factcheck.workflow import reviews as verbs

REPLY = ("id", "name", "role", "channel", "asked_on", "deadline", "answer", "answered_on", "not_asked")
AS_MARKDOWN = "Markdown, as it was typed: paragraphs, emphasis, links to the web, lists, quotations, headings."


class ApprovalSerializer(Input):
    compared = Truth(
        required=False, default=False, help_text="You compared all pasted words with their sources, as publishing asks."
    )


class ReviewQuery(PageQuery):
    status = serializers.ChoiceField(choices=ClaimReview.Status.choices, required=False)


class WrittenSerializer(Input):
    """All that a review says: PUT replaces it. null is "not decided yet"."""

    statement = Words(max_length=100_000)
    speaker = Words(allow_blank=True, max_length=500)
    verdict = serializers.ChoiceField(choices=ClaimReview.Verdict.choices, allow_null=True)
    rating = Whole(
        allow_null=True, min_value=1, max_value=5, help_text="4, 5: verified. 1 to 3: disputed. null: unverifiable."
    )
    rationale = Words(allow_blank=True, max_length=100_000, help_text=AS_MARKDOWN)
    as_of = Day(allow_null=True)
    change_kind = serializers.ChoiceField(
        choices=ClaimReview.Change.choices, allow_blank=True, default="", help_text="Where one was published before."
    )
    change_note = Words(allow_blank=True, max_length=100_000, default="", help_text="What changed; public.")


class ScheduleSerializer(Input):
    publish_at = Moment(allow_null=True, help_text="With its zone; null: when somebody publishes it.")


class TakeDownSerializer(ReasonSerializer):
    ground = Words(allow_blank=True, default="", help_text="The law, or the ruling. The public reads it.")


class OriginalSerializer(Input):
    """All that a review says of the claim's original: PUT replaces it. "" is "not known"."""

    speaker_kind = serializers.ChoiceField(choices=ClaimReview.SpeakerKind.choices, allow_blank=True)
    speaker_same_as = Words(
        allow_blank=True, max_length=2000, help_text="https, of Wikidata or the speaker's own page."
    )
    first_appearance = Words(allow_blank=True, max_length=2000, help_text="Where the claim was made first.")
    quote_translation = Words(allow_blank=True, max_length=100_000)
    quote_translator = Words(allow_blank=True, max_length=200, help_text="A person's name, or the machine's.")
    quote_translated_by_machine = Truth()


class EvidenceSourceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    published = serializers.CharField(allow_blank=True)
    outlet = serializers.CharField(allow_blank=True)


class SnapshotSerializer(serializers.Serializer):
    sha256 = serializers.CharField()
    origin = serializers.ChoiceField(choices=Snapshot.Origin.choices, help_text="pasted: not fetched by a machine.")
    taken_at = serializers.DateTimeField()
    source = EvidenceSourceSerializer()


class EvidenceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    review = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Evidence.Kind.choices)
    stance = serializers.ChoiceField(choices=Evidence.Stance.choices)
    writer = PersonSerializer()
    note = serializers.CharField(allow_blank=True)
    exact = serializers.CharField(allow_blank=True, help_text="A document's exact words.")
    language = serializers.CharField(allow_blank=True, help_text="Of the exact words, BCP 47.")
    translation = serializers.CharField(allow_blank=True)
    translator = serializers.CharField(allow_blank=True)
    translated_by_machine = serializers.BooleanField()
    snapshot = SnapshotSerializer(allow_null=True)
    suggestion = serializers.IntegerField(allow_null=True, help_text="The machine's proposal that it came of.")
    public_wording = serializers.CharField(allow_blank=True)
    searched_for = serializers.CharField(allow_blank=True)
    searched_where = serializers.CharField(allow_blank=True)
    searched_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()


class ReplySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True, help_text="Who was asked; empty where nobody was.")
    role = serializers.CharField(allow_blank=True)
    channel = serializers.ChoiceField(choices=[*Reply.Channel.choices, ("", "")])
    asked_on = serializers.DateField(allow_null=True)
    deadline = serializers.DateField(allow_null=True)
    answer = serializers.CharField(allow_blank=True, help_text="Their exact words; empty while nothing came.")
    answered_on = serializers.DateField(allow_null=True)
    not_asked = serializers.CharField(allow_blank=True, help_text="Why nobody was asked.")


class ReviewPublicationSerializer(serializers.Serializer):
    slug = serializers.CharField()
    number = serializers.IntegerField()
    url = serializers.URLField()
    retracted = serializers.BooleanField()
    taken_down = serializers.BooleanField()


class ReviewSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    claim = serializers.IntegerField()
    article = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ClaimReview.Status.choices)
    statement = serializers.CharField()
    speaker = serializers.CharField(allow_blank=True)
    speaker_kind = serializers.ChoiceField(choices=ClaimReview.SpeakerKind.choices, allow_blank=True)
    speaker_same_as = serializers.CharField(allow_blank=True)
    first_appearance = serializers.CharField(allow_blank=True)
    quote_translation = serializers.CharField(allow_blank=True)
    quote_translator = serializers.CharField(allow_blank=True)
    quote_translated_by_machine = serializers.BooleanField()
    verdict = serializers.ChoiceField(choices=ClaimReview.Verdict.choices, allow_null=True)
    rating = serializers.IntegerField(allow_null=True)
    rationale = serializers.CharField(allow_blank=True, help_text=AS_MARKDOWN)
    as_of = serializers.DateField(allow_null=True)
    change_kind = serializers.ChoiceField(choices=ClaimReview.Change.choices, allow_blank=True)
    change_note = serializers.CharField(allow_blank=True, help_text="What changed since the one before; public.")
    publish_at = serializers.DateTimeField(allow_null=True, help_text="When an approved review goes out by itself.")
    scheduled_by = PersonSerializer(allow_null=True)
    written_by = PersonSerializer(many=True, help_text="Everybody who wrote a part. None of them can approve it.")
    approver = PersonSerializer(allow_null=True)
    assignee = PersonSerializer(allow_null=True, help_text="In whose hands the draft is; null: take it over.")
    evidence = EvidenceSerializer(many=True)
    replies = ReplySerializer(many=True, help_text="The right of reply: who was asked, or why nobody was.")
    review_again = serializers.DateField(allow_null=True, help_text="To be looked at again on.")
    publication = ReviewPublicationSerializer(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ReviewWithRequestSerializer(ReviewSerializer):
    changes_requested = serializers.CharField(
        allow_blank=True, help_text="The reason with which a draft was last sent back."
    )


def rows():
    evidence = Evidence.objects.select_related("snapshot__source__outlet", "writer").defer("snapshot__text")
    return (
        ClaimReview.objects.select_related("claim", "approver", "assignee", "scheduled_by", "publication")
        .defer("claim__embedding", "publication__frozen")
        .prefetch_related(
            Prefetch("evidence", evidence.order_by("pk")), Prefetch("replies", Reply.objects.order_by("pk"))
        )
    )


def find(id: str, user: Any) -> ClaimReview:
    return found(rows(), id, "review", user)


def reviews_shown(reviews: list[ClaimReview]) -> list[dict]:
    """A page of reviews, in a number of queries that does not grow with it."""
    writers = {writer for review in reviews for writer in review.written_by}
    names = dict(User.objects.filter(pk__in=writers).values_list("pk", "name"))
    return [_shown(review, names) for review in reviews]


def review_shown(review: ClaimReview) -> dict:
    """One review, with what was asked of its writer."""
    asked = verbs.last_changes_requested(review) if review.status == ClaimReview.Status.DRAFT else ""
    return {**reviews_shown([review])[0], "changes_requested": asked}


def _shown(review: ClaimReview, names: dict[int, str]) -> dict[str, Any]:
    publication: Publication | None = getattr(review, "publication", None)
    return {
        "id": review.pk,
        "claim": review.claim_id,
        "article": review.claim.article_id,
        "status": review.status,
        "statement": review.statement,
        "speaker": review.speaker,
        **{name: getattr(review, name) for name in (*ClaimReview.ORIGINAL, *ClaimReview.QUOTE)},
        "verdict": review.verdict,
        "rating": review.rating,
        "rationale": review.rationale,
        "as_of": review.as_of,
        "change_kind": review.change_kind,
        "change_note": review.change_note,
        "publish_at": review.publish_at,
        "scheduled_by": person(review.scheduled_by),
        "written_by": [{"id": writer, "name": names.get(writer, "")} for writer in review.written_by],
        "approver": person(review.approver),
        "assignee": person(review.assignee),
        "evidence": [evidence_shown(piece) for piece in review.evidence.all()],
        "replies": [{name: getattr(reply, name) for name in REPLY} for reply in review.replies.all()],
        "review_again": review.review_again,
        "publication": publication
        and {
            "slug": publication.slug,
            "number": publication.number,
            "url": publication_verbs.address(publication.slug),
            "retracted": bool(publication.retraction_reason),
            "taken_down": publication.taken_down_at is not None,
        },
        "version": review.version,
        "created_at": review.created_at,
        "updated_at": review.updated_at,
    }


def evidence_shown(piece: Evidence) -> dict[str, Any]:
    snapshot = piece.snapshot
    source = snapshot and snapshot.source
    searched_on: date | None = piece.searched_on
    return {
        "id": piece.pk,
        "review": piece.review_id,
        "kind": piece.kind,
        "stance": piece.stance,
        "writer": person(piece.writer),
        "note": piece.note,
        "exact": piece.exact,
        "language": piece.language,
        "translation": piece.translation,
        "translator": piece.translator,
        "translated_by_machine": piece.translated_by_machine,
        "snapshot": snapshot
        and {
            "sha256": snapshot.sha256,
            "origin": snapshot.origin,
            "taken_at": snapshot.taken_at,
            "source": source
            and {
                "id": source.pk,
                "title": source.title,
                "url": source.url,
                "published": source.published,
                "outlet": str(source.outlet or ""),
            },
        },
        "suggestion": piece.suggestion_id,
        "public_wording": piece.public_wording,
        "searched_for": piece.searched_for,
        "searched_where": piece.searched_where,
        "searched_on": searched_on,
        "created_at": piece.created_at,
    }


class Reviews(Door):
    @described(
        "listReviews", "Reviews, in the order of their ids", listed("ReviewPage", ReviewSerializer), asks=[ReviewQuery]
    )
    def get(self, request):
        asked = self.asked(ReviewQuery)
        some = rows().visible_to(request.user)
        if "status" in asked:
            some = some.filter(status=asked["status"])
        return page(self, some, asked, reviews_shown)


class ReviewRow(Row):
    find = staticmethod(find)
    show = staticmethod(review_shown)

    def act(self, verb, shape: type[Input]):
        """One verb on the version that was read."""
        review = self.row()
        verb(review, by=self.request.user, seen=self.seen(review), **self.taken(shape))
        return self.shown()


def step(name: str, summary: str, takes: type[Input] = NothingSerializer):
    return described(name, summary, ReviewWithRequestSerializer, takes=takes, row=True, write=True)


class OneReview(ReviewRow):
    @described("getReview", "One review with its evidence", ReviewWithRequestSerializer, row=True)
    def get(self, request, id):
        return self.shown()

    @step("saveReview", "Write what a draft says", WrittenSerializer)
    def put(self, request, id):
        review = self.row()
        written = self.taken(WrittenSerializer)
        written["verdict"] = written["verdict"] or ""
        verbs.save(review, by=request.user, seen=self.seen(review), **written)
        return self.shown()


class Original(ReviewRow):
    @step("describeOriginal", "Who made the claim, where first, and its own words translated", OriginalSerializer)
    def put(self, request, id):
        return self.act(originals.describe, OriginalSerializer)


class TakeOver(ReviewRow):
    @step("takeDraftOver", "Take a draft into your hands; you become one of its writers")
    def post(self, request, id):
        return self.act(verbs.take_over, NothingSerializer)


class Submit(ReviewRow):
    @step("submitReview", "Hand the draft to a second person")
    def post(self, request, id):
        return self.act(verbs.submit, NothingSerializer)


class Withdraw(ReviewRow):
    @step("withdrawReview", "Take it back to work on it; an approval is gone")
    def post(self, request, id):
        return self.act(verbs.withdraw, NothingSerializer)


class Abandon(ReviewRow):
    @step("abandonReview", "Give the draft up")
    def post(self, request, id):
        return self.act(verbs.abandon, NothingSerializer)


class Approve(ReviewRow):
    @step(
        "approveReview",
        "The second signature, on exactly the version that was read; by nobody who wrote a part",
        ApprovalSerializer,
    )
    def post(self, request, id):
        return self.act(verbs.approve, ApprovalSerializer)


class RequestChanges(ReviewRow):
    @step("requestChanges", "Send it back with a reason", ReasonSerializer)
    def post(self, request, id):
        return self.act(verbs.request_changes, ReasonSerializer)


class Publish(ReviewRow):
    @step("publishReview", "Make an approved review public")
    def post(self, request, id):
        return self.act(publication_verbs.publish, NothingSerializer)


class Schedule(ReviewRow):
    @step("scheduleReview", "Say when an approved review goes out by itself", ScheduleSerializer)
    def put(self, request, id):
        return self.act(schedules.set_hour, ScheduleSerializer)


class TakeDown(ReviewRow):
    @step("takeReviewDown", "Erase what was published of it, where the law demands it", TakeDownSerializer)
    def post(self, request, id):
        return self.act(takedowns.take_down, TakeDownSerializer)


class Retract(ReviewRow):
    @step("retractReview", "Take a published review back, with a reason that the public reads", ReasonSerializer)
    def post(self, request, id):
        return self.act(publication_verbs.retract, ReasonSerializer)
