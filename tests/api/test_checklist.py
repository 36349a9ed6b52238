"""A desk that has a checklist is worked by the API alone."""

import pytest

from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]

ASKED, OTHER = "Looked for the original of the quote", "Looked for evidence on the other side"


def test_the_checklist_is_read_answered_and_asked_for(client_of, bob):
    factories.checklist(factories.desk(), [ASKED, OTHER])
    review = factories.complete(bob)
    client, address = client_of(bob), f"reviews/{review.pk}/checklist/"
    read = client.get(address)
    assert [(step["item"], step["answer"]) for step in read.json()["items"]] == [(ASKED, None), (OTHER, None)]
    refused = client.post(f"reviews/{review.pk}/submit/", {}, HTTP_IF_MATCH=read["ETag"])
    assert (refused.status_code, refused.json()["rule"]) == (422, "checklist_is_answered")
    done = {"item": ASKED, "answer": "done"}
    without_reason = {"answers": [done, {"item": OTHER, "answer": "does_not_apply"}]}
    assert client.put(address, without_reason, HTTP_IF_MATCH=read["ETag"]).status_code == 422
    body = {"answers": [done, {"item": OTHER, "answer": "does_not_apply", "reason": "There is none."}]}
    answered = client.put(address, body, HTTP_IF_MATCH=read["ETag"])
    assert (answered.status_code, answered.json()["items"][1]["reason"]) == (200, "There is none.")
    late = client.put(address, body, HTTP_IF_MATCH=read["ETag"])
    assert (late.status_code, late.json()["current"]["version"]) == (412, answered.json()["version"])
    assert client.post(f"reviews/{review.pk}/submit/", {}, HTTP_IF_MATCH=answered["ETag"]).status_code == 200
