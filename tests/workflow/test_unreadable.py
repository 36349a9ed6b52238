"""What could not be read is kept: whose it is, why, and what becomes of it."""

import json
from datetime import UTC, datetime
from threading import Event
from time import sleep

import pytest

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, Unread
from factcheck.models import Article, AuditEntry, AuditText, Job, Unreadable
from factcheck.text import documents
from factcheck.workflow import lists, steps, unreadable
from factcheck.workflow.articles import ingest
from factcheck.workflow.submissions import submit, submit_row, try_again
from factcheck.workflow.transitions import change
from tests import factories
from tests.fetching.conftest import answer
from tests.models.asking import side_by_side
from tests.workflow.test_ingest import PAGE

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LATIN_1 = "Die Brücke kostete 12 Millionen Euro.".encode("latin-1")


def refused(by, **sent) -> Unreadable:
    with pytest.raises(Unread) as error:
        submit(LATIN_1, by=by, file="bridge.txt", **sent)
    assert error.value.kept
    return Unreadable.objects.latest("pk")


def learned(monkeypatch) -> None:
    """The reader is upgraded: it guesses at what it refused before."""
    monkeypatch.setitem(documents.READERS, documents.PLAIN, lambda data: documents._reading(data.decode("latin-1")))


def test_a_file_that_cannot_be_read_waits_with_what_was_said_of_it_until_it_can(alice, bob, monkeypatch):
    row = refused(alice, title="My title", language="de", confidential=True, readers=[bob])
    assert (row.sent_by, row.file_name, row.size, bytes(row.raw)) == (alice, "bridge.txt", len(LATIN_1), LATIN_1)
    assert "UTF-8" in row.sentence
    assert not Article.objects.exists()
    again = refused(alice, title="My title", confidential=True)
    assert again.pk == row.pk  # once, however often it is sent
    row = again
    with pytest.raises(BadInput, match="It still cannot be read"):
        try_again(row, by=alice, seen=row.version)
    row.refresh_from_db()
    learned(monkeypatch)
    article = try_again(row, by=alice, seen=row.version)
    assert (article.current.title, article.current.language, article.confidential) == ("My title", "de", True)
    assert set(article.readers.all()) == {alice, bob}
    row.refresh_from_db()
    assert (row.state, row.article, bytes(row.raw), row.settled_by) == ("taken", article, b"", alice)
    with pytest.raises(InvalidTransition):
        unreadable.set_aside(row, by=alice, seen=row.version, reason="No.")


def test_a_confidential_one_is_there_for_its_readers_only_and_says_nothing_in_the_trail(alice, bob, carol, erin):
    row = refused(alice, confidential=True, readers=[bob])
    for person, sees in ((alice, True), (bob, True), (carol, False), (erin, False)):
        assert Unreadable.objects.visible_to(person).exists() == sees, person
    unreadable.set_aside(row, by=alice, seen=row.version, reason="The mayor called.")
    assert not AuditText.objects.filter(text__contains="mayor").exists()
    row.refresh_from_db()
    assert (row.reason, bytes(row.raw)) == ("The mayor called.", b"")


def test_a_person_has_room_for_so_many_bytes_and_has_it_again_when_something_becomes_of_them(alice, monkeypatch):
    monkeypatch.setattr(unreadable, "ROOM", len(LATIN_1) + 5)
    first = refused(alice)
    other = unreadable.keep(b"other bytes", by=alice, sentence="No.")
    assert (bytes(other.raw), other.size) == (b"", 11)
    with pytest.raises(BadInput, match="Send it in again"):
        try_again(other, by=alice, seen=other.version)
    unreadable.set_aside(first, by=alice, seen=first.version, reason="Another file.")
    assert bytes(unreadable.keep(b"newest bytes", by=alice, sentence="No.").raw) == b"newest bytes"


def test_pasted_words_and_wrong_details_are_no_submission(alice):
    for sent in ({}, {"file": "bridge.txt", "language": "?"}):
        with pytest.raises(BadInput):
            submit(LATIN_1 if not sent else b"Words.", by=alice, **sent)
    assert not Unreadable.objects.exists()


def test_a_row_of_a_list_is_kept_with_its_line_and_read_again_as_a_row(alice, bob):
    table = b"url,title\r\nhttps://example.org/a,A,\r\nnonsense,B\r\nhttps://example.org/c,C, and D\r\n"
    [whole, row, parted] = lists.rows_of(table, "day.csv")
    assert (lists.sent(whole)["title"], json.loads(parted.raw)[""]) == ("A", [" and D"])  # none of its words is lost
    with pytest.raises(BadInput, match="more cells"):
        lists.sent(parted)
    with pytest.raises(BadInput):
        submit_row(row, name="day.csv", by=alice, confidential=True, readers=[bob])
    kept = Unreadable.objects.get()
    assert (kept.file_name, kept.line, bytes(kept.raw)) == ("day.csv", 3, b'{"url": "nonsense", "title": "B"}')
    assert set(kept.readers.all()) == {alice, bob}
    with pytest.raises(BadInput, match="The address must be"):
        try_again(kept, by=alice, seen=kept.version)


def test_a_row_whose_sender_named_readers_is_never_there_for_others(alice, bob, carol):
    [row] = lists.rows_of(b'{"text": "It rained.", "published": "2024-05-15T09:30:00+02:00"}', "day.jsonl")
    with pytest.raises(BadInput, match="not marked confidential"):
        submit_row(row, name="day.jsonl", by=alice, readers=[bob])
    assert [Unreadable.objects.visible_to(who).exists() for who in (alice, bob, carol)] == [True, True, False]
    kept = Unreadable.objects.get()
    article = try_again(kept, by=alice, seen=kept.version)
    assert (article.confidential, set(article.readers.all())) == (True, {alice, bob})
    assert article.current.published_at == datetime(2024, 5, 15, 7, 30, tzinfo=UTC)


def test_of_two_who_settle_it_at_once_the_loser_leaves_no_article_behind(alice, carol):
    kept = unreadable.keep(b'{"text": "It rained."}', by=alice, sentence="No.", file="day.jsonl", line=1)
    stale = Unreadable.objects.get()
    unreadable.set_aside(kept, by=alice, seen=kept.version, reason="Another list.")
    with pytest.raises(Conflict, match="Nothing was saved"):
        try_again(stale, by=carol, seen=stale.version)
    assert not Article.objects.exists()


def test_fetched_bytes_are_kept_and_read_where_the_page_is_gone_when_it_is_asked_again(site, alice, monkeypatch):
    site.pages["/page"] = answer(200, PAGE, kind="text/plain; charset=utf-8")
    with monkeypatch.context() as reader:
        reader.setitem(documents.READERS, documents.PLAIN, None)
        reader.setattr(documents, "_sniffed", lambda data: documents.PDF)
        article = ingest(None, by=alice, url=f"{site.url}/page")
        steps.perform(article.jobs.get().pk)
    row = Unreadable.objects.get()
    assert (row.article, row.sent_by, row.file_name, bytes(row.raw)) == (article, alice, "page", PAGE)
    assert AuditEntry.objects.get(verb="unreadable.fetched").actor is None  # hers it is, and she did nothing
    site.pages["/page"] = answer(404)
    assert try_again(row, by=alice, seen=row.version) == article
    steps.perform(article.jobs.get().pk)
    assert (article.current.title, article.jobs.filter(state=Job.State.DEAD).exists()) == ("The bridge", False)
    row.refresh_from_db()
    assert (row.state, bytes(row.raw)) == ("taken", b"")
    assert article.current.capture.final_url == f"{site.url}/page"


@pytest.mark.django_db(transaction=True)
def test_the_machine_and_a_person_who_settle_a_page_at_once_do_not_wait_for_each_other(alice):
    article = factories.fetched(submitted_by=alice)
    first, second = (unreadable.keep(raw, by=alice, sentence="No.", article=article) for raw in (b"1", b"2"))
    begun = Event()

    def machine() -> None:
        with change(article.pk):
            unreadable.settle(first, "taken", by=None, seen=first.version)
            begun.set()
            sleep(0.2)  # until the other holds what it can get
            unreadable.settle(second, "taken", by=None, seen=second.version)

    def person() -> None:
        begun.wait(5)
        with pytest.raises(Conflict, match="settled this in the meantime"):
            unreadable.set_aside(Unreadable.objects.get(pk=second.pk), by=alice, seen=second.version, reason="No.")

    side_by_side(machine, person)
    assert set(Unreadable.objects.values_list("state", flat=True)) == {"taken"}
