"""Writing a page of the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.models import DeskPage
from factcheck.web.forms.fields import DeskForm, Words

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

    @classmethod
    def of(cls, kind: str, newest: DeskPage | None, begin: str) -> "WritePage":
        form = cls()
        form.initial = {"kind": kind, "seen": newest.version if newest else 0, "text": newest.text if newest else begin}
        return form

    def read_anew(self, newest: DeskPage | None) -> "WritePage":
        """The same words, written after the version that stands now."""
        data = self.data.copy()
        data["seen"] = newest.version if newest else 0
        return type(self)(None, data)

    def is_preview(self) -> bool:
        return PREVIEW in self.data

    def buttons(self) -> list[tuple[str, str, Any]]:
        return [("", "", self.button), (PREVIEW, "1", _("Preview"))]
