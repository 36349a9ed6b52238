"""Public sets to search in: documents, and queries with the documents that answer them.

A set's documents lie in its corpus/ folder, beside the half that is read, or in the folder that is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factcheck.evaluation import readers
from factcheck.evaluation.loading import Document
from factcheck.evaluation.readers import UnreadableData

MATCHING = ("checkthat20_task2", "checkthat22_task2a", "known_lie")
EVIDENCE = ("scifact",)


@dataclass(frozen=True, slots=True)
class Query:
    """relevant: keys of documents. sentences: of a relevant document, the places of those that are evidence."""

    text: str
    relevant: frozenset[str]
    set: str
    speaker: str = ""
    sentences: dict[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]


def matching(data: Path, corpus: Path | None = None, limit: int | None = None) -> list[Collection]:
    """Claims that were checked, as earlier fact-checks of the library: the claim, and its title where that is another
    text."""
    return _collections(data, corpus, limit, MATCHING, _fact_check, _match)


def evidence(data: Path, corpus: Path | None = None, limit: int | None = None) -> list[Collection]:
    """Abstracts under their titles; of the claims those that have evidence."""
    return _collections(data, corpus, limit, EVIDENCE, _abstract, _evident)


def _collections(
    data: Path, corpus: Path | None, limit: int | None, prefix: tuple[str, ...], document: Any, query: Any
) -> list[Collection]:
    halves: dict[str, list[tuple[Path, dict[str, Any]]]] = {}
    for name, path, row in readers.rows(data, prefix):
        halves.setdefault(name, []).append((path, row))
    found = []
    for name, rows in halves.items():
        folder = corpus or rows[0][0].resolve().parent.parent / "corpus"
        if corpus and not list(corpus.glob("*.jsonl")) and (corpus / name / "corpus").is_dir():
            folder = corpus / name / "corpus"
        documents = tuple(document(row, name) for _, _, row in readers.rows(folder, ()))
        queries = [one for _, row in rows if (one := query(row, name)).relevant]
        known = {one.key for one in documents}
        missing = next((key for one in queries for key in one.relevant if key not in known), None)
        if missing is not None:
            raise UnreadableData(f"The corpus in {folder} lacks {missing}, which a query of {name} asks for.")
        found.append(Collection(name, documents, tuple(queries[:limit])))
    return found


def _fact_check(row: dict[str, Any], name: str) -> Document:
    claim, title = _text(row, "vclaim", name), str(row.get("title") or "").strip()
    key = str(row.get("vclaim_id") or readers.field_of(row, "id", name))
    return Document(key, "fact_check", (("", claim), *((("", title),) if title and title != claim else ())))


def _match(row: dict[str, Any], name: str) -> Query:
    relevant = frozenset(map(str, readers.field_of(row, "relevant", name)))
    return Query(_text(row, "query", name), relevant, str(row.get("set") or name), str(row.get("speaker") or ""))


def _abstract(row: dict[str, Any], name: str) -> Document:
    sentences = [sentence.strip() for sentence in readers.field_of(row, "abstract", name)]
    return Document(
        str(readers.field_of(row, "doc_id", name)), "primary", ((_text(row, "title", name), " ".join(sentences)),),
        sentences=tuple(sentences),
    )  # fmt: skip


def _evident(row: dict[str, Any], name: str) -> Query:
    given = readers.field_of(row, "evidence", name)
    sentences = {
        key: frozenset(place for one in sets for place in one["sentences"]) for key, sets in given.items() if sets
    }
    return Query(_text(row, "claim", name), frozenset(sentences), str(row.get("set") or name), "", sentences)


def _text(row: dict[str, Any], field: str, name: str) -> str:
    return str(readers.field_of(row, field, name)).strip()


def sets_of(queries: Sequence[Query]) -> list[str]:
    return sorted({query.set for query in queries})
