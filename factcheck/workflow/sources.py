"""The library: adding a source, and making it searchable."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection

from factcheck.exceptions import BadInput
from factcheck.models import AuditEntry, Job, Outlet, Passage, Source, User
from factcheck.permissions import require
from factcheck.retrieval import embedding
from factcheck.text.plain import UnreadableText, checked
from factcheck.workflow import jobs
from factcheck.workflow.transitions import change


def add_source(
    *,
    by: User | None,
    title: str,
    kind: str,
    seen: str,
    passages: Sequence[tuple[str, str]],
    url: str = "",
    outlet: Outlet | None = None,
    published: str = "",
    licence: str = "",
    queue: str = "interactive",
) -> Source:
    """Put a source and its passages, (text, wording) in their order, into the library; queue its indexing.

    Raises BadInput, NotAllowed, or Refused (one_source_per_address). It is found once its job is done.
    """
    require(by, "add a source")
    try:
        checked(title)
        texts = [checked(text) for text, _ in passages]
    except UnreadableText as error:
        raise BadInput(str(error)) from error
    if not texts:
        raise BadInput("A source needs at least one passage to be found by.")
    with change() as act:
        source = Source.objects.create(
            title=title,
            kind=kind,
            seen=seen,
            url=url,
            outlet=outlet,
            published=published,
            licence=licence,
            added_by=by,
        )
        Passage.objects.bulk_create(
            Passage(source=source, position=position, heading=title, text=text, wording=wording)
            for position, (text, wording) in enumerate(passages, start=1)
        )
        AuditEntry.record(source, "source.added", by=by, act=act, text=title)
        jobs.enqueue(Job.Kind.INDEX, source.pk, queue=queue)
    return source


def read(job: Job) -> tuple[list[int], Any]:
    """Embed the source's passages: their keys and one vector each."""
    passages = list(Passage.objects.filter(source=job.target, embedding=None).order_by("position"))
    return [passage.pk for passage in passages], embedding.encode(
        [f"{passage.heading}. {passage.text}" for passage in passages]
    )


def index(job: Job, found: tuple[list[int], np.ndarray]) -> None:
    """Keep the vectors, and count each passage's lexemes once among the document frequencies."""
    keys, vectors = found
    Passage.objects.bulk_update(
        [
            Passage(pk=key, embedding=vector, model_version=embedding.MODEL)
            for key, vector in zip(keys, vectors, strict=True)
        ],
        ["embedding", "model_version"],
    )
    with connection.cursor() as cursor:
        # In the order of the words: two jobs that count the same words would deadlock otherwise.
        cursor.execute(
            "INSERT INTO factcheck_lexeme (word, passages)"
            " SELECT word.lexeme, count(*) FROM factcheck_passage passage, unnest(passage.tsv) word"
            " WHERE passage.id = ANY(%s) GROUP BY word.lexeme ORDER BY word.lexeme"
            " ON CONFLICT (word) DO UPDATE SET passages = factcheck_lexeme.passages + excluded.passages",
            [keys],
        )
