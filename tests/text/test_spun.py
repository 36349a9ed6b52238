"""Garbled wording: what is marked, what probably stood there, and what clean text gets. All texts are written here."""

import itertools
import time

import pytest

from factcheck.text import spun
from factcheck.text.terms import Terms

pytestmark = pytest.mark.unit

CLEAN = """\
The city council voted on Tuesday to close the old bridge for two years. The mayor said the repairs would
cost about 40 million dollars, more than the town spends on its schools in a year. Shop owners on both sides
of the river asked for help, and the council promised to look into it before the end of the month. “We have
waited for this for a long time,” said Anna Berg, who runs a bakery near the market. Police expect heavy
traffic in the morning. Buses will take another route, and the fire department has to find a new way to the
hospital. In a statement, the state government said it was ready to pay for part of the work. Her English
language teacher, she said, walks across it every day."""

GARBLED = """\
The town council voted on Tuesday to close the aged bridge for two years. The mayor said the repairs would
cost about 40 million dollars, more than the town expends on its colleges in a year. Store proprietors on
each edges of the stream requested for assist, and the council promised to gaze into it earlier than the
finish of the month. Police anticipate weighty traffic within the morning. Buses will take one other route,
and the hearth division has to find a new method to the hospital. In a press release, the state authorities
stated it was prepared to pay for a part of the {work}. Chinese language companies desire to to build the
following bridge."""


def marked(text):
    return {text[mark.start : mark.end]: mark for mark in spun.find(text)}


def test_a_garbled_article_is_suspicious_and_a_clean_one_is_not():
    assert spun.score(GARBLED) >= spun.SUSPICIOUS > spun.score(CLEAN)
    assert spun.find(CLEAN) == []


def test_marks_say_what_probably_stood_there_and_why():
    found = marked(GARBLED)
    assert {"aged", "assist", "stated", "{work}", "Chinese language"} <= set(found)
    assert found["aged"].likely[0] == "old"
    assert found["assist"].likely[0] == "help"
    assert found["stated"].likely[0] == "said"
    assert found["{work}"].likely == ("work",)
    assert found["Chinese language"].likely == ("Chinese",)
    assert found["aged"].reasons == (spun.Reason("pairing", "the aged bridge", "the old bridge"),)


def test_a_little_word_written_twice_is_marked_to_be_left_out():
    text = "They agreed to comply with with the town."
    mark = marked(text)[" with"]
    assert (mark.likely, text[: mark.start] + text[mark.end :]) == (("",), "They agreed to comply with the town.")


def test_a_verb_where_a_noun_must_stand_is_marked():
    found = marked("He makes a two-day state go to to the town, ahead of the go to. She is the go to person to go to.")
    assert [(words, found[words].likely) for words in found if "go" in words] == [("go to", ("visit",))]


def test_marks_lie_in_order_and_apart_and_are_the_same_each_time():
    marks = spun.find(GARBLED)
    assert marks == spun.find(GARBLED)
    assert all(one.end <= other.start for one, other in itertools.pairwise(marks))
    assert all(0 < mark.value <= 1 and mark.reasons and len(mark.likely) <= spun.MOST_LIKELY for mark in marks)


def test_one_sign_alone_makes_no_article_suspicious():
    assert spun.score("Coronary corridor " * 40) < spun.SUSPICIOUS
    assert spun.score("{hardware}") < spun.SUSPICIOUS


def test_a_listed_tortured_phrase_is_marked_with_its_meaning():
    assert marked("It starts in the Coronary Corridor.")["Coronary Corridor"].likely == ("coronary artery",)


@pytest.mark.parametrize(
    "text",
    ["She teaches Chinese language classes.", "A French language newspaper reported it.", "Use {0} and {x: 1} here."],
)
def test_matters_of_language_and_of_code_are_no_leftovers(text):
    assert spun.find(text) == []


def test_the_meaning_of_a_term_that_is_not_in_the_list_is_put_together_from_terms_that_are():
    known = {"profound learning": ["deep learning"], "neural organization": ["neural network"]}
    terms = Terms(known, lambda word: ())
    assert terms.likely("profound organization")[0] == "deep network"
    assert terms.garbled("profound", "organization") == []
    assert terms.likely("something else") == []


@pytest.mark.parametrize(
    "text",
    ["", "\0", "\ud800", "{" * 5000, "{a} " * 5000, "-" * 5000, "to " * 5000, "a-" * 5000, "…\n" * 3000, "x" * 20000],
)
def test_any_text_gets_an_answer_within_bounds(text):
    spun.model()
    began = time.process_time()
    assert 0 <= spun.score(text) <= 1
    assert all(0 <= mark.start < mark.end <= len(text) for mark in spun.find(text))
    assert time.process_time() - began < 2
