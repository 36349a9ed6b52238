"""Reviews: four eyes, a complete review before it is submitted, and a claim in review exactly while one is open."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, transaction

from factcheck.models import Claim, ClaimReview, ConfidentialPart, Evidence
from tests import factories
from tests.models.asking import (
    ask,
    insertion,
    refused_by,
    rule_of,
    settle,
    side_by_side,
    somebody_waits,
    update,
    wait_until,
)
from tests.models.machines import MACHINES

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def person_said(review, by, **fields):
    words = {"kind": "person", "snapshot": None, "exact": "", "public_wording": "An engineer of the city"}
    return factories.evidence(review, by, **{**words, **fields})


def submit(review):
    ask("UPDATE factcheck_claimreview SET status = 'submitted' WHERE id = %s", review.pk)


def approve(review, by):
    ask("UPDATE factcheck_claimreview SET status = 'approved', approver_id = %s WHERE id = %s", by.pk, review.pk)


def version(review):
    return ask("SELECT version FROM factcheck_claimreview WHERE id = %s", review.pk)[0][0]


def writers(review):
    return set(ask("SELECT written_by FROM factcheck_claimreview WHERE id = %s", review.pk)[0][0])


# --- four eyes ------------------------------------------------------------------------------------------------------


def began_it(review, carol):
    """written_by names her from the start."""
    ask("UPDATE factcheck_claimreview SET written_by = %s WHERE id = %s", [*writers(review), carol.pk], review.pk)


def changed_one_word(review, carol):
    ask(
        "UPDATE factcheck_claimreview SET rationale = 'The books give the sum.', written_by = written_by || %s::bigint"
        " WHERE id = %s",
        carol.pk,
        review.pk,
    )


def changed_one_word_and_says_so(review, carol):
    """What the desk's verbs do: the database counts her."""
    ask(*update(review, rationale="The books give the sum.", writer=carol))


def changed_one_word_through_the_orm(review, carol):
    review.rationale, review.written_by = "The books give the sum.", [*review.written_by, carol.pk]
    review.save()


def added_evidence(review, carol):
    factories.evidence(review, carol)


def changed_evidence(review, carol):
    ask(*update(review.evidence.get(), note="page 3", writer=carol))


def added_evidence_that_is_gone(review, carol):
    factories.evidence(review, carol).delete()


def wrote_the_confidential_part(review, carol):
    evidence = person_said(review, ClaimReview.objects.get(pk=review.pk).evidence.first().writer)
    ConfidentialPart.objects.create(evidence=evidence, identity="E. Ngineer", writer=carol)


def changed_the_confidential_part(review, carol):
    alice = review.evidence.first().writer
    part = ConfidentialPart.objects.create(evidence=person_said(review, alice), identity="E. Ngineer", writer=alice)
    ask(*update(part, words="It was more.", writer=carol))


def added_evidence_by_upsert(review, carol):
    piece = review.evidence.get()
    piece.writer = carol
    ask(*insertion(piece, "ON CONFLICT (id) DO UPDATE SET writer_id = EXCLUDED.writer_id"))


PARTS = [
    began_it,
    changed_one_word,
    changed_one_word_and_says_so,
    changed_one_word_through_the_orm,
    added_evidence,
    changed_evidence,
    added_evidence_that_is_gone,
    added_evidence_by_upsert,
    wrote_the_confidential_part,
    changed_the_confidential_part,
]


@pytest.mark.parametrize("part", PARTS)
def test_who_wrote_any_part_cannot_approve(part, alice, bob, carol):
    review = factories.complete(alice)
    part(review, carol)
    submit(review)
    with refused_by("four_eyes"):
        approve(review, carol)
    with refused_by("four_eyes"):
        ClaimReview.objects.filter(pk=review.pk).update(status="approved", approver=carol)
    approve(review, bob)
    assert writers(review) == {alice.pk, carol.pk}


def test_somebody_who_wrote_no_part_approves(alice, bob):
    review = factories.complete(alice)
    submit(review)
    approve(review, bob)
    settle()
    review.refresh_from_db()
    assert (review.status, review.approver, review.written_by) == ("approved", bob, [alice.pk])


def test_the_approver_does_not_join_the_writers_afterwards(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    with refused_by("four_eyes"):
        began_it(review, bob)


def test_a_writer_is_counted_once(alice):
    review = factories.complete(alice)
    factories.evidence(review, alice)
    review.refresh_from_db()
    assert review.written_by == [alice.pk]


def test_a_review_has_a_writer():
    with refused_by("reviews_are_born_drafts"):
        ask(*insertion(ClaimReview(claim=factories.claim(), statement="It is so.", written_by=[])))


@pytest.mark.parametrize("said", ["nothing", "somebody else"])
def test_the_last_writer_is_counted_whatever_is_said(said, alice, carol):
    review = factories.draft(alice)
    said = "" if said == "nothing" else f", written_by = ARRAY[{alice.pk}::bigint]"
    ask(f"UPDATE factcheck_claimreview SET rationale = 'x', writer_id = {carol.pk}{said} WHERE id = {review.pk}")
    assert writers(review) == {alice.pk, carol.pk}
    row = MACHINES["review"].fresh()
    row.writer, row.written_by = carol, []
    row.save()
    Claim.objects.filter(pk=row.claim_id).update(status="in_review")
    assert writers(row) == {carol.pk}


def test_the_last_writer_is_not_nobody(alice):
    review = factories.draft(alice)
    ask(f"UPDATE factcheck_claimreview SET writer_id = NULL WHERE id = {review.pk}")
    review.refresh_from_db()
    assert review.writer == alice


@pytest.mark.parametrize("status", ["submitted", "approved", "published", "superseded", "retracted", "abandoned"])
def test_the_last_writer_is_another_only_in_a_draft(status, alice, bob, carol):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("review_changes_in_draft_only"):
        ask(*update(review, writer=carol))


def test_an_approved_review_has_an_approver(alice):
    review = factories.complete(alice)
    submit(review)
    with refused_by("approved_review_has_approver"):
        ask(*update(review, status="approved"))


def test_nobody_is_the_approver_of_a_review_that_is_only_submitted(alice, bob):
    with refused_by("approved_review_has_approver"):
        ask(*update(factories.complete(alice), status="submitted", approver=bob))


def test_an_approver_is_not_named_before_the_act(alice, bob):
    with refused_by("review_changes_in_draft_only"):
        ask(*update(factories.complete(alice), approver=bob))


def test_an_approved_review_that_goes_back_to_draft_has_lost_its_approval(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    with refused_by("approved_review_has_approver"):
        ask(*update(review, status="draft"))
    ask(*update(review, status="draft", approver=None))
    ask(*update(review, rationale="The books give the sum."))
    with refused_by("review_arrows"):
        approve(review, bob)
    submit(review)
    approve(review, bob)


def test_who_adds_evidence_before_the_review_exists_cannot_approve(alice, carol):
    claim, review = factories.claim(), 900_001
    with refused_by("evidence_changes_in_draft_only"):
        ask(*insertion(Evidence(review_id=review, writer=carol, kind="person", stance="context", public_wording="x")))
        row = MACHINES["review"].fresh()
        row.pk, row.claim, row.writer, row.written_by = review, claim, alice, [alice.pk]
        row.save()
        MACHINES["claim"].model.objects.filter(pk=claim.pk).update(status="in_review")
        submit(row)
        approve(row, carol)


def test_who_adds_a_confidential_part_before_its_evidence_cannot_approve(alice, carol):
    review, evidence = factories.complete(alice), 900_002
    with refused_by("confidence_changes_in_draft_only"):
        ask(*insertion(ConfidentialPart(evidence_id=evidence, identity="E. Ngineer", writer=carol)))
        person_said(review, alice, pk=evidence)
        submit(review)
        approve(review, carol)


def test_evidence_does_not_go_to_a_review_that_does_not_exist_yet(alice, carol):
    piece, row = factories.evidence(factories.draft(carol), carol), MACHINES["review"].fresh()
    row.pk, row.writer, row.written_by = 900_003, alice, [alice.pk]
    with refused_by("evidence_changes_in_draft_only"):
        ask(*update(piece, review=row))
        row.save()
        Claim.objects.filter(pk=row.claim_id).update(status="in_review")
        submit(row)
        approve(row, carol)


@pytest.mark.parametrize("wrote", ["the evidence", "the confidential part"])
def test_evidence_stays_with_its_review(wrote, alice, bob, carol):
    here, there = factories.draft(alice), factories.complete(bob)
    piece = person_said(here, carol if wrote == "the evidence" else alice)
    if wrote == "the confidential part":
        ConfidentialPart.objects.create(evidence=piece, identity="E. Ngineer", writer=carol)
    with refused_by("evidence_stays_with_its_review"):
        ask(*update(piece, review=there, writer=bob))
        submit(there)
        approve(there, carol)


# --- what a review says and rests on ---------------------------------------------------------------------------------


def change_confidence(review, alice, **fields):
    part = ConfidentialPart.objects.create(evidence=person_said(review, alice), identity="E. Ngineer", writer=alice)
    before = version(review)
    if fields:
        ask(*update(part, **fields))
    else:
        ask("DELETE FROM factcheck_confidentialpart WHERE evidence_id = %s", part.pk)
    return before


@pytest.mark.parametrize("what", ["insert", "update", "delete", "part insert", "part update", "part delete"])
def test_whatever_changes_beneath_a_review_raises_its_version(what, alice):
    review = factories.complete(alice)
    if what == "part insert":
        piece = person_said(review, alice)
    before = version(review)
    match what:
        case "insert":
            factories.evidence(review, alice)
        case "update":
            ask("UPDATE factcheck_evidence SET note = 'page 3' WHERE review_id = %s", review.pk)
        case "delete":
            ask("DELETE FROM factcheck_evidence WHERE review_id = %s", review.pk)
        case "part insert":
            ConfidentialPart.objects.create(evidence=piece, identity="E. Ngineer", writer=alice)
        case "part update":
            before = change_confidence(review, alice, words="It was more.")
        case "part delete":
            before = change_confidence(review, alice)
    assert version(review) == before + 1


@pytest.mark.parametrize("verdict", [None, "verified", "disputed", "unverifiable", "true"])
@pytest.mark.parametrize("rating", [None, 0, 1, 2, 3, 4, 5, 6])
def test_ratings_4_and_5_go_with_verified_1_to_3_with_disputed_and_none_with_unverifiable(verdict, rating, alice):
    review = factories.draft(alice)
    agree = {(None, None), ("unverifiable", None), ("verified", 4), ("verified", 5)}
    agree |= {("disputed", 1), ("disputed", 2), ("disputed", 3)}
    sql = "UPDATE factcheck_claimreview SET verdict = %s, rating = %s WHERE id = %s"
    if (verdict, rating) in agree:
        ask(sql, verdict, rating, review.pk)
    else:
        with refused_by("rating_agrees_with_verdict"):
            ask(sql, verdict, rating, review.pk)


@pytest.mark.parametrize(
    "missing",
    [
        {"verdict": None, "rating": None},
        {"as_of": None},
        {"rationale": ""},
        {"rationale": "   "},
        {"rationale": "\n\t\r\n"},
        {"rationale": "\u00a0\u2003\u3000"},
    ],
    ids=repr,
)
def test_an_incomplete_review_is_not_submitted(missing, alice):
    review = factories.complete(alice)
    ask(*update(review, **missing))
    with refused_by("submitted_review_is_complete"):
        submit(review)
    with refused_by("submitted_review_is_complete"):  # nor made incomplete by the same statement
        ask(*update(factories.complete(alice), status="submitted", **missing))


def test_a_draft_may_become_as_incomplete_as_it_was(alice):
    review = factories.complete(alice)
    ask(*update(review, verdict=None, rating=None, as_of=None, rationale=" "))
    take_the_evidence(review)
    assert version(review) == review.version + 2


def test_a_review_without_evidence_is_not_submitted(alice):
    review = factories.complete(alice)
    factories.evidence(factories.complete(alice), alice)  # that of another review does not count
    review.evidence.get().delete()
    with refused_by("review_rests_on_evidence"):
        submit(review)


ONE_STATEMENT = {
    "submit, then delete": "WITH done AS (UPDATE factcheck_claimreview SET status = 'submitted' WHERE id = {0}"
    " RETURNING id) DELETE FROM factcheck_evidence WHERE review_id IN (SELECT id FROM done)",
    "delete, then submit": "WITH gone AS (DELETE FROM factcheck_evidence WHERE review_id = {0} RETURNING id)"
    " UPDATE factcheck_claimreview SET status = 'submitted' WHERE id = {0} AND (SELECT count(*) FROM gone) > 0",
    "both at once": "WITH gone AS (DELETE FROM factcheck_evidence WHERE review_id = {0} RETURNING id)"
    " UPDATE factcheck_claimreview SET status = 'submitted' WHERE id = {0}",
}


@pytest.mark.parametrize("statement", ONE_STATEMENT)
def test_no_single_statement_both_submits_a_review_and_takes_its_evidence(statement, alice):
    review = factories.complete(alice)
    with pytest.raises(Exception, match=r"only while it is a draft|already modified"), transaction.atomic():
        ask(ONE_STATEMENT[statement].format(review.pk))
    review.refresh_from_db()
    assert (review.status, review.evidence.count()) == ("draft", 1)


@pytest.mark.parametrize("status", ["draft", "submitted", "approved"])
def test_a_claim_has_one_open_review(status, alice, bob):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("one_open_review_per_claim"):
        factories.draft(bob, review.claim)


def test_after_an_abandoned_review_another_begins(alice, bob):
    review = factories.reviewed_until("abandoned", alice, bob)
    factories.draft(bob, Claim.objects.get(pk=review.claim_id))
    settle()
    with refused_by("review_arrows"):
        ask(*update(review, status="draft"))


def test_an_abandoned_review_is_not_rewritten(alice, bob):
    with refused_by("review_changes_in_draft_only"):
        ask(*update(factories.reviewed_until("abandoned", alice, bob), rationale="I knew it."))


def test_an_empty_statement_is_no_statement(alice):
    with refused_by("review_statement_is_not_empty"):
        ask(*update(factories.draft(alice), statement=""))


# --- rows keep their keys ---------------------------------------------------------------------------------------------


KEYED = {
    "article": factories.article,
    "claim": factories.claim,
    "anchor": MACHINES["anchor"].start,
    "suggestion": factories.suggestion,
    "pair": factories.pair,
    "job": MACHINES["job"].start,
    "source": factories.source,
    "review": lambda: factories.draft(factories.person("Alice")),
    "evidence": lambda: factories.evidence(factories.draft(factories.person("Alice")), factories.person("Bob")),
    "confidential part": lambda: part_of(factories.draft(factories.person("Alice"))),
    "person": lambda: factories.person("Eve"),
}


def part_of(review):
    alice = factories.person("Alice")
    return ConfidentialPart.objects.create(evidence=person_said(review, alice), identity="E. Ngineer", writer=alice)


@pytest.mark.parametrize("name", KEYED)
def test_a_row_keeps_its_key(name):
    row = KEYED[name]()
    settle()
    table, key = row._meta.db_table, row._meta.pk.column
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012
        ask(f"UPDATE {table} SET {key} = {key} + 900000 WHERE {key} = %s", row.pk)
        transaction.set_rollback(True)
    assert caught.value.__cause__.sqlstate == "23514"  # a guard, and not a foreign key that another row could satisfy


def test_an_approved_review_does_not_exchange_its_evidence_by_exchanging_keys(alice, bob):
    signed, other = factories.reviewed_until("approved", alice, bob), factories.complete(alice)
    settle()
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
        exchange_keys(signed, other)
        settle()


def test_a_writer_does_not_become_somebody_else_by_exchanging_keys(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
        exchange_keys(alice, bob)
        approve(review, bob)  # the key that Alice now has
        settle()


def exchange_keys(one, other):
    table = one._meta.db_table
    for before, after in ((other.pk, 999_999), (one.pk, other.pk), (999_999, one.pk)):
        ask(f"UPDATE {table} SET id = %s WHERE id = %s", after, before)


# --- a claim is in review exactly as long as it has an open review: at COMMIT -----------------------------------------


def only_the_claim_begins(claim, review):
    ask("UPDATE factcheck_claim SET status = 'in_review' WHERE id = %s", claim.pk)


def only_the_review_begins(claim, review):
    eve = factories.person("Eve")
    ClaimReview.objects.create(claim=claim, statement="It is so.", writer=eve, written_by=[eve.pk])


def only_the_claim_ends(claim, review):
    ask("UPDATE factcheck_claim SET status = 'detected' WHERE id = %s", review.claim_id)


def only_the_review_ends(claim, review):
    ask(*update(review, status="abandoned"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("half", "rule"),
    [
        (only_the_claim_begins, "claim_status_fits_reviews"),
        (only_the_review_begins, "review_fits_claim_status"),
        (only_the_claim_ends, "claim_status_fits_reviews"),
        (only_the_review_ends, "review_fits_claim_status"),
    ],
)
def test_half_an_act_is_refused_at_commit(half, rule):
    claim, review = factories.claim(), factories.draft(factories.person("Alice"))
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012
        half(claim, review)
        reached_the_end = True
    assert reached_the_end
    assert rule_of(caught.value) == rule
    statuses = set(Claim.objects.values_list("pk", "status"))
    assert statuses == {(claim.pk, "detected"), (review.claim_id, "in_review")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("claim_first", [True, False])
def test_the_whole_act_is_committed_in_either_order(claim_first):
    claim = factories.claim()
    halves = [only_the_claim_begins, only_the_review_begins]
    with transaction.atomic():
        for half in halves if claim_first else reversed(halves):
            half(claim, None)
    claim.refresh_from_db()
    assert (claim.status, claim.reviews.get().status) == ("in_review", "draft")


def test_a_rule_that_is_asked_too_early_still_holds_in_the_end():
    claim = MACHINES["claim"].fresh()
    claim.pk = 900_004
    (name,) = ask("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_review_fits_claim_status%%'")[0]
    with refused_by("review_fits_claim_status"):
        only_the_review_begins(claim, None)
        ask(f"SET CONSTRAINTS {name} IMMEDIATE")
        claim.save(force_insert=True)


# --- two at the same time ----------------------------------------------------------------------------------------


def take_the_evidence(review):
    ask("DELETE FROM factcheck_evidence WHERE review_id = %s", review.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
@pytest.mark.parametrize("first", [submit, take_the_evidence])
def test_who_comes_second_waits_and_is_refused(first, level):
    second = take_the_evidence if first is submit else submit
    review = factories.complete(factories.person("Alice"))
    done, other_has_looked = threading.Event(), threading.Event()

    def one():
        with transaction.atomic():
            assert other_has_looked.wait(10)
            first(review)
            done.set()
            wait_until(somebody_waits)

    def two():
        with transaction.atomic():
            ask(f"SET TRANSACTION ISOLATION LEVEL {level}")
            ask("SELECT * FROM factcheck_claimreview")  # under REPEATABLE READ this is all it will ever see
            other_has_looked.set()
            assert done.wait(10)
            second(review)

    won, lost = side_by_side(one, two)
    assert won is None
    assert lost.__cause__.sqlstate == {"READ COMMITTED": "23514", "REPEATABLE READ": "40001"}[level]
    review.refresh_from_db()
    assert (review.status, review.evidence.count()) == (("submitted", 1) if first is submit else ("draft", 0))


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_still_sees_a_claim_in_review_begins_no_review_of_it():
    alice = factories.person("Alice")
    review = factories.draft(alice)
    claim = Claim.objects.get(pk=review.claim_id)

    def abandon():
        with transaction.atomic():
            only_the_review_ends(claim, review)
            only_the_claim_ends(claim, review)

    with pytest.raises(OperationalError, match=r"could not serialize"), transaction.atomic():  # noqa: PT012
        ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert ask("SELECT status FROM factcheck_claim") == [("in_review",)]
        assert side_by_side(abandon) == [None]
        only_the_review_begins(claim, None)
        settle()
    assert ask("SELECT status FROM factcheck_claim") == [("detected",)]
    assert [kept.status for kept in claim.reviews.all()] == ["abandoned"]


@pytest.mark.django_db(transaction=True)
def test_in_thirty_rounds_no_review_is_submitted_while_its_last_evidence_is_taken():
    alice = factories.person("Alice")
    for _ in range(30):
        review = factories.complete(alice)
        outcomes = side_by_side(lambda: submit(review), lambda: take_the_evidence(review))  # noqa: B023
        assert sorted(type(outcome) for outcome in outcomes if outcome is not None) == [IntegrityError]
        review.refresh_from_db()
        assert (review.status, review.evidence.count()) in {("submitted", 1), ("draft", 0)}


@pytest.mark.django_db(transaction=True)
def test_two_who_add_evidence_to_a_draft_at_the_same_time_wait_for_each_other():
    people = [factories.person("Alice"), factories.person("Bob")]
    review, snapshot, rounds = factories.draft(people[0]), factories.snapshot(), 15

    def adder(by):
        def work():
            for _ in range(rounds):
                factories.evidence(review, by, snapshot=snapshot)

        return work

    assert side_by_side(*map(adder, people)) == [None, None]
    assert version(review) == review.version + 2 * rounds
    assert writers(review) == {person.pk for person in people}


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_a_review_of_the_same_claim_leave_one():
    claim, people = factories.claim(), [factories.person("Alice"), factories.person("Bob")]
    outcomes = side_by_side(*(lambda by=by: factories.draft(by, Claim.objects.get(pk=claim.pk)) for by in people))
    refusals = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert [rule_of(refusal) for refusal in refusals] == ["one_open_review_per_claim"]
    assert claim.reviews.count() == 1
