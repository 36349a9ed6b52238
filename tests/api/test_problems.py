"""The page behind the type of each problem, and what a program is told when something broke."""

import logging

import pytest
from django.test import Client
from django.urls import include, path

from factcheck.api.errors import TYPES
from tests.test_imports import PROJECT

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def broken(request):
    raise ZeroDivisionError("a secret of the house")


urlpatterns = [path("api/v1/broken/", broken), path("broken/", broken), path("", include("config.urls"))]
handler500 = "factcheck.api.problems.unexpected"


def test_each_type_of_problem_leads_to_its_page():
    stranger, said = Client(), (PROJECT / "docs" / "api.md").read_text()
    for kind, (status, title) in TYPES.items():
        answer = stranger.get(f"/problems/{kind}", follow=True)
        page = answer.content.decode()
        assert (answer.status_code, answer.redirect_chain) == (200, [(f"/problems/{kind}/", 301)])
        assert f"<h1>{title}</h1>" in page
        assert f"HTTP/1.1 {status}\n" in page
        assert f"| `/problems/{kind}` | {status} | {title} |\n" in said
    assert stranger.get("/problems/no-such-type/").status_code == 404
    assert stranger.post("/problems/refused/").status_code == 405


@pytest.mark.urls("tests.api.test_problems")
def test_what_broke_is_a_problem_with_an_id_that_is_in_the_log(caplog):
    caplog.set_level(logging.ERROR)
    stranger = Client(raise_request_exception=False)
    answer = stranger.get("/api/v1/broken/")
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert (problem["type"], problem["status"]) == ("/problems/unexpected", 500)
    assert "secret" not in answer.content.decode()
    logged = [record.msg for record in caplog.records if record.name.startswith("django_structlog")]
    assert [(each["event"], each["request_id"]) for each in logged] == [("request_failed", problem["id"])]
    assert "text/html" in stranger.get("/broken/")["Content-Type"]
