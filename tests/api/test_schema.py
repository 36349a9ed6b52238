"""The API described: valid OpenAPI 3.1 without a warning, and Swagger's page under the strict policy."""

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS

from tests.test_imports import PROJECT

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def test_the_schema_is_valid_nothing_is_guessed_and_the_committed_file_is_current(tmp_path):
    GENERATOR_STATS.reset()
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yaml"))
    written = (tmp_path / "openapi.yaml").read_text()
    assert written.startswith("openapi: 3.1")
    assert written == (PROJECT / "docs" / "openapi.yaml").read_text(), "Type `make openapi`, and read the difference."


def test_each_operation_stands_under_a_tag_that_says_what_it_is_about(openapi):
    used = {tag for methods in openapi["paths"].values() for op in methods.values() for tag in op["tags"]}
    assert used == {tag["name"] for tag in openapi["tags"]}


def test_each_operation_has_a_name_for_programs(openapi):
    names = [op["operationId"] for methods in openapi["paths"].values() for op in methods.values()]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "_" in name]


def test_the_schema_is_read_by_people_of_the_desk_only(client_of, people, stranger):
    for role, user in people.items():
        browser = Browser()
        browser.force_login(user)
        for query in ("", "?version=%0d%0aX: y", "?lang=%00", "?format=xml"):
            answer = browser.get(reverse("api-schema") + query)
            assert answer.status_code == 200, role
            assert answer["Content-Type"].startswith("application/vnd.oai.openapi")
    assert stranger.get("schema/").status_code == 401


def test_swaggers_page_has_no_inline_part(dave):
    browser = Browser()
    answer = browser.get(reverse("api-docs"))
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/api/v1/docs/")
    browser.force_login(dave)
    answer = browser.get(reverse("api-docs") + "?lang=%22%3E&version=x")
    page = answer.content.decode()
    assert "<style" not in page
    assert "<script>" not in page
    policy = answer["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy
    assert "img-src" not in browser.get(reverse("api-schema"))["Content-Security-Policy"]
    script = browser.get(reverse("api-docs") + "?script=&lang=%27%3Balert(1)//")
    assert script["Content-Type"].startswith("application/javascript")
    assert "alert" not in script.content.decode()
