"""What every form has in common: it reads and keeps the words; whether they may stand, the verb says.

Each knows the row it is about, the address it is sent to, and which version of the row its reader saw (`seen`).
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput
from factcheck.models import (
    Article,
    Claim,
    ClaimReview,
    Delivery,
    Evidence,
    Feed,
    Job,
    LitigationHold,
    ReaderRequest,
    Reply,
    Search,
    Source,
    Unreadable,
    User,
    WebhookEndpoint,
)

NOTHING = "–"


def version_of(row: Model) -> int:
    """What compare-and-swap compares: for evidence and replies their review's version, for a job its attempts."""
    if isinstance(row, Evidence | Reply):
        return row.review.version
    if isinstance(row, Job):
        return row.attempts
    return getattr(row, "version", 0)  # a conflict of interest is declared once and withdrawn once


def page_of_job(job: Job) -> str:
    """Where it can be seen how far it has come."""
    if job.kind == Job.Kind.POLL:
        return reverse("feed", args=[job.target])
    if job.kind in (Job.Kind.READ, Job.Kind.INDEX):
        return reverse("source", args=[job.target])
    if job.kind == Job.Kind.IMPORT:
        return reverse("import", args=[job.target])
    if job.kind == Job.Kind.DOUBT:
        return reverse("review", args=[job.target]) + "#gate"
    if job.kind == Job.Kind.SEARCH:
        return reverse("claim", args=[Search.objects.get(pk=job.target).claim_id]) + "#suggestions"
    return reverse("article", args=[job.article_id]) if job.article_id else reverse("articles")


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


class Lines(Words):
    """A list of texts, one on each line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]


class Day(forms.DateField):
    def __init__(self, label: Any, needed: bool = False, **more: Any) -> None:
        widget = forms.DateInput({"type": "date", **({"required": True} if needed else {})}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget, **more)


class Moment(forms.DateTimeField):
    """A day and a time, in the time zone of who types it, which its label should name."""

    def __init__(self, label: Any, **more: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(label=label, required=False, input_formats=MOMENTS, widget=widget, **more)


MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]  # what browsers send


class Person(forms.ModelChoiceField):
    """One person of the desk who may log in."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(_at_the_desk(), label=label, required=False, empty_label=NOTHING, **more)


class People(forms.ModelMultipleChoiceField):
    """Several people of the desk who may log in, each with a box to tick."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(_at_the_desk(), label=label, required=False, widget=forms.CheckboxSelectMultiple, **more)


def _at_the_desk() -> QuerySet[User]:
    return User.objects.at_the_desk()


def ticked(label: Any, **more: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **more)


class DeskForm(forms.Form):
    model: ClassVar[type[Model] | None] = None
    address: ClassVar[str] = ""  # the name of its URL
    button: ClassVar[Any] = _("Save")
    signs: ClassVar[bool] = False  # it stands on the page of the review, not of the claim

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, row: Any = None, data: Any = None, files: Any = None, **known: Any) -> None:
        """known: what the page has read already, by the names that the form asks for; the rest it reads itself."""
        self.row, self.known = row, known
        self.action = reverse(self.address, args=[row.pk] if row else [])
        initial = {"seen": version_of(row), **self.stored()} if row else {}
        super().__init__(data, files, initial=initial, auto_id=f"{self.address}-{row.pk if row else 'new'}-%s")
        self.saved = False
        self.prepare()

    def prepare(self) -> None:
        """What a form changes about its fields, knowing its row."""

    def choose_from(self, people: Iterable[User]) -> None:
        """The people of the desk, whom the page has read once for all its forms."""
        named = [(person.pk, str(person)) for person in people]
        for field in self.fields.values():
            if isinstance(field, Person | People):
                nobody = [] if field.empty_label is None else [("", field.empty_label)]
                field.widget.choices = [*nobody, *named]

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
        if isinstance(row, Article):
            return reverse("article", args=[row.pk])
        if isinstance(row, LitigationHold):
            return reverse("article", args=[row.article_id])
        if isinstance(row, Feed):
            return reverse("feed", args=[row.pk])
        if isinstance(row, Source):
            return reverse("source", args=[row.pk])
        if isinstance(row, Job):
            return page_of_job(row)
        if isinstance(row, ReaderRequest):
            return reverse("reader_request", args=[row.pk])
        if isinstance(row, Unreadable):
            return reverse("unreadable")
        if isinstance(row, WebhookEndpoint | Delivery):
            return reverse("webhook", args=[row.endpoint_id if isinstance(row, Delivery) else row.pk])
        if isinstance(row, ClaimReview) and self.signs:
            return reverse("review", args=[row.pk])
        claim = row if isinstance(row, Claim) else row.review.claim if isinstance(row, Evidence | Reply) else row.claim
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
        if isinstance(value, list | tuple | QuerySet):
            return ", ".join(choices.get(str(getattr(each, "pk", each)), str(each)) for each in value) or NOTHING
        text = "" if value is None else str(value).replace("\r\n", "\n")
        return choices.get(text, text) or NOTHING
