"""Talking about a claim through the API: in the order in which it was said, and only where one may read it."""

import pytest

from factcheck.models import Notice
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def test_a_comment_is_written_read_resolved_and_taken_back(by_bob, by_carol, client_of, bob, carol):
    review = factories.draft(bob)
    claim, part = review.claim, {"review": review.pk, "part": "rationale"}
    said = {"claim": claim.pk, "text": f"@{carol.handle} Which minutes?", "on": part}
    written = by_bob.post("comments/", said)
    assert (written.status_code, written["ETag"]) == (201, '"1"')
    shown = by_carol.get(written["Location"]).json()
    assert (shown["text"], shown["author"]["name"], shown["on"]) == (said["text"], "Bob", {**part, "piece": None})
    assert Notice.objects.filter(person=carol, kind=Notice.Kind.MENTIONED).count() == 1
    plain = by_carol.post("comments/", {"claim": claim.pk, "text": "Those of May."}).json()
    assert plain["on"] is None
    assert by_bob.get(f"comments/?claim={claim.pk}").json()["results"] == [shown, plain]

    address = f"comments/{shown['id']}/"
    assert by_carol.post(f"{address}resolve/").status_code == 428
    done = by_carol.post(f"{address}resolve/", seen=1).json()
    assert (done["status"], done["resolved_by"]["name"]) == ("resolved", "Carol")
    stale = by_bob.post(f"{address}reopen/", seen=1)
    assert (stale.status_code, stale.json()["current"]["status"]) == (412, "resolved")
    assert by_bob.post(f"{address}reopen/", seen=2).json()["resolved_by"] is None
    assert by_carol.post(f"{address}withdraw/", seen=3).status_code == 403
    gone = by_bob.post(f"{address}withdraw/", seen=3).json()
    assert (gone["status"], gone["text"]) == ("withdrawn", "")

    elsewhere = {"claim": factories.claim().pk, "text": "Here?", "on": part}
    for wrong, sentence in (
        (elsewhere, "no part of a review of the claim"),
        ({**said, "on": {**part, "part": "evidence", "piece": 10**9}}, "not in the review any more"),
        ({"claim": claim.pk, "text": "@nobody Which minutes?"}, "Nobody at the desk is called @nobody"),
    ):
        refused = by_bob.post("comments/", wrong)
        assert (refused.status_code, sentence in refused.json()["detail"]) == (422, True), wrong


def test_what_is_said_about_a_hidden_claim_is_not_there_for_others(by_bob, by_carol, bob, carol):
    article = factories.article(confidential=True, outside_search="never")
    article.readers.add(carol)
    comment = factories.comment(carol, claim=factories.claim(article))
    assert by_carol.get(f"comments/?claim={comment.claim_id}").json()["results"][0]["text"] == comment.text
    for answer in (
        by_bob.get(f"comments/?claim={comment.claim_id}"),
        by_bob.get(f"comments/{comment.pk}/"),
        by_bob.post("comments/", {"claim": comment.claim_id, "text": "Really?"}),
        by_bob.post(f"comments/{comment.pk}/resolve/", seen=1),
    ):
        assert answer.status_code == 404
