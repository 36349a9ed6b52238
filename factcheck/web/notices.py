"""What a person was told: the list, the way from a notice to what it is about, and how they want to be told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from factcheck.models import Article, Notice, NoticeSettings
from factcheck.web import articles, forms
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.forms.fields import page_of_job
from factcheck.web.pages import PAGE, key, page_of, show
from factcheck.workflow import notices

Kind = Notice.Kind
# Where on the page of a claim to look.
PLACES = {
    Kind.CHANGES_REQUESTED: "#review",
    Kind.APPROVED: "#review",
    Kind.PUBLISHED: "",
    Kind.RETRACTED: "",
    Kind.ASSIGNED: "",
    Kind.ORPHANED: "",
}


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    return listed(request, None)


def listed(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    before = key(request, "before")
    found = Notice.objects.visible_to(request.user).order_by("-pk")
    told = notices.in_words((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    shown, last = page_of(told)
    form = None
    if any(each.notice.read_at is None for each in shown):
        form = forms.ReadNotices()
        form.initial["until"] = shown[0].notice.pk
    context = {"notices": shown, "last": last, "read_form": form, "refusal": refusal}
    return show(request, "notices_list.html", context)


@require_safe
@desk_only
def go(request: HttpRequest) -> HttpResponse:
    """To what the notice `?notice=` is about, which is read then: where the links in mails lead. To the list when there
    is no such notice for this person, or not any more.
    """
    chosen = key(request, "notice") or 0
    notice = Notice.objects.visible_to(request.user).select_related("job").filter(pk=chosen).first()
    if notice is None:
        messages.info(request, _("This notice is not there, or not for you any more."))
        return redirect("notices")
    notices.read(by=request.user, only=notice.pk)
    return redirect(place(notice))


def place(notice: Notice) -> str:
    """The address of what the notice is about."""
    if notice.job is not None:
        return page_of_job(notice.job)
    if notice.readerrequest_id is not None:
        return reverse("reader_request", args=[notice.readerrequest_id])
    if notice.claim_id is None:
        return reverse("article_difference", args=[notice.article_id])
    # What is told of a comment bears its name, as does its place on the page.
    return reverse("claim", args=[notice.claim_id]) + PLACES.get(Kind(notice.kind), f"#{notice.event}")


@posting(forms.ReadNotices, again=listed)
def read(request: HttpRequest, row: None, form: forms.ReadNotices) -> str:
    notices.read(by=request.user, **form.said())
    return reverse("notices")


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    return choose(request) if request.method == "POST" else settings_page(request, None)


def settings_page(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    wishes = NoticeSettings.objects.filter(person=request.user).first() or NoticeSettings()
    fresh = forms.HowToTell.of(wishes)
    form = refusal.place(fresh)[0] if refusal else fresh
    return show(request, "notices_settings.html", {"form": form, "refusal": refusal})


@posting(forms.HowToTell, again=settings_page)
def choose(request: HttpRequest, row: None, form: forms.HowToTell) -> str:
    notices.choose(by=request.user, **form.said())
    messages.success(request, _("Saved. You are told in this way from now on."))
    return reverse("notice_settings")


@posting(forms.FollowArticle, again=articles.page)
def follow_article(request: HttpRequest, article: Article, form: forms.FollowArticle) -> str:
    said = form.said()
    notices.follow(article, by=request.user, **said)
    if said["follows"]:
        messages.success(request, _("You follow this article: you are told of what happens to it and its claims."))
    else:
        messages.success(request, _("You do not follow this article any more."))
    return reverse("article", args=[article.pk])
