"""What a machine doubts about printed words: whether they stand alone, may age, or name somebody."""

import pytest

from factcheck.text import doubts

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("The mayor opened the bridge in 2019.", []),
        ("The mayor said that she would resign.", []),
        ("It is raining in Lakeside.", []),
        ("On Tuesday [14 May 2024] he [Ada Berg] opened it [the dam].", []),
        ("The bridge opened on Monday, 13 May.", []),
        ("It cost 12 million euros, she said.", ["It"]),
        ("We opened a dam last year.", ["We", "last year"]),
        ("These rules were made three years ago.", ["These", "three years ago"]),
    ],
)
def test_what_leans_on_the_article(statement, words):
    assert doubts.leaning(statement) == words


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("The bridge cost 12 million euros in 2019.", ""),
        ("The bridge cost 12 million euros, they say.", ""),
        ("The council has spent 3 million euros.", ""),
        ("The bridge was closed in 1990.", ""),
        ("Unemployment is 5 percent.", "is … 5"),
        ("Ada Berg is mayor of Lakeside.", "mayor of Lakeside"),
        ("The latest report gives the sum.", "The latest"),
        ("Nobody lives there currently.", "currently"),
    ],
)
def test_what_may_go_out_of_date(statement, words):
    assert doubts.ageing(statement) == words


def test_persons_are_named_once_in_full_and_the_public_is_not_asked_about():
    texts = ["The mayor, Ada Berg, met Carl Nilsson. Berg said no.", "Nilsson's house was sold by John Smith."]
    assert doubts.persons(texts, ["Ada Berg"]) == ["Carl Nilsson", "John Smith"]
    assert doubts.persons(["The council opened the bridge."]) == []


def test_a_text_with_initials():
    text = "Carl Nilsson left, and Nilsson's house was sold. A nilsson is nobody."
    assert doubts.with_initials(text, "Carl Nilsson") == "C. N. left, and N.'s house was sold. A nilsson is nobody."
    assert doubts.with_initials(text, " ") == text
