"""Figures that contradict each other within one sentence; every example is made up."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.evaluation import contradictions as measured
from factcheck.text import contradictions

pytestmark = pytest.mark.unit

WRITTEN = dt.date(2024, 5, 20)  # a Monday

WRONG = [
    ("The council met on Monday, 14 May 2024.", "weekday", "Monday", "Tuesday"),
    ("It opened on Friday (May 9).", "weekday", "Friday", "Thursday"),
    ("On May 14, a Monday, the dam broke.", "weekday", "Monday", "Tuesday"),
    ("The fair ends on Friday, Dec. 26.", "weekday", "Friday", "Tuesday / Thursday"),
    ("Twelve people were hurt: five men and eight women.", "total", "Twelve", "13"),
    ("Five men and eight women, 12 people in all, were hurt.", "total", "12", "13"),
    ("Altogether 12 people were hurt, five men and eight women.", "total", "12", "13"),
    ("The crash hurt 20 people, including 12 men and 10 women.", "part", "20", "22"),
    ("Police arrested 12 people, among them 14 pupils.", "part", "12", "14"),
    ("14 of the 12 members voted for it.", "part", "14", "12"),
    ("Of the 12 seats, 14 went to the left.", "part", "14", "12"),
    ("30 of its 60 members (60%) voted.", "share", "60%", "50%"),
    ("Some 40 per cent, or 30 of 60 members, voted.", "share", "40 per cent", "50%"),
    ("The fee rose 20% from 50 euros to 70 euros.", "change", "20%", "40%"),
    ("Turnout fell to 40% from 50%, a drop of 20 percentage points.", "change", "20 percentage points", "10"),
    ("Sales doubled from 10 million euros to 50 million euros.", "change", "50 million euros", "× 5"),
    ("Profit fell from $50 million to $70 million.", "direction", "$70 million", "more"),
    ("The mill closed three years ago, in 2016.", "elapsed", "three years", "7.4–8.4"),
    ("More than a year ago, in March 2024, he came.", "elapsed", "More than a year", "0.1–0.2"),
    ("It was built in 1990 and torn down 25 years later, in 2025.", "elapsed", "25 years", "34–36"),
    ("It has been nine years since the dam was finished in 2000.", "elapsed", "nine years", "23.4–24.4"),
    ("Ada Berg, 45, who was born in 1960, spoke.", "age", "45", "63–64"),
    ("He was born in 1950 and died in 2010 at the age of 70.", "age", "70", "59–60"),
    ("The road is 5 miles (80 km) long.", "measure", "80 km", "8.05"),
    ("The bridge cost $5 million (€4.6 billion).", "money", "€4.6 billion", "3100000–6050000 EUR"),
]  # fmt: skip

RIGHT = [
    "The council met on Tuesday, 14 May 2024.",
    "It rained on Friday and Saturday, May 3 and 4, and from Sunday to Tuesday, May 12–14.",
    "The fair ends on Thursday, Dec. 26.",  # of this year; a Tuesday in the year before
    "The crash hurt 20 people, including 12 men and 10 drivers.",
    "The bus had 56 passengers and 10 guides on board, among them 30 pupils.",
    "About 60% of voters, some 2,900 of 5,000, agreed.",
    "Prices rose from 1.9% to 2.1%, up 0.2 percentage points.",
    "She rose from number 12 to number 3 in the ranking.",
    "Membership nearly doubled from 510 to 970.",
    "Nearly ten years ago, in the autumn of 2014, the mill burned.",
    "The mill closed three years ago, in 2021, and the dam two decades ago, in 2005.",
    "The road is 5 miles (8 km) long and 10 feet (3 metres) wide.",
    "The campaign cost $102 million ($174 a vote).",
    "Ada Berg, 63, who was born in 1960, spoke to 40 people, eight of them children.",
]


@pytest.mark.parametrize(("text", "kind", "said", "reckoned"), WRONG)
def test_what_does_not_fit_is_found_with_what_the_other_words_make_of_it(text, kind, said, reckoned):
    [one] = contradictions.find(text, written=WRITTEN)
    assert (one.kind, one.said, one.reckoned) == (kind, said, reckoned)
    assert text[one.start : one.end] in text
    assert one.end - one.start >= len(said) or kind == "elapsed"


@pytest.mark.parametrize("text", RIGHT)
def test_what_fits_or_may_fit_is_left_alone(text):
    assert contradictions.find(text, written=WRITTEN) == []


def test_places_are_those_of_the_whole_text_in_its_order():
    text = "Nothing is wrong here. 30 of its 60 members (60%) voted.\n\nIt met on Monday, 14 May 2024."
    found = contradictions.find(text, written=None)
    assert [text[one.start : one.end] for one in found] == ["30 of its 60 members (60%", "Monday, 14 May 2024"]


def test_without_the_day_of_the_article_only_what_needs_none_is_found():
    assert contradictions.find("It opened on Friday (May 9).") == []
    assert contradictions.find("The mill closed three years ago, in 2016.") == []


def test_other_languages_are_not_read():
    assert contradictions.find("Am Montag, 14 May 2024, 30 of its 60 (60%).", "de", WRITTEN) == []


@given(st.text(alphabet="0123 ,.()–-%$€of<>{}\n2024MayFridayfrom to rose by", max_size=300))
def test_any_text_gets_an_answer_whose_places_are_its_own(text):
    for one in contradictions.find(text, written=WRITTEN):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize(
    "block", ["5 men, 6 women, ", "from 5 to 6 rose by 7% ", "1 of 2 (3%) ", "in 1990, 5 years later, "]
)
def test_twice_the_text_takes_about_twice_the_time(block):
    def seconds(times: int) -> float:
        began = time.process_time()
        contradictions.find((block * 60 + ".\n") * times, written=WRITTEN)
        return time.process_time() - began

    seconds(1)
    assert min(seconds(8) / seconds(4) for _ in range(3)) <= 2.5


def test_what_is_measured_is_made_of_clean_articles_and_says_of_each_sentence_whether_it_fits():
    articles = [("The mill is old. The dam is new.", WRITTEN)] * 40
    made = list(measured.made(articles))
    assert made == list(measured.made(articles))
    assert len(made) == 80
    assert all(sentence in text for text, _, _, _, _, sentence in made)
    pairs = list(zip(made[::2], made[1::2], strict=True))
    assert all(one[4] and not other[4] and one[2] == other[2] for one, other in pairs)
    assert all(one[5] != other[5] for one, other in pairs)


def test_a_figure_is_held_against_the_same_words_elsewhere():
    text = "The storm hit 14 wooden houses near Harbour Street. All {} wooden houses near Harbour Street were insured."
    [one] = contradictions.find(text.format(41))
    assert (one.kind, one.said, one.reckoned) == ("twice", "41", "14")
    assert contradictions.find(text.format(14)) == []
    assert contradictions.find(text.format("other 41")) == []
    assert contradictions.find("1. Why the long road matters\n\n2. Why the long road matters") == []
