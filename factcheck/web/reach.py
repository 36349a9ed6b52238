"""What machines read of the public side: an Atom feed, a feed of ClaimReview, the sitemap, robots.txt.

Feeds are in the order of the last change, so that a correction or a retraction stands where a reader of the feed looks.
What is kept from search engines is in none of them. docs/reach.md says what each looks like.

Django's sitemap framework is not used: it counts all rows for each page of a map, and takes its addresses from the
Host header. Its feed generator is.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from factcheck.models import Publication, PublicationQuerySet
from factcheck.templatetags.desk import desk_of
from factcheck.web.pages import BIGGEST_KEY, PAGE, page_of
from factcheck.web.publications import description
from factcheck.web.strangers import Made, answer, state_of
from factcheck.workflow.integrity import is_suspect, with_alterations
from factcheck.workflow.publications import address, canonical_address

PART = 50_000
"""Keys, and so at most addresses, of one sitemap: its protocol takes no more. A part never moves as others come."""
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


def public(name: str, query: str = "") -> str:
    return settings.PUBLIC_URL + reverse(name) + query


# --- feeds ---------------------------------------------------------------------------------------------------------


def _feed(request: HttpRequest, name: str, write: Callable[[list[Publication], str], HttpResponse]) -> HttpResponse:
    """write(publications, the address of the next page or ""): those that nothing is known against."""
    before = request.GET.get("before", "")

    def make() -> Made:
        first = Publication.objects.filter(slug=OuterRef("slug"), number=1).values("published_at")
        page, last = page_of(_in_feed(before).with_findings().annotate(first_published_at=Subquery(first)))
        publications = with_alterations(page)
        following = public(name, f"?before={_place(last)}") if last else ""
        response = write([each for each in publications if not is_suspect(each)], following)
        return response, publications

    return answer(request, make, lambda: state_of(_in_feed, before))


def _in_feed(before: str) -> PublicationQuerySet:
    """A page, the last change first, and the one that tells whether more follow."""
    rows = Publication.objects.for_machines().order_by("-changed_at", "-pk")
    return (rows.filter(_after(before)) if before else rows)[: PAGE + 1]


def _place(publication: Publication) -> str:
    """Where a page of a feed ends: the microseconds of the last change, and the key."""
    return f"{(publication.changed_at - EPOCH) // timedelta(microseconds=1)}-{publication.pk}"


def _after(place: str) -> TupleLessThan:
    found = re.fullmatch(r"([0-9]{1,18})-([0-9]{1,19})", place)
    if found is None or int(found[2]) > BIGGEST_KEY or int(found[1]) > 10**17:
        raise Http404("there is no such place in the feed")
    changed = EPOCH + timedelta(microseconds=int(found[1]))
    return TupleLessThan((F("changed_at"), F("pk")), (changed, int(found[2])))


class Paged(Atom1Feed):
    """Atom with the link to its next page (RFC 5005, paged feeds)."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["following"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["following"]})


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Each fact-check once, under its address; `updated` rises with a correction and with a retraction."""

    def write(publications: list[Publication], following: str) -> HttpResponse:
        desk, before = desk_of(request), request.GET.get("before", "")  # no other word of a query is said back
        feed = Paged(
            title=NOT_XML.sub("", desk.name),
            link=public("fact_checks"),
            description=None,
            language=get_language(),
            feed_url=public("atom", f"?before={before}" if before else ""),
            feed_guid=public("fact_checks"),
            author_name=NOT_XML.sub("", desk.name),
            following=following,
        )
        for each in publications:
            statement = each.content["statement"]
            feed.add_item(
                title=NOT_XML.sub("", f"{_('Retracted')}: {statement}" if each.retraction_reason else statement),
                link=canonical_address(each),
                description=format_html("<p>{}</p>", NOT_XML.sub("", description(each))),
                unique_id=canonical_address(each),
                pubdate=each.first_published_at,
                updateddate=each.changed_at,
                categories=[] if each.retraction_reason else [each.content["verdict"]],
            )
        response = HttpResponse(content_type=feed.content_type)
        feed.write(response, "utf-8")
        return response

    return _feed(request, "atom", write)


@require_safe
def datafeed(request: HttpRequest) -> HttpResponse:
    """schema.org DataFeed of ClaimReview, in the shape of those that Google and Data Commons take: each element's item
    is the markup of the page. A retracted one has no item, and the time when it was taken out (`dateDeleted`).
    """

    def write(publications: list[Publication], following: str) -> HttpResponse:
        feed = {
            "@context": "https://schema.org",
            "@type": "DataFeed",
            "name": desk_of(request).name,
            "url": public("datafeed"),
            "dataFeedElement": [_element(each) for each in publications],
        }
        if publications:
            feed["dateModified"] = publications[0].changed_at.isoformat()
        response = HttpResponse(json.dumps(feed, ensure_ascii=False), content_type="application/ld+json")
        if following:
            response["Link"] = f'<{following}>; rel="next"'
        return response

    return _feed(request, "datafeed", write)


def _element(publication: Publication) -> dict[str, Any]:
    element = {
        "@type": "DataFeedItem",
        "url": canonical_address(publication),
        "dateCreated": publication.first_published_at.isoformat(),
        "dateModified": publication.changed_at.isoformat(),
    }
    if publication.retraction_reason:
        return element | {"dateDeleted": publication.retracted_at.isoformat()}
    return element | {"item": [publication.jsonld]}


# --- for search engines ----------------------------------------------------------------------------------------------


def _map(kind: str, entry: str, found: Iterable[tuple[str, datetime | None]]) -> HttpResponse:
    """found: addresses, each with the time of its last change where that is known."""
    lines = (
        f"<{entry}><loc>{escape(place)}</loc>"
        + (f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else "")
        + f"</{entry}>\n"
        for place, changed in found
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{SITEMAP}">\n{"".join(lines)}</{kind}>\n'
    return HttpResponse(text, content_type="application/xml")


# What a map names is its own state: whatever comes, changes or goes, and in whatever order its transactions end, the
# validator is another. That reads a row for each line, which is what a map costs anyway; it is asked for a few times a
# day.


@require_safe
def sitemaps(request: HttpRequest) -> HttpResponse:
    """The index of the sitemaps, each of which lists the fact-checks of PART keys; those that would be empty are left
    out, but for the first, which is always there.
    """
    rows = Publication.objects.for_machines().annotate(part=(F("pk") - 1) / PART + 1).order_by("part")
    parts = rows.values_list("part").annotate(changed=Max("changed_at"))
    found = sorted(({1: None} | dict(parts)).items())

    def make() -> Made:
        places = ((settings.PUBLIC_URL + reverse("sitemap", args=[part]), changed) for part, changed in found)
        return _map("sitemapindex", "sitemap", places), []

    return answer(request, make, lambda: found)


@require_safe
def sitemap(request: HttpRequest, part: int) -> HttpResponse:
    """Addresses alone: no text is read, so none is compared with the trail. The first part begins with the list itself,
    and so is never empty.
    """
    if not 1 <= part <= BIGGEST_KEY // PART:
        raise Http404("there is no such sitemap")
    rows = Publication.objects.for_machines().filter(pk__gt=(part - 1) * PART, pk__lte=part * PART).order_by("pk")
    found = [(address(slug), changed) for slug, changed in rows.values_list("slug", "changed_at")]
    if part == 1:
        found.insert(0, (public("fact_checks"), None))
    if not found:
        raise Http404("there is no such sitemap")
    return answer(request, lambda: (_map("urlset", "url", found), []), lambda: found)


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    closed = ("/accounts/", "/admin/", "/api/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {public('sitemaps')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
