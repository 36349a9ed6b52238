"""What people say about a claim, or about a part of its review: read, written, resolved and taken back."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import claims, reviews
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, absolute, etag, found, listed, page, person
from factcheck.api.inputs import BIGGEST_KEY, Input, NothingSerializer, Whole, Words
from factcheck.api.schema import described
from factcheck.models import Comment
from factcheck.workflow import comments as verbs


class CommentQuery(PageQuery):
    claim = serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY)


class OnSerializer(Input):
    review = Whole(min_value=1, max_value=BIGGEST_KEY, help_text="One of the claim's.")
    part = serializers.ChoiceField(choices=Comment.Part.choices)
    piece = Whole(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=BIGGEST_KEY,
        default=None,
        help_text="Of its evidence: which piece. Null for every other part.",
    )


class NewCommentSerializer(Input):
    claim = Whole(min_value=1, max_value=BIGGEST_KEY)
    text = Words(max_length=verbs.LONGEST, help_text="@ and the first part of a colleague's address mentions them.")
    on = OnSerializer(required=False, allow_null=True, default=None, help_text="Null: the claim as a whole.")


class AboutSerializer(serializers.Serializer):
    review = serializers.IntegerField()
    part = serializers.ChoiceField(choices=Comment.Part.choices)
    piece = serializers.IntegerField(allow_null=True, help_text="It may have been taken out since.")


class CommentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    claim = serializers.IntegerField()
    on = AboutSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=Comment.Status.choices)
    author = PersonSerializer()
    text = serializers.CharField(allow_blank=True, help_text="Empty once it is withdrawn.")
    resolved_by = PersonSerializer(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def rows():
    return Comment.objects.select_related("author", "resolved_by")


def find(id: str, user: Any) -> Comment:
    return found(rows(), id, "comment", user)


def comment_shown(comment: Comment) -> dict:
    on = {"review": comment.review_id, "part": comment.part, "piece": comment.piece}
    return {
        "id": comment.pk,
        "claim": comment.claim_id,
        "on": on if comment.part else None,
        "status": comment.status,
        "author": person(comment.author),
        "text": comment.text,
        "resolved_by": person(comment.resolved_by),
        "resolved_at": comment.resolved_at,
        "version": comment.version,
        "created_at": comment.created_at,
        "updated_at": comment.updated_at,
    }


class Comments(Door):
    @described(
        "listComments",
        "What was said about a claim and the parts of its reviews",
        listed("CommentPage", CommentSerializer),
        asks=[CommentQuery],
    )
    def get(self, request):
        asked = self.asked(CommentQuery)
        claim = claims.find(str(asked["claim"]), request.user)
        said = rows().visible_to(request.user).filter(claim=claim)
        return page(self, said, asked, lambda some: [comment_shown(each) for each in some])

    @described(
        "writeComment",
        "Say something about a claim, or about a part of its review. Who is mentioned, or follows, is told",
        CommentSerializer,
        takes=NewCommentSerializer,
        status=201,
        location=True,
    )
    def post(self, request):
        sent = self.taken(NewCommentSerializer)
        claim, on = claims.find(str(sent["claim"]), request.user), sent["on"]
        part = verbs.On(reviews.find(str(on["review"]), request.user), on["part"], on["piece"]) if on else None
        said = verbs.write(claim, by=request.user, text=sent["text"], on=part)
        headers = {"ETag": etag(said.version), "Location": absolute(f"comments/{said.pk}/")}
        return Response(comment_shown(find(str(said.pk), request.user)), status=201, headers=headers)


class CommentRow(Row):
    find = staticmethod(find)
    show = staticmethod(comment_shown)

    def done(self, verb) -> Response:
        comment = self.row()
        self.taken(NothingSerializer)
        verb(comment, by=self.request.user, seen=self.seen(comment))
        return self.shown()


class OneComment(CommentRow):
    @described("readComment", "One comment", CommentSerializer, row=True)
    def get(self, request, id):
        return self.shown()


class Resolve(CommentRow):
    @described(
        "resolveComment", "What it asks for is done", CommentSerializer, takes=NothingSerializer, row=True, write=True
    )
    def post(self, request, id):
        return self.done(verbs.resolve)


class Reopen(CommentRow):
    @described(
        "reopenComment", "It is not done after all", CommentSerializer, takes=NothingSerializer, row=True, write=True
    )
    def post(self, request, id):
        return self.done(verbs.reopen)


class Withdraw(CommentRow):
    @described(
        "withdrawComment",
        "Take back one's own comment: its words go, that there were some stays",
        CommentSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.done(verbs.withdraw)
