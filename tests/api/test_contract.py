"""What a change breaks for partners is caught: every rule on a break that is planted, and none on what only adds."""

import copy
from collections.abc import Callable

import pytest
import yaml

from tests.api.contract import RULES, breaks
from tests.test_imports import PROJECT

pytestmark = pytest.mark.api


def document(name: str) -> dict:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((PROJECT / "docs" / name).read_text(), loader)  # noqa: S506 - a safe one, in C where there is one


@pytest.fixture(scope="module")
def released() -> dict:
    return document("openapi-released.yaml")


class Document:
    """Shorter words for places of the released schema, to plant changes in a copy of it."""

    def __init__(self, released: dict) -> None:
        self.whole = copy.deepcopy(released)
        self.paths = self.whole["paths"]
        self.claims = self.paths["/api/v1/claims/"]["get"]
        self.article = self.paths["/api/v1/articles/{id}/"]
        self.submit = self.paths["/api/v1/articles/"]["post"]
        self.schemas = self.whole["components"]["schemas"]
        self.sent = self.schemas["NewArticle"]
        self.answered = self.schemas["Article"]

    def asked(self, name: str) -> dict:
        return next(each for each in self.claims["parameters"] if each["name"] == name)


# What is done to the schema -> the rule that it breaks. Each leaves the schema a valid one.
PLANTED: list[tuple[str, Callable[[Document], object]]] = [
    ("operation-gone", lambda it: it.paths.pop("/api/v1/publications/{slug}/")),
    ("operation-gone", lambda it: it.article.update(put=it.article.pop("get"))),
    ("operation-gone", lambda it: it.claims.update(operationId="findClaims")),
    ("access", lambda it: it.claims.update(security=[{"key": ["claims:read"]}])),
    ("access", lambda it: it.claims.update(security=[{"session": ["editors"]}])),
    ("parameter-gone", lambda it: it.claims["parameters"].remove(it.asked("words"))),
    ("parameter-required", lambda it: it.asked("words").update(required=True)),
    (
        "parameter-required",
        lambda it: it.claims["parameters"].append(
            {"in": "query", "name": "desk", "schema": {"type": "string"}, "required": True}
        ),
    ),
    ("body-required", lambda it: it.submit["requestBody"].update(required=True)),
    ("field-refused", lambda it: it.sent["properties"].pop("note")),
    ("field-required", lambda it: it.sent.update(required=["title"])),
    (
        "field-required",
        lambda it: (it.sent["properties"].update(desk={"type": "string"}), it.sent.update(required=["desk"])),
    ),
    ("sent-media-type-gone", lambda it: it.submit["requestBody"]["content"].pop("multipart/form-data")),
    ("sent-type", lambda it: it.sent["properties"]["note"].update(type="integer")),
    ("sent-type", lambda it: it.sent["properties"]["published"].update(type="string")),
    ("sent-type", lambda it: it.sent["properties"]["url"].update(format="uri")),
    ("sent-type", lambda it: it.schemas["NewEvidence"]["oneOf"].pop()),
    ("sent-value-gone", lambda it: it.sent["properties"]["outside_search"].update(enum=["allowed"])),
    ("sent-value-gone", lambda it: it.sent["properties"]["note"].update(enum=["by mail"])),
    ("sent-limit", lambda it: it.sent["properties"]["title"].update(maxLength=999)),
    ("sent-limit", lambda it: it.sent["properties"]["title"].update(minLength=1)),
    ("sent-limit", lambda it: it.sent["properties"]["title"].update(pattern="^[a-z]*$")),
    ("sent-limit", lambda it: it.asked("limit")["schema"].update(maximum=50)),
    ("sent-limit", lambda it: it.asked("cursor")["schema"].update(minLength=2)),
    ("status-gone", lambda it: it.submit["responses"].pop("200")),
    ("status-gone", lambda it: it.article["get"]["responses"].pop("404")),
    ("status-gone", lambda it: it.claims["responses"].update({"206": it.claims["responses"]["200"]})),
    ("header-gone", lambda it: it.submit["responses"]["202"]["headers"].pop("Location")),
    (
        "media-type-gone",
        lambda it: it.claims["responses"]["200"].update(content={"text/csv": {"schema": {"type": "string"}}}),
    ),
    ("answer-field-gone", lambda it: (it.answered["properties"].pop("note"), it.answered["required"].remove("note"))),
    ("answer-field-gone", lambda it: it.answered["required"].remove("note")),
    ("answer-type", lambda it: it.answered["properties"]["version"].update(type="string")),
    ("answer-type", lambda it: it.answered["properties"]["version"].update(type="number")),
    ("answer-type", lambda it: it.answered["properties"]["note"].update(type=["string", "null"])),
    ("answer-type", lambda it: it.answered["properties"]["created_at"].pop("format")),
    ("answer-type", lambda it: it.schemas["Block"]["properties"]["start"].update(type=["integer", "null"])),
    ("answer-value-gone", lambda it: it.schemas["JobState"]["enum"].remove("dead")),
]
ADDED: dict[str, Callable[[Document], object]] = {
    "nothing": lambda it: None,
    "an operation": lambda it: it.paths.update({"/api/v1/new/": it.paths["/api/v1/claims/"]}),
    "a method": lambda it: it.article.update(delete=it.article["get"]),
    "a way in": lambda it: it.claims.update(security=[{"session": []}, {"key": ["claims:read"]}]),
    "a parameter that may be left out": lambda it: it.claims["parameters"].append(
        {"in": "query", "name": "desk", "schema": {"type": "string"}}
    ),
    "a field that may be sent": lambda it: it.sent["properties"].update(desk={"type": "string"}),
    "a field that is answered": lambda it: (
        it.answered["properties"].update(seq={"type": "integer"}), it.answered["required"].append("seq")),
    "null may be sent": lambda it: it.sent["properties"]["note"].update(type=["string", "null"]),
    "more may be sent": lambda it: it.sent["properties"]["title"].update(maxLength=2000),
    "another media type": lambda it: it.submit["requestBody"]["content"].update({"text/plain": {"schema": {}}}),
    "another value": lambda it: it.schemas["ClaimStatus"]["enum"].append("withdrawn"),
    "a header": lambda it: it.claims["responses"]["200"].update(headers={"RateLimit": {"schema": {}}}),
    "a problem": lambda it: it.claims["responses"].update({"429": it.claims["responses"]["404"]}),
    "what was null never is": lambda it: it.answered["properties"]["published_at"].update(type="string"),
    "another kind of evidence": lambda it: it.schemas["NewEvidence"]["oneOf"].append(
        {"$ref": "#/components/schemas/NewArticle"}
    ),
    "other words": lambda it: it.claims.update(summary="Claims of all articles", description=""),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "plant"), PLANTED)
def test_a_break_is_caught(released, rule, plant):
    changed = Document(released)
    plant(changed)
    found = breaks(released, changed.whole)
    assert {each.rule for each in found} == {rule}, found


@pytest.mark.parametrize("add", ADDED.values(), ids=ADDED)
def test_what_only_adds_passes(released, add):
    changed = Document(released)
    add(changed)
    assert breaks(released, changed.whole) == []


def test_every_rule_has_a_break_and_is_written_down():
    assert {rule for rule, _ in PLANTED} == set(RULES)
    said = (PROJECT / "docs" / "api.md").read_text()
    assert [sentence for sentence in RULES.values() if f"- {sentence};\n" not in said] == []


def test_the_api_as_it_is_breaks_nothing_for_programs_written_for_the_released_one(released):
    found = breaks(released, document("openapi.yaml"))
    assert not found, "docs/api.md says what a deliberate break needs.\n" + "\n".join(map(str, found))
