"""Texts of any kind get an answer, the same one each time, in time that grows with their length and not faster.

Times are of the processor and judged as ratios. `manage.py bench bounds` does the same for 100,000 words.
"""

import time

import pytest

from bench import bounds
from factcheck.retrieval import embedding
from factcheck.text import attribution, claims, english, sentences

pytestmark = pytest.mark.unit

WORDS = 1_200


@pytest.mark.parametrize("kind", bounds.KINDS)
def test_twice_the_text_takes_twice_the_time(kind):
    assert bounds.growth(kind, WORDS) <= bounds.GOAL


@pytest.mark.parametrize("kind", bounds.KINDS)
def test_any_kind_of_text_gets_the_same_answer_each_time_in_its_own_words(kind):
    text, encoder = bounds.written(kind, 50), claims.Encoder(embedding.MODEL, embedding.encode)
    found = claims.find(text, encoder)
    assert claims.find(text, encoder) == found
    assert all(text[one.start : one.end] == one.exact != "" for one in found)
    assert found or kind in {"names"}


def test_twice_the_quotations_of_one_sentence_take_twice_the_time():
    def seconds(times: int) -> float:
        text = "“It is a dam,” and “it is old,” " * times
        found = sentences.split(text)
        docs = list(english.read([text[one.start : one.end] for one in found]))
        assert len(found) == 1
        began = time.process_time()
        attribution.statements(text, found, docs)
        return time.process_time() - began

    assert min(seconds(120) / seconds(60) for _ in range(3)) <= bounds.GOAL
