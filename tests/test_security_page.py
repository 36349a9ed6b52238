"""docs/security.md, its table of controls, and the mutants that it is printed from."""

import ast
import re

import pytest

from tests.mutants import MUTANTS, PROJECT, killed, mutated, page, run

pytestmark = pytest.mark.unit


def test_the_table_is_printed_from_the_mutants():
    written = (PROJECT / "docs" / "security.md").read_text()
    assert page() in written, "run `python -m tests.mutants --page` and put the table into docs/security.md"


def test_twenty_controls_of_levels_one_and_two():
    controls = [mutant.control for mutant in MUTANTS]
    assert len(set(controls)) == len(controls) == 20
    assert {mutant.level for mutant in MUTANTS} == {1, 2}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", control) for control in controls)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.control)
def test_what_a_mutant_changes_and_who_notices_are_there(mutant):
    assert (PROJECT / mutant.file).read_text().count(mutant.old) == 1
    assert mutant.old != mutant.new
    file, _, name = mutant.test.partition("::")
    functions = {
        node.name for node in ast.parse((PROJECT / file).read_text()).body if isinstance(node, ast.FunctionDef)
    }
    assert name.partition("[")[0] in functions


@pytest.mark.parametrize(
    ("test", "dead"),
    [
        ("assert FEED == 'milk'", False),
        ("assert FEED == 'hay'", True),
        ("from gone import hay", False),  # never began
        ("", False),  # no test at all
    ],
)
def test_only_a_test_that_ran_and_failed_kills(tmp_path, test, dead):
    (tmp_path / "barn.py").write_text("FEED = 'hay'\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    body = f"def test_feed():\n    {test}\n" if test.startswith("assert") else test
    (tmp_path / "test_barn.py").write_text(f"from barn import FEED\n{body}")
    mutant = MUTANTS[0].__class__("1.1.1", 1, "Hay is fed.", "barn.py", "'hay'", "'milk'", "test_barn.py")
    with mutated(tmp_path, mutant):
        assert killed(run(tmp_path, mutant.test)) is dead
    assert (tmp_path / "barn.py").read_text() == "FEED = 'hay'\n"
