"""Fifty people ask for their next claim at the same moment."""

from functools import partial

import pytest

from factcheck.models import ClaimFilter, Lease
from factcheck.workflow import leases
from tests import factories
from tests.models.asking import side_by_side

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_fifty_people_race_for_the_queue_and_get_fifty_claims():
    article = factories.article()
    claims = [factories.claim(article, checkworthiness=number / 100) for number in range(50)]
    people = [factories.person(f"Checker-{number}") for number in range(50)]
    got = side_by_side(*(partial(leases.next_for, person, ClaimFilter()) for person in people))
    assert sorted(claim.pk for claim in got) == [claim.pk for claim in claims]
    assert set(Lease.objects.running().values_list("claim", "person")) == {
        (claim.pk, person.pk) for claim, person in zip(got, people, strict=True)
    }
    assert leases.next_for(people[0], ClaimFilter()) is None
