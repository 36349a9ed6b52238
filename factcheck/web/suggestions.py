"""What a person makes of a machine's proposal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import Suggestion
from factcheck.web import claims, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import evidence, snapshots


def _again(request: HttpRequest, suggestion: Suggestion, refusal: Refusal) -> HttpResponse:
    return claims.page(request, suggestion.claim_id, refusal=refusal)


def _back(suggestion: Suggestion, place: str) -> str:
    return reverse("claim", args=[suggestion.claim_id]) + place


@posting(forms.Accept, again=_again)
def accept(request: HttpRequest, suggestion: Suggestion, form: forms.Accept) -> str:
    evidence.accept(suggestion, by=request.user, **form.said())
    messages.success(request, _("The source is in the draft."))
    return _back(suggestion, "#evidence")


@posting(forms.Dismiss, again=_again)
def dismiss(request: HttpRequest, suggestion: Suggestion, form: forms.Dismiss) -> str:
    evidence.dismiss(suggestion, by=request.user, **form.said())
    messages.success(request, _("The suggestion is dismissed. It can be undone."))
    return _back(suggestion, "#suggestions")


@posting(forms.FetchPage, again=_again)
def fetch_page(request: HttpRequest, suggestion: Suggestion, form: forms.FetchPage) -> str:
    snapshots.fetch_page(suggestion, by=request.user, **form.said())
    messages.success(request, _("The page is being fetched."))
    return _back(suggestion, f"#suggestion-{suggestion.pk}")


@posting(forms.Undo, again=_again)
def undo(request: HttpRequest, suggestion: Suggestion, form: forms.Undo) -> str:
    evidence.undo(suggestion, by=request.user, **form.said())
    return _back(suggestion, "#suggestions")
