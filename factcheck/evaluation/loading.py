"""Documents and claims of a public set in the scratch database, as the desk itself would hold them."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from django.db import connection
from django.db.models import Model
from pgvector import HalfVector
from pgvector.psycopg import register_vector

from config.databases import as_owner
from factcheck.models import Article, ArticleVersion, Claim, Passage, Source
from factcheck.retrieval import embedding, lexical
from factcheck.text import statements

SOURCE = {"id": "int8", "title": "varchar", "url": "varchar", "part": "varchar", "kind": "varchar", "seen": "varchar"}
SOURCE |= {"published": "varchar", "licence": "varchar", "version": "int4"}
PASSAGE = {"source_id": "int8", "position": "int4", "heading": "varchar", "text": "text", "wording": "varchar"}
PASSAGE |= {"embedding": "halfvec", "model_version": "varchar"}
"""Columns that are copied, with their types."""
GRAPH = 2_000
"""Bytes of a passage in the graph that is built, with room to spare: one that does not fit is written row by row."""
SLICE = 1_000
"""Rows of one COPY, and texts that are encoded before their vectors are kept."""


@dataclass(frozen=True, slots=True)
class Document:
    """passages: (heading, text), in order. sentences: of the one passage, where a set tells them."""

    key: str
    kind: str
    passages: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...] = ()


@dataclass(slots=True)
class Vectors:
    """Vectors of texts; with a folder, kept there by the sha256 of the model's name and the text, so that a second run
    need not encode what the first one did. The same text has the same vector: one that is kept is the one that would
    be made."""

    folder: Path | None = None
    made: int = field(default=0, init=False)
    """How many were encoded, and not found in the folder."""

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """One row for each text, float16 as in the database."""
        if self.folder is None:
            return embedding.encode(texts).astype(np.float16)
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.folder / "vectors.sqlite")) as kept:
            kept.execute("CREATE TABLE IF NOT EXISTS vectors (sha256 BLOB PRIMARY KEY, vector BLOB)")
            keys = [hashlib.sha256(f"{embedding.MODEL}\0{text}".encode()).digest() for text in texts]
            missing = {
                key: text
                for key, text in zip(keys, texts, strict=True)
                if not kept.execute("SELECT 1 FROM vectors WHERE sha256 = ?", [key]).fetchone()
            }
            for start in range(0, len(missing), SLICE):
                part = list(missing)[start : start + SLICE]
                vectors = embedding.encode([missing[key] for key in part]).astype(np.float16)
                rows = [(key, row.tobytes()) for key, row in zip(part, vectors, strict=True)]
                kept.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
                kept.commit()
            self.made += len(missing)
            read = (kept.execute("SELECT vector FROM vectors WHERE sha256 = ?", [key]).fetchone()[0] for key in keys)
            return np.stack([np.frombuffer(row, np.float16) for row in read]) if keys else np.empty((0, 384))


def library(documents: Sequence[Document], vectors: Vectors) -> dict[int, str]:
    """Put the documents into the library by COPY, indexed: {source id: the document's key}."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('factcheck_source', 'id')) FROM generate_series(1, %s)",
            [len(documents)],
        )
        keys = [row[0] for row in cursor.fetchall()]
    copied(
        Source,
        SOURCE,
        (
            (key, document.key[:1000], "", "", document.kind, Source.Seen.PAGE, "", "", 1)
            for key, document in zip(keys, documents, strict=True)
        ),
    )
    pieces = [
        (key, position, heading, text)
        for key, document in zip(keys, documents, strict=True)
        for position, (heading, text) in enumerate(document.passages, start=1)
    ]
    rows = vectors.of([embedding.passage(heading, text) for _, _, heading, text in pieces])
    with indexed_behind():
        copied(
            Passage,
            PASSAGE,
            (
                (*piece, Passage.Wording.ORIGINAL, HalfVector(row), embedding.MODEL)
                for piece, row in zip(pieces, rows, strict=True)
            ),
        )
    return dict(zip(keys, (document.key for document in documents), strict=True))


def claims(said: Sequence[tuple[str, str]], vectors: Vectors) -> list[Claim]:
    """Statements with their speakers, as claims of one article, in their order."""
    article = Article.objects.create()
    raw = b"A set of claims."
    sha256 = hashlib.sha256(raw).hexdigest()
    ArticleVersion.objects.create(
        article=article, number=1, language="en", text=raw.decode(), sha256=sha256, raw=raw, raw_sha256=sha256
    )
    rows = vectors.of([statements.searched(text) for text, _ in said])
    return Claim.objects.bulk_create(
        Claim(
            article=article,
            kind="event",
            statement=text,
            speaker=speaker,
            embedding=row.astype(np.float32),
            model_version="a public set",
        )
        for (text, speaker), row in zip(said, rows, strict=True)
    )


@contextmanager
def indexed_behind() -> Iterator[None]:
    """What is copied within is indexed and counted in one go afterwards: HNSW takes a fifth of the time that it takes
    row by row. For a database that holds nothing else."""
    with as_owner(), connection.schema_editor() as editor:
        for index in Passage._meta.indexes:
            editor.remove_index(Passage, index)
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT array_agg(id) FROM factcheck_passage")
        passages = cursor.fetchone()[0] or []
        lexical.count(passages)
        cursor.execute(f"SET maintenance_work_mem = '{64 + len(passages) * GRAPH // 1_000_000}MB'")
        with connection.schema_editor() as editor:
            for index in Passage._meta.indexes:
                editor.add_index(Passage, index)
        cursor.execute("ANALYZE")


def copied(model: type[Model], columns: Mapping[str, str], rows: Iterable[tuple]) -> None:
    """columns: their types in PostgreSQL, by name, in the order of a row."""
    table, left = connection.ops.quote_name(model._meta.db_table), iter(rows)
    names = ", ".join(map(connection.ops.quote_name, columns))
    command = f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"
    connection.ensure_connection()
    register_vector(connection.connection)  # before the cursor is made, which takes its types from there
    with connection.cursor() as cursor:
        # In slices: the desk's time limit is for one statement.
        while part := list(islice(left, SLICE)):
            with cursor.copy(command) as copy:
                copy.set_types(list(columns.values()))
                for row in part:
                    copy.write_row(row)
