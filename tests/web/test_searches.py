"""Services outside on the page of a claim, and from a page that nobody has read to evidence."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from factcheck.models import Article, Evidence, Job, Passage, Search, Snapshot, Source, Suggestion, Turns
from factcheck.workflow import steps
from tests import factories
from tests.fetching.conftest import answer
from tests.web.conftest import ATTACK, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ARTICLE = "<p>It was opened on 6 May by Ada Lind, and cost 12 million\neuros &amp; a little more.</p>"
PAGE = f"<html><head><title>Bridges</title></head><body><article><h1>Bridges</h1><h2>Lindau</h2>{ARTICLE * 3}</article>"


def page_of(client, claim) -> str:
    return said(client.get(f"/claims/{claim.pk}/"))


def outside(claim, provider, state, **fields) -> Job:
    search = factories.search(claim, provider=provider, sent=state != "queued")
    job = Job.objects.create(kind="search", target=search.pk, queue="fetch", article=claim.article, max_attempts=1)
    if state != "queued":
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=Now())
    if state in ("done", "dead"):
        ended = {"finished_at": Now()} if state == "done" else {"last_error": f"It is away. {ATTACK}"}
        Job.objects.filter(pk=job.pk).update(state=state, lease_until=None, **ended)
    Search.objects.filter(pk=search.pk).update(**fields)
    job.refresh_from_db()
    return job


def test_pending_failed_empty_and_found_are_four_things(claim, bob, carol):
    client = window(bob)
    assert "Services outside" not in page_of(client, claim), "not configured is not worth a word"
    outside(claim, "google_factcheck", "queued")
    outside(claim, "wikipedia", "done", outcome="empty")
    failed = outside(claim, "searxng", "dead")
    page = page_of(client, claim)
    for words in (
        "Google Fact Check Tools: under way", "It waits for its turn", "Wikipedia: nothing found",
        "It was asked and found nothing.", "That is not the same as finding nothing.", "It is away.",
        "en.wikipedia.org", "bridge OR mayor",
    ):  # fmt: skip
        assert words in page, words
    assert "<img src=x" not in client.get(f"/claims/{claim.pk}/").content.decode()
    assert "/replay" not in page
    again = window(carol).post(f"/jobs/{failed.pk}/replay", {"seen": failed.attempts})
    assert again.url == f"/claims/{claim.pk}/#suggestions"
    page = page_of(client, claim)
    assert "so far there is no answer:" in page
    assert "It is away." in page
    Job.objects.filter(pk=failed.pk).update(last_error="")
    Turns.objects.create(provider="searxng", open_until=Now() + timedelta(minutes=5))
    assert "The service has not answered lately" in page_of(client, claim)
    assert "Ask a service outside" not in said(client.get(f"/articles/{claim.article_id}/"))


def test_what_has_answered_is_asked_again_by_its_button(claim, bob, alice, settings):
    settings.PROVIDERS = {**factories.SEARXNG, "wikipedia": {"url": "http://127.0.0.1:1", "languages": ["en"]}}
    outside(claim, "wikipedia", "done", outcome="found", found=2)
    client, address = window(bob), f"/claims/{claim.pk}/ask-again"
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert re.findall(r'form="ask-again" name="provider" value="(\w+)"', page) == ["wikipedia", "searxng"]
    assert 'name="provider"' not in window(alice).get(f"/claims/{claim.pk}/").content.decode(), "she decides nothing"
    sent = {"seen": claim.version, "provider": "wikipedia"}
    assert client.post(address, sent).url == f"/claims/{claim.pk}/#outside"
    page = page_of(client, claim)
    assert "Wikipedia: under way" in page
    assert re.search(r"The last answer, to what was sent on [^:]+:[^<]* 2 pages found", page)
    again = client.post(address, sent)
    assert (again.status_code, "has not answered yet" in said(again)) == (422, True)
    assert client.post(address, {**sent, "seen": 99}).status_code == 409
    Article.objects.filter(pk=claim.article_id).update(outside_search="never")
    shut = client.post(address, {**sent, "provider": "searxng"})
    assert (shut.status_code, "are never sent outside" in said(shut)) == (422, True)


def test_an_article_that_stays_says_so(bob, settings):
    settings.PROVIDERS = factories.SEARXNG
    claim = factories.claim(of=factories.article(outside_search="never"))
    assert "Services outside are not asked: this article stays in the house." in page_of(window(bob), claim)


def test_who_sends_an_article_in_decides_whether_it_stays(bob, alice):
    client = window(alice)
    address = client.post("/articles/", {"text": factories.TEXT, "stays": "on"}).url
    article = Article.objects.get()
    assert article.outside_search == "never"
    form = client.get(address).content.decode()
    assert re.search(r'<input type="checkbox" name="stays"[^>]* checked', form)
    assert 'name="stays"' not in window(bob).get(address).content.decode(), "it is not his"
    client.post(f"{address}outside-search", {"seen": article.version})
    article.refresh_from_db()
    assert article.outside_search == "allowed"
    late = client.post(f"{address}outside-search", {"seen": article.version - 1, "stays": "on"})
    assert late.status_code == 409


@pytest.fixture
def found(claim, site):
    site.pages["/bridges"] = answer(200, PAGE.encode())
    return factories.found(claim, url=f"{site.url}/bridges")


def fetched(client, suggestion) -> Job:
    asked = client.post(f"/suggestions/{suggestion.pk}/fetch", {"seen": suggestion.version})
    assert asked.status_code == 302
    job = Job.objects.get(kind="read")
    steps.perform(job.pk)
    job.refresh_from_db()
    return job


def accepted(client, suggestion, exact):
    return client.post(
        f"/suggestions/{suggestion.pk}/accept", {"seen": suggestion.version, "stance": "supports", "exact": exact}
    )


def test_a_page_that_was_found_is_fetched_and_its_words_are_evidence_as_fetched(claim, bob, found):
    client = window(bob)
    page = page_of(client, claim)
    assert "Found by a search service; nobody has read it yet" in page
    assert f'action="/suggestions/{found.pk}/fetch"' in page
    assert fetched(client, found).state == "done"
    snapshot = Snapshot.objects.get()
    assert snapshot.origin == "fetched"
    source = Source.objects.get(pk=found.passage.source_id)
    assert source.seen == "page"
    for passage in Passage.objects.filter(source=source, wording="original"):
        assert passage.text in snapshot.text
        assert passage.heading == "Bridges of the lake › Lindau"
    assert Job.objects.filter(kind="index", target=source.pk, state="queued").exists(), "now it joins the library"
    assert "The page was fetched" in page_of(client, claim)
    refused = accepted(client, found, "It cost 13 million euros.")
    assert refused.status_code == 422
    assert "do not stand in the page as it was fetched" in said(refused)
    assert "It cost 13 million euros." in said(refused)
    accepted(client, found, "cost  12 million\r\neuros & a little")
    piece = Evidence.objects.get()
    assert (piece.snapshot, piece.suggestion) == (snapshot, found)
    assert piece.exact in snapshot.text
    assert piece.exact.split() == ["cost", "12", "million", "euros", "&", "a", "little"]
    assert 'origin--fetched">Fetched<' in client.get(f"/claims/{claim.pk}/").content.decode()


def test_a_page_that_cannot_be_fetched_says_nothing_and_its_words_may_be_pasted(claim, bob, found, site):
    client = window(bob)
    site.pages["/bridges"] = answer(404)
    assert fetched(client, found).state == "dead"
    page = page_of(client, claim)
    assert "The page could not be fetched.</strong> This says nothing about the claim." in page
    assert "(404)" in page
    assert Source.objects.get(pk=found.passage.source_id).seen == "found"
    site.pages["/bridges"] = answer(200, b"%PDF-1.4 not one", kind="application/pdf")
    assert fetched(client, found).state == "dead", "asked for once more, it is the same job"
    accepted(client, found, "It cost 12 million euros.")
    piece = Evidence.objects.get()
    assert (piece.snapshot.origin, piece.exact) == ("pasted", "It cost 12 million euros.")
    assert "Pasted, not fetched" in page_of(client, claim)


def test_only_one_fetch_of_a_page_is_under_way(claim, bob, found):
    client = window(bob)
    sent = {"seen": found.version}
    client.post(f"/suggestions/{found.pk}/fetch", sent)
    assert "The page is being fetched." in page_of(client, claim)
    again = client.post(f"/suggestions/{found.pk}/fetch", sent)
    assert again.status_code == 422
    assert "being fetched already" in said(again)
    Suggestion.objects.filter(pk=found.pk).update(rank=2)
    assert client.post(f"/suggestions/{found.pk}/fetch", sent).status_code == 409
    assert Job.objects.filter(kind="read").count() == 1
