"""One claim, one row: sentences taken apart, in words that stand alone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.retrieval import embedding
from factcheck.text import claims, statements
from factcheck.text.statements import inserted, own, quoted, unmarked

pytestmark = pytest.mark.unit

WEDNESDAY = dt.date(2024, 5, 15)


def find(text, written=None):
    return claims.find(text, claims.Encoder(embedding.MODEL, embedding.encode), written=written)


def stated(text, written=None):
    return [claim.statement for claim in find(text, written=written)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "The council closed the mill and opened a dam in 2019.",
            ["The council closed the mill", "[The council] opened a dam in 2019"],
        ),
        (
            "The mill lost money, so the council closed it in May.",
            ["The mill lost money", "the council closed it in May"],
        ),
        ("While the river rose, the town slept.", ["While the river rose, the town slept."]),
        (
            "Lawson is a shop, which sells tea.",
            ["Lawson is a shop", "[Lawson] sells tea"],
        ),
        (
            "In May, the council closed the mill and the county opened a dam.",
            ["In May, the council closed the mill", "[In May,] the county opened a dam"],
        ),
        (
            "The council, which closed the mill in May, opened a dam.",
            ["The council […] opened a dam", "[The council] closed the mill in May"],
        ),
        (
            "Ada Berg, the head of the council, opened the dam.",
            ["Ada Berg […] opened the dam", "[Ada Berg is] the head of the council"],
        ),
        (
            "Ada Berg said that the dam was safe and that the mill lost $3 million.",
            ["Ada Berg said that the dam was safe", "[Ada Berg said] that the mill lost $3 million"],
        ),
        (
            "The county spent $3 million on the dam, while the mill lost 20 jobs.",
            ["The county spent $3 million on the dam", "the mill lost 20 jobs"],
        ),
        (
            "The dam broke on Tuesday, killing 12 people.",
            ["The dam broke on Tuesday", "[The dam broke,] killing 12 people"],
        ),
        (
            "The mill closed because the river froze.",
            ["The mill closed", "The mill closed because the river froze"],
        ),
        (
            "The council raised taxes to repair the dam and to build a school.",
            ["The council raised taxes to repair the dam", "[The council raised taxes] to build a school"],
        ),
        ("However, the dam was safe.", ["the dam was safe."]),
    ],
)
def test_a_sentence_with_several_statements_gives_several_claims(text, found):
    assert stated(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Berg and Lind met the minister.",
        "People who live near the dam are afraid.",
        "The mill did not close because the river froze.",
        "The council bought time and money.",
        "The road runs between Rome and Milan.",
        "The minister closed the mill or the dam in May.",
        "If the dam breaks and the river rises, the town floods.",
        "It was the council that closed the mill.",
    ],
)
def test_what_belongs_together_stays_together(text):
    assert stated(text) == [text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "The council closed the mill (in {Bergen}), and opened a dam.",
            ["The council closed the mill (in {Bergen})", "[The council] opened a dam"],
        ),
        (
            "Berg left the council and called the dam “a big risk.”",
            ["Berg left the council", "[Berg] called the dam “a big risk.”"],
        ),
        (
            "“The council closed the mill and the county opened a dam in May.”",
            ["The council closed the mill", "the county opened a dam in May."],
        ),
    ],
)
def test_no_claim_is_cut_within_brackets_or_quotation_marks(text, found):
    assert stated(text) == found


def test_examples_are_checked_one_by_one():
    found = stated("The plant is found in a variety of places, including Iceland, Norway and Denmark.")
    assert [unmarked(one) for one in found] == [
        f"The plant is found in {place}" for place in ("Iceland", "Norway", "Denmark")
    ]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Ada Berg left the council. She opened a dam.", "She [Ada Berg] opened a dam."),
        ("Ada Berg left the council. Her dam broke.", "Her [Ada Berg’s] dam broke."),
        ("Ada Berg met Carl Lind. She opened a dam.", "She opened a dam."),
        ("Mr. Lind left the council. She opened a dam.", "She opened a dam."),
        ("Ada Berg left. The minister stayed. She opened a dam.", "She opened a dam."),
        ("The dam is 90 years old. It broke in May.", "It [the dam] broke in May."),
        ("The dam is 90 years old. It is clear that Lind lied.", "It is clear that Lind lied."),
        ("The dam hit the mill. It broke in May.", "It broke in May."),
        ("The dam is 90 years old.\n\nIt broke in May.", "It broke in May."),
        ("Ada Berg left the council. The town thanked Berg.", "The town thanked [Ada] Berg."),
        ("“I saw the dam in May,” Ada Berg said.", "“I [Ada Berg] saw the dam in May,” Ada Berg said."),
    ],
)
def test_pronouns_and_last_names_are_explained_where_the_article_leaves_no_doubt(text, last):
    assert stated(text)[-1] == last


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The dam broke on Tuesday.", "The dam broke on Tuesday [14 May 2024]."),
        ("The dam broke on Wednesday.", "The dam broke on Wednesday [15 May 2024]."),
        ("The council will meet on Tuesday.", "The council will meet on Tuesday [21 May 2024]."),
        ("The dam broke yesterday.", "The dam broke yesterday [14 May 2024]."),
        ("The dam broke last month.", "The dam broke last month [April 2024]."),
        ("The dam broke last year.", "The dam broke last year [2023]."),
        ("The dam broke last week.", "The dam broke last week [the week of 6 May 2024]."),
        ("The dam broke three days ago.", "The dam broke three days ago [12 May 2024]."),
        ("The dam broke five months ago.", "The dam broke five months ago [about December 2023]."),
        ("The dam broke after Tuesday’s storm.", "The dam broke after Tuesday’s [14 May 2024] storm."),
        ("The council meets on Tuesday.", "The council meets on Tuesday."),
        ("The dam broke last Tuesday.", "The dam broke last Tuesday."),
        ("Lind won on Super Tuesday.", "Lind won on Super Tuesday."),
        ("The dam broke on Tuesday, May 7.", "The dam broke on Tuesday, May 7."),
        ("“The dam broke on Tuesday,” Ada Berg said.", "“The dam broke on Tuesday,” Ada Berg said."),
        ("The dam broke 999 years ago.", "The dam broke 999 years ago [about 1025]."),
    ],
)
def test_relative_dates_are_read_by_the_day_of_the_article(text, found):
    assert stated(text, WEDNESDAY) == [found]


def test_a_date_that_was_put_in_makes_no_claim_of_another_kind_and_hardly_of_another_worth():
    (dated,), (undated,) = find("The dam broke on Tuesday.", written=WEDNESDAY), find("The dam broke on Tuesday.")
    assert (dated.kind, dated.reasons) == ("event", undated.reasons)
    assert dated.checkworthiness == pytest.approx(undated.checkworthiness, abs=0.01)  # the vector has the date


def test_without_the_day_of_the_article_dates_stay_as_they_are():
    assert stated("The dam broke on Tuesday.") == ["The dam broke on Tuesday."]


def test_on_the_first_day_of_the_calendar_nothing_breaks():
    assert stated("The dam broke yesterday and the mill closed 90 years ago.", dt.date.min)


def test_insertions_are_told_from_the_articles_own_brackets():
    (claim,) = find("Lind said [sic] that the dam broke on Tuesday.", written=WEDNESDAY)
    assert claim.statement == "Lind said [[sic]] that the dam broke on Tuesday [14 May 2024]."
    assert [claim.statement[start:end] for start, end in inserted(claim.statement)] == ["[14 May 2024]"]
    assert own(claim.statement) == claim.exact
    assert unmarked(claim.statement) == "Lind said [sic] that the dam broke on Tuesday 14 May 2024."


@given(st.text(), st.text(st.characters(exclude_characters="[]"), min_size=1), st.text())
def test_any_words_come_back_from_around_an_insertion(before, put_in, after):
    statement = f"{quoted(before)} [{put_in}] {quoted(after)}"
    assert [statement[start:end] for start, end in inserted(statement)] == [f"[{put_in}]"]
    assert own(statement) == " ".join(f"{before} {after}".split())


@given(st.text(st.sampled_from("[]…a ")))
def test_what_a_person_edits_is_read_whatever_it_is(text):
    assert isinstance(unmarked(text) + own(text), str)
    assert all(text[start] == "[" and text[end - 1] == "]" for start, end in statements.inserted(text))


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("@AdaBerg says #NorlandDam2 broke.", "Ada Berg says Norland Dam 2 broke."),
        ("#MakeNDRCPay and @the_council", "Make NDRC Pay and the council"),
        ("It broke.pic.twitter.com/x9 — Ada Berg (@adaberg) 4 May", "It broke. — Ada Berg 4 May"),
        ("See https://example.org/@ada#top or write to ada@example.org.", "See or write to ada@example.org."),
    ],
)
def test_a_search_asks_for_what_was_said_and_not_for_where(said, asked):
    assert statements.searched(said) == asked
