"""Every address for every role: nothing breaks, nothing is shown to strangers, and more rows cost no more queries."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pytest
import zeal.constants
import zeal.patch
from django.db import transaction
from django.urls import resolve

from factcheck.models import Claim, User
from tests.browser import newsroom
from tests.browser.addresses import addresses, admin_addresses, api_addresses, routes, small_addresses
from tests.walking import ROLES, Answer, asked, grown, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ADMITTED = {"carol", "erin", "dave"}  # to the admin and the trail


@dataclass(frozen=True)
class Walk:
    """What somebody was answered at every address."""

    pages: list[Answer]
    admin: list[Answer]

    def __iter__(self) -> Iterator[Answer]:
        return chain(self.pages, self.admin)


def walk(room: newsroom.Newsroom, who: User | None) -> Walk:
    client = window(who)
    every = (addresses(room), admin_addresses())
    return Walk(*([asked(client, address, twice=who == room.people["carol"]) for address in each] for each in every))


@pytest.fixture(scope="module")
def filled(kept) -> newsroom.Newsroom:
    return kept(newsroom.fill)


@pytest.fixture
def room(filled, db) -> newsroom.Newsroom:
    return copy.deepcopy(filled)


@pytest.fixture(scope="module")
def walks(filled) -> dict[str, Walk]:
    """By people's names; "stranger" for nobody. Each address is asked once by each (by carol twice, who may enter
    everything), and the tests look at the answers from several sides."""
    room, found = copy.deepcopy(filled), {}
    for name, who in {"stranger": None, **{role: room.people[role] for role in ROLES}}.items():
        with transaction.atomic():
            found[name] = walk(room, who)
            transaction.set_rollback(True)
    return found


def test_a_stranger_is_sent_to_the_log_in_or_reads_what_is_public(walks):
    stranger = walks["stranger"]
    wrong = []
    for answer in stranger.pages:
        if answer.address.route.startswith("accounts/"):
            fits = answer.status in (200, 302, 405)
        elif answer.address.public:
            fits = answer.status in (200, 405)
        else:
            fits = answer.to_log_in or answer.status == 405
        if not fits:
            wrong.append(answer)
    wrong += [answer for answer in stranger.admin if not answer.to_log_in]
    assert not wrong, "\n".join(map(str, wrong))


def test_what_nobody_may_do_by_a_link_is_not_done_by_one(walks, room):
    """An address that a form is sent to answers a GET with 405."""
    verbs = [answer.address for answer in walks["carol"].pages if answer.status == 405]
    assert len({each.route for each in verbs}) >= 19
    assert all(window().post(each.path).status_code in (401, 403) for each in verbs[:5])


def strange(found: Walk, role: str) -> Iterator[Answer]:
    """Answers that somebody of this role should not have got."""
    for answer in found.pages:
        if (answer.address.of_the_trail and role not in ADMITTED) or answer.address.of_partners:
            fits = answer.status in (403, 405)
        else:
            fits = answer.status in (200, 302, 405) and not answer.to_log_in
        if not fits:
            yield answer
    for answer in found.admin:
        if role not in ADMITTED:
            fits = answer.status in (302, 403)
        else:  # 403: what has a verb is neither added nor deleted here
            shut = answer.address.name.endswith(("-add", "-delete", "-row"))
            fits = answer.status == 200 or (answer.status == 403 and shut)
        if not fits:
            yield answer


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_everybody_of_the_desk(role, walks):
    found = list(strange(walks[role], role))
    assert not found, "\n".join(map(str, found))


def test_no_address_is_left_out(walks, room):
    walked = [*(answer.address for answer in walks["carol"]), *api_addresses(room), *small_addresses()]
    known = {resolve(each.path.partition("?")[0]).route.replace("^", "") for each in walked}
    assert {route.replace("^", "") for route, _ in routes()} - known == set()


def test_nothing_is_found_at_the_small_addresses(room):
    """By nobody, but for the admin's helpers by those who may enter it."""
    found = []
    for role, who in {"stranger": None, **room.people}.items():
        client = window(who)
        for address in small_addresses():
            status = client.get(address.path).status_code
            helper = address.route.startswith("admin/") and role in ADMITTED
            if status not in {302, 401, 403, 404, 405, *([200] if helper else [])}:
                found.append(f"{role} {status} {address.path}")
    assert not found, "\n".join(found)


def test_a_planted_query_per_row_is_found(room, zealous):
    with zeal.zeal_context(), pytest.raises(zeal.NPlusOneError):
        assert [claim.article.url for claim in Claim.objects.all()]


def test_more_rows_cost_no_more_queries(walks, room, zealous):
    few = {each.address.name: each.queries for each in walks["carol"]}
    more = newsroom.fill(2)  # before the log-in: it gives everybody a new password, which ends log-ins
    found, compared = grown(few, (*addresses(more), *admin_addresses()), more.people["carol"])
    assert found == {}
    assert compared > 50
