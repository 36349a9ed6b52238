"""The table that tells the trail to people knows every verb that the code writes into it."""

import ast
import re
from pathlib import Path

import pytest

from factcheck.models import Stated
from factcheck.web.acts import VERBS

pytestmark = pytest.mark.unit

FACTCHECK = Path(__file__).parent.parent / "factcheck"
VERB = re.compile(r"[a-z]+\.[a-z_]+")
RECORDS = {"record", "_record", "_write", "_person"}  # AuditEntry.record, and what hands a verb on to it


def written(source: str) -> set[str]:
    """The verbs among what is handed to a function that records an entry."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    named = ((getattr(call.func, "attr", getattr(call.func, "id", "")), call) for call in calls)
    given = [argument for name, call in named if name in RECORDS for argument in call.args]
    words = [part.value for each in given for part in ast.walk(each) if isinstance(part, ast.Constant)]
    return {word for word in words if isinstance(word, str) and VERB.fullmatch(word)}


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


def test_a_planted_verb_is_found():
    assert written('AuditEntry.record(row, "claim.sung_of", by=by)') == {"claim.sung_of"}
