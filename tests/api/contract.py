"""What a change of the API breaks for a program that was written for the API as it was released.

breaks(released, current): both are OpenAPI 3.1 documents as dictionaries. docs/api.md has the sentences of RULES.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

RULES = {
    "operation-gone": "an operation is gone, or has another address, method or `operationId`",
    "access": "an operation asks for a log-in, a key or a scope that it did not ask for",
    "parameter-gone": "a parameter is no longer taken",
    "parameter-required": "a parameter must be sent that could be left out",
    "body-required": "a body must be sent that could be left out",
    "field-refused": "a field of a body is no longer taken",
    "field-required": "a field of a body must be sent that could be left out",
    "sent-media-type-gone": "a body is no longer taken in a media type",
    "sent-type": "a parameter or field of a body takes fewer types, or null no longer",
    "sent-value-gone": "a value that a parameter or field of a body could have is refused",
    "sent-limit": "what is sent must be shorter, smaller or fewer, or longer, larger or more, or have another pattern",
    "status-gone": "a status is gone from an operation's answers, or one of success is added",
    "header-gone": "a header is gone from an answer",
    "media-type-gone": "an answer comes in another media type",
    "answer-field-gone": "a field is gone from an answer, or may be missing",
    "answer-type": "a field of an answer has another type, or may be null",
    "answer-value-gone": "a value is gone from those that a field of an answer can have",
}
METHODS = ("get", "put", "post", "delete", "patch")
# Bound -> what a change does that lets more through.
BOUNDS = {"maxLength": max, "maximum": max, "maxItems": max, "minLength": min, "minimum": min, "minItems": min}


@dataclass(frozen=True)
class Break:
    rule: str
    where: str

    def __str__(self) -> str:
        return f"{self.where}: {RULES[self.rule]}"


def breaks(released: dict[str, Any], current: dict[str, Any]) -> list[Break]:
    comparison = Comparison(released, current)
    return list(dict.fromkeys(comparison.operations()))


class Comparison:
    def __init__(self, released: dict[str, Any], current: dict[str, Any]) -> None:
        self.released, self.current = released, current
        self.compared: set[tuple[str, str, bool]] = set()
        """Components that were set beside each other already; so one break is named once, and circles end."""

    def operations(self) -> Iterator[Break]:
        for path, operations in self.released["paths"].items():
            for method in METHODS:
                if method in operations:
                    old, new = operations[method], self.current["paths"].get(path, {}).get(method)
                    where = f"{method.upper()} {path}"
                    if new is None or new["operationId"] != old["operationId"]:
                        yield Break("operation-gone", where)
                        continue
                    yield from self.access(old, new, where)
                    yield from self.parameters(old, new, where)
                    yield from self.bodies(old.get("requestBody"), new.get("requestBody"), where)
                    yield from self.answers(old["responses"], new["responses"], where)

    def access(self, old: dict, new: dict, where: str) -> Iterator[Break]:
        """Whoever came in by one of the old ways comes in by one of the new ones."""
        ways = new.get("security", [])
        for way in old.get("security", []):
            if ways and not any(
                all(scheme in way and set(scopes) <= set(way[scheme]) for scheme, scopes in each.items())
                for each in ways
            ):
                yield Break("access", where)
        if ways and not old.get("security"):
            yield Break("access", where)

    def parameters(self, old: dict, new: dict, where: str) -> Iterator[Break]:
        before, after = (
            {(each["in"], each["name"]): each for each in operation.get("parameters", [])} for operation in (old, new)
        )
        for key, parameter in before.items():
            if key not in after:
                yield Break("parameter-gone", f"{where} {key[1]}")
            else:
                yield from self.schema(parameter["schema"], after[key]["schema"], f"{where} {key[1]}", sent=True)
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield Break("parameter-required", f"{where} {key[1]}")

    def bodies(self, old: dict | None, new: dict | None, where: str) -> Iterator[Break]:
        if new and new.get("required") and not (old and old.get("required")):
            yield Break("body-required", where)
        for media_type, content in (old or {"content": {}})["content"].items():
            taken = (new or {"content": {}})["content"].get(media_type)
            if taken is None:
                yield Break("sent-media-type-gone", f"{where} {media_type}")
            else:
                yield from self.schema(content["schema"], taken["schema"], f"{where} body", sent=True)

    def answers(self, old: dict, new: dict, where: str) -> Iterator[Break]:
        for status in old.keys() - new.keys() | {each for each in new.keys() - old.keys() if each.startswith("2")}:
            yield Break("status-gone", f"{where} {status}")
        for status in old.keys() & new.keys():
            before, after = old[status], new[status]
            for name in before.get("headers", {}).keys() - after.get("headers", {}).keys():
                yield Break("header-gone", f"{where} {status} {name}")
            said, says = before.get("content", {}), after.get("content", {})
            if said.keys() != says.keys():
                yield Break("media-type-gone", f"{where} {status}")
            for media_type in said.keys() & says.keys():
                schemas = (each[media_type].get("schema", {}) for each in (said, says))
                yield from self.schema(*schemas, f"{where} {status}", sent=False)

    def schema(self, old: dict, new: dict, where: str, *, sent: bool) -> Iterator[Break]:
        """sent: what fitted the old schema must fit the new one. Else: what fits the new one must fit the old one."""
        names = old.get("$ref"), new.get("$ref")
        if names[0] and names[1]:
            if (*names, sent) in self.compared:
                return
            self.compared.add((*names, sent))
            where = f"{names[0].rsplit('/', 1)[-1]}, as {'sent' if sent else 'answered'}"
        before, after = Shape(old, self.released), Shape(new, self.current)
        if before.several or after.several:
            yield from self.alternatives(before, after, where, sent=sent)
            return
        wide, narrow = (after, before) if sent else (before, after)
        if not all(kind in wide.types or kind.split(":")[0] in wide.types for kind in narrow.types):
            yield Break("sent-type" if sent else "answer-type", where)
            return
        if sent:
            if after.values is not None and (before.values is None or not before.values <= after.values):
                yield Break("sent-value-gone", where)
            yield from self.limits(before.facts, after.facts, where)
        elif before.values is not None and (after.values is None or not before.values <= after.values):
            yield Break("answer-type" if after.values is None else "answer-value-gone", where)
        yield from self.fields(before.facts, after.facts, where, sent=sent)
        for inner in ("items", "additionalProperties"):
            if isinstance(before.facts.get(inner), dict) and isinstance(after.facts.get(inner), dict):
                yield from self.schema(before.facts[inner], after.facts[inner], f"{where}[]", sent=sent)

    def alternatives(self, before: "Shape", after: "Shape", where: str, *, sent: bool) -> Iterator[Break]:
        """Of which one applies: each that could be sent still can, each that is answered could be before."""
        some, others = (before, after) if sent else (after, before)
        for each in some.several or [some.facts]:
            fits = False
            for other in others.several or [others.facts]:
                pair = (each, other) if sent else (other, each)
                inside = Comparison(self.released, self.current)
                fits = fits or not list(inside.schema(*pair, where, sent=sent))
            if not fits:
                yield Break("sent-type" if sent else "answer-type", where)

    def fields(self, old: dict, new: dict, where: str, *, sent: bool) -> Iterator[Break]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must, must_now = set(old.get("required", [])), set(new.get("required", []))
        for name in before.keys() - after.keys():
            yield Break("field-refused" if sent else "answer-field-gone", f"{where}.{name}")
        for name in sorted(must_now - must if sent else (must - must_now) & after.keys()):
            yield Break("field-required" if sent else "answer-field-gone", f"{where}.{name}")
        for name in before.keys() & after.keys():
            yield from self.schema(before[name], after[name], f"{where}.{name}", sent=sent)

    def limits(self, old: dict, new: dict, where: str) -> Iterator[Break]:
        for bound, looser in BOUNDS.items():
            if bound in new and (bound not in old or looser(old[bound], new[bound]) != new[bound]):
                yield Break("sent-limit", where)
        if "pattern" in new and new["pattern"] != old.get("pattern"):
            yield Break("sent-limit", where)


class Shape:
    """A schema with its references followed: which JSON types and values it lets through, and its other facts.

    values: None for any. several: alternatives that are more than one type or list of values; empty if there is one.
    """

    ANYTHING = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})

    def __init__(self, schema: dict, document: dict) -> None:
        facts = followed(schema, document)
        parts = [followed(each, document) for each in (*facts.get("oneOf", []), *facts.get("anyOf", []))]
        parts = [each for each in parts if "type" in each or "enum" in each or "properties" in each]
        nulls = [each for each in parts if each.get("type") == "null" or each.get("enum") == [None]]
        rest = [each for each in parts if each not in nulls]
        listed = bool(rest) and all("enum" in each for each in rest)
        if listed:
            rest = [{**rest[0], "enum": [value for each in rest for value in each["enum"]]}]
        self.several = rest if len(rest) > 1 else []
        self.facts = {**facts, **rest[0]} if len(rest) == 1 else facts
        kinds = self.facts.get("type", ["object"] if "properties" in self.facts else [])
        self.types = frozenset([kinds] if isinstance(kinds, str) else kinds)
        self.types = self.types | ({"null"} if nulls else set()) if self.types else self.ANYTHING
        if "number" in self.types:
            self.types |= {"integer"}
        if "string" in self.types and "format" in self.facts:
            self.types = self.types - {"string"} | {f"string:{self.facts['format']}"}
        self.values = frozenset(map(repr, self.facts["enum"])) if "enum" in self.facts else None


def followed(schema: dict, document: dict) -> dict:
    """With what it refers to, and what `allOf` adds, in its place."""
    while "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        schema = {**document["components"]["schemas"][name], **{k: v for k, v in schema.items() if k != "$ref"}}
    if "allOf" not in schema:
        return schema
    whole: dict[str, Any] = {}
    for each in schema["allOf"]:
        whole = {**whole, **followed(each, document)}
    return {**whole, **{k: v for k, v in schema.items() if k != "allOf"}}
