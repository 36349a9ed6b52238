"""Machine steps: take, fence, give back, sweep, replay. PostgreSQL is the truth, its clock the only clock; a message to
the broker is a hint that may be lost, doubled or late without harm.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from factcheck.exceptions import Conflict, DeskError, FetchError, InvalidTransition, LeaseLost
from factcheck.models import DESK_CHAIN, Article, AuditEntry, Job, User
from factcheck.permissions import require
from factcheck.text.plain import UnreadableText
from factcheck.workflow import notices
from factcheck.workflow.transitions import chain_of, change

log = logging.getLogger(__name__)

HINTS = 500  # at most so many messages lie in a queue by the sweeper's doing: a long backlog must not flood the broker
LIVE = (Job.State.QUEUED, Job.State.RUNNING, Job.State.DEAD)  # one_live_job_per_kind_and_row
HELD = timedelta(minutes=2)  # for so long a worker holds a message back; what is due later the sweeper sends
LONGEST_DELAY = 3600  # seconds; longer only when a site asks for it

# The statement's own time, not the transaction's: a job that was queued a moment ago is due now.
TAKE = """
UPDATE factcheck_job
SET state = 'running', attempts = attempts + 1, lease_until = statement_timestamp() + %s
WHERE id = %s AND state = 'queued' AND due_at <= statement_timestamp()
RETURNING *
"""
EXPIRE = """
UPDATE factcheck_job
SET state = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'queued' END,
    lease_until = NULL, due_at = statement_timestamp(), last_error = %s
WHERE id IN (
    SELECT id FROM factcheck_job WHERE state = 'running' AND lease_until < statement_timestamp() FOR UPDATE SKIP LOCKED
)
RETURNING id, state
"""


def enqueue(kind: Job.Kind, target: int, *, queue: str, article: Article | None = None) -> Job:
    """Insert a job in the caller's transaction; its id goes to the broker after commit.

    Raises Refused (one_live_job_per_kind_and_row) at the caller's `change()` when the step is already under way.
    """
    if queue not in settings.QUEUES:
        raise ValueError(f"no queue is called {queue!r}; there are {', '.join(settings.QUEUES)}")
    job = Job.objects.create(kind=kind, target=target, queue=queue, article=article)
    transaction.on_commit(partial(_hint, job.pk, queue))
    return job


def enqueue_all(kind: Job.Kind, targets: Iterable[int], *, queue: str, article: Article | None = None) -> None:
    """enqueue() for many rows in one statement."""
    made = Job.objects.bulk_create(Job(kind=kind, target=target, queue=queue, article=article) for target in targets)
    for job in made:
        transaction.on_commit(partial(_hint, job.pk, queue))


def ensure(kind: Job.Kind, target: int, *, queue: str, article: Article | None = None) -> None:
    """enqueue(), unless the step waits already or has died and waits to be replayed. In the caller's transaction,
    behind the lock of the article's row.
    """
    if not Job.objects.filter(kind=kind, target=target, state__in=LIVE).exists():
        enqueue(kind, target, queue=queue, article=article)


def _hint(job: int, queue: str, seconds: float = 0) -> bool:
    """Tell the broker, for in so many seconds. False when it is away: the sweeper will tell it again, so nobody is
    bothered with it."""
    from factcheck import tasks

    try:
        tasks.run.apply_async((job,), queue=queue, countdown=seconds)
    except BrokerError as error:
        log.warning("broker is away; the sweeper will send job %s again (%s)", job, error)
        return False
    return True


def due(job: int) -> Job | None:
    """The job, locked in the caller's transaction, if it waits and its time has come and nobody else looks at it."""
    now = RawSQL("statement_timestamp()", [])
    waiting = Job.objects.filter(pk=job, state=Job.State.QUEUED, due_at__lte=now)
    return waiting.select_for_update(skip_locked=True, no_key=True).first()


def take(job: int) -> Job | None:
    """Become the job's owner until its lease ends. None: not due, done, dead, or somebody else's."""
    rows = Job.objects.raw(TAKE, [timedelta(seconds=settings.JOB_LEASE), job])
    return next(iter(rows), None)


def put_off(job: Job, wait: timedelta) -> None:
    """It is not its turn yet: it stays queued, is due later, and none of its attempts is used."""
    later = RawSQL("statement_timestamp() + %s", [wait])
    if Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(due_at=later) and wait < HELD:
        transaction.on_commit(partial(_hint, job.pk, job.queue, wait.total_seconds() + 0.05))


def finish(job: Job) -> None:
    """Declare the job done: first thing in the transaction that writes its result.

    Raises LeaseLost when the job has been given to another since it was taken; the transaction must then roll back.
    """
    mine = _owned(job).update(state=Job.State.DONE, lease_until=None, finished_at=Now(), last_error="")
    if mine != 1:
        raise LeaseLost(f"Job {job.pk} was given to another worker after attempt {job.attempts}.")


def give_back(job: Job, error: BaseException) -> None:
    """The step failed: queued again with a later due time, or dead when no attempt is left or none would help."""
    delay = min(settings.JOB_RETRY_DELAY * 2 ** (job.attempts - 1), LONGEST_DELAY)
    if isinstance(error, FetchError):
        delay = max(delay, error.retry_after or 0)
    dead = job.attempts >= job.max_attempts or _hopeless(error)
    with transaction.atomic():
        given_back = _owned(job).update(
            state=Job.State.DEAD if dead else Job.State.QUEUED,
            lease_until=None,
            due_at=F("due_at") if dead else Now() + timedelta(seconds=delay),
            last_error=sentence(error),
        )
        if given_back and dead:
            _tell(job)


def _tell(dead: Job) -> None:
    """Editors, each time that it dies. In the transaction in which it does."""
    event = f"job-{dead.pk}-dead-{dead.attempts}"
    notices.tell(notices.editors(), notices.Kind.DEAD_JOB, dead, event, by=None)


def sentence(error: BaseException) -> str:
    """What went wrong, fit to be kept: our errors are sentences for people already."""
    ours = isinstance(error, DeskError | UnreadableText)
    said = (str(error) if ours else f"{type(error).__name__}: {error}")[:2000]
    return said.encode(errors="replace").decode().replace("\x00", "")


def _hopeless(error: BaseException) -> bool:
    """Whether another attempt would end the same: nothing is at that address, or there is no text in what came."""
    return isinstance(error, UnreadableText) or (isinstance(error, FetchError) and not error.retry)


def still_own(job: Job) -> None:
    """Raises LeaseLost when the job has been given to another since it was taken: before a step does something that the
    whole world sees. In the caller's transaction, which keeps it so until its end.
    """
    if not _owned(job).select_for_update().exists():
        raise LeaseLost(f"Job {job.pk} was given to another worker after attempt {job.attempts}.")


def _owned(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def sweep() -> dict[str, int]:
    """Take jobs from lost workers, and send due ones again. Returns {"expired": n, "sent": n}.

    Running it twice, or never for an hour, does no harm: it only moves what the clock has moved already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EXPIRE, ["The worker was lost or ran out of time."])
        expired = cursor.fetchall()
        for job in Job.objects.filter(pk__in=[key for key, state in expired if state == Job.State.DEAD]):
            _tell(job)
    sent = 0
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5) as broker:
        for queue in settings.QUEUES:
            room = HINTS - int(broker.llen(queue))
            if room <= 0:
                continue
            due = Job.objects.filter(state=Job.State.QUEUED, queue=queue, due_at__lte=Now()).order_by("due_at", "pk")
            sent += sum(_hint(job, queue) for job in due.values_list("pk", flat=True)[:room])
    return {"expired": len(expired), "sent": sent}


def replay(job: Job, *, by: User | None, seen_attempts: int) -> Job:
    """Give a dead job as many attempts again as it had to begin with.

    Raises InvalidTransition when it is not dead, Conflict when somebody replayed it in the meantime.
    """
    if by is not None:
        require(by, "replay a job", job)
    return revive(job, by=by, seen_attempts=seen_attempts)


def revive(job: Job, *, by: User | None, seen_attempts: int) -> Job:
    """replay(), for a verb that has asked the table about its own permission."""
    if job.state != Job.State.DEAD:
        raise InvalidTransition(f"Job {job.pk} is {job.state}; only a dead job can be replayed.")
    with change(job.article_id) as act:
        replayed = Job.objects.filter(pk=job.pk, state=Job.State.DEAD, attempts=seen_attempts).update(
            state=Job.State.QUEUED, due_at=Now(), max_attempts=F("attempts") + settings.JOB_MAX_ATTEMPTS
        )
        if replayed != 1:
            raise Conflict(f"Job {job.pk} was replayed by somebody else in the meantime.")
        chain = chain_of(job.article_id) if job.article_id else DESK_CHAIN
        AuditEntry.record(job, "job.replayed", by=by, act=act, chain=chain, old="dead", new="queued")
        transaction.on_commit(partial(_hint, job.pk, job.queue))
    job.refresh_from_db()
    return job


def settle(dead: Job, *, by: User | None) -> None:
    """A person has done what the step could not: it ends as done, and is not tried again."""
    with change(dead.article_id):
        revived = take(revive(dead, by=by, seen_attempts=dead.attempts).pk)
        if revived is not None:
            finish(revived)
