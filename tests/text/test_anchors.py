import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.anchors import CONTEXT, Quote, described, places

pytestmark = pytest.mark.unit


def test_a_place_is_described_with_its_words_and_what_stands_around():
    assert described("The old mill closed.", 4, 12) == Quote("old mill", "The ", " closed.")


def test_context_is_at_most_thirty_two_characters_on_either_side():
    quote = described("a" * 100 + "mill" + "b" * 100, 100, 104)
    assert (len(quote.prefix), len(quote.suffix)) == (CONTEXT, CONTEXT)


@given(st.text(min_size=1), st.data())
def test_prefix_words_and_suffix_stand_together_in_the_text(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = described(text, start, end)
    assert quote.exact == text[start:end]
    assert (
        text[: start - len(quote.prefix)] + quote.prefix + quote.exact + quote.suffix == text[: end + len(quote.suffix)]
    )


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_a_place_outside_the_text_is_an_error(start, end):
    with pytest.raises(ValueError, match="not a place"):
        described("The mill", start, end)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cost 12", ["cost 12", "cost\n12", "cost 12"]),
        (" cost\t12 ", ["cost 12", "cost\n12", "cost 12"]),
        ("12 (or", ["12 (or"]),
        ("aa", ["aa"]),
        ("cost 13", []),
        (" \n", []),
    ],
)
def test_words_are_found_wherever_they_stand_and_white_space_is_one_blank(words, found):
    text = "It cost 12 (or 🎉 so). They cost\n12. All cost 12, aaa."
    assert [text[start:end] for start, end in places(text, words)] == found
