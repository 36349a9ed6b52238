"""How the words around a claim are cut."""

import pytest

from factcheck.templatetags.desk import after_a_word, before_a_word, marked

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


def test_what_was_put_into_a_statement_is_told_apart_and_brackets_of_the_article_are_its_own():
    assert marked("He [Ada <b> Berg] said “[[sic]] <i>” […]") == (
        'He <ins class="put-in">[Ada &lt;b&gt; Berg]</ins> said “[sic] &lt;i&gt;” <ins class="put-in">[…]</ins>'
    )
