"""The one score and its reasons."""

import pytest

from factcheck.retrieval import ranking

pytestmark = pytest.mark.unit


def features(**fields):
    return {"numbers": [], "names": [], "words": [], "cosine": 0.5, "cover": 0.1, **fields}


def test_a_number_is_shared_only_as_a_whole():
    assert ranking.shared("It cost 12 million in 2012.", "In 2012 it was 112 million.")["numbers"] == ["2012"]


def test_decimals_and_thousands_are_one_number():
    assert ranking.shared("4.2 percent of 1,500", "It was 4.2, not 1 or 500.")["numbers"] == ["4.2"]


def test_names_are_shared_through_possessives_and_hyphens():
    assert ranking.shared("Putin’s Russia-China pact", "China met Putin in Russia.")["names"] == [
        "Putin",
        "Russia",
        "China",
    ]


def test_a_word_that_only_opens_the_sentence_is_no_name():
    assert ranking.shared("The bridge opened.", "The bridge.")["names"] == []
    assert ranking.shared("Ada opened it.", "Ada came.")["names"] == ["Ada"]


def test_what_is_shared_is_named_once_and_in_the_claims_order():
    assert ranking.shared("Xi and Putin and Xi", "Putin, Xi")["names"] == ["Xi", "Putin"]


def test_the_reasons_name_what_a_reader_can_see_and_never_judge():
    said = ranking.why(features(numbers=["18"], names=["Biden"], words=["tariff", "Biden", "18"], cosine=0.71))
    assert said == "figures 18; names Biden; words tariff; close in meaning (0.71)"


@pytest.mark.parametrize(("cosine", "word"), [(0.6, "close"), (0.59, "related"), (0.4, "related"), (0.1, "distant")])
def test_closeness_has_three_words(cosine, word):
    assert ranking.why(features(cosine=cosine)).startswith(f"{word} in meaning")


def test_the_score_lies_between_0_and_1_and_grows_with_both_parts():
    assert ranking.fused(0, -1) == 0
    assert ranking.fused(1, 1) == pytest.approx(1)
    assert ranking.fused(0.2, 0.5) < ranking.fused(0.3, 0.5) < ranking.fused(0.3, 0.6)
