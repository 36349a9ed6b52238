"""Mangled inputs of every class, through every door that it comes in by: a few of each here, many by `make fuzz`."""

import pytest

from tests.mangled.doors import DOORS, Desk
from tests.mangled.table import TABLE, Run

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

SEED, FEW = 20261124, 3


def hold(run: Run) -> None:
    assert not run.failures, f"{len(run.failures)} of the inputs:\n" + "\n".join(run.failures)
    assert all(counts.total() >= FEW for counts in run.counts.values())
    taken, refused = (sum(counts[word] for counts in run.counts.values()) for word in ("taken", "refused"))
    assert min(taken, refused) > FEW, f"{taken} taken, {refused} refused: the doors are open to all, or to nobody."


def test_every_class_has_its_doors_and_every_door_its_classes():
    assert {door for doors in TABLE.values() for door in doors} == set(DOORS)
    assert all(TABLE.values())


@pytest.mark.parametrize("door", ["form", "command", "page"])
def test_what_comes_is_kept_byte_for_byte_or_refused_with_a_sentence(door, alice, tmp_path, site):
    run = Run()
    run.send(Desk(alice, tmp_path, site), [door], FEW, SEED)
    hold(run)
