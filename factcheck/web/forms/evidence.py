"""What a review rests on: documents, people, searches that found nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import ClaimReview, Evidence
from factcheck.web.forms.fields import Day, DeskForm, Line, People, Words

STANCES = Evidence.Stance.choices


class Document(DeskForm):
    model, address, button = ClaimReview, "document", _("Add the document")

    stance = forms.ChoiceField(label=_("What it does for the claim"), choices=STANCES, required=False)
    title = Line(_("Title"), needed=True)
    url = Line(_("Link"), needed=True)
    exact = Words(_("Exact words"), 4, needed=True, help_text=_("Copied from the document, letter by letter."))
    published = Line(_("Date of the document"), 10, help_text=_("As far as it is known: 2024, 2024-05 or 2024-05-14."))
    language = Line(
        _("Language of the exact words"),
        35,
        help_text=_("Only if it is another than yours, as a code: ar, zh-Hant, pt-BR."),
    )
    primary = forms.BooleanField(label=_("A primary document or data set, not a report about one"), required=False)
    note = Words(_("Note to the reader"), 2)


class Person(DeskForm):
    model, address, button = ClaimReview, "person", _("Add what the person said")

    stance = forms.ChoiceField(label=_("What it does for the claim"), choices=STANCES, required=False)
    public_wording = Words(_("Wording that may be printed"), 3, needed=True)
    note = Words(_("Note to the reader"), 2)
    identity = Words(
        _("In confidence: who it is"),
        1,
        help_text=_("Only you and the people below ever see this. It stands in no trail, answer, export or log."),
    )
    in_confidence = Words(_("In confidence: what is not for print"), 2)
    readers = People(_("Who else may read the confidential part"))

    def prepare(self) -> None:
        for name in ("identity", "in_confidence"):  # no script keeps a copy of these
            self.fields[name].widget.attrs["data-in-confidence"] = ""


class Search(DeskForm):
    model, address, button = ClaimReview, "search", _("Add the search")

    searched_for = Words(_("Searched for"), 2, needed=True)
    searched_where = Words(_("Searched where"), 2, needed=True)
    searched_on = Day(_("Day of the search"), needed=True)
    note = Words(_("Note to the reader"), 2)


class Stance(DeskForm):
    model, address, button = Evidence, "stance", _("Change")

    stance = forms.ChoiceField(label=_("What it does for the claim"), choices=STANCES, required=False)

    def stored(self) -> dict[str, Any]:
        return {"stance": self.row.stance}


class EraseConfidence(DeskForm):
    model, address, button = Evidence, "erase_confidence", _("Erase what was told in confidence")

    reason = Line(_("Why it is erased"), needed=True)

    def said(self) -> dict[str, Any]:
        return {"reason": super().said()["reason"]}


class Remove(DeskForm):
    model, address, button = Evidence, "remove", _("Take it out")
