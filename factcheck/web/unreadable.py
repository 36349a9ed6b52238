"""What could not be read: whoever sent it sees why, tries it again or sets it aside. The bytes are never shown."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck.models import Unreadable
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import key, page_of, show
from factcheck.workflow.submissions import try_again
from factcheck.workflow.unreadable import ROOM, set_aside

VERB = "settle what could not be read"


def seen_by(user: Any) -> QuerySet[Unreadable]:
    """One's own; for who reads the admin everybody's, as far as it is theirs to see."""
    rows = Unreadable.objects.visible_to(user)
    return rows if may(user, "read the admin") else rows.filter(sent_by=user)


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    return listed(request, None)


def listed(request: HttpRequest, row: Unreadable | None, refusal: Refusal | None = None) -> HttpResponse:
    """Newest first, with what can be done about each."""
    before = key(request, "before")
    found = seen_by(request.user).defer("raw", "said").select_related("sent_by", "article").order_by("-pk")
    rows, last = page_of(found.filter(pk__lt=before) if before else found)
    for each in rows:
        if each.state == Unreadable.State.WAITING and may(request.user, VERB, each):
            fresh = [forms.TryAgain(each), forms.SetAside(each)]
            each.forms = refusal.place(*fresh) if refusal else fresh
    context = {
        "rows": rows,
        "last": last,
        "refusal": refusal,
        "room": ROOM // 1_000_000,
        "all": may(request.user, "read the admin"),
    }
    return show(request, "unreadable_list.html", context)


@posting(forms.TryAgain, again=listed)
def again(request: HttpRequest, row: Unreadable, form: forms.TryAgain) -> str:
    article = try_again(row, by=request.user, seen=form.said()["seen"])
    messages.success(request, _("Here is the article. It is being read now."))
    return reverse("article", args=[article.pk])


@posting(forms.SetAside, again=listed)
def put_aside(request: HttpRequest, row: Unreadable, form: forms.SetAside) -> str:
    set_aside(row, by=request.user, **form.said())
    messages.success(request, _("It is set aside, and its bytes are gone."))
    return reverse("unreadable")
