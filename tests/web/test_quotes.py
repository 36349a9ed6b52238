"""How the words around a claim are cut."""

import pytest

from factcheck.templatetags.desk import after_a_word, apart, bearing, before_a_word, marked

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


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        ([4, 7], '&lt;a&gt; <mark class="bearing">b &amp;</mark> c'),
        (None, "<a> b & c"),
        ([0, 9], "<a> b & c"),  # all of it: there is nothing to tell apart
        ([4, 99], "<a> b & c"),
    ],
)
def test_the_sentence_that_bears_on_the_claim_is_marked(span, shown):
    assert bearing("<a> b & c", {"sentence": span} if span else {}) == shown


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "the day of the article"),
        (1, "1 day before the article"),
        (-75, "2 months after the article"),
        (800, "2 years before the article"),
    ],
)
def test_how_old_a_source_is_is_said_in_words(days, said):
    assert apart(days) == said
