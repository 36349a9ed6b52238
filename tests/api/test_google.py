"""Google's own client library asks us as it asks Google: by its bundled discovery document, with another host."""

import logging
from contextlib import ExitStack
from datetime import timedelta

import pytest
import requests
from django.test import Client as Browser
from django.utils import timezone
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from httplib2 import Http

from factcheck.models import Job, Passage
from factcheck.retrieval import lexical
from factcheck.workflow import publications, steps, takedowns
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db(transaction=True)]


def theirs(claim, number=1, **fields):
    """Another publisher's, made searchable."""
    said = {"publisher": "Checkers", "site": "checks.example.org", "language": "en", "review_date": "2024-05-14"}
    row = factories.fact_check(claim_reviewed=claim, title=f"No. {number}", **{**said, **fields})
    lexical.count([row.source.passages.get().pk])
    return row


@pytest.fixture
def asking(live_server):
    """asking(key): claims() of Google's library, at our door."""

    with ExitStack() as opened:

        def claims(key):
            options = {"api_endpoint": live_server.url}
            service = build(
                "factchecktools",
                "v1alpha1",
                http=Http(),
                developerKey=key,
                client_options=options,
                static_discovery=True,
            )
            return opened.enter_context(service).claims()

        yield claims


@pytest.fixture
def ours(bob, carol):
    """A publication, which joins the library by its own job."""
    factories.desk()
    review = factories.reviewed_until("approved", bob, carol)
    factories.nobody_asked(review, bob)
    return publications.publish(review, by=carol, seen=review.version)


def texts(answer):
    return [claim["text"] for claim in answer.get("claims", [])]


def test_a_program_for_googles_api_finds_what_is_public_here(asking, live_server, carol, bob, caplog):
    northwind = factories.partner()
    key, narrow = factories.api_key(northwind, "reviews:read"), factories.api_key(northwind, "articles:read")
    claims = asking(key)
    today = timezone.now()
    month = f"{today - timedelta(days=30):%Y-%m-%d}"
    full = {"claimant": "Ada Lind", "claim_date": "2024-05", "rating": "Half true"}
    bridge = theirs("The harbour bridge cost 12 million euros.", **full)
    theirs("Die Hafenbrücke kostete 12 million Euro, harbour.", 2, language="de-AT", site="prüfer.example")
    theirs("The harbour ferry sank twice.", 3, site="news.checks.example.org", review_date=month)
    for number in range(12):
        theirs(f"Turnips cured case {number} of gout.", number, review_date="")
    theirs("The harbour mayor lied.", only_with=factories.article(confidential=True, outside_search="never"))

    found = claims.search(query="cost of the harbour bridge").execute()
    assert found["claims"][0] == {
        "text": bridge.claim_reviewed,
        "claimant": "Ada Lind",  # of May 2024 no day can be told
        "claimReview": [
            {
                "publisher": {"name": "Checkers", "site": "checks.example.org"},
                "url": bridge.source.url,
                "title": "No. 1",
                "reviewDate": "2024-05-14T00:00:00Z",
                "textualRating": "Half true",
                "languageCode": "en",
            }
        ],
    }
    assert claims.search(query="volcanoes of Iceland").execute() == {}
    assert len(texts(claims.search(query="harbour").execute())) == 3
    assert texts(claims.search(query="harbour", languageCode="de").execute())[0].startswith("Die")
    assert len(texts(claims.search(query="harbour", reviewPublisherSiteFilter="checks.example.org").execute())) == 2
    assert texts(claims.search(query="harbour", maxAgeDays=31).execute()) == ["The harbour ferry sank twice."]
    newest = claims.search(reviewPublisherSiteFilter="https://www.checks.example.org/about").execute()
    assert (texts(newest)[0], len(texts(newest))) == ("The harbour ferry sank twice.", 10)

    request, pages = claims.search(query="turnips gout", pageSize=5), []
    while request is not None:
        pages.append(answer := request.execute())
        assert key not in str(answer)
        request = claims.search(query="turnips gout", pageSize=5, pageToken=answer.get("nextPageToken", ""))
        request = request if answer.get("nextPageToken") else None
    assert [len(texts(page)) for page in pages] == [5, 5, 2]
    assert len({text for page in pages for text in texts(page)}) == 12
    assert texts(claims.search(query="turnips gout", pageSize=5, offset=5).execute()) == texts(pages[1])
    assert len(texts(claims.search(query="turnips gout", pageSize=10_000).execute())) == 12

    token = pages[0]["nextPageToken"]
    for wrong, why in (
        ({}, "query"),
        ({"query": "x", "pageToken": token}, "pageToken"),
        ({"query": "turnips gout", "pageToken": "&"}, "pageToken"),
        ({"query": "x", "languageCode": "!"}, "languageCode"),
        ({"query": "x\0"}, "query"),
    ):
        with pytest.raises(HttpError) as refused:
            claims.search(**wrong).execute()
        assert (refused.value.status_code, refused.value.error_details[0]["fieldViolations"][0]["field"]) == (400, why)
    for wrong, status, name in (
        (None, 403, "PERMISSION_DENIED"),
        ("fck_x_y", 401, "UNAUTHENTICATED"),
        (narrow, 403, ""),
    ):
        with pytest.raises(HttpError) as refused:
            asking(wrong).search(query="harbour").execute()
        assert refused.value.status_code == status
        assert name in refused.value.content.decode()
    assert "reviews:read" in refused.value.reason
    with pytest.raises(HttpError, match="does not search for images"):
        claims.imageSearch(imageUri="https://example.org/x.jpg").execute()

    place = f"{live_server.url}/v1alpha1/claims:search"
    for headers in ({"X-Goog-Api-Key": key}, {"Authorization": f"Bearer {key}"}):
        assert len(requests.get(place, {"query": "harbour"}, headers=headers, timeout=9).json()["claims"]) == 3
    unknown = requests.get(place, {"query": "harbour", "verdict": "true", "key": key}, timeout=9)
    assert (unknown.status_code, key in unknown.text) == (400, False)
    elsewhere = requests.get(f"{live_server.url}/v1alpha1/pages", {"key": key}, timeout=9).json()
    assert (elsewhere["error"]["code"], elsewhere["error"]["status"]) == (404, "NOT_FOUND")
    browser = Browser()
    browser.force_login(bob)
    assert len(browser.get("/v1alpha1/claims:search?query=harbour").json()["claims"]) == 3
    assert browser.post("/v1alpha1/claims:search").json()["error"]["status"] == "UNIMPLEMENTED"
    assert "claims:search" in caplog.text
    assert key not in caplog.text


def test_of_our_own_only_what_stands_and_machines_may_name(asking, ours, bob, carol, settings):
    for job in Job.objects.filter(kind=Job.Kind.INDEX):
        steps.perform(job.pk)
    claims = asking(factories.api_key(factories.partner(), "reviews:read"))
    query = ours.content["statement"]
    [found] = claims.search(query=query).execute()["claims"]
    assert found["claimReview"][0]["url"] == ours.jsonld["url"]
    beside, vector = (
        theirs("Nobody paid for that crossing."),
        Passage.objects.filter(source__fact_check__publication=ours),
    )
    Passage.objects.filter(source=beside.source).update(embedding=vector.values("embedding")[:1])
    assert set(texts(claims.search(query=query).execute())) == {found["text"], beside.claim_reviewed}
    Passage.objects.filter(source=beside.source).update(embedding=None)
    assert found["claimReview"][0]["textualRating"] == ours.jsonld["reviewRating"]["alternateName"]

    review = ours.review
    publications.retract(review, by=carol, seen=review.version, reason="The minutes were forged.")
    assert claims.search(query=query).execute() == {}
    review.refresh_from_db()
    takedowns.take_down(review, by=carol, seen=review.version, reason="A court demands it.")
    assert claims.search(query=query).execute() == {}


def test_an_unexpected_error_tells_no_key(client, caplog, monkeypatch, settings):
    """Not the page for developers either, nor what a server knows of the address."""
    key = factories.api_key(factories.partner(), "reviews:read")
    monkeypatch.setattr("factcheck.api.google.ranked", lambda *_: 1 / 0)
    client.raise_request_exception = False
    for settings.DEBUG in (True, False):
        raw = f"/v1alpha1/claims:search?key={key}&query=what%3F&%6Bey={key}"
        answer = client.get(raw, REQUEST_URI=raw, RAW_URI=raw)
        assert answer.status_code == 500
        assert settings.DEBUG or answer.json()["error"]["status"] == "INTERNAL"
        assert key.rpartition("_")[2] not in answer.content.decode()
        assert "query=what%3F" in answer.wsgi_request.META["RAW_URI"]
        assert key not in str({**answer.wsgi_request.META, "HTTP_AUTHORIZATION": ""})
    assert caplog.records
    assert not [record for record in caplog.records if key in logging.Formatter().format(record)]


def test_a_password_alone_opens_this_door_no_further_than_the_others(client, carol, settings):
    settings.MFA_REQUIRED = True
    client.force_login(carol)
    answer = client.get("/v1alpha1/claims:search?query=harbour")
    assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
