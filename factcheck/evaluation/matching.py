"""How well an earlier fact-check of a claim is found, through PostgreSQL and `library.search`, beside two simple ways
to rank the same candidates: BM25 alone, and .3 · BM25 + .7 · cosine."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from factcheck.evaluation import loading, metrics, searchable
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.reports import Report
from factcheck.evaluation.searchable import Collection, Query
from factcheck.models import Claim
from factcheck.retrieval import lexical, pairs, semantic
from factcheck.retrieval.providers import library
from factcheck.text import statements

Scratch = Callable[[], AbstractContextManager[None]]
"""Makes an empty database for as long as it is held."""

DEPTH = 10
BATCH = 40
"""Claims that are looked for together, as those of an article are."""
BASELINES = {"bm25": (1.0, 0.0), "fused": (0.3, 0.7)}
"""Weights of BM25, as a share of the claim's best, and of the better cosine of claim and title."""


@dataclass(slots=True)
class Answer:
    """ranked: keys of documents, best first. baselines: the same by the simple ways. strong: keys called strong."""

    query: Query
    ranked: list[str]
    baselines: dict[str, list[str]]
    strong: list[str]


def evaluate(
    data: Path, corpus: Path | None, limit: int | None, scratch: Scratch, vectors: Vectors, folds: int | None = None
) -> Report:
    """map@5, mrr, recall@10 (within the ten that are shown at most), success@1; strong_precision: of the matches called
    strong, the share that is right; strong_share: of the queries, the share that has one. With folds: the coefficients
    and thresholds are fitted on the others.
    """
    began, answers = time.perf_counter(), []
    collections = searchable.matching(data, corpus, limit)
    if folds:
        from factcheck.evaluation import fitting  # scikit-learn: only where something is fitted

        answers = fitting.in_folds(fitting.observed(collections, scratch, vectors), folds)
        model = f"ranking in {folds} folds"
    else:
        for collection in collections:
            with scratch():
                answers += ask(collection, vectors)
        model = library.MODEL_VERSION
    figures = measured(answers)
    names = searchable.sets_of([answer.query for answer in answers])
    for name in names if len(names) > 1 else []:
        part = [answer for answer in answers if answer.query.set == name]
        figures[name] = measured(part) | {"n": len(part)}
    notes = ["bm25 and fused: .3 · BM25 + .7 · cosine, the simple ways to rank what was found."]
    return Report("matching", str(data), len(answers), figures, time.perf_counter() - began, model, notes)


def measured(answers: Sequence[Answer]) -> dict[str, Any]:
    def mean(figure: Callable[[Sequence[str], frozenset[str]], float], way: str = "") -> float:
        values = [figure(answer.baselines[way] if way else answer.ranked, answer.query.relevant) for answer in answers]
        return sum(values) / len(values) if values else 0.0

    called = [(key, answer) for answer in answers for key in answer.strong]
    return {
        "map@5": mean(lambda ranked, right: metrics.average_precision_at(ranked, right, 5)),
        "mrr": mean(metrics.reciprocal_rank),
        "recall@10": mean(lambda ranked, right: metrics.recall_at(ranked, right, DEPTH)),
        "success@1": mean(lambda ranked, right: metrics.recall_at(ranked, right, 1) and 1.0),
        "strong_precision": sum(key in answer.query.relevant for key, answer in called) / max(1, len(called)),
        "strong_share": sum(bool(answer.strong) for answer in answers) / max(1, len(answers)),
        **{
            f"{way}_map@5": mean(lambda ranked, right: metrics.average_precision_at(ranked, right, 5), way)
            for way in (BASELINES if any(answer.baselines for answer in answers) else ())
        },
    }


def ask(collection: Collection, vectors: Vectors) -> list[Answer]:
    """Of the library in the scratch database, which this loads."""
    keys = loading.library(collection.documents, vectors)
    claims = loading.claims([(query.text, query.speaker) for query in collection.queries], vectors)
    answers, asked = [], iter(zip(claims, collection.queries, strict=True))
    while part := list(islice(asked, BATCH)):
        found = library.search([claim for claim, _ in part], DEPTH)
        simple = baselines([claim for claim, _ in part])
        source_of = sources(found)
        for claim, query in part:
            candidates = found.get(claim.pk, [])
            answers.append(
                Answer(
                    query,
                    distinct(keys[source_of[candidate.passage]] for candidate in candidates),
                    {way: distinct(keys[one] for one in ranked) for way, ranked in simple[claim.pk].items()},
                    [keys[source_of[candidate.passage]] for candidate in candidates if candidate.features["strong"]],
                )
            )
    return answers


def sources(found: dict[int, list[library.Candidate]]) -> dict[int, int]:
    """The source of each passage."""
    passages = {candidate.passage for candidates in found.values() for candidate in candidates}
    return dict(library.Passage.objects.filter(pk__in=passages).values_list("pk", "source_id"))


def baselines(claims: Sequence[Claim]) -> dict[int, dict[str, list[int]]]:
    """{claim: {way: sources, best first}} of the candidates that the product has, too."""
    words = lexical.words({claim.pk: statements.searched(claim.statement) for claim in claims})
    measured = pairs.measure(lexical.search(words) | semantic.search([claim.pk for claim in claims]), words)
    found: dict[int, dict[str, list[int]]] = {}
    for claim in claims:
        bm25, cosine = dict[int, float](), dict[int, float]()
        for pair in measured.get(claim.pk, []):
            bm25[pair.source] = max(bm25.get(pair.source, 0.0), pair.whole)
            cosine[pair.source] = max(cosine.get(pair.source, 0.0), pair.cosine)
        most = max(bm25.values(), default=0.0) or 1.0
        found[claim.pk] = {
            way: sorted(bm25, key=lambda one: (-(words_ * bm25[one] / most + meaning * cosine[one]), one))
            for way, (words_, meaning) in BASELINES.items()
        }
    return found


def distinct(keys: Any) -> list[str]:
    """Some sets have two documents of one key: the first counts."""
    return list(dict.fromkeys(keys))
