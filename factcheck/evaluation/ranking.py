"""`manage.py train ranking`: fits the two rankers, sets the two thresholds, and writes down where they came from."""

import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from factcheck.evaluation import fitting, matching, searchable
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.matching import Scratch
from factcheck.evaluation.reports import Report
from factcheck.retrieval import ranking

FOLDS = 5
BY_HAND = {"primary": 0.8, "old": -0.2}
"""No open set has primary documents beside reports, or articles with a date: a primary document stands above a report
that is a little closer in wording, an old one below a newer that is as close."""


def train(data: Path, to: Path, today: date, scratch: Scratch, vectors: Vectors) -> Report:
    began = time.perf_counter()
    matches = fitting.observed(searchable.matching(data), scratch, vectors)
    documents = fitting.observed(searchable.evidence(data), scratch, vectors)
    by_match, by_document = fitting.fit(matches), fitting.fit(documents)
    match_odds, document_odds = fitting.unseen(matches, FOLDS), fitting.unseen(documents, FOLDS)
    weights: dict[str, Any] = {
        "fact_check": by_match.told(),
        "document": by_document.told() | BY_HAND,
        "suggest": round(fitting.shown_from(matches, match_odds), 4),
        "strong": round(fitting.strong_from(matches, match_odds, by_match.bias), 3),
    }
    # A primary document's score holds what is set by hand: the abstracts that were learned from are such documents.
    weights["document"]["bias"] = round(weights["document"]["bias"] - BY_HAND["primary"], 3)
    answers = fitting.in_folds(matches, FOLDS)
    figures = matching.measured(answers)
    for name in searchable.sets_of([answer.query for answer in answers]):
        part = [answer for answer in answers if answer.query.set == name]
        figures[name] = matching.measured(part) | {"n": len(part)}
    figures["scifact"] = {
        "ndcg@10": fitting.ndcg(documents, document_odds),
        **{f"{way}_ndcg@10": fitting.simple_ndcg(documents, way) for way in matching.BASELINES},
        "n": len(documents),
    }
    (to / ranking.FILE).write_text(json.dumps(weights, indent=1) + "\n", "utf-8")
    (to / "README.md").write_text(_readme(figures, (len(matches), len(documents)), today), "utf-8")
    ranking.weights.cache_clear()
    ranking.version.cache_clear()
    count = len(matches) + len(documents)
    model = f"ranking {ranking.version()} in {FOLDS} folds"
    return Report("ranking", str(data), count, figures, time.perf_counter() - began, model)


def _readme(figures: dict[str, Any], rows: Sequence[int], today: date) -> str:
    per_set = {name: one for name, one in figures.items() if isinstance(one, dict)}
    lines = [
        f"| {name} | {one['n']} | "
        + ", ".join(f"{key} {value:.3f}" for key, value in one.items() if isinstance(value, float))
        + " |"
        for name, one in per_set.items()
    ]
    return f"""# Weights of the ranker

Written by `manage.py train ranking`; do not edit by hand. `ranking.json` holds two logistic regressions and two
thresholds; factcheck/retrieval/ranking.py says what each feature is and how the score comes of them.

- `fact_check`: fitted on {rows[0]} queries of CheckThat! 2020 task 2 and 2022 task 2a (tweets and the checks of
  Snopes) and of known_lie_politifact (sentences of debates and the checks of PolitiFact); each set weighs the same.
- `document`: fitted on {rows[1]} claims of SciFact (Wadden et al. 2020) that have evidence. `primary` and `old` are
  set by hand: no open set knows of either.
- `suggest`: the score that {fitting.KEPT:.1%} of the right candidates reach, on folds.
- `strong`: the smallest lead, in log odds, of the best match over the next from which, in each set,
  {fitting.STRONG:.0%} of the best are right, on folds, of claims of {ranking.LEAST_WORDS} words and more whose best
  match is likely at all.

Nothing but these {2 * (len(ranking.FITTED) + 1) + len(BY_HAND)} coefficients and two thresholds was taken from
the sets: no word of their texts.

    python manage.py train ranking --data ../shared/data

{today.isoformat()}, {FOLDS} folds over the development halves, each scored by coefficients fitted on the others; a
text that stands in two sets is in one fold. bm25 and fused (.3 · BM25 + .7 · cosine) rank the same candidates by simple
means.

| set | rows | figures |
|---|---|---|
{chr(10).join(lines)}
"""
