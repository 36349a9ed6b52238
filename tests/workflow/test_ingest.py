"""Files and addresses: what is kept of them, what goes wrong, and the same thing twice."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from factcheck.exceptions import BadInput
from factcheck.models import Article, AuditEntry, Capture, Job, Outlet
from factcheck.workflow import jobs, steps
from factcheck.workflow.articles import ingest, keep_confidential
from tests.fetching.conftest import answer
from tests.models.asking import side_by_side
from tests.text.test_documents import BRIDGE, COST, LOCKED, PROSE, mail, pdf

pytestmark = [pytest.mark.database, pytest.mark.django_db]

WHO = "The city of Norland paid a third, and the county of Brack paid what was left of the whole sum in two years."
PAGE = f"""<!doctype html><html lang="en"><head><title>The bridge – The Herald</title>
<link rel="canonical" href="https://herald.example/bridge"><script type="application/ld+json">
{{"@type": "NewsArticle", "headline": "The bridge", "author": {{"@type": "Person", "name": "Ada Lind"}},
"publisher": {{"@type": "Organization", "name": "The Herald"}}, "datePublished": "2024-05-14T08:00:00Z",
"dateModified": "2024-05-15T09:30:00Z"}}</script></head>
<body><article><h1>The bridge</h1><p>{PROSE}</p><p>{WHO}</p></article></body></html>""".encode()


def fetched(site, **said) -> tuple[Article, Job]:
    """An article sent in as the site's address /page, after one attempt to fetch it."""
    article = ingest(None, by=None, url=f"{site.url}/page", **said)
    job = article.jobs.get()
    steps.perform(job.pk)
    job.refresh_from_db()
    article.refresh_from_db()
    return article, job


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_a_page_is_fetched_read_and_kept_with_where_everything_comes_from(site):
    headers = ('ETag: "1"', "Set-Cookie: session=secret", "Server: Herald 1.0")
    site.pages["/page"] = answer(200, PAGE, *headers)
    article = ingest(None, by=None, url=f"{site.url}/page#comments")
    assert article.newest is None
    job = article.jobs.get()
    assert (job.kind, job.target, job.queue) == (Job.Kind.FETCH, article.pk, "fetch")
    steps.perform(job.pk)
    article.refresh_from_db()
    version, capture = article.current, Capture.objects.get()
    assert bytes(version.raw) == PAGE
    assert (capture.version, capture.sha256) == (version, hashlib.sha256(PAGE).hexdigest())
    assert (capture.url, capture.final_url) == (f"{site.url}/page#comments", f"{site.url}/page")
    assert (capture.media_type, "secret" in str(capture.headers)) == ("text/html", False)
    assert dict(capture.headers) == {"ETag": '"1"', "Content-Type": "text/html; charset=utf-8"}
    assert (version.title, version.byline) == ("The bridge", "Ada Lind")
    assert version.published_at == datetime(2024, 5, 14, 8, tzinfo=UTC)
    assert version.modified_at == datetime(2024, 5, 15, 9, 30, tzinfo=UTC)
    assert version.canonical_url == "https://herald.example/bridge"
    assert version.origins["published_at"] == "JSON-LD"
    assert [version.text[block["start"] : block["end"]] for block in version.blocks] == [PROSE, WHO]
    assert article.outlet.name == "The Herald"
    assert AuditEntry.objects.filter(verb="outlet.added", subject_id=article.outlet_id).exists()
    assert AuditEntry.objects.get(verb="article.fetched").new == version.sha256
    split = article.jobs.get(kind=Job.Kind.SPLIT)
    assert (split.target, split.queue) == (version.pk, "read")


def test_a_fetch_that_runs_twice_keeps_one_text(site):
    site.pages["/page"] = answer(200, PAGE)
    article, _ = fetched(site)
    Job.objects.create(kind=Job.Kind.FETCH, target=article.pk, queue="fetch", article=article)
    steps.perform(article.jobs.get(kind=Job.Kind.FETCH, state=Job.State.QUEUED).pk)
    assert not article.jobs.filter(state=Job.State.DEAD).exists()
    assert (article.versions.count(), article.captures.count()) == (1, 1)


def test_what_the_sender_says_goes_before_what_the_page_says(site):
    site.pages["/page"] = answer(200, PAGE)
    day = datetime(2024, 5, 13, tzinfo=UTC)
    article, _ = fetched(site, title="My title", published_at=day, language="de")
    version = article.current
    assert (version.title, version.published_at, version.language) == ("My title", day, "de")
    assert {version.origins[name] for name in ("title", "published_at", "language")} == {"sender"}
    assert version.byline == "Ada Lind"


def test_an_outlet_is_taken_from_the_page_only_when_the_page_says_it_and_never_made_of_a_confidential_one(site, bob):
    site.pages["/page"] = answer(200, f"<html lang=en><body><article><p>{PROSE}</p></article></body></html>".encode())
    assert fetched(site)[0].outlet is None
    secret = ingest(PAGE, by=bob, media_type="text/html", confidential=True)
    assert (secret.outlet, Outlet.objects.count()) == (None, 0)


def test_a_file_is_kept_with_its_name_and_its_details(alice):
    received = mail(f"{BRIDGE}\n\n{COST}", attached=b"%PDF-")
    article = ingest(received, by=alice, file="bridge.eml", language="", note="From our Oslo desk.")
    version = article.current
    assert bytes(version.raw) == received
    assert (version.title, version.byline, version.text) == ("The bridge", "Ada Lind", f"{BRIDGE}\n\n{COST}")
    assert article.note == "From our Oslo desk.\nAttached to the mail and not read: minutes.pdf."
    assert (version.capture.file_name, version.capture.media_type) == ("bridge.eml", "message/rfc822")
    assert version.origins["title"] == "details of the file"
    assert article.jobs.get().kind == Job.Kind.SPLIT


def test_a_file_that_cannot_be_read_is_refused_in_words_and_nothing_is_stored(alice):
    with pytest.raises(BadInput, match="The file is called a PDF and is none"):
        ingest(b"words", by=alice, file="bridge.pdf")
    assert not Article.objects.exists()


def test_a_text_says_its_language_when_the_sender_does_not():
    german = "Der Bürgermeister hat am Montag die neue Brücke im Hafen eröffnet, die zwölf Millionen Euro kostete. " * 6
    version = ingest(german, by=None, language="").current
    assert (version.language, version.origins["language"]) == ("de", "guessed")


# --- what goes wrong -------------------------------------------------------------------------------------------------

ENCRYPTED = pdf(BRIDGE, trailer="/Encrypt 6 0 R /ID [(a)(a)]", more=LOCKED.replace("4 0", "6 0"))


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (answer(404), "404"),
        (answer(200, b"GIF89a", kind="image/gif"), "image/gif"),
        (answer(200, b"<html><body><script>draw()</script></body></html>"), "No text of an article"),
        (answer(200, ENCRYPTED, kind="application/pdf"), "locked with a password"),
    ],
)
def test_what_no_second_attempt_can_mend_is_dead_at_once_and_says_why(site, page, sentence):
    site.pages["/page"] = page
    article, job = fetched(site)
    assert (job.state, job.attempts) == (Job.State.DEAD, 1)
    assert sentence in job.last_error
    assert "Error" not in job.last_error.split(":")[0]
    assert article.newest is None


def test_a_forbidden_address_is_dead_at_once(site):
    article = ingest(None, by=None, url="http://169.254.169.254/latest/meta-data/")
    steps.perform(article.jobs.get().pk)
    assert article.jobs.get().state == Job.State.DEAD


def test_what_may_pass_is_tried_again_when_the_site_asks_for_it_and_replayed_in_the_end(site, carol):
    site.pages["/page"] = answer(503, b"", "Retry-After: 1800")
    article, job = fetched(site)
    assert (job.state, job.attempts) == (Job.State.QUEUED, 1)
    assert Job.objects.filter(pk=job.pk, due_at__gt=Now() + timedelta(minutes=29)).exists()
    assert Job.objects.filter(pk=job.pk, due_at__lt=Now() + timedelta(minutes=31)).exists()
    site.pages["/page"] = answer(404)
    Job.objects.filter(pk=job.pk).update(due_at=Now())
    steps.perform(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DEAD
    site.pages["/page"] = answer(200, PAGE)
    jobs.replay(job, by=carol, seen_attempts=job.attempts)
    steps.perform(job.pk)
    assert article.current.title == "The bridge"


def test_a_page_that_does_not_come_in_time_is_tried_again(site, settings):
    settings.FETCH_DEADLINE = 0.3
    site.pages["/page"] = lambda connection: connection.recv(1)
    _, job = fetched(site)
    assert (job.state, "within 0.3 seconds" in job.last_error) == (Job.State.QUEUED, True)


# --- the same thing twice --------------------------------------------------------------------------------------------


def test_the_same_from_the_same_person_is_the_same_article(alice, bob):
    first = ingest(BRIDGE, by=alice, title="One")
    again = ingest(BRIDGE.encode(), by=alice, title="Another", url="https://example.org/b")
    assert (first.sent_before, again.sent_before, again.pk) == (False, True, first.pk)
    assert again.current.title == "One"
    assert ingest(BRIDGE, by=bob).pk != first.pk
    page = ingest(None, by=alice, url="https://example.org/b")
    assert ingest(None, by=alice, url="https://example.org/b#top").pk == page.pk != first.pk
    assert Job.objects.filter(kind=Job.Kind.FETCH).count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one(alice):
    taken = side_by_side(*[lambda: ingest(BRIDGE, by=alice)] * 20)
    assert {article.pk for article in taken} == {Article.objects.get().pk}
    assert sum(not article.sent_before for article in taken) == 1


def test_what_must_be_confidential_is_not_taken_for_what_everybody_sees(alice, bob, carol):
    first = ingest(BRIDGE, by=alice)
    with pytest.raises(BadInput, match=f"as article {first.pk}, which the whole desk sees"):
        ingest(BRIDGE, by=alice, confidential=True)
    keep_confidential(first, by=carol, seen=first.version, readers=[bob])
    assert ingest(BRIDGE, by=alice, confidential=True).pk != first.pk  # the first is not there for alice any more


def test_articles_with_the_same_text_or_address_know_of_each_other(alice, bob, carol):
    first = ingest(PAGE, by=alice, media_type="text/html")
    same_text = ingest(first.current.text, by=bob)
    same_address = ingest(None, by=bob, url="https://herald.example/bridge")
    ingest(COST, by=bob)
    assert set(Article.objects.like(first, first.newest)) == {same_text, same_address}
    assert set(Article.objects.like(same_address, same_address.newest)) == {first}
    mailed = "https://herald.example/bridge?from=mail"
    read, to_be_read = ingest(PAGE, by=carol, url=mailed, media_type="text/html"), ingest(None, by=alice, url=mailed)
    assert to_be_read in Article.objects.like(read, read.newest)
    assert read in Article.objects.like(to_be_read, to_be_read.newest)
