"""What a person makes of two claims that a machine holds to say the same."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from factcheck.models import ClaimPair
from factcheck.web.forms.fields import DeskForm, Line


class Pairing(DeskForm):
    """On the page of either claim: `claim` says to which of them it leads back."""

    model = ClaimPair

    claim = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        said = super().said()
        del said["claim"]
        return said

    @property
    def back(self) -> int:
        """The key of the claim on whose page it was sent."""
        return self.row.other_id if self.data.get("claim") == str(self.row.other_id) else self.row.one_id

    @property
    def page(self) -> str:
        return reverse("claim", args=[self.back])


class ConfirmPair(Pairing):
    address, button = "confirm_pair", _("It is the same claim")


class RefusePair(Pairing):
    address, button = "refuse_pair", _("It is another claim")

    reason = Line(_("Why (may be left out)"))


class UndoPair(Pairing):
    address, button = "undo_pair", _("Undo")
