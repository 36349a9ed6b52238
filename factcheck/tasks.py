"""Celery's side: shells that take an id and call one verb."""

from celery import shared_task

from factcheck.workflow import jobs, steps


@shared_task
def run(job: int) -> None:
    """Do one job. Harmless twice: the second taker finds it taken; harmless late: the job says whether it is due."""
    steps.perform(job)


@shared_task
def sweep() -> None:
    """Look for expired and due jobs. Harmless twice: it moves only what the clock has moved."""
    jobs.sweep()
