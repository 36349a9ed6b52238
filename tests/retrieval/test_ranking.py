"""The score, its thresholds, and its reasons in words."""

import pytest

from factcheck.retrieval import ranking
from factcheck.retrieval.ranking import Weights

pytestmark = pytest.mark.unit

PLAIN = Weights(
    fact_check={"bias": -4, "bm25": 2, "cosine": 6},
    document={"bias": -4, "bm25": 2, "cosine": 6, "primary": 1},
    suggest=0.1,
    strong=1.0,
)


def features(**fields):
    return {"values": [], "names": [], "words": [], "cosine": 0.5, "cover": 0.1, "echo": False, **fields}


def value(claim, passage, relation):
    return {"kind": "percent", "claim": claim, "passage": passage, "relation": relation}


def test_the_reasons_name_what_a_reader_can_see_and_never_judge():
    said = ranking.why(
        features(
            values=[value("18%", "18 percent", "agree"), value("$3", "", "absent")],
            names=["Biden"],
            words=["tariff", "Biden", "18"],
            cosine=0.71,
        )
    )
    assert said == "figures 18%; names Biden; words tariff; close in meaning (0.71)"


def test_a_conflict_is_a_hint_where_to_look():
    said = ranking.why(features(values=[value("4.2%", "5.1 percent", "conflict")]))
    assert said.startswith("look: 5.1 percent here, 4.2% in the claim")
    assert not any(word in said for word in ("wrong", "false", "refute", "contradict"))


def test_an_echo_says_so_first():
    assert ranking.why(features(echo=True)).startswith("repeats the claim's wording; ")


def test_suggestions_of_the_first_version_keep_their_reasons():
    old = {"numbers": ["12"], "names": ["Ada"], "words": ["bridge", "12"], "cosine": 0.7}
    assert ranking.why(old) == "figures 12; names Ada; words bridge; close in meaning (0.70)"


@pytest.mark.parametrize(("cosine", "word"), [(0.6, "close"), (0.59, "related"), (0.4, "related"), (0.1, "distant")])
def test_closeness_has_three_words(cosine, word):
    assert ranking.why(features(cosine=cosine)).startswith(f"{word} in meaning")


def test_the_score_lies_between_0_and_1_and_grows_with_each_feature():
    assert 0 < PLAIN.score("secondary", {"cosine": -1}) < PLAIN.score("secondary", {"cosine": 0.5}) < 1
    assert PLAIN.score("primary", {"primary": 1, "cosine": 0.5}) > PLAIN.score("secondary", {"cosine": 0.5})


def test_earlier_fact_checks_and_documents_have_a_threshold_each():
    near, far = {"cover": 0.1, "cosine": 0.4}, {"cover": 0.1, "cosine": 0.3}
    assert PLAIN.shows("fact_check", 0.1, far)
    assert not PLAIN.shows("fact_check", 0.09, near)
    assert PLAIN.shows("primary", 0.01, near)
    assert not PLAIN.shows("primary", 0.99, far)


@pytest.mark.parametrize(
    ("best", "next_best", "words", "strong"),
    [
        (2.0, 0.9, 8, True),
        (2.0, 1.5, 8, False),  # another is as near: which of the two?
        (9.0, 1.0, 7, False),  # too short a claim
        (0.5, -9.0, 20, False),  # far ahead of the rest, and still hardly likely
        (1.5, None, 20, True),  # nothing else was found: the next has nothing in common
    ],
)
def test_a_strong_match_is_likely_stands_alone_and_is_of_a_claim_of_some_length(best, next_best, words, strong):
    assert PLAIN.is_strong(best, next_best, words) is strong


def test_wording_that_is_only_repeated_counts_as_that_of_a_passage_on_the_same_matter():
    copy = {"bm25": 1.0, "cover": 1.0, "cosine": 0.99, "agree": 1.0}
    report = {"bm25": 0.4, "cover": 0.4, "cosine": 0.6}
    assert PLAIN.score("secondary", copy) > PLAIN.score("secondary", report)
    assert PLAIN.score("secondary", ranking.damped(copy)) < PLAIN.score("secondary", report)


def test_the_weights_that_ship_have_every_feature_and_none_that_speaks_against_what_it_says():
    shipped = ranking.weights()
    for own in (shipped.fact_check, shipped.document):
        assert set(own) >= {"bias", *ranking.FITTED}
        assert all(own[name] >= 0 for name in ranking.FITTED)
    assert set(shipped.document) == {"bias", *ranking.FITTED, *ranking.GIVEN}
    assert 0 < shipped.suggest < 1
    assert shipped.strong > 0
