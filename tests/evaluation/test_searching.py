"""What is measured of searching: figures, planted echoes, and coefficients that are fitted."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from factcheck.evaluation import echoes, fitting, metrics, searchable, suggestions
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.readers import UnreadableData
from factcheck.retrieval import embedding, features, ranking
from factcheck.text import claims

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


def row(figures, right, text="A claim of the council that has more than eight words in it.", name="one", told=()):
    values = np.zeros((len(figures), len(ranking.FITTED)))
    values[:, : len(figures[0])] = figures
    query = searchable.Query(text, frozenset({"right"}), name)
    keys = ["right" if is_right else "wrong" for is_right in right]
    return fitting.Observed(
        query, keys, values, np.array(right), list(told) or [f"{n}" for n in range(len(keys))], {}, name
    )


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


def test_a_second_record_of_one_fact_check_is_no_other_that_is_as_near():
    odds = np.array([2.0, 2.0, -1.0])
    assert fitting.leads(row([[1.0]] * 3, [True, False, False]), odds, -9.0) == (0, 0.0)
    assert fitting.leads(row([[1.0]] * 3, [True, False, False], told=["it broke"] * 2 + ["it held"]), odds, -9.0) == (
        0,
        3.0,
    )


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


def test_what_settles_a_claim_is_named_by_id_address_or_title(tmp_path):
    def labels(*rows):
        (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
        return suggestions.labelled(tmp_path, records)

    records = [{"id": "1", "url": "https://example.org/", "title": "Minutes"}, {"id": "2", "url": "", "title": "Bill"}]
    named = {"claim": CLAIM, "settled_by": ["https://example.org/", "Minutes", "2"]}
    assert [one.sources for one in labels(named, {"claim": "It rained.", "settled_by": []})] == [{"1", "2"}]
    with pytest.raises(UnreadableData, match="no source 'Diary'"):
        labels({"claim": CLAIM, "settled_by": ["Diary"]})


def test_a_labelled_claim_is_the_one_that_the_article_says_in_like_words():
    text = "Ada Berg said on Monday that the dam broke. The council of Norland paid twelve million euros for a bridge."
    found = claims.find(text, claims.Encoder(embedding.MODEL, embedding.encode))
    place = suggestions.likest(CLAIM, found)
    assert found[place].exact.startswith("The council of Norland")
    assert suggestions.likest("Prices rose in every shop of the town.", found) is None


def test_the_labels_that_ship_are_of_the_article_and_the_library_that_ship():
    text, written, records = suggestions.sample(suggestions.SEEDS)
    shipped = suggestions.labelled(Path(suggestions.__file__).parent / "labels" / "suggestions", records)
    assert all(one.claim in text for one in shipped)
    assert written is None  # it is guessed, and "on Tuesday" is read by no guessed date
    with pytest.raises(UnreadableData, match="not laid out as seeds/"):
        suggestions.sample(Path("/nowhere"))
