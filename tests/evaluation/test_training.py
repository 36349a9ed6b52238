import json
import random
from datetime import date

import numpy as np
import pytest

from factcheck.evaluation import checkworthiness, training, weights
from factcheck.evaluation.readers import Labelled, UnreadableData
from factcheck.evaluation.readings import readings
from factcheck.text.linear import Linear, fingerprint

pytestmark = pytest.mark.unit


def invented(count: int = 60) -> list[Labelled]:
    """Sentences of our own: those with money matter, those with feelings do not."""
    chance = random.Random(7)  # noqa: S311
    rows = []
    for at in range(count):
        town, amount = chance.choice(["Lund", "Voss", "Berg"]), chance.randint(2, 900)
        text = (
            f"The council of {town} spent ${amount} million on dam number {at}."
            if at % 2
            else f"I feel happy about {town} and the {at} lovely evenings we had."
        )
        rows.append(Labelled(text, at % 2, f"debate {at % 9}", "own"))
    return rows


def fitted(rows: list[Labelled] | None = None) -> Linear:
    rows = rows or invented()
    return training.fit(rows, readings([row.text for row in rows]), 1.0).model


def put(folder, rows, labels=(-1, 1)):
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "data.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            both = {"text": row.text, "label": labels[row.label], "debate": row.group, "sets": ["newssd-train"]}
            file.write(json.dumps(both) + "\n")
    return folder


def test_every_sentence_is_tested_once_and_never_by_a_model_that_saw_it():
    rows = invented()
    # The same wording in another debate, in other letters: it must not leak either.
    rows.append(Labelled(rows[0].text.upper(), 0, "debate 8", "own"))
    tested = []
    for train, test in training.folds(rows, 5):
        tested.extend(test.tolist())
        assert not {fingerprint(rows[at].text) for at in train} & {fingerprint(rows[at].text) for at in test}
        assert not {rows[at].group for at in train} & {rows[at].group for at in test}
    assert sorted(tested) == list(range(len(rows)))


def test_rows_of_a_single_group_are_shared_out_one_by_one():
    rows = [Labelled(f"Sentence {at}", at % 2, "one", "own") for at in range(20)]
    assert sorted(int(at) for _, test in training.folds(rows, 5) for at in test) == list(range(20))


def test_fitting_twice_gives_the_same_weights():
    first, second = fitted(), fitted()
    assert first.vocabulary == second.vocabulary
    assert np.array_equal(first.weights, second.weights)
    assert np.array_equal(first.meaning, second.meaning)
    assert (first.slope, first.offset) == (second.slope, second.offset)


def test_a_term_of_fewer_than_five_sentences_is_not_learned():
    rows = [*invented(), *(Labelled(f"The zeppelin spent ${at} million.", 1, "rare", "own") for at in range(4))]
    assert "zeppelin" not in fitted(rows).vocabulary


def test_what_is_fitted_tells_what_matters_from_what_does_not():
    model = fitted()
    matters, feels = readings(["The council of Lund spent $7 million on a dam.", "I feel happy about the evenings."])
    assert model.odds(matters) > 0 > model.odds(feels)


def test_the_product_scores_a_sentence_as_the_fitting_saw_it():
    rows = invented(40)
    seen = readings([row.text for row in rows])
    table, every = training.Table(seen), np.arange(len(rows))
    kept, idf = table.frequent(every)
    weights = np.random.default_rng(7).normal(size=len(kept) + table.dense.shape[1] + table.meaning.shape[1])
    model = training._linear(table, kept, idf, weights, 0.25)
    assert np.allclose(table.matrix(every, kept, idf) @ weights + 0.25, [model.odds(one) for one in seen], atol=1e-5)


def test_training_writes_weights_their_origin_and_what_they_saw(tmp_path):
    weights.train_factual(put(tmp_path / "news", invented(), ("SUBJ", "OBJ")), tmp_path, date(2026, 11, 24))
    report = weights.train_checkworthiness(put(tmp_path / "data", invented()), tmp_path, date(2026, 11, 24))
    assert report.n == 60
    assert {path.name for path in tmp_path.iterdir()} >= {"checkworthiness.npz", "factual.npz", "combination.json"}
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert "2026-11-24" in readme
    assert "Rows: 60, of them 30 with label 1" in readme
    assert len(np.load(checkworthiness.trained_on("checkworthiness", tmp_path))) == 60


def test_data_with_one_label_only_is_refused(tmp_path):
    with pytest.raises(UnreadableData, match="same label"):
        weights.train_factual(put(tmp_path / "news", invented(), ("SUBJ", "SUBJ")), tmp_path, date(2026, 11, 24))


def test_the_second_model_must_be_there_before_the_first_is_fitted(tmp_path):
    with pytest.raises(UnreadableData, match="train factual"):
        weights.train_checkworthiness(put(tmp_path / "data", invented()), tmp_path, date(2026, 11, 24))


def test_data_that_the_weights_were_fitted_on_is_measured_in_folds(tmp_path, monkeypatch):
    rows = invented()
    monkeypatch.setattr(checkworthiness, "seen", lambda given, name: np.ones(len(given), dtype=bool))
    report = checkworthiness.evaluate(put(tmp_path / "data", rows))
    assert report.model == "checkworthiness in 5 folds"
    assert report.n == len(rows)
    assert report.metrics["average_precision"] > 0.9


def test_single_rows_that_the_weights_were_fitted_on_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(checkworthiness, "seen", lambda given, name: np.arange(len(given)) < 20)
    report = checkworthiness.evaluate(put(tmp_path / "data", invented()))
    assert report.n == 40
    assert "20 rows were left out" in report.notes[0]


def test_without_folds_nothing_is_left_of_data_that_was_fitted_on(tmp_path, monkeypatch):
    monkeypatch.setattr(checkworthiness, "seen", lambda given, name: np.ones(len(given), dtype=bool))
    with pytest.raises(UnreadableData, match="Every row"):
        checkworthiness.evaluate(put(tmp_path / "data", invented()), folds=0)


def test_one_fold_is_refused(tmp_path):
    with pytest.raises(UnreadableData, match="One fold"):
        checkworthiness.evaluate(put(tmp_path / "data", invented()), folds=1)


def test_sentences_of_our_own_were_not_seen_by_the_weights_that_ship():
    assert not checkworthiness.seen(invented(), "checkworthiness").any()
