"""What a person makes of a machine's proposal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import Passage, Suggestion
from factcheck.web.forms.fields import DeskForm, Line, Words


class Accept(DeskForm):
    model, address = Suggestion, "accept"

    exact = Words(_("Exact words relied on"), 3)
    stance = forms.CharField(required=False, widget=forms.HiddenInput)  # said by the button

    def prepare(self) -> None:
        if self.row.passage.wording == Passage.Wording.SUMMARY:
            self.fields["exact"].widget.attrs["required"] = True
            self.fields["exact"].help_text = _("A summary is never quoted: copy the source's own words from its page.")
        elif hasattr(self.row.passage.source, "fact_check"):
            self.fields["exact"].widget.attrs["required"] = True
            self.fields["exact"].help_text = _("What they found, in their words: copy it from the page.")
        else:
            self.fields["exact"].help_text = _("Left empty, the whole passage counts.")

    def buttons(self) -> list[tuple[str, str, Any]]:
        return [
            ("stance", "supports", _("Supports")),
            ("stance", "refutes", _("Refutes")),
            ("stance", "context", _("Context")),
        ]

    def hidden_fields(self) -> list[Any]:
        return [field for field in super().hidden_fields() if field.name != "stance"]


class Dismiss(DeskForm):
    model, address, button = Suggestion, "dismiss", _("Dismiss")

    reason = Line(_("Why it does not help"), needed=True)


class Undo(DeskForm):
    model, address, button = Suggestion, "undo", _("Undo")
