import pytest

from factcheck.text import english, sentences
from factcheck.text.attribution import Attribution, attributions

pytestmark = pytest.mark.unit


def told(text: str) -> list[Attribution]:
    found = sentences.split(text)
    return attributions(list(english.read([text[one.start : one.end] for one in found])))


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ("“The river will rise again,” Ada Berg said.", "Ada Berg", "said"),
        ("“The river will rise again,” said Ada Berg, an engineer.", "Ada Berg", "said"),
        ("Ada Berg said: “The river will rise again.”", "Ada Berg", "said"),
        ("Ada Berg said the river would rise again.", "Ada Berg", "said"),
        ("The river will rise again, Ada Berg warned.", "Ada Berg", "warned"),
        ("According to Ada Berg, the river will rise again.", "Ada Berg", "According to"),
        ("The river will rise again, officials say.", "officials", "say"),
        ("Ada Berg called the plan “a dream without money”.", "Ada Berg", "called"),
    ],
)
def test_the_speaker_is_named_in_the_words_of_the_article(text, speaker, cue):
    (answer,) = told(text)
    assert (answer.speaker, answer.cue) == (speaker, cue)


@pytest.mark.parametrize("verb", ["instructed", "mentioned", "advised"])
def test_a_reworded_verb_beside_a_quotation_still_names_the_speaker(verb):
    (answer,) = told(f"“The river will rise again,” Ada Berg, head of the water board, {verb} the local radio.")
    assert answer.speaker == "Ada Berg"


def test_a_last_name_alone_is_given_in_full():
    answers = told("“The river will rise,” Ada Berg said. “We are not ready for it,” Berg added.")
    assert [answer.speaker for answer in answers] == ["Ada Berg", "Ada Berg"]
    assert answers[1].source == "Berg"


def test_she_is_the_last_speaker_when_nobody_else_came_up():
    answers = told("“The river will rise,” Ada Berg said. “We are not ready for it,” she added.")
    assert answers[1] == Attribution("Ada Berg", "added", True, "she")


def test_she_is_nobody_when_another_person_came_up():
    answers = told(
        "“The river will rise,” Ada Berg said. Maria Lind visited the dam. “We are not ready for it,” she added."
    )
    assert answers[2].speaker == ""
    assert answers[2].source == "she"


def test_he_and_she_are_not_the_same_person():
    answers = told("“The river rose,” Berg said. “It was fast,” he added. “We ran away from it,” she said.")
    assert [answer.speaker for answer in answers] == ["Berg", "Berg", ""]


def test_a_quotation_alone_belongs_to_the_speaker_before_it():
    answers = told("“The river will rise,” Ada Berg said.\n“And the dam will not hold it.”")
    assert answers[1] == Attribution("Ada Berg", "", True, "")


def test_a_quotation_without_anybody_stays_without_a_speaker():
    assert told("“The river will rise and the dam will not hold.”") == [Attribution()]


def test_a_plain_statement_has_no_speaker():
    assert told("The river rose by three metres on Tuesday.") == [Attribution()]


def test_a_single_word_in_quotation_marks_is_no_quotation():
    (answer,) = told("The council wants a “deal” with the mill, Ada Berg said.")
    assert (answer.speaker, answer.quoted) == ("Ada Berg", False)


def test_the_title_of_a_programme_is_no_quotation():
    (answer,) = told("Ada Berg appeared on “Good Morning Valley” on Tuesday.")
    assert answer.quoted is False


def test_who_speaks_inside_a_quotation_is_not_the_speaker_of_the_sentence():
    (answer,) = told("“Carl Lind said the dam was safe,” Ada Berg recalled.")
    assert answer.speaker == "Ada Berg"


def test_no_sentences_have_no_attributions():
    assert attributions([]) == []


def test_every_sentence_of_a_quotation_has_its_speaker():
    text = "“The river will rise. We are not ready for it. It is late,” Ada Berg said. The town fled."
    found = sentences.split(text)
    answers = attributions(list(english.read([text[one.start : one.end] for one in found])), text, found)
    assert [(answer.speaker, answer.cue, answer.quoted) for answer in answers] == [
        ("Ada Berg", "said", True),
        ("Ada Berg", "said", True),
        ("Ada Berg", "said", True),
        ("", "", False),
    ]


def test_who_asked_does_not_hide_who_answered():
    (answer,) = told("Asked whether the river would rise, Ada Berg said it would not.")
    assert (answer.speaker, answer.cue) == ("Ada Berg", "said")


def test_the_main_statement_of_a_sentence_is_the_one_that_says_most():
    (answer,) = told("Ada Berg, whom Carl Lind called a dreamer, said the river would rise by three metres in May.")
    assert answer.speaker == "Ada Berg"
