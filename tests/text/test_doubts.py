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
    texts = ["The mayor, Ada Berg, met Carl Nilsson.\nBerg said no.", "Nilsson's house was sold by John Smith."]
    found = doubts.read(texts[0], texts)
    assert doubts.private(found.persons, ["Ada Berg"]) == ["Carl Nilsson", "John Smith"]
    assert (found.languages, found.beyond, found.of_statement) == ([], 0, True)
    assert doubts.read("The council opened the bridge.", ["The council opened the bridge."]).persons == []


def test_of_another_language_and_of_what_lies_beyond_it_says_that_nothing_is_known():
    german = "Das Protokoll der Sitzung nennt die Summe, und Anna Schmidt hat gezählt."
    found = doubts.read("It rained in Lakeside.", ["It rained in Lakeside.", f"The minutes say so.\n{german}"], ["ar"])
    assert (found.languages, found.beyond, found.of_statement) == (["ar", "de"], 0, True)
    assert doubts.read(german, [german]).of_statement is False
    long = "The minutes give the sum. " * 1_000
    assert doubts.read("It rained.", [long + "Carl Nilsson counted."]).beyond == len(long) + 21 - doubts.LONGEST


@pytest.mark.parametrize(
    ("text", "initials"),
    [
        ("Carl Nilsson left Nilsson's house. A nilsson is nobody.", "C. N. left N.'s house. A nilsson is nobody."),
        ("Carl  Nilsson\nleft, then Carl\nNilsson came.", "C. N.\nleft, then C. N. came."),
        ("We met Carl Nilsson. Nilsson-Berg and Nilssons and McNilsson did not.",
         "We met C. N.. Nilsson-Berg and Nilssons and McNilsson did not."),
        ("Carl Nilsson met Eva Nilsson, and Nilsson was glad.", "C. N. met Eva Nilsson, and Nilsson was glad."),
        ("Eva Nilsson met Carl Nilsson, and Nilsson was glad.", "Eva Nilsson met C. N., and N. was glad."),
        ("Carl Nilsson left. Yesterday Nilsson came with Mr Nilsson.", "C. N. left. Yesterday N. came with Mr N.."),
    ],
)  # fmt: skip
def test_a_text_with_initials(text, initials):
    assert doubts.with_initials(text, "Carl Nilsson", ["Nilsson", "Eva Nilsson", "Carl Nilsson"]) == initials
    assert doubts.with_initials(text, " ") == text


def test_a_first_name_that_nobody_read_keeps_its_last_name():
    assert doubts.with_initials("We met Eva Nilsson and Nilsson.", "Carl Nilsson") == "We met Eva Nilsson and Nilsson."
