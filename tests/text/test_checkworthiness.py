import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.evaluation.readings import readings
from factcheck.retrieval import embedding
from factcheck.text import checkworthiness, english, features
from factcheck.text.checkworthiness import WEIGHTS, Scored, Stated
from factcheck.text.linear import Linear, fingerprint

pytestmark = pytest.mark.unit

PLAIN = "The county spent $18 million on dams in 2019, more than any other in the state."
OPINION = "I feel that this is a wonderful evening for all of us."


def score(sentences: list[str], named: list[list[str]] | None = None) -> list[Scored]:
    read = zip(
        sentences, english.read(sentences), embedding.encode(sentences), named or [None] * len(sentences), strict=True
    )
    return checkworthiness.score([Stated(text, list(doc), vector, names) for text, doc, vector, names in read])


def test_a_statement_with_figures_is_worth_more_than_an_opinion():
    fact, opinion = score([PLAIN, OPINION])
    assert fact.value > 0.7
    assert opinion.value < 0.2


def test_reasons_quote_the_sentence():
    (fact,) = score([PLAIN])
    assert "states a quantity: $18 million" in fact.reasons
    (opinion,) = score([OPINION])
    assert opinion.reasons[0] == "an opinion, marked by ‘I feel’"


def test_names_found_by_a_better_reader_are_told_without_changing_the_value():
    sentence = "Lund spent $18 million."
    (alone,), (named,) = score([sentence]), score([sentence], named=[["Lund"]])
    assert alone.value == named.value
    assert "names Lund" in named.reasons
    assert "names Lund" not in alone.reasons


def test_a_sentence_with_nothing_in_it_says_so():
    assert score(["It was so."])[0].reasons == ("no figure, name, date or act in it",)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_has_a_value_between_0_and_1_and_a_reason(text):
    (scored,) = score([text])
    assert 0.0 <= scored.value <= 1.0
    assert 1 <= len(scored.reasons) <= checkworthiness.MOST_REASONS


def test_the_same_sentence_has_the_same_value_in_any_company():
    assert score([PLAIN, OPINION]) == [*score([PLAIN]), *score([OPINION])]


def test_no_sentences_have_no_scores():
    assert score([]) == []


def test_a_very_long_sentence_is_answered():
    assert 0 <= score(["A1 " * 5_000])[0].value <= 1


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("It cost 3.5 percent of the budget.", "3.5 percent"),
        ("Two thirds of the town fled.", "Two thirds"),
        ("A million people fled.", "A million people"),
        ("Apollo 11 flew past.", None),
        ("They met at 7 p.m. in the hall.", None),
    ],
)
def test_a_quantity_is_an_amount_and_not_a_name_or_an_hour(sentence, shown):
    assert features.marks(sentence).get("quantity") == shown


def test_figures_are_folded_so_that_none_is_learned_by_heart():
    assert features.terms("It cost 17 crowns") == features.terms("It cost 4,250 crowns")


def test_the_weights_are_small_and_hold_no_pickle():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= 1_500_000
    for path in WEIGHTS.glob("*.np*"):
        np.load(path, allow_pickle=False)


def test_the_vocabulary_holds_no_sentences():
    for name in ("checkworthiness", "factual"):
        vocabulary = Linear.load(WEIGHTS / f"{name}.npz").vocabulary
        assert max(len(term.split()) for term in vocabulary) <= 3
        assert not any(re.search(r"[1-9]", term) for term in vocabulary)


def test_the_weights_were_fitted_with_the_encoder_that_ships():
    assert checkworthiness.model().combination.encoder == embedding.PINNED


def test_the_version_changes_with_any_of_the_weights(tmp_path, monkeypatch):
    for path in WEIGHTS.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(checkworthiness, "WEIGHTS", tmp_path)
    versions = set()
    for name in ("checkworthiness.npz", "factual.npz", "combination.json"):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b" ")
        checkworthiness.weights_version.cache_clear()
        versions.add(checkworthiness.weights_version())
    checkworthiness.weights_version.cache_clear()
    assert len(versions) == 3


def test_the_weights_say_where_they_came_from():
    readme = (WEIGHTS / "README.md").read_text("utf-8")
    for needed in ("CC BY 4.0", "ClaimBuster", "NewsSD", "manage.py train", "average_precision"):
        assert needed in readme


def test_weights_come_back_from_disk_as_they_were(tmp_path):
    vocabulary, meaning = {"river": 0, "~riv": 1, "=NN VBD": 2}, np.linspace(-1, 1, 384)
    idf, weights = np.array([1.5, 2.0, 1.0]), np.array([0.25, -0.5, 3.0])
    linear = Linear(vocabulary, idf, weights, np.zeros(16), meaning, 0.5, 2.0, -1.0)
    linear.save(tmp_path / "w.npz")
    again = Linear.load(tmp_path / "w.npz")
    assert again.vocabulary == linear.vocabulary
    (reading,) = readings(["The river rose."])
    assert again.odds(reading) == pytest.approx(linear.odds(reading))
    # Words, letters, grammar, vector and bias each count, and Platt's figures come last.
    raw = 0.25 - 0.5 + 3.0 + float(meaning @ reading.vector) + 0.5
    assert linear.odds(reading) == pytest.approx(2.0 * raw - 1.0)


def test_a_fingerprint_forgives_case_and_white_space_only():
    assert fingerprint("The  River rose.") == fingerprint("the river rose.")
    assert fingerprint("The river rose.") != fingerprint("The river fell.")
