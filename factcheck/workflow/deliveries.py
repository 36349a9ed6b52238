"""Sending webhooks as Standard Webhooks 1.0.0 asks: each event at least once to each endpoint that wants it, in order
as far as it goes, tried again for three days.

An endpoint is served by one sender at a time, and one that does not answer, or asks to wait, rests as a whole: however
much waits for it, it takes an attempt or two of one worker every five minutes, and nobody else waits for it.

Every function takes the time as an argument, so that a test lives through three days in a second.
"""

import json
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.exceptions import FetchError
from factcheck.fetching import Answered, post
from factcheck.models import AuditEntry, Delivery, Event, Publication, WebhookEndpoint
from factcheck.workflow.events import hint
from factcheck.workflow.publications import address
from factcheck.workflow.signatures import signatures

State = Delivery.State

MINUTE, HOUR = 60, 3600
# Seconds from one attempt to the next: the schedule of the specification, 75 hours and 35 minutes in all.
SCHEDULE = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
JITTER = 0.1  # each wait is up to so much longer, so that what failed together does not come back together
TIME_OUT = 15.0  # seconds for one attempt
LEASE = timedelta(seconds=60)  # a sender that has not said by then how it went is lost
REST = timedelta(minutes=5)
TURN = 20.0  # seconds for one endpoint, if others wait
KEPT = timedelta(days=30)  # what was delivered, or given up


# --- what is sent ----------------------------------------------------------------------------------------------------


def payload(delivery: Delivery) -> dict:
    """What is posted: thin, so that whoever is told asks for the rest, and gets what they may see then."""
    at = delivery.happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    data = {"endpoint": delivery.endpoint_id, "seq": delivery.seq, **_about(delivery)}
    return {"type": delivery.kind, "timestamp": at, "data": data}


def _about(delivery: Delivery) -> dict:
    """Which row it tells of, and where that is. A test tells of none."""
    subject, key = delivery.subject, delivery.subject_id
    if key is None:
        return {}
    if subject == Event.Subject.PUBLICATION:
        publication = Publication.objects.only("slug", "number").get(pk=key)
        where = {"url": _api(f"publications/{publication.slug}/"), "page": address(publication.slug)}
        return {"slug": publication.slug, "number": publication.number, **where}
    return {subject: key, "article": delivery.article_id, "url": _api(f"{subject}s/{key}/")}


def _api(path: str) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/{path}"


# --- sending ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """How an attempt went. status: None when nothing answered; error: in words, when it did not get through."""

    status: int | None
    error: str = ""
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send(endpoint: int) -> None:
    """What is due to this endpoint, for TURN seconds; then the others have theirs. Harmless twice."""
    end = time.monotonic() + TURN
    while send_next(endpoint, timezone.now()):
        if time.monotonic() > end:
            hint(endpoint)
            return


def send_next(endpoint: int, now: datetime) -> bool:
    """Try the oldest delivery that is due to this endpoint. False: there is none, or somebody is at it."""
    delivery = _take(endpoint, now)
    if delivery is None:
        return False
    _settle(delivery, _attempt(delivery, now), now)
    return True


def _take(endpoint: int, now: datetime) -> Delivery | None:
    """The delivery, ours until LEASE is over, its attempt counted: who is killed meanwhile has used one."""
    with transaction.atomic():
        row = WebhookEndpoint.objects.in_use().select_for_update(no_key=True, skip_locked=True, of=("self",))
        if not row.filter(pk=endpoint).exists():
            return None
        all_of_it = Delivery.objects.filter(endpoint=endpoint)
        if all_of_it.filter(state=State.SENDING, next_at__gt=now).exists():
            return None
        due = all_of_it.due(now).order_by("pk").first()
        if due is None:
            return None
        all_of_it.filter(pk=due.pk).update(
            state=State.SENDING, attempts=F("attempts") + 1, next_at=now + LEASE, last_at=now
        )
    return Delivery.objects.select_related("endpoint__partner").get(pk=due.pk)


def _own(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts)


def _attempt(delivery: Delivery, now: datetime) -> Outcome:
    body = json.dumps(payload(delivery), separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures(delivery.endpoint, delivery.message, now, body),
    }
    try:
        answered: Answered = post(delivery.endpoint.url, body, headers, deadline=TIME_OUT)
    except FetchError as error:
        return Outcome(None, str(error)[:500])
    if 200 <= answered.status < 300:
        return Outcome(answered.status)
    said = _("It answered with %(status)s.") % {"status": answered.status}
    return Outcome(answered.status, said, answered.retry_after)


@transaction.atomic
def _settle(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write how the attempt went, unless the delivery was given to another in the meantime."""
    over = delivery.attempts > len(SCHEDULE)
    wait = 0.0 if outcome.delivered or over else SCHEDULE[delivery.attempts - 1] * (1 + JITTER * random.random())  # noqa: S311
    next_at = now + timedelta(seconds=max(wait, outcome.retry_after or 0))
    failed = not outcome.delivered and (over or outcome.status == 410)
    state = State.DELIVERED if outcome.delivered else State.FAILED if failed else State.WAITING
    written = {"state": state, "next_at": next_at, "last_status": outcome.status, "last_error": outcome.error}
    if not _own(delivery).update(**written) or outcome.delivered:
        return
    if failed:
        why = _("It answered that it is gone (410).")
        if outcome.status != 410:
            why = _("For three days a webhook did not get through. The last time: %(why)s") % {"why": outcome.error}
        switch_off(delivery.endpoint, why, now)
    elif outcome.status is None or outcome.retry_after:
        rest = now + (REST if outcome.status is None else timedelta(seconds=outcome.retry_after or 0))
        waiting = Delivery.objects.filter(endpoint=delivery.endpoint_id, state=State.WAITING, next_at__lt=rest)
        waiting.exclude(pk=delivery.pk).update(next_at=rest)


def switch_off(endpoint: WebhookEndpoint, why: str, now: datetime) -> None:
    """The desk stops sending, tells the partner, and gives up what waits. In the caller's transaction."""
    off = WebhookEndpoint.objects.filter(pk=endpoint.pk, enabled=True)
    if off.update(enabled=False, switched_off=why[:500], switched_off_at=now, mail_due_at=now, mail_attempts=0):
        AuditEntry.record(endpoint, "webhookendpoint.switched_off", by=None, act=uuid4(), text=why)
        give_up(endpoint)


def give_up(endpoint: WebhookEndpoint) -> None:
    waiting = Delivery.objects.filter(endpoint=endpoint, state=State.WAITING)
    waiting.update(state=State.FAILED, last_error=_("The endpoint was switched off."))


# --- what is due -----------------------------------------------------------------------------------------------------


def send_due(now: datetime) -> None:
    """Hint at each endpoint to which something is due, and forget what is over for long. Harmless twice."""
    due = Delivery.objects.due(now).filter(endpoint__in=WebhookEndpoint.objects.in_use())
    for endpoint in due.order_by().values_list("endpoint", flat=True).distinct():
        hint(endpoint)
    Delivery.objects.filter(created_at__lt=now - KEPT, state__in=Delivery.OVER).delete()
