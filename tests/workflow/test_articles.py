"""Taking articles in: what is kept, what is refused, and how it is said."""

import hashlib

import pytest

from factcheck.exceptions import BadInput, NotAllowed
from factcheck.models import Article, AuditEntry, AuditText, Job
from factcheck.workflow.articles import ingest

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_text_is_kept_as_received_with_its_hashes():
    received = "\ufeffThe bridge opened.\r\nIt cost 12 million euros.\r\n".encode()
    article = ingest(received, by=None, title="The bridge")
    version = article.current
    assert bytes(version.raw) == received
    assert version.raw_sha256 == hashlib.sha256(received).hexdigest()
    assert version.text == "The bridge opened.\r\nIt cost 12 million euros.\r\n"
    assert version.sha256 == hashlib.sha256(version.text.encode()).hexdigest()


def test_its_splitting_is_queued_in_the_same_transaction():
    article = ingest("The bridge opened.", by=None)
    job = article.jobs.get()
    assert (job.kind, job.target, job.queue, job.state) == (
        Job.Kind.SPLIT, article.current.pk, "interactive", Job.State.QUEUED,
    )  # fmt: skip


def test_the_trail_says_who_brought_it_and_keeps_the_title_erasable(alice):
    article = ingest("The bridge opened.", by=alice, title="A title that may have to go")
    entry = AuditEntry.objects.get(chain=str(article.uuid))
    assert (entry.verb, entry.actor, entry.new) == ("article.ingested", alice.pk, article.current.sha256)
    assert AuditText.objects.get(entry_id=entry.pk).text == "A title that may have to go"


def test_an_auditor_changes_nothing(dave):
    with pytest.raises(NotAllowed, match=r"Dave \(Auditor\) may not ingest an article"):
        ingest("The bridge opened.", by=dave)
    assert not Article.objects.exists()


def test_who_may_not_log_in_any_more_may_do_nothing(alice):
    alice.is_active = False
    with pytest.raises(NotAllowed):
        ingest("The bridge opened.", by=alice)


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        ("The bridge\x00 opened.", "NUL"),
        ("The bridge \ud83d opened.", "surrogate"),
        (b"The bridge \xff opened.", "UTF-8"),
        ("a " * 2_500_000, "200,000"),
        ("a\n" * 5_001, "5,001 lines"),
    ],
)
def test_what_is_no_text_is_refused_in_words_and_nothing_is_stored(received, said):
    with pytest.raises(BadInput) as refused:
        ingest(received, by=None)
    assert said.lower() in str(refused.value).lower()
    assert not Article.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("field", ["title", "byline", "note", "url", "language"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b"])
def test_what_is_said_about_it_must_be_text_too(field, bad):
    with pytest.raises(BadInput):
        ingest("The bridge opened.", by=None, **{field: bad})


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org/a", "example.org/a", "https://", "http://a b/"]
)
def test_an_address_that_no_browser_should_follow_is_refused(url):
    with pytest.raises(BadInput, match="The address must be a web address"):
        ingest("The bridge opened.", by=None, url=url)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "t" * 1001, "The title has 1,001 characters"),
        ("url", "https://example.org/" + "a" * 2000, "must be a web address"),
        ("language", "x" * 36, "must be a tag like en"),
    ],
)
def test_what_does_not_fit_is_refused_before_the_database_has_to(field, value, said):
    with pytest.raises(BadInput, match=said):
        ingest("The bridge opened.", by=None, **{field: value})
