"""What a passage has for the values of a claim. How often that is right, manage.py evaluate comparison says."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.compare import Compared, compare

pytestmark = pytest.mark.unit


def told(claim: str, passage: str, **known) -> dict[str, Compared]:
    return {found.value.text: found for found in compare(claim, passage, **known)}


def verdict(claim: str, passage: str, **known) -> str:
    """Of the claim's first value."""
    return compare(claim, passage, **known)[0].verdict


@pytest.mark.parametrize(
    ("claim", "passage", "reason"),
    [
        ("the dam holds 97.1% of the water", "the dam holds 97% of the water", "rounded"),
        ("the tower is 355 feet tall", "the tower is 108 metres tall", "rounded"),
        ("the flood killed twelve people", "the flood killed 12 people", "equal"),
        ("the flood killed 31,000 people", "the flood killed 31,487 people", "rounded"),
        ("the flood killed about 400 people", "the flood killed 410 people", "approximate"),
        ("the flood killed nearly 400 people", "the flood killed 385 people", "approximate"),
        ("the flood killed at least 90 people", "the flood killed 99 people", "bound"),
        ("the flood killed over 90 people", "the flood killed more than 90 people", "equal"),
        ("the river rose 2–4 metres in the flood", "the river rose 3 metres in the flood", "range"),
        ("half of the voters stayed at home", "50 per cent of the voters stayed at home", "equal"),
        ("the air warmed by 1.8 °F this summer", "the air warmed by 1 °C this summer", "equal"),
        ("the dam cost $2.5 million", "the dam cost $2,500,000", "equal"),
        ("the dam opened in 2013", "the dam opened on 12 December 2013", "precision"),
        ("the dam opened on 12 December 2013", "the dam opened in December", "precision"),
        ("the dam opened in the 1980s", "the dam opened in 1986", "precision"),
        ("it is the fifth season of the show", "season 5 of the show begins", "equal"),
        ("the town lost the cup final 2–1", "after a 2-1 defeat the town lost the cup", "equal"),
    ],
)
def test_the_same_value_in_other_words_agrees(claim, passage, reason):
    found = compare(claim, passage)[0]
    assert (found.verdict, found.reasons[:1]) == ("agree", (reason,))
    assert passage[found.other.start : found.other.end] == found.other.text


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("the flood killed 12 people in the valley", "the flood killed 31 people in the valley"),
        ("the dam cost $2 million to build", "the dam cost $9 million to build"),
        ("the dam opened in 2013 near the town", "the dam opened in 2016 near the town"),
        ("the town agreed to close the mine by 2021", "the town agreed to close the mine by 2020"),
        ("more than 66% of voters backed the plan", "more than 90% of voters backed the plan"),
        ("the river rises 1.8 mm per year at the bridge", "the river rises 3 mm per year at the bridge"),
        ("the wall is 52–98 cm thick at the gate", "the wall is 61–110 cm thick at the gate"),
        ("headache was reported by 14% of the patients", "the patients reported fever (25%) and headache (17.4%)"),
    ],
)
def test_another_value_for_the_same_thing_is_a_conflict(claim, passage):
    found = compare(claim, passage)[0]
    assert found.verdict == "conflict"
    assert found.other is not None
    assert "words" in found.reasons or "noun" in found.reasons


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("the flood killed 12 people", "the museum shows 31 paintings"),
        ("three bands toured the country", "she has three children"),
        ("the bank gave 40 loans to farmers", "the bank pays 40 per cent tax on profit"),
        ("the dam cost 2 million euros to build", "the dam cost 2 million dollars to build"),
        ("turnout rose by 3 percentage points", "turnout rose by 3 per cent"),
        ("the mayor was born in 1950 in the town", "the mayor died in 2011 in the town"),
        ("the lowest temperature of the town was 4 °C", "the highest temperature of the town was 31 °C"),
        ("over the last 50 years the river rose", "over the last 30 years the river rose"),
        ("the river rose 20 cm in the town", "the river will rise 90 cm in the town by 2100"),
        ("the town was warmer by 2 °C", "the town had 2 °C in the morning"),
        ("the strain COVID-19 reached 12 towns", "the strain has 19 names"),
        ("between 1993 and 2017 the river rose in the town", "between 1870 and 2004 the river rose in the town"),
        ("the flood of the town killed people in 2013", "the flood of the town killed people (Berg, 2007)"),
        ("the mine of the town sold 15 tonnes of coal", "the mine of the town sold 29 million tonnes of coal"),
    ],
)
def test_another_thing_is_absent(claim, passage):
    assert {found.verdict for found in compare(claim, passage) if found.value.kind != "name"} == {"absent"}


def test_a_figure_that_answers_one_of_the_claim_is_not_held_against_another():
    found = told("the dam has 12 gates and 30 pumps", "the dam has 12 gates")
    assert (found["12"].verdict, found["30"].verdict) == ("agree", "absent")


def test_every_value_of_the_claim_is_answered_in_its_order():
    found = compare("On 3 May 2019 Ada Berg paid $5 million for 12 boats.", "In May 2019, Berg bought 14 boats.")
    assert [one.value.text for one in found] == ["3 May 2019", "Ada Berg", "$5 million", "12"]
    assert [one.verdict for one in found[:3]] == ["agree", "agree", "absent"]


def test_names_agree_by_their_parts_and_never_conflict():
    assert told("the mayor Ada Berg left", "Ms Berg’s speech")["Ada Berg"].verdict == "agree"
    assert told("the mayor Ada Berg left", "the mayor Maria Lind left")["Ada Berg"].verdict == "absent"
    assert told("ada berg left", "then ada berg left", names=["ada berg"])["ada berg"].verdict == "agree"


def test_the_language_decides_what_a_separator_means():
    assert verdict("1.234 Menschen kamen", "1234 Menschen kamen", language="de") == "agree"
    assert verdict("1.234 people came", "1234 people came", language="en") != "agree"


def test_a_claim_agrees_with_itself():
    text = "On 3 May 2019 about 40% of the 1,216 boats, worth €2–3 million, sank within two hours at −4 °C."
    assert {one.verdict for one in compare(text, text)} == {"agree"}


@given(st.text(max_size=150), st.text(max_size=150))
def test_any_two_texts_can_be_compared(claim, passage):
    for found in compare(claim, passage):
        assert claim[found.value.start : found.value.end] == found.value.text
        assert (found.other is None) == (found.verdict == "absent")
        if found.other:
            assert passage[found.other.start : found.other.end] == found.other.text


def test_hostile_text_takes_bounded_time():
    began = time.perf_counter()
    compare("1 boat, 2 boats and " * 2_000, "3 boats in 1999, " * 2_000)
    assert time.perf_counter() - began < 4


def test_comparing_is_quick():
    claim = "The dam, which cost $2.5 million in 2013, holds 97% of the water of the three rivers above the old town."
    passage = "Built for 2.6 million dollars, the dam opened on 12 December 2014 and holds at least 90% of their water."
    compare(claim, passage)
    began = time.perf_counter()
    for _ in range(100):
        compare(claim, passage)
    assert time.perf_counter() - began < 1
