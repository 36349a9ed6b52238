"""Told once: who is told of what, when it is mailed, and that a retry tells nobody again."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from factcheck.exceptions import BadInput
from factcheck.models import Job, Notice, NoticeSettings
from factcheck.workflow import assignments, changes, jobs, lineage, notices, publications, reviews
from tests import factories
from tests.workflow.test_comments import told

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_writers_approver_and_followers_are_told_and_never_the_actor(claim, bob, carol, grace, dave):
    factories.person("Nobody")
    review = factories.reviewed_until("submitted", bob, carol, of=claim)
    notices.follow(claim, by=grace, follows=True)
    notices.follow(claim.article, by=dave, follows=True)
    reviews.approve(review, by=carol, seen=review.version)
    factories.desk()
    publications.publish(review, by=carol, seen=review.version)
    publications.retract(review, by=carol, seen=review.version, reason="Forged.")
    happened = ["approved", "published", "retracted"]
    assert [told(who) for who in (bob, grace, dave, carol)] == [happened, happened, happened, []]
    assert Notice.objects.count() == 9


def test_a_retry_tells_nobody_again(claim, bob, carol):
    for _ in "twice":
        notices.tell([bob.pk, carol.pk, bob.pk], "approved", claim, "review-1-approved-2", by=carol)
    assert told(bob) == ["approved"]
    assert told(carol) == []


def test_who_is_given_a_claim_is_told_each_time_it_comes_to_them(claim, bob, carol, grace):
    for to in (bob, grace, bob, bob):  # the last time nothing changes
        claim = assignments.assign(claim, by=carol, seen=claim.version, to=to)
    assert [told(who) for who in (bob, grace, carol)] == [["assigned", "assigned"], ["assigned"], []]
    assert notices.followers(claim) == {bob.pk, grace.pk}


def test_followers_of_a_lost_claim_are_told_of_that_and_the_others_of_the_page(claim, bob, carol, grace):
    other = factories.claim(claim.article)
    factories.anchor(other, 39, 74)
    for subject, who in ((claim, bob), (other, carol), (claim.article, grace)):
        notices.follow(subject, by=who, follows=True)
    after = factories.version(claim.article, "It cost 12 million euros, she said.")
    changes.find_again(claim.article.versions.get(number=1), after, act=uuid4())
    assert [told(who) for who in (bob, carol, grace)] == [["orphaned"], ["page_changed"], ["page_changed"]]


def test_who_follows_a_claim_follows_what_takes_its_place(claim, bob, carol, grace):
    notices.follow(claim, by=grace, follows=True)
    one, other = lineage.split(claim, by=bob, seen=claim.version, parts=[lineage.Part("One."), lineage.Part("Other.")])
    assert notices.followers(one) == notices.followers(other) == {grace.pk}


def test_editors_are_told_of_each_death_of_a_job(carol, bob, settings):
    settings.JOB_MAX_ATTEMPTS = 1
    job = jobs.enqueue(Job.Kind.SPLIT, factories.article().current.pk, queue="read")
    jobs.give_back(jobs.take(job.pk), ValueError("no"))
    assert (told(carol), told(bob)) == (["dead_job"], [])
    dead = Job.objects.get(pk=job.pk)
    jobs.replay(dead, by=carol, seen_attempts=1)
    jobs.take(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=datetime(2026, 1, 1, tzinfo=UTC))  # its worker was lost
    jobs.sweep()
    assert told(carol) == ["dead_job", "dead_job"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("mentioned", datetime(2026, 11, 24, 9, 30, tzinfo=UTC)), ("approved", datetime(2026, 11, 25, 8, tzinfo=UTC)),
     ("published", None)],
)  # fmt: skip
def test_when_a_notice_is_mailed(kind, expected):
    wishes = NoticeSettings(at_once=["mentioned"], daily=["approved"], hour=8)
    assert notices.due(kind, wishes, datetime(2026, 11, 24, 9, 30, tzinfo=UTC)) == expected


def test_what_waits_is_mailed_as_is_wanted_now(claim, bob, carol):
    notices.tell([bob.pk], "approved", claim, "one", by=carol)
    notices.tell([bob.pk], "published", claim, "other", by=carol)
    ways = dict.fromkeys(Notice.Kind.values, "page")
    with pytest.raises(BadInput):
        notices.choose(by=bob, ways={"approved": "page"}, hour=8)
    notices.choose(by=bob, ways={**ways, "approved": "at_once"}, hour=8)
    assert list(Notice.objects.due().values_list("kind", flat=True)) == ["approved"]
    assert Notice.objects.get(kind="published").due_at is None
    assert notices.read(by=carol) == 0
    assert notices.read(by=bob, until=Notice.objects.get(event="one").pk) == 1
    assert not Notice.objects.due().exists()  # what was read is not mailed
