"""The queue: its filters and orders, who gets which claim next, and acts on several claims at once."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed, Refused
from factcheck.models import (
    Article,
    AuditEntry,
    Claim,
    ClaimFilter,
    Lease,
    Outlet,
    Passage,
    SavedView,
    Source,
    Suggestion,
    User,
)
from factcheck.workflow import assignments, bulk, conflicts, leases, marking, reviews, views
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def confidential(**fields) -> Article:
    return factories.article(confidential=True, outside_search="never", **fields)


# --- filters and orders ----------------------------------------------------------------------------------------------


def filled(bob) -> list[Claim]:
    """Thirty claims that differ in everything by which claims are looked for; six of them bob may not see."""
    outlets = [Outlet.objects.create(name=name) for name in ("The Harbour Post", "Il Porto")]
    articles = [factories.article(outlet=outlets[0]), factories.article(outlet=outlets[1]), confidential()]
    articles += [factories.article(), confidential(outlet=outlets[0])]
    articles[4].readers.add(bob)
    against = {"values": [{"kind": "number", "claim": "12", "passage": "13", "relation": "conflict"}]}
    claims = []
    for number in range(30):
        claim = factories.claim(
            articles[number % 5],
            statement=f"Number {number}: the {('bridge', 'river', 'ferries')[number % 3]} cost {number} million.",
            kind=("rule", "event")[number % 2],
            speaker=("Ada Lind", "", "ada lind")[number % 3],
            checkworthiness=None if number % 7 == 0 else number % 4 / 4,
            not_checkable="not checkable: a question" if number % 11 == 0 else "",
            priority=4 if number % 13 == 0 else 2,
            assignee=bob if number % 6 == 0 else None,
            due_at=None if number % 2 else NOON + timedelta(days=number % 3 - 400 * (number % 4)),
        )
        if number % 5 == 1:
            factories.suggestion(claim, factories.fact_check().source.passages.get())
        if number % 4 == 1:
            factories.suggestion(claim, features=against)
        if number % 5 == 3:
            marking.dismiss(claim, by=bob, seen=1, reason="Not ours.")
        claim.refresh_from_db()
        claims.append(claim)
    return claims


def earlier(claim) -> bool:
    return any(row.of_fact_check for row in claim.suggestions.all())


def differs(claim) -> bool:
    return any(row.conflicts for row in claim.suggestions.all())


def to_do(claim) -> bool:
    return claim.status == "detected" and not claim.not_checkable


WANTED = {
    ClaimFilter(): to_do,
    ClaimFilter(status="any"): lambda claim: True,
    ClaimFilter(status="dismissed"): lambda claim: claim.status == "dismissed",
    ClaimFilter(status="not_checkable"): lambda claim: claim.status == "detected" and claim.not_checkable,
    ClaimFilter(kind="rule"): lambda claim: to_do(claim) and claim.kind == "rule",
    ClaimFilter(speaker="ADA lind"): lambda claim: to_do(claim) and claim.speaker,
    ClaimFilter(outlet="harbour"): lambda claim: to_do(claim) and str(claim.article.outlet).startswith("The Harbour"),
    ClaimFilter(language="en", status="any"): lambda claim: True,
    ClaimFilter(language="de"): lambda claim: False,
    ClaimFilter(assignee="me"): lambda claim: to_do(claim) and claim.assignee,
    ClaimFilter(assignee="nobody"): lambda claim: to_do(claim) and not claim.assignee,
    ClaimFilter(priority=4, status="any"): lambda claim: claim.priority == 4,
    ClaimFilter(due="dated"): lambda claim: to_do(claim) and claim.due_at,
    ClaimFilter(due="overdue"): lambda claim: to_do(claim) and claim.due_at and claim.due_at < datetime.now(UTC),
    ClaimFilter(checked_before=True): lambda claim: to_do(claim) and earlier(claim),
    ClaimFilter(checked_before=False, status="any"): lambda claim: not earlier(claim),
    ClaimFilter(conflicting=True): lambda claim: to_do(claim) and differs(claim),
    ClaimFilter(words="ferry -5"): lambda claim: to_do(claim) and re.search(r"ferries cost (?!5 )", claim.statement),
    ClaimFilter(words='"bridge cost"', kind="event"): lambda claim: (
        to_do(claim) and "bridge" in claim.statement and claim.kind == "event"
    ),
    ClaimFilter(verdict="disputed", status="any"): lambda claim: False,
}
PLACE = {
    "worth": lambda claim: (-claim.priority, -(-1 if claim.checkworthiness is None else claim.checkworthiness)),
    "due": lambda claim: (claim.due_at or datetime.max.replace(tzinfo=UTC),),
    "article": lambda claim: (-claim.article_id,),
}


def walked(wanted: ClaimFilter, user: User) -> list[int]:
    """Page by page, of five claims each."""
    seen: list[int] = []
    rows = wanted.in_order(wanted.among(Claim.objects.all(), user))
    page = list(rows[:5])
    while page:
        seen += [claim.pk for claim in page]
        page = list(wanted.behind(rows, page[-1])[:5])
    return seen


def test_every_filter_in_every_order_is_walked_page_by_page_as_plain_python_sorts_it(bob, carol):
    claims = filled(bob)
    hidden = {claim.pk for claim in claims if claim.article.confidential and claim.article.outlet_id is None}
    assert len(hidden) == 6
    for wanted, fits in WANTED.items():
        for order, place in PLACE.items():
            seen = [claim for claim in claims if claim.pk not in hidden]
            expected = sorted(filter(fits, seen), key=lambda claim: (*place(claim), claim.pk))
            asked = ClaimFilter(**{**vars(wanted), "order": order})
            assert walked(asked, bob) == [claim.pk for claim in expected], asked


# --- who gets which claim next ---------------------------------------------------------------------------------------


def test_next_is_what_is_mine_first_and_never_what_is_anothers(bob, grace, carol):
    article = factories.article()
    worth = iter((0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3))
    for_grace, kept_away, leased, drafted, hidden, mine, left = (
        factories.claim(confidential() if number == 4 else article, checkworthiness=next(worth)) for number in range(7)
    )
    assignments.assign(for_grace, by=carol, seen=1, to=grace)
    assignments.assign(mine, by=carol, seen=1, to=bob)
    conflicts.declare(kept_away, by=bob, person=bob, reason="My brother built it.")
    assert leases.begin(leased, by=grace)
    reviews.begin(drafted, by=grace, seen=1)
    Lease.objects.filter(claim=drafted).update(until=Now())  # her lease lapsed: the draft is in her hands still
    got = [leases.next_for(bob, ClaimFilter()) for _ in range(3)]
    assert got == [mine, left, None]
    assert set(Lease.objects.running().values_list("claim", "person")) == {
        (leased.pk, grace.pk), (mine.pk, bob.pk), (left.pk, bob.pk),
    }  # fmt: skip
    # What is not hers any more comes to him: her lease over, her log-in gone.
    Lease.objects.filter(claim=leased).update(until=Now() - timedelta(seconds=1))
    User.objects.filter(pk=grace.pk).update(is_active=False)
    assert [leases.next_for(bob, ClaimFilter()) for _ in range(3)] == [for_grace, leased, None]
    assert not leases.keep(leased, by=grace)
    assert leases.keep(leased, by=bob)
    leases.release(leased, by=bob)
    assert leases.next_for(carol, ClaimFilter()) == kept_away  # worth more, and she keeps away from nothing
    with pytest.raises(Refused):
        leases.begin(kept_away, by=bob)
    with pytest.raises(NotAllowed):
        leases.begin(hidden, by=bob)
    assert not leases.begin(mine, by=carol)


def test_a_lease_ends_with_the_work(bob, carol):
    claim = factories.claim()
    review = reviews.begin(claim, by=bob, seen=1)
    assert Lease.objects.running().get().person == bob
    reviews.abandon(review, by=bob, seen=review.version)
    assert not Lease.objects.exists()
    leases.begin(claim, by=bob)
    claim.refresh_from_db()
    marking.dismiss(claim, by=carol, seen=claim.version, reason="Not ours.")
    assert not Lease.objects.exists()


# --- the plan --------------------------------------------------------------------------------------------------------


def test_who_keeps_away_or_cannot_see_it_is_assigned_nothing(alice, bob, grace, carol):
    claim, secret = factories.claim(), confidential()
    secret.readers.add(carol)
    assignments.assign(claim, by=carol, seen=1, to=bob)
    conflicts.declare(claim, by=bob, person=bob, reason="My brother built it.")
    claim.refresh_from_db()
    assert claim.assignee is None  # it is taken from him by the same act
    assert AuditEntry.objects.filter(verb="claim.assigned").count() == 2
    for to, error in ((bob, Refused), (alice, BadInput)):
        with pytest.raises(error):
            assignments.assign(claim, by=carol, seen=claim.version, to=to)
    with pytest.raises(BadInput, match="may not see"):
        assignments.assign(factories.claim(secret), by=carol, seen=1, to=grace)
    with pytest.raises(Conflict):
        assignments.set_due(claim, by=carol, seen=1, due=NOON)
    with pytest.raises(BadInput):
        assignments.set_due(claim, by=carol, seen=claim.version, due=NOON.replace(tzinfo=None))
    with pytest.raises(BadInput):
        assignments.prioritise(claim, by=carol, seen=claim.version, priority=5)
    marking.dismiss(claim, by=carol, seen=claim.version, reason="Not ours.")
    with pytest.raises(InvalidTransition, match="nobody has to work on it"):
        assignments.prioritise(claim, by=carol, seen=claim.version, priority=4)


# --- several at once -------------------------------------------------------------------------------------------------


def test_several_are_changed_by_one_act_the_others_are_named_with_why_and_all_is_undone(bob, grace, carol):
    article = factories.article()
    first, stale, begun, kept_away = (factories.claim(article, statement=f"Claim {number}.") for number in range(4))
    elsewhere, secret = factories.claim(), factories.claim(confidential())
    assignments.prioritise(stale, by=carol, seen=1, priority=3)
    reviews.begin(begun, by=grace, seen=1)
    conflicts.declare(kept_away, by=grace, person=grace, reason="My brother built it.")
    every = [(claim.pk, 1) for claim in (first, stale, kept_away, elsewhere, secret)] + [(begun.pk, 2)]
    outcome = bulk.together(every, partial(assignments.assign, to=grace), by=bob, needs="plan the work")
    assert outcome.done == [first.pk, begun.pk, elsewhere.pk]
    assert dict(outcome.skipped) == {
        secret.pk: f"There is no claim {secret.pk}.",
        stale.pk: f"Claim {stale.pk} was changed by somebody else in the meantime. Nothing was saved.",
        kept_away.pk: "Who has a conflict of interest on a claim is not assigned to it.",
    }
    assert set(AuditEntry.objects.filter(act=outcome.act).values_list("verb", "old", "new")) == {
        ("claim.assigned", None, str(grace.pk))
    }
    for stranger in (carol, grace):
        with pytest.raises(BadInput, match="nothing of yours"):
            bulk.undo(outcome.act, by=stranger)
    elsewhere.refresh_from_db()
    assignments.assign(elsewhere, by=carol, seen=elsewhere.version, to=bob)
    assert bulk.undoable([outcome.act], by=carol) == set()
    assert bulk.undoable([outcome.act], by=bob) == {outcome.act}
    back = bulk.undo(outcome.act, by=bob)
    assert bulk.undoable([outcome.act], by=bob) == set()
    assert back.done == [first.pk, begun.pk]
    assert back.skipped == [(elsewhere.pk, "It was changed since; that is not thrown away.")]
    assert set(Claim.objects.filter(assignee__isnull=False)) == {elsewhere}
    # Putting aside is undone like the rest, with its reason kept in the trail; what is in review stays there.
    versions = dict(Claim.objects.filter(article=article).values_list("pk", "version"))
    gone = bulk.together(versions.items(), partial(marking.dismiss, reason="Old."), by=bob, needs="mark claims")
    assert [why for _, why in gone.skipped] == [f"Claim {begun.pk} is in_review; it cannot become dismissed."]
    assert bulk.undo(gone.act, by=bob).done == gone.done == [first.pk, stale.pk, kept_away.pk]
    assert not Claim.objects.filter(status="dismissed").exists()
    due = bulk.together([(elsewhere.pk, 3)], partial(assignments.set_due, due=NOON), by=bob, needs="plan the work")
    assert bulk.undo(due.act, by=bob).done == [elsewhere.pk]
    with pytest.raises(BadInput, match="at least one"):
        bulk.together([], partial(assignments.set_due, due=None), by=bob, needs="plan the work")
    with pytest.raises(BadInput, match="nothing of yours"):
        bulk.undo(uuid.uuid4(), by=bob)


def test_a_claim_is_flagged_by_what_its_reader_may_see(bob, grace):
    secret, claim = confidential(), factories.claim()
    secret.readers.add(bob)
    source = Source.objects.create(title="Ledger", kind="primary", seen="page", confidential_with=secret)
    passage = Passage.objects.create(source=source, position=1, text="13 million.", wording="original")
    against = {"values": [{"kind": "number", "claim": "12", "passage": "13", "relation": "conflict"}]}
    factories.suggestion(claim, passage, features=against)  # of a time when the article was not confidential
    for who, flagged in ((bob, True), (grace, False)):
        assert ClaimFilter(conflicting=True).among(Claim.objects.all(), who).exists() is flagged
        best = Suggestion.objects.visible_to(who).best_of_each_claim()
        assert [each.conflicting for each in best] == ([True] if flagged else [])


# --- saved views -----------------------------------------------------------------------------------------------------


def test_a_view_is_its_owners_unless_it_is_shared_and_counts_what_its_reader_may_see(bob, grace, dave, monkeypatch):
    kept = views.save(ClaimFilter(kind="rule", due="overdue"), by=bob, name="  Rules ")
    assert (kept.name, kept.query) == ("Rules", "kind=rule&due=overdue")
    assert list(SavedView.objects.visible_to(grace)) == []
    assert views.save(ClaimFilter(kind="event"), by=bob, name="Rules", shared=True) == kept
    assert list(SavedView.objects.visible_to(grace)) == [kept]
    with pytest.raises(NotAllowed):
        views.remove(kept, by=grace)
    secret = confidential()
    secret.readers.add(bob)
    for number in range(4):
        factories.claim(secret if number == 3 else None, kind="event", assignee=grace if number else None)
    monkeypatch.setattr(views, "COUNTED", 3)
    wanted = [ClaimFilter(), ClaimFilter(assignee="me"), ClaimFilter(kind="rule")]
    assert [views.counts(wanted, who) for who in (bob, grace, dave)] == [[3, 0, 0], [3, 2, 0], [3, 0, 0]]
    monkeypatch.setattr(SavedView, "MOST", 1)
    with pytest.raises(BadInput, match="Remove one first"):
        views.save(ClaimFilter(), by=bob, name="Another")
    views.remove(kept, by=bob)
