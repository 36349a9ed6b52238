"""What a person does to the claims of a text. Words are looked for where they stand: nobody counts letters."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import Article, Claim
from factcheck.templatetags.desk import after_a_word, before_a_word
from factcheck.text import anchors
from factcheck.web.forms.fields import DeskForm, Line, Words
from factcheck.workflow.lineage import Part, Place, near, place_of
from factcheck.workflow.marking import KINDS, LONGEST, folded


class InTheText(DeskForm):
    """Words of an article; where they stand several times, which of these places is meant, from 1. A script that knows
    where they were selected says so beforehand; else the form comes back with the places to choose from.
    """

    words = Words(_("Words of the article"), needed=True, help_text=_("Exactly as they stand in the text."))
    place = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def article(self) -> Article:
        return self.row

    def prepare(self) -> None:
        self.text, self.places = "", []
        if not self.is_bound:
            return
        version = self.article.newest
        self.text = version.text if version else ""
        words = folded(self.data.get("words", ""))
        self.places = anchors.places(self.text, words) if len(words) <= LONGEST else []
        if len(self.places) > 1:
            choices = [(str(number), self._in_context(*at)) for number, at in enumerate(self.places, start=1)]
            self.fields["place"] = forms.ChoiceField(
                label=_("Which of these places"), required=False, choices=choices, widget=forms.RadioSelect
            )

    def _in_context(self, start: int, end: int) -> str:
        quote = anchors.described(self.text, start, end)
        return folded(f"…{after_a_word(quote.prefix)}“{quote.exact}”{before_a_word(quote.suffix)}…")

    def said(self) -> dict[str, Any]:
        said = super().said()
        words, place = said.pop("words"), said.pop("place")
        if not words.strip():
            raise BadInput(now("Say which words of the article the claim stands at."))
        if len(folded(words)) > LONGEST:
            raise BadInput(now("A claim may have at most %d characters of the text.") % LONGEST)
        if not self.places:
            raise BadInput(now("These words do not stand in the newest text. Copy them exactly as they stand there."))
        if len(self.places) > 1 and not place:
            raise BadInput(now("These words stand in the text %d times: choose which you mean.") % len(self.places))
        start, end = self.places[int(place) - 1 if len(self.places) > 1 else 0]
        return {**said, "start": start, "end": end, "exact": self.text[start:end]}


class AddClaim(InTheText):
    model, address, button = Article, "add_claim", _("Add the claim")

    statement = Words(_("Statement in plain words"), 2, help_text=_("Left empty, the words themselves."))
    speaker = Line(_("Speaker"), 500)


class PlaceAgain(InTheText):
    """Where a claim stands in a changed text, in which its words were not found again."""

    model, address, button = Claim, "place_again", _("It stands here now")

    @property
    def article(self) -> Article:
        return self.row.article


class Marking(DeskForm):
    """On the claim's own page, or beside the text of its article: `beside` says to which of them it leads back."""

    model = Claim

    beside = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        said = super().said()
        del said["beside"]
        return said

    def place(self) -> Place | None:
        """None when the claim does not stand in the newest text: the verb says so."""
        try:
            return place_of(self.row)
        except BadInput:
            return None


class DismissClaim(Marking):
    address, button = "dismiss_claim", _("Dismiss the claim")

    reason = Line(_("Why it is not checked"), needed=True)


class RestoreClaim(Marking):
    address, button = "restore_claim", _("Restore the claim")


class Attribute(Marking):
    address, button = "attribute", _("Save who said it")

    speaker = Line(_("Speaker"), 500, help_text=_("Left empty, not known."))
    cue = Line(_("Word that says so"), 100, help_text=_("Such as “said”."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, kind) for kind in KINDS])

    def stored(self) -> dict[str, Any]:
        return {"speaker": self.row.speaker, "cue": self.row.cue, "kind": self.row.kind}


class SplitClaim(Marking):
    address, button = "split_claim", _("Split the claim")

    parts = Words(
        _("One claim on each line"),
        4,
        needed=True,
        help_text=_(
            "Put a line end where it is to be cut. A line in other words than the article's becomes a statement, and"
            " stands at all of the claim's words."
        ),
    )

    def stored(self) -> dict[str, Any]:
        place = self.place()
        return {"parts": folded(place.exact) if place else self.row.statement}

    def said(self) -> dict[str, Any]:
        said = super().said()
        place, parts, done = self.place(), [], 0
        for line in said["parts"].split("\n"):
            if not line.strip():
                continue
            found = anchors.places(place.exact, line) if place else []
            if place is None or not found:
                parts.append(Part(line.strip()))
                continue
            start, end = next((each for each in found if each[0] >= done), found[0])
            done = end
            parts.append(Part("", place.start + start, place.start + end, place.exact[start:end]))
        return {"parts": parts, "seen": said["seen"]}


class Others(forms.MultipleChoiceField):
    """Claims, each with the version that the page showed: `12-3`. Whether that is still the newest, the verb says."""

    def valid_value(self, value: str) -> bool:
        return bool(re.fullmatch(r"[0-9]{1,18}-[0-9]{1,9}", value))


class MergeClaims(Marking):
    address, button = "merge_claims", _("Merge them")

    others = Others(label=_("Merge it with"), required=False, widget=forms.CheckboxSelectMultiple)
    statement = Words(_("Statement of both"), 2, help_text=_("Left empty, their statements one after the other."))

    def prepare(self) -> None:
        place = self.place()
        claims = near(self.row, place) if place else []
        self.fields["others"].choices = [(f"{claim.pk}-{claim.version}", claim.statement) for claim in claims]

    def said(self) -> dict[str, Any]:
        said = super().said()
        versions = {int(key): int(version) for key, version in (each.split("-") for each in said["others"])}
        known = self.row.article.claims.in_bulk(versions)
        if unknown := versions.keys() - known.keys():
            raise BadInput(now("There is no claim %d in this article.") % min(unknown))
        others = [(known[key], version) for key, version in versions.items()]
        return {"others": others, "statement": said["statement"], "seen": said["seen"]}


class UndoLineage(Marking):
    address, button = "undo_lineage", _("Undo it")
