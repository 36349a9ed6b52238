"""The same claim elsewhere through the API: listed from either side, decided with the version that was read."""

import pytest

from factcheck.models import Role
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def test_a_pair_is_read_from_either_side_decided_and_taken_back(by_bob, client_of, bob, carol):
    review = factories.published(factories.person("Alice"), carol)
    here, there = factories.claim(), review.claim
    pair = factories.pair(here, there, score=0.81)
    factories.pair(here, factories.claim(), score=0.1)  # judged anew since it was proposed: nothing to decide
    for claim in (here, there):
        [shown] = by_bob.get(f"pairs/?claim={claim.pk}").json()["results"]
        assert (shown["id"], shown["status"], shown["score"]) == (pair.pk, "proposed", 0.81)
    sides = {side["id"]: side for side in (shown["one"], shown["other"])}
    assert sides[there.pk]["published_review"]["verdict"] == "verified"
    assert sides[here.pk]["published_review"] is None

    address = f"pairs/{pair.pk}/"
    assert by_bob.post(f"{address}confirm/").status_code == 428
    confirmed = by_bob.post(f"{address}confirm/", seen=1)
    assert (confirmed.json()["status"], confirmed.json()["decided_by"]["name"]) == ("confirmed", "Bob")
    stale = by_bob.post(f"{address}undo/", seen=1)
    assert (stale.status_code, stale.json()["current"]["status"]) == (412, "confirmed")
    wrong = by_bob.post(f"{address}refuse/", {"reason": "Another bridge."}, seen=2)
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/invalid-transition")
    assert by_bob.post(f"{address}undo/", seen=2).json()["decided_by"] is None
    assert by_bob.post(f"{address}refuse/", {}, seen=3).json()["status"] == "refused"
    assert client_of(factories.person("Dave", Role.AUDITOR)).post(f"{address}undo/", seen=4).status_code == 403
