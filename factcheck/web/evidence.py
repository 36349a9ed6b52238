"""Evidence as pages show it: for and against side by side, context beneath; and the forms of a draft's pieces."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck import claimreview
from factcheck.models import ClaimReview, ConfidentialPart, Evidence, User
from factcheck.permissions import may
from factcheck.web import claims, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import evidence

STANCES = {
    "supports": gettext_lazy("For"),
    "refutes": gettext_lazy("Against"),
    "context": gettext_lazy("Context"),
}


@dataclass
class Group:
    """The evidence of one stance, in the order in which it was added."""

    stance: str
    title: Any
    pieces: list[dict[str, Any]] = field(default_factory=list)


def groups(pieces: list[dict[str, Any]]) -> list[Group]:
    """pieces: as claimreview.py prints them. For and against come first, whether there are any or not."""
    found = {stance: Group(stance, title) for stance, title in STANCES.items()}
    for piece in pieces:
        found[piece["stance"]].pieces.append(piece)
    return list(found.values())


def of(review: ClaimReview, reader: User, *, editable: bool = False, refusal: Refusal | None = None) -> list[Group]:
    """What a review rests on, with what was told in confidence where it names the reader; with its forms when the
    reader may write in this draft.
    """
    rows = review.pieces()
    parts = {row.pk: row.confidential_part for row in rows if hasattr(row, "confidential_part")}
    told = ConfidentialPart.objects.visible_to(reader).filter(pk__in=parts).prefetch_related("readers").in_bulk()
    pieces = []
    for row in rows:
        part = parts.get(row.pk)
        piece = printed(row) | {"confidential": part, "told": told.get(row.pk)}
        if editable:
            piece |= _forms(row, refusal)
        if part and not part.erased_at and may(reader, "erase a confidence"):
            form = forms.EraseConfidence(row)
            [piece["erase_form"]] = refusal.place(form) if refusal else [form]
        pieces.append(piece)
    return groups(pieces)


def printed(row: Evidence) -> dict[str, Any]:
    """As it is printed when it is published, and what only the desk sees of it."""
    return claimreview.evidence(row) | {"pk": row.pk, "writer": row.writer.name}


def _forms(row: Evidence, refusal: Refusal | None) -> dict[str, Any]:
    fresh = [
        forms.Stance(row) if row.kind != Evidence.Kind.SEARCH else None,
        forms.Translate(row) if row.kind == Evidence.Kind.DOCUMENT else None,
        forms.Remove(row),
    ]
    stance, translate, remove = refusal.place(*fresh) if refusal else fresh
    return {"stance_form": stance, "translate_form": translate, "remove_form": remove}


# --- the forms -----------------------------------------------------------------------------------------------------


def _on_claim_of(request: HttpRequest, row: ClaimReview | Evidence, refusal: Refusal) -> HttpResponse:
    review = row.review if isinstance(row, Evidence) else row
    return claims.page(request, review.claim_id, refusal=refusal)


def _evidence_of(review: ClaimReview) -> str:
    return reverse("claim", args=[review.claim_id]) + "#evidence"


@posting(forms.Document, again=_on_claim_of)
def document(request: HttpRequest, review: ClaimReview, form: forms.Document) -> str:
    evidence.add_document(review, by=request.user, **form.said())
    messages.success(request, _("The document is in the draft."))
    return _evidence_of(review)


@posting(forms.Person, again=_on_claim_of)
def person(request: HttpRequest, review: ClaimReview, form: forms.Person) -> str:
    evidence.add_person(review, by=request.user, **form.said())
    messages.success(request, _("What the person said is in the draft."))
    return _evidence_of(review)


@posting(forms.Search, again=_on_claim_of)
def search(request: HttpRequest, review: ClaimReview, form: forms.Search) -> str:
    evidence.add_search(review, by=request.user, **form.said())
    messages.success(request, _("The search is in the draft, as context."))
    return _evidence_of(review)


@posting(forms.Stance, again=_on_claim_of)
def stance(request: HttpRequest, row: Evidence, form: forms.Stance) -> str:
    evidence.set_stance(row, by=request.user, **form.said())
    return _evidence_of(row.review)


@posting(forms.EraseConfidence, again=_on_claim_of)
def erase_confidence(request: HttpRequest, row: Evidence, form: forms.EraseConfidence) -> str:
    evidence.erase_confidence(row, by=request.user, **form.said())
    messages.success(request, _("What was told in confidence is erased."))
    return _evidence_of(row.review)


@posting(forms.Remove, again=_on_claim_of)
def remove(request: HttpRequest, row: Evidence, form: forms.Remove) -> str:
    evidence.remove(row, by=request.user, **form.said())
    messages.success(request, _("The evidence is out of the draft."))
    return _evidence_of(row.review)
