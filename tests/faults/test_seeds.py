"""`loadseeds`, `ingest --wait` and `walkthrough` with a real worker, as `make run` uses them."""

import io
import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max

from config.databases import as_owner
from factcheck.models import Article, AuditEntry, Claim, Desk, Job, Passage, Source, Suggestion, User
from tests import workers

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def said(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def everything():
    """What a second run must not change."""
    counts = {
        model.__name__: model.objects.count() for model in (Article, Claim, Source, Passage, Suggestion, Job, User)
    }
    newest = [model.objects.aggregate(at=Max("updated_at"))["at"] for model in (Article, Claim, Source, Suggestion)]
    return counts, newest, AuditEntry.objects.count(), Desk.objects.values().get()


def test_the_seeds_go_in_once_and_are_shown_each_time(start, settings):
    settings.DEBUG = True
    start(workers.worker)
    first = said("loadseeds")
    before = everything()
    second = said("loadseeds")
    assert everything() == before
    assert "54 sources were added" in first
    assert "sources were added" not in second
    for shown in (first, second):
        assert "Max Hess" in shown
        assert "reworded by a machine" in shown
        assert "summary" in shown
        assert "erin@example.org" in shown
    assert Source.objects.filter(seen=Source.Seen.MEMORY).count() == 2


def test_without_debug_there_are_no_sample_people(start, settings):
    settings.DEBUG = False
    start(workers.worker)
    shown = said("loadseeds")
    assert not User.objects.exists()
    assert "Password" not in shown


def test_waiting_shows_the_table_of_what_was_taken_in(start, tmp_path):
    start(workers.worker)
    file = tmp_path / "article.txt"
    file.write_text("The council paid 12 million euros for the [red]bridge[/red] on Monday, Mayor Ada Lind said.")
    shown = said("ingest", str(file), "--wait")
    assert "Ada Lind" in shown
    assert "[red]" in shown, "an article's own brackets are text"
    assert "none found" in shown


@pytest.fixture
def refusing_database(db):
    """The owner makes the table of claims refuse every row: a step that fails each time it is tried."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE factcheck_claim ADD CONSTRAINT out_of_order CHECK (false) NOT VALID")
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE factcheck_claim DROP CONSTRAINT out_of_order")


def test_a_step_that_failed_is_shown_as_failed_and_never_as_nothing_found(start, tmp_path, settings, refusing_database):
    settings.JOB_MAX_ATTEMPTS = 2
    start(workers.worker)
    start(workers.beat)
    file = tmp_path / "article.txt"
    file.write_text("The council paid 12 million euros for the bridge on Monday.")
    out = io.StringIO()
    with pytest.raises(CommandError, match="a step of reading it failed"):
        call_command("ingest", str(file), "--wait", stdout=out)
    shown = out.getvalue()
    assert "none found" not in shown
    assert "Failed: Split a text into claims" in shown
    assert "after 2 attempts" in shown


def test_the_walkthrough_is_written_from_what_the_worker_found(start, tmp_path):
    start(workers.worker)
    page = tmp_path / "walkthrough.md"
    said("walkthrough", "--to", str(page))
    text = page.read_text()
    assert text.count("\n## ") == Claim.objects.count() > 10
    assert json.loads((settings.BASE_DIR / "seeds" / "article.json").read_text())["note"] in text
    assert text.count("summary]") > 20
