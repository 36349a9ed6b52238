"""Adding sources to the library: an address, a file, words, a list; and the words of one that could not be fetched."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import Passage, Source
from factcheck.text.documents import LARGEST
from factcheck.web.forms.fields import DeskForm, Line, Words
from factcheck.workflow.source_rows import SEEN

FROM_IT = _("Left empty, it is taken from the page or file, if that has one.")
DAY = _("As far as it is known: 2024, 2024-05 or 2024-05-14.")


def kinds(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Source.Kind.choices, initial=Source.Kind.PRIMARY)


def seen(label: Any) -> forms.ChoiceField:
    choices = [(value, Source.Seen(value).label) for value in SEEN]
    return forms.ChoiceField(label=label, choices=choices, initial=Source.Seen.PAGE)


def wording() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Whose words these are"),
        choices=Passage.Wording.choices,
        initial=Passage.Wording.ORIGINAL,
        help_text=_("A summary can be found and is never quoted."),
    )


class OfSource(DeskForm):
    """`seen` is to a form the version of its row, and to a source how somebody saw it."""

    def of_source(self) -> dict[str, Any]:
        said = super().said()
        said["seen"] = said.pop("how_seen", Source.Seen.PAGE)
        return said


class AddAddress(OfSource):
    address, button = "add_address", _("Add the source")

    url = Line(
        _("Address"), needed=True, help_text=_("Of a page, a PDF, a Word document or plain text. It is fetched.")
    )
    kind = kinds(_("Kind"))
    title = Line(_("Title"), help_text=FROM_IT)
    publisher = Line(_("Publisher"), help_text=FROM_IT)
    published = Line(_("Published"), help_text=DAY)
    licence = Line(_("Licence"))
    # The claim for which somebody adds it, whose page they come back to.
    claim = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        said = self.of_source()
        del said["seen"], said["claim"]
        return said


class AddFile(OfSource):
    address, button = "add_file", _("Add the source")

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("A web page, plain text, Markdown, PDF, Word document (.docx) or mail (.eml), of 15 MB at most."),
    )
    kind = kinds(_("Kind"))
    title = Line(_("Title"), help_text=FROM_IT)
    publisher = Line(_("Publisher"), help_text=FROM_IT)
    url = Line(_("Address"), help_text=_("Where it was published. It is not fetched."))
    published = Line(_("Published"), help_text=DAY)
    licence = Line(_("Licence"))

    def said(self) -> dict[str, Any]:
        said = self.of_source()
        file = said.pop("file")
        return {**said, **of_file(file), "media_type": file.content_type or ""}


class AddWords(OfSource):
    address, button = "add_words", _("Add the source")

    title = Line(_("Title"), needed=True)
    text = Words(
        _("Text"), 12, needed=True, help_text=_("What the source says. It is divided at its headings and sentences.")
    )
    wording = wording()
    kind = kinds(_("Kind"))
    how_seen = seen(_("How it was seen"))
    publisher = Line(_("Publisher"))
    url = Line(_("Address"), help_text=_("Where it was published. It is not fetched."))
    published = Line(_("Published"), help_text=DAY)
    licence = Line(_("Licence"))

    def said(self) -> dict[str, Any]:
        return self.of_source()


class ImportSources(OfSource):
    address, button = "import_sources", _("Add the sources of the list")

    file = forms.FileField(
        label=_("List"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "A .csv with a column title, or a .jsonl with one object a line, of 15 MB at most. Beside title: url,"
            " publisher, kind, seen, published, licence, wording, and text; in a .jsonl also passages, a list of texts."
            " A row with an address and no words is fetched."
        ),
    )
    kind = kinds(_("Kind, of rows that do not say it"))
    how_seen = seen(_("How it was seen, of rows that do not say it"))
    publisher = Line(_("Publisher, of rows that do not say it"))
    licence = Line(_("Licence, of rows that do not say it"))

    def said(self) -> dict[str, Any]:
        said = self.of_source()
        return {**said, **of_file(said["file"])}


class ImportFactChecks(DeskForm):
    address, button = "import_fact_checks", _("Import the fact-checks")

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # the verb says in its own words that there is nothing in it
        help_text=_(
            "A web page with ClaimReview markup, an answer of the Fact Check Tools API (whole or one claim a line), or"
            " a Data Commons feed, of 15 MB at most. An operator takes larger ones in with manage.py importfactchecks."
        ),
    )

    def said(self) -> dict[str, Any]:
        return of_file(super().said()["file"])


class PasteWords(DeskForm):
    """Stands on the page of a source that could not be fetched."""

    model, address, button = Source, "paste_words", _("Keep these words")

    text = Words(
        _("What the source says"), 8, needed=True, help_text=_("From somebody who has read the source itself.")
    )
    wording = wording()


def of_file(file: Any) -> dict[str, Any]:
    """Raises BadInput where none was chosen, or one that is too large."""
    if not file:
        raise BadInput(_("Choose a file."))
    if file.size > LARGEST:
        raise BadInput(_("The file has more than 15 MB. Send the part that matters."))
    return {"received": file.read(), "file": file.name}
