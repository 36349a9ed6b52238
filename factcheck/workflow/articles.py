"""Taking an article in, and deciding who sees it."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urldefrag

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from factcheck.exceptions import BadInput, Conflict, Unread
from factcheck.models import Article, AuditEntry, ClaimReview, Feed, Job, Outlet, User, is_partner
from factcheck.permissions import may, require
from factcheck.text import documents
from factcheck.text.plain import UnreadableText, decoded
from factcheck.workflow import jobs, versions
from factcheck.workflow.confidence import who_sees
from factcheck.workflow.reviews import release
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import address, one_line, words

OTHER_READERS = gettext_noop("Who sees it was not changed: that is decided on its page, under “Who sees this article”.")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")  # BCP 47, as far as a desk meets it


def ingest(
    received: bytes | str | None,
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
    file: str = "",
    media_type: str = "",
    feed: Feed | None = None,
) -> Article:
    """Keep what was sent in exactly as received, and queue what the machine has to do with it.

    received: plain text, or its bytes in UTF-8 or UTF-16. With file (its name) or media_type: whatever
    text.documents reads. None: the page at url, which a job fetches; the article has no text until then.
    What is said here goes before what a file or page says of itself; language "" asks the text.
    by: None for the operator at a shell, and for a feed that it came by (feed): then what is said here stands behind
    what the page says of itself (versions.Said), and the page is asked only where robots.txt lets us.
    queue: `bulk` for what nobody waits for. confidential: seen by `readers` and by whoever sends it in, and never sent
    outside. A partner knows nobody here to name: what it sends in confidence the editors of the day see.

    The same text or address from the same person is the same article: it is returned, `sent_before`, and nothing is
    changed, not even who sees it (`other_readers` when others are named now). Raises BadInput with a sentence for the
    sender, which is Unread when it speaks of the bytes, NotAllowed, Refused. Nothing is stored then: doors call
    workflow.submissions.submit, which keeps what came.
    """
    if by is not None:
        require(by, "ingest an article")
    said = versions.Said(
        title=one_line("title", title),
        byline=one_line("byline", byline),
        published_at=published_at,
        published_is_guessed=published_is_guessed,
        language=language,
        by_feed=feed is not None,
    )
    url, note = address("address", url, needed=received is None), words("note", note)
    if language and not LANGUAGE.fullmatch(language):
        raise BadInput(f"The language must be a tag like en, de or pt-BR, not {language!r}.")
    readers = list(readers)
    if readers and is_partner(by):
        raise BadInput("A partner names no readers: the editors of the desk see what is confidential.")
    if readers and not confidential:
        raise BadInput("People are named who may see it, but it is not marked confidential. Say which is meant.")
    came = None if received is None else _read(received, file, media_type, url, language)
    named = _named(readers, by) if confidential else []
    submission = _submission(came, url)
    with change() as act:
        if (first := _sent_before(submission, by=by, confidential=confidential, feed=feed)) is not None:
            first.other_readers = first.confidential and set(first.readers.all()) != set(named)
            return first
        article = Article.objects.create(
            url=url,
            outlet=outlet or (versions.outlet_said(came, confidential=confidential, by=by, act=act) if came else None),
            note="\n".join(filter(None, [note, came.note if came else ""])),
            outside_search=Article.OutsideSearch.NEVER if confidential else outside_search,
            confidential=confidential,
            submitted_by=by,
            submission=submission,
            said={} if came else said.as_json(),
        )
        if confidential:
            article.readers.set(named)
        version = versions.keep(article, came, said, by=by, act=act) if came else None
        AuditEntry.record(
            article,
            "article.ingested" if feed is None else "article.came_by_feed",
            by=by,
            act=act,
            chain=str(article.uuid),
            new=version.sha256 if version else None,
            text=version.title if version else f"{url} ({feed.url})" if feed else url,
        )
        if confidential:
            AuditEntry.record(
                article, "article.sees", by=by, act=act, chain=str(article.uuid), old="the desk", new=_sees(article)
            )
        if version:
            jobs.enqueue(Job.Kind.SPLIT, version.pk, queue=queue, article=article)
        else:
            own_queue = "fetch" if queue == "interactive" else queue
            jobs.enqueue(Job.Kind.FETCH, article.pk, queue=own_queue, article=article)
    return article


def _read(received: bytes | str, file: str, media_type: str, url: str, language: str) -> versions.Came:
    try:
        raw = received.encode() if isinstance(received, str) else received
        if file or media_type:
            document = documents.read(raw, name=file, media_type=media_type, url=url)
        else:
            text = received if isinstance(received, str) else decoded(received)
            document = documents.typed(text, language=language)
    except UnicodeEncodeError:
        raise Unread("The text has half of a character (a lone surrogate): it was damaged on the way.") from None
    except UnreadableText as error:
        raise Unread(str(error)) from error
    return versions.Came(raw, document, file_name=file)


def _submission(came: versions.Came | None, url: str) -> str:
    """What makes a submission the same again: its text, or the address without what follows a #."""
    sent = f"text {came.document.reading.text}" if came else f"address {urldefrag(url).url}"
    return hashlib.sha256(sent.encode()).hexdigest()


def _sent_before(submission: str, *, by: User | None, confidential: bool, feed: Feed | None) -> Article | None:
    """The article that this person sent in with the same words. Of several at once the others wait here for the first.

    One that was made confidential without naming this person is to them not there, and no confidential one is there for
    a feed. Raises BadInput when the first is seen by everybody and this one must not be.
    """
    with connection.cursor() as cursor:
        lock = f"{by.pk if by else ''} {submission}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])
    mine = Article.objects.filter(submitted_by=by, submission=submission)
    if feed is not None:
        mine = mine.filter(confidential=False)
    if not mine.exists():  # as nearly always; the question who sees it costs more than this one
        return None
    first = (mine.visible_to(by) if by else mine).order_by("pk").first()
    if first is None:
        return None
    if confidential and not first.confidential:
        raise BadInput(
            f"You sent this in before, as article {first.pk}, which the whole desk sees. Decide there who sees it."
        )
    first.sent_before = True
    return first


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


def decide_outside_search(article: Article, *, by: User, seen: int, allowed: bool) -> Article:
    """Whether words of its claims may be sent to services outside. What is on its way already cannot be called back;
    once allowed, the search for sources runs again. Raises NotAllowed, Conflict; BadInput while it is confidential.
    """
    require(by, "decide who sees an article", article)
    to = Article.OutsideSearch.ALLOWED if allowed else Article.OutsideSearch.NEVER
    with change(article.pk) as act:
        before = Article.objects.get(pk=article.pk)
        if allowed and before.confidential:
            raise BadInput("The claims of a confidential article are never sent outside.")
        if not Article.objects.filter(pk=article.pk, version=seen).update(
            version=F("version") + 1, updated_at=Now(), outside_search=to
        ):
            raise Conflict(f"Article {article.pk} was changed by somebody else in the meantime. Nothing was saved.")
        if before.outside_search != to:
            chain = chain_of(article.pk)
            AuditEntry.record(
                article, "article.outside_search", by=by, act=act, chain=chain, old=before.outside_search, new=to
            )
            if allowed and (version := before.newest) is not None and article.claims.exists():
                jobs.ensure(Job.Kind.SUGGEST, version.pk, queue="interactive", article=before)
    article.refresh_from_db()
    return article


def _named(readers: Iterable[User], by: User | None) -> list[User]:
    """who_sees(). Raises BadInput when that is nobody, or nobody who may."""
    named = who_sees(readers, by)
    if not named:
        raise BadInput("Name at least one person who sees the confidential article.")
    for person in named:
        if not may(person, "see the desk"):
            raise BadInput(f"{person.name} has no log-in at the desk and cannot be named.")
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
