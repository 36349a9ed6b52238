"""What a person makes of a machine's proposal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import Claim, ClaimReview, Passage, Suggestion
from factcheck.web.forms.fields import DeskForm, Line, Words


class OfPassage(DeskForm):
    """A passage becomes evidence, by one button for each stance."""

    exact = Words(_("Exact words relied on"), 2)
    stance = forms.CharField(required=False, widget=forms.HiddenInput)  # said by the button

    def of(self, passage: Passage) -> None:
        """What is to be said about the words of this passage."""
        if passage.wording == Passage.Wording.SUMMARY:
            self.fields["exact"].widget.attrs["required"] = True
            self.fields["exact"].help_text = _("A summary is never quoted: copy the source's own words from its page.")
        elif hasattr(passage.source, "fact_check"):
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


class Accept(OfPassage):
    model, address = Suggestion, "accept"

    def prepare(self) -> None:
        self.of(self.row.passage)


class TakePassage(OfPassage):
    """`passage` is one that its writer found in the library."""

    model, address = ClaimReview, "take_passage"

    passage = forms.IntegerField(required=False, widget=forms.HiddenInput)  # its key

    def found(self, passage: Passage) -> "TakePassage":
        """The form beside this passage; several of them stand on one page."""
        self.initial["passage"] = passage.pk
        self.auto_id = f"take-{passage.pk}-%s"
        self.of(passage)
        return self


class Dismiss(DeskForm):
    model, address, button = Suggestion, "dismiss", _("Dismiss")

    reason = Line(_("Why it does not help"), needed=True)


class FetchPage(DeskForm):
    model, address, button = Suggestion, "fetch_page", _("Fetch the page")


class AskAgain(DeskForm):
    """One for all services: the button of each names its own."""

    model, address = Claim, "ask_again"

    provider = forms.CharField(required=False, widget=forms.HiddenInput)


class Undo(DeskForm):
    model, address, button = Suggestion, "undo", _("Undo")
