"""What the queue shows, under which name that is kept, and what is done to several of its claims at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import Claim, ClaimFilter, ClaimReview, SavedView
from factcheck.web.forms.fields import NOTHING, DeskForm, Line, Moment, Person
from factcheck.web.forms.marking import Others
from factcheck.workflow import assignments, bulk, marking

ANY = ("", _("Any"))
STATUSES = {
    "to_do": _("To do"),
    **{status.value: status.label for status in Claim.Status},
    "not_checkable": _("Not checkable"),
    "any": _("Any status"),
}
YES = [ANY, ("1", _("Yes")), ("0", _("No"))]
ORDERS = {"worth": _("Check-worthiness"), "due": _("Due date"), "article": _("Article")}


def _choice(label: Any, choices: Any, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=choices, required=False, **more)


def _yes_or_no(value: str) -> bool:
    return value == "1"


class Assignee(forms.CharField):
    """ "me", "nobody", or a person's key."""

    def clean(self, value: Any) -> str:
        said = super().clean(value)
        if said and not re.fullmatch(r"me|nobody|[0-9]{1,18}", said):
            raise forms.ValidationError(_("This is nobody of the desk."))
        return said


class QueueFilter(forms.Form):
    """From a query string, the page's or a saved view's, to a ClaimFilter. Its names are those of the ClaimFilter."""

    words = Line(_("Words"), 500, widget=forms.TextInput({"type": "search"}))
    status = _choice(_("Status"), [*STATUSES.items()], empty_value="to_do")
    verdict = _choice(_("Verdict"), [ANY, *ClaimReview.Verdict.choices])
    kind = _choice(_("Kind"), [ANY, *((kind, kind) for kind in marking.KINDS)])
    speaker = Line(_("Speaker"), 500, help_text=_("The whole name."))
    outlet = Line(_("Outlet"), 300)
    language = Line(_("Language"), 35, help_text=_("Such as en or pt-BR."))
    assignee = Assignee(label=_("Assigned to"), required=False)
    priority = _choice(_("Priority"), [ANY, *Claim.Priority.choices], coerce=int, empty_value=None)
    due = _choice(_("Due"), [ANY, ("overdue", _("Overdue")), ("dated", _("Has a date"))])
    checked_before = _choice(_("Checked before"), YES, coerce=_yes_or_no, empty_value=None)
    conflicting = _choice(_("A value differs"), YES, coerce=_yes_or_no, empty_value=None)
    order = _choice(_("Order"), [*ORDERS.items()], empty_value="worth")

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__({name: data.get(name, "").replace("\0", "") for name in self.base_fields}, label_suffix="")
        known = {each.name: each.default for each in fields(ClaimFilter)}
        for name in self.fields:
            if not self.data[name] and known[name]:  # so that a select shows what is meant
                self.data[name] = known[name]

    def wanted(self) -> ClaimFilter:
        """Raises BadInput with the first sentence of what is wrong."""
        if not self.is_valid():
            name, problems = next(iter(self.errors.items()))
            raise BadInput(f"{self.fields[name].label}: {problems[0]}")
        return ClaimFilter(**self.cleaned_data)

    def offer(self, people: list[tuple[str, Any]]) -> None:
        """The people to choose from as assignees."""
        self.fields["assignee"].widget = forms.Select(choices=[ANY, ("me", _("Me")), ("nobody", _("Nobody")), *people])

    def narrowing(self) -> Iterator[forms.BoundField]:
        """The fields that stand folded away, below the words."""
        return (field for field in self if field.name not in ("words", "status", "order"))


class OfTheQueue(DeskForm):
    """It knows the page of the queue from which it was sent, and leads back there."""

    back = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def from_page(self, query: str) -> "OfTheQueue":
        self.initial["back"] = query
        return self

    @property
    def came_from(self) -> QueryDict:
        return QueryDict(self.data.get("back", "")[:4000])

    def wanted(self) -> ClaimFilter:
        return QueueFilter(self.came_from).wanted()


class NextClaim(OfTheQueue):
    address, button = "next_claim", _("Next claim for me")


class SaveView(OfTheQueue):
    address, button = "save_view", _("Save this view")

    name = Line(_("Name"), SavedView._meta.get_field("name").max_length, needed=True)
    shared = forms.BooleanField(label=_("Share it with the desk"), required=False)


class RemoveView(OfTheQueue):
    model, address, button = SavedView, "remove_view", _("Remove this view")


class UndoBulk(OfTheQueue):
    address, button = "undo_bulk", _("Undo")

    act = forms.UUIDField(widget=forms.HiddenInput)


class Bulk(OfTheQueue):
    """Chosen claims, and which of its buttons was pressed."""

    address = "bulk"

    chosen = Others(required=False)
    to = Person(_("Assign to"))
    due = Moment(_("Due"))
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Claim.Priority.choices, coerce=int, required=False, initial=Claim.Priority.NORMAL
    )
    reason = Line(_("Why they are not checked"))

    def prepare(self) -> None:
        self.fields["due"].label = now("Due, in the time zone %s") % get_current_timezone_name()

    def offer(self, people: list[tuple[str, Any]], claims: list[Claim]) -> None:
        """The people, whom the page knows already, and which of its claims were chosen when it was refused."""
        self.fields["to"].widget.choices = [("", NOTHING), *people]
        for claim in claims:
            claim.chosen = self.is_bound and f"{claim.pk}-{claim.version}" in self.data.getlist("chosen")  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What bulk.together() takes. Raises BadInput."""
        said = super().said()
        chosen = [tuple(map(int, each.split("-"))) for each in said["chosen"]]
        verbs: dict[str, tuple[bulk.Verb, str]] = {
            "assign": (partial(assignments.assign, to=said["to"]), "plan the work"),
            "due": (partial(assignments.set_due, due=said["due"]), "plan the work"),
            "priority": (partial(assignments.prioritise, priority=said["priority"]), "plan the work"),
            "dismiss": (partial(marking.dismiss, reason=said["reason"]), "mark claims"),
        }
        act = self.data.get("do", "")
        if act not in verbs:
            raise BadInput(now("Say what is to be done with the chosen claims."))
        if act == "dismiss" and not said["reason"].strip():
            raise BadInput(now("Say why these claims are not checked."))
        verb, needs = verbs[act]
        return {"chosen": chosen, "verb": verb, "needs": needs}
