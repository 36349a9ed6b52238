"""Where a reader asks for a correction or tells the desk something, and where they read the answer.

No cookie, no script, no service of others. Against programs: a field that people do not see, a signed time (nobody
types in three seconds), a mark by which each form that was shown is taken once, and a limit for each address and for
the whole desk, counted in the cache that all workers share. Only what was taken counts: who mistypes is not shut out.

The form has a page of its own, so that the page of a fact-check stays the same for everybody, whatever keeps a copy.
"""

import secrets
from datetime import timedelta

from allauth.core import ratelimit
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from factcheck.exceptions import BadInput, Refused
from factcheck.models import Publication, ReplyAddress
from factcheck.web import forms
from factcheck.web.pages import show
from factcheck.workflow import requests
from factcheck.workflow.integrity import with_alterations
from factcheck.workflow.invitations import public

TOKEN = signing.TimestampSigner(salt="form for readers")
LIMIT = {"action": "reader_request", "key": "everybody"}  # settings.ACCOUNT_RATE_LIMITS
SOONEST, LATEST = timedelta(seconds=3), timedelta(days=1)  # from the form being shown to its being sent


class TooOften(BadInput):
    """The limit is reached."""


# Exempt from Django's check, which needs a cookie. It keeps other sites from acting as somebody who is logged in here;
# this view asks nobody who they are, does the same for everybody, and takes no form but one that the desk has signed.
@csrf_exempt
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str = "") -> HttpResponse:
    found = with_alterations(Publication.objects.filter(slug=slug).order_by("-number")[:1]) if slug else []
    if slug and not found:
        raise Http404("no fact-check has this address")
    publication = found[0] if found else None
    form, error = forms.Ask(request.POST if request.method == "POST" else None), None
    if form.is_bound:
        try:
            said = form.said()
            mark = _sent_by_a_person(form.data, slug)
            if not ratelimit.consume(request, **LIMIT, dry_run=True):
                raise TooOften(_("Too many requests came lately. Keep this page open and send yours later."))
            asked = requests.ask(publication=publication, form=mark, **said)
            ratelimit.consume(request, **LIMIT)
            return redirect("receipt", requests.receipt(asked))
        except (BadInput, Refused) as refused:
            error = refused
            form.data = form.data.copy()
            form.data["empty"] = ""
    status = 429 if isinstance(error, TooOften) else 422 if error else 200
    context = {"form": form, "token": token(slug), "publication": publication, "error": error}
    context |= {"kept": settings.READER_REQUESTS_KEPT, "spam_kept": requests.SPAM_KEPT.days}
    return show(request, "ask.html", context, status=status)


def token(slug: str) -> str:
    """What a form that is shown now carries: of which page it is, a mark of its own, and when."""
    return TOKEN.sign(f"{slug}.{secrets.token_urlsafe(9)}")


def _sent_by_a_person(sent: dict[str, str], slug: str) -> str:
    """The mark of the form. Raises BadInput with what a person would do now."""
    if sent.get("empty"):
        raise BadInput(
            _("A field that nobody sees was filled in, perhaps by your browser. It is empty now: send it once more.")
        )
    carried = sent.get("token", "")
    try:
        of, _dot, mark = TOKEN.unsign(carried, max_age=LATEST).partition(".")
        fits = of == slug and mark
    except signing.SignatureExpired:
        raise BadInput(_("This page stood open for more than a day. Everything is still here: send it now.")) from None
    except signing.BadSignature:
        fits = False
    if not fits:
        raise BadInput(_("Something of the form was lost on its way. Everything you typed is here: send it once more."))
    try:
        TOKEN.unsign(carried, max_age=SOONEST)
    except signing.SignatureExpired:
        return mark
    raise BadInput(_("This came faster than anybody types. Wait for three seconds, and send it once more."))


@cache_control(private=True, no_store=True)
@require_safe
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """For whoever has the address: what was asked, where it stands, and the answer."""
    asked = requests.of_receipt(key)
    if asked is None:
        raise Http404("there is no such request")
    [publication] = with_alterations([asked.publication]) if asked.publication else [None]
    context = {
        "asked": asked,
        "publication": publication,
        "to": ReplyAddress.objects.filter(request=asked).first(),
        "here": public(request.path),
        "kept_until": requests.kept_until(asked),
    }
    answer = show(request, "receipt.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer
