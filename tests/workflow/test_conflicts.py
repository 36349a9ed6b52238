"""Conflicts of interest, and people who leave: what stands, what is released, who takes it over."""

import pytest

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed, Refused
from factcheck.models import ERASED, AuditEntry, AuditText, ClaimReview, ConflictOfInterest, Publication
from factcheck.workflow import claims, conflicts, evidence, people, publications, reviews
from factcheck.workflow.audit import problems_of_chain
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def kept_away(act) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.rule == "conflict_of_interest"


def test_who_declared_one_neither_writes_nor_decides(claim, bob):
    suggestion = factories.suggestion(claim)
    conflicts.declare(claim, by=bob, person=bob, reason="My brother built it.")
    kept_away(lambda: reviews.begin(claim, by=bob, seen=claim.version))
    kept_away(lambda: claims.edit_statement(claim, by=bob, seen=claim.version, statement="x"))
    kept_away(lambda: evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports"))
    kept_away(lambda: evidence.dismiss(suggestion, by=bob, seen=suggestion.version, reason="x"))


def test_who_declared_one_neither_approves_nor_publishes(claim, bob, carol):
    review = factories.reviewed_until("submitted", bob, carol, of=claim)
    conflicts.declare(claim, by=carol, person=carol, reason="I own shares.")
    kept_away(lambda: reviews.approve(review, by=carol, seen=review.version))
    kept_away(lambda: reviews.request_changes(review, by=carol, seen=review.version, reason="x"))
    kept_away(lambda: publications.publish(review, by=carol, seen=review.version))
    kept_away(lambda: reviews.withdraw(review, by=carol, seen=review.version))


def test_an_approval_that_is_not_yet_public_is_taken_back(claim, bob, carol):
    review = factories.reviewed_until("approved", bob, carol, of=claim)
    conflicts.declare(claim, by=carol, person=carol, reason="I own shares.")
    review.refresh_from_db()
    assert (review.status, review.approver) == ("draft", None)


def test_what_they_wrote_before_stands_and_their_draft_is_released(claim, bob, grace):
    review = reviews.begin(claim, by=bob, seen=claim.version)
    conflicts.declare(claim, by=bob, person=bob, reason="My brother built it.")
    review.refresh_from_db()
    assert (review.assignee, review.written_by) == (None, [bob.pk])
    kept_away(lambda: reviews.take_over(review, by=bob, seen=review.version))
    reviews.take_over(review, by=grace, seen=review.version)
    assert (review.assignee, review.written_by) == (grace, [bob.pk, grace.pk])


def test_an_editor_declares_one_for_a_colleague_and_a_checker_only_their_own(claim, bob, carol, grace):
    conflicts.declare(claim, by=carol, person=bob, reason="He told me.")
    with pytest.raises(NotAllowed, match="only as the person concerned"):
        conflicts.declare(claim, by=grace, person=carol, reason="I think so.")


def test_one_stands_once(claim, bob):
    conflicts.declare(claim, by=bob, person=bob, reason="My brother built it.")
    with pytest.raises(Refused) as refused:
        conflicts.declare(claim, by=bob, person=bob, reason="And my sister.")
    assert refused.value.rule == "one_standing_conflict_per_claim_and_person"


def test_somebody_else_finds_that_it_is_over(claim, bob, carol):
    conflict = conflicts.declare(claim, by=bob, person=bob, reason="My brother built it.")
    with pytest.raises(NotAllowed):
        conflicts.withdraw(conflict, by=bob, reason="He is dead.")
    conflicts.withdraw(conflict, by=carol, reason="He left the company in 2019.")
    assert reviews.begin(claim, by=bob, seen=claim.version).assignee == bob
    with pytest.raises(Conflict):
        conflicts.withdraw(conflict, by=carol, reason="Again.")
    own = conflicts.declare(claim, by=carol, person=carol, reason="I own shares.")
    with pytest.raises(Refused):
        conflicts.withdraw(own, by=carol, reason="I sold them.")


def test_an_empty_reason_is_none(claim, bob):
    with pytest.raises(BadInput):
        conflicts.declare(claim, by=bob, person=bob, reason="  ")
    assert not ConflictOfInterest.objects.exists()


# --- drafts in somebody's hands --------------------------------------------------------------------------------------


def test_who_takes_a_draft_over_is_one_more_of_its_writers_and_cannot_approve_it(claim, bob, carol):
    review = factories.complete(bob, of=claim)
    reviews.take_over(review, by=carol, seen=review.version)
    reviews.submit(review, by=carol, seen=review.version)
    with pytest.raises(Refused) as refused:
        reviews.approve(review, by=carol, seen=review.version)
    assert refused.value.rule == "four_eyes"


def test_only_a_draft_is_taken_over_and_only_as_it_was_read(claim, bob, carol, grace):
    review = factories.reviewed_until("submitted", bob, carol, of=claim)
    with pytest.raises(InvalidTransition):
        reviews.take_over(review, by=grace, seen=review.version)
    reviews.withdraw(review, by=bob, seen=review.version)
    with pytest.raises(Conflict):
        reviews.take_over(review, by=grace, seen=review.version - 1)


def test_what_comes_back_to_somebody_who_left_waits_for_another(claim, bob, carol, erin):
    review = factories.reviewed_until("submitted", bob, carol, of=claim)
    ClaimReview.objects.filter(pk=review.pk).update(assignee=bob)
    people.take_login_away(bob, by=erin, seen=people.fingerprint(bob))
    review.refresh_from_db()
    reviews.request_changes(review, by=carol, seen=review.version, reason="Which minutes?")
    assert list(ClaimReview.objects.in_nobodys_hands()) == [review]


def test_who_leaves_lets_go_of_drafts_and_history_stays(claim, bob, carol, erin):
    draft = reviews.begin(claim, by=bob, seen=claim.version)
    signed = factories.reviewed_until("submitted", bob, carol)
    people.take_login_away(bob, by=erin, seen=people.fingerprint(bob))
    draft.refresh_from_db()
    signed.refresh_from_db()
    assert (draft.assignee, draft.written_by, draft.status) == (None, [bob.pk], "draft")
    assert signed.status == "submitted"
    assert list(ClaimReview.objects.in_nobodys_hands()) == [draft]
    acts = AuditEntry.objects.filter(verb__in=["person.login_taken", "claimreview.released"]).values_list("act")
    assert len(set(acts)) == 1


# --- a person is forgotten -------------------------------------------------------------------------------------------


def test_a_person_is_forgotten_and_the_chains_stay_whole(claim, bob, carol, erin):
    gina = people.add_person(by=erin, email="gina@example.org", name="Gina Tyler", role="checker", password="x" * 20)
    people.set_role(gina, by=erin, seen=people.fingerprint(gina), role="editor")
    gina.refresh_from_db()
    published = factories.published(gina, carol)
    conflict = conflicts.declare(claim, by=gina, person=gina, reason="I, Gina Tyler, am married to her.")
    gina = people.erase_person(gina, by=erin, reason="She asked for it.")
    assert (gina.name, gina.is_active, gina.has_usable_password()) == (f"Former colleague {gina.pk}", False, False)
    assert "gina" not in gina.email
    assert not AuditText.objects.filter(text__icontains="gina").exists()
    assert not AuditText.objects.filter(text__icontains="tyler").exists()
    conflict.refresh_from_db()
    assert conflict.reason == ERASED
    published.refresh_from_db()
    assert published.written_by == [gina.pk]
    assert Publication.objects.filter(review=published).exists()
    for chain in AuditEntry.objects.values_list("chain", flat=True).distinct():
        assert list(problems_of_chain(chain)) == []


def test_who_was_forgotten_gets_no_log_in_again_and_is_not_forgotten_twice(bob, erin):
    bob = people.erase_person(bob, by=erin, reason="He asked for it.")
    with pytest.raises(BadInput, match="erased"):
        people.give_login_back(bob, by=erin, seen=people.fingerprint(bob))
    with pytest.raises(BadInput, match="erased already"):
        people.erase_person(bob, by=erin, reason="Again.")


def test_nobody_forgets_themselves_and_no_editor_forgets_anybody(bob, carol, erin):
    with pytest.raises(Refused):
        people.erase_person(erin, by=erin, reason="x")
    with pytest.raises(NotAllowed):
        people.erase_person(bob, by=carol, reason="x")
