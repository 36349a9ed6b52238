"""Every address of the API for every role, beside test_every_page: nothing breaks, strangers get nothing, and more rows
cost no more queries."""

import copy

import pytest
from django.db import transaction

from tests.browser import newsroom
from tests.browser.addresses import api_addresses
from tests.walking import ROLES, Answer, asked, grown, window

pytestmark = [pytest.mark.api, pytest.mark.django_db]


@pytest.fixture(scope="module")
def filled(kept) -> newsroom.Newsroom:
    return kept(newsroom.fill)


@pytest.fixture(scope="module")
def walks(filled) -> dict[str, list[Answer]]:
    """By people's names; "stranger" for nobody. By carol twice, who may read everything."""
    room, found = copy.deepcopy(filled), {}
    for name in ("stranger", *ROLES):
        client = window(room.people.get(name))
        with transaction.atomic():
            found[name] = [asked(client, address, twice=name == "carol") for address in api_addresses(room)]
            transaction.set_rollback(True)
    return found


def test_a_stranger_is_told_to_log_in(walks):
    open_to_all = ("schema", "docs")
    wrong = [
        answer
        for answer in walks["stranger"]
        if answer.status not in (401, 403, 405) and not any(word in answer.address.path for word in open_to_all)
    ]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_everybody_of_the_desk(role, walks):
    wrong = [answer for answer in walks[role] if answer.status not in (405, 403 if answer.address.of_partners else 200)]
    assert not wrong, "\n".join(map(str, wrong))


def test_more_rows_cost_no_more_queries(walks, filled, zealous, db):
    few = {each.address.name: each.queries for each in walks["carol"]}
    more = newsroom.fill(2)
    found, compared = grown(few, api_addresses(more), more.people["carol"])
    assert found == {}
    assert compared > 10
