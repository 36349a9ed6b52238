"""A pair has no order, stands once, and is decided by people. What its guards refuse: tests/models/attacks.py."""

import pytest

from tests import factories
from tests.models.asking import ask, insertion, refused_by, update
from tests.models.machines import MACHINES

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_pair_has_no_order_and_stands_once():
    pair = factories.pair()
    with refused_by("two_claims_are_a_pair_once"):
        factories.pair(pair.other, pair.one)
    turned = MACHINES["pair"].fresh()
    turned.one, turned.other = turned.other, turned.one
    with refused_by("pair_has_no_order"):
        ask(*insertion(turned))


def test_only_a_person_decides_a_pair(alice):
    for status, person in (("confirmed", None), ("refused", None), ("proposed", alice)):
        with refused_by("only_a_person_decides_a_pair"):
            ask(*update(factories.pair(), status=status, decided_by=person))
