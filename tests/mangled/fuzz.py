"""Many mangled inputs of every class through every door: `make fuzz`. Not collected by itself.

MANY says how many of each (50), SEED which ones; without it they are others every time, and the seed is printed.
"""

import os
import secrets

import pytest

from tests.mangled.doors import DOORS, Desk
from tests.mangled.table import TABLE, Run

pytest_plugins = ["tests.api.conftest"]  # its client checks each answer against the schema
pytestmark = [pytest.mark.faults, pytest.mark.django_db]

MANY = int(os.environ.get("MANY") or 50)
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
AT_LEAST = 5_000  # in all, of 50 each


def test_many_of_every_class_through_every_door(alice, tmp_path, site, client_of, capsys):
    run, client = Run(), client_of(alice)

    def post(path: str, data: bytes):
        return client.generic("POST", path, data, "application/json")

    run.send(Desk(alice, tmp_path, site, post), list(DOORS), MANY, SEED)
    with capsys.disabled():
        print(f"\nSEED={SEED} MANY={MANY}\n{run}")  # noqa: T201 - the report is what this is run for
    assert not run.failures, f"{len(run.failures)} of the inputs:\n" + "\n".join(run.failures)
    assert all(counts.total() >= MANY for counts in run.counts.values())
    assert MANY < 50 or sum(counts.total() for counts in run.counts.values()) >= AT_LEAST
    assert set(run.counts) == {(name, door) for name, doors in TABLE.items() for door in doors}
