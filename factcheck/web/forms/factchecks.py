"""Sending a file of earlier fact-checks in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.text.documents import LARGEST
from factcheck.web.forms.fields import DeskForm


class ImportFactChecks(DeskForm):
    address, button = "fact_check_imports", _("Import the fact-checks")

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # the verb says in its own words that there is nothing in it
        help_text=_(
            "A web page with ClaimReview markup, an answer of the Fact Check Tools API (whole or one claim a line), or"
            " a Data Commons feed, of 15 MB at most. An operator takes larger ones in with the command."
        ),
    )

    def said(self) -> dict[str, Any]:
        file = super().said()["file"]
        if not file:
            raise BadInput(_("Choose a file."))
        if file.size > LARGEST:
            raise BadInput(_("The file has more than 15 MB. An operator takes it in with manage.py importfactchecks."))
        return {"data": file.read(), "name": file.name}
