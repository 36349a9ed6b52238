"""Lists that are taken away: nothing in them runs in a spreadsheet, nothing confidential leaves, every row comes."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from factcheck.models import AuditEntry, AuditText, Claim
from factcheck.web import exports, tables
from factcheck.workflow import insights
from tests import factories
from tests.web.conftest import window

TEXTS = st.text("=+-@\t\r\n;,\"' a7é＝\ufeff\x00", max_size=12)


@pytest.mark.unit
@given(st.lists(st.tuples(TEXTS, st.one_of(TEXTS, st.integers(), st.none())), max_size=5))
def test_no_cell_runs_and_no_word_is_lost(rows):
    read = list(csv.reader(io.StringIO("".join(tables.as_csv(("a", "b"), rows)), newline="")))
    assert read[0] == ["\ufeffa", "b"]
    assert len(read) == 1 + len(rows)
    for cells, row in zip(read[1:], rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            text = "" if value is None else str(value)
            assert cell in (text, f"'{text}")
            if isinstance(value, str):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    lines = "".join(tables.together(tables.as_jsonl(("a", "b"), rows))).split("\n")[:-1]
    assert [tuple(json.loads(line).values()) for line in lines] == rows


def taken(client, listed: str, form: str = "jsonl", **asked):
    response = client.post(f"/desk/export/{listed}", {"form": form, **asked})
    assert response.status_code == 200
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


@pytest.fixture
def hidden(bob):
    """A confidential article that bob may read, with a claim that is waiting and a source that was found for it."""
    article = factories.article(confidential=True, outside_search="never", url="https://example.org/secret")
    article.readers.add(bob)
    factories.claim(article, statement="It is a secret.", checkworthiness=1)
    source = factories.source("A secret source")
    type(source).objects.create(title="Secret", kind="primary", seen="page", confidential_with=article)
    return article


@pytest.mark.database
@pytest.mark.django_db
def test_a_list_goes_whole_with_its_filter_and_leaves_out_what_is_confidential_and_an_entry(hidden, bob, carol):
    client = window(bob)
    dismissed = factories.claim(statement="=SUM(1)", checkworthiness=0.2)
    Claim.objects.filter(pk=dismissed.pk).update(status="dismissed")
    of = factories.article()
    open_ones = [
        factories.claim(of, statement=f"It cost {n}.", checkworthiness=n / 100) for n in range(60)
    ]  # two pages
    assert [row["statement"] for row in taken(client, "claims")] == [one.statement for one in reversed(open_ones)]
    assert [row["claim"] for row in taken(client, "claims", status="dismissed", after="1")] == [dismissed.pk]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.actor, entry.new) == ("desk.list_exported", bob.pk, "claims.jsonl")
    assert AuditText.objects.get(entry_id=entry.pk).text == "status: dismissed; rows: 1"
    factories.published(bob, carol)
    factories.reviewed_until("submitted", bob, carol)
    found = {listed: taken(client, listed) for listed in exports.LISTS if listed != "self-assessment"}
    assert [listed for listed, rows in found.items() if not rows] == ["acceptance"]
    assert "ecret" not in json.dumps({name: rows for name, rows in found.items() if name != "sources"})
    assert [row["title"] for row in found["sources"] if "ecret" in row["title"]] == ["A secret source"]
    assert "It is a secret." in client.get("/").content.decode()
    entries = AuditEntry.objects.count()
    for refused in ({"form": "xls"}, {"form": "csv", "status": "unknown"}):
        assert client.post("/desk/export/claims", refused).status_code == 404
    assert client.post("/desk/export/nothing", {"form": "csv"}).status_code == 404
    assert window().post("/desk/export/claims", {"form": "csv"}).status_code == 401
    assert AuditEntry.objects.count() == entries


@pytest.mark.database
@pytest.mark.django_db
def test_rows_are_fetched_as_they_are_sent(bob, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 2)
    monkeypatch.setattr(tables, "CHUNK", 2)
    article = factories.article()
    for _ in range(7):
        factories.claim(article)
    with CaptureQueriesContext(connection) as captured:
        response = window(bob).post("/desk/export/claims", {"form": "csv"})
        before = len(captured)
        parts = list(response.streaming_content)
    assert len(parts) == 4  # a heading and seven rows, two lines each
    assert before < len(captured)  # nothing of it was read for the answer's beginning
    assert parts[0].decode().startswith("\ufeffclaim,status,")


@pytest.mark.database
@pytest.mark.django_db
def test_the_figures_count_what_happened_in_the_period_and_what_the_reader_sees(hidden, bob, carol, grace):
    client = window(bob)
    for _ in range(4):
        factories.published(bob, carol)
    claim = factories.claim()
    suggestion = factories.suggestion(claim)
    type(suggestion).objects.filter(pk=suggestion.pk).update(status="dismissed", decided_by=bob)
    page = {each.name: each for each in client.get("/desk/insights/").context["insights"]}
    assert page["verdicts"].rows[0] == ("verified", 4)
    assert [row[1] for row in page["turnaround"].rows] == [4, 4]  # the week and the whole
    assert all(timedelta(0) <= row[2] <= row[3] < timedelta(minutes=1) for row in page["turnaround"].rows)
    today = timezone.now().date()
    for zone in ("Etc/GMT-14", "Etc/GMT+12"):  # in one of them it is another day
        with timezone.override(zone):
            assert insights.turnaround(insights.Period(today, today))[0].since == today
    assert page["acceptance"].rows == [("library", 0, 1)]
    assert sum(row[4] for row in page["relied-on"].rows) == 4
    seen = {who: window(who).get("/desk/insights/").context["insights"][1].rows[0] for who in (bob, grace)}
    assert (seen[bob][2], seen[grace][2]) == (2, 1)  # the hidden claim is there for its reader only
    assert taken(client, "backlog")[0]["not_begun"] == 1  # and in no file
    yesterday = timezone.now().date() - timedelta(days=1)
    asked = f"?since={yesterday - timedelta(days=400)}&until={yesterday}"
    before = {each.name: each for each in client.get(f"/desk/insights/{asked}").context["insights"]}
    assert [before[name].rows for name in ("verdicts", "turnaround", "relied-on", "acceptance")] == [[], [], [], []]
    for wrong in ("?days=8", "?since=2026-01-02", "?since=2026-01-02&until=2026-01-01", "?since=x&until=0000-01-01"):
        assert client.get(f"/desk/insights/{wrong}").status_code == 422
