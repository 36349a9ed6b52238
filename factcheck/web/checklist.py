"""The desk's checklist, on the page where a review is written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import ClaimReview
from factcheck.web import claims, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import checklist


def _on_claim(request: HttpRequest, review: ClaimReview, refusal: Refusal) -> HttpResponse:
    return claims.page(request, review.claim_id, refusal=refusal)


@posting(forms.AnswerChecklist, again=_on_claim)
def answer(request: HttpRequest, review: ClaimReview, form: forms.AnswerChecklist) -> str:
    checklist.answer(review, by=request.user, **form.said())
    messages.success(request, _("The answers are saved."))
    return reverse("claim", args=[review.claim_id]) + "#review"
