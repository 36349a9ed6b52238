import json

import pytest

from factcheck.evaluation import attributions

pytestmark = pytest.mark.unit

TEXT = "“The dam is safe,” Ada Berg said. Carl Lind said that it would break."


def put(folder, *said: tuple[str, str, bool]) -> None:
    """(content, source, has a direct quotation), as words of TEXT."""
    rows = [
        {
            "content": [{"spans": [place(content)]}],
            "source": [{"spans": [place(source)]}] if source else [],
            "has_direct_quote": direct,
        }
        for content, source, direct in said
    ]
    (folder / "polnear_own/dev").mkdir(parents=True)
    row = {"text": TEXT, "annotations": [{"attributions": rows}]}
    (folder / "polnear_own/dev/docs.jsonl").write_text(json.dumps(row), "utf-8")


def place(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


def test_the_right_answer_scores_one(tmp_path):
    put(tmp_path, ("“The dam is safe,”", "Ada Berg", True), ("that it would break", "Carl Lind", False))
    metrics = attributions.evaluate(tmp_path).metrics
    assert (metrics["direct_f1"], metrics["speaker_accuracy"], metrics["content_f1"]) == (1.0, 1.0, 1.0)


def test_half_a_quotation_is_not_found_and_half_a_clause_is(tmp_path):
    put(tmp_path, ("“The dam is", "Ada Berg", True), ("would break", "Carl Lind", False))
    metrics = attributions.evaluate(tmp_path).metrics
    assert metrics["direct_f1"] == 0.0
    assert metrics["content_f1"] == 1.0


def test_a_wrong_speaker_and_one_that_nobody_marked_are_told_apart(tmp_path):
    put(tmp_path, ("“The dam is safe,”", "Carl Lind", True))
    assert attributions.evaluate(tmp_path).metrics["speaker_accuracy"] == 0.0


def test_a_content_is_matched_once(tmp_path):
    put(tmp_path, ("“The dam is safe,”", "Ada Berg", True), ("“The dam is safe,”", "Ada Berg", True))
    metrics = attributions.evaluate(tmp_path).metrics
    assert (metrics["direct_precision"], metrics["direct_recall"]) == (1.0, 0.5)
