import gzip
import json

import pytest

from factcheck.evaluation import extraction, pages
from factcheck.evaluation.extraction import Answer, measured
from factcheck.evaluation.pages import Page
from factcheck.evaluation.readers import UnreadableData
from tests.text.test_extraction import NEWS

pytestmark = pytest.mark.unit


@pytest.fixture
def half(tmp_path):
    """Writes rows as a set's development half, every row with the same page."""

    def write(name, *rows):
        folder = tmp_path / name / "dev"
        (folder / "html").mkdir(parents=True)
        (folder / "html/page.html.gz").write_bytes(gzip.compress(NEWS))
        lines = [json.dumps({"file": "html/page.html.gz", "url": "https://harbour.example/x"} | row) for row in rows]
        (folder / "gold.jsonl").write_text("\n".join(lines), "utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("row", "gold"),
    [
        ({"articleBody": "One.\nTwo."}, {"body": ("One.", "Two.")}),
        ({"body": ["One.", "[Two.]"]}, {"body": ("One.", "Two."), "optional": (1,)}),
        (
            {
                "title": "T",
                "authors": ["A"],
                "publishing_date": "2024-03-05 23:59:00+00:00",
                "body": {"summary": ["S."], "sections": [{"headline": ["H"], "paragraphs": ["P."]}]},
            },
            {"body": ("S.", "H", "P."), "title": "T", "authors": ("A",), "date": "2024-03-05"},
        ),
        ({"with": ["in"], "without": ["out"]}, {"wanted": ("in",), "unwanted": ("out",)}),
        ({"date": "2024-03-05"}, {"date": "2024-03-05"}),
    ],
)
def test_the_layout_of_a_set_is_seen_from_its_rows(half, row, gold):
    (found,) = pages.read(half("htmldate_eval", row))
    assert found == Page(NEWS, "https://harbour.example/x", "htmldate_eval", **gold)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"colour": "blue"}, "says nothing that can be measured"),
        ({"date": "2024-03-05", "file": "html/gone.gz"}, "cannot be read"),
    ],
)
def test_pages_that_cannot_be_read_are_told_in_a_sentence(half, row, told):
    with pytest.raises(UnreadableData, match=told):
        pages.read(half("trafilatura_eval", row))


def test_ours_stands_beside_the_baseline_for_one_set_and_for_several(half):
    data = half("trafilatura_eval", {"with": ["sandbags will be kept"], "without": ["belongs to its readers"]})
    one = extraction.evaluate(data).metrics
    assert {"f1", "precision", "recall", "ms", "baseline"} == set(one)
    assert one["f1"] == one["baseline"]["f1"] == 1.0
    half("htmldate_eval", {"date": "2024-03-06"})
    assert set(extraction.evaluate(data).metrics) == {
        f"{name}{which}" for name in ("htmldate_eval", "trafilatura_eval") for which in ("", " baseline")
    }


def score(page: Page, answer: Answer) -> dict[str, float]:
    return measured([page], lambda _: answer)


def test_the_body_is_scored_in_shingles_of_four_words():
    page = Page(b"", "", "article_extraction_benchmark", body=("a b c d e",))
    figures = score(page, Answer(["a b c d x y"]))
    assert (figures["precision"], figures["recall"]) == (1 / 3, 1 / 2)


def test_an_optional_paragraph_costs_nothing_either_way():
    page = Page(b"", "", "fundus_evaluation", body=("a b c d", "e f g h"), optional=(1,))
    for answer in (Answer(["a b c d"]), Answer(["a b c d", "e f g h"])):
        assert score(page, answer)["f1"] == score(page, answer)["paragraphs"] == 1.0


def test_segments_are_counted_over_all_pages():
    page = Page(b"", "", "trafilatura_eval", wanted=("one two", "three"), unwanted=("menu", "footer"))
    figures = score(page, Answer(["one  two", "menu"]))
    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.5, 0.5, 0.5)


def test_metadata_is_right_without_regard_to_case_and_punctuation_or_wrong():
    page = Page(b"", "", "fundus_parser_pages", title="“So, it is”", authors=("A. Poe", "B"), date="2024-03-05")
    right = score(page, Answer(title="So it is", authors=["b", "A Poe"], date="2024-03-05"))
    wrong = score(page, Answer(title="So it was", authors=["A Poe"], date="2024-03-06"))
    assert [right[field] for field in ("title", "authors", "date")] == [1.0, 1.0, 1.0]
    assert [wrong[field] for field in ("title", "authors", "date")] == [0.0, 0.0, 0.0]
