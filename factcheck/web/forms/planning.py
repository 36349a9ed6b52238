"""Who is to work on a claim, until when, how urgently, and who is working on it just now."""

from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from factcheck.models import Claim
from factcheck.web.forms.fields import DeskForm, Moment, Person


class Assign(DeskForm):
    model, address, button = Claim, "assign", _("Assign")

    to = Person(_("Assigned to"))

    def stored(self) -> dict[str, Any]:
        return {"to": self.row.assignee_id}


class SetDue(DeskForm):
    model, address, button = Claim, "set_due", _("Set the date")

    due = Moment(_("Due"))

    def prepare(self) -> None:
        self.fields["due"].label = now("Due, in the time zone %s") % get_current_timezone_name()

    def stored(self) -> dict[str, Any]:
        return {"due": self.row.due_at}


class Prioritise(DeskForm):
    model, address, button = Claim, "prioritise", _("Set the priority")

    priority = forms.TypedChoiceField(label=_("Priority"), choices=Claim.Priority.choices, coerce=int)

    def stored(self) -> dict[str, Any]:
        return {"priority": self.row.priority}


class WorkOn(DeskForm):
    model, address, button = Claim, "work_on", _("Start working on this")


class LetGo(DeskForm):
    model, address, button = Claim, "let_go", _("Stop working on this")
