"""Documents cut into passages: what lies where, under which headings, and how large it may be."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.retrieval import embedding
from factcheck.text import documents
from factcheck.text.passages import LARGEST, Passage, split

pytestmark = pytest.mark.unit

SENTENCE = "The council of Norland paid {} euros for the harbour bridge in the year after the flood. "
PAGE = f"""# The bridge

It was opened on Monday.

## What it cost

{SENTENCE.format("12 million") * 13}

Nobody counted the ramps.

### The ramps

- North ramp: 2 million.
- South ramp: 3 million.

## Who paid

| Payer | Sum |
| --- | --- |
| Norland | 9 million |

## What is not known
"""


def cut(page: str, language: str = "en") -> list[tuple[str, tuple[str, ...]]]:
    reading = documents.read(page.encode(), name="page.md").reading
    return [(reading.text[each.start : each.end], each.path) for each in split(reading.text, reading.blocks, language)]


def test_a_document_is_cut_at_its_headings_and_each_passage_knows_those_it_stands_under():
    [opened, *cost, ramps, paid, unknown] = cut(PAGE)
    assert opened == ("It was opened on Monday.", ())
    assert {path for _, path in cost} == {("What it cost",)}
    assert len(cost) == 2
    assert all(text.startswith("The council") for text, _ in cost)
    assert cost[-1][0].endswith("the flood.\n\nNobody counted the ramps.")  # what little is left over is not alone
    assert ramps == ("North ramp: 2 million.\n\nSouth ramp: 3 million.", ("What it cost", "The ramps"))
    assert paid == ("Payer | Sum\n\nNorland | 9 million", ("Who paid",))
    assert unknown == ("What is not known", ())  # nothing stands under it: its words are not lost


def test_lines_without_blocks_are_paragraphs_and_headings_and_a_list_of_short_lines_is_a_list():
    text = "What it cost\n\nIt cost 12 million euros.\nIt was paid in May.\n\nNorth ramp\n\nSouth ramp\n\nThe quay"
    found = split(text)
    assert [(text[each.start : each.end], each.path) for each in found] == [
        ("It cost 12 million euros.\nIt was paid in May.\n\nNorth ramp\n\nSouth ramp\n\nThe quay", ("What it cost",))
    ]


def test_a_passage_would_rather_end_with_its_paragraph():
    paragraphs = [SENTENCE.format(number) * 8 for number in (1, 2)]
    found = cut("\n\n".join(paragraphs))
    assert [text for text, _ in found] == [each.strip() for each in paragraphs]


@pytest.fixture(scope="module")
def pieces():
    """How many word pieces the encoder would read, if it read all of them."""
    encoder = embedding.load()
    encoder._tokenizer.no_truncation()
    return lambda text: len(encoder._tokens(text))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The unemployment rate of the northern counties was 4.2 per cent in October 2024, the ministry wrote. "),
        ("de", "Die Arbeitslosenquote der nördlichen Landkreise betrug laut Bundesministerium 4,2 Prozent. "),
        ("ar", "بلغ معدل البطالة في المقاطعات الشمالية أربعة فاصل اثنين في المئة حسب الوزارة. "),
        ("ru", "Уровень безработицы в северных округах составил 4,2 процента, сообщило министерство. "),
        ("zh", "北部各县十月份的失业率为百分之四点二，该部门在周一发布的报告中写道。"),
        ("en", "a" * 3_000 + " "),
        ("en", "12,345,678.90 "),
    ],
)
def test_the_encoder_reads_a_passage_whole_in_any_language(language, sentence, pieces):
    text = (sentence * 40).strip()
    found = split(text, language=language)
    assert len(found) > 1
    for each in found:
        assert pieces(text[each.start : each.end]) <= embedding.MAX_TOKENS


def test_a_sentence_without_end_is_cut_at_white_space():
    text = "word " * 2_000
    found = split(text)
    assert all(text[each.start : each.end].split() == ["word"] * len(range(each.start, each.end, 5)) for each in found)
    assert max(len(text[each.start : each.end].split()) for each in found) <= LARGEST


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("aA .!?\n\t-•1é́日ا‏“”"), max_size=60) | st.just("Word of a sentence. " * 60),
        max_size=12,
    ),
    st.sampled_from(["en", "de", "ja", ""]),
)
def test_every_character_lies_in_one_passage_or_in_a_heading_above_one(lines, language):
    text = "\n\n".join(lines)
    found = split(text, language=language)
    assert all(isinstance(each, Passage) and each.start < each.end for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    covered = "".join(text[each.start : each.end] for each in found) + "".join(
        {name: name for each in found for name in each.path}
    )
    assert sorted(set("".join(text.split()))) == sorted(set("".join(covered.split())))
    left = list(text)
    for each in found:
        left[each.start : each.end] = " " * (each.end - each.start)
    headings = {"".join(name.split()) for each in found for name in each.path}
    assert {"".join(line.split()) for line in "".join(left).split("\n")} - {""} <= headings
