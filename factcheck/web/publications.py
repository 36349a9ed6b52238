"""What the public reads: the front, the index, and each fact-check exactly as it was frozen."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from factcheck.models import ClaimReview, Publication, PublicationQuerySet
from factcheck.text import differences, markdown
from factcheck.web import evidence
from factcheck.web.pages import PAGE, asked_in, key, page_of, show
from factcheck.web.strangers import Made, answer, state_of
from factcheck.workflow.integrity import alteration, is_suspect, with_alterations
from factcheck.workflow.publications import address, canonical_address

NEWEST = 10
FILTERS = ("words", "verdict", "speaker", "outlet")  # of the index


def _on_front() -> PublicationQuerySet:
    return Publication.objects.newest_of_each_address()[:NEWEST]


def _on_list(before: int | None, *asked: str) -> PublicationQuerySet:
    """A page, and the one that tells whether more follow. asked: in the order of FILTERS."""
    found = Publication.objects.newest_of_each_address().matching(**dict(zip(FILTERS, asked, strict=True)))
    return (found.filter(pk__lt=before) if before else found).order_by("-pk")[: PAGE + 1]


def _at(slug: str) -> PublicationQuerySet:
    return Publication.objects.filter(slug=slug)


def front(request: HttpRequest) -> HttpResponse:
    def make() -> Made:
        newest = with_alterations(_on_front().with_findings())
        return show(request, "publications_front.html", {"publications": newest}), newest

    return answer(request, make, lambda: state_of(_on_front))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """In the order in which they went out, the newest first; `before` is the last row of the page before."""
    asked, before = asked_in(request.GET, FILTERS), key(request, "before")
    narrowed = any(asked.values())

    def make() -> Made:
        page, last = page_of(_on_list(before, *asked.values()).with_findings())
        publications = with_alterations(page)
        if narrowed:  # else a search would tell what an altered text says
            publications = [each for each in publications if not each.is_altered]
        context = {
            "publications": publications,
            "last": last,
            "before": before,
            "asked": asked,
            "narrowed": narrowed,
            "query": urlencode({name: value for name, value in asked.items() if value}),
            "verdicts": ClaimReview.Verdict.choices,
        }
        return show(request, "publications_list.html", context), publications

    return answer(request, make, lambda: state_of(_on_list, before, *asked.values()))


class Shapes(NamedTuple):
    """The templates of a fact-check, of one whose text nobody signed, and of one that was taken down."""

    whole: str
    altered: str
    gone: str


IN_FULL = Shapes("publications_detail.html", "publications_altered.html", "publications_taken_down.html")
CARD = Shapes(*["publications_card.html"] * 3)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest publication at this address. A retracted one stays, with its reason on top and without markup."""
    return _shown(request, slug, IN_FULL)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The finding alone, for a frame on other people's pages: the one page of the desk that may stand in one."""
    return _shown(request, slug, CARD)


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An earlier publication, as it went out, and what took its place. The newest has the address itself."""
    return _shown(request, slug, IN_FULL, number)


def _shown(request: HttpRequest, slug: str, shapes: Shapes, number: int | None = None) -> HttpResponse:
    def make() -> Made:
        versions = with_alterations(_at(slug).with_findings().select_related("review").order_by("-number"))
        if not versions:
            raise Http404("no fact-check has this address")
        if number == versions[0].number:
            return redirect("fact_check", slug), versions
        found = [each for each in versions if number in (None, each.number)]
        if not found:
            raise Http404("no version of this fact-check has this number")
        return _page(request, found[0], versions, shapes), versions

    return answer(request, make, lambda: state_of(_at, slug))


def _page(request: HttpRequest, publication: Publication, versions: list[Publication], shapes: Shapes) -> HttpResponse:
    """What was taken down is gone (410), with a reason. What was altered outside the desk's rules says so; a text that
    nobody signed is not shown at all.
    """
    altered = alteration(publication) if is_suspect(publication) else None
    following = next((each for each in reversed(versions) if each.number > publication.number), None)
    context: dict[str, Any] = {
        "publication": publication,
        "altered": altered,
        # Of what may be altered no word is trusted, nor is this one.
        "canonical": address(publication.slug) if is_suspect(versions[0]) else canonical_address(versions[0]),
        "here": address(publication.slug),
        "versions": versions,
        "newest": versions[0],
        "following": following,
    }
    if altered is not None and not altered.text_is_whole:
        return show(request, shapes.altered, context)
    if publication.taken_down_at:
        return show(request, shapes.gone, context, status=410)
    content = publication.content
    stands = following is None and not altered and not publication.retraction_reason
    context |= {
        "content": content,
        "groups": evidence.groups(content["evidence"]),
        "description": description(publication),
        "jsonld": publication.jsonld if stands else None,
        "differing": _differing(content, following),
    }
    return show(request, shapes.whole, context)


def description(publication: Publication) -> str:
    """What a search engine or a shared link shows beneath the claim: the finding and its reasons, in plain text."""
    if publication.retraction_reason:
        return f"{_('This fact-check is retracted')}. {publication.retraction_reason}"
    content = publication.content
    label, rating = content["verdict_label"], content["rating_label"]
    finding = f"{label} · {rating}" if content["rating"] else label
    return f"{finding}. {markdown.plain(content['rationale'])}"


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
