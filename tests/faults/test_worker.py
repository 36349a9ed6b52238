"""The sample article through a real worker, and what happens when parts of the machine die under it."""

import json
import os
import signal
import time

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from config.celery import app
from factcheck.models import Anchor, AuditEntry, Claim, Import, Job, Source, Suggestion
from factcheck.workflow import imports, jobs, lists
from factcheck.workflow.articles import ingest
from factcheck.workflow.audit import problems_of_chain
from factcheck.workflow.sources import add_source
from tests import workers

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

NOTHING = dict.fromkeys(("waiting", "added", "changed", "known", "refused", "repeated"), 0)
SAMPLE = (settings.BASE_DIR / "seeds" / "article.txt").read_bytes()


def library():
    for title, text in (
        (
            "Putin to pay state visit to China",
            "The Kremlin announced a state visit on 16-17 May 2024 on Xi's invitation.",
        ),
        ("Tariffs on Chinese goods", "Biden raises duties on $18 billion of Chinese imports to protect industries."),
    ):
        add_source(by=None, title=title, kind="primary", seen="page", passages=[(text, "original")])


def all_done():
    return not Job.objects.exclude(state=Job.State.DONE).exists()


def nothing_twice(article):
    """Every claim stands once, at its place, with each passage suggested at most once; the trail is whole."""
    text = article.current.text
    anchors = list(Anchor.objects.filter(claim__article=article))
    assert len(anchors) == Claim.objects.filter(article=article).count() > 10
    assert len({(anchor.start, anchor.end) for anchor in anchors}) == len(anchors)
    assert all(text[anchor.start : anchor.end] == anchor.exact for anchor in anchors)
    pairs = list(Suggestion.objects.filter(claim__article=article).values_list("claim", "passage"))
    assert len(pairs) == len(set(pairs)) > 0
    assert AuditEntry.objects.filter(chain=str(article.uuid), verb="article.split").count() == 1
    assert list(problems_of_chain(str(article.uuid))) == []


class Hold:
    """Hold a row, so that a job which comes to it stands still in mid-write, its result not yet stored."""

    def __init__(self, row):
        self.row = row
        self.connection = psycopg.connect(**connection.get_connection_params())

    def __enter__(self):
        table = self.row._meta.db_table
        self.connection.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [self.row.pk])
        return self

    def waited_for(self):
        """Somebody stands at the lock."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = current_user"
            )
            return cursor.fetchone()[0] > 0

    def __exit__(self, *exc):
        self.connection.close()


def test_the_sample_goes_through_a_real_worker_exactly_once(start):
    worker = start(workers.worker)
    library()
    article = ingest(SAMPLE, by=None)
    workers.until(all_done)
    nothing_twice(article)
    assert Suggestion.objects.filter(claim__article=article, passage__source__title="Tariffs on Chinese goods").exists()
    assert worker.pid != os.getpid()
    assert len(worker.family()) >= 2, "a prefork parent has children"
    assert not app.conf.task_always_eager


def test_messages_that_come_doubled_and_late_change_nothing(start):
    start(workers.worker)
    library()
    article = ingest(SAMPLE, by=None)
    for job in Job.objects.all():
        for _ in range(3):
            jobs._hint(job.pk, job.queue)
    workers.until(all_done)
    before = list(Suggestion.objects.values_list("pk", "version")), list(Job.objects.values_list("pk", "attempts"))
    for job in Job.objects.all():
        jobs._hint(job.pk, job.queue)
    time.sleep(1)
    assert before == (
        list(Suggestion.objects.values_list("pk", "version")),
        list(Job.objects.values_list("pk", "attempts")),
    )
    nothing_twice(article)


def test_a_worker_killed_in_mid_job_is_made_good_by_the_next(start):
    first = start(workers.worker, JOB_TIME_LIMIT="8", JOB_LEASE="9")
    library()
    article = ingest(SAMPLE, by=None)
    with Hold(article) as hold:
        workers.until(hold.waited_for)
        assert Job.objects.get(kind=Job.Kind.SPLIT).state == Job.State.RUNNING
        first.kill()
        assert not psutil.pid_exists(first.pid)
    start(workers.worker)
    start(workers.beat)
    workers.until(all_done)
    assert Job.objects.get(kind=Job.Kind.SPLIT).attempts == 2
    nothing_twice(article)


def test_a_worker_that_thaws_after_its_lease_writes_nothing(start):
    frozen = start(workers.worker, JOB_TIME_LIMIT="4", JOB_LEASE="5", DATABASE_IDLE_LIMIT="2")
    library()
    article = ingest(SAMPLE, by=None)
    with Hold(article) as hold:
        workers.until(hold.waited_for)
        for process in frozen.family():
            process.send_signal(signal.SIGSTOP)
    # Its session gets the row's lock now, with nobody at its other end: the idle limit must take it away.
    start(workers.worker)
    start(workers.beat)
    workers.until(all_done)
    for process in frozen.family():
        process.send_signal(signal.SIGCONT)
    time.sleep(2)
    assert Job.objects.get(kind=Job.Kind.SPLIT).attempts == 2
    nothing_twice(article)


def test_a_wiped_broker_is_recovered_by_the_sweeper_alone(start, broker):
    library()
    article = ingest(SAMPLE, by=None)
    assert sum(broker.llen(queue) for queue in settings.QUEUES) == 3
    broker.flushdb()
    start(workers.worker)
    start(workers.beat)
    workers.until(all_done)
    nothing_twice(article)


def test_a_broker_that_restarts_is_met_again(start, servers):
    if servers is None:
        pytest.skip("the broker is not ours to restart")
    worker = start(workers.worker)
    library()
    workers.until(all_done)
    servers.restart("valkey")
    article = ingest(SAMPLE, by=None)
    # Celery 5.7 ends when its broker restarts; supervisor starts it again, and so does this test.
    time.sleep(2)
    if not worker.alive():
        start(workers.worker)
    start(workers.beat)
    workers.until(all_done)
    nothing_twice(article)


def test_an_article_is_taken_in_while_the_broker_is_away(start, servers):
    if servers is None:
        pytest.skip("the broker is not ours to stop")
    servers._ask("stopProcess", "valkey")
    try:
        library()
        article = ingest(SAMPLE, by=None)
    finally:
        servers.start("valkey")
        servers.wait("valkey")
    start(workers.worker)
    start(workers.beat)
    workers.until(all_done)
    nothing_twice(article)


def test_a_database_that_restarts_in_mid_job_loses_nothing(start, servers):
    if servers is None:
        pytest.skip("the database is not ours to restart")
    start(workers.worker, JOB_TIME_LIMIT="8", JOB_LEASE="9")
    start(workers.beat)
    library()
    article = ingest(SAMPLE, by=None)
    with Hold(article) as hold:
        workers.until(hold.waited_for)
        servers.restart("postgres")
    connection.close()
    workers.until(patient(all_done))
    nothing_twice(article)


def patient(condition):
    """The condition, where a connection that the restart has cut counts as "not yet"."""

    def patient():
        try:
            return condition()
        except OperationalError:
            connection.close()
            return False

    return patient


def test_what_a_person_waits_for_overtakes_a_bulk_load(start):
    for number in range(30):
        add_source(
            by=None,
            title=f"Report {number}",
            kind="secondary",
            seen="page",
            passages=[(f"Figure {number} of the report. " * 40, "original")] * 1,
            queue="bulk",
        )
    article = ingest(SAMPLE, by=None)
    start(workers.worker)
    workers.until(all_done)
    last_of_mine = article.jobs.order_by("-finished_at")[0].finished_at
    behind = Job.objects.filter(queue="bulk", finished_at__gt=last_of_mine).count()
    assert behind >= 25, "the person's article was done while most of the bulk load still waited"


def test_an_import_whose_worker_is_killed_half_way_loses_no_row_and_takes_none_twice(start):
    """The second hundred is half written when the worker dies: what it wrote of it is undone, and written once more."""
    known, held = (
        Source.objects.create(title=title, url=f"https://example.org/{title}", kind="primary", seen="page")
        for title in ("known", "held")
    )
    new = range(10, 251, 10)
    said = [{"title": "Again", "url": known.url} for _ in range(250)]
    said[154] = {"title": "Again", "url": held.url}
    for line in new:
        said[line - 1] = {"title": f"New {line}", "text": f"It rained on day {line}."}
    listed = lists.rows_of(b"\n".join(json.dumps(row).encode() for row in said), "list.jsonl")
    first = start(workers.worker, JOB_TIME_LIMIT="8", JOB_LEASE="9")
    with Hold(held) as hold:
        made = imports.begin(Import.Kind.SOURCES, listed, by=None, name="list.jsonl", kind="primary", seen="page")
        workers.until(hold.waited_for)
        first.kill()
        assert made.counts() == {**NOTHING, "waiting": 150, "added": 10, "known": 90}
        assert Source.objects.filter(title__startswith="New").count() == 10
    start(workers.worker)
    start(workers.beat)
    workers.until(lambda: Import.objects.get(pk=made.pk).finished_at)
    assert made.counts() == {**NOTHING, "added": 25, "known": 225}
    titles = Source.objects.filter(title__startswith="New").values_list("title", flat=True)
    assert sorted(titles) == sorted(f"New {line}" for line in new)
    assert list(Job.objects.filter(kind="import").order_by("pk").values_list("attempts", flat=True)) == [1, 2, 1]
    assert AuditEntry.objects.filter(chain="desk", verb="import.begun").count() == 1
