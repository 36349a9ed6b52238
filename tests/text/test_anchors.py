import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.anchors import CONTEXT, Quote, again, described, places

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


# --- found again -----------------------------------------------------------------------------------------------------

FIRST = "The council met for four hours on Monday evening. "
COST = "The bridge cost 12 million euros."
AFTER = " Nobody asked who had signed for the work in the end."
OLD = FIRST + COST + AFTER
OTHER = " Something else is said here that was never said before at all. "


def found_in(new: str, old: str = OLD, words: str = COST) -> int | None:
    return again(new, described(old, old.index(words), old.index(words) + len(words)))


@pytest.mark.parametrize(
    ("new", "before"),
    [
        (OLD, FIRST),
        (OTHER + OLD, OTHER + FIRST),  # moved with what stands around it
        (OTHER + COST + AFTER, OTHER),  # what stood before was edited
        (FIRST + COST + OTHER, FIRST),  # what stood after was
        (COST + AFTER, ""),  # the beginning was cut off
        (FIRST + COST, FIRST),  # the end was
        (OLD + OTHER + "It is not so: " + COST + OTHER, FIRST),  # repeated elsewhere, and only one place has both sides
    ],
)
def test_words_are_found_again_beside_what_stood_beside_them(new, before):
    assert found_in(new) == len(before)


@pytest.mark.parametrize(
    "new",
    [
        FIRST + "The bridge cost 13 million euros." + AFTER,  # other words, nearly the same
        FIRST + COST.replace("euros.", "euros ."),
        FIRST + COST.upper() + AFTER,
        OTHER + COST + OTHER,  # the same words in another place altogether
        OLD + OLD,  # twice, and nothing tells them apart
        FIRST + COST + OTHER + COST + AFTER,  # half of the old surroundings each
        COST,
        AFTER + FIRST,
        "",
    ],
)
def test_what_only_looks_like_it_is_not_taken_for_it(new):
    assert found_in(new) is None


def test_one_of_two_like_words_that_is_gone_is_not_found_at_the_other():
    old = FIRST + "He agreed." + AFTER + OTHER + "He agreed." + OTHER
    assert found_in(AFTER + OTHER + "He agreed." + OTHER, old, "He agreed.") is None


def test_words_at_the_edge_of_a_text_have_the_edge_as_a_neighbour():
    assert found_in("A. " + COST + OTHER, "A. " + COST) == 3
    assert found_in(OTHER + "A. " + COST + OTHER, "A. " + COST) is None


@given(st.text(max_size=60), st.text(min_size=1, max_size=10), st.text(max_size=60), st.text(max_size=90))
def test_what_is_found_is_the_words_with_a_neighbour_of_theirs(before, words, after, new):
    quote = described(before + words + after, len(before), len(before + words))
    for text in (before + words + after, new, new + words + after):
        at = again(text, quote)
        if at is not None:
            end = at + len(words)
            assert text[at:end] == words
            assert text[max(0, at - CONTEXT) : at].endswith(quote.prefix) or text[end:].startswith(quote.suffix)


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
