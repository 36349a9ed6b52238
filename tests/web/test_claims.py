"""The queue, and the page on which a claim is worked on: each form, and what it refuses."""

import re

import pytest

from factcheck.models import Claim, ClaimReview, Evidence, Suggestion
from factcheck.workflow import claims, evidence, marking, reviews
from tests import factories
from tests.web.conftest import ATTACK, TYPED, queries, said, window
from tests.web.test_articles import job

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FEATURES = {"numbers": ["12"], "names": ["Ada"], "words": ["bridge"], "cosine": 0.7}


def page_of(client, claim) -> str:
    return said(client.get(f"/claims/{claim.pk}/"))


def summary(claim) -> Suggestion:
    passage = factories.source("Minutes").passages.get()
    type(passage).objects.filter(pk=passage.pk).update(wording="summary")
    passage.refresh_from_db()
    return factories.suggestion(claim, passage, features=FEATURES)


# --- the queue -----------------------------------------------------------------------------------------------------


def test_the_queue_begins_with_what_is_most_worth_checking(bob):
    article = factories.article()
    for statement, worth in (("Low.", 0.1), ("High.", 0.9), ("Not scored.", None)):
        factories.claim(article, statement=statement, checkworthiness=worth)
    page = said(window(bob).get("/"))
    assert page.index("High.") < page.index("Low.") < page.index("Not scored.")
    assert "90 %" in page


def test_a_row_of_the_queue_shows_where_who_and_the_best_suggestion_with_its_reasons(claim, bob):
    source = factories.source("Minutes of the council")
    factories.suggestion(claim, source.passages.get(), score=0.9, features=FEATURES)
    factories.suggestion(claim, factories.source("Another").passages.get(), score=0.4, features=FEATURES)
    page = said(window(bob).get("/"))
    for words in ("Untitled", "Ada Lind", "Detected", "Minutes of the council", "figures 12; names Ada; words bridge"):
        assert words in page
    assert "Another" not in page


def test_a_dismissed_suggestion_is_nobodys_best(claim, bob):
    suggestion = factories.suggestion(claim, features=FEATURES)
    evidence.dismiss(suggestion, by=bob, seen=suggestion.version, reason="Another bridge.")
    assert "No suggestion" in said(window(bob).get("/"))


def test_the_queue_is_filtered_by_status(draft, bob):
    factories.claim(statement="Still to do.")
    client = window(bob)
    assert "Still to do." in said(client.get("/"))
    assert draft.statement in said(client.get("/"))
    assert "Still to do." not in said(client.get("/?status=in_review"))
    assert "No claim has this status." in said(client.get("/?status=dismissed"))


def test_what_cannot_be_checked_waits_apart_with_the_reason(bob):
    why = "not checkable: a question"
    claim = factories.claim(factories.article(), statement="Is it [the dam] safe?", not_checkable=why)
    client = window(bob)
    assert "the dam" not in said(client.get("/"))
    page = said(client.get("/?status=not_checkable"))
    assert why in page
    assert 'Is it <ins class="put-in">[the dam]</ins> safe?' in page
    assert why in said(client.get(f"/claims/{claim.pk}/"))
    # A person who puts it in other words takes it for something to check.
    claims.edit_statement(claim, by=bob, seen=1, statement="The dam is safe.")
    assert "The dam is safe." in said(client.get("/"))
    claim.refresh_from_db()
    marking.attribute(claim, by=bob, seen=2, speaker="", cue="", kind="opinion")
    assert "a person took it for a kind that cannot be checked (opinion)" in said(client.get("/?status=not_checkable"))


def test_the_queue_is_read_page_by_page_and_no_claim_twice(bob, monkeypatch):
    monkeypatch.setattr("factcheck.web.pages.page_of.__defaults__", (2,))
    article = factories.article()
    for worth in (0.5, 0.5, 0.9, None, 0.1, None, 0.5):
        factories.claim(article, checkworthiness=worth)
    client, address, seen = window(bob), "/", []
    while address:
        page = said(client.get(address))
        seen += [int(pk) for pk in re.findall(r'<h2 dir="auto"><a href="/claims/(\d+)/"', page)]
        following = re.search(r'rel="next" href="\?([^"]+)"', page)
        address = f"/?{following[1]}" if following else None
    worth = dict(Claim.objects.values_list("pk", "checkworthiness"))
    assert seen == sorted(worth, key=lambda pk: (-1 if worth[pk] is None else worth[pk]) * -1000 + pk / 1e6)
    assert len(set(seen)) == 7


def test_more_rows_in_the_queue_and_on_a_claim_cost_no_more_queries(claim, written, bob):
    client = window(bob)
    few = queries(client, "/"), queries(client, f"/claims/{claim.pk}/"), queries(client, f"/reviews/{written.pk}/")
    for number in range(4):
        other = factories.claim(factories.article(), statement=f"Another {number}.")
        factories.suggestion(other, features=FEATURES)
        factories.suggestion(claim, features=FEATURES)
        factories.evidence(written, bob)
    factories.suggestion(claim, features=FEATURES)
    some = queries(client, "/"), queries(client, f"/claims/{claim.pk}/"), queries(client, f"/reviews/{written.pk}/")
    for _ in range(4):
        factories.suggestion(claim, features=FEATURES)
        factories.evidence(written, bob)
    more = queries(client, "/"), queries(client, f"/claims/{claim.pk}/"), queries(client, f"/reviews/{written.pk}/")
    assert more == some
    assert some[0] <= few[0] + 1  # the first suggestion is one more query; no further one is
    assert some[1:] == few[1:]


# --- what the page shows -------------------------------------------------------------------------------------------


def test_a_claim_is_shown_with_its_words_in_context_and_why_it_is_worth_checking(claim, bob):
    page = page_of(window(bob), claim)
    assert f"<mark>{claim.anchors.get().exact}</mark>" in page
    for words in ("Ada Lind", "80 %", "states a quantity: 12 million", "event"):
        assert words in page


def test_the_states_of_the_search_are_told_apart(claim, bob, carol):
    client, article = window(bob), claim.article
    assert "has not run yet" in page_of(client, claim)
    failed = job(article, "dead", "OSError: disk", kind="suggest")
    page = page_of(client, claim)
    assert "The search failed." in page
    assert "OSError: disk" in page
    assert "/replay" not in page
    assert f'action="/jobs/{failed.pk}/replay"' in page_of(window(carol), claim)
    window(carol).post(f"/jobs/{failed.pk}/replay", {"seen": failed.attempts})
    assert "has not run yet: it is queued" in page_of(client, claim)


def test_nothing_found_is_not_the_same_as_not_searched(claim, bob):
    job(claim.article, "done", kind="suggest")
    assert "The library was searched and nothing was found." in page_of(window(bob), claim)


def test_a_summary_is_labelled_and_never_stands_as_a_quotation(claim, bob):
    suggestion = summary(claim)
    page = page_of(window(bob), claim)
    assert '<p class="label">Summary</p>' in page
    assert f'<blockquote dir="auto">{suggestion.passage.text}' not in page
    assert re.search(r'name="exact"[^>]*required', page)
    assert "figures 12; names Ada; words bridge; close in meaning (0.70)" in page


def test_a_source_that_nobody_read_says_so(claim, bob):
    source = factories.source("Hearsay")
    type(source).objects.filter(pk=source.pk).update(seen="memory")
    factories.suggestion(claim, source.passages.get(), features=FEATURES)
    page = page_of(window(bob), claim)
    assert "Not read: from memory, to be confirmed" in page
    assert '<p class="label">Original words</p>' in page


@pytest.mark.parametrize(("who", "talks"), [("alice", {"comment"}), ("dave", set()), ("erin", {"comment"})])
def test_who_does_not_check_reads_and_is_offered_only_to_follow_and_to_talk(claim, written, who, talks, request):
    factories.suggestion(claim, features=FEATURES)
    page = page_of(window(request.getfixturevalue(who)), claim)
    assert written.rationale in page
    offered = {f"/claims/{claim.pk}/{name}" for name in {"follow", *talks}}
    assert set(re.findall(r'action="([^"]+)"', page)) == {"/accounts/logout/", *offered}


# --- the statement and the beginning ------------------------------------------------------------------------------


def test_a_statement_is_edited_while_the_claim_is_only_detected(claim, bob):
    client = window(bob)
    response = client.post(f"/claims/{claim.pk}/statement", {"seen": claim.version, "statement": "In plain\r\nwords."})
    assert response.url == f"/claims/{claim.pk}/"
    claim.refresh_from_db()
    assert claim.statement == "In plain\nwords."
    empty = client.post(f"/claims/{claim.pk}/statement", {"seen": claim.version, "statement": "  "})
    assert empty.status_code == 422
    assert "The statement must not be empty." in said(empty)


def test_two_who_edit_a_statement_see_both_texts(claim, bob, carol):
    seen = claim.version
    window(carol).post(f"/claims/{claim.pk}/statement", {"seen": seen, "statement": "Carol's words."})
    client = window(bob)
    response = client.post(f"/claims/{claim.pk}/statement", {"seen": seen, "statement": "Bob's words."})
    assert response.status_code == 409
    page = said(response)
    assert "Carol's words." in page
    assert "Bob's words." in page
    claim.refresh_from_db()
    assert f'name="seen" value="{claim.version}"' in page
    client.post(f"/claims/{claim.pk}/statement", {"seen": claim.version, "statement": "Both words."})
    claim.refresh_from_db()
    assert claim.statement == "Both words."


def test_words_for_a_form_that_is_gone_are_not_lost(claim, draft, bob):
    """Somebody began the review while another was still at the statement."""
    response = window(bob).post(f"/claims/{claim.pk}/statement", {"seen": 1, "statement": "Much thought over."})
    assert response.status_code == 422
    assert "a draft has a statement of its own" in said(response)
    assert "Much thought over." in said(response)


def test_a_review_is_begun(claim, bob):
    response = window(bob).post(f"/claims/{claim.pk}/begin", {"seen": claim.version})
    assert response.url == f"/claims/{claim.pk}/#review"
    assert ClaimReview.objects.get().written_by == [bob.pk]
    again = window(bob).post(f"/claims/{claim.pk}/begin", {"seen": claim.version})
    assert again.status_code == 422
    assert "This claim has an open review already." in said(again)


@pytest.mark.parametrize("who", ["alice", "dave", "erin"])
def test_who_does_not_check_decides_nothing(claim, written, who, request):
    suggestion = factories.suggestion(claim)
    piece = written.evidence.get()
    client = window(request.getfixturevalue(who))
    for address in (
        f"/claims/{claim.pk}/begin",
        f"/claims/{claim.pk}/statement",
        f"/suggestions/{suggestion.pk}/accept",
        f"/suggestions/{suggestion.pk}/dismiss",
        f"/suggestions/{suggestion.pk}/undo",
        f"/evidence/{piece.pk}/stance",
        f"/evidence/{piece.pk}/remove",
        *(f"/reviews/{written.pk}/{verb}" for verb in ("save", "document", "person", "search", "submit", "abandon")),
    ):
        response = client.post(address, {"seen": 1, "stance": "supports"})
        assert response.status_code == 403, address
        assert "may not" in said(response)
        assert 'role="alert"' in said(response)


# --- suggestions ---------------------------------------------------------------------------------------------------


def test_a_suggestion_is_taken_as_what_its_button_says(claim, bob):
    suggestion = factories.suggestion(claim)
    response = window(bob).post(
        f"/suggestions/{suggestion.pk}/accept", {"seen": suggestion.version, "exact": "", "stance": "refutes"}
    )
    assert response.url == f"/claims/{claim.pk}/#evidence"
    piece = Evidence.objects.get()
    assert (piece.stance, piece.exact) == ("refutes", suggestion.passage.text)
    page = page_of(window(bob), claim)
    assert "Pasted, not fetched" in page
    assert f'action="/suggestions/{suggestion.pk}/undo"' in page


def test_a_summary_is_not_taken_without_exact_words(claim, bob):
    suggestion = summary(claim)
    address, typed = f"/suggestions/{suggestion.pk}/accept", {"seen": suggestion.version, "stance": "supports"}
    response = window(bob).post(address, typed)
    assert response.status_code == 422
    assert "The exact words must not be empty." in said(response)
    window(bob).post(address, {**typed, "exact": "It cost\r\n12 million."})
    assert Evidence.objects.get().exact == "It cost\n12 million."


def test_words_that_do_not_stand_in_the_passage_are_kept_in_the_form(claim, bob):
    suggestion = factories.suggestion(claim)
    response = window(bob).post(
        f"/suggestions/{suggestion.pk}/accept",
        {"seen": suggestion.version, "stance": "supports", "exact": "13 million"},
    )
    assert response.status_code == 422
    assert "do not stand in the passage" in said(response)
    assert "13 million</textarea>" in said(response)


def test_a_button_that_says_nothing_we_know_is_refused(claim, bob):
    suggestion = factories.suggestion(claim)
    response = window(bob).post(
        f"/suggestions/{suggestion.pk}/accept", {"seen": suggestion.version, "stance": "proves"}
    )
    assert response.status_code == 422
    assert not Evidence.objects.exists()


def test_a_suggestion_is_dismissed_with_a_reason_and_taken_up_again(claim, bob):
    suggestion = factories.suggestion(claim)
    client = window(bob)
    refused = client.post(f"/suggestions/{suggestion.pk}/dismiss", {"seen": suggestion.version, "reason": " "})
    assert refused.status_code == 422
    assert "The reason must not be empty." in said(refused)
    client.post(f"/suggestions/{suggestion.pk}/dismiss", {"seen": suggestion.version, "reason": "Another bridge."})
    suggestion.refresh_from_db()
    assert suggestion.status == "dismissed"
    client.post(f"/suggestions/{suggestion.pk}/undo", {"seen": suggestion.version})
    suggestion.refresh_from_db()
    assert suggestion.status == "pending"


def test_who_decided_a_suggestion_too_late_keeps_the_reason(claim, bob, grace):
    suggestion = factories.suggestion(claim)
    evidence.dismiss(suggestion, by=grace, seen=suggestion.version, reason="Another bridge.")
    response = window(bob).post(f"/suggestions/{suggestion.pk}/dismiss", {"seen": 1, "reason": "Of another year."})
    assert response.status_code == 409
    assert "Of another year." in said(response)
    assert "Dismissed" in said(response)


# --- evidence by hand ----------------------------------------------------------------------------------------------


def test_evidence_is_added_by_hand_in_each_kind(draft, bob):
    client = window(bob)
    sent = [
        ("document", {"stance": "supports", "title": "Minutes", "url": "https://example.org/m", "exact": "12 million",
                      "published": "2024-05", "primary": "on", "note": "Page 3."}),
        ("person", {"stance": "refutes", "public_wording": "An engineer said 15.", "note": ""}),
        ("search", {"searched_for": "tender", "searched_where": "the archive", "searched_on": "2026-11-24"}),
    ]  # fmt: skip
    for kind, typed in sent:
        draft.refresh_from_db()
        response = client.post(f"/reviews/{draft.pk}/{kind}", {"seen": draft.version, **typed})
        assert response.url == f"/claims/{draft.claim_id}/#evidence", said(response)
    assert {piece.kind: piece.stance for piece in draft.evidence.all()} == {
        "document": "supports", "person": "refutes", "search": "context",
    }  # fmt: skip
    page = page_of(client, draft.claim)
    for words in ("12 million", "Page 3.", "An engineer said 15.", "the archive", "Pasted, not fetched", "primary"):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("document", {"title": "T", "url": "ftp://x", "exact": "Words kept.", "stance": "supports"}, "web address"),
        ("document", {"title": "T", "url": "https://x.org", "exact": "Words kept.", "stance": ""}, "no stance"),
        ("document", {"title": "T", "url": "https://x.org", "exact": "Words kept.", "stance": "supports",
                      "published": "May"}, "2024-05"),
        ("person", {"public_wording": " ", "note": "Words kept.", "stance": "supports"}, "must not be empty"),
        ("search", {"searched_for": "Words kept.", "searched_where": "x", "searched_on": "soon"}, "Enter a valid date"),
        ("search", {"searched_for": "Words kept.", "searched_where": "x"}, "The day of the search is missing."),
    ],
)  # fmt: skip
def test_evidence_that_is_refused_keeps_its_words(draft, bob, kind, typed, sentence):
    response = window(bob).post(f"/reviews/{draft.pk}/{kind}", {"seen": draft.version, **typed})
    assert response.status_code == 422
    assert sentence in said(response)
    assert "Words kept." in said(response)
    assert re.search(r'<details class="box" open>\s*<summary>', said(response))
    assert not Evidence.objects.exists()


def test_evidence_for_a_draft_that_moved_on_keeps_its_words(draft, bob, grace):
    seen = draft.version
    evidence.add_person(draft, by=grace, seen=seen, stance="supports", public_wording="Hers.")
    response = window(bob).post(
        f"/reviews/{draft.pk}/person", {"seen": seen, "stance": "refutes", "public_wording": "His long words."}
    )
    assert response.status_code == 409
    draft.refresh_from_db()
    page = said(response)
    assert "His long words.</textarea>" in page
    assert f'name="seen" value="{draft.version}"' in page
    assert '<option value="refutes" selected>' in page


def test_a_stance_is_turned_and_a_piece_taken_out(written, bob):
    piece, client = written.evidence.get(), window(bob)
    client.post(f"/evidence/{piece.pk}/stance", {"seen": written.version, "stance": "context"})
    piece.refresh_from_db()
    assert piece.stance == "context"
    stale = client.post(f"/evidence/{piece.pk}/remove", {"seen": written.version})
    assert stale.status_code == 409
    assert "you had typed nothing" in said(stale)
    assert f'action="/evidence/{piece.pk}/remove"' not in said(stale)
    written.refresh_from_db()
    client.post(f"/evidence/{piece.pk}/remove", {"seen": written.version})
    assert not Evidence.objects.exists()
    assert client.post(f"/evidence/{piece.pk}/remove", {"seen": written.version}).status_code == 404


def test_what_people_write_is_shown_and_never_run(draft, bob):
    client = window(bob)
    client.post(
        f"/reviews/{draft.pk}/document",
        {"seen": draft.version, "stance": "supports", "title": ATTACK, "url": "https://x.org/", "exact": ATTACK,
         "note": ATTACK},
    )  # fmt: skip
    draft.refresh_from_db()
    client.post(f"/reviews/{draft.pk}/save", {"seen": draft.version, **TYPED, "statement": ATTACK, "rationale": ATTACK})
    type(bob).objects.filter(pk=bob.pk).update(name=ATTACK)
    for address in (f"/claims/{draft.claim_id}/", f"/reviews/{draft.pk}/"):
        source = client.get(address).content.decode()
        assert "<script>alert" not in source
        assert "<img src=x" not in source
        assert said(client.get(address)).count(ATTACK) >= 5


def test_a_reviewed_claim_offers_its_page_and_a_correction(published, bob):
    client = window(bob)
    claim = published.review.claim
    page = page_of(client, claim)
    assert f"/fact-checks/{published.slug}/" in page
    assert "A correction begins with its words and its evidence" in page
    claim.refresh_from_db()
    client.post(f"/claims/{claim.pk}/begin", {"seen": claim.version})
    assert reviews.draft_of(claim, by=bob).status == "draft"
