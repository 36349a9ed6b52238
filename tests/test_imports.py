"""Who may import whom: the picture in factcheck/__init__.py, held against the code."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).parent.parent
DOORS = ("web", "api", "admin", "management")
# part -> the parts of factcheck that it may import. Anything that is not listed may import nothing of ours.
MAY = {
    "exceptions": set(),
    "models": {"exceptions"},
    "text": set(),
    "fetching": {"exceptions"},
    "permissions": {"models", "exceptions"},
    "retrieval": {"models", "text", "fetching", "exceptions"},
    "claimreview": {"models", "text", "exceptions"},
    "workflow": {"models", "permissions", "text", "retrieval", "claimreview", "fetching", "exceptions"},
    "tasks": {"workflow"},
    "evaluation": {"text", "retrieval", "models"},
    "migrations": {"models"},
    "checks": {"models"},
    "apps": {"checks"},
    **{
        door: {"workflow", "models", "permissions", "text", "retrieval", "claimreview", "exceptions", "templatetags"}
        for door in DOORS
    },
    "templatetags": {"models", "retrieval", "text", "claimreview"},
}
DEFERRED = {("workflow/jobs.py", "tasks"), ("workflow/events.py", "tasks")}  # the allowed calls back
EVALUATORS = {"management/commands/evaluate.py", "management/commands/train.py", "management/commands/bench.py"}


def imports(tree: ast.AST):
    """(module, line, whether it stands inside a function) of every import."""
    inside = {id(child) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno, id(node) in inside
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "." * node.level + (node.module or ""), node.lineno, id(node) in inside
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno, id(node) in inside


def violations(path: str, source: str) -> list[str]:
    """Sentences about what a file of factcheck imports against the picture. path: relative to factcheck/."""
    part = Path(path).parts[0].removesuffix(".py")
    said = []
    for module, line, deferred in imports(ast.parse(source)):
        where = f"{path}:{line}"
        if module.startswith("."):
            said.append(f"{where} imports relatively")
            continue
        if part == "text" and module.split(".")[0] in ("django", "celery", "config"):
            said.append(f"{where}: text imports {module}")
        if not module.startswith("factcheck."):
            continue
        target = module.split(".")[1]
        allowed = target == part or target in MAY.get(part, set())
        allowed |= deferred and (path, target) in DEFERRED
        allowed |= target == "evaluation" and path in EVALUATORS
        if not allowed:
            said.append(f"{where}: {part} imports {target}")
        if part != "models" and target == "models" and len(module.split(".")) > 3 and part != "migrations":
            said.append(f"{where}: import models from factcheck.models")
    return said


def product():
    return sorted((PROJECT / "factcheck").rglob("*.py"))


def test_the_code_keeps_to_the_picture():
    said = [
        sentence
        for path in product()
        for sentence in violations(str(path.relative_to(PROJECT / "factcheck")), path.read_text())
        if path.name != "__init__.py" or path.parent.name != "factcheck"
    ]
    assert said == []
    assert len(product()) > 40


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("text/sentences.py", "from factcheck.models import Claim"),
        ("text/sentences.py", "import django.conf"),
        ("models/claims.py", "from factcheck.workflow import jobs"),
        ("retrieval/ranking.py", "def f():\n    from factcheck.workflow.claims import split"),
        ("web/health.py", "from factcheck.api import articles"),
        ("workflow/claims.py", "from factcheck import tasks"),
        ("workflow/jobs.py", "from factcheck import tasks"),
        ("workflow/claims.py", "def f():\n    from factcheck import tasks"),
        ("workflow/claims.py", "from factcheck.evaluation import metrics"),
        ("web/health.py", "from factcheck.evaluation import metrics"),
        ("workflow/claims.py", "from .jobs import take"),
        ("web/health.py", "from factcheck.models.claims import Claim"),
        ("fetching/urls.py", "import factcheck.models"),
    ],
)
def test_a_planted_violation_is_found(path, source):
    assert len(violations(path, source)) == 1


def test_the_one_allowed_call_back_is_allowed():
    assert violations("workflow/jobs.py", "def hint():\n    from factcheck import tasks") == []


def test_no_file_is_a_drawer_for_everything():
    names = {"utils.py", "helpers.py", "services.py", "managers.py"}
    assert [path for path in product() if path.name in names] == []
