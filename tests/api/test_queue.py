"""The plan of the work through the API: who, until when, how urgently; and the list filtered by it."""

import pytest

from factcheck.models import Claim
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def test_a_claim_is_assigned_dated_prioritised_and_found_by_it(client, bob, carol):
    client.force_login(bob)
    claim, other = factories.claim(statement="The ferries cost 3 million."), factories.claim(kind="rule")
    at = f"/api/v1/claims/{claim.pk}"

    def put(what, body, seen):
        return client.put(f"{at}/{what}/", body, content_type="application/json", headers={"If-Match": f'"{seen}"'})

    assert put("assignee", {"person": carol.pk}, 1).json()["assignee"] == {"id": carol.pk, "name": carol.name}
    assert put("due", {"due": "2026-11-25T01:00:00+01:00"}, 2).json()["due"] == "2026-11-25T00:00:00Z"
    assert put("priority", {"priority": 4}, 3).json()["priority"] == 4
    assert put("priority", {"priority": 3}, 3).status_code == 412
    for body in ({"person": 987_654_321}, {"person": "me"}, {}):
        assert put("assignee", body, 4).status_code == 422
    for query, found in (
        (f"assignee={carol.pk}", [claim]), ("assignee=nobody", [other]), ("priority=4", [claim]),
        ("due=dated", [claim]), ("words=ferry", [claim]), ("kind=rule", [other]),
        ("checked_before=false", [claim, other]), ("conflicting=true", []), ("language=en", [claim, other]),
        ("assignee=me", []),
    ):  # fmt: skip
        rows = client.get(f"/api/v1/claims/?{query}").json()["results"]
        assert [row["id"] for row in rows] == [each.pk for each in found], query
    assert client.get("/api/v1/claims/?assignee=somebody").status_code == 422
    assert put("assignee", {"person": None}, 4).json()["assignee"] is None
    assert Claim.objects.get(pk=claim.pk).version == 5
