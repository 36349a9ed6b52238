"""Articles: taking one in, how far the machine has come with it, and its text with each claim marked."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from factcheck.exceptions import BadInput, Refused, Unread
from factcheck.models import Anchor, Article, Claim, Feed, Job, Suggestion
from factcheck.permissions import may
from factcheck.text import quotations
from factcheck.web import changes, forms, holds, lineage
from factcheck.web.blocks import details, parts
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import key, page_of, show
from factcheck.web.unreadable import seen_by
from factcheck.workflow import lists, notices
from factcheck.workflow.articles import OTHER_READERS, decide_outside_search, keep_confidential, lift_confidence
from factcheck.workflow.changes import look_again as have_looked_at
from factcheck.workflow.submissions import submit, submit_row

STEPS = 2  # an article is split, then sources are looked for
MOST_ROWS = 100  # of a list that is sent by the form
ALIKE = 10  # articles that are named as like this one


@dataclass(frozen=True)
class Progress:
    """How far the machine has come, read from the jobs: the newest one of each step counts."""

    done: int
    total: int
    under_way: bool
    failed: list[Job]
    tried_again: list[Job]
    left: list[Job]  # whose worker has gone, and which no other has found yet

    @classmethod
    def of(cls, jobs: Iterable[Job]) -> "Progress":
        read = sorted((job for job in jobs if job.kind not in Job.BESIDE), key=lambda job: job.pk)
        newest = {(job.kind, job.target): job for job in read}.values()
        waiting = [job for job in newest if job.state in (Job.State.QUEUED, Job.State.RUNNING)]
        return cls(
            done=sum(job.state == Job.State.DONE for job in newest),
            total=max(STEPS, len(newest)),
            under_way=bool(waiting),
            failed=[job for job in newest if job.state == Job.State.DEAD],
            tried_again=[job for job in waiting if job.last_error],
            left=[job for job in waiting if job.lease_until and job.lease_until < timezone.now()],
        )


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    return take_in(request) if request.method == "POST" else listed(request, None)


def listed(request: HttpRequest, row: None, refusal: Refusal | None = None) -> HttpResponse:
    """The list, with the form above it."""
    found = Article.objects.visible_to(request.user).newest_first().annotate(claim_count=Count("claims"))
    before = key(request, "before")
    articles, last = page_of((found.filter(pk__lt=before) if before else found).prefetch_related("jobs"))
    for article in articles:
        article.progress = Progress.of(article.jobs.all())
        replayable(article.progress, request.user)
    form = refusal.place(forms.Ingest())[0] if refusal else forms.Ingest()
    waiting = seen_by(request.user).waiting().count()
    context = {"articles": articles, "last": last, "form": form, "refusal": refusal, "unread": waiting}
    return show(request, "articles_list.html", context)


def replayable(progress: Progress, user: Any) -> None:
    """Marks the failed steps that this person may have tried again."""
    for job in progress.failed:
        job.replayable = may(user, "replay a job", job)


@posting(forms.Ingest, again=listed)
def take_in(request: HttpRequest, row: None, form: forms.Ingest) -> str | HttpResponse:
    said = form.said()
    if lists.is_list(said["file"]):
        return show(request, "articles_results.html", {"name": said["file"], "results": listed_in(request.user, said)})
    try:
        article = submit(by=request.user, **said)
    except Unread as error:
        if error.kept:
            messages.warning(request, _("It is kept under “What could not be read”, below the list of articles."))
        raise
    if article.sent_before:
        messages.info(request, _("You sent this in before: here is the article. Nothing was changed."))
        if article.other_readers:
            messages.warning(request, _(OTHER_READERS))
    else:
        messages.success(request, _("The article is kept. It is being read now."))
    return reverse("article", args=[article.pk])


@dataclass(frozen=True)
class Result:
    """What became of one row of a list."""

    line: int
    article: Article | None = None
    sentence: str = ""


def listed_in(user: Any, said: dict[str, Any]) -> list[Result]:
    """Each row of a list for itself. What the form says holds for every row, and goes before what the row says.
    Raises BadInput for what is no list, and for one that takes longer than somebody waits for a page.
    """
    if said["title"] or said["url"]:
        raise BadInput(_("A list names the title and the address of each article itself: leave them empty here."))
    rows = lists.rows_of(said["received"], said["file"])
    if not rows:
        raise BadInput(_("The list has no rows."))
    if len(rows) > MOST_ROWS:
        sentence = _("The list has %(n)s rows; the form takes %(most)s. An operator takes it in with the command.")
        raise BadInput(sentence % {"n": len(rows), "most": MOST_ROWS})
    names = ("note", "language", "published_at", "confidential", "readers", "outside_search")
    common = {name: said[name] for name in names if said.get(name)}
    results = []
    for row in rows:
        try:
            article = submit_row(row, name=said["file"], by=user, queue="bulk", **common)
        except (BadInput, Refused) as error:
            results.append(Result(row.line, sentence=str(error)))
        else:
            results.append(Result(row.line, article))
    return results


@require_safe
@desk_only
@vary_on_headers("HX-Request", "HX-Target")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; to htmx, which asks for what stands beside the text, that alone."""
    article = get_object_or_404(Article.objects.visible_to(request.user).select_related("outlet"), pk=pk)
    if request.htmx.target == "beside" and not request.htmx.history_restore_request:
        claim = opened(request, article, key(request, "claim"))
        about = lineage.of(claim, request, None, beside=True) if claim else {}
        return show(request, "includes/_beside.html", {"article": article, "opened": claim, **about})
    return page(request, article)


def page(
    request: HttpRequest, article: Article | None, refusal: Refusal | None = None, beside: int | None = None
) -> HttpResponse:
    """The text with its claims; `?claim=` opens one of them beside it, and so does `beside`."""
    if article is None:
        return listed(request, None, refusal=refusal)
    version = article.newest
    placed = (
        Anchor.objects.filter(article_version=version)
        .exclude(claim__status=Claim.Status.SUPERSEDED)
        .select_related("claim")
        .defer("claim__embedding")
        .order_by("start", "-end", "pk")
    )
    anchors = [anchor for anchor in placed if anchor.status == Anchor.Status.EXACT]
    jobs = list(article.jobs.all())
    progress = Progress.of(jobs)
    replayable(progress, request.user)
    sees: dict[str, Any] = {}
    if may(request.user, "decide who sees an article", article):
        sees["confidence_form"] = forms.Confidence(article)
        if article.confidential:
            sees["lift_form"] = forms.Lift(article)
        else:
            sees["outside_form"] = forms.OutsideSearch(article)
    if version and may(request.user, "mark claims"):
        sees["add_claim_form"] = forms.AddClaim(article)
    seen_again = changes.of_article(article, jobs, placed)
    if seen_again["can_look"] and may(request.user, "look at a page again", article):
        sees["look_again_form"] = forms.LookAgain(article)
    sees["follow_form"] = forms.FollowArticle.of(article, notices.is_following(article, request.user))
    if refusal:
        sees = dict(zip(sees, refusal.place(*sees.values()), strict=True))
    claim = opened(request, article, beside or key(request, "claim"))
    context = {
        **sees,
        **seen_again,
        **holds.of(article, request, refusal),
        **(lineage.of(claim, request, refusal, beside=True) if claim else {}),
        "readers": article.readers.order_by("name", "pk") if article.confidential else [],
        "article": article,
        "feeds": Feed.objects.filter(pk__in=article.feed_entries.values("feed")).select_related("polling"),
        "version": version,
        "parts": parts(version.blocks, list(lines_of(version.text)), marked(version.text, anchors)) if version else [],
        "details": details(version) if version else [],
        "like": Article.objects.like(article, version).visible_to(request.user).newest_first()[:ALIKE],
        "progress": progress,
        "opened": claim,
        "refusal": refusal,
        "statuses": Claim.Status,
        "margin": list({anchor.claim_id: anchor.claim for anchor in anchors}.values()),
    }
    return show(request, "articles_detail.html", context)


@posting(forms.Confidence, again=page)
def confidence(request: HttpRequest, article: Article, form: forms.Confidence) -> str:
    keep_confidential(article, by=request.user, **form.said())
    messages.success(request, _("Only the people named here see this article now."))
    return reverse("article", args=[article.pk])


@posting(forms.OutsideSearch, again=page)
def outside_search(request: HttpRequest, article: Article, form: forms.OutsideSearch) -> str:
    said = form.said()
    decide_outside_search(article, by=request.user, **said)
    if said["allowed"]:
        messages.success(request, _("Services outside may be asked about its claims, where the desk asks any."))
    else:
        messages.success(request, _("This article stays in the house."))
    return reverse("article", args=[article.pk])


@posting(forms.Lift, again=page)
def lift(request: HttpRequest, article: Article, form: forms.Lift) -> str:
    lift_confidence(article, by=request.user, **form.said())
    messages.success(request, _("The embargo is lifted: the whole desk sees this article."))
    return reverse("article", args=[article.pk])


@posting(forms.LookAgain, again=page)
def look_again(request: HttpRequest, article: Article, form: forms.LookAgain) -> str:
    have_looked_at(article, by=request.user)
    messages.success(request, _("The page is being looked at again."))
    return reverse("article", args=[article.pk])


def opened(request: HttpRequest, article: Article, pk: int | None) -> Claim | None:
    """The claim that is shown beside the text, with its best suggestions and the job that looked for them; 404 when it
    is none of this article's.
    """
    if pk is None:
        return None
    best = Suggestion.objects.visible_to(request.user).in_short().order_by("-score")
    claims = article.claims.defer("embedding").prefetch_related(Prefetch("suggestions", queryset=best, to_attr="best"))
    claim = get_object_or_404(claims, pk=pk)
    claim.search = article.jobs.filter(kind=Job.Kind.SUGGEST).order_by("-pk").first()
    return claim


# --- the text with its marks ---------------------------------------------------------------------------------------


@dataclass
class Piece:
    """Words of a paragraph. `claim`: whose mark they bear. `also`: claims that end here without words of their own."""

    text: str
    claim: Claim | None
    also: list[Claim]
    runs: list[tuple[str, str]]  # its words, cut where a quotation, a speaker or a cue begins or ends; which it is


def marked(text: str, anchors: list[Anchor]) -> list[list[Piece]]:
    """Paragraphs as pieces, cut where a claim begins or ends. Where claims overlap, the shortest one gets the words;
    one that gets none at all is linked from where it ends, so that every claim can be reached.
    """
    lines = list(lines_of(text))
    told = _told(text, lines, anchors)
    places = sorted({place for line in lines for place in line} | {at for a in anchors for at in (a.start, a.end)})
    starting = defaultdict(list)
    for anchor in anchors:
        starting[anchor.start].append(anchor)
    current: list[Anchor] = []
    owner_of: dict[int, Anchor] = {}
    for place in places:
        current = [anchor for anchor in current if anchor.end > place] + starting[place]
        if current:
            owner_of[place] = min(current, key=lambda anchor: (anchor.end - anchor.start, anchor.pk))
    ends = dict(pairwise(places))
    paragraphs = [
        [
            (place, _piece(text, place, ends[place], owner_of.get(place), told))
            for place in places[bisect_left(places, start) : bisect_left(places, end)]
        ]
        for start, end in lines
    ]
    flat = [pair for pieces in paragraphs for pair in pieces]
    starts = [place for place, piece in flat]
    reached = {piece.claim.pk for place, piece in flat if piece.claim}
    for anchor in anchors:
        if anchor.claim_id not in reached and flat:
            flat[max(0, bisect_left(starts, anchor.end) - 1)][1].also.append(anchor.claim)
    return [[piece for place, piece in pieces] for pieces in paragraphs]


def _told(text: str, lines: list[tuple[int, int]], anchors: list[Anchor]) -> list[tuple[int, int, str]]:
    """Where words are quoted, or name the speaker of a claim or the cue: in order, none over another, each with the
    classes of its mark."""
    found = [(quotation.start, quotation.end, "said") for quotation in quotations.in_article(text, lines)]
    for anchor in anchors:
        named = ((anchor.speaker_span, "speaker"), (anchor.cue_span, "cue"))
        found += [(span.lower, span.upper, kind) for span, kind in named if span]
    edges = sorted({place for start, end, _ in found for place in (start, end)})
    kinds: dict[int, set[str]] = defaultdict(set)
    for start, end, kind in found:
        for place in edges[bisect_left(edges, start) : bisect_left(edges, end)]:
            kinds[place].add(kind)
    return [(start, end, " ".join(sorted(kinds[start]))) for start, end in pairwise(edges) if start in kinds]


def _piece(text: str, start: int, end: int, owner: Anchor | None, told: list[tuple[int, int, str]]) -> Piece:
    runs, at = [], start
    for first, last, kinds in told[bisect_right(told, start, key=itemgetter(1)) :]:
        if first >= end:
            break
        begins, ends = max(first, start), min(last, end)
        runs += [(text[at:begins], ""), (text[begins:ends], kinds)]
        at = ends
    runs.append((text[at:end], ""))
    return Piece(text[start:end], owner and owner.claim, [], [each for each in runs if each[0]])


def lines_of(text: str) -> Iterable[tuple[int, int]]:
    """Start and end of each paragraph: parted by blank lines, or by single ones in a text without a blank line."""
    blank = re.search(r"\S[^\S\n]*\n[^\S\n]*\n\s*\S", text)
    gap = re.compile(r"\s*\n[^\S\n]*\n\s*" if blank else r"\s*\n\s*")
    start = 0
    for match in gap.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)
