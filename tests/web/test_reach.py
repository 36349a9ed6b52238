"""How far what is published reaches: the list's search, feeds, sitemap, card, and what caches are told."""

import html
import re
import time
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import http_date
from lxml.html import fragments_fromstring

from factcheck.models import AuditFinding, Desk, Outlet, Publication
from factcheck.text import claimreviews, feeds
from factcheck.web import reach
from factcheck.workflow import publications
from tests import factories
from tests.models.asking import as_superuser
from tests.structured_data import strange
from tests.web.conftest import ATTACK, said, window
from tests.web.test_publications import markup, publish

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LIST, ATOM, DATAFEED = "/fact-checks/", "/fact-checks/feed.atom", "/fact-checks/datafeed.json"
POLICY = "public, max-age=0, s-maxage=30"


def page(publication: Publication) -> str:
    return f"/fact-checks/{publication.slug}/"


def retracted(publication: Publication, by) -> Publication:
    review = publication.review
    review.refresh_from_db()
    return publications.retract(review, by=by, seen=review.version, reason="The minutes were of another bridge.")


def again(client, address, response):
    return client.get(address, headers={"If-None-Match": response["ETag"]})


def entries(client, address=ATOM) -> dict[str, feedparser.FeedParserDict]:
    found = feedparser.parse(client.get(address).content)
    assert not found.bozo
    return {urlsplit(entry.link).path: entry for entry in found.entries}


def elements(client, address=DATAFEED) -> dict[str, dict]:
    return {urlsplit(each["url"]).path: each for each in client.get(address).json()["dataFeedElement"]}


def places(client, address) -> dict[str, str | None]:
    """loc -> lastmod, by the rules of sitemaps.org."""
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    tree = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert tree.tag in (f"{space}urlset", f"{space}sitemapindex")
    found = {}
    for each in tree:
        assert each.tag == (f"{space}url" if tree.tag == f"{space}urlset" else f"{space}sitemap")
        assert [part.tag for part in each] in ([f"{space}loc"], [f"{space}loc", f"{space}lastmod"])
        place, changed = each[0].text, each[1].text if len(each) > 1 else None
        assert place.startswith("http")
        assert len(place) < 2048
        assert changed is None or datetime.fromisoformat(changed).tzinfo
        found[urlsplit(place).path] = changed
    assert 0 < len(found) == len(tree) <= 50_000
    return found


def everything(publication: Publication) -> list[str]:
    """Every public address that shows or names it."""
    of_its_own = [page(publication), page(publication) + "card/"]
    return ["/", LIST, LIST + "?words=bridge", *of_its_own, ATOM, DATAFEED, "/sitemap.xml", "/sitemaps/1.xml"]


# --- what caches are told ------------------------------------------------------------------------------------------


def test_a_stranger_gets_no_cookie_and_few_statements_and_is_confirmed_by_one(client, published, bob, carol):
    counts: dict[str, int] = {}
    for more in (0, 2):
        for _ in range(more):
            publish(factories.claim(), bob, carol)
        caches["pages"].clear()
        for address in everything(published):
            with CaptureQueriesContext(connection) as made:
                response = client.get(address)
            assert (response.status_code, response["Cache-Control"], response["Vary"]) == (200, POLICY, "Cookie")
            assert "Set-Cookie" not in response.headers
            assert response.cookies == {}
            with CaptureQueriesContext(connection) as kept:
                same = client.get(address)
            assert (same.content, same["ETag"]) == (response.content, response["ETag"])
            with CaptureQueriesContext(connection) as confirmed:
                nothing = again(client, address, response)
            assert (nothing.status_code, nothing.content, nothing["ETag"]) == (304, b"", response["ETag"])
            assert nothing["Cache-Control"] == POLICY
            assert (len(kept), len(confirmed)) == (1, 1), address
            assert len(made) <= 4, address
            assert counts.setdefault(address, len(made)) == len(made), "more rows, more statements"
    assert client.cookies == {}


def test_a_condition_that_names_no_state_confirms_nothing(client, published):
    for headers in ({"If-None-Match": "*"}, {"If-Modified-Since": http_date(time.time() + 60)}):
        caches["pages"].clear()
        assert client.get("/fact-checks/nothing-here/", headers=headers).status_code == 404
    fresh = client.get(page(published), headers={"If-Modified-Since": http_date(time.time() + 60)})
    assert (fresh.status_code, "Last-Modified" in fresh) == (200, False)
    assert "?utm" not in client.get(ATOM + "?utm=x").content.decode()
    other = client.get(page(published), headers={"If-Match": '"another"'})
    assert (other.status_code, other["Cache-Control"]) == (412, "no-store"), "no cache may give it to somebody else"


def test_a_correction_a_retraction_and_the_desks_name_end_every_confirmation(client, published, bob, carol, desk):
    def ended() -> None:
        for address, response in before.items():
            after = again(client, address, response)
            assert after.status_code == 200, address
            before[address] = after

    before = {address: client.get(address) for address in everything(published)}
    corrected = publish(
        published.review.claim, bob, carol, verdict="disputed", rating=2, rationale="Of the old bridge."
    )
    ended()
    assert "Of the old bridge." in said(before[page(published)])
    retracted(corrected, carol)
    ended()
    assert "This fact-check is retracted" in said(before[page(published)])
    Desk.objects.update(name="The Renamed Desk")
    for address in (LIST, page(published), ATOM):
        assert "The Renamed Desk" in said(again(client, address, before[address])), address


def test_people_of_the_desk_get_their_own_page_and_leave_none_behind(client, published, bob):
    theirs = window(bob).get(page(published))
    assert (theirs["Cache-Control"], theirs["Vary"]) == ("private, no-cache", "Cookie")
    assert "ETag" not in theirs
    assert f"/reviews/{published.review_id}/" in said(theirs)
    ours = client.get(page(published))
    assert f"/reviews/{published.review_id}/" not in said(ours)
    assert window(bob).get(page(published), headers={"If-None-Match": ours["ETag"]}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_altered_text_is_neither_shown_nor_found_nor_confirmed_nor_kept(client, published):
    before = {address: client.get(address) for address in everything(published)}
    forged = published.frozen.replace("12 million", "21 million").replace("minutes", "ledger")
    forged = forged.replace('"url":"http://localhost', '"url":"http://evil.example')
    assert "evil" in forged
    as_superuser(("UPDATE factcheck_publication SET frozen = %s", forged))
    for address, response in before.items():
        after = again(client, address, response)
        if "sitemap" in address:
            continue
        assert after.status_code == 200, address
        assert "21 million" not in said(after), address
        assert "12 million" not in said(after), address
        assert "evil" not in said(after), address
        if "words" not in address:
            assert after["Cache-Control"] == "no-store", address
            assert "ETag" not in after
    assert "that was altered" in said(client.get(LIST))
    assert "that was altered" in said(client.get(page(published) + "card/"))
    for words in ("ledger", "minutes", "bridge"):
        found = client.get(LIST, {"words": words})
        assert "No fact-check fits." in said(found), words
        assert "that was altered" not in said(found)
    as_superuser(("UPDATE factcheck_publication SET frozen = %s", published.frozen))
    assert "12 million" in said(client.get(page(published)))
    # Something else behind it: the text is whole, and the machines do not get it any more.
    AuditFinding.objects.create(sentence="Its evidence was changed.", publication=published.pk)
    after = again(client, page(published), before[page(published)])
    assert (after.status_code, after["Cache-Control"], markup(after)) == (200, "no-store", None)
    assert entries(client) == elements(client) == {}


# --- the list ------------------------------------------------------------------------------------------------------


@pytest.fixture
def several(bob, carol, desk):
    """Three fact-checks: claims, speakers, outlets and findings of their own."""
    kept = []
    for statement, speaker, outlet, verdict, rating in (
        ("The ferries carried 900 passengers.", "Ada Lind", "The Daily Herald", "verified", 5),
        ("A ferry sank in May.", "Bo Moen", "Evening Post", "disputed", 1),
        ("The mill was sold.", "Adam Linde", "The Daily Herald", "unverifiable", None),
    ):
        article = factories.article(outlet=Outlet.objects.get_or_create(name=outlet)[0])
        claim = factories.claim(article, statement=statement)
        kept.append(publish(claim, bob, carol, statement=statement, speaker=speaker, verdict=verdict, rating=rating))
    return kept


def found(client, **asked) -> list[str]:
    source = said(client.get(LIST, asked))
    return re.findall(r'class="row__title"><a href="[^"]*">([^<]*)<', source)


def test_the_list_is_searched_by_words_finding_speaker_and_outlet(client, several):
    ferries, sank, mill = (each.content["statement"] for each in several)
    assert found(client) == [mill, sank, ferries]
    assert found(client, words="ferry") == [sank, ferries], "in their different endings"
    assert found(client, words="ferry -sank") == [ferries]
    assert found(client, words="Moen") == [sank]
    assert found(client, words="council's minutes") == [mill, sank, ferries], "in what we found"
    assert found(client, words="ferry", verdict="disputed") == [sank]
    assert found(client, speaker="lind") == [mill, ferries]
    assert found(client, outlet="daily h", verdict="unverifiable") == [mill]
    for asked in ({"words": "ledger"}, {"verdict": "nonsense"}, {"speaker": "%"}, {"words": "\0" * 9 + "'\\"}):
        assert found(client, **asked) == [], asked
        assert "No fact-check fits." in said(client.get(LIST, asked))
    assert 'value="lind"' in said(client.get(LIST, {"speaker": "lind"}))
    assert '<meta name="robots" content="noindex, follow">' in said(client.get(LIST, {"speaker": "lind"}))
    assert client.get(LIST, {"before": "x"}).status_code == 404


def test_a_narrowed_list_is_paged_and_taken_away_as_it_is_narrowed(client, several, monkeypatch, bob):
    monkeypatch.setattr("factcheck.web.pages.page_of.__defaults__", (1,))
    _, sank, _ = several
    first = said(client.get(LIST, {"words": "ferry"}))
    assert f'href="?words=ferry&before={sank.pk}"' in first
    assert found(client, words="ferry", before=sank.pk) == ["The ferries carried 900 passengers."]
    last = several[0].pk
    assert "No earlier fact-checks." in said(client.get(LIST, {"words": "ferry", "before": last}))
    sent = window(bob).post("/desk/export/fact-checks", {"form": "csv", "speaker": "moen"})
    assert b"".join(sent.streaming_content).decode().count("\n") == 2


# --- feeds and maps ------------------------------------------------------------------------------------------------


def test_the_feed_tells_of_a_correction_and_a_retraction_under_the_same_address(client, several, bob, carol, settings):
    first, second, third = several
    assert list(entries(client)) == [page(third), page(second), page(first)]
    corrected = publish(first.review.claim, bob, carol, statement="The ferries carried <9> & 90.\u0007", rating=5)
    retracted(second, carol)
    told = entries(client)
    assert list(told) == [page(second), page(first), page(third)], "the last change first"
    entry = told[page(first)]
    assert (entry.title, entry.id) == ("The ferries carried <9> & 90.", settings.PUBLIC_URL + page(first))
    assert datetime.fromisoformat(entry.published) == first.published_at
    assert datetime.fromisoformat(entry.updated) == corrected.published_at
    assert html.unescape(entry.summary) == "<p>Verified · True. The council's minutes give the sum.</p>"
    gone = told[page(second)]
    assert gone.title.startswith("Retracted: ")
    assert "another bridge" in gone.summary
    assert "Disputed" not in gone.summary
    assert feeds.read(client.get(ATOM).content, url=settings.PUBLIC_URL).entries[0].link.endswith(page(second))


def test_feeds_are_paged_without_a_gap_or_a_repetition(client, several, monkeypatch, settings):
    monkeypatch.setattr("factcheck.web.pages.page_of.__defaults__", (2,))
    one = feedparser.parse(client.get(ATOM).content).feed
    links = {link.rel: link.href.removeprefix(settings.PUBLIC_URL) for link in one.links}
    assert links["self"] == ATOM
    assert list(entries(client)) + list(entries(client, links["next"])) == [page(each) for each in reversed(several)]
    following = re.fullmatch(r'<(.+)>; rel="next"', client.get(DATAFEED)["Link"])[1].removeprefix(settings.PUBLIC_URL)
    assert list(elements(client)) + list(elements(client, following)) == [page(each) for each in reversed(several)]
    assert "Link" not in client.get(following)
    for place in ("x", "1-2-3", "9" * 18 + "-1", "1-" + "9" * 19):
        assert client.get(ATOM, {"before": place}).status_code == 404, place


def test_the_data_feed_has_the_markup_of_the_pages_and_is_read_as_such(client, several, carol):
    retracted(several[1], carol)
    response = client.get(DATAFEED)
    assert response["Content-Type"] == "application/ld+json"
    feed, shown = response.json(), elements(client)
    assert list(strange({**feed, "dataFeedElement": list(shown.values())})) == []
    assert feed["dateModified"] == shown[page(several[1])]["dateModified"] == shown[page(several[1])]["dateDeleted"]
    for each in several:
        on_page = markup(client.get(page(each)))
        assert shown[page(each)].get("item") == ([on_page] if on_page else None)
    records = [record for record in claimreviews.read(response.content) if isinstance(record, claimreviews.Record)]
    assert [record.claim_reviewed for record in records] == [
        "The mill was sold.",
        "The ferries carried 900 passengers.",
    ]


def test_the_sitemap_names_each_address_once_with_its_last_change(client, several, bob, carol, monkeypatch):
    first, second, third = several
    corrected = publish(first.review.claim, bob, carol)
    found = places(client, "/sitemaps/1.xml")
    assert list(found) == [LIST, page(second), page(third), page(first)]
    assert found[page(first)] == corrected.published_at.isoformat(timespec="seconds")
    assert list(places(client, "/sitemap.xml")) == ["/sitemaps/1.xml"]
    monkeypatch.setattr(reach, "PART", third.pk)
    caches["pages"].clear()
    index = client.get("/sitemap.xml")
    assert list(places(client, "/sitemap.xml")) == ["/sitemaps/1.xml", "/sitemaps/2.xml"]
    assert list(places(client, "/sitemaps/2.xml")) == [page(first)]
    factories.takedown(corrected.review, carol)  # and so of the second part nothing is left
    assert again(client, "/sitemap.xml", index).status_code == 200
    assert list(places(client, "/sitemap.xml")) == ["/sitemaps/1.xml"]
    assert client.get("/sitemaps/2.xml").status_code == 404
    for nothing in ("/sitemaps/3.xml", "/sitemaps/0.xml", f"/sitemaps/{9**30}.xml"):
        assert client.get(nothing).status_code == 404
    robots = said(client.get("/robots.txt"))
    assert re.search(r"^Sitemap: http\S+/sitemap\.xml$", robots, re.M)
    assert "Disallow: /accounts/" in robots


def test_what_is_kept_from_search_engines_has_no_word_where_they_look(client, claim, bob, carol, desk):
    publish(claim, bob, carol)
    note = "Carl Nilsson counted it anew."
    quiet = publish(claim, bob, carol, statement="The bridge of Carl Nilsson cost 12 million.", change_note=note)
    assert '<meta name="robots" content="noindex">' in said(client.get(page(quiet)))
    assert entries(client) == elements(client) == {}
    assert list(places(client, "/sitemaps/1.xml")) == [LIST]

    def name_nobody() -> None:
        for address in ("/", LIST, "/corrections/"):
            shown = said(client.get(address))
            assert page(quiet) in shown, address
            assert "noindex" not in shown, address
            assert "Nilsson" not in shown, address
            assert note not in shown, address

    name_nobody()
    assert "A fact-check that names a private person" in said(client.get(LIST))
    assert found(client, words="bridge") == ["The bridge of Carl Nilsson cost 12 million."], "on a page of no index"
    retracted(quiet, carol)
    name_nobody()
    assert "of another bridge" not in said(client.get("/corrections/")), "a reason may name them too"
    initials = publish(claim, bob, carol, statement="The bridge cost 12 million.", change_note="Initials.")
    assert list(entries(client)) == [page(initials)]
    corrections = said(client.get("/corrections/"))
    assert "Initials." in corrections
    assert "Nilsson" not in corrections


# --- on other people's pages ---------------------------------------------------------------------------------------


def test_the_card_alone_may_stand_in_a_frame(client, published, carol):
    for address in everything(published):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        if address.endswith("card/"):
            assert "frame-ancestors *" in policy
            assert "X-Frame-Options" not in response
            assert "default-src 'self'" in policy
        else:
            assert "frame-ancestors 'none'" in policy
            assert response["X-Frame-Options"] == "DENY"
    card = said(client.get(page(published) + "card/"))
    assert "The bridge cost 12 million euros." in card
    assert "<script" not in card
    retracted(published, carol)
    card = said(client.get(page(published) + "card/"))
    assert re.search(r'<span class="retracted">Retracted</span> <s>Verified', card)
    assert client.get("/fact-checks/nothing/card/").status_code == 404


def test_what_is_to_be_copied_is_one_frame_whatever_the_claim_says(client, claim, bob, carol, desk, settings):
    published = publish(claim, bob, carol, statement=ATTACK)
    source = client.get(page(published)).content.decode()
    copied = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", source, re.S)[1])
    [frame] = fragments_fromstring(copied)
    assert (frame.tag, len(frame), frame.tail) == ("iframe", 0, None)
    assert frame.get("src") == f"{settings.PUBLIC_URL}{page(published)}card/"
    assert frame.get("title") == f"Fact-check: {ATTACK}"


def test_another_public_url_changes_no_address_that_is_in_the_markup(client, published, settings):
    before, settings.PUBLIC_URL = settings.PUBLIC_URL, "https://new.example.org"
    shown = client.get(page(published))
    known = before + page(published)
    assert markup(shown)["url"] == known
    for tag in (f'rel="canonical" href="{known}"', f'property="og:url" content="{known}"'):
        assert tag in shown.content.decode()
    assert f"https://new.example.org{page(published)}card/" in said(shown), "where it can be had now"
    assert entries(client)[page(published)].id == known
    [element] = client.get(DATAFEED).json()["dataFeedElement"]
    assert element["url"] == element["item"][0]["url"] == known


def test_a_shared_link_has_the_claim_and_the_finding(client, published, carol, settings):
    def told() -> dict[str, str]:
        source = client.get(page(published)).content.decode()
        found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', source)
        return {name: html.unescape(value) for name, value in found}

    head = told()
    assert head["og:title"] == "The bridge cost 12 million euros."
    assert head["description"] == head["og:description"] == "Verified · True. The council's minutes give the sum."
    assert head["og:url"] == settings.PUBLIC_URL + page(published)
    assert head["article:modified_time"] == head["article:published_time"]
    assert f'type="application/atom+xml" title="Fact-checks" href="{ATOM}"' in said(client.get(page(published)))
    retracted(published, carol)
    head = told()
    assert head["og:title"] == "Retracted: The bridge cost 12 million euros."
    assert head["description"] == "This fact-check is retracted. The minutes were of another bridge."
    assert head["article:modified_time"] > head["article:published_time"]
