"""What is typed and not saved yet, the library beside it, and the keys of the page."""

import json

import pytest

from factcheck.models import Draft, Evidence, Passage, Source
from factcheck.workflow import reviews
from tests import factories
from tests.web.conftest import said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def sent(draft, **typed) -> dict:
    """What the form's script sends of an empty review."""
    base = dict.fromkeys(Draft.FIELDS, "") | {"statement": draft.statement, "speaker": draft.speaker}
    return {**base, "base": json.dumps(base), "known": "", **typed}


def test_two_windows_of_one_person_do_not_write_over_each_other(draft, bob):
    client, address = window(bob), f"/reviews/{draft.pk}/draft"
    first = client.post(address, sent(draft, rationale="Begun."))
    assert first.json() == {"known": 1, "behind": False}
    assert client.post(address, sent(draft, rationale="Elsewhere.")).status_code == 409
    assert client.post(address, sent(draft, rationale="Begun. Ended.", known=1)).json()["known"] == 2
    assert client.post(address, sent(draft, rationale="An old window.", known=1)).status_code == 409
    assert client.post(address, {"rationale": "By hand."}).status_code == 422
    client.post(f"/reviews/{draft.pk}/save", sent(draft, rationale="The other window.", seen=draft.version))
    assert Draft.objects.get().typed["rationale"] == "Begun. Ended."  # which nobody saved
    client.post(f"/reviews/{draft.pk}/draft/discard")
    assert not Draft.objects.exists()


def test_after_a_save_whose_handing_over_was_refused_one_types_on(draft, bob):
    client, address = window(bob), f"/reviews/{draft.pk}"
    typed = sent(draft, rationale="Begun.", known=client.post(f"{address}/draft", sent(draft)).json()["known"])
    page = client.post(f"{address}/save", {**typed, "seen": draft.version, "then": "submit"})
    assert page.status_code == 422
    form = page.context["save_form"]
    there = {field.html_name: field.value() for field in form}
    assert there["rationale"] == "Begun."
    kept = client.post(f"{address}/draft", {**there, "rationale": "Begun, and ended."})
    assert kept.json() == {"known": 1, "behind": False}


def test_what_was_typed_for_a_review_that_was_handed_over_meanwhile_is_shown_to_its_writer(written, bob, grace):
    factories.typed(grace, written, rationale="Grace's words.")
    reviews.submit(written, by=bob, seen=written.version)
    page = said(window(grace).get(f"/claims/{written.claim_id}/"))
    assert "never came into the review" in page
    assert "which is submitted now" in page
    assert "Grace's words." in page
    assert "Grace's words." not in said(window(bob).get(f"/claims/{written.claim_id}/"))


def test_a_passage_that_was_looked_up_is_taken_with_its_stance(draft, bob):
    source = factories.source("Ledger of the harbour", ("Paid for the bridge: 15 million euros.",))
    factories.source("Plan of the park", ("Of trees.",))
    client, address = window(bob), f"/claims/{draft.claim_id}/"
    page = said(client.get(address, {"words": "harbour bridge"}))
    assert "Paid for the bridge: 15 million euros." in page
    assert "Of trees." not in page
    taking = {"passage": source.passages.get().pk, "stance": "refutes", "seen": draft.version}
    refused = client.post(f"/reviews/{draft.pk}/passage", {**taking, "exact": "16 million"})
    assert refused.status_code == 422
    assert "16 million" in said(refused)
    assert client.post(f"/reviews/{draft.pk}/passage", taking).url == f"{address}#evidence"
    piece = Evidence.objects.get()
    assert (piece.stance, piece.exact, piece.suggestion) == ("refutes", "Paid for the bridge: 15 million euros.", None)


def test_what_came_with_another_confidential_article_is_not_taken(draft, bob):
    article = factories.article(confidential=True, outside_search="never")
    article.readers.add(bob)
    source = Source.objects.create(title="Ledger", kind="primary", seen="page", confidential_with=article)
    Passage.objects.create(source=source, position=1, text="Of the harbour.", wording="original")
    client = window(bob)
    assert "Ledger" not in said(client.get(f"/claims/{draft.claim_id}/?words=harbour"))
    taking = {"passage": source.passages.get().pk, "stance": "refutes", "seen": draft.version}
    refused = client.post(f"/reviews/{draft.pk}/passage", taking)
    assert "would give it away here" in said(refused)


def test_a_page_is_added_by_its_address_and_comes_back_to_the_claim(draft, bob):
    answer = window(bob).post(
        "/sources/add/address", {"url": "https://example.org/ledger", "kind": "primary", "claim": draft.claim_id}
    )
    assert answer.url.startswith(f"/claims/{draft.claim_id}/?source=")
    assert "https://example.org/ledger" in said(window(bob).get(answer.url.partition("#")[0]))


def test_single_keys_are_switched_off_by_whom_they_disturb(bob):
    client = window(bob)
    assert "keyboard.js" in said(client.get("/"))
    assert client.post("/accounts/shortcuts").status_code == 302
    assert "keyboard.js" not in said(client.get("/"))
    client.post("/accounts/shortcuts", {"on": ""})
    assert "keyboard.js" in said(client.get("/"))
