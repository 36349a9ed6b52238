"""Fetching the page of an article that came as an address: a machine step."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.db.models.functions import Now

from factcheck.exceptions import FetchError
from factcheck.fetching import HTML, fetch
from factcheck.models import Article, AuditEntry, Job, Unreadable
from factcheck.text import documents
from factcheck.text.plain import UnreadableText
from factcheck.workflow import jobs, unreadable, versions
from factcheck.workflow.transitions import chain_of

Headers = Iterable[tuple[str, str]]
READ = (*HTML, documents.PLAIN, documents.MARKDOWN, documents.PDF, documents.DOCX)


def get(job: Job) -> versions.Came:
    """Ask the address and read what it gives. Bytes that cannot be read are kept; where the page is gone, and they
    wait still, they are read instead. Raises FetchError, or UnreadableText when there is no text in it.
    """
    article = Article.objects.get(pk=job.target)
    try:
        fetched = fetch(article.url, accept=READ)
    except FetchError as error:
        kept = Unreadable.objects.waiting().filter(article=article).exclude(raw=b"").order_by("-pk").first()
        if error.retry or kept is None:
            raise
        return _read(bytes(kept.raw), kept.media_type, **kept.said)
    came: dict[str, Any] = {
        "url": fetched.url,
        "final_url": fetched.final_url,
        "charset": fetched.charset,
        "headers": fetched.headers,
    }
    try:
        return _read(fetched.body, fetched.media_type, **came)
    except UnreadableText as error:
        unreadable.keep(
            fetched.body,
            by=article.submitted_by,
            sentence=str(error),
            file=_name(fetched.final_url),
            media_type=fetched.media_type,
            article=article,
            said=came | {"headers": versions.kept_headers(fetched.headers)},
            confidential=article.confidential,
        )
        raise


def _read(body: bytes, media_type: str, *, url: str, final_url: str, charset: str, headers: Headers) -> versions.Came:
    page = media_type in HTML
    document = documents.read(
        body,
        name="" if page else _name(final_url),
        media_type=documents.HTML if page else media_type,
        url=final_url,
        charset=charset or None,
    )
    return versions.Came(body, document, url=url, final_url=final_url, headers=headers)


def _name(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name


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
    for row in Unreadable.objects.waiting().filter(article=article):
        unreadable.settle(row, Unreadable.State.TAKEN, by=None, seen=row.version)
    version = versions.keep(article, came, versions.Said.from_json(article.said), by=None, act=act)
    AuditEntry.record(
        article, "article.fetched", by=None, act=act, chain=chain_of(article.pk), new=version.sha256, text=version.title
    )
    jobs.enqueue(Job.Kind.SPLIT, version.pk, queue="read" if job.queue == "fetch" else job.queue, article=article)
