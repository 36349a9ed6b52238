"""What a person does to the claims of a text: the forms of the claim's page, and of the article's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import Article, Claim
from factcheck.web import articles, claims, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import changes, lineage, marking


def _again(request: HttpRequest, claim: Claim, refusal: Refusal) -> HttpResponse:
    if refusal.form.data.get("beside"):
        return articles.page(request, claim.article, refusal=refusal, beside=claim.pk)
    return claims.page(request, claim.pk, refusal=refusal)


def _in_the_text(claim: Claim) -> str:
    return reverse("article", args=[claim.article_id]) + f"?claim={claim.pk}#claim"


def _back(claim: Claim, form: forms.Marking) -> str:
    return _in_the_text(claim) if form.data.get("beside") else reverse("claim", args=[claim.pk])


@posting(forms.AddClaim, again=articles.page)
def add(request: HttpRequest, article: Article, form: forms.AddClaim) -> str:
    claim = marking.add(article, by=request.user, **form.said())
    messages.success(request, _("The claim is added. Sources are being looked for."))
    return _in_the_text(claim)


@posting(forms.DismissClaim, again=_again)
def dismiss(request: HttpRequest, claim: Claim, form: forms.DismissClaim) -> str:
    marking.dismiss(claim, by=request.user, **form.said())
    messages.success(request, _("The claim is dismissed. It can be restored."))
    return _back(claim, form)


@posting(forms.RestoreClaim, again=_again)
def restore(request: HttpRequest, claim: Claim, form: forms.RestoreClaim) -> str:
    marking.restore(claim, by=request.user, **form.said())
    messages.success(request, _("The claim is back among those to be checked."))
    return _back(claim, form)


@posting(forms.Attribute, again=_again)
def attribute(request: HttpRequest, claim: Claim, form: forms.Attribute) -> str:
    marking.attribute(claim, by=request.user, **form.said())
    messages.success(request, _("Who said it is saved."))
    return _back(claim, form)


@posting(forms.PlaceAgain, again=lambda request, claim, refusal: claims.page(request, claim.pk, refusal=refusal))
def place_again(request: HttpRequest, claim: Claim, form: forms.PlaceAgain) -> str:
    changes.place_again(claim, by=request.user, **form.said())
    messages.success(request, _("The claim has its place in the text again."))
    return reverse("claim", args=[claim.pk])


@posting(forms.SplitClaim, again=_again)
def split(request: HttpRequest, claim: Claim, form: forms.SplitClaim) -> str:
    parts = lineage.split(claim, by=request.user, **form.said())
    messages.success(request, _("The claim is split into %d. This is the first of them.") % len(parts))
    return _back(parts[0], form)


@posting(forms.MergeClaims, again=_again)
def merge(request: HttpRequest, claim: Claim, form: forms.MergeClaims) -> str:
    merged = lineage.merge(claim, by=request.user, **form.said())
    messages.success(request, _("The claims are merged. This is what became of them."))
    return _back(merged, form)


@posting(forms.UndoLineage, again=_again)
def undo(request: HttpRequest, claim: Claim, form: forms.UndoLineage) -> str:
    back = lineage.undo(claim, by=request.user, **form.said())
    messages.success(request, _("It is undone. What was there before is back."))
    return _back(back[0], form)
