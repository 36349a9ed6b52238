"""Searches outside: what leaves the house, whose turn it is, and what becomes of what is found."""

import json
import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, NoAnswer, NotAllowed, Refused
from factcheck.models import (
    Article,
    AuditEntry,
    AuditText,
    Import,
    Job,
    Outlet,
    Passage,
    Search,
    Source,
    Suggestion,
    Turns,
)
from factcheck.workflow import fetches, imports, jobs, lists, searches, snapshots, steps, turns
from factcheck.workflow.articles import decide_outside_search, keep_confidential
from factcheck.workflow.source_documents import add_address
from factcheck.workflow.transitions import change
from tests import factories
from tests.fetching.conftest import Site, answer
from tests.models.asking import side_by_side, wait_until
from tests.retrieval import answers

pytestmark = [pytest.mark.database, pytest.mark.django_db]

STATEMENT = "[The city] opened a bridge; it cost 40 million euros, she [Ada Berg] said."
SENT = "The city opened a bridge; it cost 40 million euros, Ada Berg said."


@pytest.fixture
def service(settings):
    """Google and a Wikipedia, on one server of the tests'."""
    running = Site()
    settings.PROVIDERS = {
        "google_factcheck": {"url": running.url, "key": "AIza-of-the-tests-0123456789", "per_minute": 6000},
        "wikipedia": {"url": running.url, "contact": "d@example.org", "languages": ["en"], "per_minute": 6000},
    }
    says(running, answers.GOOGLE)
    yield running
    running.close()


def says(service, said, status=200, *headers):
    service.pages[""] = answer(status, json.dumps(said).encode(), *headers, kind="application/json")


@pytest.fixture
def claim(db):
    return factories.claim(statement=STATEMENT)


@pytest.fixture
def asked(service, claim):
    """(search, job) of Google, queued."""
    return queued(claim)


def queued(claim):
    with change(claim.article_id):
        searches.enqueue([claim], Article.objects.get(pk=claim.article_id), queue="fetch")
    search = Search.objects.get(claim=claim, provider="google_factcheck")
    return search, Job.objects.get(kind="search", target=search.pk)


def performed(row):
    """The job was done as far as it could be; the row as it is now."""
    Job.objects.filter(kind="search", target=row.pk, state="queued").update(due_at=Now() - timedelta(seconds=1))
    steps.perform(Job.objects.get(kind="search", target=row.pk).pk)
    row.refresh_from_db()
    return Job.objects.get(kind="search", target=row.pk)


# --- what is sent, and what comes of it ----------------------------------------------------------------------------


def test_what_is_sent_is_recorded_and_what_is_found_is_suggested(service, claim, asked):
    search, _job = asked
    assert (search.words, search.sendings) == (SENT, 0)
    assert performed(search).state == "done"
    assert (search.outcome, search.found, search.sendings) == ("found", 2, 1)
    entry = AuditEntry.objects.get(verb="search.sent")
    assert (entry.chain, entry.new) == (str(claim.article.uuid), search.sent_to)
    assert AuditText.objects.get(entry_id=entry.pk).text == SENT
    assert search.sent_to == service.url.removeprefix("http://")
    first, second = Suggestion.objects.filter(claim=claim).order_by("rank")
    assert (first.provider, first.score > second.score) == ("google_factcheck", True)
    assert first.model_version == "google_factcheck v1alpha1"
    assert first.features["rating"] == "Pants on fire, and then some"
    assert first.features["names"] == ["Ada", "Berg"]
    source = first.passage.source
    assert (source.seen, source.kind, source.published) == ("found", "fact_check", "2024-05-14")
    assert (source.outlet.name, first.passage.wording) == ("Lake Check", "summary")
    assert not Job.objects.filter(kind="index").exists(), "what nobody has read does not join the library"
    queued(claim)
    assert Search.objects.count() == 2, "the same words are not asked twice"


def test_the_page_of_the_article_is_no_find_however_a_link_writes_it(service, claim, asked):
    Article.objects.filter(pk=claim.article_id).update(url="http://www.lakecheck.example/bridge/?utm_source=letter#top")
    performed(asked[0])
    url = Suggestion.objects.get(claim=claim).passage.source.url
    assert (url, Search.objects.get(pk=asked[0].pk).found) == ("https://faktum.example/40", 1)


def test_a_page_of_the_library_stands_for_itself(service, claim, asked):
    known = factories.source(passages=("Nothing of it.", "A bridge of 40 million euros was opened."))
    url = answers.GOOGLE["claims"][0]["claimReview"][0]["url"]
    Source.objects.filter(pk=known.pk).update(url=url)
    performed(asked[0])
    suggestion = Suggestion.objects.get(claim=claim, rank=1)
    assert suggestion.passage == known.passages.get(position=2)
    assert Passage.objects.filter(source=known).count() == 2


def test_what_is_found_for_an_article_that_became_confidential_stays_with_it(service, claim, asked, carol):
    """It was sent in time; what comes back is kept where only its readers see it."""
    _search, job = asked
    taken = jobs.take(job.pk)
    answer_of_it = searches.send(taken)
    keep_confidential(claim.article, by=carol, seen=claim.article.version, readers=[carol])
    with change(job.article_id):
        jobs.finish(taken)
        searches.store(taken, answer_of_it)
    for suggestion in Suggestion.objects.filter(claim=claim):
        assert suggestion.passage.source.confidential_with == claim.article
    assert not Outlet.objects.exists()
    assert not AuditEntry.objects.filter(chain="desk").exists()
    assert AuditEntry.objects.filter(verb="search.found", chain=str(claim.article.uuid)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_list_and_a_search_that_meet_the_same_address_at_once_add_it_once(service, claim, asked, bob):
    """The search has added it and not committed yet when the list comes to it: the list waits, and takes it up."""
    _search, job = asked
    row = {"title": "Ours", "url": "https://lakecheck.example/bridge", "text": "It cost 12 million.", "kind": "primary"}
    listed = lists.rows_of(json.dumps({**row, "seen": "page"}).encode(), "list.jsonl")
    made = imports.begin(Import.Kind.SOURCES, listed, by=bob, name="list.jsonl")
    of_list = Job.objects.get(kind="import", target=made.pk)
    taken = jobs.take(job.pk)
    found = searches.send(taken)
    met = threading.Event()

    def search():
        with change(claim.article_id):
            jobs.finish(taken)
            searches.store(taken, found)
            met.set()
            wait_until(waits_for_a_lock)

    def take_in():
        assert met.wait(20)
        steps.perform(of_list.pk)

    assert side_by_side(search, take_in) == [None, None]
    [source] = Source.objects.filter(url=row["url"])
    assert (source.title, source.seen, made.rows.get().state) == ("Ours", "page", "added")
    assert Suggestion.objects.filter(claim=claim, passage__source=source).exists()


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


# --- once more ----------------------------------------------------------------------------------------------------


def state_of(claim):
    state = searches.states([claim])[claim.pk][0]
    return state.state, state.search.pk, state.answer and state.answer.pk


def test_a_service_that_has_answered_is_asked_again_by_a_person(service, claim, asked, bob, alice):
    """Found, then empty, then failed: each is told beside the newest answer, and nothing is suggested twice."""
    first, _job = asked

    def again(by=bob, provider="google_factcheck", seen=claim.version):
        return searches.ask_again(claim, provider, by=by, seen=seen)

    with pytest.raises(Refused, match="has not answered yet"):
        again()
    performed(first)
    with pytest.raises(NotAllowed):
        again(by=alice)
    with pytest.raises(Conflict):
        again(seen=claim.version + 1)
    with pytest.raises(BadInput, match="not switched on"):
        again(provider="searxng")
    second = again()
    assert state_of(claim) == ("pending", second.pk, first.pk)
    entry = AuditEntry.objects.get(verb="search.asked")
    assert (entry.actor, entry.subject_id, entry.chain) == (bob.pk, second.pk, str(claim.article.uuid))
    with pytest.raises(Refused) as refused:
        again()
    assert refused.value.rule == "the_same_is_asked_once"
    Turns.objects.update(free_at=Now() + timedelta(minutes=5))
    assert (performed(second).state, second.sendings) == ("queued", 0), "it waits for its turn like any other"
    Turns.objects.update(free_at=Now())
    assert performed(second).state == "done"
    assert state_of(claim) == ("found", second.pk, second.pk)
    assert Suggestion.objects.filter(claim=claim).count() == 2, "what was suggested already is not suggested again"
    third = again()
    Turns.objects.update(free_at=Now())
    says(service, {})
    performed(third)
    assert state_of(claim) == ("empty", third.pk, third.pk)
    fourth = again()
    Turns.objects.update(free_at=Now())
    says(service, {}, 403)
    assert performed(fourth).state == "dead"
    assert state_of(claim) == ("failed", fourth.pk, third.pk)
    before = Search.objects.count()
    with change(claim.article_id):
        searches.enqueue([claim], claim.article, queue="fetch")
    assert Search.objects.count() == before, "the desk by itself asks once"
    Article.objects.filter(pk=claim.article_id).update(outside_search="never")
    with pytest.raises(Refused, match="never sent outside"):
        again(provider="wikipedia")


# --- what must not leave ---------------------------------------------------------------------------------------------


def test_an_address_that_waits_to_be_read_is_still_read_when_a_service_finds_it(service, claim, asked):
    search, _job = asked
    source = add_address(by=None, url="https://lakecheck.example/bridge", kind="secondary")
    assert performed(search).state == "done"
    [told] = source.passages.all()
    assert told.wording == "summary"
    read = Job.objects.get(kind="read", target=source.pk)
    Job.objects.filter(pk=read.pk).update(state="running", lease_until=Now() + timedelta(minutes=1), attempts=1)
    read.refresh_from_db()
    with change():
        url = source.url
        came = fetches.read(b"It cost 12 million.", "text/plain", url=url, final_url=url, charset="", headers=[])
        snapshots.store(read, came)
    source.refresh_from_db()
    assert (source.seen, source.passages.count()) == ("page", 2)
    assert source.passages.get(position=2).text == "It cost 12 million."


def test_what_a_confidential_search_tells_of_a_page_stays_with_it(service, claim, asked, carol):
    search, job = asked
    page = Source.objects.create(title="Known", url="https://lakecheck.example/bridge", kind="fact_check", seen="found")
    job.refresh_from_db()
    taken = jobs.take(job.pk)
    answer = searches.send(taken)
    keep_confidential(claim.article, by=carol, seen=claim.article.version, readers=[carol])
    with change(claim.article_id):
        jobs.finish(taken)
        searches.store(taken, answer)
    assert not page.passages.exists(), "everybody reads the passages of the library"
    assert search.claim.suggestions.count() == 2
    assert {row.passage.source.confidential_with for row in search.claim.suggestions.all()} == {claim.article}


def test_nothing_of_an_article_that_stays_is_even_queued(service):
    claim = factories.claim(of=factories.article(outside_search="never"))
    with change(claim.article_id):
        searches.enqueue([claim], claim.article, queue="fetch")
    assert not Search.objects.exists()
    with pytest.raises(IntegrityError):
        Search.objects.create(claim=claim, provider="wikipedia", words="bridge")


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        (lambda claim: Article.objects.filter(pk=claim.article_id).update(outside_search="never"), "stays"),
        (lambda claim: type(claim).objects.filter(pk=claim.pk).update(statement="Other words."), "dropped"),
    ],
)
def test_what_changed_while_the_search_waited_is_not_sent(service, claim, asked, changed, outcome):
    changed(claim)
    assert performed(asked[0]).state == "done"
    assert (asked[0].outcome, asked[0].sendings) == (outcome, 0)
    assert service.accepted == 0


def test_people_decide_whether_an_article_stays(service, claim, asked, carol, bob):
    article = decide_outside_search(claim.article, by=carol, seen=claim.article.version, allowed=False)
    assert performed(asked[0]).state == "done"
    assert (asked[0].outcome, service.accepted) == ("stays", 0)
    assert searches.states([claim])[claim.pk][0].state == "stays"
    with pytest.raises(Conflict):
        decide_outside_search(article, by=carol, seen=article.version - 1, allowed=True)
    article = decide_outside_search(article, by=carol, seen=article.version, allowed=True)
    assert Job.objects.filter(kind="suggest", target=article.current.pk, state="queued").exists(), "it is asked anew"
    queued(factories.claim(article))
    assert list(AuditEntry.objects.filter(verb="article.outside_search").order_by("pk").values_list("old", "new")) == [
        ("allowed", "never"),
        ("never", "allowed"),
    ]
    keep_confidential(article, by=carol, seen=article.version, readers=[carol])
    with pytest.raises(BadInput, match="never sent outside"):
        decide_outside_search(article, by=carol, seen=article.version, allowed=True)


def test_a_claim_that_cannot_be_checked_is_not_asked_about(service):
    claim = factories.claim(checkworthiness=0.0)
    with change(claim.article_id):
        searches.enqueue([claim], claim.article, queue="fetch")
    assert not Search.objects.exists()


# --- failures ------------------------------------------------------------------------------------------------------


def test_a_refusal_is_a_failed_job_and_no_answer(service, asked):
    says(service, {}, 403)
    job = performed(asked[0])
    assert (job.state, job.attempts, asked[0].outcome) == ("dead", 1, "")
    assert "403" in job.last_error


def test_who_asks_to_come_back_later_is_left_alone_by_everybody(service, claim, asked):
    says(service, answers.GOOGLE_TOO_OFTEN, 429, "Retry-After: 600")
    job = performed(asked[0])
    assert (job.state, job.attempts, asked[0].sendings) == ("queued", 1, 1)
    assert job.due_at - job.created_at >= timedelta(seconds=600)
    other, _job = queued(factories.claim(statement="Another bridge."))
    waits = performed(other)
    assert (waits.state, waits.attempts, waits.last_error) == ("queued", 0, ""), "waiting is no attempt and no failure"
    assert waits.due_at - waits.created_at >= timedelta(seconds=599)
    assert service.accepted == 1


def test_the_breaker_opens_lets_one_try_and_closes(service, settings):
    boom = NoAnswer("away", "timeout", retry=True)
    for _ in range(turns.FAILURES):
        assert turns.wait("wikipedia") is None
        turns.failed("wikipedia", boom)
        Turns.objects.update(free_at=Now())
    assert timedelta(seconds=50) < turns.wait("wikipedia") <= turns.OPEN
    over = {"open_until": Now() - timedelta(seconds=1), "free_at": Now()}
    Turns.objects.update(**over)
    assert turns.wait("wikipedia") is None, "one tries"
    Turns.objects.update(free_at=Now())
    assert turns.wait("wikipedia") > timedelta(seconds=settings.SEARCH_DEADLINE), "the others wait for it"
    turns.failed("wikipedia", boom)
    assert timedelta(seconds=110) < turns.wait("wikipedia") <= 2 * turns.OPEN
    Turns.objects.update(**over)
    assert turns.wait("wikipedia") is None
    turns.answered("wikipedia")
    Turns.objects.update(free_at=Now())
    assert turns.wait("wikipedia") is None
    Turns.objects.update(
        open_until=Now() - timedelta(seconds=1), probe_until=Now() - timedelta(seconds=1), free_at=Now()
    )
    assert turns.wait("wikipedia") is None, "a trial that was lost with its worker is made again"


def test_each_who_waits_is_named_a_time_of_their_own(settings):
    settings.PROVIDERS = {"searxng": {"url": "http://127.0.0.1:1", "per_minute": 6}}
    assert turns.wait("searxng") is None
    assert [turns.wait("searxng").total_seconds() for _ in range(3)] == pytest.approx([10, 20, 30], abs=4)
    for _ in range(20):
        in_bulk = turns.wait("searxng", bulk=True).total_seconds()
    assert in_bulk == pytest.approx(200, abs=4)
    assert turns.wait("searxng").total_seconds() == pytest.approx(40, abs=4), "nobody stands behind what came in bulk"


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_limit_and_lose_no_attempt(service, settings):
    """Six searches, two workers on connections of their own, one call in a minute: one call, and five that wait."""
    settings.PROVIDERS["google_factcheck"]["per_minute"] = 1
    del settings.PROVIDERS["wikipedia"]
    article = factories.article()
    claims = [factories.claim(of=article, statement=f"The bridge cost {number} euros.") for number in range(6)]
    with change(article.pk):
        searches.enqueue(claims, article, queue="fetch")
    keys = list(Job.objects.filter(kind="search").order_by("pk").values_list("pk", flat=True))
    start = threading.Barrier(2)

    def work(some):
        start.wait()
        for key in some:
            steps.perform(key)
        connection.close()

    workers = [threading.Thread(target=work, args=(some,)) for some in (keys, keys[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert service.accepted == 1
    states = sorted(Job.objects.values_list("state", "attempts"))
    assert states == [("done", 1), *[("queued", 0)] * 5]
    times = list(Job.objects.filter(state="queued").order_by("due_at").values_list("due_at", flat=True))
    assert all(later - earlier >= timedelta(seconds=59) for earlier, later in pairwise(times))


def test_a_worker_that_is_lost_between_search_and_save_loses_nothing_and_doubles_nothing(service, claim, asked):
    search, job = asked
    lost = jobs.take(job.pk)
    searches.send(lost)
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    jobs.sweep()
    assert performed(search).state == "done"
    assert (search.outcome, search.sendings) == ("found", 2)
    assert AuditEntry.objects.filter(verb="search.sent").count() == 2, "it left the house twice, and the trail says so"
    assert Suggestion.objects.filter(claim=claim).count() == 2
    with pytest.raises(jobs.LeaseLost):  # the lost worker wakes up: it neither sends again nor writes
        searches.send(lost)
    assert service.accepted == 2
