"""Writing a page of the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import DeskPage
from factcheck.web.forms.fields import DeskForm, Lines, Words

PREVIEW = "preview"


class WritePage(DeskForm):
    """`seen`: the version that was read, 0 when there was none."""

    address = "write_desk_page"

    kind = forms.ChoiceField(choices=DeskPage.Kind.choices, widget=forms.HiddenInput)
    text = Words(
        _("Text"),
        rows=22,
        needed=True,
        help_text=_(
            "In Markdown. What is saved is the next version of the page; each of them stays and can be looked at."
            " [[…]] marks what is still to be filled in: readers see no version that holds one."
        ),
    )

    checklist = Lines(
        _("Checklist"),
        rows=8,
        help_text=_(
            "One step of the method on each line. Whoever writes a review answers each, “done” or “does not apply” with"
            " a reason, before it is handed over; readers see the answers. Left empty, nothing is asked."
        ),
    )

    @classmethod
    def of(cls, kind: str, newest: DeskPage | None, begin: str) -> "WritePage":
        form = cls()
        form.initial = {"kind": kind, "seen": newest.version if newest else 0, "text": newest.text if newest else begin}
        form.initial["checklist"] = newest.checklist if newest else []
        form.only_of_its_kind(kind)
        return form

    def prepare(self) -> None:
        self.only_of_its_kind(self.data.get("kind", DeskPage.Kind.METHOD))

    def only_of_its_kind(self, kind: str) -> None:
        """The method alone has a checklist."""
        if kind != DeskPage.Kind.METHOD:
            self.fields.pop("checklist", None)

    def read_anew(self, newest: DeskPage | None) -> "WritePage":
        """The same words, written after the version that stands now."""
        data = self.data.copy()
        data["seen"] = newest.version if newest else 0
        return type(self)(None, data)

    def is_preview(self) -> bool:
        return PREVIEW in self.data

    def buttons(self) -> list[tuple[str, str, Any]]:
        return [("", "", self.button), (PREVIEW, "1", _("Preview"))]
