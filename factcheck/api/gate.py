"""What must be settled before a review is published. The version in If-Match is the review's."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import reviews
from factcheck.api.doors import Row, etag, found
from factcheck.api.inputs import Day, Input, NothingSerializer, ReasonSerializer, Words
from factcheck.api.schema import described
from factcheck.models import GateAnswer, Reply
from factcheck.workflow import gate, gate_answers, legal, links, replies


class FindingSerializer(serializers.Serializer):
    check = serializers.ChoiceField(choices=gate.Check.choices)
    state = serializers.ChoiceField(
        choices=gate.State.choices,
        help_text="open: a person has to answer. blocks: a rule is not met. unknown: nothing could be found out; with a"
        " key, it waits for a person's answer too.",
    )
    sentence = serializers.CharField(help_text="What is the matter, and what to do.")
    subject = serializers.CharField(allow_blank=True, help_text="Of what: a name, an address, a title.")
    key = serializers.CharField(allow_blank=True, help_text="Names exactly what is doubted; empty for a rule.")
    choices = serializers.ListField(
        child=serializers.ChoiceField(choices=GateAnswer.Choice.choices), help_text="How a person can answer."
    )


class GateSerializer(serializers.Serializer):
    passes = serializers.BooleanField(help_text="Nothing of this stands against publishing.")
    findings = FindingSerializer(many=True)


class GateAnswerSerializer(Input):
    key = Words(max_length=64)
    choice = serializers.ChoiceField(choices=GateAnswer.Choice.choices)
    reason = Words(required=False, allow_blank=True, max_length=100_000, default="")


class NewReplySerializer(Input):
    """Who was asked, how, when and until when; or only `not_asked`."""

    name = Words(required=False, max_length=200)
    role = Words(required=False, allow_blank=True, max_length=200, default="")
    channel = serializers.ChoiceField(choices=Reply.Channel.choices, required=False)
    asked_on = Day(required=False)
    deadline = Day(required=False)
    not_asked = Words(required=False, max_length=100_000, help_text="Why nobody was asked; the public reads it.")

    def validate(self, attrs):
        others = [name for name in self.initial_data if name in self.fields and name != "not_asked"]
        if attrs.get("not_asked") and others:
            said = "Either somebody was asked or nobody was: nothing else is sent with `not_asked`."
            raise serializers.ValidationError({name: [said] for name in others})
        return attrs


class ReplyAnswerSerializer(Input):
    answer = Words(max_length=100_000, help_text="Their exact words.")
    answered_on = Day()


class DaySerializer(Input):
    day = Day(allow_null=True)


class NoteSerializer(Input):
    note = Words(max_length=100_000)


class Gate(reviews.ReviewRow):
    @described("getGate", "What stands against publishing a review, and what was settled", GateSerializer, row=True)
    def get(self, request, id):
        review = self.row()
        rows = gate.findings(review)
        names = ("check", "state", "sentence", "subject", "key", "choices")
        shown = [{name: getattr(each, name) for name in names} for each in rows]
        body = {"passes": not any(each.stops for each in rows), "findings": shown}
        return Response(body, headers={"ETag": etag(review.version)})

    @reviews.step("answerDoubt", "Answer one doubt: in a draft, or as the second person", GateAnswerSerializer)
    def post(self, request, id):
        return self.act(gate_answers.answer, GateAnswerSerializer)


class AddReply(reviews.ReviewRow):
    @described(
        "addReply",
        "Write down who was asked for a reply, or why nobody was",
        reviews.ReviewWithRequestSerializer,
        takes=NewReplySerializer,
        row=True,
        write=True,
        status=201,
    )
    def post(self, request, id):
        review = self.row()
        seen, sent = self.seen(review), self.taken(NewReplySerializer)
        said: dict[str, Any] = {"name": "", "channel": "", "asked_on": None, "deadline": None, **sent}
        not_asked = said.pop("not_asked", "")
        if not_asked:
            replies.none_asked(review, by=request.user, seen=seen, reason=not_asked)
        else:
            replies.ask(review, by=request.user, seen=seen, **said)
        return self.shown(status=201)


class ReviewAgain(reviews.ReviewRow):
    @reviews.step("reviewAgain", "When the fact-check is to be looked at again; null: never", DaySerializer)
    def put(self, request, id):
        return self.act(gate_answers.look_again_on, DaySerializer)


class MarkLegal(reviews.ReviewRow):
    @reviews.step("markLegal", "Ask for a legal reading: nothing is published before it", ReasonSerializer)
    def post(self, request, id):
        return self.act(legal.mark, ReasonSerializer)


class LookAtLinks(reviews.ReviewRow):
    @reviews.step("lookAtLinks", "Have the addresses that it prints looked at, where they were not reached lately")
    def post(self, request, id):
        return self.act(links.look_again, NothingSerializer)


class ClearLegal(reviews.ReviewRow):
    @reviews.step("clearLegal", "Clear exactly the version that was read; by nobody who wrote a part", NoteSerializer)
    def post(self, request, id):
        return self.act(legal.clear, NoteSerializer)


def find(id: str, user: Any) -> Reply:
    return found(Reply.objects.select_related("review__claim"), id, "reply", user)


class OneReply(Row):
    """Shown as its review: that is what has the version."""

    find = staticmethod(find)
    show = staticmethod(reviews.review_shown)

    def review_of(self, reply: Reply):
        return reviews.find(str(reply.review_id), self.request.user)

    def current(self):
        review = self.review_of(self.row())
        return reviews.review_shown(review), etag(review.version)

    @described(
        "writeAnswer",
        "What somebody answered, in their exact words",
        reviews.ReviewWithRequestSerializer,
        takes=ReplyAnswerSerializer,
        row=True,
        write=True,
    )
    def patch(self, request, id):
        reply = self.row()
        sent = self.taken(ReplyAnswerSerializer)
        replies.answered(reply, by=request.user, seen=self.seen(reply.review), **sent)
        return self.shown(self.review_of(reply))

    @described("removeReply", "Take it out of the draft", reviews.ReviewWithRequestSerializer, row=True, write=True)
    def delete(self, request, id):
        reply = self.row()
        review = self.review_of(reply)
        replies.remove(reply, by=request.user, seen=self.seen(reply.review))
        return self.shown(reviews.find(str(review.pk), request.user))
