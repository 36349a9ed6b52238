"""Who made the claim and where first, and what is quoted from another language."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import ClaimReview, Evidence
from factcheck.web.forms.fields import NOTHING, DeskForm, Line, Words, ticked

TRANSLATOR = _("A person's name, or the machine's.")


class Describe(DeskForm):
    model, address, button = ClaimReview, "describe", _("Save what is known of it")

    speaker_kind = forms.ChoiceField(
        label=_("The speaker is"), choices=[("", NOTHING), *ClaimReview.SpeakerKind.choices], required=False
    )
    speaker_same_as = Line(
        _("Address that says who the speaker is"),
        help_text=_("https://, of Wikidata or the speaker's own page. It stands on the public page and in its markup."),
    )
    first_appearance = Line(
        _("Address where the claim was first made"),
        help_text=_("Only if you know it: the article's own, or another."),
    )
    quote_translation = Words(
        _("The claim's own words, translated"),
        3,
        help_text=_("If the article is in another language. Printed below the original."),
    )
    quote_translator = Line(_("Translated by"), 200, help_text=TRANSLATOR)
    quote_translated_by_machine = ticked(_("That is a machine"))

    def stored(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in (*ClaimReview.ORIGINAL, *ClaimReview.QUOTE)}


class Translate(DeskForm):
    model, address, button = Evidence, "translate", _("Save the translation")

    language = Line(_("Language of the exact words"), 35, help_text=_("As a code: en, ar, zh-Hant, pt-BR."))
    translation = Words(_("The exact words, translated"), 3)
    translator = Line(_("Translated by"), 200, help_text=TRANSLATOR)
    translated_by_machine = ticked(_("That is a machine"))

    def stored(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.base_fields if name != "seen"}
