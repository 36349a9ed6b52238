"""Fetching the page of an article that came as an address, the first time and again: a machine step."""

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from factcheck.fetching import HTML, fetch, obey_robots
from factcheck.models import Article, AuditEntry, Job
from factcheck.text import documents
from factcheck.workflow import changes, jobs, versions
from factcheck.workflow.transitions import chain_of

READ = (*HTML, documents.PLAIN, documents.MARKDOWN, documents.PDF, documents.DOCX)


def get(job: Job) -> versions.Came:
    """Ask the address and read what it gives. Raises FetchError, or UnreadableText when there is no text in it."""
    article = Article.objects.get(pk=job.target)
    asked_for_by_nobody = versions.Said.from_json(article.said).by_feed
    fetched = fetch(article.url, accept=READ, before=obey_robots if asked_for_by_nobody else None)
    media_type = documents.HTML if fetched.media_type in HTML else fetched.media_type
    document = documents.read(
        fetched.body,
        name=PurePosixPath(unquote(urlsplit(fetched.final_url).path)).name if media_type not in HTML else "",
        media_type=media_type,
        url=fetched.final_url,
        charset=fetched.charset or None,
    )
    return versions.Came(fetched.body, document, url=fetched.url, final_url=fetched.final_url, headers=fetched.headers)


def store(job: Job, came: versions.Came) -> None:
    """Keep it as the article's next text when it differs from the newest, and queue its splitting.

    What a page says of itself is read anew each time; what the sender said of it still goes before that. That a page
    was looked at and had not changed, this job's being done says.
    """
    article = Article.objects.get(pk=job.target)
    before = article.newest
    if before is not None and before.text == came.document.reading.text:
        return
    act = uuid4()
    version = versions.keep(article, came, versions.Said.from_json(article.said), by=None, act=act)
    AuditEntry.record(
        article,
        "article.changed" if before else "article.fetched",
        by=None,
        act=act,
        chain=chain_of(article.pk),
        old=before.sha256 if before else None,
        new=version.sha256,
        text=version.title,
    )
    if before is not None:
        changes.find_again(before, version, act=act)
    jobs.enqueue(Job.Kind.SPLIT, version.pk, queue="read" if job.queue == "fetch" else job.queue, article=article)
