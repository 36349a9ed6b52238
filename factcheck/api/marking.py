"""Claims: put aside, restored, corrected, split, merged, and what of that is undone."""

from typing import Any

from rest_framework import serializers

from factcheck.api.claims import ClaimSerializer, claim_shown, find
from factcheck.api.doors import Row
from factcheck.api.inputs import BIGGEST_KEY, Input, NothingSerializer, ReasonSerializer, Whole, Words
from factcheck.api.schema import described
from factcheck.models import Claim
from factcheck.workflow import lineage, marking

# Positions in a text, and versions of a row: both far below.
BIGGEST = 2**31 - 1


class PlaceSerializer(Input):
    """Words of the newest text: text[start:end] == exact, in code points."""

    start = Whole(min_value=0, max_value=BIGGEST)
    end = Whole(min_value=1, max_value=BIGGEST)
    exact = Words(max_length=100_000)


class NewClaimSerializer(PlaceSerializer):
    statement = Words(
        required=False, allow_blank=True, max_length=100_000, default="", help_text="Empty: the words themselves."
    )
    speaker = Words(required=False, allow_blank=True, max_length=500, default="")
    cue = Words(required=False, allow_blank=True, max_length=100, default="", help_text="Such as `said`.")


class AttributionSerializer(Input):
    speaker = Words(allow_blank=True, max_length=500, help_text="Empty: not known.")
    cue = Words(allow_blank=True, max_length=100)
    kind = serializers.ChoiceField(choices=marking.KINDS)


class PartSerializer(Input):
    place = PlaceSerializer(
        required=False, allow_null=True, default=None, help_text="Within the claim's words; null: all of them."
    )
    statement = Words(
        required=False, allow_blank=True, max_length=100_000, default="", help_text="Empty: the words of its place."
    )


class SplitSerializer(Input):
    parts = PartSerializer(many=True, min_length=2, max_length=lineage.MOST_PARTS)


class OtherSerializer(Input):
    id = Whole(min_value=1, max_value=BIGGEST_KEY)
    version = Whole(min_value=0, max_value=BIGGEST, help_text="The one that was read.")


class MergeSerializer(Input):
    others = OtherSerializer(many=True, min_length=1, max_length=100, help_text="Claims of the same article.")
    statement = Words(
        required=False,
        allow_blank=True,
        max_length=100_000,
        default="",
        help_text="Empty: theirs, one after the other.",
    )


class ClaimRow(Row):
    find = staticmethod(find)
    show = staticmethod(claim_shown)

    def done(self, verb, shape: type[Input]):
        claim = self.row()
        verb(claim, by=self.request.user, seen=self.seen(claim), **self.taken(shape))
        return self.shown()


class Dismiss(ClaimRow):
    @described(
        "dismissClaim",
        "Put a claim aside, with a reason",
        ClaimSerializer,
        takes=ReasonSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.done(marking.dismiss, ReasonSerializer)


class Restore(ClaimRow):
    @described(
        "restoreClaim",
        "Put a dismissed claim back among those to be checked",
        ClaimSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.done(marking.restore, NothingSerializer)


class Attribution(ClaimRow):
    @described(
        "attributeClaim",
        "Correct who made a claim, and of what kind it is",
        ClaimSerializer,
        takes=AttributionSerializer,
        row=True,
        write=True,
    )
    def put(self, request, id):
        return self.done(marking.attribute, AttributionSerializer)


class Split(ClaimRow):
    @described(
        "splitClaim",
        "Put several claims in the place of one; `superseded_by` names them",
        ClaimSerializer,
        takes=SplitSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.done(_split, SplitSerializer)


class Merge(ClaimRow):
    @described(
        "mergeClaims",
        "Put one claim in the place of this one and others; `superseded_by` names it",
        ClaimSerializer,
        takes=MergeSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.done(_merge, MergeSerializer)


class Undo(ClaimRow):
    @described(
        "undoClaim",
        "Take back the split or merge that replaced a claim, or that made it",
        ClaimSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        return self.done(lineage.undo, NothingSerializer)


def _split(claim: Claim, *, parts: list[dict], **who: Any) -> None:
    lineage.split(claim, parts=[lineage.Part(part["statement"], **(part["place"] or {})) for part in parts], **who)


def _merge(claim: Claim, *, others: list[dict], **said: Any) -> None:
    known = claim.article.claims.in_bulk([other["id"] for other in others])
    if unknown := [other["id"] for other in others if other["id"] not in known]:
        raise serializers.ValidationError({"others": [f"There is no claim {unknown[0]} in this article."]})
    lineage.merge(claim, others=[(known[other["id"]], other["version"]) for other in others], **said)
