"""Taking an article in."""

import hashlib
import re
from datetime import datetime

from factcheck.exceptions import BadInput
from factcheck.models import Article, ArticleVersion, AuditEntry, Job, Outlet, User
from factcheck.permissions import require
from factcheck.text.plain import UnreadableText, checked, decoded
from factcheck.workflow import jobs
from factcheck.workflow.transitions import change
from factcheck.workflow.words import address, one_line, words

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")  # BCP 47, as far as a desk meets it


def ingest(
    received: bytes | str,
    *,
    by: User | None,
    title: str = "",
    byline: str = "",
    url: str = "",
    outlet: Outlet | None = None,
    published_at: datetime | None = None,
    published_is_guessed: bool = False,
    language: str = "en",
    note: str = "",
    outside_search: str = Article.OutsideSearch.ALLOWED,
    queue: str = "interactive",
) -> Article:
    """Keep a text exactly as received and queue its splitting into claims.

    received: plain text, or its bytes in UTF-8 or UTF-16. by: None for the operator at a shell. queue: `bulk` for what
    nobody waits for. Raises BadInput with a sentence for the sender, NotAllowed, Refused. Nothing is stored then.
    """
    if by is not None:
        require(by, "ingest an article")
    try:
        text = decoded(received) if isinstance(received, bytes) else checked(received)
    except UnreadableText as error:
        raise BadInput(str(error)) from error
    title, byline = one_line("title", title), one_line("byline", byline)
    url, note = address("address", url), words("note", note)
    if not LANGUAGE.fullmatch(language):
        raise BadInput(f"The language must be a tag like en, de or pt-BR, not {language!r}.")
    raw = received if isinstance(received, bytes) else received.encode()
    with change() as act:
        article = Article.objects.create(
            url=url, outlet=outlet, note=note, outside_search=outside_search, submitted_by=by
        )
        version = ArticleVersion.objects.create(
            article=article,
            number=1,
            title=title,
            byline=byline,
            published_at=published_at,
            published_is_guessed=published_is_guessed,
            language=language,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            raw=raw,
            raw_sha256=hashlib.sha256(raw).hexdigest(),
        )
        AuditEntry.record(
            article, "article.ingested", by=by, act=act, chain=str(article.uuid), new=version.sha256, text=title
        )
        jobs.enqueue(Job.Kind.SPLIT, version.pk, queue=queue, article=article)
    return article
