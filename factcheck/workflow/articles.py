"""Taking an article in, and deciding who sees it."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict
from factcheck.models import Article, ArticleVersion, AuditEntry, ClaimReview, Job, Outlet, User
from factcheck.permissions import may, require
from factcheck.text.plain import UnreadableText, checked, decoded
from factcheck.workflow import jobs
from factcheck.workflow.reviews import release
from factcheck.workflow.transitions import chain_of, change
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
    confidential: bool = False,
    readers: Iterable[User] = (),
    queue: str = "interactive",
) -> Article:
    """Keep a text exactly as received and queue its splitting into claims.

    received: plain text, or its bytes in UTF-8 or UTF-16. by: None for the operator at a shell. queue: `bulk` for what
    nobody waits for. confidential: seen by `readers` and by whoever sends it in, and never sent outside.

    Raises BadInput with a sentence for the sender, NotAllowed, Refused. Nothing is stored then.
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
    readers = list(readers)
    if readers and not confidential:
        raise BadInput("People are named who may see it, but it is not marked confidential. Say which is meant.")
    named = _named(readers, by) if confidential else []
    raw = received if isinstance(received, bytes) else received.encode()
    with change() as act:
        article = Article.objects.create(
            url=url,
            outlet=outlet,
            note=note,
            outside_search=Article.OutsideSearch.NEVER if confidential else outside_search,
            confidential=confidential,
            submitted_by=by,
        )
        article.readers.set(named)
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
        if confidential:
            AuditEntry.record(
                article, "article.sees", by=by, act=act, chain=str(article.uuid), old="the desk", new=_sees(article)
            )
        jobs.enqueue(Job.Kind.SPLIT, version.pk, queue=queue, article=article)
    return article


def keep_confidential(article: Article, *, by: User | None, seen: int, readers: Iterable[User]) -> Article:
    """Let only `readers` and `by` see the article and all that comes of it; its claims are never sent outside.

    Of an article that is confidential already this names its readers anew; what somebody has in hand who sees it no
    more is released. by None: the operator, for an article whose last reader has left. Raises NotAllowed, Conflict,
    BadInput; Refused (what_is_public_is_not_confidential) once a fact-check of it is public.
    """
    if by is not None:
        require(by, "decide who sees an article", article)
    named = _named(readers, by)
    return _decide(article, by=by, seen=seen, readers=named, confidential=True, outside_search="never")


def lift_confidence(article: Article, *, by: User, seen: int) -> Article:
    """The embargo is over: everybody of the desk sees the article. Outside search stays off.

    Raises NotAllowed, Conflict, and BadInput when it is not confidential.
    """
    require(by, "decide who sees an article", article)
    if not article.confidential:
        raise BadInput("This article is not confidential.")
    return _decide(article, by=by, seen=seen, confidential=False)


def _named(readers: Iterable[User], by: User | None) -> list[User]:
    """Who sees it, each once, whoever decides among them. Raises BadInput when that is nobody, or nobody who may."""
    named = list({person.pk: person for person in (*readers, *([by] if by else []))}.values())
    if not named:
        raise BadInput("Name at least one person who sees the confidential article.")
    for person in named:
        if not may(person, "see the desk"):
            raise BadInput(f"{person.name} has no log-in any more and cannot be named.")
    return named


def _decide(
    article: Article, *, by: User | None, seen: int, readers: list[User] | None = None, **written: str | bool
) -> Article:
    with change(article.pk) as act:
        before = _sees(Article.objects.get(pk=article.pk))
        if not Article.objects.filter(pk=article.pk, version=seen).update(
            version=F("version") + 1, updated_at=Now(), **written
        ):
            raise Conflict(f"Article {article.pk} was changed by somebody else in the meantime. Nothing was saved.")
        if readers is not None:
            article.readers.set(readers)
            blind = ClaimReview.objects.filter(claim__article=article, assignee__isnull=False)
            release(blind.exclude(assignee__in=readers), by=by, act=act)
        article.refresh_from_db()
        AuditEntry.record(
            article, "article.sees", by=by, act=act, chain=chain_of(article.pk), old=before, new=_sees(article)
        )
    return article


def _sees(article: Article) -> str:
    """For the trail: `the desk`, or the keys of its readers."""
    if not article.confidential:
        return "the desk"
    return " ".join(str(key) for key in sorted(article.readers.values_list("pk", flat=True)))
