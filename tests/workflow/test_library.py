"""Sources that come by address, in lists and for another encoder: what breaks off goes on, and is done once."""

import json

import pytest
from django.db.models import Sum
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, InvalidTransition
from factcheck.models import (
    AuditEntry,
    Import,
    ImportRow,
    Job,
    Lexeme,
    Outlet,
    Passage,
    Snapshot,
    Source,
    SourceCapture,
)
from factcheck.retrieval import embedding
from factcheck.retrieval.providers import library
from factcheck.workflow import imports, jobs, lists, reindexing, source_rows, sources, steps
from factcheck.workflow.source_documents import add_address, add_file, add_text, paste_words
from factcheck.workflow.sources import edit_source
from tests import factories
from tests.fetching.conftest import answer
from tests.workflow.test_ingest import PAGE

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LIST = [
    {"title": "Minutes", "url": "https://example.org/minutes", "text": "The bridge cost 12 million euros."},
    {"title": "Budget", "publisher": "Norland", "passages": [{"text": "Ours.", "wording": "summary"}, "Theirs."]},
    {"title": "No words"},
    {"url": "https://example.org/unread"},
    {"title": "Minutes again", "url": "https://example.org/minutes", "text": "The same address."},
    {"title": "Budget", "publisher": "Norland", "passages": [{"text": "Ours.", "wording": "summary"}]},
    {"title": "Beyond", "text": "It is said.", "published": "2024-W20-2"},
    {"title": "Of another kind", "text": "It is said.", "kind": "gossip"},
]


def rows(*said) -> list[lists.Row]:
    return lists.rows_of(b"\n".join(json.dumps(each).encode() for each in said), "sources.jsonl")


def done(kind: str, target: int) -> Job:
    job = Job.objects.filter(kind=kind, target=target).latest("pk")
    Job.objects.filter(pk=job.pk, state="queued").update(due_at=Now())
    steps.perform(job.pk)
    job.refresh_from_db()
    return job


# --- lists -----------------------------------------------------------------------------------------------------------


def test_a_list_that_breaks_off_goes_on_and_takes_each_row_once(bob, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 3)
    every = {"kind": "primary", "seen": "page"}
    made = imports.begin(Import.Kind.SOURCES, rows(*LIST), by=bob, name="sources.jsonl", **every)
    done(Job.Kind.IMPORT, made.pk)
    assert made.counts() == {"waiting": 5, "added": 2, "changed": 0, "known": 0, "refused": 1, "repeated": 0}
    again = imports.begin(Import.Kind.SOURCES, rows(*LIST), by=bob, name="sources.jsonl", **every)
    assert (again.pk, again.was_here, again.rows.count()) == (made.pk, True, 8)

    whole = source_rows.enter
    taken = []

    def killed(said, *args, **kwargs):
        taken.append(said["title"])
        if len(taken) == 2:
            raise MemoryError("the worker is gone")
        return whole(said, *args, **kwargs)

    monkeypatch.setattr(source_rows, "enter", killed)
    job = done(Job.Kind.IMPORT, made.pk)
    assert (job.state, Source.objects.count(), made.counts()["waiting"]) == ("queued", 2, 5)  # undone as a whole
    monkeypatch.setattr(source_rows, "enter", whole)
    while made.counts()["waiting"]:
        assert done(Job.Kind.IMPORT, made.pk).state == "done"

    assert not Job.objects.filter(kind=Job.Kind.IMPORT, state__in=jobs.LIVE).exists()
    state = ImportRow.State
    assert list(made.rows.order_by("line").values_list("state", flat=True)) == [
        state.ADDED, state.ADDED, state.REFUSED, state.ADDED, state.KNOWN, state.KNOWN, state.REFUSED, state.REFUSED,
    ]  # fmt: skip
    refused = made.rows.filter(state=state.REFUSED).order_by("line")
    assert [json.loads(row.raw) for row in refused] == [LIST[2], LIST[6], LIST[7]]
    assert "no text" in refused[0].sentence
    assert "2024-05-14" in refused[1].sentence
    assert "gossip" in refused[2].sentence
    budget = Source.objects.get(title="Budget")
    assert list(budget.passages.order_by("position").values_list("text", "wording")) == [
        ("Ours.", "summary"), ("Theirs.", "original"),
    ]  # fmt: skip
    unread = Source.objects.get(url="https://example.org/unread")
    assert (unread.seen, unread.passages.exists()) == ("unread", False)
    assert Job.objects.get(kind=Job.Kind.READ).target == unread.pk
    [entry] = AuditEntry.objects.all()
    assert (entry.verb, entry.chain, entry.actor) == ("import.begun", "desk", bob.pk)
    assert Outlet.objects.get().name == "Norland"


# --- addresses, files and words --------------------------------------------------------------------------------------


def test_an_address_that_fails_says_so_and_is_read_when_it_is_tried_again(site, bob, settings):
    settings.JOB_MAX_ATTEMPTS = 1
    source = add_address(by=bob, url=f"{site.url}/page#cost", kind="primary")
    assert add_address(by=bob, url=f"{site.url}/page", kind="dataset").pk == source.pk
    job = done(Job.Kind.READ, source.pk)
    source.refresh_from_db()
    assert (job.state, source.seen, source.title) == ("dead", "unread", f"{site.url}/page")
    assert job.last_error.endswith(".")
    said = {"kind": "primary", "url": source.url, "outlet": None, "published": "", "licence": "", "title": "Page"}
    with pytest.raises(BadInput, match="not read yet"):  # an empty source never looks like one that was read
        edit_source(source, by=factories.person("Cleo", "editor"), version=source.version, **{**said, "seen": "page"})

    site.pages["/page"] = answer(200, PAGE)
    jobs.replay(job, by=bob, seen_attempts=1)
    assert done(Job.Kind.READ, source.pk).state == "done"
    source.refresh_from_db()
    assert (source.seen, source.title, source.published) == ("page", "The bridge", "2024-05-14")
    assert source.outlet.name == "The Herald"
    assert set(source.passages.values_list("heading", flat=True)) == {"The bridge"}
    number = source.passages.count()
    capture = SourceCapture.objects.get()
    assert (bytes(capture.raw), capture.final_url, capture.media_type) == (PAGE, f"{site.url}/page", "text/html")
    assert AuditEntry.objects.get(verb="source.fetched").actor is None
    jobs.enqueue(Job.Kind.READ, source.pk, queue="fetch")
    done(Job.Kind.READ, source.pk)
    assert (source.passages.count(), Snapshot.objects.count()) == (number, 2)  # as it stands there now, to be quoted


def test_words_can_be_pasted_for_an_address_that_cannot_be_fetched(site, bob, settings):
    settings.JOB_MAX_ATTEMPTS = 1
    source = add_address(by=bob, url=f"{site.url}/page", kind="primary", title="The minutes")
    done(Job.Kind.READ, source.pk)
    read = paste_words(source, by=bob, seen=1, text="It cost 12 million euros.", wording="original")
    assert (read.seen, read.passages.get().text) == ("page", "It cost 12 million euros.")
    with pytest.raises(InvalidTransition):
        paste_words(read, by=bob, seen=read.version, text="Twice.", wording="original")
    assert done(Job.Kind.READ, source.pk).state == "done"  # the step that was dead does not stay in sight
    assert (read.passages.count(), SourceCapture.objects.count(), site.accepted) == (1, 0, 1)


def test_a_file_and_a_text_are_cut_under_their_headings_and_come_once(bob, carol, monkeypatch):
    page = b"# The bridge\n\n## What it cost\n\nIt cost 12 million euros.\n\n## Who paid\n\nNorland paid."
    said = {"kind": "primary", "seen": "page"}
    source = add_file(page, by=bob, file="minutes.md", **said)
    assert list(source.passages.order_by("position").values_list("heading", "text")) == [
        ("The bridge › What it cost", "It cost 12 million euros."),
        ("The bridge › Who paid", "Norland paid."),
    ]
    assert add_file(page, by=bob, file="minutes.md", **said).was_here
    with pytest.raises(BadInput, match="is none"):
        add_file(b"words", by=bob, file="minutes.pdf", **said)
    with pytest.raises(BadInput, match="2,101 passages"):
        add_file(b"# A\n\nIt rained.\n\n" * 2_101, by=bob, file="days.md", **said)
    assert len(add_address(by=bob, url=f"https://example.org/{'x' * 1_900}", kind="primary").title) == 1_000
    done(Job.Kind.INDEX, source.pk)
    told = {"url": "", "outlet": None, "published": "", "licence": "", **said}
    edit_source(source, by=carol, version=1, title="The minutes", **told)
    assert set(source.passages.values_list("heading", flat=True)) == {
        "The minutes › What it cost", "The minutes › Who paid",
    }  # fmt: skip
    done(Job.Kind.INDEX, source.pk)
    assert not Lexeme.objects.filter(word="bridg", passages__gt=0).exists()
    assert Lexeme.objects.get(word="minut").passages == 2
    monkeypatch.setattr(sources, "AT_ONCE", 2)
    long = add_text("It cost 12 million euros in 2024. " * 60, by=bob, wording="summary", title="Long", **said)
    for left in (3, 1, 0):
        assert long.passages.filter(embedding=None).count() == left
        done(Job.Kind.INDEX, long.pk)
    assert Lexeme.objects.get(word="long").passages == 3


# --- another encoder -------------------------------------------------------------------------------------------------


def test_the_library_is_read_anew_and_found_all_the_while(bob, monkeypatch):
    three = [
        add_text(f"The harbour bridge of {city} cost 12 million euros.", by=bob, wording="original", title=city,
                 kind="primary", seen="page")
        for city in ("Norland", "Brack", "Oslo")
    ]  # fmt: skip
    for source in three:
        done(Job.Kind.INDEX, source.pk)
    claim = factories.claim(statement="The harbour bridge cost 12 million euros.", model_version="x")
    type(claim).objects.filter(pk=claim.pk).update(embedding=embedding.encode([claim.statement])[0])
    words = dict(Lexeme.objects.values_list("word", "passages"))
    assert words["bridg"] == 3

    def found() -> int:
        return len(library.search([claim])[claim.pk])

    monkeypatch.setattr(embedding, "MODEL", "another-encoder")
    assert (reindexing.left(), reindexing.enqueue(), reindexing.enqueue()) == (3, 3, 0)
    claim.refresh_from_db()
    assert claim.embedding is None  # it would be compared across two encoders
    type(claim).objects.filter(pk=claim.pk).update(embedding=embedding.encode([claim.statement])[0])
    done(Job.Kind.INDEX, three[0].pk)
    assert (reindexing.left(), found()) == (2, 3)
    encode = embedding.encode

    def killed(_texts):
        raise MemoryError("the worker is gone")

    monkeypatch.setattr(embedding, "encode", killed)
    assert done(Job.Kind.INDEX, three[1].pk).state == "queued"
    assert (reindexing.left(), reindexing.enqueue(), found()) == (2, 0, 3)
    monkeypatch.setattr(embedding, "encode", encode)
    for source in three[1:]:
        assert done(Job.Kind.INDEX, source.pk).state == "done"
    assert (reindexing.left(), found(), reindexing.enqueue()) == (0, 3, 0)
    assert set(Passage.objects.values_list("model_version", flat=True)) == {"another-encoder"}
    assert dict(Lexeme.objects.values_list("word", "passages")) == words
    assert Lexeme.objects.aggregate(Sum("passages"))["passages__sum"] == sum(words.values())


def test_what_a_service_had_named_is_added_by_who_has_its_words_or_wants_it_read(bob):
    urls = ["https://example.org/minutes", "https://example.org/report"]
    for url in urls:
        named = Source.objects.create(title="As the service calls it", url=url, seen="found", kind="secondary")
        Passage.objects.create(source=named, position=1, heading="", text="Named only.", wording="summary")
    words = "The council paid 12 million euros for the bridge."
    said = {"title": "Minutes of the council", "kind": "primary", "seen": "page"}
    source = add_text(words, by=bob, wording="original", url=urls[0], **said)
    assert (source.was_here, source.title, source.kind, source.seen) == (False, said["title"], "primary", "page")
    assert list(source.passages.order_by("position").values_list("text", flat=True)) == ["Named only.", words]
    wanted = add_address(by=bob, url=urls[1], kind="primary")
    assert (wanted.title, wanted.seen) == ("As the service calls it", "unread")
    assert Job.objects.filter(kind=Job.Kind.READ, target=wanted.pk, state="queued").count() == 1
    assert Source.objects.filter(url__in=urls).count() == 2
