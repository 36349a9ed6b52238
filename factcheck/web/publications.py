"""What the public reads: the front, the index, and each fact-check exactly as it was frozen."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck.models import Publication
from factcheck.text import differences
from factcheck.web import evidence
from factcheck.web.pages import key, page_of, show
from factcheck.workflow.integrity import alteration, with_alterations
from factcheck.workflow.publications import address

NEWEST = 10


def front(request: HttpRequest) -> HttpResponse:
    newest = with_alterations(Publication.objects.newest_of_each_address()[:NEWEST])
    return show(request, "publications_front.html", {"publications": newest})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    found = Publication.objects.newest_of_each_address().order_by("-pk")  # in which order they went out
    before = key(request, "before")
    publications, last = page_of(found.filter(pk__lt=before) if before else found)
    context = {"publications": with_alterations(publications), "last": last, "before": before}
    return show(request, "publications_list.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest publication at this address. A retracted one stays, with its reason on top and without markup."""
    versions = _versions(slug)
    return _page(request, versions[0], versions)


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An earlier publication, as it went out, and what took its place. The newest has the address itself."""
    versions = _versions(slug)
    if number == versions[0].number:
        return redirect("fact_check", slug)
    publication = next((each for each in versions if each.number == number), None)
    if publication is None:
        raise Http404("no version of this fact-check has this number")
    return _page(request, publication, versions)


def _versions(slug: str) -> list[Publication]:
    """All publications at the address, the newest first."""
    rows = Publication.objects.filter(slug=slug).order_by("-number").select_related("review__claim__article")
    versions = with_alterations(rows)
    if not versions:
        raise Http404("no fact-check has this address")
    return versions


def _page(request: HttpRequest, publication: Publication, versions: list[Publication]) -> HttpResponse:
    """What was taken down is gone (410), with a reason. What was altered outside the desk's rules says so; a text that
    nobody signed is not shown at all.
    """
    altered = alteration(publication)
    context: dict[str, Any] = {
        "publication": publication,
        "altered": altered,
        "canonical": address(publication.slug),
        "versions": versions,
        "newest": versions[0],
        "following": next((each for each in reversed(versions) if each.number > publication.number), None),
    }
    if altered is not None and not altered.text_is_whole:
        return show(request, "publications_altered.html", context)
    if publication.taken_down_at:
        return show(request, "publications_taken_down.html", context, status=410)
    content = publication.content
    stands = publication == versions[0] and not altered and not publication.retraction_reason
    context |= {
        "content": content,
        "groups": evidence.groups(content["evidence"]),
        "jsonld": publication.jsonld if stands else None,
        "differing": _differing(content, context["following"]),
    }
    return show(request, "publications_detail.html", context)


def _differing(before: dict[str, Any], following: Any) -> list[tuple[str, list[tuple[differences.Piece, ...]]]]:
    """(heading, paragraphs of pieces) of each part that the version which took its place says otherwise."""
    if following is None or following.is_altered or following.taken_down_at:
        return []
    old, new, parts = _in_words(before), _in_words(following.content), []
    for heading, words in old.items():
        if words != new[heading]:
            stretches = differences.between(words, new[heading])
            parts.append((heading, [line for stretch in stretches if stretch.changed for line in stretch.paragraphs]))
    return parts


def _in_words(content: dict[str, Any]) -> dict[str, str]:
    rated = f" · {content['rating_label']}" if content["rating"] else ""
    return {
        _("Statement"): content["statement"],
        _("Finding"): content["verdict_label"] + rated,
        _("Rationale"): content["rationale"],
    }
