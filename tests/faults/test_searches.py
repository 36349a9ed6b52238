"""A search outside under real workers: the service hangs, then the worker dies with the answer in its hands."""

import json
import threading

import pytest

from factcheck.models import Article, AuditEntry, Job, Search, Source, Suggestion
from factcheck.workflow import searches
from factcheck.workflow.audit import problems_of_chain
from factcheck.workflow.transitions import change
from tests import factories, workers
from tests.faults.test_worker import Hold
from tests.fetching.conftest import Site, answer
from tests.retrieval import answers

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def service():
    running = Site()
    yield running
    running.close()


def test_a_hanging_service_and_a_lost_worker_lose_nothing_and_double_nothing(start, service, settings):
    found = answer(200, json.dumps(answers.WIKIPEDIA).encode(), kind="application/json")
    asked, may_answer = threading.Event(), threading.Event()

    def behave(connection):
        if service.accepted == 1:
            may_answer.wait(4)  # longer than the desk waits
        elif service.accepted == 2:
            asked.set()
            may_answer.wait(20)
        connection.sendall(found)

    service.pages[""] = behave
    told = {"WIKIPEDIA_CONTACT": "desk@example.org", "WIKIPEDIA_URL": service.url, "WIKIPEDIA_PER_MINUTE": "6000"}
    told |= {"SEARCH_DEADLINE": "3", "JOB_TIME_LIMIT": "8", "JOB_LEASE": "9"}
    settings.PROVIDERS = {
        "wikipedia": {"url": service.url, "contact": "desk@example.org", "languages": ["en"], "per_minute": 6000}
    }
    claim = factories.claim(statement="The bridge of Lindau cost 40 million euros.")
    with change(claim.article_id):
        searches.enqueue([claim], Article.objects.get(pk=claim.article_id), queue="fetch")
    first = start(workers.worker, **told)
    start(workers.beat)
    workers.until(asked.is_set)
    job = Job.objects.get(kind=Job.Kind.SEARCH)
    assert "3 seconds" in job.last_error, "the first call was given up, and the job not"
    with Hold(claim.article) as hold:
        may_answer.set()
        workers.until(hold.waited_for)
        first.kill()
    assert Search.objects.get().outcome == ""
    start(workers.worker, **told)
    workers.until(lambda: Search.objects.get().outcome == "found")
    search = Search.objects.get()
    job.refresh_from_db()
    assert (job.state, job.attempts, search.sendings, service.accepted) == ("done", 3, 3, 3)
    assert AuditEntry.objects.filter(verb="search.sent").count() == 3
    assert Suggestion.objects.filter(claim=claim, provider="wikipedia").count() == search.found == 2
    assert Source.objects.filter(seen="found").count() == 2
    assert list(problems_of_chain(str(claim.article.uuid))) == []
