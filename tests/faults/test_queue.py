"""Fifty people ask for their next claim at the same moment; an act on several claims meets an article in use."""

from functools import partial

import pytest
from django.db import connection

from factcheck.models import Article, Claim, ClaimFilter, Lease
from factcheck.workflow import assignments, bulk, leases
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


def test_an_article_that_somebody_works_on_keeps_no_other_out_of_an_act_on_several_claims(bob):
    free, held, last = (factories.claim() for _ in range(3))
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor, connection.cursor() as own:
            cursor.execute(f"SELECT FROM {Article._meta.db_table} WHERE id = %s FOR UPDATE", [held.article_id])
            own.execute("SET lock_timeout = '100ms'")
            chosen = [(claim.pk, claim.version) for claim in (free, held, last)]
            outcome = bulk.together(chosen, partial(assignments.prioritise, priority=4), by=bob, needs="plan the work")
            own.execute("RESET lock_timeout")
    finally:
        other.close()
    assert outcome.done == [free.pk, last.pk]
    assert [(key, "at the same moment" in why) for key, why in outcome.skipped] == [(held.pk, True)]
    assert bulk.undo(outcome.act, by=bob).done == [free.pk, last.pk]
    assert not Claim.objects.exclude(priority=2).exists()
