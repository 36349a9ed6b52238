"""What a reader sends, and what an editor does with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import ReaderRequest
from factcheck.web.forms.fields import DeskForm, Line, Words


class Ask(forms.Form):
    """For anybody. `empty` is shown to nobody, so that only a program fills it in (web/asking.py)."""

    text = Words(_("What is wrong, or what do you want to tell us?"), rows=8, needed=True)
    url = Line(_("A source, if you have one"), help_text=_("The address of a page that shows it. It may stay empty."))
    email = Line(
        _("Your e-mail address, if you want the answer sent to you"),
        longest=254,
        help_text=_(
            "It may stay empty: you get an address at which the answer will stand. It is kept apart from what you"
            " write, shown to nobody, and erased when the answer is sent."
        ),
    )
    empty = Line(_("Leave this empty"), widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="ask-%s")
        self.fields["email"].widget.attrs |= {"inputmode": "email", "autocomplete": "email"}

    def said(self) -> dict[str, str]:
        """What the verb takes. Raises BadInput."""
        if not self.is_valid():
            name, problems = next(iter(self.errors.items()))
            raise BadInput(f"{self.fields[name].label}: {problems[0]}")
        return {name: self.cleaned_data[name] for name in ("text", "url", "email")}


class AnswerRequest(DeskForm):
    model, address, button = ReaderRequest, "answer_request", _("Send the answer")

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=ReaderRequest.Outcome.choices, required=False, widget=forms.RadioSelect
    )
    text = Words(
        _("Answer"),
        rows=6,
        needed=True,
        help_text=_("The reader sees it, for good: as plain text, with the outcome above it."),
    )


class TakeRequest(DeskForm):
    model, address, button = ReaderRequest, "take_request", _("I see to it")


class SpamRequest(DeskForm):
    model, address, button = ReaderRequest, "spam_request", _("It is spam")


class NoSpamRequest(DeskForm):
    model, address, button = ReaderRequest, "no_spam_request", _("It is no spam")


class EraseAddress(DeskForm):
    model, address, button = ReaderRequest, "erase_address", _("Erase the e-mail address")

    def said(self) -> dict[str, Any]:
        """An address goes whatever was done to the request in the meantime."""
        return {}
