"""Mangled inputs through the API: as one article and as one of a batch (tests/mangled holds classes and table)."""

import pytest

from tests.mangled.doors import Desk
from tests.mangled.table import Run
from tests.mangled.test_mangled import FEW, SEED, hold

pytestmark = [pytest.mark.api, pytest.mark.django_db]


@pytest.mark.parametrize("door", ["API", "batch"])
def test_what_comes_is_kept_byte_for_byte_or_refused_with_a_sentence(door, alice, client_of):
    client, run = client_of(alice), Run()

    def post(path: str, data: bytes):
        return client.generic("POST", path, data, "application/json")

    run.send(Desk(alice, api=post), [door], FEW, SEED)
    hold(run)
