"""What readers ask, for the desk: the queue, and one request beside its fact-check."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck.models import Publication, ReaderRequest, ReplyAddress
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import key, page_of, show
from factcheck.workflow import requests
from factcheck.workflow.integrity import with_alterations

Status = ReaderRequest.Status


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    """Open ones, the oldest first, since their readers wait longest; settled ones, the newest first."""
    status = request.GET.get("status", Status.OPEN)
    if status not in Status.values:
        raise Http404("there is no such status")
    seen = ReaderRequest.objects.visible_to(request.user)
    rows = seen.filter(status=status).select_related("publication__review", "assignee").defer("publication__frozen")
    if status == Status.OPEN:
        after = key(request, "after")
        rows = (rows.filter(pk__gt=after) if after else rows).order_by("pk")
    else:
        before = key(request, "before")
        rows = (rows.filter(pk__lt=before) if before else rows).order_by("-pk")
    shown, last = page_of(rows)
    found = dict(seen.order_by().values_list("status").annotate(n=Count("pk")))
    tabs = [(each, found.get(each.value, 0)) for each in Status]
    return show(request, "requests_list.html", {"requests": shown, "last": last, "tabs": tabs, "status": status})


@require_safe
@desk_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_object_or_404(ReaderRequest.objects.visible_to(request.user), pk=pk))


def page(request: HttpRequest, row: ReaderRequest, refusal: Refusal | None = None) -> HttpResponse:
    [about] = with_alterations([row.publication]) if row.publication else [None]
    to = ReplyAddress.objects.filter(request=row).defer("email").first()  # no page has any use for it
    offered = {"take": None, "answer": None, "spam": None, "no_spam": None, "erase": None}
    if may(request.user, "answer a reader"):
        if row.status == Status.OPEN:
            take = forms.TakeRequest(row) if row.assignee_id != request.user.pk else None
            offered |= {"take": take, "answer": forms.AnswerRequest(row), "spam": forms.SpamRequest(row)}
        if row.status == Status.SPAM and row.erased_at is None:
            offered["no_spam"] = forms.NoSpamRequest(row)
    if to and to.erased_at is None and may(request.user, "erase a confidence"):
        offered["erase"] = forms.EraseAddress(row)
    if refusal:
        offered = dict(zip(offered, refusal.place(*offered.values()), strict=True))
    context = {
        "asked": row,
        "to": to,
        "kept_until": requests.kept_until(row),
        "forms": offered,
        "refusal": refusal,
        "publication": about,
        "content": about.content if about and not about.is_altered else None,
        "newest": about and Publication.objects.filter(slug=about.slug).defer("frozen").order_by("-number").first(),
    }
    return show(request, "requests_detail.html", context)


def _here(row: ReaderRequest) -> str:
    return reverse("reader_request", args=[row.pk])


@posting(forms.TakeRequest, again=page)
def take(request: HttpRequest, row: ReaderRequest, form: forms.TakeRequest) -> str:
    requests.take(row, by=request.user, **form.said())
    return _here(row)


@posting(forms.AnswerRequest, again=page)
def answer(request: HttpRequest, row: ReaderRequest, form: forms.AnswerRequest) -> str:
    requests.answer(row, by=request.user, **form.said())
    messages.success(request, _("Answered. The reader finds it at the address of the receipt."))
    return _here(row)


@posting(forms.SpamRequest, again=page)
def spam(request: HttpRequest, row: ReaderRequest, form: forms.SpamRequest) -> str:
    requests.put_with_spam(row, by=request.user, **form.said())
    messages.success(request, _("Put with the spam. It can be taken back."))
    return reverse("reader_requests")


@posting(forms.NoSpamRequest, again=page)
def no_spam(request: HttpRequest, row: ReaderRequest, form: forms.NoSpamRequest) -> str:
    requests.put_back(row, by=request.user, **form.said())
    return _here(row)


@posting(forms.EraseAddress, again=page)
def erase_address(request: HttpRequest, row: ReaderRequest, form: forms.EraseAddress) -> str:
    requests.erase_address(row, by=request.user, **form.said())
    messages.success(request, _("The address is erased, for good."))
    return _here(row)
