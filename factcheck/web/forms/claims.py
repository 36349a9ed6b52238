"""A claim's statement, the beginning of its review, and who keeps away from it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import Claim, ConflictOfInterest
from factcheck.web.forms.fields import DeskForm, Line, Person, Words


class Statement(DeskForm):
    model, address, button = Claim, "statement", _("Save the statement")

    statement = Words(
        _("Statement in plain words"), needed=True, help_text=_("Sources are looked for again by these words.")
    )

    def stored(self) -> dict[str, Any]:
        return {"statement": self.row.statement}


class Begin(DeskForm):
    model, address, button = Claim, "begin", _("Begin a review")


class DeclareConflict(DeskForm):
    """For oneself; an editor may declare one for a colleague."""

    model, address, button = Claim, "declare_conflict", _("Declare the conflict of interest")

    person = Person(_("Who has to keep away from this claim"))
    reason = Words(_("Why"), 2, needed=True, help_text=_("Everybody who sees the claim reads this."))

    def said(self) -> dict[str, Any]:
        said = super().said()
        if said["person"] is None:
            raise BadInput(_("Say who has the conflict of interest."))
        return {"person": said["person"], "reason": said["reason"]}


class WithdrawConflict(DeskForm):
    model, address, button = ConflictOfInterest, "withdraw_conflict", _("The conflict is over")

    reason = Line(_("Why it is over"), needed=True)

    def said(self) -> dict[str, Any]:
        return {"reason": super().said()["reason"]}
