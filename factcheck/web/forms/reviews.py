"""A review's words, and each step of it."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import ClaimReview, Desk, Draft, Publication, Snapshot
from factcheck.templatetags.desk import finding_in_words
from factcheck.text import doubts
from factcheck.web.forms.comments import key_of, parts_of
from factcheck.web.forms.fields import Day, DeskForm, Line, Moment, Words, ticked

RATIONALE = _(
    "What the evidence shows, and how it leads to the finding. An empty line begins a paragraph; *emphasis*,"
    " **strong**, [words](https://address), - points of a list, > quotations, # headings."
)


def findings(labels: dict[str, str]) -> list[tuple[str, str]]:
    """One choice for verdict and rating together: they cannot contradict each other."""
    rated = [
        (str(rating), finding_in_words("verified" if rating > 3 else "disputed", rating, labels))
        for rating in (5, 4, 3, 2, 1)
    ]
    return [
        *rated,
        ("unverifiable", finding_in_words("unverifiable", None, labels)),
        ("", finding_in_words(None, None, labels)),
    ]


class Save(DeskForm):
    """`base` holds what the review said when this form was made, `known` the version of its person's draft: by them
    workflow.drafts tells what was typed from what merely stood there."""

    model, address = ClaimReview, "save"

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    known = forms.IntegerField(required=False, widget=forms.HiddenInput)
    change_kind = forms.ChoiceField(
        label=_("What this is to the one that is public"),
        choices=ClaimReview.Change.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    change_note = Words(_("What changed"), 3, help_text=_("The public reads this, with both texts beside it."))
    statement = Words(_("Claim as the public reads it"), 3, needed=True)
    speaker = Line(_("Who says so"), 500)
    finding = forms.ChoiceField(label=_("Finding"), required=False, widget=forms.RadioSelect)
    rationale = Words(_("Rationale"), 8, help_text=RATIONALE)
    as_of = Day(_("As of"), help_text=_("The day up to which this was checked."))

    def prepare(self) -> None:
        if not Publication.objects.filter(review__claim=self.row.claim_id, review__lt=self.row).exists():
            del self.fields["change_kind"], self.fields["change_note"]
        desk = self.known.get("desk") or Desk.objects.first() or Desk()
        self.fields["finding"].choices = findings(desk.rating_labels)
        self.initial["base"] = self.as_base()

    def stored(self) -> dict[str, Any]:
        fields = ("statement", "speaker", "rationale", "as_of", "change_kind", "change_note")
        finding = str(self.row.rating or self.row.verdict or "")
        return {**{name: getattr(self.row, name) for name in fields}, "finding": finding}

    def texts(self) -> dict[str, str]:
        """What the review says now, as a browser would send it."""
        return {name: "" if value is None else str(value) for name, value in self.stored().items()}

    def as_base(self) -> str:
        return json.dumps(self.texts(), ensure_ascii=False)

    def as_draft(self) -> Draft:
        """What was sent, unread and unsaved."""
        try:
            base = json.loads(self.data.get("base") or "{}")
        except ValueError:
            base = {}
        known = {name: text for name, text in base.items() if isinstance(text, str)} if isinstance(base, dict) else {}
        typed = {name: self.data.get(name, "").replace("\r\n", "\n") for name in Draft.FIELDS}
        return Draft(base=known, typed=typed)

    def resume(self, draft: Draft) -> None:
        """Go on with what was typed before. What nobody typed in is as it is saved now."""
        self.initial |= {**draft.merged(self.texts()), "known": draft.version}

    def with_initials(self, names: Iterable[str], others: Collection[str]) -> None:
        """A suggestion, which its writer reads and saves: initials instead of names. others: everybody who is named."""
        for field in ("statement", "rationale"):
            for name in names:
                self.initial[field] = doubts.with_initials(str(self.initial.get(field) or ""), name, others)

    def anew(self, row: Any) -> "DeskForm":
        """A field that was not typed in shows what is stored now: sending it again takes nobody's words away."""
        form = super().anew(row)
        both = self.as_draft().merged(type(self)(row).texts())
        for name, text in {**both, "base": form.initial["base"]}.items():
            form.data[name] = text
        return form

    def renew(self, row: Any) -> None:
        """What is typed from here on is a new draft, begun on what was saved."""
        super().renew(row)
        self.data["base"], self.data["known"] = self.as_base(), ""

    def said(self) -> dict[str, Any]:
        said = super().said()
        del said["base"], said["known"]
        finding = said.pop("finding")
        rating = int(finding) if finding.isdigit() else None
        verdict = ("verified" if rating > 3 else "disputed") if rating else finding
        return {**said, "verdict": verdict, "rating": rating}

    def buttons(self) -> list[tuple[str, str, Any]]:
        return [("", "", _("Save")), ("then", "submit", _("Save and hand over for approval"))]


class Keep(Save):
    """The same form while it is typed in."""

    address = "keep_draft"

    def said(self) -> dict[str, Any]:
        """Whatever was typed, whether the review could say it or not."""
        self.is_valid()
        draft = self.as_draft()
        return {"known": self.cleaned_data.get("known") or 0, "base": draft.base, "typed": draft.typed}


class DiscardDraft(DeskForm):
    model, address, button = ClaimReview, "discard_draft", _("Discard what I typed")


class Submit(DeskForm):
    model, address, button, signs = ClaimReview, "submit", _("Hand over for approval"), True


class TakeOver(DeskForm):
    model, address, button = ClaimReview, "take_over", _("Take the draft over")


class Withdraw(DeskForm):
    model, address, button, signs = ClaimReview, "withdraw", _("Withdraw to work on it"), True


class Abandon(DeskForm):
    model, address, button = ClaimReview, "abandon", _("Abandon the draft")


class Approve(DeskForm):
    model, address, button, signs = ClaimReview, "approve", _("Approve this version"), True

    compared = ticked(_("I compared the pasted words with the source"))
    has_words = False  # a tick is none, and nothing is approved unread

    def prepare(self) -> None:
        if not self.row.evidence.filter(snapshot__origin=Snapshot.Origin.PASTED).exists():
            del self.fields["compared"]


class RequestChanges(DeskForm):
    model, address, button, signs = ClaimReview, "request_changes", _("Request changes"), True

    reason = Words(_("What should be changed, and why"), 3, needed=True)

    def prepare(self) -> None:
        self.parts = {}
        for on, name in parts_of(self.row):
            field = f"on-{key_of(on)}"
            self.parts[field], self.fields[field] = on, Words(name, 2)
        for field in self.data:
            if field.startswith("on-") and field not in self.parts:  # its words are not lost with it
                self.fields[field] = Words(_("Of a part that is not there any more"), 2)

    def said(self) -> dict[str, Any]:
        said = super().said()
        if any(said[name].strip() for name in self.fields if name.startswith("on-") and name not in self.parts):
            raise BadInput(_("A part that you commented on is not there any more. Take its words somewhere else."))
        on_parts = [(on, said[name]) for name, on in self.parts.items() if said[name].strip()]
        return {"seen": said["seen"], "reason": said["reason"], "on_parts": on_parts}

    def on_parts(self) -> list[Any]:
        """The fields for comments on single parts."""
        return [self[name] for name in self.fields if name.startswith("on-")]

    def says_more(self) -> bool:
        return any(field.value() for field in self.on_parts())


class Publish(DeskForm):
    model, address, button, signs = ClaimReview, "publish", _("Publish"), True


class Schedule(DeskForm):
    model, address, button, signs = ClaimReview, "schedule", _("Set the hour"), True

    publish_at = Moment(_("Goes out"), help_text=_("Left empty, it goes out when somebody publishes it."))

    def prepare(self) -> None:
        self.fields["publish_at"].label = now("Goes out, in the time zone %s") % get_current_timezone_name()

    def stored(self) -> dict[str, Any]:
        return {"publish_at": self.row.publish_at}


class TakeDown(DeskForm):
    model, address, button, signs = ClaimReview, "take_down", _("Take down for good"), True

    reason = Words(_("Reason, which the public reads"), 3, needed=True)
    ground = Words(_("Legal ground, which the public reads"), 2, help_text=_("The law, or the ruling. May be empty."))


class Retract(DeskForm):
    model, address, button, signs = ClaimReview, "retract", _("Retract"), True

    reason = Words(_("Reason, which the public reads"), 3, needed=True)
