"""Evidence is what its kind says; its words stand in a snapshot that never changes."""

import hashlib
import threading
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from factcheck.models import Evidence, Snapshot
from tests import factories
from tests.models.asking import (
    ask,
    insertion,
    refused_by,
    settle,
    side_by_side,
    somebody_waits,
    update,
    wait_until,
)
from tests.models.machines import MACHINES

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SAID = "The bridge cost 12 million euros, the council noted."
BLANK = {
    "snapshot": lambda: None,
    "exact": lambda: "",
    "suggestion": lambda: None,
    "public_wording": lambda: "",
    "searched_for": lambda: "",
    "searched_where": lambda: "",
    "searched_on": lambda: None,
}
FILLED = {
    "snapshot": lambda: factories.snapshot(SAID),
    "exact": lambda: "12 million euros",
    "suggestion": lambda: MACHINES["suggestion"].walked_to("accepted"),
    "public_wording": lambda: "An engineer of the city",
    "searched_for": lambda: "the price of the bridge",
    "searched_where": lambda: "the council's archive",
    "searched_on": lambda: date(2026, 11, 24),
}
NEEDED = {
    "document": {"snapshot", "exact"},
    "person": {"public_wording"},
    "search": {"searched_for", "searched_where", "searched_on"},
}
ALLOWED = {"document": {"suggestion"}, "person": set(), "search": set()}


def piece(kind, present, by):
    values = {name: (FILLED if name in present else BLANK)[name]() for name in BLANK}
    suggestion = values["suggestion"]
    review = factories.draft(by, suggestion.claim if suggestion else None)
    return Evidence(review=review, writer=by, kind=kind, stance="context", **values)


@pytest.mark.parametrize("kind", NEEDED)
def test_evidence_with_what_its_kind_needs_is_taken(kind, alice):
    ask(*insertion(piece(kind, NEEDED[kind], alice)))
    settle()


@pytest.mark.parametrize(("kind", "missing"), [(kind, name) for kind in NEEDED for name in sorted(NEEDED[kind])])
def test_evidence_without_what_its_kind_needs_is_refused(kind, missing, alice):
    nowhere = missing == "snapshot"  # and so its words stand nowhere, which is asked first
    with refused_by("evidence_words_stand_there" if nowhere else "evidence_is_what_its_kind_says"):
        ask(*insertion(piece(kind, NEEDED[kind] - {missing}, alice)))


@pytest.mark.parametrize(
    ("kind", "more"), [(kind, name) for kind in NEEDED for name in BLANK if name not in NEEDED[kind] | ALLOWED[kind]]
)
def test_evidence_with_what_another_kind_needs_is_refused(kind, more, alice):
    with refused_by("evidence_is_what_its_kind_says"):
        ask(*insertion(piece(kind, NEEDED[kind] | {more}, alice)))


def test_a_document_may_come_from_a_suggestion(alice):
    ask(*insertion(piece("document", {"snapshot", "exact", "suggestion"}, alice)))
    settle()


def test_a_piece_of_evidence_does_not_become_another_kind_by_its_name_alone(alice):
    evidence = factories.evidence(factories.draft(alice), alice)
    for kind in ("person", "search", "rumour"):
        with refused_by("evidence_is_what_its_kind_says"):
            ask(*update(evidence, kind=kind))


def test_a_stance_is_one_of_three(alice):
    with refused_by("evidence_stance_is_known"):
        ask(*update(factories.evidence(factories.draft(alice), alice), stance="unsure"))


# --- words and snapshots ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["12 million euros", SAID, "🌉 naïve — «ä»", "100% of it_all\\"])
def test_words_that_stand_in_the_snapshot_are_taken(words, alice):
    snapshot = factories.snapshot(f"{SAID} 🌉 naïve — «ä» 100% of it_all\\")
    factories.evidence(factories.draft(alice), alice, snapshot=snapshot, exact=words)


@pytest.mark.parametrize(
    "words", ["12 Million euros", "12 million  euros", "%", "the council_noted", "euros.", "naïve"]
)
def test_words_that_do_not_stand_there_letter_by_letter_are_refused(words, alice):
    with refused_by("evidence_words_stand_there"):
        factories.evidence(factories.draft(alice), alice, snapshot=factories.snapshot(SAID), exact=words)


def test_words_are_not_quoted_before_there_is_a_snapshot(alice):
    with refused_by("evidence_words_stand_there"):
        evidence = piece("document", {"exact"}, alice)
        evidence.snapshot_id = 900_001
        ask(*insertion(evidence))
        later = Snapshot(pk=900_001, source=factories.source(), text="The bridge is closed.", origin="pasted")
        later.sha256 = hashlib.sha256(later.text.encode()).hexdigest()
        later.save(force_insert=True)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"text": ""}, "snapshot_text_is_not_empty"),
        ({"origin": "remembered"}, "snapshot_origin_is_known"),
        ({"sha256": "0" * 64}, "snapshot_has_its_hash"),
    ],
)
def test_a_snapshot_is_a_text_with_its_hash_and_its_origin(fields, rule):
    values = {"text": "Ärger 🌉\n", "origin": "fetched", **fields}
    values.setdefault("sha256", hashlib.sha256(values["text"].encode()).hexdigest())
    with refused_by(rule):
        ask(*insertion(Snapshot(source=factories.source(), **values)))


def test_a_snapshot_of_any_script_has_the_hash_of_its_utf8():
    assert factories.snapshot("Ärger 🌉\n\u202eطفل").pk


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE factcheck_snapshot SET text = text",
        "UPDATE factcheck_snapshot SET origin = 'fetched'",
        "DELETE FROM factcheck_snapshot",
        "DELETE FROM factcheck_snapshot WHERE false",
    ],
)
def test_a_snapshot_is_never_changed(sql):
    factories.snapshot()
    with refused_by("snapshots_stay"):
        ask(sql)


# --- evidence and suggestions -------------------------------------------------------------------------------------


def test_a_suggestion_is_undone_once_its_evidence_is_gone(alice):
    suggestion = MACHINES["suggestion"].walked_to("accepted")
    evidence = factories.evidence(factories.draft(alice, suggestion.claim), alice, suggestion=suggestion)
    evidence.delete()
    ask(*update(suggestion, status="pending", decided_by=None))
    settle()


def test_a_suggestion_becomes_one_piece_of_evidence(alice):
    suggestion = MACHINES["suggestion"].walked_to("accepted")
    review = factories.draft(alice, suggestion.claim)
    factories.evidence(review, alice, suggestion=suggestion)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.evidence(review, alice, suggestion=suggestion)


@pytest.mark.parametrize("status", ["pending", "dismissed"])
def test_evidence_does_not_rest_on_a_suggestion_that_nobody_accepted(status, alice):
    suggestion = MACHINES["suggestion"].walked_to(status)
    review = factories.draft(alice, suggestion.claim)
    settle()
    with refused_by("evidence_of_accepted_suggestion"):
        factories.evidence(review, alice, suggestion=suggestion)


def test_evidence_does_not_rest_on_a_suggestion_for_another_claim(alice):
    suggestion = MACHINES["suggestion"].walked_to("accepted")
    review = factories.draft(alice)
    settle()
    with refused_by("evidence_of_accepted_suggestion"):
        factories.evidence(review, alice, suggestion=suggestion)


@pytest.mark.django_db(transaction=True)
def test_a_suggestion_is_not_undone_while_evidence_comes_to_rest_on_it():
    alice, suggestion = factories.person("Alice"), MACHINES["suggestion"].walked_to("accepted")
    review = factories.draft(alice, suggestion.claim)
    there, undone = threading.Event(), threading.Event()

    def rest():
        with transaction.atomic():
            factories.evidence(review, alice, suggestion=suggestion)
            there.set()
            wait_until(lambda: undone.is_set() or somebody_waits())

    def undo():
        assert there.wait(10)
        try:
            ask(*update(suggestion, status="pending", decided_by=None))
        finally:
            undone.set()

    side_by_side(rest, undo)
    suggestion.refresh_from_db()
    if suggestion.status != "accepted" and review.evidence.exists():
        pytest.fail("evidence rests on a suggestion that is pending again")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("translation_has_translator", {"translation": "Twelve million."}),
        ("translation_has_translator", {"translator": "Lina Haddad"}),
        ("translation_has_translator", {"translated_by_machine": True}),
        ("only_a_documents_words_are_translated", {"language": "ar", "kind": "person"}),
    ],
)
def test_only_a_document_is_translated_and_by_somebody(alice, rule, said):
    draft = factories.draft(alice)
    if said.get("kind") == "person":
        said = said | {"snapshot": None, "exact": "", "public_wording": "An engineer"}
    with refused_by(rule):
        factories.evidence(draft, alice, **said)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("speaker_kind_is_known", {"speaker": "Ada", "speaker_kind": "robot"}),
        ("nobody_is_known_of_an_unknown_speaker", {"speaker_kind": "person"}),
        ("speaker_is_told_by_https", {"speaker": "Ada", "speaker_same_as": "javascript:alert(1)"}),
        ("quote_translation_has_translator", {"quote_translation": "Twelve million."}),
    ],
)
def test_a_review_tells_of_its_original_what_can_be_true(alice, rule, said):
    with refused_by(rule):
        ask(*update(factories.draft(alice), **said))
