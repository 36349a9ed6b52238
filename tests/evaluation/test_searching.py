"""What is measured of searching: figures, planted echoes, and coefficients that are fitted."""

import json
import random

import numpy as np
import pytest

from factcheck.evaluation import echoes, fitting, metrics, searchable
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.readers import UnreadableData
from factcheck.retrieval import embedding, features, ranking

pytestmark = pytest.mark.unit

CLAIM = "The council of Norland paid twelve million euros for the new bridge in the harbour."


def test_figures_of_one_query():
    ranked = ["a", "b", "c", "d"]
    assert metrics.average_precision_at(ranked, {"b", "d"}, 5) == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert metrics.reciprocal_rank(ranked, {"c"}) == pytest.approx(1 / 3)
    assert metrics.recall_at(ranked, {"a", "x"}, 10) == 0.5
    assert metrics.ndcg_at(ranked, {"a"}, 10) == 1.0
    assert metrics.ndcg_at(ranked, {"b"}, 10) == pytest.approx(1 / np.log2(3))
    assert metrics.average_precision_at(ranked, set(), 5) == metrics.ndcg_at([], set(), 10) == 0.0


def test_every_planted_echo_repeats_the_claim_and_is_the_same_again():
    first = [echoes.echo(CLAIM, random.Random(seed)) for seed in range(60)]  # noqa: S311
    assert first == [echoes.echo(CLAIM, random.Random(seed)) for seed in range(60)]  # noqa: S311
    assert all(features.repeats(CLAIM, text) for text in first)
    assert len(set(first)) > 20


def test_pairs_are_planted_for_settled_claims_of_some_length_once_each(tmp_path):
    folder = tmp_path / "healthver" / "dev"
    folder.mkdir(parents=True)
    rows = [
        {"claim": CLAIM, "evidence": "The bridge cost Norland twelve million euros.", "label": "Supports"},
        {"claim": CLAIM, "evidence": "The council of Norland paid for a bridge.", "label": "Refutes"},
        {"claim": "Too short to be told.", "evidence": "Minutes.", "label": "Supports"},
        {"claim": CLAIM.replace("paid", "never paid"), "evidence": "Weather.", "label": "Neutral"},
    ]
    (folder / "data.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert [claim for claim, _, _ in echoes.planted(tmp_path, 10)] == [CLAIM]


def row(figures, right, text="A claim of the council that has more than eight words in it.", name="one"):
    values = np.zeros((len(figures), len(ranking.FITTED)))
    values[:, : len(figures[0])] = figures
    query = searchable.Query(text, frozenset({"right"}), name)
    keys = ["right" if is_right else "wrong" for is_right in right]
    return fitting.Observed(query, keys, values, np.array(right), {}, name)


def test_a_feature_that_tells_right_from_wrong_gets_weight_and_none_falls_below_nothing():
    rows = [row([[0.9, 0.1], [0.2 + 0.01 * number, 0.8]], [True, False], f"{number}") for number in range(30)]
    told = fitting.fit(rows).told()
    assert told["bm25"] > 0
    assert told["cover"] == 0  # it speaks against what is right here
    assert all(value >= 0 for name, value in told.items() if name != "bias")


def test_strong_begins_where_nearly_all_are_right_and_asks_no_short_claim():
    long = "eight words and more are in this claim here"
    rows = [row([[1.0], [0.5]], [number >= 30, False], long) for number in range(60)]
    odds = [np.array([2.0, 1.9 if number < 30 else -3.0]) for number in range(60)]
    assert fitting.strong_from(rows, odds, -9.0) == 5.0  # where another is as near, half are wrong
    assert fitting.strong_from([row([[1.0]], [True], "a short claim")], [np.array([3.0])], -9.0) == 1.0


def test_a_text_of_two_sets_is_in_one_fold():
    rows = [row([[1.0]], [True], f"text {number % 10}", f"set {number // 10}") for number in range(20)]
    assert fitting.folds(rows, 5)[:10] == fitting.folds(rows, 5)[10:]


def test_a_query_for_a_document_that_is_not_there_is_told(tmp_path):
    for part, content in (
        ("corpus", {"id": "1", "vclaim": "It rained."}),
        ("dev", {"query": "Rain?", "relevant": [2]}),
    ):
        (tmp_path / "known_lie" / part).mkdir(parents=True)
        (tmp_path / "known_lie" / part / "rows.jsonl").write_text(json.dumps(content), "utf-8")
    with pytest.raises(UnreadableData, match="lacks 2"):
        searchable.matching(tmp_path)


def test_vectors_that_were_kept_are_those_that_would_be_made(tmp_path):
    texts = ["The bridge cost 12 million euros.", "Boil the potatoes.", "Boil the potatoes."]
    first, again = Vectors(tmp_path), Vectors(tmp_path)
    made = first.of(texts)
    assert (again.of(texts) == made).all()
    assert (first.made, again.made) == (2, 0)
    assert (made == embedding.encode(texts).astype(np.float16)).all()
