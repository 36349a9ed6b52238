"""Giving the events of committed changes their numbers: what readers of `updated_since` and webhooks go by.

models/events.py says why nobody misses one. Who reads gives numbers first, so that no reader depends on a worker.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from celery import Task
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from factcheck.models import WEBHOOK_KINDS, Article, Delivery, Event, WebhookEndpoint

log = logging.getLogger(__name__)

NUMBERING = 0x73657175656E6365  # the key of an advisory lock, "sequence": one giver at a time
MOST = 5_000  # events of one run; the next run takes the next ones
MESSAGE_LASTS = 60  # seconds; the schedule sends another long before

# Read committed: this sees what every earlier holder of the lock has given, since the lock ends after its commit.
NUMBER = """
    WITH waiting AS (SELECT id, row_number() OVER (ORDER BY id) AS place
                     FROM (SELECT id FROM factcheck_event WHERE seq IS NULL ORDER BY id LIMIT %s) these),
         latest AS (SELECT coalesce(max(seq), 0) AS seq FROM factcheck_event)
    UPDATE factcheck_event event SET seq = latest.seq + waiting.place
    FROM waiting, latest WHERE event.id = waiting.id
    RETURNING event.*
"""
KEEP_THE_NEWEST = """
    DELETE FROM factcheck_event older USING factcheck_event newer
    WHERE newer.seq >= %s AND older.subject = newer.subject AND older.subject_id = newer.subject_id
      AND older.seq < newer.seq
"""


def number() -> int:
    """Number what is committed, and return how many that were. Harmless twice, and beside another who does the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
        given = sorted(Event.objects.raw(NUMBER, [MOST]), key=lambda event: event.seq or 0)
        if given:
            cursor.execute(KEEP_THE_NEWEST, [given[0].seq])
            _plan([event for event in given if event.kind in WEBHOOK_KINDS], timezone.now())
    return len(given)


def _plan(events: Iterable[Event], now: datetime) -> None:
    """Make the deliveries of these events, to whoever wants them: of articles and claims the partner who sent the
    article in. In the transaction that numbers, so that each is made once.
    """
    endpoints = list(WebhookEndpoint.objects.in_use()) if events else []
    if not endpoints:
        return
    articles = Article.objects.filter(pk__in={event.article_id for event in events})
    sent_in = dict(articles.values_list("pk", "submitted_by"))
    made = Delivery.objects.bulk_create(
        Delivery(
            endpoint=endpoint,
            kind=event.kind,
            seq=event.seq,
            subject=event.subject,
            subject_id=event.subject_id,
            article_id=event.article_id,
            happened_at=event.made_at,
            next_at=now,
        )
        for event in events
        for endpoint in endpoints
        if event.kind in endpoint.kinds
        and (event.subject == Event.Subject.PUBLICATION or sent_in[event.article_id] == endpoint.partner_id)
    )
    for endpoint_id in {delivery.endpoint_id for delivery in made}:
        transaction.on_commit(partial(hint, endpoint_id))


def number_soon() -> None:
    """Have it done after commit: for acts of which partners are told. Everything is numbered within seconds."""
    transaction.on_commit(_hint_to_number)


def _hint_to_number() -> None:
    from factcheck import tasks

    _sent(tasks.number_events, (), "interactive")


def hint(endpoint: int) -> None:
    """Something is due to this endpoint (workflow/deliveries.py)."""
    from factcheck import tasks

    _sent(tasks.send_webhooks, (endpoint,), "webhooks")


def _sent(task: Task, arguments: tuple[int, ...], queue: str) -> None:
    try:
        task.apply_async(arguments, queue=queue, expires=MESSAGE_LASTS)
    except BrokerError as error:
        log.warning("broker is away; the schedule will send %s again (%s)", task.name, error)
