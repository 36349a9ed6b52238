"""What is sent in by a door: taken in, or kept with the reason why it could not be read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from factcheck.exceptions import BadInput, InvalidTransition, Refused, Unread
from factcheck.models import Article, Job, Unreadable, User
from factcheck.permissions import require
from factcheck.workflow import jobs, lists, unreadable
from factcheck.workflow.articles import ingest
from factcheck.workflow.lists import Row
from factcheck.workflow.transitions import change

SAID = ("title", "byline", "url", "note", "language", "published_is_guessed", "outside_search")
"""What the sender says of it, as far as it takes the desk's own words or truth values."""


def submit(received: bytes | str | None, *, by: User | None, **sent: Any) -> Article:
    """articles.ingest, with the same words. A file or HTML that cannot be read is kept, and Unread says so.

    A pasted text is not: the form shows it again, with every other word, and a program has it still.
    """
    try:
        return ingest(received, by=by, **sent)
    except Unread as error:
        if received is None or not (sent.get("file") or sent.get("media_type")):
            raise
        _keep(received, error, by=by, **sent)
        raise


def submit_row(row: Row, *, name: str, by: User | None, **common: Any) -> Article:
    """One row of the list `name`; whatever is wrong with it, it is kept with its line. common: what holds for every
    row; it goes before what the row says. Raises BadInput, Refused, NotAllowed.
    """
    try:
        return _of_row(row, by=by, **common)
    except (BadInput, Refused) as error:
        keep_row(row.raw, str(error), by=by, name=name, line=row.line, **common)
        raise


def keep_row(raw: bytes, sentence: str, *, by: User | None, name: str, line: int, **common: Any) -> None:
    """A row that cannot be taken in, with its line. raw: as lists.Row has it."""
    _keep(raw, BadInput(sentence), by=by, file=name, line=line, **common)


def try_again(row: Unreadable, *, by: User, seen: int) -> Article:
    """Read it once more, as its sender sent it; who tries again sends it in. Of a page that was fetched, the job is
    replayed: the page is asked again, and where it is gone, the kept bytes are read.

    Raises NotAllowed, Conflict, InvalidTransition; BadInput when it still cannot be read, with the newest reason.
    """
    require(by, "settle what could not be read", row)
    if row.state != Unreadable.State.WAITING:
        raise InvalidTransition("What became of it is settled already.")
    if row.article is not None:
        job = row.article.jobs.filter(kind=Job.Kind.FETCH).order_by("-pk").first()
        if job is None or job.state != Job.State.DEAD:
            raise InvalidTransition("The page is being fetched again already.")
        jobs.replay(job, by=by, seen_attempts=job.attempts)
        return row.article
    if not row.raw and row.size:
        raise BadInput("Its bytes were not kept: they were too many. Send it in again.")
    try:
        with change():  # as a whole: when somebody else has settled it meanwhile, no article is left behind
            article = _read_again(row, by)
            unreadable.settle(row, Unreadable.State.TAKEN, by=by, seen=seen, article=article)
    except (BadInput, Refused) as error:
        unreadable.still(row, seen=seen, sentence=str(error))
        raise BadInput(f"It still cannot be read. {error}") from error
    return article


def _of_row(row: Row, *, by: User | None, **common: Any) -> Article:
    return ingest(**{"language": "", **lists.sent(row), **common, "by": by})


def _read_again(row: Unreadable, by: User) -> Article:
    who: dict[str, Any] = {"confidential": row.confidential, "readers": list(row.readers.all())}
    raw = bytes(row.raw)
    said: dict[str, Any] = dict(row.said)
    if "published_at" in said:
        said["published_at"] = datetime.fromisoformat(said["published_at"])
    if row.line is not None:
        return _of_row(Row(row.line, raw), by=by, **said, **who)
    return ingest(raw, by=by, file=row.file_name, media_type=row.media_type, **said, **who)


def _keep(
    received: bytes | str,
    error: BadInput | Refused,
    *,
    by: User | None,
    file: str = "",
    media_type: str = "",
    line: int | None = None,
    confidential: bool = False,
    readers: Collection[User] = (),
    published_at: datetime | None = None,
    **said: Any,
) -> None:
    kept = {name: said[name] for name in SAID if said.get(name)}
    unreadable.keep(
        received.encode(errors="replace") if isinstance(received, str) else received,
        by=by,
        sentence=str(error),
        file=file,
        media_type=media_type,
        line=line,
        confidential=confidential or bool(readers),  # who names readers means them, whatever else is amiss
        readers=readers,
        said=kept | ({"published_at": published_at.isoformat()} if published_at else {}),
    )
    if isinstance(error, Unread):
        error.kept = True
