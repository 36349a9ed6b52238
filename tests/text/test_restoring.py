"""Quotations in a garbled article, statements with likely originals, and names that look substituted."""

import pytest

from factcheck.text import restoring, spun
from factcheck.text.realnames import Known
from factcheck.text.spun import Mark

pytestmark = pytest.mark.unit

TEXT = "“They want pure fuel,” she said. The town expends much. He called it “a good day”. All is well, “they say”."

REAL = ["Foreign Policy Research Institute", "Power of Siberia 2", "Ministry of Defence", "Reuters", "City Bank"]


def mark(text, words, *likely):
    at = text.index(words)
    return Mark(at, at + len(words), likely, (), 0.9)


def test_a_quotation_is_doubtful_when_words_in_it_or_beside_it_in_its_sentence_look_substituted():
    marks = [mark(TEXT, "pure fuel", "natural gas"), mark(TEXT, "called", "named")]
    inside, beside = restoring.doubtful(TEXT, marks)
    assert inside.quotation.inner(TEXT) == "They want pure fuel,"
    assert inside.within == (marks[0],)
    assert (beside.quotation.inner(TEXT), beside.within) == ("a good day", ())
    assert restoring.doubtful(TEXT, [mark(TEXT, "expends", "spends")]) == []


def test_a_statement_gets_the_likely_originals_between_brackets_and_keeps_its_own():
    text = "He seeks pure fuel for a go to to [sic] pure fuel plants"
    marks = [mark(text, "pure fuel", "natural gas"), mark(text, " to", ""), mark(text, "plants", "works [a]")]
    put = restoring.replaced(text, 0, len(text), marks)
    statement = "He [who sells pure fuel] seeks pure fuel for a go to to [[sic]] pure fuel plants"
    assert restoring.restored(statement, put) == (
        "He [who sells pure fuel] seeks [natural gas] for a go […] to [[sic]] pure fuel [works a]"
    )
    assert restoring.restored("impure fuels", put) == "impure fuels"
    assert restoring.replaced(text, 0, 4, marks) == []


def found(text, garbled):
    known = Known(REAL, spun.model().synonyms_of)
    return [(text[one.start : one.end], one.likely) for one in known.find(text, garbled=garbled)]


def test_a_reworded_name_is_told_with_the_known_one_and_the_words_that_differ():
    text = "A fellow of the Overseas Coverage Analysis Institute spoke of the Energy of Siberia 2 on Monday."
    assert found(text, garbled=True) == [
        ("Overseas Coverage Analysis Institute", "Foreign Policy Research Institute"),
        ("Energy of Siberia 2", "Power of Siberia 2"),
    ]
    [one] = Known(["Power of Siberia 2"], spun.model().synonyms_of).find(text, garbled=True)
    assert one.put == (("energy", "power"),)
    assert found(text, garbled=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Foreign Policy Research Institute and the Power of Siberia 2",
        "The Ministry of Finance, the City Banks and Power of Siberia 3",
        "foreign coverage analysis institute",
        "Institute. Power",
        "",
    ],
)
def test_real_names_and_other_ones_are_left_alone(text):
    assert found(text, garbled=True) == []
