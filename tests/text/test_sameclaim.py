import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.sameclaim import THRESHOLD, judge

pytestmark = pytest.mark.unit

DAM = "The county spent $18 million on the old dam in 2019."


def test_the_same_words_are_the_same_claim():
    assert judge(DAM, DAM, 1.0).value > 0.9


def test_the_same_said_otherwise_is_the_same_claim():
    assert judge(DAM, "In 2019 the county spent $18 million on the old dam.", 0.97).value > THRESHOLD


def test_another_subject_is_another_claim():
    assert judge(DAM, "Ada Berg sold the mill to her brother.", 0.1).value < 0.1


def test_another_number_lowers_the_value_and_is_told():
    changed = judge(DAM, DAM.replace("18", "43"), 1.0)
    assert changed.value < judge(DAM, DAM, 1.0).value
    assert "different numbers: 18 and 43" in changed.reasons


def test_a_number_that_only_one_has_is_told():
    assert "a number that only one of them has: 2019" in judge(DAM, DAM.replace(" in 2019", ""), 0.97).reasons


def test_thousands_are_the_same_with_and_without_a_comma():
    assert "the same numbers: 4250" in judge("It cost 4,250 crowns.", "It cost 4250 crowns.", 1.0).reasons


@given(st.text(max_size=80), st.text(max_size=80), st.floats(-1, 1))
def test_any_two_texts_have_a_value_and_their_order_does_not_matter(one, other, cosine):
    judged = judge(one, other, cosine)
    assert 0 <= judged.value <= 1
    assert judged.value == pytest.approx(judge(other, one, cosine).value)


def test_very_long_texts_are_answered():
    assert 0 <= judge("dam " * 200_000, "mill " * 200_000, 0.5).value <= 1
