"""Feeds: how each one does, what came of it, and the forms of those who look after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from factcheck.models import Article, Feed, FeedEntry, Job, User
from factcheck.permissions import may
from factcheck.web import forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import key, page_of, show
from factcheck.workflow import feeds

NEWEST = 20  # articles on the page of a feed
REFUSED = 10  # entries that could not be taken


@dataclass(frozen=True)
class State:
    """How a feed does. broken: its last poll broke off, and nothing happens until somebody tries again."""

    words: str
    broken: Job | None
    next_poll: bool

    @classmethod
    def of(cls, feed: Feed, job: Job | None) -> "State":
        """job: its poll that is not done, if there is one."""
        polling = feed.polling
        broken = job if job and job.state == Job.State.DEAD else None
        if not feed.is_on:
            said = _("Switched off")
        elif broken:
            said = _("The last poll broke off")
        elif job:
            said = _("Being polled") if job.state == Job.State.RUNNING else _("Waiting to be polled")
        elif polling.polled_at is None:
            said = _("Not polled yet")
        elif polling.failures:
            said = _("The last poll failed")
        elif polling.found:
            said = ngettext("%d new entry", "%d new entries", polling.found) % polling.found
        else:
            said = _("Nothing new")
        return cls(said, broken, feed.is_on and not job)


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    return add(request) if request.method == "POST" else listed(request, None)


def listed(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    """The list, with the form beside it."""
    before = key(request, "before")
    rows = _shown(request.user).order_by("-pk")
    found, last = page_of(rows.filter(pk__lt=before) if before else rows)
    _with_states(found)
    form = refusal.place(forms.AddFeed())[0] if refusal else forms.AddFeed()
    return show(request, "feeds_list.html", {"feeds": found, "last": last, "form": form, "refusal": refusal})


@posting(forms.AddFeed, again=listed)
def add(request: HttpRequest, row: None, form: forms.AddFeed) -> str:
    feed = feeds.add(by=request.user, **form.said())
    messages.success(request, _("The feed is here. Its first poll is queued."))
    return reverse("feed", args=[feed.pk])


@require_safe
@desk_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_object_or_404(Feed.objects.visible_to(request.user), pk=pk))


def page(request: HttpRequest, feed: Feed, refusal: Refusal | None = None) -> HttpResponse:
    feed = _shown(request.user).get(pk=feed.pk)
    _with_states([feed])
    tended: dict[str, Any] = {}
    if may(request.user, "look after feeds"):
        tended = {
            "poll_form": forms.PollFeed(feed) if feed.is_on else None,
            "switch_form": forms.SwitchFeed(feed),
            "edit_form": forms.EditFeed(feed),
        }
        if refusal:
            tended = dict(zip(tended, refusal.place(*tended.values()), strict=True))
    articles = Article.objects.visible_to(request.user).filter(pk__in=feed.entries.values("article"))
    context = {
        **tended,
        "feed": feed,
        "articles": articles.newest_first()[:NEWEST],
        "refused": feed.entries.filter(article=None).order_by("-pk")[:REFUSED],
        "refusal": refusal,
    }
    return show(request, "feeds_detail.html", context)


def _shown(reader: User) -> Any:
    """Each with how many articles came of it, of those that the reader may see."""
    seen = FeedEntry.objects.visible_to(reader).filter(feed=OuterRef("pk"), article__isnull=False)
    counted = seen.order_by().values("feed").annotate(count=Count("article", distinct=True)).values("count")
    feeds = Feed.objects.visible_to(reader).select_related("polling", "outlet")
    return feeds.annotate(article_count=Coalesce(Subquery(counted), 0))


def _with_states(found: Iterable[Feed]) -> None:
    """Gives each its `.state`."""
    alive = Job.objects.filter(kind=Job.Kind.POLL, target__in=[feed.pk for feed in found])
    polls = {job.target: job for job in alive.exclude(state=Job.State.DONE)}
    for feed in found:
        feed.state = State.of(feed, polls.get(feed.pk))


# --- the forms -----------------------------------------------------------------------------------------------------


@posting(forms.EditFeed, again=page)
def edit(request: HttpRequest, feed: Feed, form: forms.EditFeed) -> str:
    feeds.edit(feed, by=request.user, **form.said())
    messages.success(request, _("Saved."))
    return form.page


@posting(forms.SwitchFeed, again=page)
def switch(request: HttpRequest, feed: Feed, form: forms.SwitchFeed) -> str:
    feed = feeds.switch(feed, by=request.user, seen=form.said()["seen"], on=not feed.is_on)
    messages.success(request, _("The feed is on, and is polled soon.") if feed.is_on else _("The feed is off."))
    return form.page


@posting(forms.PollFeed, again=page)
def poll(request: HttpRequest, feed: Feed, form: forms.PollFeed) -> str:
    feeds.poll_now(feed, by=request.user)
    messages.success(request, _("A poll is queued."))
    return form.page
