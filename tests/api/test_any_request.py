"""Requests made from the schema, by the thousand, on a full newsroom: what is answered is what docs/openapi.yaml says.

As an editor's session, and as a partner's key wherever keys open. Every check of schemathesis is on. The seed is fixed;
`make fuzz-api` takes others, and more requests.
"""

import copy
import logging
import os
import random
import re
from collections import defaultdict
from contextlib import suppress
from itertools import cycle

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.urls import resolve
from hypothesis import HealthCheck, settings
from rest_framework.exceptions import NotFound
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.pytest.lazy import get_all_tests

from config.wsgi import application
from factcheck.api.doors import Row, etag
from factcheck.models import Article, Evidence, Reply
from tests import factories
from tests.api.addresses import BODIES
from tests.api.conftest import TOKEN
from tests.browser import newsroom
from tests.browser.addresses import keys
from tests.walking import window

pytestmark = [pytest.mark.api, pytest.mark.django_db]

MANY, SEED = os.environ.get("MANY"), int(os.environ.get("SEED") or 1)
CONFIG = {
    "seed": SEED,
    "generation": {"no-shrink": True, "with-security-parameters": False},
    # Its own lists, and what it does not count: 412 and 428 are about If-Match (RFC 9110, RFC 6585), 413 about the
    # size; and a rule of the desk (422) can stand against what fits the schema.
    "checks": {
        "missing_required_header": {"expected-statuses": [401, 403, 406, 428]},
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428],
        },
        "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 412, 422]},
    },
}
EXAMPLES = settings(
    max_examples=int(MANY or 2),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def filled(kept):
    """A newsroom, a partner whose articles are two of its, and the partner's key."""

    def build():
        room, partner = newsroom.fill(), factories.partner()
        Article.objects.filter(pk__in=[room.articles["latin"], room.articles["hebrew"]]).update(submitted_by=partner)
        return room, partner, factories.api_key(partner, per_minute=100_000)

    return kept(build)


@pytest.fixture(autouse=True)
def quiet():
    """A line of log for each of thousands of requests takes longer than the request."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def one_connection():
    """Not closed around each request, and the newsroom with it: what Django's own client of tests does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Requests:
    """Of one principal. `answered`: operation -> status -> how often."""

    def __init__(self, room, user, key: str) -> None:
        self.room, self.user = room, user
        self.dice = random.Random(SEED)  # noqa: S311 - the same requests each time
        self.answered: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.keys = {word: cycle(known.values()) for word, known in keys(room).items()}
        headers = {"Authorization": f"Bearer {key}"}
        config = SchemathesisConfig.from_dict(CONFIG)
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=config, headers=headers)
        for path, operations in self.schema.raw_schema["paths"].items():
            for method, operation in operations.items():
                self.illustrate(path.removeprefix("/api/v1/"), method.upper(), operation)

    def illustrate(self, route: str, method: str, operation: dict) -> None:
        """With examples of what is there, so that the first requests are such that something is done."""
        body = BODIES.get(f"{method} {route.replace('{', '<').replace('}', '>')}")
        if body:
            operation["requestBody"]["content"]["application/json"]["example"] = body
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query" and parameter["name"] == "claim":
                parameter["example"] = self.room.claims["detected"]

    def send(self, subtests) -> None:
        load_all_checks()
        for found in get_all_tests(schema=self.schema, test_func=self.ask, settings=EXAMPLES, given_kwargs={}):
            operation, test = found.ok()
            with subtests.test(operation.label):
                test()

    def ask(self, case) -> None:
        """A few, and of what follows a few more. By hand all of them."""
        sent = sum(self.answered[case.operation.label].values())
        if MANY is None and sent >= 8 and self.dice.random() > 0.1:
            return
        with transaction.atomic():
            self.point(case)
            response = case.call_and_validate()
            self.answered[case.operation.label][response.status_code] += 1
            transaction.set_rollback(True)

    def point(self, case) -> None:
        """At a row that is there, in the version that it has, where key and version were well formed."""
        place = re.match(r"/api/v1/(?:.*/)?(.+?)/{(.+)}", case.operation.path)
        if not place or case.meta.components[ParameterLocation.PATH].mode.is_negative:
            return
        key = case.path_parameters[place[2]] = next(self.keys[place[1]])
        view = resolve(case.operation.path.replace(f"{{{place[2]}}}", str(key))).func.cls()
        if isinstance(view, Row) and "If-Match" in (case.headers or {}):
            with suppress(NotFound):  # somebody else's
                row = view.find(str(key), self.user)
                case.headers["If-Match"] = etag(view.version(row.review if isinstance(row, (Evidence, Reply)) else row))


def test_to_an_editor(filled, db, subtests):
    room, _, key = copy.deepcopy(filled)
    requests = Requests(room, room.people["carol"], key)
    session = window(room.people["carol"]).cookies["sessionid"].value

    @requests.schema.auth()
    class Session:
        def get(self, case, context):
            return session

        def set(self, case, session, context):
            case.cookies = {**(case.cookies or {}), "sessionid": session, "csrftoken": TOKEN}
            case.headers["X-CSRFToken"] = TOKEN

    requests.send(subtests)


def test_to_a_partner(filled, db, subtests):
    room, partner, key = copy.deepcopy(filled)
    requests, delivery = Requests(room, partner, key), factories.delivery(partner)
    requests.keys |= {"webhooks": cycle([delivery.endpoint_id]), "deliveries": cycle([delivery.pk])}
    requests.schema = requests.schema.include(
        lambda ctx: any("key" in each for each in ctx.operation.definition.raw["security"])
    )

    @requests.schema.auth()
    class Key:
        def get(self, case, context):
            return key

        def set(self, case, key, context):
            case.headers["Authorization"] = f"Bearer {key}"

    requests.send(subtests)
