"""Webhooks, as the official library of Standard Webhooks verifies them, over the whole schedule."""

import json
import os
import re
import socket
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
import standardwebhooks.webhooks
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from standardwebhooks import Webhook, WebhookVerificationError

from factcheck.exceptions import BadInput, InvalidTransition, Refused
from factcheck.models import WEBHOOK_KINDS, AuditEntry, Delivery, WebhookEndpoint
from factcheck.workflow import deliveries, events, publications, webhook_mails, webhooks
from tests import factories, workers
from tests.api.addresses import dead_job, published
from tests.fetching.conftest import connects, names  # noqa: F401 - fixtures
from tests.models.asking import ask, settle
from tests.receivers import Receiver
from tests.test_imports import PROJECT

pytestmark = [pytest.mark.api, pytest.mark.django_db]


@pytest.fixture
def northwind(db):
    return factories.partner()


@pytest.fixture
def receiver(settings):
    """Answers 500; `receiver.says` is what it answers next."""
    settings.FETCH_ALLOW_LOOPBACK = True
    running = Receiver(lambda posted: running.says)
    running.says = (500, {})
    settings.FETCH_PORTS = {80, 443, running.port}
    yield running
    running.close()


@pytest.fixture
def clock(monkeypatch):
    """The library's clock, which refuses what is five minutes old: `clock.now` is what it says."""

    class Clock(datetime):
        at = timezone.now()

        @classmethod
        def now(cls, tz=None):
            return cls.at

    monkeypatch.setattr(standardwebhooks.webhooks, "datetime", Clock)
    return Clock


def made(partner, receiver, kinds=WEBHOOK_KINDS, path=""):
    return webhooks.make_endpoint(partner, by=partner, url=receiver.url + path, kinds=kinds)


def processed(partner, **fields):
    """An event of an article that the partner sent in, numbered."""
    job = dead_job(submitted_by=partner, **fields)
    settle()
    events.number()
    return job.article


def verified(secret, posted):
    return Webhook(secret).verify(posted.body, posted.headers)


def later(endpoint):
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


def test_the_whole_schedule(northwind, receiver, clock):
    endpoint, secret = made(northwind, receiver)
    article = processed(northwind)
    delivery = Delivery.objects.get()
    began = now = delivery.next_at
    for attempt, wait in enumerate([*deliveries.SCHEDULE, None], start=1):
        assert not deliveries.send_next(endpoint.pk, now - timedelta(milliseconds=1))
        assert deliveries.send_next(endpoint.pk, now)
        clock.at = now
        told = verified(secret, receiver.posted[-1])
        delivery.refresh_from_db()
        assert (delivery.attempts, delivery.last_status, delivery.last_at) == (attempt, 500, now)
        if wait is not None:
            assert timedelta(seconds=wait) <= delivery.next_at - now <= timedelta(seconds=1.1 * wait)
            now = delivery.next_at
    assert timedelta(days=3) < now - began < timedelta(days=3.6)
    assert told["type"] == "article.processed"
    assert told["data"]["url"].endswith(f"/api/v1/articles/{article.pk}/")
    assert {posted.headers["webhook-id"] for posted in receiver.posted} == {delivery.message}
    assert len({posted.headers["webhook-timestamp"] for posted in receiver.posted}) == len(receiver.posted) == 10

    endpoint = later(endpoint)
    assert (delivery.state, endpoint.enabled) == ("failed", False)
    assert webhook_mails.send_due(now) == 1
    assert webhook_mails.send_due(now) == 0
    [message] = mail.outbox
    assert message.to == [northwind.email]
    assert "did not get through" in message.body
    assert AuditEntry.objects.filter(verb="webhookendpoint.switched_off").count() == 1

    with pytest.raises(InvalidTransition):
        webhooks.replay(delivery, by=northwind)
    endpoint = webhooks.change_endpoint(
        endpoint, by=northwind, seen=endpoint.version, url=endpoint.url, kinds=endpoint.kinds, enabled=True
    )
    receiver.says = (204, {})
    assert webhooks.replay_failed(endpoint, by=northwind) == 1
    assert deliveries.send_next(endpoint.pk, timezone.now())
    delivery.refresh_from_db()
    assert (delivery.state, receiver.posted[-1].headers["webhook-id"]) == ("delivered", delivery.message)
    assert not deliveries.send_next(endpoint.pk, timezone.now())


def test_while_a_secret_is_replaced_both_verify_and_neither_is_kept(northwind, receiver, clock, settings):
    receiver.says = (200, {})
    endpoint, old = made(northwind, receiver)
    new = webhooks.new_secret(endpoint, by=northwind, seen=endpoint.version)
    assert old != new
    stored = str(ask("SELECT row_to_json(e)::text FROM factcheck_webhookendpoint e"))
    assert not any(secret.removeprefix("whsec_") in stored for secret in (old, new))
    webhooks.ping(later(endpoint), by=northwind)
    clock.at = timezone.now()
    assert deliveries.send_next(endpoint.pk, clock.at)
    [posted] = receiver.posted
    assert len(posted.headers["webhook-signature"].split(" ")) == 2
    assert verified(old, posted) == verified(new, posted)
    assert verified(new, posted)["type"] == "webhook.test"

    clock.at += timedelta(hours=24)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key of the desk, as long as any",
    )
    webhooks.ping(later(endpoint), by=northwind)
    assert deliveries.send_next(endpoint.pk, clock.at)
    assert verified(new, receiver.posted[-1])
    with pytest.raises(WebhookVerificationError):
        verified(old, receiver.posted[-1])


def test_gone_slow_and_busy_endpoints(northwind, receiver, monkeypatch):
    """None of them holds up another, and a redirect is not followed."""
    endpoint, _ = made(northwind, receiver)
    other, _ = made(northwind, receiver, path="/other")
    processed(northwind)
    processed(northwind)
    now = Delivery.objects.latest("next_at").next_at
    receiver.says = (429, {"Retry-After": "3600"})
    assert deliveries.send_next(endpoint.pk, now)
    waits = [delivery.next_at - now for delivery in Delivery.objects.filter(endpoint=endpoint)]
    assert all(wait >= timedelta(hours=1) for wait in waits)
    assert not deliveries.send_next(endpoint.pk, now)

    receiver.says = None  # no answer at all
    monkeypatch.setattr(deliveries, "TIME_OUT", 0.2)
    assert deliveries.send_next(other.pk, now)
    first, second = Delivery.objects.filter(endpoint=other).order_by("pk")
    assert "did not come in full within" in first.last_error
    assert first.next_at - now < timedelta(seconds=6)
    assert second.next_at - now == deliveries.REST
    receiver.says = (302, {"Location": receiver.url})
    assert deliveries.send_next(other.pk, first.next_at)
    first.refresh_from_db()
    assert (first.state, first.last_status) == ("waiting", 302)

    receiver.says = (410, {})
    assert deliveries.send_next(other.pk, first.next_at)
    assert (later(other).enabled, "410" in later(other).switched_off) == (False, True)
    assert set(Delivery.objects.filter(endpoint=other).values_list("state", flat=True)) == {"failed"}
    processed(northwind)
    assert Delivery.objects.filter(endpoint=other).count() == 2  # it is told of nothing more


def test_a_sender_that_was_lost_is_followed_by_another(northwind, receiver):
    endpoint, _ = made(northwind, receiver)
    webhooks.ping(endpoint, by=northwind)
    now = timezone.now()
    lost = deliveries._take(endpoint.pk, now)
    assert deliveries._take(endpoint.pk, now + timedelta(seconds=59)) is None
    receiver.says = (200, {})
    assert deliveries.send_next(endpoint.pk, now + timedelta(seconds=61))
    deliveries._settle(lost, deliveries.Outcome(None, "It took too long."), now + timedelta(seconds=70))
    assert Delivery.objects.get().state == "delivered"


def test_each_partner_is_told_of_its_own_articles_and_of_every_publication(northwind, receiver, bob, carol):
    factories.desk()
    other = factories.partner("Southwind")
    endpoint, secret = made(northwind, receiver)
    narrow, _ = made(northwind, receiver, kinds=["review.retracted"], path="/narrow")
    theirs, _ = made(other, receiver)
    own = processed(northwind)
    processed(other)
    publication = published(bob, carol)
    events.number()
    publications.retract(publication.review, by=carol, seen=publication.review.version, reason="The minutes were old.")
    events.number()

    receiver.says = (200, {})
    while deliveries.send_next(endpoint.pk, timezone.now()):
        pass
    told = [verified(secret, posted) for posted in receiver.posted]
    assert [each["type"] for each in told] == ["article.processed", "review.published", "review.retracted"]
    assert [each["data"]["seq"] for each in told] == sorted(each["data"]["seq"] for each in told)
    assert told[0]["data"]["article"] == own.pk
    assert told[2]["data"]["slug"] == publication.slug
    assert [each.kind for each in narrow.deliveries.all()] == ["review.retracted"]
    assert {each.kind for each in theirs.deliveries.all()} == {
        "article.processed",
        "review.published",
        "review.retracted",
    }
    assert "minutes" not in json.dumps(told)


def test_an_address_inside_is_refused_when_it_is_named_and_when_something_is_sent(northwind, names, connects):  # noqa: F811
    names["inside.example.org"] = [["10.0.0.7"]]
    names["hooks.example.org"] = [["93.184.216.34"], ["10.0.0.7"]]  # and then it leads elsewhere
    for url in (
        "https://inside.example.org/",
        "https://10.0.0.7/",
        "https://localhost/",
        "https://[::1]/",
        "ftp://x.y",
    ):
        with pytest.raises(BadInput):
            webhooks.make_endpoint(northwind, by=northwind, url=url, kinds=WEBHOOK_KINDS)
    with pytest.raises(BadInput, match="https"):
        webhooks.make_endpoint(northwind, by=northwind, url="http://hooks.example.org/", kinds=WEBHOOK_KINDS)
    names["hooks.example.org"] = [["93.184.216.34"], ["10.0.0.7"]]
    endpoint, _ = webhooks.make_endpoint(northwind, by=northwind, url="https://hooks.example.org/", kinds=WEBHOOK_KINDS)
    delivery = webhooks.ping(endpoint, by=northwind)
    assert deliveries.send_next(endpoint.pk, delivery.next_at)
    delivery.refresh_from_db()
    assert "does not open" in delivery.last_error
    assert [place for place in connects if place[0] == "10.0.0.7"] == []


def test_endpoints_are_a_partners_own_and_few(northwind, receiver, bob):
    endpoint, _ = made(northwind, receiver)
    with pytest.raises(Refused) as caught:
        made(northwind, receiver)
    assert caught.value.rule == "one_endpoint_per_partner_and_address"
    for number in range(WebhookEndpoint.MOST - 1):
        made(northwind, receiver, path=f"/{number}")
    with pytest.raises(BadInput, match="10 endpoints"):
        made(northwind, receiver, path="/one-more")
    webhooks.delete_endpoint(endpoint, by=northwind, seen=endpoint.version)
    verbs = AuditEntry.objects.filter(verb__startswith="webhookendpoint").order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-1] == "webhookendpoint.deleted"
    assert WebhookEndpoint.objects.visible_to(bob).count() == 0


def test_a_partner_looks_after_its_endpoints_by_its_key(northwind, receiver, client_of):
    client = client_of()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {factories.api_key(northwind, 'webhooks')}")
    made_at = client.post("webhooks/", {"url": receiver.url, "kinds": ["claim.reviewed", "article.processed"]})
    endpoint = made_at.json()
    assert (made_at.status_code, endpoint["kinds"]) == (201, ["article.processed", "claim.reviewed"])
    where = f"webhooks/{endpoint['id']}/"
    assert "secret" not in client.get(where).json()
    refused = client.post("webhooks/", {"url": "https://10.0.0.7/"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/bad-input")

    ping = client.post(f"{where}ping/")
    assert (ping.status_code, ping.json()["kind"]) == (202, "webhook.test")
    receiver.says = (200, {})
    deliveries.send(endpoint["id"])
    assert verified(endpoint["secret"], receiver.posted[0])["data"] == {"endpoint": endpoint["id"], "seq": None}
    [row] = client.get(f"{where}deliveries/", {"state": "delivered"}).json()["results"]
    assert (row["last_status"], row["next_at"]) == (200, None)
    assert client.post(f"webhooks/deliveries/{row['id']}/replay/").json()["state"] == "waiting"
    assert client.post(f"webhooks/deliveries/{row['id']}/replay/").status_code == 409
    assert client.post(f"{where}replay/").json() == {"replayed": 0}

    renewed = client.post(f"{where}secret/", seen=1)
    assert renewed.json()["secret"] != endpoint["secret"]
    assert client.patch(where, {"enabled": False}, seen=1).status_code == 412
    assert client.patch(where, {"enabled": False}, seen=2).json()["enabled"] is False
    assert client.post(f"{where}ping/").status_code == 409
    assert client.delete(where, seen=3).status_code == 200
    assert client.get("webhooks/").json()["results"] == []

    theirs = factories.delivery(factories.partner("Southwind"))
    for path in ("", "deliveries/"):
        assert client.get(f"webhooks/{theirs.endpoint_id}/{path}").status_code == 404
    assert client.post(f"webhooks/deliveries/{theirs.pk}/replay/").status_code == 404
    narrow = client_of()
    narrow.credentials(HTTP_AUTHORIZATION=f"Bearer {factories.api_key(northwind, 'claims:read')}")
    assert narrow.get("webhooks/").status_code == 403


def test_the_receiver_of_the_documentation_takes_each_webhook_once(northwind, receiver, settings, tmp_path):
    [program] = re.findall(r"```python\n(.*?)```", (PROJECT / "docs" / "webhooks.md").read_text(), re.DOTALL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.FETCH_PORTS = {port}
    endpoint, secret = webhooks.make_endpoint(
        northwind, by=northwind, url=f"http://127.0.0.1:{port}/", kinds=WEBHOOK_KINDS
    )
    told = {**os.environ, "PORT": str(port), "WEBHOOK_SECRET": secret}
    running = subprocess.Popen(
        [sys.executable, "-c", program], cwd=tmp_path, env=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        delivery = webhooks.ping(endpoint, by=northwind)

        def arrived():
            Delivery.objects.filter(state="waiting").update(next_at=timezone.now())  # it may not listen yet
            deliveries.send(endpoint.pk)
            return Delivery.objects.get().state == "delivered"

        workers.until(arrived, seconds=20)
        webhooks.replay(delivery, by=northwind)
        assert arrived()
        webhooks.new_secret(later(endpoint), by=northwind, seen=1)
        WebhookEndpoint.objects.update(old_until=timezone.now())
        webhooks.replay(delivery, by=northwind)
        deliveries.send(endpoint.pk)
        assert Delivery.objects.get().last_status == 401
    finally:
        running.kill()
    out, _ = running.communicate()
    assert out.decode().split() == ["webhook.test", "{'endpoint':", f"{endpoint.pk},", "'seq':", "None}"]


def test_a_partner_looks_after_its_endpoints_on_its_page(northwind, receiver, carol):
    browser = Client()
    browser.force_login(northwind)
    wanted = {"url": "https://10.0.0.7/hooks", "kinds": ["review.retracted"]}
    refused = browser.post("/partner/webhooks/", wanted)
    assert refused.status_code == 422
    assertContains(refused, "https://10.0.0.7/hooks", status_code=422)
    made = browser.post("/partner/webhooks/", {**wanted, "url": receiver.url})
    secret = re.search(r"whsec_[A-Za-z0-9+/]{43}=", made.content.decode())[0]
    assert "no-store" in made["Cache-Control"]
    endpoint = WebhookEndpoint.objects.get()
    here = f"/partner/webhooks/{endpoint.pk}/"
    assertNotContains(browser.get(here), "whsec_")
    assertContains(browser.get("/partner/webhooks/"), receiver.url)

    assertRedirects(browser.post(f"{here}ping"), here)
    deliveries.send_next(endpoint.pk, timezone.now())  # answered by 500
    assert verified(secret, receiver.posted[0])["type"] == "webhook.test"
    Delivery.objects.update(state="failed")
    page = browser.get(here)
    assertContains(page, "It answered with 500.")
    assertContains(page, "Send again what failed")
    assertRedirects(browser.post(f"{here}replay"), here)
    assert Delivery.objects.get().state == "waiting"
    assertRedirects(browser.post(f"{here}switch", {"seen": endpoint.version}), here)
    assertContains(browser.get(here), "The endpoint was switched off.")
    assert browser.post(f"{here}switch", {"seen": endpoint.version}).status_code == 409
    assert browser.post(f"{here}ping").status_code == 422
    assert browser.get(here).content.count(b"whsec_") == 0
    renewed = browser.post(f"{here}secret", {"seen": later(endpoint).version})
    assertContains(renewed, "signed with the old secret too")

    for who, status in ((factories.partner("Southwind"), 404), (carol, 403)):
        browser.force_login(who)
        assert browser.get(here).status_code == browser.post(f"{here}delete", {"seen": 3}).status_code == status
    browser.force_login(northwind)
    assertRedirects(browser.post(f"{here}delete", {"seen": later(endpoint).version}), "/partner/webhooks/")
    assert not WebhookEndpoint.objects.exists()
