"""What the public reads: the front, the index, and each fact-check exactly as it was frozen."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from factcheck.models import Publication
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
    """The newest publication at this address. A retracted one stays, with its reason on top and without markup.

    So does one whose record was altered outside the desk's rules; a text that nobody signed is not shown at all.
    """
    rows = Publication.objects.filter(slug=slug).order_by("-number").select_related("review__claim__article")
    publication = rows.first()
    if publication is None:
        raise Http404("no fact-check has this address")
    altered = alteration(publication)
    context = {"publication": publication, "altered": altered, "canonical": address(publication.slug)}
    if altered is not None and not altered.text_is_whole:
        return show(request, "publications_altered.html", context)
    content = publication.content
    context |= {
        "content": content,
        "groups": evidence.groups(content["evidence"]),
        "jsonld": None if altered or publication.retraction_reason else publication.jsonld,
    }
    return show(request, "publications_detail.html", context)
