"""Two web servers count together, and a broker that lost its data forgets no attempt."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.core.cache import cache

from tests import factories
from tests.servers import serving

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def two_desks(servers, django_db_setup, tmp_path_factory):
    logs = tmp_path_factory.mktemp("two")
    with serving(logs / "first.log") as first, serving(logs / "second.log") as second:
        yield first, second


@pytest.fixture(autouse=True)
def nobody_tried_yet(transactional_db):
    cache.clear()
    yield
    cache.clear()


def attempt(address: str, path: str, **typed: str) -> str:
    """A browser of its own sends the form; the page that comes."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    form = opener.open(f"{address}{path}").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form).group(1)
    body = urlencode({"csrfmiddlewaretoken": token, **typed}).encode()
    try:
        return opener.open(f"{address}{path}", body).read().decode()
    except HTTPError as refused:
        return f"{refused.code} {refused.headers['Retry-After']}"


def test_attempts_at_both_doors_are_counted_together(two_desks, broker):
    bob = factories.person("Bob")

    def guess(number: int) -> str:
        return attempt(two_desks[number % 2], "/accounts/login/", login=bob.email, password=f"guess number {number}")

    with ThreadPoolExecutor(8) as crowd:  # all at once: what is read and written back must not be lost in between
        pages = list(crowd.map(guess, range(16)))
    taken = [page for page in pages if "do not belong together" in page]
    assert len(taken) == 5
    assert sum("too many attempts" in page for page in pages) == 11
    broker.flushall()
    assert "too many attempts" in guess(16)
    assert "too many attempts" in guess(17)


def test_requests_for_mails_are_counted_together(two_desks):
    def ask(number: int) -> str:
        return attempt(two_desks[number % 2], "/accounts/password/reset/", email="nobody@example.org")

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(ask, range(8)))
    assert answers.count("429 3600") == 3
