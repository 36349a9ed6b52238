"""How well documents that settle a claim are found among many (scifact), and the sentences in them that do."""

import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from factcheck.evaluation import loading, matching, metrics, searchable
from factcheck.evaluation.loading import Document, Vectors
from factcheck.evaluation.matching import BATCH, DEPTH, Scratch, distinct
from factcheck.evaluation.metrics import Counts
from factcheck.evaluation.reports import Report
from factcheck.evaluation.searchable import Collection, Query
from factcheck.models import Claim
from factcheck.retrieval import features, lexical
from factcheck.retrieval.providers import library
from factcheck.text import statements


def evaluate(data: Path, corpus: Path | None, limit: int | None, scratch: Scratch, vectors: Vectors) -> Report:
    """ndcg@10 and recall@10 over claims that have evidence; sentence_f1: of the sentences that the product marks in the
    abstracts that hold evidence, micro-averaged. The simple ways of `matching` beside it."""
    began = time.perf_counter()
    figures: dict[str, Any] = {}
    count = 0
    for collection in searchable.evidence(data, corpus, limit):
        with scratch():
            own, asked = measured(collection, vectors)
        count += asked
        figures = figures | {collection.name: own | {"n": asked}} if figures else own
    return Report("evidence", str(data), count, figures, time.perf_counter() - began, library.MODEL_VERSION)


def measured(collection: Collection, vectors: Vectors) -> tuple[dict[str, Any], int]:
    keys = loading.library(collection.documents, vectors)
    claims = loading.claims([(query.text, query.speaker) for query in collection.queries], vectors)
    ranked: dict[str, list[tuple[list[str], frozenset[str]]]] = {"": [], **{way: [] for way in matching.BASELINES}}
    asked = iter(zip(claims, collection.queries, strict=True))
    while part := list(islice(asked, BATCH)):
        found = library.search([claim for claim, _ in part], DEPTH)
        simple = matching.baselines([claim for claim, _ in part])
        source_of = matching.sources(found)
        for claim, query in part:
            own = distinct(keys[source_of[one.passage]] for one in found.get(claim.pk, []))
            ranked[""].append((own, query.relevant))
            for way, sources in simple[claim.pk].items():
                ranked[way].append((distinct(keys[one] for one in sources), query.relevant))
    figures: dict[str, Any] = {
        "ndcg@10": mean(ranked[""], metrics.ndcg_at),
        "recall@10": mean(ranked[""], metrics.recall_at),
        "sentence_f1": sentences(claims, collection.queries, collection.documents).metrics()["f1"],
    }
    return figures | {f"{way}_ndcg@10": mean(ranked[way], metrics.ndcg_at) for way in matching.BASELINES}, len(claims)


def mean(ranked: Sequence[tuple[list[str], frozenset[str]]], figure: Any) -> float:
    return sum(figure(keys, relevant, DEPTH) for keys, relevant in ranked) / max(1, len(ranked))


def sentences(claims: Sequence[Claim], queries: Sequence[Query], documents: Sequence[Document]) -> Counts:
    """Within abstracts that hold evidence, with the sentences as the set divides them."""
    document_of = {document.key: document for document in documents}
    words = lexical.words({claim.pk: statements.searched(claim.statement) for claim in claims})
    counts = Counts()
    for claim, query in zip(claims, queries, strict=True):
        for key, wanted in query.sentences.items():
            document = document_of[key]
            chosen = features.chosen(document.passages[0][0], document.sentences, words[claim.pk])
            counts.add({(place, place) for place in chosen}, {(place, place) for place in wanted})
    return counts
