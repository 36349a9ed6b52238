"""A worker is killed between the commit and the webhook, and another while the webhook is on its way: it comes later,
and the receiver knows by its id that it is one.
"""

from datetime import timedelta

import pytest
from django.db.models import F
from standardwebhooks import Webhook

from factcheck.models import Delivery, Event
from factcheck.workflow import publications, webhooks
from tests import factories, workers
from tests.api.addresses import published
from tests.receivers import Receiver

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_a_webhook_survives_the_workers(start, broker, settings, bob, carol):
    factories.desk()
    northwind = factories.partner()
    receiver = Receiver(lambda posted: None if len(receiver.posted) == 1 else (200, {}))
    settings.FETCH_ALLOW_LOOPBACK = True
    settings.FETCH_PORTS = {receiver.port}
    told = {"DEBUG": "1", "FETCH_ALLOW_LOOPBACK": "1", "FETCH_PORTS": str(receiver.port)}
    try:
        _, secret = webhooks.make_endpoint(
            northwind, by=northwind, url=receiver.url, kinds=["review.published", "review.retracted"]
        )
        publication = published(bob, carol)
        broker.flushdb()  # who committed was killed before a word of it was said
        assert not Delivery.objects.exists()
        assert Event.objects.filter(kind="review.published", seq=None).exists()

        first = start(workers.worker, **told)
        start(workers.beat)
        workers.until(lambda: receiver.posted)
        first.kill()  # and this one while it waits for the answer
        assert Delivery.objects.get().state == "sending"
        Delivery.objects.update(next_at=F("next_at") - timedelta(seconds=60))  # its minute is over
        start(workers.worker, **told)
        workers.until(lambda: Delivery.objects.get().state == "delivered")
        publications.retract(publication.review, by=carol, seen=publication.review.version, reason="It was forged.")
        workers.until(lambda: Delivery.objects.filter(state="delivered").count() == 2)
    finally:
        receiver.close()
    told_twice, again, retracted = receiver.posted
    assert told_twice.headers["webhook-id"] == again.headers["webhook-id"] != retracted.headers["webhook-id"]
    verify = Webhook(secret).verify
    effects = {posted.headers["webhook-id"]: verify(posted.body, posted.headers) for posted in receiver.posted}
    assert [effect["type"] for effect in effects.values()] == ["review.published", "review.retracted"]
    assert Delivery.objects.get(seq=effects[again.headers["webhook-id"]]["data"]["seq"]).attempts == 2
