"""The one page that a partner has: its keys."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck.models import ApiKey
from factcheck.web import forms
from factcheck.web.errors import Refusal, partners_only, posting
from factcheck.web.pages import show
from factcheck.workflow import keys

SHOWN = 20  # keys: the live ones, and what was before them


@require_safe
@partners_only
def index(request: HttpRequest) -> HttpResponse:
    return page(request, None)


def page(request: HttpRequest, row: ApiKey | None, refusal: Refusal | None = None, whole: str = "") -> HttpResponse:
    """whole: a key that was just made, all of it."""
    own = list(ApiKey.objects.visible_to(request.user)[:SHOWN])
    full = sum(key.state == "live" for key in own) >= ApiKey.MOST_LIVE
    make = forms.MakeKey()
    for key in own:
        key.revoke_form = forms.RevokeKey(key) if key.state == "live" else None  # type: ignore[attr-defined]
    [make] = refusal.place(make) if refusal else [make]
    context = {"keys": own, "full": full, "form": make, "refusal": refusal, "whole": whole}
    return show(request, "partner.html", context)


@posting(forms.MakeKey, again=page, only=partners_only)
def make(request: HttpRequest, row: None, form: forms.MakeKey) -> HttpResponse:
    """The page and no redirect: the key stands in this one answer, in no session and in no address."""
    _key, whole = keys.create_key(request.user, by=request.user, **form.said())
    answer = page(request, None, whole=whole)
    answer["Cache-Control"] = "no-store"
    return answer


@posting(forms.RevokeKey, again=page, only=partners_only)
def revoke(request: HttpRequest, key: ApiKey, form: forms.RevokeKey) -> str:
    keys.revoke_key(key, by=request.user)
    messages.success(request, _("The key is revoked: it opens nothing any more."))
    return reverse("partner")
