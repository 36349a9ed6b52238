"""The job table: who may take, finish, give back, and what the sweeper moves."""

import threading
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from factcheck.exceptions import Conflict, InvalidTransition, LeaseLost, NotAllowed, Refused
from factcheck.models import AuditEntry, Job
from factcheck.workflow import jobs, steps
from factcheck.workflow.transitions import change
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def article(db):
    return factories.article()


@pytest.fixture
def job(article):
    return jobs.enqueue(Job.Kind.SPLIT, article.current.pk, queue="read", article=article)


def expire(job):
    """The lease ends without anybody's doing."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def dead(job, error="RuntimeError: no such model"):
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(due_at=Now())
        jobs.give_back(jobs.take(job.pk), RuntimeError(error))
    job.refresh_from_db()
    return job


def test_a_job_is_taken_once(job):
    taken = jobs.take(job.pk)
    assert (taken.state, taken.attempts) == (Job.State.RUNNING, 1)
    assert jobs.take(job.pk) is None


def test_a_job_that_is_not_due_yet_is_not_taken(job):
    Job.objects.filter(pk=job.pk).update(due_at=Now() + timedelta(seconds=60))
    assert jobs.take(job.pk) is None


def test_a_job_that_is_done_is_not_taken_again(job):
    jobs.finish(jobs.take(job.pk))
    assert jobs.take(job.pk) is None


def test_the_same_step_cannot_be_queued_twice_while_it_is_alive(job, article):
    with pytest.raises(Refused) as refused, change():
        jobs.enqueue(Job.Kind.SPLIT, job.target, queue="read", article=article)
    assert refused.value.rule == "one_live_job_per_kind_and_row"


def test_a_finished_step_can_be_queued_again(job, article):
    jobs.finish(jobs.take(job.pk))
    assert jobs.enqueue(Job.Kind.SPLIT, job.target, queue="read", article=article).state == Job.State.QUEUED


def test_an_unknown_queue_is_a_programming_error_that_is_heard(article):
    with pytest.raises(ValueError, match="no queue is called 'hurry'"):
        jobs.enqueue(Job.Kind.SPLIT, article.current.pk, queue="hurry", article=article)


def test_who_lost_the_lease_cannot_finish(job):
    thawed = jobs.take(job.pk)
    expire(job)
    jobs.sweep()
    second = jobs.take(job.pk)
    with pytest.raises(LeaseLost), transaction.atomic():
        jobs.finish(thawed)
    jobs.finish(second)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)


def test_what_a_thawed_worker_found_is_not_written(job, monkeypatch):
    """Between its work and its writing another worker took the job and did it."""
    written = []

    def work(mine):
        expire(job)
        jobs.sweep()
        jobs.finish(jobs.take(job.pk))

    monkeypatch.setitem(steps.STEPS, Job.Kind.SPLIT, steps.Step(work, lambda mine, found: written.append(found)))
    steps.perform(job.pk)
    assert written == []
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (Job.State.DONE, 2, "")


def test_who_lost_the_lease_cannot_give_back_what_another_runs(job):
    thawed = jobs.take(job.pk)
    expire(job)
    jobs.sweep()
    jobs.take(job.pk)
    jobs.give_back(thawed, RuntimeError("too late"))
    job.refresh_from_db()
    assert (job.state, job.last_error) == (Job.State.RUNNING, "The worker was lost or ran out of time.")


def test_a_failed_step_is_tried_again_later_and_later(job):
    delays = []
    for attempt in range(1, 4):
        Job.objects.filter(pk=job.pk).update(due_at=Now())
        jobs.give_back(jobs.take(job.pk), ValueError(f"attempt {attempt}"))
        job.refresh_from_db()
        assert (job.state, job.last_error) == (Job.State.QUEUED, f"ValueError: attempt {attempt}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM due_at - now()) FROM factcheck_job WHERE id = %s", [job.pk])
            delays.append(round(float(cursor.fetchone()[0])))
    first = settings.JOB_RETRY_DELAY
    assert delays == [first, 2 * first, 4 * first]


def test_a_step_without_attempts_left_is_dead_with_its_reason(job):
    dead(job)
    assert (job.state, job.attempts) == (Job.State.DEAD, settings.JOB_MAX_ATTEMPTS)
    assert job.last_error == "RuntimeError: RuntimeError: no such model"
    assert jobs.take(job.pk) is None


def test_an_error_text_with_characters_that_no_database_takes_is_kept_without_them(job):
    jobs.give_back(jobs.take(job.pk), ValueError("bad \x00 byte and \ud800 half"))
    job.refresh_from_db()
    assert job.last_error.startswith("ValueError: bad ")


def test_a_lost_worker_costs_an_attempt_and_in_the_end_the_job(job):
    for attempt in range(1, settings.JOB_MAX_ATTEMPTS + 1):
        assert jobs.take(job.pk).attempts == attempt
        expire(job)
        assert jobs.sweep()["expired"] == 1
    job.refresh_from_db()
    assert (job.state, job.last_error) == (Job.State.DEAD, "The worker was lost or ran out of time.")


def test_the_sweeper_leaves_a_running_lease_alone(job):
    jobs.take(job.pk)
    assert jobs.sweep()["expired"] == 0


def test_the_sweeper_sends_due_jobs_and_only_those(job, article):
    later = jobs.enqueue(Job.Kind.SUGGEST, article.current.pk, queue="find", article=article)
    Job.objects.filter(pk=later.pk).update(due_at=Now() + timedelta(seconds=60))
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
        assert jobs.sweep() == {"expired": 0, "sent": 1}
        assert (broker.llen("read"), broker.llen("find")) == (1, 0)


def test_the_sweeper_does_not_flood_the_broker_with_a_long_backlog(article, monkeypatch):
    monkeypatch.setattr(jobs, "HINTS", 5)
    for number in range(12):
        Job.objects.create(kind=Job.Kind.INDEX, target=number, queue="bulk")
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
        assert [jobs.sweep()["sent"] for _ in range(3)] == [5, 0, 0]
        broker.ltrim("bulk", 2, -1)  # a worker took two
        assert jobs.sweep()["sent"] == 2


def test_an_editor_replays_a_dead_job_and_the_trail_says_so(job, carol):
    dead(job)
    jobs.replay(job, by=carol, seen_attempts=job.attempts)
    assert job.state == Job.State.QUEUED
    assert job.attempts == settings.JOB_MAX_ATTEMPTS
    assert job.max_attempts == 2 * settings.JOB_MAX_ATTEMPTS
    entry = AuditEntry.objects.get(verb="job.replayed")
    assert (entry.chain, entry.old, entry.new, entry.actor) == (str(job.article.uuid), "dead", "queued", carol.pk)
    assert jobs.take(job.pk).attempts == settings.JOB_MAX_ATTEMPTS + 1


def test_a_reporter_may_not_replay(job, alice):
    with pytest.raises(NotAllowed):
        jobs.replay(dead(job), by=alice, seen_attempts=job.attempts)


def test_a_job_that_is_not_dead_is_not_replayed(job, carol):
    with pytest.raises(InvalidTransition):
        jobs.replay(job, by=carol, seen_attempts=0)


def test_who_replays_what_was_replayed_already_loses(job, carol):
    stale = Job.objects.get(pk=dead(job).pk)
    jobs.replay(job, by=carol, seen_attempts=job.attempts)
    with pytest.raises(Conflict):
        jobs.replay(stale, by=carol, seen_attempts=stale.attempts)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_one_job_have_one_winner():
    article = factories.article()
    for number in range(25):
        job = Job.objects.create(kind=Job.Kind.INDEX, target=number, queue="bulk", article=article)
        start, won = threading.Barrier(8), []

        def take(start=start, won=won, job=job):
            try:
                start.wait()
                won.append(jobs.take(job.pk))
            finally:
                connection.close()

        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len([taken for taken in won if taken]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_step_that_breaks_in_writing_leaves_nothing_behind_and_stays_queued(monkeypatch):
    article = factories.article()
    job = jobs.enqueue(Job.Kind.SPLIT, article.current.pk, queue="read", article=article)

    def write(mine, found):
        factories.claim(article)
        raise RuntimeError("half-way")

    monkeypatch.setitem(steps.STEPS, Job.Kind.SPLIT, steps.Step(lambda mine: None, write))
    steps.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.last_error) == (Job.State.QUEUED, "RuntimeError: half-way")
    assert article.claims.count() == 0
