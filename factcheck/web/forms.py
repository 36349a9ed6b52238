"""What people type: one form per verb. A form reads and keeps the words; whether they may stand, the verb says.

Each knows the row it is about, the address it is sent to, and which version of the row its reader saw (`seen`).
"""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import Claim, ClaimReview, Desk, Evidence, Job, Passage, Suggestion
from factcheck.templatetags.desk import finding_in_words

NOTHING = "–"


def version_of(row: Model) -> int:
    """What compare-and-swap compares: for evidence its review's version, for a job its attempts."""
    if isinstance(row, Evidence):
        return row.review.version
    return row.attempts if isinstance(row, Job) else row.version  # type: ignore[attr-defined]


class Line(forms.CharField):
    """One line of words."""

    def __init__(self, label: Any, longest: int | None = None, needed: bool = False, **more: Any) -> None:
        super().__init__(label=label, max_length=longest, required=False, **more)
        self.widget.attrs |= {"dir": "auto", **({"required": True} if needed else {})}


class Words(forms.CharField):
    """Words as they were typed; only the line ends that browsers add are taken back."""

    def __init__(self, label: Any, rows: int = 3, needed: bool = False, **more: Any) -> None:
        super().__init__(label=label, required=False, strip=False, widget=forms.Textarea({"rows": rows}), **more)
        self.widget.attrs |= {"dir": "auto", **({"required": True} if needed else {})}
        self.widget.attrs.pop("cols", None)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class Day(forms.DateField):
    def __init__(self, label: Any, needed: bool = False, **more: Any) -> None:
        widget = forms.DateInput({"type": "date", **({"required": True} if needed else {})}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget, **more)


class DeskForm(forms.Form):
    model: ClassVar[type[Model] | None] = None
    address: ClassVar[str] = ""  # the name of its URL
    button: ClassVar[Any] = _("Save")
    signs: ClassVar[bool] = False  # it stands on the page of the review, not of the claim

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, row: Any = None, data: Any = None) -> None:
        self.row = row
        self.action = reverse(self.address, args=[row.pk] if row else [])
        initial = {"seen": version_of(row), **self.stored()} if row else {}
        super().__init__(data, initial=initial, auto_id=f"{self.address}-{row.pk if row else 'new'}-%s")
        self.saved = False
        self.prepare()

    def prepare(self) -> None:
        """What a form changes about its fields, knowing its row."""

    def stored(self) -> dict[str, Any]:
        """What the row says now, by field."""
        return {}

    def said(self) -> dict[str, Any]:
        """What the verb takes. Raises BadInput for what cannot be read. A version that nobody saw is 0: a conflict."""
        if not self.is_valid():
            name, problems = next(iter(self.errors.items()))
            label = self.fields[name].label if name in self.fields else ""
            raise BadInput(f"{label}: {problems[0]}")
        return {**self.cleaned_data, "seen": self.cleaned_data.get("seen") or 0}

    def anew(self, row: Any) -> "DeskForm":
        """The same words for the row as it is now."""
        data = self.data.copy()
        data["seen"] = version_of(row)
        return type(self)(row, data)

    def renew(self, row: Any) -> None:
        """The words were saved: what follows speaks of the version that this made."""
        self.saved = True
        self.data = self.data.copy()
        self.data["seen"] = version_of(row)

    # --- for the pages ---

    @property
    def page(self) -> str:
        """Where the row can be seen as it is now."""
        row = self.row
        if isinstance(row, Job):
            return reverse("article", args=[row.article_id]) if row.article_id else reverse("articles")
        if isinstance(row, ClaimReview) and self.signs:
            return reverse("review", args=[row.pk])
        claim = row if isinstance(row, Claim) else row.review.claim if isinstance(row, Evidence) else row.claim
        return reverse("claim", args=[claim.pk])

    def buttons(self) -> list[tuple[str, str, Any]]:
        """(name, value, label) of each."""
        return [("", "", self.button)]

    def has_words(self) -> bool:
        """A form of buttons only loses nothing when it is refused: its reader looks again and decides again."""
        return bool(self.visible_fields())

    def typed(self) -> list[dict[str, Any]]:
        """What was typed, beside what is stored where the row stores it; `differs` tells whether they do."""
        stored, rows = self.stored(), []
        for field in self.visible_fields():
            typed = self._in_words(field.name, field.value())
            now = self._in_words(field.name, stored[field.name]) if field.name in stored else None
            rows.append({"label": field.label, "typed": typed, "now": now, "differs": now is not None and now != typed})
        return rows

    def differing(self) -> list[dict[str, Any]]:
        return [row for row in self.typed() if row["differs"]]

    def _in_words(self, name: str, value: Any) -> str:
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        text = "" if value is None else str(value).replace("\r\n", "\n")
        return choices.get(text, text) or NOTHING


# --- articles and jobs -------------------------------------------------------------------------------------------


class Ingest(DeskForm):
    address, button = "articles", _("Take the article in")

    title = Line(_("Title"))
    url = Line(_("Address"), help_text=_("Where it was published, if it was on the web."))
    note = Words(_("Note"), 2, help_text=_("How the text reached the desk, and what a reader must know about it."))
    text = Words(_("Text"), 10, needed=True)

    def said(self) -> dict[str, Any]:
        said = super().said()
        return {"received": said["text"], **{name: said[name] for name in ("title", "url", "note")}}


class Replay(DeskForm):
    model, address, button = Job, "replay", _("Try it again")


# --- claims ------------------------------------------------------------------------------------------------------


class Statement(DeskForm):
    model, address, button = Claim, "statement", _("Save the statement")

    statement = Words(
        _("Statement in plain words"), needed=True, help_text=_("Sources are looked for again by these words.")
    )

    def stored(self) -> dict[str, Any]:
        return {"statement": self.row.statement}


class Begin(DeskForm):
    model, address, button = Claim, "begin", _("Begin a review")


# --- suggestions -------------------------------------------------------------------------------------------------


class Accept(DeskForm):
    model, address = Suggestion, "accept"

    exact = Words(_("Exact words relied on"), 3)
    stance = forms.CharField(required=False, widget=forms.HiddenInput)  # said by the button

    def prepare(self) -> None:
        if self.row.passage.wording == Passage.Wording.SUMMARY:
            self.fields["exact"].widget.attrs["required"] = True
            self.fields["exact"].help_text = _("A summary is never quoted: copy the source's own words from its page.")
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


class Dismiss(DeskForm):
    model, address, button = Suggestion, "dismiss", _("Dismiss")

    reason = Line(_("Why it does not help"), needed=True)


class Undo(DeskForm):
    model, address, button = Suggestion, "undo", _("Undo")


# --- reviews -----------------------------------------------------------------------------------------------------


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
    model, address = ClaimReview, "save"

    statement = Words(_("Claim as the public reads it"), 3, needed=True)
    speaker = Line(_("Who says so"), 500)
    finding = forms.ChoiceField(label=_("Finding"), required=False, widget=forms.RadioSelect)
    rationale = Words(_("Rationale"), 8, help_text=_("What the evidence shows, and how it leads to the finding."))
    as_of = Day(_("As of"), help_text=_("The day up to which this was checked."))

    def prepare(self) -> None:
        desk = Desk.objects.first() or Desk()
        self.fields["finding"].choices = findings(desk.rating_labels)

    def stored(self) -> dict[str, Any]:
        fields = ("statement", "speaker", "rationale", "as_of")
        finding = str(self.row.rating or self.row.verdict or "")
        return {**{name: getattr(self.row, name) for name in fields}, "finding": finding}

    def said(self) -> dict[str, Any]:
        said = super().said()
        finding = said.pop("finding")
        rating = int(finding) if finding.isdigit() else None
        verdict = ("verified" if rating > 3 else "disputed") if rating else finding
        return {**said, "verdict": verdict, "rating": rating}

    def buttons(self) -> list[tuple[str, str, Any]]:
        return [("", "", _("Save")), ("then", "submit", _("Save and hand over for approval"))]


STANCES = Evidence.Stance.choices


class Document(DeskForm):
    model, address, button = ClaimReview, "document", _("Add the document")

    stance = forms.ChoiceField(label=_("What it does for the claim"), choices=STANCES, required=False)
    title = Line(_("Title"), needed=True)
    url = Line(_("Link"), needed=True)
    exact = Words(_("Exact words"), 4, needed=True, help_text=_("Copied from the document, letter by letter."))
    published = Line(_("Date of the document"), 10, help_text=_("As far as it is known: 2024, 2024-05 or 2024-05-14."))
    primary = forms.BooleanField(label=_("A primary document or data set, not a report about one"), required=False)
    note = Words(_("Note to the reader"), 2)


class Person(DeskForm):
    model, address, button = ClaimReview, "person", _("Add what the person said")

    stance = forms.ChoiceField(label=_("What it does for the claim"), choices=STANCES, required=False)
    public_wording = Words(_("Wording that may be printed"), 3, needed=True)
    note = Words(_("Note to the reader"), 2)


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


class Remove(DeskForm):
    model, address, button = Evidence, "remove", _("Take it out")


class Submit(DeskForm):
    model, address, button, signs = ClaimReview, "submit", _("Hand over for approval"), True


class Withdraw(DeskForm):
    model, address, button, signs = ClaimReview, "withdraw", _("Withdraw to work on it"), True


class Abandon(DeskForm):
    model, address, button = ClaimReview, "abandon", _("Abandon the draft")


class Approve(DeskForm):
    model, address, button, signs = ClaimReview, "approve", _("Approve this version"), True


class RequestChanges(DeskForm):
    model, address, button, signs = ClaimReview, "request_changes", _("Request changes"), True

    reason = Words(_("What should be changed, and why"), 3, needed=True)


class Publish(DeskForm):
    model, address, button, signs = ClaimReview, "publish", _("Publish"), True


class Retract(DeskForm):
    model, address, button, signs = ClaimReview, "retract", _("Retract"), True

    reason = Words(_("Reason, which the public reads"), 3, needed=True)
