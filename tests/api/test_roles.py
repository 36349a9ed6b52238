"""Each operation for each role and for strangers, walked from the API's own list of addresses."""

import pytest

from factcheck.api.doors import Row
from factcheck.api.urls import urlpatterns
from factcheck.models import ClaimReview, Comment, Job
from factcheck.permissions import MAY, OWN, Reach, may
from tests import factories
from tests.api.addresses import VERBS, operations, place
from tests.api.conftest import ROLES

pytestmark = [pytest.mark.api, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def a_service_to_ask(settings):
    settings.PROVIDERS = factories.SEARXNG


def test_every_operation_is_in_the_table_and_in_the_schema(openapi):
    assert sorted(operations()) == sorted(VERBS)
    described = {
        f"{method.upper()} {path.removeprefix('/api/v1/').replace('{', '<').replace('}', '>')}"
        for path, methods in openapi["paths"].items()
        for method in methods
    }
    assert described == set(VERBS)


@pytest.mark.parametrize("operation", operations())
def test_a_stranger_is_told_to_log_in(operation, stranger, bob, carol):
    spot = place(operation, bob, carol)
    answer = spot.call(stranger)
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/not-logged-in"
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", operations())
def test_the_permission_table_decides(operation, role, client_of, bob, carol):
    person = factories.person("Somebody", role)
    answer = place(operation, bob, carol).call(client_of(person))
    if may(person, VERBS[operation]) and MAY[VERBS[operation]][role] != Reach.OWN:  # the rows are bob's
        assert answer.status_code in (200, 201, 202), answer.content
    elif may(person, VERBS[operation]):
        assert answer.status_code == 403
        own = OWN[{"jobs": Job, "comments": Comment}.get(operation.split()[1].split("/")[0], ClaimReview)]
        said = f"Somebody ({person.get_role_display()}) may {VERBS[operation]} only as {own}."
        assert answer.json()["detail"] == said
    else:
        assert answer.status_code == 403
        assert answer.json()["detail"] == f"Somebody ({person.get_role_display()}) may not {VERBS[operation]}."


@pytest.mark.parametrize("operation", [each for each in operations() if not each.startswith("GET")])
def test_a_write_without_the_csrf_token_is_refused(operation, client_of, bob, carol):
    client = client_of(carol)
    client.credentials()
    answer = place(operation, bob, carol).call(client)
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


def test_who_lost_the_log_in_is_a_stranger(client_of, bob):
    client = client_of(bob)
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get("claims/").status_code == 401


NOT_OF_THE_DESK = "manage webhooks"  # tests/api/test_webhooks.py
WRITES = [
    each for each in operations() if not each.startswith("GET") and "<" in each and VERBS[each] != NOT_OF_THE_DESK
]


@pytest.mark.parametrize("operation", WRITES)
def test_a_write_says_which_version_was_read(operation, client_of, bob, carol):
    client = client_of(carol)
    spot = place(operation, bob, carol)
    for wrong in ("", "*", "3"):
        spot.seen = None
        headers = {"HTTP_IF_MATCH": wrong} if wrong else {}
        answer = spot.call(client, **headers)
        assert answer.status_code == 428
        assert answer.json()["type"] == "/problems/no-precondition"


@pytest.mark.parametrize("operation", WRITES)
def test_a_stale_write_loses_and_is_shown_what_stands_there(operation, client_of, bob, carol):
    client = client_of(carol)
    spot = place(operation, bob, carol)
    right = spot.seen
    for stale in ('"99"', f'W/"{right}"', '"dead-99"', '"x", "y"'):
        answer = spot.call(client, HTTP_IF_MATCH=stale)
        assert answer.status_code == 412, answer.content
        assert answer["ETag"] == f'"{right}"'
        current = answer.json()["current"]
        assert current.get("id") or current["review"]
    assert spot.call(client, HTTP_IF_MATCH=f'"99", "{right}"').status_code in (200, 201)


def test_every_address_with_a_key_is_about_a_row():
    views = {pattern.callback.cls for pattern in urlpatterns if "<str:id>" in str(pattern.pattern)}
    # What is told to a webhook has no version: it is sent again as it was.
    sent = {"Ping", "Deliveries", "ReplayFailed", "ReplayOne"}
    assert {view.__name__ for view in views if not issubclass(view, Row)} == sent
