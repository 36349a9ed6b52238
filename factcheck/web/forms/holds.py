"""Placing a litigation hold on an article, and lifting it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from factcheck.models import Article, LitigationHold
from factcheck.web.forms.fields import DeskForm, Words


class PlaceHold(DeskForm):
    model, address, button = Article, "place_hold", _("Place a litigation hold")

    reason = Words(_("Which dispute it is for"), 2, needed=True, help_text=_("The whole desk reads this."))

    def said(self) -> dict[str, Any]:
        return {"reason": super().said()["reason"]}


class LiftHold(DeskForm):
    model, address, button = LitigationHold, "lift_hold", _("Lift the litigation hold")

    reason = Words(_("Why it is over"), 2, needed=True)

    def said(self) -> dict[str, Any]:
        return {"reason": super().said()["reason"]}
