"""What is settled before a review is published: replies, doubts, the day to look again, and legal reading."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from factcheck.models import ClaimReview, GateAnswer, Reply
from factcheck.web.forms.fields import Day, DeskForm, Line, Words, ticked
from factcheck.workflow import gate


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


class AnswerDoubt(DeskForm):
    """One doubt about one thing. Its buttons are the answers; `of`: the gate's finding, for a fresh form."""

    model, address = ClaimReview, "answer_doubt"
    of: Any

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = Words(_("Why"), 2, needed=True)

    def prepare(self) -> None:
        self.of = self.known.get("of")
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


class AnswerPersons(DeskForm):
    """Who may be private, in one form however many are named: a box for each of the first MOST, and one for all the
    others. `of`: what the gate finds, which the form reads itself where it was sent.
    """

    model, address = ClaimReview, "answer_persons"
    MOST = 30

    keys = forms.MultipleChoiceField(label=_("Who may be a private person"), required=False)

    def prepare(self) -> None:
        of = self.known["of"] if "of" in self.known else gate.findings(self.row)
        open_ones = [each for each in of if each.doubt == GateAnswer.Doubt.PERSON and each.stops]
        first, rest = open_ones[: self.MOST], open_ones[self.MOST :]
        self.fields["keys"].widget = forms.CheckboxSelectMultiple()
        self.fields["keys"].choices = [(each.key, each.subject) for each in first]
        self.initial["keys"] = [each.key for each in first] if len(open_ones) == 1 else []
        self.others = {each.key: each.subject for each in rest}
        if rest:
            label = ngettext("The %(n)s other, named below", "All %(n)s others, named below", len(rest))
            self.fields["others"] = ticked(label % {"n": len(rest)})

    def said(self) -> dict[str, Any]:
        said = super().said()
        keys = said.pop("keys") + (list(self.others) if said.pop("others", False) else [])
        return {**said, "keys": keys, "choice": self.data.get("choice", "")}

    def names(self) -> list[str]:
        """Those whose boxes are ticked."""
        keys = self.said()["keys"]
        return [name for key, name in {**dict(self.fields["keys"].choices), **self.others}.items() if key in keys]

    def buttons(self) -> list[tuple[str, str, Any]]:
        labels = {each: GateAnswer.Choice(each).label for each in GateAnswer.CHOICES[GateAnswer.Doubt.PERSON]}
        labels["initials"] = _("Show the text with initials, to save it so")
        return [("choice", each, label) for each, label in labels.items()]


class MarkLegal(DeskForm):
    model, address, button, signs = ClaimReview, "mark_legal", _("Ask for a legal reading"), True

    reason = Words(_("What is to be read, and why"), 2, needed=True)


class ClearLegal(DeskForm):
    model, address, button, signs = ClaimReview, "clear_legal", _("Clear this version"), True

    note = Words(_("What the legal reading came to"), 2, needed=True)
