"""What somebody sees who sent in an article, when the worker dies in the middle of it."""

import re

import pytest
from playwright.sync_api import expect

from factcheck.models import Article, Job
from tests import workers
from tests.browser.conftest import browser, logs, stack, told, watch, window  # noqa: F401 - fixtures

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

VERDICTS = re.compile(r"verified|disputed|nothing was found|no source", re.IGNORECASE)


def test_a_page_tells_that_the_worker_died_and_comes_to_its_end_by_itself(start, window, alice, told):  # noqa: F811
    """Never a verdict, and never "no sources": a machine that died has found nothing out."""
    dying = start(workers.worker, JOB_TIME_LIMIT="2", JOB_LEASE="3")
    start(workers.beat)
    page = window(alice)
    page.goto("/articles/")
    page.get_by_label("Text", exact=True).fill("The mill by the river closed in 1990.")
    page.get_by_role("button", name="Take the article in").click()
    page.wait_for_url(re.compile(r"/articles/\d+/"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Being read: 0 of 2 steps done")
    workers.until(lambda: Job.objects.filter(kind=Job.Kind.SPLIT, state=Job.State.RUNNING).exists())
    dying.kill()
    expect(main).to_contain_text("came to no end, and waits for a worker", timeout=30_000)
    expect(main).not_to_contain_text(VERDICTS)
    start(workers.worker)
    expect(page.locator("mark.claim")).to_have_text("The mill by the river closed in 1990.", timeout=40_000)
    expect(main).not_to_contain_text("Being read", timeout=30_000)
    assert Job.objects.get(kind=Job.Kind.SPLIT).attempts == 2
    article = Article.objects.get()
    assert not article.jobs.exclude(state=Job.State.DONE).exists()
    page.locator("mark.claim a").click()
    expect(page.locator("#beside")).to_contain_text("The library was searched and nothing was found.")
