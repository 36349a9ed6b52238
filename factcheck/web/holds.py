"""Litigation holds, on the pages of their article: the banner, and the forms of who decides on them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import Article, LitigationHold
from factcheck.permissions import may
from factcheck.web import articles, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import holds


def of(article: Article, request: HttpRequest, refusal: Refusal | None = None) -> dict[str, Any]:
    """The context of includes/_hold.html on the article's own page."""
    hold = holds.standing(article.pk)
    form = None
    if may(request.user, "decide on a litigation hold"):
        form = forms.LiftHold(hold) if hold else forms.PlaceHold(article)
    return {"hold": hold, "hold_form": refusal.place(form)[0] if refusal else form}


def _again(request: HttpRequest, article: Article, refusal: Refusal) -> HttpResponse:
    return articles.page(request, article, refusal=refusal)


def _of_hold(request: HttpRequest, hold: LitigationHold, refusal: Refusal) -> HttpResponse:
    return articles.page(request, hold.article, refusal=refusal)


@posting(forms.PlaceHold, again=_again)
def place(request: HttpRequest, article: Article, form: forms.PlaceHold) -> str:
    holds.place(article, by=request.user, **form.said())
    messages.success(request, _("Nothing of this article is erased or taken down until the hold is lifted."))
    return reverse("article", args=[article.pk])


@posting(forms.LiftHold, again=_of_hold)
def lift(request: HttpRequest, hold: LitigationHold, form: forms.LiftHold) -> str:
    holds.lift(hold, by=request.user, **form.said())
    messages.success(request, _("The litigation hold is lifted."))
    return reverse("article", args=[hold.article_id])
