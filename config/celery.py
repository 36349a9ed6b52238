"""The queue, and what is looked for by the clock. Every option is a setting named CELERY_…; settings.py says why."""

import os
from typing import Any

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: int, task: str, *, queue: str = "interactive", lost_after: int | None = None) -> dict[str, Any]:
    """lost_after: seconds in which a message that no worker took is dropped, since the next one does the same."""
    options = {"queue": queue, "expires": lost_after or seconds}
    return {"task": f"factcheck.tasks.{task}", "schedule": seconds, "options": options}


@app.on_after_configure.connect
def schedule(sender: Celery, **kwargs: Any) -> None:
    """What beat sends. Each task is harmless twice, and finds by itself what is due: a look that was missed loses
    nothing.
    """
    soon, numbered = settings.JOB_SWEEP_EVERY, settings.EVENTS_NUMBERED_EVERY
    sender.conf.beat_schedule = {
        "sweep": every(soon, "sweep", lost_after=2 * soon),
        "publish-due": every(soon, "publish_due", lost_after=2 * soon),
        "look-again": every(settings.LOOK_AGAIN_EVERY, "look_again", queue="bulk"),
        "poll-feeds": every(settings.FEED_LOOK_EVERY, "poll_feeds"),
        "number-events": every(numbered, "number_events", lost_after=2 * numbered),
        "mail-notices": every(settings.NOTICES_MAILED_EVERY, "mail_notices"),
        "tell-of-reviews": every(settings.AUDIT_LOOK_EVERY, "tell_of_reviews"),
        "erase-old-answers": every(settings.AUDIT_LOOK_EVERY, "erase_old_answers", queue="bulk"),
        "erase-requests": every(settings.AUDIT_LOOK_EVERY, "erase_requests", queue="bulk"),
        # Once a day each, whenever the day's was not done yet: a worker that was away at one certain minute loses
        # nothing.
        "publish-root": every(settings.AUDIT_LOOK_EVERY, "publish_root"),
        "check-trail": every(settings.AUDIT_LOOK_EVERY, "check_trail", queue="bulk"),
    }
