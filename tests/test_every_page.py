"""Every address for every role: nothing breaks, nothing is shown to strangers, and more rows cost no more queries."""

import pytest
import zeal.constants
import zeal.patch
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from factcheck.models import Claim
from tests.browser import newsroom
from tests.browser.addresses import Address, addresses, admin_addresses, api_addresses, routes, small_addresses

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ADMITTED = {"carol", "erin", "dave"}  # to the admin and the trail


@pytest.fixture
def room(db):
    return newsroom.fill()


def window(who=None) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    if who is not None:
        client.force_login(who)
    return client


def to_log_in(response) -> bool:
    return response.status_code == 302 and response.url.startswith(("/accounts/login/", "/admin/login/"))


def test_a_stranger_is_sent_to_the_log_in_or_reads_what_is_public(room):
    stranger = window()
    wrong = []
    for address in addresses(room):
        response = stranger.get(address.path)
        if address.route.startswith("accounts/"):
            fits = response.status_code in (200, 302, 405)
        elif address.public:
            fits = response.status_code in (200, 405)
        else:
            fits = to_log_in(response) or response.status_code == 405
        if not fits:
            wrong.append(f"{response.status_code} {address.path}")
    wrong += [each.path for each in admin_addresses() if not to_log_in(stranger.get(each.path))]
    for address in api_addresses(room):
        status = stranger.get(address.path).status_code
        if status not in (401, 403, 405) and "schema" not in address.path and "docs" not in address.path:
            wrong.append(f"{status} {address.path}")
    assert not wrong, "\n".join(wrong)


def test_what_nobody_may_do_by_a_link_is_not_done_by_one(room):
    """An address that a form is sent to answers a GET with 405."""
    carol = window(room.people["carol"])
    verbs = [each for each in addresses(room) if carol.get(each.path).status_code == 405]
    assert len({each.route for each in verbs}) >= 19
    assert all(window().post(each.path).status_code in (401, 403) for each in verbs[:5])


def strange(client: Client, room, role: str) -> list[str]:
    """Addresses that answer somebody of this role as they should not."""
    found = []
    for address in addresses(room):
        response = client.get(address.path)
        if address.of_the_trail and role not in ADMITTED:
            fits = response.status_code in (403, 405)
        else:
            fits = response.status_code in (200, 302, 405) and not to_log_in(response)
        if not fits:
            found.append(f"{role} {response.status_code} {address.path}")
    for address in admin_addresses():
        status = client.get(address.path).status_code
        if role not in ADMITTED:
            fits = status in (302, 403)
        else:  # 403: what has a verb is neither added nor deleted here
            fits = status == 200 or (status == 403 and address.name.endswith(("-add", "-delete", "-row")))
        if not fits:
            found.append(f"{role} {status} {address.path}")
    for address in api_addresses(room):
        status = client.get(address.path).status_code
        if status not in (200, 405):
            found.append(f"{role} {status} {address.path}")
    return found


def test_every_page_answers_everybody_of_the_desk(room):
    found = [each for role, who in room.people.items() for each in strange(window(who), room, role)]
    assert not found, "\n".join(found)


def test_no_address_is_left_out(room):
    walked = [*addresses(room), *admin_addresses(), *api_addresses(room), *small_addresses()]
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


def counted(client: Client, places: list[Address]) -> tuple[dict[str, int], list[str]]:
    """Queries by page, and what zeal says of them."""
    counts, said = {}, []
    for address in places:
        client.get(address.path)  # what is kept between requests is kept now
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            zeal.zeal_context(),
        ):
            try:
                if client.get(address.path).status_code == 200:
                    counts[address.name] = len(queries)
            except zeal.NPlusOneError as error:
                said.append(f"{address.path}: {error}")
    return counts, said


@pytest.fixture(scope="module")
def zealous():
    """Once: patched twice, zeal counts every query twice."""
    zeal.constants.initialize_app_registry()
    zeal.patch.patch()


def test_a_planted_query_per_row_is_found(room, zealous):
    with zeal.zeal_context(), pytest.raises(zeal.NPlusOneError):
        assert [claim.article.url for claim in Claim.objects.all()]


def test_more_rows_cost_no_more_queries(room, zealous):
    client = window(room.people["carol"])
    client.raise_request_exception = True

    def everywhere(room):
        # A key for a new password names one person and the log-in another: two look-ups, and no row more costs a third.
        every = [*addresses(room), *admin_addresses(), *api_addresses(room)]
        return [place for place in every if "/password/reset/key/" not in place.path]

    few, _ = counted(client, everywhere(room))
    more, said = counted(client, everywhere(newsroom.fill(2)))
    assert not said, "\n".join(said)
    grown = {name: (few[name], more[name]) for name in few if name in more and more[name] > few[name]}
    assert grown == {}
    assert len(few) > 50
