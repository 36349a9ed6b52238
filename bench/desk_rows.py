"""A desk of any size, the same for the same seed, for benches of its pages.

Articles of 40 claims and one of 200, claims of every status and age, each with its place in the text and three
suggestions; drafts, and published reviews that rest on a small library. Sentences are made up. The rules of the
database are off while rows are copied: they hold for what they are told to hold for, and take an hour for a million.
"""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from pgvector import HalfVector
from psycopg.types.json import Jsonb

from bench.bounds import sentence
from config.databases import as_owner
from factcheck import claimreview
from factcheck.evaluation.loading import PASSAGE, SOURCE, copied
from factcheck.models import (
    Anchor,
    Article,
    ArticleVersion,
    AuditEntry,
    Claim,
    ClaimReview,
    Desk,
    Evidence,
    Outlet,
    Passage,
    Publication,
    Snapshot,
    Source,
    Suggestion,
    User,
)
from factcheck.models.claims import DIMENSIONS
from factcheck.workflow.publications import address, canonical

FIRST, OF_AN_ARTICLE = 200, 40
"""Claims of the first article, and of each other one."""
SOURCES = 1_000
SUGGESTIONS = 3
SHARES = {"detected": 0.8, "dismissed": 0.08, "in_review": 0.02, "reviewed": 0.1}
PUBLISHED = {"reviewed": 1.0}
"""Shares of a desk whose every claim is published."""
DAYS = 400
"""How long the desk has been at work."""
VECTORS, SLICE = 500, 2_000
WHY = "\n\n".join(["The *minutes* of that day give the sum, and the names of all who were present. " * 5] * 3)

UNTRANSLATED = ("", "", False)
ORIGINAL = ("person", "", "", *UNTRANSLATED)

Row = tuple[Any, ...]
TYPES: dict[Any, dict[str, str]] = {
    Article: {"id": "int8", "uuid": "uuid", "url": "varchar", "note": "text", "confidential": "bool"}
    | {"outside_search": "varchar", "submission": "varchar", "said": "jsonb", "version": "int4"},
    ArticleVersion: {"id": "int8", "article_id": "int8", "number": "int4", "title": "varchar", "byline": "varchar"}
    | {"published_is_guessed": "bool", "language": "varchar", "canonical_url": "varchar", "origins": "jsonb"}
    | {"text": "text", "blocks": "jsonb", "sha256": "varchar", "raw": "bytea", "raw_sha256": "varchar"},
    Claim: {"id": "int8", "article_id": "int8", "version": "int4", "status": "varchar", "kind": "varchar"}
    | {"speaker": "varchar", "cue": "varchar", "quoted": "bool", "checkworthiness": "float8", "reasons": "jsonb"}
    | {"not_checkable": "varchar", "statement": "text", "embedding": "halfvec", "model_version": "varchar"}
    | {"created_at": "timestamptz"},
    Anchor: {"claim_id": "int8", "article_version_id": "int8", "version": "int4", "status": "varchar"}
    | {"start": "int4", "end": "int4", "exact": "text", "prefix": "text", "suffix": "text"},
    Suggestion: {"claim_id": "int8", "passage_id": "int8", "version": "int4", "status": "varchar"}
    | {"provider": "varchar", "rank": "int4", "score": "float8", "features": "jsonb", "model_version": "varchar"}
    | {"decided_by_id": "int8", "of_fact_check": "bool", "conflicts": "bool", "updated_at": "timestamptz"},
    ClaimReview: {"id": "int8", "claim_id": "int8", "version": "int4", "status": "varchar", "statement": "text"}
    | {"speaker": "varchar", "verdict": "varchar", "rating": "int2", "rationale": "text", "as_of": "date"}
    | {"writer_id": "int8", "written_by": "int8[]", "approver_id": "int8", "created_at": "timestamptz"}
    | {"speaker_kind": "varchar", "speaker_same_as": "varchar", "first_appearance": "varchar"}
    | {"quote_translation": "text", "quote_translator": "varchar", "quote_translated_by_machine": "bool"}
    | {"change_kind": "varchar", "change_note": "text"},
    Snapshot: {"id": "int8", "source_id": "int8", "text": "text", "sha256": "varchar", "origin": "varchar"},
    Evidence: {"review_id": "int8", "kind": "varchar", "stance": "varchar", "writer_id": "int8", "note": "text"}
    | {"snapshot_id": "int8", "exact": "text", "public_wording": "text", "searched_for": "text"}
    | {"searched_where": "text", "language": "varchar", "translation": "text", "translator": "varchar"}
    | {"translated_by_machine": "bool"},
    Publication: {
        "id": "int8",
        "review_id": "int8",
        "slug": "varchar",
        "number": "int4",
        "frozen": "text",
        "sha256": "varchar",
    }
    | {"method_version": "int4", "published_by_id": "int8", "published_at": "timestamptz", "retraction_reason": "text"}
    | {"takedown_reason": "text", "takedown_ground": "text"},
    AuditEntry: {"chain": "varchar", "seq": "int8", "verb": "varchar", "subject": "varchar", "subject_id": "int8"}
    | {"new": "text", "act": "uuid", "at": "timestamptz", "prev": "varchar", "hash": "varchar"},
}
"""Columns that are copied, with their types in PostgreSQL, in the order in which the tables need each other."""


@dataclass(frozen=True)
class People:
    checker: User
    editor: User


def fill(size: int, seed: int = 7, shares: dict[str, float] = SHARES) -> People:
    """Fill the scratch database with `size` claims, at least FIRST. shares: of each status among them."""
    people = People(
        User.objects.create_user("checker@example.org", "Checker", "checker"),
        User.objects.create_user("editor@example.org", "Editor", "editor"),
    )
    with unruled():
        _library()
        for rows in _slices(size, people, random.Random(seed), shares):  # noqa: S311 - nothing secret
            for model, columns in TYPES.items():
                if rows[model]:
                    copied(model, columns, rows[model])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")  # as a desk's own server does while it fills
    return people


@contextmanager
def unruled() -> Iterator[None]:
    """Within, no trigger of ours speaks; and nobody looks for neighbours among these claims: their vectors stand there,
    for rows to be as long as a desk's are, and are not indexed."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in TYPES]
    by_meaning = next(index for index in Claim._meta.indexes if index.name == "claims_by_meaning")
    with as_owner():
        with connection.schema_editor() as editor:
            editor.remove_index(Claim, by_meaning)
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _library() -> None:
    keys = range(1, SOURCES + 1)
    copied(Source, SOURCE, ((at, f"Document {at}", "", "", "primary", Source.Seen.PAGE, "2023", "", 1) for at in keys))
    text = "The minutes of that day give the sum and the names of all who were present. " * 5
    passages = ((at, 1, f"Document {at}", f"{at}: {text}", Passage.Wording.ORIGINAL, None, "") for at in keys)
    copied(Passage, PASSAGE, passages)


def _slices(
    size: int, people: People, chance: random.Random, shares: dict[str, float] = SHARES
) -> Iterator[dict[Any, list[Row]]]:
    """The rows of one article after another, by model, those of some thousand claims at once."""
    vectors = [HalfVector(row) for row in np.random.default_rng(7).standard_normal((VECTORS, DIMENSIONS), np.float32)]
    now, claim, article, review = datetime.now(UTC), 0, 0, 0
    rows: dict[Any, list[Row]] = {model: [] for model in TYPES}
    while claim < size:
        article += 1
        said = [sentence(chance) for _ in range(min(FIRST if article == 1 else OF_AN_ARTICLE, size - claim))]
        text = "\n\n".join(" ".join(said[at : at + 4]) for at in range(0, len(said), 4))
        _article(rows, article, text)
        came, place = now - timedelta(days=DAYS * chance.random()), 0
        for words in said:
            claim, place = claim + 1, text.index(words, place)
            [status] = chance.choices(list(shares), list(shares.values()))
            worth = None if chance.random() < 0.05 else chance.random()
            why_not = "An opinion." if status == "detected" and chance.random() < 0.15 else ""
            judged, vector = (worth, Jsonb(["states a quantity"]), why_not), vectors[claim % VECTORS]
            rows[Claim].append(
                (claim, article, 1, status, "event", "Ada Lind", "said", False, *judged, words, vector, "made", came)
            )
            rows[Anchor].append((claim, article, 1, "exact", place, place + len(words), words, "", ""))
            place += len(words)
            _suggestions(rows, (claim, status, came), people, chance)
            if status in ("in_review", "reviewed"):
                review += 1
                _review(rows, (review, claim, words, status == "reviewed", came), people, chance)
        if len(rows[Claim]) >= SLICE or claim == size:
            yield rows
            rows = {model: [] for model in TYPES}


def _article(rows: dict[Any, list[Row]], key: int, text: str) -> None:
    digest, uuid = hashlib.sha256(text.encode()).hexdigest(), UUID(int=key)
    rows[Article].append((key, uuid, "", "", False, "allowed", "", Jsonb({}), 1))
    rows[ArticleVersion].append(
        (key, key, 1, f"Article {key}", "", False, "en", "", Jsonb({}), text, Jsonb([]), digest, text.encode(), digest)
    )


def _suggestions(
    rows: dict[Any, list[Row]], about: tuple[int, str, datetime], people: People, chance: random.Random
) -> None:
    claim, status, came = about
    for rank, passage in enumerate(chance.sample(range(1, SOURCES + 1), SUGGESTIONS), start=1):
        found, by, when = "pending", None, came
        if status == "reviewed":
            found, by = chance.choice(("accepted", "dismissed")), people.checker.pk
            when = came + timedelta(hours=chance.expovariate(1 / 24))
        score = 0.9 / rank
        conflicts = rank == 1 and claim % 20 == 0  # which a trigger of ours would tell by the features
        rows[Suggestion].append(
            (claim, passage, 1, found, "library", rank, score, Jsonb({}), "made", by, False, conflicts, when)
        )


def _review(
    rows: dict[Any, list[Row]], about: tuple[int, int, str, bool, datetime], people: People, chance: random.Random
) -> None:
    key, claim, words, public, came = about
    began = came + timedelta(hours=chance.expovariate(1 / 24))
    verdict, rating = chance.choice((("verified", 5), ("disputed", 2), ("unverifiable", None)))
    by, approver = people.checker.pk, people.editor.pk if public else None
    status, *found = ("draft", None, None, "", None)
    if public:
        status, *found = ("published", verdict, rating, "The minutes say so.", began.date())
    rows[ClaimReview].append(
        (key, claim, 1, status, words, "Ada Lind", *found, by, [by], approver, began, *ORIGINAL, "", "")
    )
    source = min(SOURCES, 1 + int(chance.expovariate(1 / 50)))
    digest = hashlib.sha256(words.encode()).hexdigest()
    rows[Snapshot].append((key, source, words, digest, "pasted"))
    rows[Evidence].append((key, "document", "supports", by, "", key, words, "", "", "", "en", *UNTRANSLATED))
    if public:
        _publication(rows, key, words, (verdict, rating), began + timedelta(hours=chance.expovariate(1 / 48)), people)


def _publication(
    rows: dict[Any, list[Row]], key: int, words: str, found: tuple[str, int | None], out: datetime, people: People
) -> None:
    """As long as a real one with three pieces of evidence, and with its entry in the trail."""
    content = _content(words, found, out)
    frozen = canonical({"content": content, "jsonld": claimreview.jsonld(content, url=address(f"made-{key}"), home="")})
    digest = hashlib.sha256(frozen.encode()).hexdigest()
    rows[Publication].append((key, key, f"made-{key}", 1, frozen, digest, 1, people.editor.pk, out, "", "", ""))
    act = UUID(int=key)
    said = (f"made-{key}", 1, "publication.published", "publication", key, digest, act, out)
    rows[AuditEntry].append((*said, "0" * 64, digest))


def _content(words: str, found: tuple[str, int | None], out: datetime) -> dict[str, Any]:
    """What such a review prints, by claimreview.mapped(), of rows that are made for it and stored nowhere."""
    verdict, rating = found
    said = {"statement": words, "speaker": "Ada Lind", "verdict": verdict, "rating": rating, "rationale": WHY}
    review = ClaimReview(**said, as_of=out.date(), approver=User(name="Editor"))
    article = Article(url="https://example.org/news", outlet=Outlet(name="The Daily"))
    version = ArticleVersion(article=article, title="An article", published_at=datetime(2024, 5, 14, tzinfo=UTC))
    source = Source(title="Document 1", url="https://example.org/minutes/1", outlet=Outlet(name="The council"))
    snapshot = Snapshot(source=source, sha256="0" * 64, origin="fetched", taken_at=out)
    piece = Evidence(kind="document", stance="supports", exact=words, note=WHY[:200], snapshot=snapshot)
    return claimreview.mapped(
        review,
        desk=Desk(name="The Desk"),
        writers=["Checker"],
        published_at=out,
        claim=Claim(article=article),
        version=version,
        anchor=Anchor(article_version=version, exact=words),
        rests_on=[piece] * 3,
        method_version=1,
    )
