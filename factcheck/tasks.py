"""Celery's side: shells that take an id and call one verb."""

from celery import shared_task
from django.utils import timezone

from factcheck.workflow import (
    answers,
    changes,
    deliveries,
    events,
    feeds,
    integrity,
    jobs,
    notice_mails,
    request_mails,
    requests,
    reviews,
    roots,
    schedules,
    steps,
    webhook_mails,
)


@shared_task
def run(job: int) -> None:
    """Do one job. Harmless twice: the second taker finds it taken; harmless late: the job says whether it is due."""
    steps.perform(job)


@shared_task
def sweep() -> None:
    """Look for expired and due jobs. Harmless twice: it moves only what the clock has moved."""
    jobs.sweep()


@shared_task
def look_again() -> None:
    """Queue a look at each page that is due. Harmless twice: what was queued is not due any more."""
    changes.look_again_where_due()


@shared_task
def poll_feeds() -> None:
    """Queue the polls that are due. Harmless twice: a feed that is queued has a later due time."""
    feeds.enqueue_due()


@shared_task
def publish_due() -> None:
    """Publish what is to go out by now. Harmless twice: what went out is not due any more."""
    schedules.publish_due()


@shared_task
def mail_notices() -> None:
    """Mail the notices and the answers that are due. Harmless twice: what was mailed is not due any more."""
    notice_mails.send_due()
    request_mails.send_due()
    webhook_mails.send_due(timezone.now())


@shared_task
def number_events() -> None:
    """Number the events of what was committed, and hint at webhooks that are due. Harmless twice: an event is numbered
    once, and a webhook that is being sent is not due."""
    while events.number() == events.MOST:
        pass
    deliveries.send_due(timezone.now())


@shared_task
def send_webhooks(endpoint: int) -> None:
    """Send what is due to one endpoint. Harmless twice: the second finds the first at it, or nothing due."""
    deliveries.send(endpoint)


@shared_task
def tell_of_reviews() -> None:
    """Tell editors of fact-checks that are to be looked at again. Harmless twice: each is told of once."""
    reviews.tell_of_due()


@shared_task
def erase_old_answers() -> None:
    """Erase the answers whose day is over. Harmless twice: what was erased is gone."""
    answers.erase_old()


@shared_task
def erase_requests() -> None:
    """Erase what readers asked so long ago that it is to go. Harmless twice: what is erased is not due any more."""
    requests.erase_old()


@shared_task
def publish_root() -> None:
    """See that today has its root. Harmless twice: a day that has one keeps it; a day that was missed is left out."""
    roots.publish_root()


@shared_task(time_limit=3000)  # all entries are read again: longer than a step, shorter than the visibility time-out
def check_trail() -> None:
    """See that everything was checked today. Harmless twice: what was done today, or is under way, is left out."""
    integrity.check_trail_once_a_day()
