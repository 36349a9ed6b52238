"""What the public reads: the front, the index, and each fact-check exactly as it was frozen."""

from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from factcheck.models import ClaimReview, Publication
from factcheck.text import markdown
from factcheck.web import evidence
from factcheck.web.pages import PAGE, asked_in, key, page_of, show
from factcheck.web.strangers import Made, answer, dated
from factcheck.workflow.integrity import alteration, is_suspect, with_alterations
from factcheck.workflow.publications import address

NEWEST = 10
FILTERS = ("words", "verdict", "speaker", "outlet")  # of the index


def front(request: HttpRequest) -> HttpResponse:
    rows = Publication.objects.newest_of_each_address()[:NEWEST]

    def make() -> Made:
        newest = with_alterations(rows.with_findings())
        return show(request, "publications_front.html", {"publications": newest}), newest

    return answer(request, make, rows.state)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """In the order in which they went out, the newest first; `before` is the last row of the page before."""
    asked, before = asked_in(request.GET, FILTERS), key(request, "before")
    narrowed = any(asked.values())
    found = Publication.objects.newest_of_each_address().matching(**asked).order_by("-pk")
    rows = found.filter(pk__lt=before) if before else found

    def make() -> Made:
        page, last = page_of(rows.with_findings())
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

    return answer(request, make, lambda: (asked, before, rows[: PAGE + 1].state()))


def _shown(request: HttpRequest, slug: str, template: str, without_text: str) -> HttpResponse:
    """The newest publication at this address, in this template, or in the other one where nobody signed its text."""
    rows = Publication.objects.filter(slug=slug)

    def make() -> Made:
        found = with_alterations(rows.with_findings().order_by("-number")[:1])
        if not found:
            raise Http404("no fact-check has this address")
        return dated(_page(request, found[0], template, without_text), found[0].changed_at), found

    return answer(request, make, rows.state)


def _page(request: HttpRequest, publication: Publication, template: str, without_text: str) -> HttpResponse:
    altered = alteration(publication) if is_suspect(publication) else None
    context = {"publication": publication, "altered": altered, "canonical": address(publication.slug)}
    if altered is not None and not altered.text_is_whole:
        return show(request, without_text, context)
    content = publication.content
    context |= {
        "content": content,
        "groups": evidence.groups(content["evidence"]),
        "description": description(publication),
        "jsonld": None if altered or publication.retraction_reason else publication.jsonld,
    }
    return show(request, template, context)


def description(publication: Publication) -> str:
    """What a search engine or a shared link shows beneath the claim: the finding and its reasons, in plain text."""
    if publication.retraction_reason:
        return f"{_('This fact-check is retracted')}. {publication.retraction_reason}"
    content = publication.content
    label, rating = content["verdict_label"], content["rating_label"]
    finding = f"{label} · {rating}" if content["rating"] else label
    return f"{finding}. {markdown.plain(content['rationale'])}"


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest publication at this address. A retracted one stays, with its reason on top and without markup.

    So does one whose record was altered outside the desk's rules; a text that nobody signed is not shown at all.
    """
    return _shown(request, slug, "publications_detail.html", "publications_altered.html")


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The finding alone, for a frame on other people's pages: the one page of the desk that may stand in one."""
    return _shown(request, slug, "publications_card.html", "publications_card.html")
