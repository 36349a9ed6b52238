"""A partner's own keys: making one, and revoking one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import ApiKey, Scope
from factcheck.web.forms.fields import DeskForm, Line
from factcheck.workflow import keys


class MakeKey(DeskForm):
    address, button = "make_key", _("Make the key")

    name = Line(_("Name"), longest=60, needed=True, help_text=_("To tell it from your other key."))
    scopes = forms.MultipleChoiceField(
        label=_("What it opens"),
        choices=Scope.choices,
        required=False,
        initial=Scope.values,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("Expires"), choices=keys.LASTS, coerce=int, initial=keys.LASTS[1][0])

    def said(self) -> dict:
        said = super().said()
        return {name: said[name] for name in ("name", "scopes", "days")}


class RevokeKey(DeskForm):
    model, address, button = ApiKey, "revoke_key", _("Revoke it")
