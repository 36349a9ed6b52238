import io
import json

import pytest
from django.core.management import call_command

from factcheck.evaluation.reports import Report

pytestmark = pytest.mark.unit


@pytest.fixture
def sentences(tmp_path):
    for name, spans in (("sentences_one", [[0, 8], [9, 15]]), ("sentences_two", [[0, 15]])):
        (tmp_path / name / "dev").mkdir(parents=True)
        row = {"text": "It rose. We ran.", "sentences": spans if name.endswith("two") else [[0, 8], [9, 16]]}
        (tmp_path / name / "dev/docs.jsonl").write_text(json.dumps(row), "utf-8")
    return tmp_path


def run(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip().split("\n")


def test_the_last_line_is_one_json_object_with_every_key(sentences):
    figures = json.loads(run("evaluate", "sentences", "--data", str(sentences))[-1])
    assert list(figures) == ["name", "data", "n", "metrics", "seconds", "model", "commit"]
    assert figures["name"] == "sentences"
    assert figures["n"] == 3


def test_each_set_has_its_own_figures(sentences):
    metrics = json.loads(run("evaluate", "sentences", "--data", str(sentences))[-1])["metrics"]
    assert metrics["sentences_one"] == {"f1": 1.0, "precision": 1.0, "recall": 1.0, "n": 2}
    assert metrics["sentences_two"]["f1"] == 0.0
    assert metrics["precision"] == 0.5


def test_json_alone_prints_nothing_else(sentences):
    assert len(run("evaluate", "sentences", "--data", str(sentences), "--json")) == 1


def test_a_limit_takes_only_the_first_rows(sentences):
    assert json.loads(run("evaluate", "sentences", "--data", str(sentences), "--limit", "1")[-1])["n"] == 2


@pytest.mark.parametrize(
    "command",
    [
        *(
            ("evaluate", name)
            for name in (
                "sentences",
                "attributions",
                "checkworthiness",
                "factual",
                "sameclaim",
                "extraction",
                "comparison",
                "matching",
                "evidence",
                "echoes",
                "spun",
            )
        ),
        ("train", "factual"),
        ("train", "ranking"),
        ("train", "spun"),
    ],
)
def test_data_that_cannot_be_read_ends_with_two_and_a_plain_sentence(tmp_path, command):
    told = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*command, "--data", str(tmp_path / "nowhere"), stderr=told)
    assert ended.value.code == 2
    assert told.getvalue().strip() == f"There is no folder {tmp_path / 'nowhere'}."


def test_the_table_shows_a_figure_that_a_set_lacks_as_a_dash():
    table = Report("x", "d", 1, {"f1": 0.5, "own": {"f1": 0.25, "n": 1}}, 0.1, "m", ["A note."]).table()
    assert table.split("\n")[2].split() == ["all", "0.5000", "–"]
    assert table.endswith("A note.")
