"""The desk's checklist, answered for one review: all its items in one form."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import ChecklistAnswer, ClaimReview, Desk
from factcheck.web.forms.fields import DeskForm, Line
from factcheck.workflow import checklist

ANSWERS = [*ChecklistAnswer.Answer.choices, ("", _("Not answered yet"))]


class AnswerChecklist(DeskForm):
    """Fields are named by what their item says, not by its place: the list may change while somebody answers."""

    model, address, button = ClaimReview, "answer_checklist", _("Save the answers")

    @cached_property
    def steps(self) -> list[checklist.Step]:
        return checklist.steps(self.row, self.known.get("desk") or Desk.objects.first() or Desk())

    @property
    def asked(self) -> list[tuple[str, checklist.Step]]:
        """Each item of the desk's list, with the name of its fields."""
        return [(hashlib.sha256(step.item.encode()).hexdigest()[:16], step) for step in self.steps if step.on_list]

    def stored(self) -> dict[str, Any]:
        answers = {f"answer-{name}": step.answer for name, step in self.asked}
        return answers | {f"reason-{name}": step.reason for name, step in self.asked}

    def prepare(self) -> None:
        for name, step in self.asked:
            self.fields[f"answer-{name}"] = forms.ChoiceField(
                label=step.item, choices=ANSWERS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"reason-{name}"] = Line(now("Reason: %s") % step.item, 1000)
        for name in self.data:
            if name.startswith("reason-") and name not in self.fields:  # its words are not lost with the item
                self.fields[name] = Line(_("Of an item that is not on the list any more"))

    def said(self) -> dict[str, Any]:
        said = super().said()
        if any(text for name, text in said.items() if name.startswith("reason-") and name not in self.stored()):
            raise BadInput(_("The checklist was changed, and a reason is left over. Take its words somewhere else."))
        answers = [(step.item, said[f"answer-{name}"], said[f"reason-{name}"]) for name, step in self.asked]
        return {"seen": said["seen"], "answers": [each for each in answers if any(each[1:])]}

    # --- for its page ---

    def items(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The answer and the reason of each item."""
        return ((self[f"answer-{name}"], self[f"reason-{name}"]) for name, _step in self.asked)

    def left_over(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("reason-") and name not in self.stored()]

    def open_items(self) -> int:
        return sum(1 for _name, step in self.asked if not step.answer)

    def taken_off(self) -> list[checklist.Step]:
        return [step for step in self.steps if not step.on_list]
