import json

import pytest

from factcheck.evaluation.readers import UnreadableData, attributed, checkworthy, factual, segmented

pytestmark = pytest.mark.unit


def put(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.mark.parametrize("depth", ["", "sentences_own", "sentences_own/dev"])
def test_a_set_is_found_from_the_root_from_its_folder_and_from_its_half(tmp_path, depth):
    put(tmp_path / "sentences_own/dev/docs.jsonl", {"text": "It rose.", "sentences": [[0, 8]]})
    (row,) = segmented(tmp_path / depth)
    assert (row.text, row.spans, row.set) == ("It rose.", ((0, 8),), "sentences_own")


def test_the_other_half_of_a_set_is_read_in_the_same_way(tmp_path):
    put(tmp_path / "sentences_own/heldout/docs.jsonl", {"text": "It rose.", "sentences": [[0, 8]]})
    assert len(segmented(tmp_path / "sentences_own")) == 1


def test_gold_sentences_given_as_words_get_their_place(tmp_path):
    put(tmp_path / "golden.jsonl", {"text": "A. A. B.", "sentences": ["A.", "A.", "B."], "set": "rules"})
    (row,) = segmented(tmp_path)
    assert row.spans == ((0, 2), (3, 5), (6, 8))
    assert row.set == "rules"


def test_who_said_what_is_read_from_the_first_annotator(tmp_path):
    said = {
        "content": [{"spans": [[16, 25], [0, 9]]}],
        "source": [{"spans": [[10, 14]]}],
        "cue": [],
        "has_direct_quote": True,
    }
    put(
        tmp_path / "polnear_own/dev/docs.jsonl",
        {"text": "x" * 30, "annotations": [{"attributions": [said]}, {"attributions": [said, said]}]},
        {"text": "y", "annotations": []},
    )
    first, second = attributed(tmp_path)
    assert first.said == ((((0, 9), (16, 25)), ((10, 14),), True),)
    assert second.said == ()


def test_only_label_one_is_check_worthy(tmp_path):
    put(tmp_path / "data.jsonl", *({"text": str(label), "label": label, "debate": "d"} for label in (-1, 0, 1)))
    assert [row.label for row in checkworthy(tmp_path)] == [0, 0, 1]
    assert {row.group for row in checkworthy(tmp_path)} == {"d"}


def test_what_is_partly_opinion_is_not_factual_and_what_readers_disagreed_on_is_left_out(tmp_path):
    told = ("Entirely factual", "Somewhat factual but also opinionated", "No agreement", "Expresses writer’s opinion")
    put(tmp_path / "data.jsonl", *({"text": label, "label_opinion": label} for label in told))
    assert [(row.text, row.label) for row in factual(tmp_path)] == [(told[0], 1), (told[1], 0), (told[3], 0)]


def test_only_the_openly_licensed_part_is_read_for_the_second_model(tmp_path):
    put(
        tmp_path / "data.jsonl",
        {"text": "a", "label": "OBJ", "sets": ["newssd-train"]},
        {"text": "b", "label": "SUBJ", "sets": ["newssd-val", "other"]},
        {"text": "c", "label": "OBJ", "sets": ["ct25-dev_en"]},
    )
    assert [(row.text, row.label) for row in factual(tmp_path, only="newssd")] == [("a", 1), ("b", 0)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "line 1 is not JSON"),
        ("[1]", "line 1 is not a JSON object"),
        ('{"label": 1}', "has no field “text”"),
        ('\n{"text": "A."}', "has no field “sentences”"),
        ('{"text": "A.", "sentences": ["B."]}', "does not occur in its text"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path, content, told):
    (tmp_path / "docs.jsonl").write_text(content, "utf-8")
    with pytest.raises(UnreadableData, match=told):
        segmented(tmp_path)


def test_bytes_that_are_no_text_are_told_in_a_sentence(tmp_path):
    (tmp_path / "docs.jsonl").write_bytes(b"\xff\xff")
    with pytest.raises(UnreadableData, match="cannot be read"):
        segmented(tmp_path)


def test_a_missing_or_empty_folder_is_told_in_a_sentence(tmp_path):
    with pytest.raises(UnreadableData, match="There is no folder"):
        segmented(tmp_path / "nowhere")
    with pytest.raises(UnreadableData, match=r"no \.jsonl file"):
        segmented(tmp_path)
