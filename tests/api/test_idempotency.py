"""The same POST again: done once, answered the same, by whatever door and however many send it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep
from uuid import uuid4

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import F
from django.test import Client as Browser

from factcheck.models import Article, Comment, Job, KeptAnswer
from factcheck.workflow import answers, takedowns
from tests import factories
from tests.api.conftest import TOKEN
from tests.api.test_refusals import said

pytestmark = pytest.mark.api
once = pytest.mark.django_db
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def keyed(client, path, body=None, key=KEY, **extra):
    return client.post(path, body, HTTP_IDEMPOTENCY_KEY=key, **extra)


@once
def test_the_same_again_is_answered_the_same_and_does_nothing(by_bob, by_carol, claim):
    begun = keyed(by_bob, f"claims/{claim.pk}/review/", seen=1)
    assert (begun.status_code, "Idempotency-Replayed" in begun.headers) == (201, False)
    again = keyed(by_bob, f"claims/{claim.pk}/review/", key=f'"{KEY}"', seen=1)  # the same, as the draft writes it
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (201, begun.content, "true")
    for name in ("ETag", "Location", "Content-Type"):
        assert again[name] == begun[name]
    said(keyed(by_bob, f"claims/{claim.pk}/review/", {"reason": "x"}, seen=1), 422, "key-reused")
    said(keyed(by_bob, f"claims/{claim.pk}/review/", seen=2), 422, "key-reused")  # about another version

    said(keyed(by_carol, f"claims/{claim.pk}/review/", seen=1), 422, "refused")  # the key is Bob's own
    refused = keyed(by_carol, f"claims/{claim.pk}/review/", seen=1)
    assert (refused["Idempotency-Replayed"], refused.json()["type"]) == ("true", "/problems/refused")
    assert keyed(by_bob, "comments/", {"claim": claim.pk, "text": "Look."}).status_code == 201  # nor of this address

    for key in ("", " ", "a b", "é", "x" * 256, '"'):
        said(keyed(by_bob, "comments/", {"claim": claim.pk, "text": "Look."}, key=key), 400, "malformed")
    assert Comment.objects.count() == 1


@once
def test_a_file_is_the_same_whatever_parts_the_form(by_bob):
    def send(boundary, text=b"# The ferry\n\nIt carried 900 passengers."):
        file = SimpleUploadedFile("ferry.md", text).read()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="ferry.md"\r\n\r\n'.encode()
        body = head + file + f"\r\n--{boundary}--\r\n".encode()
        form = f"multipart/form-data; boundary={boundary}"
        return by_bob.generic("POST", "articles/", body, content_type=form, HTTP_IDEMPOTENCY_KEY=KEY)

    first, again = send("one"), send("another")
    assert (first.status_code, again.status_code, again.content) == (202, 202, first.content)
    said(send("one", b"# Another ferry\n\nIt carried nobody."), 422, "key-reused")
    assert Article.objects.count() == 1
    too_long = by_bob.generic("POST", "articles/", b"x" * 13_000_001, "application/json", HTTP_IDEMPOTENCY_KEY="other")
    said(too_long, 413, "too-large")


@once
def test_what_failed_is_kept_by_nobody(by_bob, claim, monkeypatch):
    def broken(claim, *, by, **_):
        factories.comment(by, claim)
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("factcheck.workflow.comments.write", broken)
        with pytest.raises(ZeroDivisionError):
            keyed(by_bob, "comments/", {"claim": claim.pk, "text": "Look."})
    assert not Comment.objects.exists()
    assert keyed(by_bob, "comments/", {"claim": claim.pk, "text": "Look."}).status_code == 201


@once
def test_what_is_kept_is_erased_in_time_and_by_a_takedown(by_bob, bob, carol, claim):
    body = {"claim": claim.pk, "text": "Look."}
    for key in ("old", "new"):
        keyed(by_bob, "comments/", body, key=key)
    old = KeptAnswer.objects.order_by("pk")[:1]
    KeptAnswer.objects.filter(pk__in=old.values("pk")).update(created_at=F("created_at") - timedelta(hours=25))
    answers.erase_old()
    assert keyed(by_bob, "comments/", body, key="new")["Idempotency-Replayed"]
    assert "Idempotency-Replayed" not in keyed(by_bob, "comments/", body, key="old")

    public = factories.published(bob, carol)
    takedowns.take_down(public, by=carol, seen=public.version, reason="A court demands it.")
    assert not KeptAnswer.objects.exclude(body="").exists()
    said(keyed(by_bob, "comments/", body, key="new"), 410, "answer-erased")
    assert Comment.objects.count() == 3  # old, new, and old once more


def posting(server, user):
    """post(path, body, key) as the user, each time on a connection of its own."""
    browser = Browser()
    browser.force_login(user)
    cookies = {"sessionid": browser.cookies["sessionid"].value, "csrftoken": TOKEN}

    def post(path, body, key):
        headers = {"X-CSRFToken": TOKEN, "Idempotency-Key": key}
        return requests.post(f"{server.url}/api/v1/{path}", json=body, headers=headers, cookies=cookies, timeout=60)

    return post


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_and_who_is_killed_locks_nobody_out(live_server, bob):
    claim, post = factories.claim(), posting(live_server, bob)
    body = {"claim": claim.pk, "text": "Look."}

    def patiently(key):
        until = monotonic() + 30
        while (answer := post("comments/", body, key)).status_code == 409 and monotonic() < until:
            assert (answer.json()["type"], answer.headers["Retry-After"]) == ("/problems/still-running", "1")
            sleep(0.05)
        return answer

    with ThreadPoolExecutor(20) as crowd:
        given = list(crowd.map(patiently, [str(uuid4())] * 20))
    assert {(answer.status_code, answer.content) for answer in given} == {(201, given[0].content)}
    assert [answer.headers.get("Idempotency-Replayed") for answer in given].count(None) == 1
    assert Comment.objects.count() == 1

    with ThreadPoolExecutor(1) as one:
        with transaction.atomic(), connection.cursor() as cursor:
            Article.objects.select_for_update().get(pk=claim.article_id)  # for which the first has to wait
            first = one.submit(post, "comments/", body, "killed")
            holding, until = None, monotonic() + 30
            while holding is None and monotonic() < until:
                cursor.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode ~ '^Excl'")
                holding = cursor.fetchone()
            assert post("comments/", body, "killed").status_code == 409
            cursor.execute("SELECT pg_terminate_backend(%s)", holding)
            assert first.result().status_code == 500
        assert patiently("killed").status_code == 201
    assert (Comment.objects.count(), KeptAnswer.objects.count()) == (2, 2)
    assert Job.objects.count() == 0


@once
def test_a_secret_that_is_shown_once_is_kept_for_nobody(with_key):
    client = with_key(factories.api_key(factories.partner(), "webhooks"))
    body = {"url": "https://8.8.8.8/hook"}
    made = keyed(client, "webhooks/", body)
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    said(keyed(client, "webhooks/", body), 410, "answer-erased")
    seen = {"HTTP_IF_MATCH": made["ETag"]}
    anew = keyed(client, f"webhooks/{made.json()['id']}/secret/", {}, **seen)
    assert anew.json()["secret"] != made.json()["secret"]
    kept = str(list(KeptAnswer.objects.values()))
    assert "whsec_" not in kept
    refused = [keyed(client, "webhooks/", {}, key="another") for _ in range(2)]
    assert refused[0].content == refused[1].content, "what was refused has no secret, and is told again"
