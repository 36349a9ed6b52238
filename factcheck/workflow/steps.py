"""Which verb does which kind of job, and what happens around it.

A step is two functions: `work` reads and thinks, outside any transaction and as long as it needs; `write` stores what
it found, inside the transaction that declares the job done. A step that runs twice writes once. Where it can be too
early for a step, a third says for how long: its job then stays queued, and none of its attempts is used.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from factcheck.exceptions import LeaseLost
from factcheck.models import Job
from factcheck.workflow import (
    claims,
    feeds,
    fetches,
    imports,
    jobs,
    links,
    pairs,
    readings,
    searches,
    snapshots,
    sources,
    suggestions,
)
from factcheck.workflow.transitions import change

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    work: Callable[[Job], Any]
    write: Callable[[Job, Any], None]
    wait: Callable[[Job], timedelta | None] | None = None
    """Asked in the transaction that takes the job: how long it has to wait; None when it is its turn."""


STEPS = {
    Job.Kind.FETCH: Step(fetches.get, fetches.store),
    Job.Kind.SPLIT: Step(claims.split, claims.store),
    Job.Kind.SUGGEST: Step(suggestions.find, suggestions.store),
    Job.Kind.PAIR: Step(pairs.find, pairs.store),
    Job.Kind.READ: Step(snapshots.get, snapshots.store),
    Job.Kind.IMPORT: Step(imports.read, imports.store),
    Job.Kind.INDEX: Step(sources.read, sources.index),
    Job.Kind.POLL: Step(feeds.ask, feeds.store),
    Job.Kind.LINK: Step(links.get, links.store),
    Job.Kind.DOUBT: Step(readings.find, readings.store),
    Job.Kind.SEARCH: Step(searches.send, searches.store, wait=searches.wait),
}


def perform(job_id: int) -> None:
    """Do one job if it is there to be done. Never raises for the step's own failure: that is a state of the job."""
    job = _taken(job_id)
    if job is None:
        return
    step = STEPS[Job.Kind(job.kind)]
    try:
        result = step.work(job)
        with change(job.article_id):
            jobs.finish(job)
            step.write(job, result)
    except LeaseLost as error:
        log.warning("%s", error)
    except Exception as error:
        log.warning("job %s (%s) failed at attempt %s", job.pk, job.kind, job.attempts, exc_info=True)
        jobs.give_back(job, error)


def _taken(job_id: int) -> Job | None:
    """The job, now ours; None when it is not to be done now: not due, somebody else's, or its turn is yet to come."""
    with transaction.atomic():
        job = jobs.due(job_id)
        if job is None:
            return None
        wait = STEPS[Job.Kind(job.kind)].wait
        if wait is not None and (too_early := wait(job)) is not None:
            jobs.put_off(job, too_early)
            return None
        return jobs.take(job_id)
