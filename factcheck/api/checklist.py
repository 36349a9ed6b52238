"""The desk's checklist, answered for a review. The version in If-Match is the review's."""

from rest_framework import serializers

from factcheck.api import reviews
from factcheck.api.inputs import Input, Words
from factcheck.api.schema import described
from factcheck.models import ChecklistAnswer, ClaimReview, Desk
from factcheck.workflow import checklist as verbs


class ChecklistAnswerSerializer(Input):
    item = Words(max_length=1000, help_text="The item in the words of the desk’s list.")
    answer = serializers.ChoiceField(choices=ChecklistAnswer.Answer.choices)
    reason = Words(
        required=False, allow_blank=True, max_length=1000, default="", help_text="Needed for does_not_apply."
    )


class AnswersSerializer(Input):
    """PUT replaces all: an item that is not named is open again."""

    answers = ChecklistAnswerSerializer(many=True)


class StepSerializer(serializers.Serializer):
    item = serializers.CharField()
    answer = serializers.ChoiceField(
        choices=ChecklistAnswer.Answer.choices, allow_null=True, help_text="null: not answered yet."
    )
    reason = serializers.CharField(allow_blank=True)
    on_list = serializers.BooleanField(help_text="false: the desk has taken the item off its list since.")


class ChecklistSerializer(serializers.Serializer):
    review = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ClaimReview.Status.choices)
    items = StepSerializer(many=True, help_text="A draft is handed over when each that is on the list is answered.")
    version = serializers.IntegerField(help_text="The review’s.")


def checklist_shown(review: ClaimReview) -> dict:
    steps = verbs.steps(review, Desk.objects.first() or Desk())
    return {
        "review": review.pk,
        "status": review.status,
        "items": [
            {"item": step.item, "answer": step.answer or None, "reason": step.reason, "on_list": step.on_list}
            for step in steps
        ],
        "version": review.version,
    }


class OfReview(reviews.ReviewRow):
    show = staticmethod(checklist_shown)

    @described("getChecklist", "The desk’s checklist with a review’s answers", ChecklistSerializer, row=True)
    def get(self, request, id):
        return self.shown()

    @described(
        "answerChecklist",
        "Answer the desk’s checklist in a draft",
        ChecklistSerializer,
        takes=AnswersSerializer,
        row=True,
        write=True,
    )
    def put(self, request, id):
        review = self.row()
        answers = [(each["item"], each["answer"], each["reason"]) for each in self.taken(AnswersSerializer)["answers"]]
        verbs.answer(review, by=request.user, seen=self.seen(review), answers=answers)
        return self.shown()
