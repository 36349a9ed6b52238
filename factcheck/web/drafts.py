"""What somebody types into a review, kept by the script of its form (static/factcheck/drafts.js) and shown again."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from factcheck.models import Claim, ClaimReview, Draft
from factcheck.web import claims, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import drafts


@dataclass
class Kept:
    """A draft as the page of its claim shows it. differing: each field that is saved otherwise, as a form's
    differing() tells it; clashing: somebody saved other words in one of them since.
    """

    draft: Draft
    form: forms.DiscardDraft
    differing: list[dict[str, Any]]
    clashing: bool


def of_claim(claim: Claim, save: forms.Save | None, request: HttpRequest) -> dict[str, Any]:
    """The reader's draft for the form `save`, put into it; and what they typed for reviews of this claim that cannot be
    written in any more. A form that was just refused holds newer words, and is left as it is.
    """
    found = Draft.objects.visible_to(request.user).filter(review__claim=claim).select_related("review").order_by("pk")
    kept, left = None, []
    for draft in found:
        of = save if save is not None and save.row.pk == draft.review_id else None
        shown = _kept(draft, of or forms.Save(draft.review))
        if of is None:
            left.append(shown)
        elif not of.is_bound:
            of.resume(draft)
            kept = shown if shown.differing else None
    left_over = [each for each in left if each.differing]
    return {"draft": kept, "left_over": left_over, "csrf_cookie": settings.CSRF_COOKIE_NAME}


def _kept(draft: Draft, form: forms.Save) -> Kept:
    now = form.texts()
    typed = forms.Save(draft.review, data={**draft.merged(now)})
    return Kept(draft, forms.DiscardDraft(draft.review), typed.differing(), bool(draft.clashing(now)))


def _on_claim(request: HttpRequest, review: ClaimReview, refusal: Refusal) -> HttpResponse:
    return claims.page(request, review.claim_id, refusal=refusal)


@posting(forms.Keep, again=_on_claim)
def keep(request: HttpRequest, review: ClaimReview, form: forms.Keep) -> HttpResponse:
    """{"known": version of the draft, "behind": whether the review's words were saved since they were read}."""
    draft = drafts.keep(review, by=request.user, **form.said())
    return JsonResponse({"known": draft.version, "behind": draft.base != form.texts()})


@posting(forms.DiscardDraft, again=_on_claim)
def discard(request: HttpRequest, review: ClaimReview, form: forms.DiscardDraft) -> str:
    drafts.discard(review, by=request.user)
    return reverse("claim", args=[review.claim_id]) + "#review"
