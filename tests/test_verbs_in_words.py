"""The table that tells the trail to people knows every verb that the code writes into it."""

import ast
import re
from pathlib import Path

import pytest

from factcheck.models import Stated
from factcheck.web.acts import OF_CHANGES, VERBS

pytestmark = pytest.mark.unit

FACTCHECK = Path(__file__).parent.parent / "factcheck"
VERB = re.compile(r"[a-z]+\.[a-z_]+")
WRITES = {"_write", "_person"}  # of workflow/people.py: record what they changed under the verb that they are handed
RECORDS = {"record", "_record", *WRITES}  # AuditEntry.record, and what hands a verb on to it


def calls(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [(getattr(call.func, "attr", getattr(call.func, "id", "")), call) for call in found]


def handed(tree: ast.AST, to: set[str]) -> set[str]:
    """The verbs among what is handed to these functions."""
    given = [argument for name, call in calls(tree) if name in to for argument in call.args]
    words = [part.value for each in given for part in ast.walk(each) if isinstance(part, ast.Constant)]
    return {word for word in words if isinstance(word, str) and VERB.fullmatch(word)}


def written(source: str) -> set[str]:
    """The verbs among what is handed to a function that records an entry."""
    return handed(ast.parse(source), RECORDS)


def with_changes_and_without(source: str) -> tuple[set[str], set[str]]:
    """The verbs whose words are json.dumps(changed), and those with other words or none."""
    found: tuple[set[str], set[str]] = (set(), set())
    for name, call in calls(ast.parse(source)):
        if name in RECORDS:
            found[not (name in WRITES or dumps_what_changed(call))].update(handed(call, {name}))
    return found


def dumps_what_changed(call: ast.Call) -> bool:
    text = next((keyword.value for keyword in call.keywords if keyword.arg == "text"), None)
    return isinstance(text, ast.Call) and ast.unparse(text).startswith("json.dumps(changed")


def machines(of: type = Stated) -> list[type]:
    return [machine for each in of.__subclasses__() for machine in (each, *machines(each))]


def test_every_verb_is_told_in_words():
    verbs = {verb for path in (FACTCHECK / "workflow").glob("*.py") for verb in written(path.read_text())}
    verbs |= {
        f"{machine._meta.model_name}.{state}"
        for machine in machines()
        for ends in machine.TRANSITIONS.values()
        for state in ends
    }
    assert {"claimreview.signed", "person.role", "audit.exported", "claim.dismissed", "anchor.orphaned"} <= verbs
    assert verbs - set(VERBS) == set()
    assert set(VERBS) - verbs == set(), "told, and never written"


def test_only_verbs_that_write_what_they_changed_are_read_as_changes():
    """Everything else is free words: a reason that looks like a change must not be shown as one."""
    found = [with_changes_and_without(path.read_text()) for path in (FACTCHECK / "workflow").glob("*.py")]
    assert {verb for with_changes, _without in found for verb in with_changes} == OF_CHANGES
    assert {verb for _with, without in found for verb in without} & OF_CHANGES == set()


def test_a_planted_verb_is_found():
    assert written('AuditEntry.record(row, "claim.sung_of", by=by)') == {"claim.sung_of"}
