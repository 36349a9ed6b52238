"""A client of the API that proves its CSRF token, and checks every answer against the schema."""

import json
import re

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from tests import factories

ROLES = ("reporter", "checker", "editor", "administrator", "auditor")
TOKEN = "t" * 32


def closed(node):
    """The schema, with every object that lists its properties holding those and no others."""
    if isinstance(node, dict):
        node = {name: closed(value) for name, value in node.items()}
        if node.get("type") == "object" and "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
    elif isinstance(node, list):
        node = [closed(value) for value in node]
    return node


@pytest.fixture(scope="session")
def openapi():
    schema = closed(SchemaGenerator().get_schema(request=None, public=True))
    schema["components"]["schemas"]["Problem"]["properties"]["current"] = {"type": "object"}
    return schema


class Client(APIClient):
    """`client.get("claims/")`. Whatever comes back fits the schema."""

    def __init__(self, openapi, user=None) -> None:
        super().__init__(enforce_csrf_checks=True, SERVER_NAME="localhost")
        self.openapi = openapi
        if user is not None:
            self.force_login(user)
            self.cookies["csrftoken"] = TOKEN
            self.credentials(HTTP_X_CSRFTOKEN=TOKEN)

    def generic(self, method, path, *args, seen=None, **extra):
        if seen is not None:
            extra["HTTP_IF_MATCH"] = f'"{seen}"'
        if not path.startswith(("/", "http")):
            path = f"/api/v1/{path}"
        path = re.sub(r"^http://localhost(:\d+)?", "", path)
        response = super().generic(method, path, *args, **extra)
        self.check(method, path, response)
        return response

    def _encode_data(self, data, format=None, content_type=None):
        """ASCII with escapes: DRF's own encoder cannot send half a character."""
        if format == "multipart":
            return super()._encode_data(data, format)
        return (b"", content_type) if data is None else (json.dumps(data).encode(), "application/json")

    def get(self, path, data=None, **extra):
        return super().get(path if path.startswith(("/", "http")) else f"/api/v1/{path}", data, **extra)

    def check(self, method, path, response):
        status = response.status_code
        assert status < 500, response.content[:500]
        if status >= 400:
            assert response["Content-Type"] == "application/problem+json", (status, path)
            body = response.json()
            assert body["status"] == status
            self.fits({"$ref": "#/components/schemas/Problem"}, body)
        operation = self.operation(method, path.split("?")[0])
        if operation is None or status == 405:
            return
        said = operation["responses"]
        assert str(status) in said, f"{method} {path} answered {status}: {response.content[:300]!r}"
        content = said[str(status)]["content"]
        media_type = response["Content-Type"].split(";")[0]
        assert list(content) == [media_type]
        self.fits(content[media_type]["schema"], response.json())
        for name in said[str(status)].get("headers", {}):
            assert name in response.headers

    def fits(self, schema, body):
        validator = jsonschema.Draft202012Validator({**schema, "components": self.openapi["components"]})
        error = jsonschema.exceptions.best_match(validator.iter_errors(body))
        assert error is None, f"{error.json_path}: {error.message[:400]}"

    def operation(self, method, path):
        if path in self.openapi["paths"]:  # sources/imports/ is no source
            return self.openapi["paths"][path].get(method.lower())
        for template, operations in self.openapi["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return operations.get(method.lower())
        return None


@pytest.fixture
def client_of(openapi):
    return lambda user=None: Client(openapi, user)


@pytest.fixture
def people(db):
    return {role: factories.person(role.title(), role) for role in ROLES}


@pytest.fixture
def stranger(client_of):
    return client_of()


@pytest.fixture
def by_bob(client_of, bob):
    return client_of(bob)


@pytest.fixture
def by_carol(client_of, carol):
    return client_of(carol)


@pytest.fixture
def claim(db):
    claim = factories.claim(speaker="Ada Lind")
    factories.anchor(claim)
    return claim


@pytest.fixture
def with_key(client_of):
    """with_key(whole) -> the client of a program that sends this key and no cookie."""

    def client(whole):
        client = client_of()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {whole}")
        return client

    return client
