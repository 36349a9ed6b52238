"""Which verb does which kind of job, and what happens around it.

A step is two functions: `work` reads and thinks, outside any transaction and as long as it needs; `write` stores what
it found, inside the transaction that declares the job done. A step that runs twice writes once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from factcheck.exceptions import LeaseLost
from factcheck.models import Job
from factcheck.workflow import (
    claims,
    factcheck_imports,
    feeds,
    fetches,
    jobs,
    pairs,
    source_documents,
    source_imports,
    sources,
    suggestions,
)
from factcheck.workflow.transitions import change

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    work: Callable[[Job], Any]
    write: Callable[[Job, Any], None]


STEPS = {
    Job.Kind.FETCH: Step(fetches.get, fetches.store),
    Job.Kind.SPLIT: Step(claims.split, claims.store),
    Job.Kind.SUGGEST: Step(suggestions.find, suggestions.store),
    Job.Kind.PAIR: Step(pairs.find, pairs.store),
    Job.Kind.READ: Step(source_documents.get, source_documents.store),
    Job.Kind.IMPORT: Step(source_imports.read, source_imports.store),
    Job.Kind.INDEX: Step(sources.read, sources.index),
    Job.Kind.POLL: Step(feeds.ask, feeds.store),
    Job.Kind.FACT_CHECKS: Step(factcheck_imports.next_batch, factcheck_imports.store),
}


def perform(job_id: int) -> None:
    """Do one job if it is there to be done. Never raises for the step's own failure: that is a state of the job."""
    job = jobs.take(job_id)
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
