"""Fetching the page of an article that came as an address, the first time and again: a machine step."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.db.models.functions import Now

from factcheck.exceptions import FetchError
from factcheck.fetching import HTML, fetch, obey_robots
from factcheck.models import Article, AuditEntry, Job, Unreadable
from factcheck.text import documents
from factcheck.text.plain import UnreadableText
from factcheck.workflow import changes, jobs, unreadable, versions
from factcheck.workflow.transitions import chain_of

Headers = Iterable[tuple[str, str]]
READ = (*HTML, documents.PLAIN, documents.MARKDOWN, documents.PDF, documents.DOCX)


def get(job: Job) -> versions.Came:
    """Ask the address and read what it gives. Bytes that cannot be read are kept; where the page is gone, and they
    wait still, they are read instead. Raises FetchError, or UnreadableText when there is no text in it.
    """
    article = Article.objects.get(pk=job.target)
    asked_for_by_nobody = versions.Said.from_json(article.said).by_feed
    try:
        fetched = fetch(article.url, accept=READ, before=obey_robots if asked_for_by_nobody else None)
    except FetchError as error:
        kept = Unreadable.objects.waiting().filter(article=article).exclude(raw=b"").order_by("-pk").first()
        if error.retry or kept is None:
            raise
        return read(bytes(kept.raw), kept.media_type, **kept.said)
    came: dict[str, Any] = {
        "url": fetched.url,
        "final_url": fetched.final_url,
        "charset": fetched.charset,
        "headers": fetched.headers,
    }
    try:
        return read(fetched.body, fetched.media_type, **came)
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


def read(body: bytes, media_type: str, *, url: str, final_url: str, charset: str, headers: Headers) -> versions.Came:
    """The document in the body of an answer. Raises UnreadableText."""
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
    """Keep it as the article's next text when it differs from the newest, and queue its splitting.

    What a page says of itself is read anew each time; what the sender said of it still goes before that. That a page
    was looked at and had not changed, this job's being done says.
    """
    article = Article.objects.get(pk=job.target)
    for row in Unreadable.objects.waiting().filter(article=article):
        unreadable.settle(row, Unreadable.State.TAKEN, by=None, seen=row.version)
    before = article.newest
    if before is not None and before.text == came.document.reading.text:
        return
    act = uuid4()
    said = versions.outlet_said(came, confidential=article.confidential, by=None, act=act)
    if article.outlet is None and said:
        Article.objects.filter(pk=article.pk).update(outlet=said, updated_at=Now())
        article.refresh_from_db()
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
