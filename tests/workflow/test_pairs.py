"""The same claim elsewhere: what a machine proposes, what people decide, and what nobody else learns of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck.exceptions import Conflict, InvalidTransition, NotAllowed, Refused
from factcheck.models import AuditEntry, Claim, ClaimPair, Job
from factcheck.retrieval import embedding
from factcheck.workflow import claims, marking, pairs, steps
from factcheck.workflow.articles import keep_confidential
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

HERE = "The mayor of Norwick opened the new harbour bridge on Monday, after ten years of work."
THERE = "On Monday, after ten years of work, Norwick’s mayor opened the new harbour bridge."
OTHER = "The ministry will publish the unemployment figures for March next week."


def claimed(statement: str, text: str = "", **fields) -> Claim:
    """A claim at the beginning of an article of its own, with its vector."""
    article = fields.pop("article", None) or factories.article(text or f"{statement} {next(factories.number)}")
    claim = factories.claim(article, statement=statement, embedding=embedding.encode([statement])[0], **fields)
    factories.anchor(claim, 0, 3)
    return claim


def looked_for(claim: Claim) -> Job:
    article = claim.article
    return Job.objects.create(kind=Job.Kind.PAIR, target=article.current.pk, queue="find", article=article)


def search(claim: Claim) -> None:
    job = looked_for(claim)
    steps.perform(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.last_error


def perform(kind: Job.Kind) -> None:
    steps.perform(Job.objects.get(kind=kind, state=Job.State.QUEUED).pk)


def test_what_other_articles_say_is_proposed_once_with_its_reasons():
    here = claimed(HERE, text=HERE)
    there = claimed(THERE)
    claimed(OTHER)
    twin = claimed(HERE, article=here.article)  # said twice in one article: that is no pair
    copy = claimed(HERE, text=HERE)  # the same text, taken in once more: it is elsewhere to others only
    claimed(THERE, not_checkable="not checkable: an opinion")
    marking.dismiss(aside := claimed(THERE), by=factories.person("Bob"), seen=1, reason="Nobody can check this.")
    for each in (here, there, here):
        search(each)
    both = {(pair.one, pair.other): pair for pair in ClaimPair.objects.all()}
    assert set(both) == {(here, there), (there, twin), (there, copy)}
    found = both[here, there]
    assert (found.status, found.version, found.model_version) == ("proposed", 1, pairs.MODEL_VERSION)
    assert found.score > 0.5
    assert found.reasons[0].endswith("of the longer one’s words stand in both, in the same order")
    marking.restore(aside, by=factories.person("Bob"), seen=2)
    perform(Job.Kind.SUGGEST)
    perform(Job.Kind.PAIR)
    assert ClaimPair.objects.filter(one=here, other=aside).exists()


def test_what_people_decided_stays_and_an_edited_statement_is_judged_anew(bob):
    here, there, third = claimed(HERE), claimed(THERE), claimed(HERE.replace("Monday", "Tuesday"))
    search(here)
    decided = pairs.confirm(ClaimPair.objects.get(one=here, other=there), by=bob, seen=1)
    proposed = ClaimPair.objects.get(one=here, other=third)
    claims.edit_statement(here, by=bob, seen=1, statement=OTHER)
    perform(Job.Kind.SUGGEST)
    perform(Job.Kind.PAIR)
    after = ClaimPair.objects.get(pk=decided.pk)
    assert (after.status, after.version, after.score) == ("confirmed", decided.version, decided.score)
    judged = ClaimPair.objects.get(pk=proposed.pk)
    assert judged.score < 0.2
    assert judged.version == proposed.version + 1  # who read the old reasons does not decide by them
    assert list(pairs.of(here, bob)) == [decided]


def test_two_searches_at_once_propose_it_once_and_an_edit_meanwhile_is_not_lost(bob):
    here, there = claimed(HERE), claimed(THERE)
    one, other = looked_for(here), looked_for(there)
    found = [pairs.find(one), pairs.find(other)]
    for job, each in zip((one, other), found, strict=True):
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=job.created_at)
        Job.objects.filter(pk=job.pk).update(state="done", lease_until=None, finished_at=job.created_at)
        pairs.store(job, each)
    assert ClaimPair.objects.count() == 1
    assert not Job.objects.filter(state="queued").exists()
    claims.edit_statement(here, by=bob, seen=1, statement=OTHER)
    pairs.store(one, found[0])
    assert Job.objects.filter(kind=Job.Kind.PAIR, target=one.target, state="queued").exists()


def test_the_number_of_statements_does_not_grow_with_the_claims():
    counts, _elsewhere = [], claimed(THERE)
    for number in (1, 12):
        article = factories.article(f"An article with {number} claims.")
        for each in range(number):
            claim = claimed(f"{HERE} It is bridge {each}.", article=article)
        with CaptureQueriesContext(connection) as queries:
            search(claim)
        counts.append(len(queries))
    assert ClaimPair.objects.count() > 12
    assert counts[0] == counts[1]


def entries(claim: Claim) -> list[str]:
    return list(
        AuditEntry.objects.filter(chain=str(claim.article.uuid), subject="claimpair").values_list("verb", flat=True)
    )


def test_a_decision_stands_in_both_trails_and_can_be_undone(bob, alice, carol):
    here, there = claimed(HERE), claimed(THERE)
    pair = factories.pair(here, there)
    with pytest.raises(NotAllowed):
        pairs.confirm(pair, by=alice, seen=1)
    pairs.confirm(pair, by=bob, seen=1)
    with pytest.raises(Conflict):
        pairs.refuse(ClaimPair.objects.get(pk=pair.pk), by=carol, seen=1)
    with pytest.raises(InvalidTransition):
        pairs.refuse(pair, by=carol, seen=2)
    pairs.undo(pair, by=carol, seen=2)
    pairs.refuse(pair, by=carol, seen=3, reason="Another bridge.")
    assert (pair.status, pair.decided_by) == ("refused", carol)
    assert entries(here) == entries(there) == ["claimpair.confirmed", "claimpair.proposed", "claimpair.refused"]
    assert len(set(AuditEntry.objects.filter(verb="claimpair.refused").values_list("act", flat=True))) == 1
    factories.conflict(there, bob)
    with pytest.raises(Refused) as refused:
        pairs.undo(pair, by=bob, seen=4)
    assert refused.value.rule == "conflict_of_interest"
    assert Claim.objects.filter(status="detected").count() == 2


def test_who_sees_one_article_only_learns_nothing(bob, carol, grace):
    here = claimed(HERE)
    hidden = [claimed(HERE) for _ in range(pairs.MOST + 1)]
    for each in hidden:
        keep_confidential(each.article, by=carol, seen=each.article.version, readers=[bob])
    shown = [claimed(THERE) for _ in range(pairs.MOST)]
    search(here)
    assert {pair.other for pair in pairs.of(here, grace)} == set(shown)  # the hidden ones took no place from them
    assert {pair.other for pair in pairs.of(here, bob)} == {*shown, *hidden}
    secret = ClaimPair.objects.get(one=here, other=hidden[0])
    with pytest.raises(NotAllowed, match="There is no pair"):
        pairs.confirm(secret, by=grace, seen=1)
    pairs.confirm(secret, by=bob, seen=1)
    assert (entries(here), entries(hidden[0])) == ([], ["claimpair.confirmed"])
    other = claimed(HERE)
    keep_confidential(other.article, by=carol, seen=other.article.version, readers=[bob, grace])
    between = factories.pair(hidden[0], other)
    pairs.confirm(between, by=bob, seen=1)  # all who see the one see the other
    assert (entries(hidden[0])[1:], entries(other)) == (["claimpair.confirmed"], [])
    now = hidden[0].article.version
    keep_confidential(hidden[0].article, by=carol, seen=now, readers=[bob, factories.person("Eve")])
    with pytest.raises(Refused, match="in no trail"):
        pairs.undo(between, by=bob, seen=2)
