"""What the library makes of rows that PostgreSQL found, without it."""

from dataclasses import replace

import pytest

from factcheck.models import Passage
from factcheck.retrieval import pairs
from factcheck.retrieval.lexical import Word
from factcheck.retrieval.providers import library
from factcheck.retrieval.ranking import Candidate

pytestmark = pytest.mark.unit

OWN = {"dam": Word("dam", 2.0, 3), "broke": Word("broke", 1.0, 9)}


def found(passage, source, kind, lexemes):
    """A row of pairs.MEASURE, of a passage with eight words that has each of these once."""
    return (1, passage, source, kind, "", "", None, 0.5, 8, lexemes, [1] * len(lexemes))


def test_claim_and_title_of_a_fact_check_are_one_text_and_passages_of_a_document_are_not():
    rows = [
        found(1, 1, "fact_check", ["dam"]),
        found(2, 1, "fact_check", ["broke"]),
        found(3, 2, "primary", ["dam"]),
        found(4, 2, "primary", ["broke"]),
    ]
    claim, title, *document = pairs._scored(rows, OWN)
    assert claim.whole == title.whole > max(claim.bm25, title.bm25)
    assert [one.whole for one in document] == [one.bm25 for one in document]


def test_two_records_of_one_fact_check_are_as_near_and_the_first_stands_for_both():
    said = {"passage": Passage(text="The dam broke."), "words": {}, "length": 9, "told": "the dam broke"}
    first = library.LookedAt(Candidate(1, 0.5, {}), {}, "fact_check", 1, {"cosine": 0.7}, 0.0, **said)
    again = replace(first, candidate=Candidate(2, 0.9, {}), source=2, given={"cosine": 0.8}, odds=2.2)
    level = library._as_near(again, first)
    assert (level.odds, level.given, level.candidate.score) == (first.odds, first.given, 0.5)
    assert (level.source, level.candidate.passage) == (2, 2)
    document = replace(again, kind="primary")
    assert library._as_near(document, first) is document
