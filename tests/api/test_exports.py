"""Whole lists, streamed line by line."""

import json

import pytest
from django.test import Client as Browser

from factcheck.models import AuditEntry, AuditText, Claim
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def lines(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.getvalue().decode().splitlines()]


def test_a_list_is_taken_whole_with_its_filter_and_says_that_it_is_whole(client_of, by_bob, bob, carol, monkeypatch):
    monkeypatch.setattr("factcheck.api.exports.CHUNK", 3)
    northwind = factories.partner()
    own = factories.article(submitted_by=northwind)
    claims = [factories.claim(own, statement=f"It cost {number} million – “so”.") for number in range(7)]
    others = factories.claim(speaker="Ada Lind")
    secret = factories.claim(factories.article(confidential=True, outside_search="never"))

    *rows, end = lines(by_bob.get("claims/export/"))
    assert [row["id"] for row in rows] == [claim.pk for claim in (*claims, others)]
    assert rows[:7] == by_bob.get("claims/", {"article": own.pk}).json()["results"]
    assert end == {"end": True, "count": 8}
    assert secret.pk not in [row["id"] for row in rows]
    [found, _] = lines(by_bob.get("claims/export/", {"speaker": "ada lind"}))
    assert found["id"] == others.pk
    taken = AuditEntry.objects.filter(verb="desk.list_exported").order_by("pk").last()
    assert taken.new == "claims.ndjson"
    assert AuditText.objects.get(entry_id=taken.pk).text == "speaker: ada lind; rows: 1"
    for wrong in ({"limit": 3}, {"cursor": "x"}, {"verdict": "true"}):
        assert by_bob.get("claims/export/", wrong).status_code == 422
    assert by_bob.get("claims/export/", HTTP_ACCEPT="application/json").status_code == 406

    partner = client_of()
    partner.credentials(HTTP_AUTHORIZATION=f"Bearer {factories.api_key(northwind)}")
    *theirs, end = lines(partner.get("claims/export/"))
    assert ([row["id"] for row in theirs], end["count"]) == ([claim.pk for claim in claims], 7)
    assert {row["assignee"] for row in theirs} == {None}

    factories.published(bob, carol)
    [shown, end] = lines(partner.get("publications/export/"))
    assert shown == partner.get("publications/").json()["results"][0]
    assert lines(by_bob.get("publications/export/"))[0]["published_by"]["name"] == "Carol"


def test_what_breaks_on_the_way_leaves_no_last_line(bob, monkeypatch):
    monkeypatch.setattr("factcheck.api.exports.CHUNK", 1)
    for number in range(3):
        factories.claim(statement=f"It cost {number} million.")
    middle = Claim.objects.order_by("pk")[1]
    monkeypatch.setattr("factcheck.api.claims._shown", lambda claim, *_: {"id": 1 // (claim.pk - middle.pk)})
    browser, sent = Browser(), []
    browser.force_login(bob)
    lines_of = map(json.loads, browser.get("/api/v1/claims/export/").streaming_content)
    with pytest.raises(ZeroDivisionError):
        sent.extend(lines_of)
    assert [set(line) for line in sent] == [{"id"}]
