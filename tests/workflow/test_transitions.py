"""move(): compare and swap, the trail beside it, and the database's refusals in the desk's words."""

import threading
import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, OperationalError, transaction

from factcheck.exceptions import Conflict, DeskError, InvalidTransition, Refused
from factcheck.models import AuditEntry, AuditText, Claim, ClaimReview
from factcheck.models.audit import text_hash
from factcheck.models.claims import UNFIT
from factcheck.workflow.transitions import SENTENCES, chain_of, change, database_errors_as_ours, move
from tests import factories
from tests.models.asking import ask, settle, side_by_side, somebody_waits, wait_until
from tests.models.attacks import ATTACKS
from tests.models.machines import MACHINES

pytestmark = [pytest.mark.database, pytest.mark.django_db]
committing = pytest.mark.django_db(transaction=True)


def entries():
    return list(AuditEntry.objects.order_by("chain", "seq"))


# --- what a move does ---------------------------------------------------------------------------------------------


def test_a_move_changes_the_status_raises_the_version_and_returns_the_row_fresh(bob):
    claim = factories.claim()
    before = claim.updated_at
    moved = move(claim, "dismissed", by=bob, seen=1)
    assert moved is claim
    assert (claim.status, claim.version) == ("dismissed", 2)
    assert ask("SELECT status, version FROM factcheck_claim") == [("dismissed", 2)]
    assert claim.updated_at >= before


def test_a_move_leaves_one_entry_with_the_true_old_value_in_the_articles_chain(bob):
    claim, act = factories.claim(), uuid.uuid4()
    move(claim, "dismissed", by=bob, seen=1, act=act, reason="Not a claim: an order.")
    (entry,) = entries()
    assert (entry.verb, entry.subject, entry.subject_id) == ("claim.dismissed", "claim", claim.pk)
    assert (entry.old, entry.new, entry.actor, entry.act) == ("detected", "dismissed", bob.pk, act)
    assert (entry.chain, entry.seq) == (str(claim.article.uuid), 1)
    words = AuditText.objects.get(entry_id=entry.pk)
    assert words.text == "Not a claim: an order."
    assert entry.text_sha256 == text_hash(words.salt, words.text)


def test_a_move_by_the_machine_names_nobody_and_without_a_reason_holds_no_words():
    move(factories.claim(), "dismissed", by=None, seen=1)
    (entry,) = entries()
    assert (entry.actor, entry.text_sha256, AuditText.objects.count()) == (None, None, 0)


def test_a_move_writes_the_fields_that_belong_to_it(bob):
    suggestion = factories.suggestion()
    move(suggestion, "accepted", by=bob, seen=1, decided_by=bob)
    assert suggestion.decided_by == bob


@pytest.mark.parametrize("name", ["claim", "anchor", "suggestion", "review"])
def test_every_machines_trail_is_its_articles(name, bob):
    machine = MACHINES[name]
    row = machine.start()
    row.refresh_from_db()
    to = min(machine.model.TRANSITIONS[machine.first] - {"in_review", "abandoned"})
    move(row, to, by=bob, seen=row.version, **machine.beside(row, to))
    (entry,) = entries()
    claim = row if name == "claim" else row.claim
    assert (entry.chain, entry.verb) == (str(claim.article.uuid), f"{machine.model._meta.model_name}.{to}")
    assert entry.chain == chain_of(row.article_key)


def test_the_moves_of_one_act_share_its_id(alice):
    claim = factories.claim()
    review = factories.draft(alice, claim)
    with change(claim.article_id) as act:
        move(review, "abandoned", by=alice, seen=review.version, act=act)
        move(claim, "detected", by=alice, seen=claim.version, act=act)
    settle()
    assert [(entry.act, entry.old, entry.new) for entry in entries()] == [
        (act, "draft", "abandoned"),
        (act, "in_review", "detected"),
    ]


def test_two_acts_have_two_ids(bob):
    claim = factories.claim()
    move(claim, "dismissed", by=bob, seen=1)
    move(claim, "detected", by=bob, seen=2)
    assert len({entry.act for entry in entries()}) == 2


# --- what stops a move ----------------------------------------------------------------------------------------------


def nothing_happened(claim, status="detected"):
    return (
        ask("SELECT status FROM factcheck_claim WHERE id = %s", claim.pk) == [(status,)]
        and not AuditEntry.objects.exists()
        and not AuditText.objects.exists()
    )


def test_an_arrow_that_is_not_drawn_is_an_invalid_transition(bob):
    claim = MACHINES["claim"].walked_to("dismissed")
    with pytest.raises(InvalidTransition, match=r"dismissed; it cannot become in_review"):
        move(claim, "in_review", by=bob, seen=claim.version)
    assert nothing_happened(claim, "dismissed")


def test_what_is_already_done_is_not_done_again(bob):
    claim = MACHINES["claim"].walked_to("dismissed")
    with pytest.raises(InvalidTransition):
        move(claim, "dismissed", by=bob, seen=claim.version)
    assert nothing_happened(claim, "dismissed")


def test_what_another_has_done_meanwhile_is_a_conflict(bob):
    claim = factories.claim()
    ask("UPDATE factcheck_claim SET status = 'dismissed' WHERE id = %s", claim.pk)
    with pytest.raises(Conflict, match=r"changed by somebody else"):
        move(claim, "dismissed", by=bob, seen=1)
    assert nothing_happened(claim, "dismissed")


@pytest.mark.parametrize("seen", [0, 1, 3, -1])
def test_a_version_that_is_not_the_present_one_never_wins(seen, bob):
    claim = factories.claim()
    Claim.objects.filter(pk=claim.pk).update(statement="The mayor opened the new bridge.")
    claim.refresh_from_db()
    assert claim.version == 2
    with pytest.raises(Conflict):
        move(claim, "dismissed", by=bob, seen=seen)
    assert nothing_happened(claim)


def test_a_row_that_was_read_before_another_change_never_wins(bob):
    claim = factories.claim()
    Claim.objects.filter(pk=claim.pk).update(statement="The mayor opened the new bridge.")
    with pytest.raises(Conflict):
        move(claim, "dismissed", by=bob, seen=1)
    assert nothing_happened(claim)


def test_a_row_that_went_away_and_came_back_is_another_version(bob):
    claim = factories.claim()
    stale = Claim.objects.get(pk=claim.pk)
    for to in ("dismissed", "detected"):
        claim.refresh_from_db()
        ask("UPDATE factcheck_claim SET status = %s WHERE id = %s", to, claim.pk)
    with pytest.raises(Conflict):
        move(stale, "dismissed", by=bob, seen=1)
    assert nothing_happened(claim)


def test_evidence_that_changed_after_the_review_was_read_is_a_conflict(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    move(review, "draft", by=alice, seen=review.version)
    read = ClaimReview.objects.get(pk=review.pk)
    factories.evidence(review, alice)
    with pytest.raises(Conflict):
        move(read, "submitted", by=alice, seen=read.version)


def test_a_status_that_was_changed_only_in_memory_moves_nothing(bob):
    claim = factories.claim()
    claim.status = "dismissed"
    with pytest.raises(Conflict):
        move(claim, "detected", by=bob, seen=1)
    assert nothing_happened(claim)


def test_when_the_outer_transaction_fails_neither_status_nor_entry_remains(bob):
    claim = factories.claim()
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        move(claim, "dismissed", by=bob, seen=1, reason="An order.")
        assert len(entries()) == 1
        raise ZeroDivisionError
    assert nothing_happened(claim)
    assert ask("SELECT count(*) FROM factcheck_audithead") == [(0,)]


def test_when_a_move_is_refused_what_the_act_did_before_is_undone(bob):
    first, second = factories.claim(), factories.claim()
    with pytest.raises(Conflict), change() as act:  # noqa: PT012
        move(first, "dismissed", by=bob, seen=1, act=act)
        move(second, "dismissed", by=bob, seen=7, act=act)
    assert nothing_happened(first)


# --- the database's refusals in the desk's words ----------------------------------------------------------------------


def fit_to_show(message):
    """No SQL, no Python, no inner names of the database."""
    hidden = ("CONTEXT", "DETAIL", "PL/pgSQL", "pgtrigger", "SELECT", "UPDATE", "\n", "Error", "null value", "<", "{")
    assert message.endswith(".")
    assert message[0].isupper()
    assert [word for word in hidden if word in message] == []
    return True


def test_a_constraint_becomes_a_refusal_in_its_own_words(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    with pytest.raises(Refused) as caught:
        move(review, "approved", by=alice, seen=review.version, approver=alice)
    assert caught.value.rule == "four_eyes"
    assert str(caught.value) == "Who wrote any part of a review cannot approve it."
    assert (ClaimReview.objects.get().status, entries()) == ("submitted", [])


def test_a_guard_becomes_a_refusal_in_its_own_words(alice):
    review = factories.complete(alice)
    review.evidence.get().delete()
    review.refresh_from_db()
    with pytest.raises(Refused) as caught:
        move(review, "submitted", by=alice, seen=review.version)
    assert caught.value.rule == "review_rests_on_evidence"
    assert str(caught.value) == "A review needs at least one piece of evidence."
    assert (ClaimReview.objects.get().status, entries()) == ("draft", [])


@committing
def test_a_rule_that_speaks_at_commit_becomes_a_refusal_and_nothing_is_kept():
    claim = factories.claim()
    with pytest.raises(Refused) as caught:
        move(claim, "in_review", by=None, seen=1)
    assert caught.value.rule == "claim_status_fits_reviews"
    assert str(caught.value) == UNFIT
    assert nothing_happened(claim)


def test_a_constraint_without_words_of_its_own_names_its_rule_and_shows_no_row():
    factories.claim(statement="A secret.")
    with pytest.raises(Refused) as caught, database_errors_as_ours(), transaction.atomic():
        ask("UPDATE factcheck_claim SET checkworthiness = 7")
    assert caught.value.rule == "checkworthiness_from_0_to_1"
    assert fit_to_show(str(caught.value))
    assert "secret" not in str(caught.value)


def test_a_foreign_key_becomes_a_refusal():
    claim = factories.claim()
    with pytest.raises(Refused) as caught, database_errors_as_ours(), transaction.atomic():  # noqa: PT012
        ask("UPDATE factcheck_claim SET added_by_id = 0 WHERE id = %s", claim.pk)
        settle()
    assert fit_to_show(str(caught.value))


def test_a_missing_value_is_refused_without_showing_the_row():
    factories.claim(statement="A secret.")
    with pytest.raises(Refused) as caught, database_errors_as_ours(), transaction.atomic():
        ask("UPDATE factcheck_claim SET kind = NULL")
    assert "secret" not in str(caught.value)
    assert fit_to_show(str(caught.value))


def test_a_row_that_others_rest_on_is_refused_in_words(alice):
    claim = factories.draft(alice).claim
    with pytest.raises(Refused) as caught, database_errors_as_ours():
        claim.delete()
    assert fit_to_show(str(caught.value))


@pytest.mark.parametrize("cue", ["x" * 500, "a\x00b"], ids=["too long", "NUL"])
def test_a_value_that_no_column_can_hold_becomes_an_error_of_ours(cue, bob):
    with pytest.raises(DeskError):
        move(factories.claim(), "dismissed", by=bob, seen=1, cue=cue)


def test_every_sentence_belongs_to_a_rule_that_exists():
    rules = {rule.name for model in apps.get_app_config("factcheck").get_models() for rule in model._meta.constraints}
    assert set(SENTENCES) <= rules


@pytest.mark.parametrize("rule", SENTENCES)
def test_every_sentence_is_fit_to_show(rule):
    assert fit_to_show(SENTENCES[rule])


def test_every_guards_sentence_is_fit_to_show():
    alice, bob = factories.person("Alice"), factories.person("Bob")
    for attack in {a.guard: a for a in ATTACKS if a.right and not a.corrected}.values():
        statements = attack.prepare(alice, bob)
        settle()
        with pytest.raises(Refused) as caught, database_errors_as_ours(), transaction.atomic():  # noqa: PT012
            for statement in statements:
                ask(*statement)
            settle()
        assert caught.value.rule == attack.guard
        said = str(caught.value)
        if attack.guard.endswith("_arrows"):  # only who went round move() hears it: move() says it in a sentence
            assert " cannot become " in said
        else:
            assert fit_to_show(said), attack.guard


@committing
def test_a_deadlock_is_a_conflict_for_one_of_the_two_and_nothing_for_the_other():
    claims = [factories.claim(), factories.claim()]
    rows, halfway = "UPDATE factcheck_claim SET statement = %s WHERE id = %s", threading.Barrier(2)

    def both(mine, other):
        def work():
            with database_errors_as_ours(), transaction.atomic():
                ask(rows, "It is so.", mine.pk)
                halfway.wait(20)
                ask(rows, "It is not so.", other.pk)

        return work

    outcomes = side_by_side(both(*claims), both(*reversed(claims)))
    conflicts = [outcome for outcome in outcomes if outcome is not None]
    assert [type(conflict) for conflict in conflicts] == [Conflict]
    assert fit_to_show(str(conflicts[0]))


@committing
def test_a_change_under_a_transactions_feet_is_a_conflict():
    claim = factories.claim()
    with pytest.raises(Conflict), database_errors_as_ours(), transaction.atomic():  # noqa: PT012
        ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        ask("SELECT * FROM factcheck_claim")
        side_by_side(lambda: Claim.objects.filter(pk=claim.pk).update(statement="It is so."))
        Claim.objects.filter(pk=claim.pk).update(statement="It is not so.")


def test_what_is_no_refusal_goes_through_as_it_is():
    with pytest.raises(OperationalError), database_errors_as_ours(), transaction.atomic():  # noqa: PT012
        ask("SET LOCAL statement_timeout = 1")
        ask("SELECT pg_sleep(5)")


# --- many at the same time ----------------------------------------------------------------------------------------


@committing
def test_of_eight_threads_on_one_row_one_wins_in_each_of_25_rounds():
    claim, people = factories.claim(), [factories.person(f"P{place}") for place in range(8)]
    rounds = 25
    start, read = threading.Barrier(8), threading.Barrier(8)

    def worker(person):
        def work():
            won = []
            for turn in range(rounds):
                start.wait(30)
                mine = Claim.objects.get(pk=claim.pk)
                read.wait(30)
                try:
                    move(mine, "dismissed" if turn % 2 == 0 else "detected", by=person, seen=mine.version)
                    won.append(turn)
                except Conflict:
                    pass
            return won

        return work

    outcomes = side_by_side(*map(worker, people))
    assert sorted(turn for won in outcomes for turn in won) == list(range(rounds))
    claim.refresh_from_db()
    assert (claim.version, claim.status) == (1 + rounds, "dismissed")
    trail = entries()
    assert [entry.seq for entry in trail] == list(range(1, rounds + 1))
    assert [entry.old for entry in trail] == ["detected" if turn % 2 == 0 else "dismissed" for turn in range(rounds)]
    winners = {turn: person.pk for person, won in zip(people, outcomes, strict=True) for turn in won}
    assert [entry.actor for entry in trail] == [winners[turn] for turn in range(rounds)]


@committing
def test_moves_of_a_claim_and_a_review_in_opposite_orders_do_not_deadlock():
    alice = factories.person("Alice")
    review = factories.complete(alice)
    claim = factories.claim(review.claim.article)
    rounds = 30

    def toggle(row, one, other):
        row.refresh_from_db()
        move(row, other if row.status == one else one, by=alice, seen=row.version)

    def worker(claim_first):
        my_claim, my_review = Claim.objects.get(pk=claim.pk), ClaimReview.objects.get(pk=review.pk)
        steps = [(my_claim, "detected", "dismissed"), (my_review, "draft", "submitted")]

        def work():
            for _ in range(rounds):
                with change(claim.article_id):
                    for step in steps if claim_first else reversed(steps):
                        toggle(*step)

        return work

    assert side_by_side(worker(True), worker(False)) == [None, None]
    claim.refresh_from_db()
    assert (claim.version, claim.status) == (1 + 2 * rounds, "detected")
    assert AuditEntry.objects.count() == 4 * rounds


@committing
def test_an_act_waits_for_another_act_on_the_same_article_and_not_for_one_on_another():
    here, elsewhere = factories.article(), factories.article()
    held, free, waited = threading.Event(), threading.Event(), []

    def first():
        with change(here.pk):
            held.set()
            assert free.wait(20)

    def other_article():
        assert held.wait(20)
        with change(elsewhere.pk):
            waited.append("elsewhere")

    def same_article():
        assert held.wait(20)
        with change(here.pk):
            waited.append("here")

    def watcher():
        assert held.wait(20)
        wait_until(lambda: somebody_waits() and waited)
        assert waited == ["elsewhere"]
        free.set()

    assert side_by_side(first, other_article, same_article, watcher) == [None] * 4
    assert waited == ["elsewhere", "here"]


@committing
def test_readers_and_new_rows_of_an_article_do_not_wait_for_an_act_on_it():
    article = factories.article()
    with change(article.pk):
        done = side_by_side(lambda: factories.claim(article).pk)  # a foreign key asks for the article's key only
    assert isinstance(done[0], int)


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("spoken by nobody"),
    ],
)
def test_a_refusal_without_a_diagnosis_is_still_ours(error):
    with pytest.raises(Refused), database_errors_as_ours():
        raise error
