import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text.claims import statements

pytestmark = pytest.mark.unit


def words(text: str, place: tuple[int, int] | None) -> str:
    return text[place[0] : place[1]] if place else ""


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("“The dam is safe,” Ada Berg said.", "Ada Berg", "said", ["“The dam is safe,”"]),
        ("“The dam is safe,” said Ada Berg.", "Ada Berg", "said", ["“The dam is safe,”"]),
        ("“The dam,” Berg said, “is safe.”", "Berg", "said", ["“The dam,”", "“is safe.”"]),
        ("“The dam is safe,” Berg said. “It held.”", "Berg", "said", ["“The dam is safe,”", "“It held.”"]),
        ("Berg said: “The dam is safe. It held.”", "Berg", "said", ["“The dam is safe. It held.”"]),
        ("Berg echoed:\n\n“The dam is safe.”", "Berg", "echoed", ["“The dam is safe.”"]),
        ("''The dam is safe,'' Berg said.", "Berg", "said", ["''The dam is safe,''"]),
        ('“The dam is safe," Berg said.', "Berg", "said", ['“The dam is safe,"']),
        ("Berg said that the dam was “quite safe”.", "Berg", "said", ["that the dam was “quite safe”"]),
        ("Berg said the dam was safe, adding no more.", "Berg", "said", ["the dam was safe"]),
        ("The dam, she said, was safe.", "she", "said", ["The dam", "was safe"]),
        ("The dam is safe, according to Ada Berg.", "Ada Berg", "according to", ["The dam is safe"]),
        ("Berg called the dam “a ruin” and “a danger”.", "Berg", "called", ["the dam “a ruin” and “a danger”"]),
        ("Ada Berg (D-Ohio) said the dam was safe.", "Berg", "said", ["the dam was safe"]),
        ("BERG: The dam is safe. It held.", "BERG", ":", ["The dam is safe. It held"]),
        ("Asked whether the dam was safe, the town fell silent.", "", "Asked", ["whether the dam was safe"]),
    ],
)
def test_source_cue_and_content_are_the_words_of_the_article(text, source, cue, content):
    one = statements(text)[0]
    assert words(text, one.cue) == cue
    assert [words(text, place) for place in one.content] == content
    assert words(text, one.source).endswith(source)
    assert bool(one.source) == bool(source)


def test_two_statements_of_one_sentence_are_told_apart():
    text = "Berg said the dam was safe, while Carl Lind said it would break."
    assert [(one.speaker, words(text, one.content[0])) for one in statements(text)] == [
        ("Berg", "the dam was safe"),
        ("Carl Lind", "it would break"),
    ]


def test_a_quotation_over_several_paragraphs_is_one_content():
    text = "Berg said: “The dam is safe. It held.\n\n“It will hold again.”"
    (one,) = statements(text)
    assert [words(text, place) for place in one.content] == ["“The dam is safe. It held.\n\n“It will hold again.”"]


def test_an_answer_in_a_new_paragraph_is_not_the_one_who_asked():
    found = statements("“Is the dam safe now?” Ada Berg asked.\n\n“It will hold for years.”")
    assert found[0].speaker == "Ada Berg"
    assert len(found[0].content) == 1


@pytest.mark.parametrize(
    ("text", "role", "affiliation"),
    [
        ("Max Hess, an analyst at Voss Advisory, said it rose.", "analyst", "Voss Advisory"),
        ("Water engineer Ada Berg said it rose.", "Water engineer", ""),
        ("The engineer, Ada Berg, said it rose.", "engineer", ""),
        ("Ada Berg said it rose.", "", ""),
    ],
)
def test_role_and_affiliation_are_told_where_the_article_tells_them(text, role, affiliation):
    (one,) = statements(text)
    assert one.speaker in {"Max Hess", "Ada Berg"}
    assert (one.role, one.affiliation) == (role, affiliation)


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        ("“It rose fast,” Ada Berg told CNBC.", "CNBC"),
        ("Ada Berg said in an interview with Xinhua that it rose.", "an interview with Xinhua"),
        ("“It rose fast,” Ada Berg wrote on Twitter.", "Twitter"),
        ("Ada Berg said in a statement on Tuesday that it rose.", "a statement"),
        ("Ada Berg told her brother that it rose.", ""),
        ("Ada Berg said in May that it rose.", ""),
    ],
)
def test_the_medium_is_told_where_the_article_tells_it(text, medium):
    assert statements(text)[0].medium == medium


def test_a_description_is_the_person_who_was_introduced_so():
    found = statements("Max Hess, an analyst at Voss, said it rose. Ada Berg fled. The analyst said it would fall.")
    assert found[-1].speaker == "Max Hess"
    assert found[-1].role == "analyst"


def test_a_description_that_fits_two_people_stays_a_description():
    found = statements(
        "Max Hess, an analyst, said it rose. Ada Berg, an analyst, said it fell. The analyst said no more would come."
    )
    assert found[-1].speaker == "The analyst"


def test_the_voice_of_the_article_is_nobody():
    (one,) = statements("We said that it rose.")
    assert one.speaker == ""


def test_what_is_only_held_is_no_speech():
    text = "Ada Berg refused to open the dam. Carl Lind said it was shut."
    assert [(one.speaker, one.speech) for one in statements(text)] == [("Ada Berg", False), ("Carl Lind", True)]


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["“It rose,” she said.", "Berg said", "“", "”", '"', "''", "BERG: ", "\n\n", "according to Lind", "🌊"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    ),
    max_size=10,
)


@given(PIECES.map(" ".join))
@settings(max_examples=60, deadline=None)
def test_every_place_lies_within_the_text_and_holds_something(text):
    for one in statements(text):
        assert one.content
        for start, end in (*one.content, *filter(None, (one.source, one.cue))):
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip()
