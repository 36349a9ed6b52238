"""Pages that changed: the texts of an article, what differs between two of them, and claims that lost their place."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from factcheck.models import Anchor, Article, Claim, ClaimReview, Job
from factcheck.text import differences
from factcheck.web.errors import desk_only
from factcheck.web.pages import key, page_of, show
from factcheck.workflow import changes

AROUND = 1  # paragraphs that are shown before and after what changed; the others are folded away


# --- for the pages of an article and of a claim ------------------------------------------------------------------


def of_article(article: Article, jobs: Iterable[Job], anchors: Iterable[Anchor]) -> dict[str, Any]:
    """When the page was last looked at, whether it can be looked at now, and which claims lost their place in it.

    jobs: the article's; anchors: those of its newest text, with their claims.
    """
    looks = [job for job in jobs if job.kind == Job.Kind.FETCH]
    waiting = any(job.state != Job.State.DONE for job in looks)
    over = (Claim.Status.SUPERSEDED, Claim.Status.DISMISSED)
    lost = [row for row in anchors if row.status == Anchor.Status.ORPHANED and row.claim.status not in over]
    return {
        "looked_at": max((job.finished_at for job in looks if job.state == Job.State.DONE), default=None),
        "can_look": not waiting and changes.fetched().filter(pk=article.pk).exists(),
        "orphans": sorted(lost, key=lambda row: row.pk),
    }


def of_claim(claim: Claim, anchor: Anchor | None, review: ClaimReview | None) -> dict[str, Any]:
    """The article's newest text, whether the claim lost its place in it, and the first text that came after this review
    of it was begun.
    """
    rows = claim.article.versions.defer("text", "raw").order_by("-number")
    if review:
        rows = rows.filter(Q(received_at__gt=review.created_at) | Q(number=Subquery(rows.values("number")[:1])))
    versions = list(rows if review else rows[:1])
    later = [version for version in versions if review and version.received_at > review.created_at]
    return {
        "version": versions[0] if versions else None,
        "orphaned": anchor is not None and anchor.status == Anchor.Status.ORPHANED,
        "changed_since": later[-1] if later else None,
    }


# --- the texts -----------------------------------------------------------------------------------------------------


def _of(request: HttpRequest, pk: int) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user).select_related("outlet"), pk=pk)


@require_safe
@desk_only
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every text of the article, newest first; `?number=` shows one in full."""
    article, before, number = _of(request, pk), key(request, "before"), key(request, "number")
    rows = article.versions.defer("text", "raw").select_related("capture").order_by("-number")
    listed, last = page_of(rows.filter(number__lt=before) if before else rows)
    read = get_object_or_404(article.versions.defer("raw"), number=number) if number else None
    context = {
        "article": article,
        "title": next((version.title for version in listed), ""),
        "versions": listed,
        "last": last,
        "read": read,
    }
    return show(request, "articles_versions.html", context)


@require_safe
@desk_only
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed from the text `?old=` to the text `?new=`: when neither is named, from the last but one to the
    newest.
    """
    article = _of(request, pk)
    numbers = list(article.versions.order_by("-number").values_list("number", flat=True)[:1])
    if not numbers:
        raise Http404("the article has no text yet")
    new = key(request, "new") or numbers[0]
    old = key(request, "old") or max(new - 1, 1)
    found = {v.number: v for v in article.versions.defer("raw").filter(Q(number=old) | Q(number=new))}
    if old not in found or new not in found:
        raise Http404("the article has no such text")
    stretches = [folded(stretch) for stretch in differences.between(found[old].text, found[new].text)]
    context = {
        "article": article,
        "old": found[old],
        "new": found[new],
        "stretches": stretches,
        "changed": any(stretch["changed"] for stretch in stretches),
    }
    return show(request, "articles_difference.html", context)


def folded(stretch: differences.Stretch) -> dict[str, Any]:
    """Of a long stretch that stayed as it was, the middle is folded away."""
    lines = stretch.paragraphs
    if stretch.changed or len(lines) <= 2 * AROUND + 1:
        return {"changed": stretch.changed, "before": lines, "middle": (), "after": ()}
    return {"changed": False, "before": lines[:AROUND], "middle": lines[AROUND:-AROUND], "after": lines[-AROUND:]}
