"""The passages of a page: words as they stand in it, under their headings, none too long, none left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import documents
from factcheck.workflow import snapshots

pytestmark = pytest.mark.unit


def passages(markdown: str) -> tuple[str, list[tuple[str, str]]]:
    reading = documents.read(markdown.encode(), media_type=documents.MARKDOWN).reading
    return reading.text, snapshots.passages(reading)


def test_neighbours_stay_together_until_a_heading():
    _text, found = passages("First.\n\nSecond.\n\n## Costs\n\nThird.\n\n- Fourth\n\n## Empty\n\n## Last\n\nFifth.")
    assert [heading for heading, _ in found] == ["", "Costs", "Last"]
    assert [words.split() for _, words in found] == [["First.", "Second."], ["Third.", "Fourth"], ["Fifth."]]


def test_a_long_page_is_cut_between_paragraphs_and_an_endless_paragraph_between_words():
    paragraph = "The bridge of Lindau cost twelve million euros. " * 10
    _text, found = passages("\n\n".join([paragraph.strip()] * 20) + "\n\n" + "word " * 5000)
    assert all(len(words) <= 2 * snapshots.LONGEST for _, words in found)
    assert all(words.startswith(("The bridge", "word")) for _, words in found)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["# Heading", "A sentence stands here.", "x" * 4000, "- item"]), min_size=1, max_size=12)
)
def test_every_word_is_in_one_passage_and_stands_in_the_text(pieces):
    text, found = passages("\n\n".join([*pieces, "At least one sentence."]))
    place = 0
    for _, words in found:
        place = text.index(words, place) + len(words)
    body = "".join(line for line in text.split("\n") if line != "Heading")
    assert "".join("".join(words for _, words in found).split()) == "".join(body.split())
