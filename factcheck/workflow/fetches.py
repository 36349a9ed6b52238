"""Fetching the page of an article that came as an address: a machine step."""

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.db.models.functions import Now

from factcheck.fetching import HTML, fetch
from factcheck.models import Article, AuditEntry, Job
from factcheck.text import documents
from factcheck.workflow import jobs, versions
from factcheck.workflow.transitions import chain_of

READ = (*HTML, documents.PLAIN, documents.MARKDOWN, documents.PDF, documents.DOCX)


def get(job: Job) -> versions.Came:
    """Ask the address and read what it gives. Raises FetchError, or UnreadableText when there is no text in it."""
    article = Article.objects.get(pk=job.target)
    fetched = fetch(article.url, accept=READ)
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
    """Keep it as the article's first text, and queue its splitting. An article that has a text keeps what it has."""
    article = Article.objects.get(pk=job.target)
    if article.versions.exists():
        return
    act = uuid4()
    said = versions.outlet_said(came, confidential=article.confidential, by=None, act=act)
    if article.outlet is None and said:
        Article.objects.filter(pk=article.pk).update(outlet=said, updated_at=Now())
        article.refresh_from_db()
    version = versions.keep(article, came, versions.Said.from_json(article.said), by=None, act=act)
    AuditEntry.record(
        article, "article.fetched", by=None, act=act, chain=chain_of(article.pk), new=version.sha256, text=version.title
    )
    jobs.enqueue(Job.Kind.SPLIT, version.pk, queue="read" if job.queue == "fetch" else job.queue, article=article)
