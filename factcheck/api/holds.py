"""Litigation holds: while one stands, nothing of its article is erased or taken down. The version in If-Match says
whether it stands.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import articles
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, absolute, etag, found, listed, page, person
from factcheck.api.inputs import BIGGEST_KEY, ReasonSerializer, Whole
from factcheck.api.schema import described
from factcheck.exceptions import Conflict
from factcheck.models import LitigationHold
from factcheck.workflow import holds as verbs


class NewHoldSerializer(ReasonSerializer):
    article = Whole(min_value=1, max_value=BIGGEST_KEY)


class HoldSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    article = serializers.IntegerField()
    reason = serializers.CharField()
    placed_by = PersonSerializer()
    placed_at = serializers.DateTimeField()
    lift_reason = serializers.CharField(allow_blank=True)
    lifted_by = PersonSerializer(allow_null=True)
    lifted_at = serializers.DateTimeField(allow_null=True, help_text="Null while it stands.")


def rows():
    return LitigationHold.objects.select_related("placed_by", "lifted_by")


def hold_shown(hold: LitigationHold) -> dict[str, Any]:
    return {
        "id": hold.pk,
        "article": hold.article_id,
        "reason": hold.reason,
        "placed_by": person(hold.placed_by),
        "placed_at": hold.placed_at,
        "lift_reason": hold.lift_reason,
        "lifted_by": person(hold.lifted_by),
        "lifted_at": hold.lifted_at,
    }


class HoldRow(Row):
    show = staticmethod(hold_shown)

    @staticmethod
    def find(id: str, user: Any) -> LitigationHold:
        return found(rows(), id, "litigation hold", user)

    def version(self, row: LitigationHold) -> str:
        return "lifted" if row.lifted_at else "stands"


class Holds(Door):
    @described("listHolds", "Litigation holds, lifted ones too", listed("HoldPage", HoldSerializer), asks=[PageQuery])
    def get(self, request):
        seen = rows().visible_to(request.user)
        return page(self, seen, self.asked(PageQuery), lambda some: [hold_shown(each) for each in some])

    @described(
        "placeHold",
        "Place a litigation hold: nothing of the article is erased or taken down while it stands",
        HoldSerializer,
        takes=NewHoldSerializer,
        status=201,
        location=True,
    )
    def post(self, request):
        sent = self.taken(NewHoldSerializer)
        article = articles.find(str(sent["article"]), request.user)
        hold = verbs.place(article, by=request.user, reason=sent["reason"])
        headers = {"ETag": etag("stands"), "Location": absolute(f"holds/{hold.pk}/")}
        return Response(hold_shown(hold), status=201, headers=headers)


class OneHold(HoldRow):
    @described("getHold", "One litigation hold", HoldSerializer, row=True)
    def get(self, request, id):
        return self.shown()


class LiftHold(HoldRow):
    @described(
        "liftHold", "Lift a litigation hold, for a reason", HoldSerializer, takes=ReasonSerializer, row=True, write=True
    )
    def post(self, request, id):
        hold = self.row()
        if not self.read(hold):
            raise Conflict("This litigation hold is not as you read it any more. Nothing was changed.")
        verbs.lift(hold, by=request.user, **self.taken(ReasonSerializer))
        return self.shown()
