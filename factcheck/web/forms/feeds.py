"""Looking after feeds: adding one, changing it, switching it off and on, polling it before its time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import Feed
from factcheck.web.forms.fields import DeskForm, Line

OUTLET = _("The outlet whose articles they are. Left empty, each page says it for itself.")


def every() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("How often it is polled"),
        choices=Feed.Every.choices,
        coerce=int,
        initial=Feed.Every.HOUR,
        required=False,
    )


class AddFeed(DeskForm):
    address, button = "feeds", _("Add the feed")

    url = Line(_("Address"), needed=True, help_text=_("Of the feed itself, in RSS or Atom."))
    name = Line(_("Name"), help_text=_("Left empty, the feed’s own title is shown."))
    outlet = Line(_("Outlet"), help_text=OUTLET)
    every = every()

    def said(self) -> dict[str, Any]:
        said = super().said()
        return {"url": said["url"], "name": said["name"], "outlet": said["outlet"], "every": said["every"] or 60}


class EditFeed(DeskForm):
    model, address = Feed, "edit_feed"

    name = Line(_("Name"), help_text=_("Left empty, the feed’s own title is shown."))
    outlet = Line(_("Outlet"), help_text=OUTLET)
    every = every()

    def stored(self) -> dict[str, Any]:
        outlet = self.row.outlet
        return {"name": self.row.name, "outlet": outlet.name if outlet else "", "every": self.row.every}

    def said(self) -> dict[str, Any]:
        said = super().said()
        return {**said, "every": said["every"] or self.row.every}


class SwitchFeed(DeskForm):
    """On when the feed that was read is off, and the other way round."""

    model, address = Feed, "switch_feed"

    def prepare(self) -> None:
        self.button = _("Switch it off") if self.row.is_on else _("Switch it on")


class PollFeed(DeskForm):
    model, address, button = Feed, "poll_feed", _("Poll it now")
