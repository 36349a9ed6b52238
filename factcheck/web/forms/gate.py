"""What is settled before a review is published: replies, doubts, the day to look again, and legal reading."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import ClaimReview, GateAnswer, Reply
from factcheck.web.forms.fields import Day, DeskForm, Line, Words


class AskForReply(DeskForm):
    model, address, button = ClaimReview, "ask_for_reply", _("Write down that they were asked")

    name = Line(_("Who was asked"), 200, needed=True)
    role = Line(_("As what"), 200, help_text=_("Printed behind the name: “spokesperson of the council”."))
    channel = forms.ChoiceField(label=_("How"), choices=Reply.Channel.choices, required=False)
    asked_on = Day(_("Asked on"), needed=True)
    deadline = Day(_("Deadline"), needed=True)


class NoneAsked(DeskForm):
    model, address, button = ClaimReview, "none_asked", _("Nobody is asked")

    reason = Words(_("Why nobody is asked"), 2, needed=True, help_text=_("The public reads this."))


class ReplyAnswered(DeskForm):
    model, address, button = Reply, "reply_answered", _("Write the answer down")

    answer = Words(_("Their exact words"), 3, needed=True)
    answered_on = Day(_("Answered on"), needed=True)

    def stored(self) -> dict[str, Any]:
        return {"answer": self.row.answer, "answered_on": self.row.answered_on}


class RemoveReply(DeskForm):
    model, address, button = Reply, "remove_reply", _("Take it out")


class LookAgainOn(DeskForm):
    model, address, button = ClaimReview, "look_again_on", _("Set the day")

    day = Day(_("To be looked at again on"), help_text=_("Printed. Editors are told when the day comes."))

    def stored(self) -> dict[str, Any]:
        return {"day": self.row.review_again}


class LookAtLinks(DeskForm):
    model, address, button = ClaimReview, "look_at_links", _("Have the addresses looked at")

    def said(self) -> dict[str, Any]:
        return {}


class AnswerDoubt(DeskForm):
    """One doubt about one thing. Its buttons are the answers; `of`: the gate's finding, for a fresh form."""

    model, address = ClaimReview, "answer_doubt"

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = Words(_("Why"), 2, needed=True)

    def __init__(self, row: Any = None, data: Any = None, files: Any = None, *, of: Any = None) -> None:
        self.of = of
        super().__init__(row, data, files)

    def prepare(self) -> None:
        key = self.of.key if self.of else self.data.get("key", "")
        self.initial["key"] = key
        self.action += f"?doubt={key[:12]}"  # one page has several of them
        if self.of and self.of.doubt not in GateAnswer.WITH_REASON:
            del self.fields["reason"]

    def said(self) -> dict[str, Any]:
        return {"reason": "", **super().said(), "choice": self.data.get("choice", "")}

    def buttons(self) -> list[tuple[str, str, Any]]:
        given = self.of.choices if self.of else [self.data.get("choice", "")]
        return [("choice", each, GateAnswer.Choice(each).label) for each in given if each in GateAnswer.Choice.values]


class MarkLegal(DeskForm):
    model, address, button, signs = ClaimReview, "mark_legal", _("Ask for a legal reading"), True

    reason = Words(_("What is to be read, and why"), 2, needed=True)


class ClearLegal(DeskForm):
    model, address, button, signs = ClaimReview, "clear_legal", _("Clear this version"), True

    note = Words(_("What the legal reading came to"), 2, needed=True)
