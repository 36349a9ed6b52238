"""What a claim and a passage share, as a reader sees it."""

from datetime import date

import pytest

from factcheck.retrieval import features
from factcheck.retrieval.lexical import Word

pytestmark = pytest.mark.unit


def words(**idfs):
    return {word: Word(word, idf, 1) for word, idf in idfs.items()}


def test_names_are_shared_through_possessives_and_hyphens():
    assert features.names("Putin’s Russia-China pact", "China met Putin in Russia.") == ["Putin", "Russia", "China"]


def test_a_word_that_only_opens_the_sentence_is_no_name():
    assert features.names("The bridge opened.", "The bridge.") == []
    assert features.names("Ada opened it.", "Ada came.") == ["Ada"]


def test_names_are_said_once_in_the_claims_order_and_the_speakers_count():
    assert features.names("Xi and Putin and Xi", "Putin, Xi") == ["Xi", "Putin"]
    assert features.names("We paid for it.", "Obama said so.", "PRESIDENT OBAMA") == ["OBAMA"]


def test_marks_around_a_quotation_make_no_other_words():
    assert features.same_words(["It “broke”.", "Broke?"]) == features.same_words(["It 'BROKE'", "broke"])
    assert features.same_words(["It broke."]) != features.same_words(["It held."])


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        (
            "Unemployment in Norland fell to 4.2 percent.",
            "The unemployment rate in Norland was 4.2%.",
            ("percent", "4.2 percent", "4.2%", "agree"),
        ),
        (
            "Unemployment in Norland fell to 4.2 percent in March.",
            "Unemployment in Norland fell to 5.1 percent in March.",
            ("percent", "4.2 percent", "5.1 percent", "conflict"),
        ),
        ("The bridge cost €12 million.", "Boil the potatoes with dill.", ("money", "€12 million", "", "absent")),
    ],
)
def test_each_value_of_the_claim_is_set_beside_the_passages(claim, passage, expected):
    found = [tuple(one.values()) for one in features.values(claim, passage)]
    assert expected in found


def test_names_are_no_values():
    assert features.values("Ada Lind met Xi Jinping.", "Ada Lind met Xi Jinping.") == []


def test_the_sentence_that_says_most_of_the_claim_is_marked_in_code_points():
    passage = "🎉 A day of rain. The council paid for the bridge. Nobody came."
    marked = features.sentences_that_matter("", passage, words(council=3.0, paid=2.0, bridge=3.0, rain=0.1))
    assert passage[slice(*marked[0])] == "The council paid for the bridge."
    assert len(marked) == 1


def test_sentences_that_say_nearly_as_much_are_marked_too():
    own = words(council=3.0, bridge=3.0)
    texts = ["The council saw the bridge.", "The bridge is the council's.", "It rained."]
    assert sorted(features.chosen("", texts, own)) == [0, 1]


def test_a_passage_without_words_of_the_claim_still_has_a_sentence():
    assert features.sentences_that_matter("", "One. Two.", words(bridge=1.0))[0] in [(0, 4), (5, 9)]


CLAIM = "Unemployment in Norland fell to 4.2 percent in March, the statistics office said."


@pytest.mark.parametrize(
    ("passage", "repeats"),
    [
        (f"A post that was shared widely says: {CLAIM}", True),
        (CLAIM.replace("fell", "sank"), True),
        ("The unemployment rate in Norland was 4.2 percent in March; the labour force grew.", False),
        ("The statistics office said nothing.", False),
    ],
)
def test_a_near_copy_repeats_the_claims_wording_and_a_document_on_the_matter_does_not(passage, repeats):
    assert features.repeats(CLAIM, passage) is repeats


def test_of_a_few_words_nobody_can_say_that_they_were_repeated():
    assert not features.repeats("Taxes went up again.", "Taxes went up again.")


@pytest.mark.parametrize(
    ("published", "days"),
    [("2024-05-10", 4), ("2024-05", 13), ("2024", 134), ("2024-05-20", -6), ("", None), ("2024-02-31", None)],
)
def test_age_is_told_by_what_is_known_of_the_date(published, days):
    assert features.age(published, date(2024, 5, 14)) == days


def test_an_article_without_a_date_has_sources_of_no_age():
    assert features.age("2024", None) is None
