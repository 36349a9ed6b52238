import json

import pytest

from factcheck.evaluation import comparison
from factcheck.evaluation.readers import UnreadableData
from factcheck.text.compare import compare

pytestmark = pytest.mark.unit


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Two rows in the layout of a set, with labels for three figures of the first claim and one of another set."""
    folder = tmp_path / "healthver" / "dev"
    folder.mkdir(parents=True)
    rows = [
        {"id": "1", "claim": "The flood killed 12 people in 2013.", "evidence": "The flood killed 12 people."},
        {"id": "2", "claim": "It rained.", "evidence": "In 2016 the flood killed people."},
    ]
    (folder / "data.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    labels = folder.parent / "labels.jsonl"
    pair = {"set": "healthver", "text": "claim", "id": "1", "start": 17, "end": 19, "passage": "1", "label": "agree"}
    year = pair | {"start": 30, "end": 34}
    given = [pair, year | {"label": "absent"}, year | {"passage": "2", "label": "agree"}, pair | {"set": "wice"}]
    labels.write_text("\n".join(map(json.dumps, given)), "utf-8")
    monkeypatch.setattr(comparison, "LABELS", labels)
    return tmp_path


def test_a_pair_is_right_when_the_reader_said_so_too(data):
    report = comparison.evaluate(data)
    assert report.n == 3
    assert report.metrics["accuracy"] == pytest.approx(2 / 3)
    assert (report.metrics["agree"], report.metrics["absent"], report.metrics["conflict"]) == (0.5, 1.0, None)
    assert report.metrics["healthver"]["n"] == 3
    assert report.table().split("\n")[-3].split() == ["agree", "1", "1", "0"]


def test_the_verdict_is_of_the_value_that_shares_most_of_the_span():
    claim = "The flood killed 12 people in 2013."
    found = compare(claim, "The flood killed 12 people.")
    assert comparison.judged(found, 17, 19) == "agree"
    assert comparison.judged(found, 4, 9) == "absent"


def test_data_without_any_of_the_texts_is_told(tmp_path, data):
    (tmp_path / "wice" / "dev").mkdir(parents=True)
    (tmp_path / "wice" / "dev" / "claims.jsonl").write_text("{}", "utf-8")
    with pytest.raises(UnreadableData, match="development halves of healthver, wice, climate_fever"):
        comparison.evaluate(tmp_path / "wice")


def test_every_shipped_label_is_whole():
    rows = [json.loads(line) for line in comparison.LABELS.read_text("utf-8").splitlines()]
    assert {row["label"] for row in rows} == set(comparison.VERDICTS)
    assert all(row["start"] < row["end"] and set(row) == set(rows[0]) for row in rows)
    assert len({json.dumps(row | {"label": ""}) for row in rows}) == len(rows) == 461
