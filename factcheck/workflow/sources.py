"""The library: adding a source, and making it searchable."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Left, Now, Substr

from factcheck.exceptions import BadInput, Conflict
from factcheck.models import DESK_CHAIN, Article, AuditEntry, Job, Outlet, Passage, Source, User, is_partner
from factcheck.permissions import require
from factcheck.retrieval import embedding, lexical
from factcheck.workflow import jobs
from factcheck.workflow.transitions import change
from factcheck.workflow.words import LONGEST_LINE, address, fitted, one_line, partial_date, words

BENEATH = " › "  # between the title of a source and the headings that a passage stands under
LONGEST_LICENCE = 500
ADDING = 0x6C696272  # the key of an advisory lock, "libr"
WHOLE_PAGES = Q(confidential_with=None, partner=None, part="")  # of the library
AT_ONCE = 250  # passages of a source that one job reads: some 20 seconds, on a busy machine a minute
LONGEST_PASSAGE = 20_000  # characters: a tsvector holds at most 1 MB, and nobody reads a longer passage in two seconds


def add_source(
    *,
    by: User | None,
    title: str,
    kind: str,
    seen: str,
    passages: Sequence[tuple[str, str]],
    url: str = "",
    publisher: str = "",
    published: str = "",
    licence: str = "",
    queue: str = "interactive",
) -> Source:
    """Put a source and its passages, (text, wording) in their order, into the library; queue its indexing.

    publisher: the name of its outlet, which is added when the desk does not know it yet.

    Raises BadInput, NotAllowed, or Refused (one_source_per_address). It is found once its job is done.
    """
    if by is not None:
        require(by, "add a source")
    said = details(
        title=title, kind=kind, seen=seen, url=url, publisher=publisher, published=published, licence=licence
    )
    if not passages:
        raise BadInput("A source needs at least one passage to be found by.")
    for text, wording in passages:
        fits_a_passage(text, wording)
    with change() as act:
        source = add(said, by=by, act=act)
        add_passages(source, ((text, wording, ()) for text, wording in passages), queue=queue)
        AuditEntry.record(source, "source.added", by=by, act=act, text=source.title)
    return source


def details(
    *, title: str, kind: str, seen: str, url: str = "", publisher: str = "", published: str = "", licence: str = ""
) -> dict[str, str]:
    """What is said about a source, fit for its row. Raises BadInput."""
    said = {
        "title": one_line("title", title, needed=True),
        "kind": kind,
        "seen": seen,
        "url": address("address", url),
        "publisher": one_line("publisher", publisher)[:300],
        "published": published,
        "licence": one_line("licence", licence),
    }
    _fits(kind, seen, published)
    if len(said["licence"]) > LONGEST_LICENCE:
        raise BadInput(f"The licence has {len(said['licence'])} characters; the most is {LONGEST_LICENCE}.")
    return said


def fits_a_passage(text: str, wording: str) -> None:
    """Raises BadInput."""
    if len(words("passage", text, needed=True)) > LONGEST_PASSAGE:
        raise BadInput(f"A passage has {len(text):,} characters; the most is {LONGEST_PASSAGE:,}.")
    if wording not in Passage.Wording.values:
        raise BadInput(f"There is no wording {wording!r}; a passage is original or a summary.")


def one_at_a_time() -> None:
    """Nobody else adds to the library until the caller's transaction ends: for whoever looks first whether what is to
    be added is there. The article's row, where one is locked, comes before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADDING])


def partner(by: User | None) -> User | None:
    """Whose own the row is that `by` adds: what partners add stands apart, so that no address tells them what else is
    there."""
    return by if is_partner(by) else None


def whole_pages(by: User | None) -> Q:
    return Q(confidential_with=None, part="", partner=partner(by))


def find_or_add(
    said: dict[str, str],
    *,
    by: User | None,
    act: UUID,
    among: Q | None = None,
    confidential_with: Article | None = None,
    told: bool = True,
) -> tuple[Source, bool]:
    """The source at the address of details(), locked, and whether it is new; the library's own goes first. among: where
    to look; None: in the library, for a partner among what it added itself. told: a new outlet has an entry of its own
    in the trail; the source's own the caller writes.
    """
    one_at_a_time()
    there = Source.objects.filter(among or whole_pages(by), url=said["url"]).select_for_update(no_key=True, of=["self"])
    found = there.order_by(F("confidential_with").asc(nulls_first=True), "part", "pk").first()
    if found is not None:
        return found, False
    return add(said, by=by, act=act, confidential_with=confidential_with, told=told), True


def add(
    said: dict[str, str],
    *,
    by: User | None,
    act: UUID,
    confidential_with: Article | None = None,
    told: bool = True,
) -> Source:
    """The row, of details(), in the caller's act."""
    one_at_a_time()
    row = {name: value for name, value in said.items() if name != "publisher"}
    outlet = outlet_named(said["publisher"], by=by, act=act, told=told)
    whose = {"added_by": by, "partner": partner(by), "confidential_with": confidential_with}
    return Source.objects.create(**row, outlet=outlet, **whose)


def add_passages(source: Source, pieces: Iterable[tuple[str, str, Sequence[str]]], *, queue: str) -> None:
    """(text, wording, headings it stands under) in their order, to a source that has none but what a service said of
    its page; queue its indexing."""
    taken = source.passages.count()
    Passage.objects.bulk_create(
        Passage(
            source=source,
            position=position,
            heading=BENEATH.join([source.title, *path])[:LONGEST_LINE],
            text=text,
            wording=wording,
        )
        for position, (text, wording, path) in enumerate(pieces, start=taken + 1)
    )
    jobs.ensure(Job.Kind.INDEX, source.pk, queue=queue, article=source.confidential_with)


def _fits(kind: str, seen: str, published: str) -> None:
    if kind not in Source.Kind.values:
        raise BadInput(f"There is no kind of source called {kind!r}; there are {', '.join(Source.Kind.values)}.")
    if seen not in Source.Seen.values:
        raise BadInput(f"{seen!r} does not say how it was seen; it is one of {', '.join(Source.Seen.values)}.")
    partial_date("date of the source", published)


def outlet_named(name: str, *, by: User | None, act: UUID, told: bool = True) -> Outlet | None:
    """The outlet of that name, which is added when the desk does not know it yet; None for "". In the caller's act.
    told: with an entry in the trail; a list of sources has one entry for all that came of it."""
    if not name:
        return None
    outlet, is_new = Outlet.objects.get_or_create(name__iexact=name, defaults={"name": name})
    if is_new and told:
        changed = {"name": [None, name]}
        AuditEntry.record(outlet, "outlet.added", by=by, act=act, text=json.dumps(changed, ensure_ascii=False))
    return outlet


def chain_of_source(source: Source) -> str:
    """The desk's chain; while an article is confidential, that article's for what was found for it."""
    kept_with = source.confidential_with
    return str(kept_with.uuid) if kept_with is not None and kept_with.confidential else DESK_CHAIN


def edit_source(
    source: Source,
    *,
    by: User,
    version: int,
    title: str,
    kind: str,
    seen: str,
    url: str,
    outlet: Outlet | None,
    published: str,
    licence: str,
) -> Source:
    """Correct what is said about a source; what it says stays. version: the one that was read (`seen` is a field).

    Passages carry the title as their heading: another title has them indexed again. Raises NotAllowed, BadInput,
    Conflict (also while an index job runs), Refused (one_source_per_address).
    """
    require(by, "edit an outlet or a source", source)
    _fits(kind, seen, published)
    written: dict[str, Any] = {
        "title": one_line("title", title, needed=True),
        "kind": kind,
        "seen": seen,
        "url": address("address", url),
        "outlet": outlet,
        "published": published,
        "licence": one_line("licence", licence),
    }
    with change(source.confidential_with_id) as act:
        row = Source.objects.select_for_update(of=["self"]).select_related("outlet").get(pk=source.pk)
        if row.version != version:
            raise Conflict(f"Source {row.pk} was changed by somebody else in the meantime. Nothing was saved.")
        if seen != row.seen and Source.Seen.UNREAD in (seen, row.seen):
            raise BadInput("A source is not read yet until its words are here, and read from then on.")
        before = {name: getattr(row, name) for name in written}
        for name, value in written.items():
            setattr(row, name, value)
        try:
            # Uniqueness is the database's to say, in its own sentence.
            row.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            said = " ".join(f"{name}: {' '.join(each)}" for name, each in error.message_dict.items())
            raise BadInput(said) from error
        Source.objects.filter(pk=row.pk).update(version=F("version") + 1, updated_at=Now(), **written)
        changed = {name: [str(before[name]), str(now)] for name, now in written.items() if before[name] != now}
        AuditEntry.record(
            row,
            "source.edited",
            by=by,
            act=act,
            chain=chain_of_source(row),
            text=json.dumps(changed, ensure_ascii=False),
        )
        if "title" in changed:
            _retitle(row, str(before["title"]))
    source.refresh_from_db()
    return source


def _retitle(source: Source, old: str) -> None:
    """Give the passages their new heading, and have them read again: their words and their vectors were of the old. Of
    an earlier fact-check the title is a passage itself."""
    if hasattr(source, "fact_check"):
        reword(source, texts_of(source.fact_check.claim_reviewed, source.title))
        return
    beneath = Q(heading=old) | Q(heading__startswith=f"{old}{BENEATH}")
    under_the_old = list(source.passages.filter(beneath).values_list("pk", flat=True))
    read_again(source, under_the_old)
    heading = Left(Concat(Value(source.title), Substr("heading", len(old) + 1)), LONGEST_LINE)
    Passage.objects.filter(pk__in=under_the_old).update(heading=heading)


def texts_of(claim_reviewed: str, title: str) -> list[str]:
    """What an earlier fact-check is found by: the claim reviewed is passage 1, the title, where it says something else,
    2. Both stand without a heading, so that neither's words weigh in the other.
    """
    return [claim_reviewed, *([title] if title not in ("", fitted(claim_reviewed)) else [])]


def reword(source: Source, texts: list[str]) -> None:
    """The passages as they are now. One that says nothing of its own any more repeats the first: a suggestion may show
    it, and so it is never deleted.
    """
    passages = list(source.passages.order_by("position").only("pk", "position", "text", "source_id"))
    texts = texts + texts[:1] * (len(passages) - len(texts))
    other = {each.pk: text for each, text in zip(passages, texts, strict=False) if each.text != text}
    new = list(enumerate(texts, start=1))[len(passages) :]
    if not other and not new:
        return
    read_again(source, list(other))
    for key, text in other.items():
        Passage.objects.filter(pk=key).update(text=text)
    Passage.objects.bulk_create(
        Passage(source=source, position=position, text=text, wording=Passage.Wording.ORIGINAL) for position, text in new
    )


def read_again(source: Source, passages: Sequence[int]) -> None:
    """Have passages of the source indexed anew, since their words are about to change: call it before, in the same
    transaction. New passages beside them are indexed too. Raises Conflict while an index job runs.
    """
    live = Job.objects.select_for_update().filter(kind=Job.Kind.INDEX, target=source.pk).exclude(state=Job.State.DONE)
    waiting = list(live)
    if any(job.state == Job.State.RUNNING for job in waiting):
        raise Conflict(f"Source {source.pk} is being made searchable at this moment. Nothing was saved; try again.")
    with connection.cursor() as cursor:
        # Their lexemes leave the document frequencies; the index job counts them anew. Locked in the order of words.
        cursor.execute(
            "WITH counted AS (SELECT word.lexeme, count(*) AS times FROM factcheck_passage passage,"
            " unnest(tsvector_to_array(passage.tsv) || %(library)s::text) word (lexeme)"
            " WHERE passage.id = ANY(%(passages)s) AND passage.embedding IS NOT NULL"
            " GROUP BY word.lexeme), locked AS MATERIALIZED (SELECT lexeme.word, counted.times FROM factcheck_lexeme"
            " lexeme JOIN counted ON counted.lexeme = lexeme.word ORDER BY lexeme.word FOR UPDATE OF lexeme)"
            " UPDATE factcheck_lexeme lexeme SET passages = greatest(lexeme.passages - locked.times, 0) FROM locked"
            " WHERE lexeme.word = locked.word",
            {"passages": list(passages), "library": lexical.LIBRARY},
        )
    Passage.objects.filter(pk__in=passages).update(embedding=None, model_version="")
    if not waiting:
        jobs.enqueue(Job.Kind.INDEX, source.pk, queue="interactive", article=source.confidential_with)


def read(job: Job) -> tuple[list[int], Any]:
    """Embed the next of the source's passages that this encoder has not read: their keys and one vector each."""
    unread = Passage.objects.filter(source=job.target).not_read_by(embedding.MODEL)
    passages = list(unread.order_by("position")[:AT_ONCE])
    return [passage.pk for passage in passages], embedding.encode(
        [embedding.passage(passage.heading, passage.text) for passage in passages]
    )


def index(job: Job, found: tuple[list[int], np.ndarray]) -> None:
    """Keep the vectors, and count each passage's lexemes once among the document frequencies: when its first vector
    comes. Until a newer one stands in its place, the older one is found."""
    keys, vectors = found
    fresh = list(Passage.objects.filter(pk__in=keys, embedding=None).values_list("pk", flat=True))
    Passage.objects.bulk_update(
        [
            Passage(pk=key, embedding=vector, model_version=embedding.MODEL)
            for key, vector in zip(keys, vectors, strict=True)
        ],
        ["embedding", "model_version"],
    )
    lexical.count(fresh)
    if Passage.objects.filter(source=job.target).not_read_by(embedding.MODEL).exists():
        jobs.enqueue(Job.Kind.INDEX, job.target, queue=job.queue, article=job.article)
