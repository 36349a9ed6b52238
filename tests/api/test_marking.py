"""Claims by hand through the API: what took the place of what, and whose version lost."""

import pytest

from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def test_a_claim_is_added_split_merged_and_had_back(by_bob, bob):
    article = factories.article()
    place = {"start": 0, "end": 38, "exact": factories.TEXT[:38]}
    added = by_bob.post(f"articles/{article.pk}/claims/", {**place, "speaker": "Ada Lind"}, seen=article.version)
    assert added.status_code == 201
    claim = by_bob.get(added["Location"]).json()
    assert (claim["statement"], claim["speaker"], claim["added_by"]["name"]) == (place["exact"], "Ada Lind", "Bob")
    assert (claim["found_by_machine"], claim["anchor"]["start"], claim["version"]) == (False, 0, 1)
    address = f"claims/{claim['id']}/"

    half = {"place": {"start": 4, "end": 9, "exact": "mayor"}}
    wrong = by_bob.post(f"{address}split/", {"parts": [half, {"place": {**place, "end": 39}}]}, seen=1)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/bad-input")
    split = by_bob.post(f"{address}split/", {"parts": [half, {"statement": "It was a bridge."}]}, seen=1).json()
    assert split["status"] == "superseded"
    one, other = (by_bob.get(f"claims/{key}/").json() for key in split["superseded_by"])
    assert [one["statement"], other["statement"]] == ["mayor", "It was a bridge."]
    assert one["came_from"] == other["came_from"] == [claim["id"]]

    merge, others = f"claims/{one['id']}/merge/", [{"id": other["id"], "version": 0}]
    stale = by_bob.post(merge, {"others": others}, seen=1)
    assert (stale.status_code, stale.json()["current"]["id"]) == (412, one["id"])
    elsewhere = by_bob.post(merge, {"others": [{"id": factories.claim().pk, "version": 1}]}, seen=1)
    assert list(elsewhere.json()["errors"]) == ["others"]
    merged = by_bob.post(merge, {"others": [{**others[0], "version": 1}]}, seen=1).json()
    [whole] = merged["superseded_by"]
    assert set(by_bob.get(f"claims/{whole}/").json()["came_from"]) == {one["id"], other["id"]}

    assert by_bob.post(f"claims/{whole}/undo/", seen=1).json()["superseded_by"] == [one["id"], other["id"]]
    back = by_bob.get(f"claims/{one['id']}/").json()
    again = by_bob.post(f"claims/{one['id']}/undo/", seen=back["version"]).json()
    assert again["superseded_by"] == [claim["id"]]
    now = by_bob.get(address).json()
    assert (now["status"], now["superseded_by"], now["came_from"]) == ("detected", [], [])
