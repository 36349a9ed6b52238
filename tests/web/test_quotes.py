"""How the words around a claim are cut."""

import pytest

from factcheck.templatetags.desk import after_a_word, before_a_word

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("prefix", "shown"),
    [
        ("ver its army support. ", "its army support. "),
        ("Army", "Army"),
        ("", ""),
        (" began. ", " began. "),
        ("half ", "half "),
    ],
)
def test_the_words_before_begin_with_a_whole_word(prefix, shown):
    assert after_a_word(prefix) == shown


@pytest.mark.parametrize(
    ("suffix", "shown"),
    [(" In consequence, Beij", " In consequence,"), (" Beij", " Beij"), ("", ""), (" end. ", " end. ")],
)
def test_the_words_after_end_with_a_whole_word(suffix, shown):
    assert before_a_word(suffix) == shown
