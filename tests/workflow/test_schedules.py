"""Approved reviews go out at their hour, once, by the verb that publishes; or stay approved, and editors are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from factcheck import tasks
from factcheck.exceptions import BadInput, Conflict, InvalidTransition
from factcheck.models import AuditEntry, AuditText, ClaimReview, Desk, Notice, Publication
from factcheck.workflow import conflicts, publications, reviews, schedules
from factcheck.workflow.articles import keep_confidential
from tests import factories
from tests.models.asking import as_superuser, side_by_side

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def hal(db):
    return factories.person("Hal", "editor")


@pytest.fixture
def approved(claim, bob, carol):
    factories.desk()
    return factories.reviewed_until("approved", bob, carol, of=claim)


def due(review: ClaimReview, by) -> ClaimReview:
    """Its hour has come."""
    schedules.set_hour(review, by=by, seen=review.version, publish_at=timezone.now() + timedelta(hours=1))
    ClaimReview.objects.filter(pk=review.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    review.refresh_from_db()
    return review


def test_it_goes_out_at_its_hour_in_the_name_of_who_set_it(approved, carol, hal):
    in_an_hour = timezone.now() + timedelta(hours=1)
    review = schedules.set_hour(approved, by=hal, seen=approved.version, publish_at=in_an_hour)
    assert schedules.publish_due() == 0 == Publication.objects.count()
    due(review, hal)
    assert schedules.publish_due() == 1
    assert schedules.publish_due() == 0
    page = Publication.objects.get()
    review.refresh_from_db()
    assert (page.published_by, review.status, review.publish_at, review.scheduled_by) == (hal, "published", None, None)
    assert AuditEntry.objects.get(verb="publication.published").actor == hal.pk


def test_withdrawn_or_sent_back_it_does_not_go_out(approved, bob, carol, hal):
    reviews.withdraw(due(approved, hal), by=bob, seen=approved.version)
    assert approved.publish_at is None
    reviews.submit(approved, by=bob, seen=approved.version)
    reviews.approve(approved, by=carol, seen=approved.version)
    reviews.request_changes(due(approved, hal), by=carol, seen=approved.version, reason="Which minutes?")
    assert (schedules.publish_due(), Publication.objects.count()) == (0, 0)
    with pytest.raises(InvalidTransition, match="only an approved review"):
        schedules.set_hour(approved, by=hal, seen=approved.version, publish_at=timezone.now() + timedelta(hours=1))


@pytest.mark.parametrize("publish_at", [timezone.now(), (timezone.now() + timedelta(hours=1)).replace(tzinfo=None)])
def test_an_hour_is_to_come_and_in_a_zone(approved, carol, publish_at):
    with pytest.raises(BadInput, match="to come, in a time zone"):
        schedules.set_hour(approved, by=carol, seen=approved.version, publish_at=publish_at)


def a_colleague_left(review, hal):
    type(hal).objects.filter(pk=hal.pk).update(is_active=False)
    return "may not publish a review"


def a_conflict_of_interest(review, hal):
    conflicts.declare(review.claim, by=hal, person=hal, reason="I own shares.")
    return "conflict of interest"


def an_embargo(review, hal):
    article = review.claim.article
    keep_confidential(article, by=hal, seen=article.version, readers=[hal])
    return "The article is confidential"


def another_label(review, hal):
    Desk.objects.update(rating_labels={str(n): f"Grade {n}" for n in range(1, 6)})
    return "has changed since it was signed"


@pytest.mark.parametrize("obstacle", [a_colleague_left, a_conflict_of_interest, an_embargo, another_label])
def test_what_cannot_go_out_stays_approved_and_editors_are_told_once(approved, hal, carol, obstacle):
    review = due(approved, hal)
    why = obstacle(review, hal)
    assert (schedules.publish_due(), schedules.publish_due()) == (0, 0)
    review.refresh_from_db()
    assert (review.status, review.publish_at, Publication.objects.count()) == ("approved", None, 0)
    entry = AuditEntry.objects.get(verb="claimreview.not_published")
    assert why in AuditText.objects.get(entry_id=entry.pk).text
    told = set(Notice.objects.filter(kind="not_published").values_list("person", flat=True))
    assert told == {a_colleague_left: {carol.pk}, an_embargo: {hal.pk}}.get(obstacle, {carol.pk, hal.pk})


@pytest.mark.django_db(transaction=True)
def test_one_of_which_nothing_can_be_written_stops_no_other_and_readiness_names_it(client):
    factories.desk()
    bob, carol = factories.person("Bob"), factories.person("Carol", "editor")
    stuck, other = (due(factories.reviewed_until("approved", bob, carol), carol) for _ in range(2))
    ClaimReview.objects.filter(pk=stuck.pk).update(publish_at=timezone.now() - timedelta(hours=1))
    as_superuser(
        (
            "CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF OLD.id = {stuck.pk} THEN RAISE EXCEPTION 'a disk that fails'; END IF; RETURN NEW; END $$",
        ),
        ("CREATE TRIGGER a_stuck BEFORE UPDATE ON factcheck_claimreview FOR EACH ROW EXECUTE FUNCTION stuck()",),
    )
    try:
        assert schedules.publish_due() == 1
        assert Publication.objects.get().review == other
        told = client.get("/healthz/ready").json()["checks"]["schedules"]
        assert told["ok"] is False
        assert f"reviews {stuck.pk}." in told["says"]
    finally:
        as_superuser(("DROP FUNCTION stuck CASCADE",))


@pytest.mark.django_db(transaction=True)
def test_with_several_workers_it_goes_out_once_and_against_a_withdrawal_one_wins():
    factories.desk()
    bob, carol = factories.person("Bob"), factories.person("Carol", "editor")
    for _ in range(6):
        claim = factories.claim()
        factories.anchor(claim)
        review = due(factories.reviewed_until("approved", bob, carol, of=claim), carol)
        taken, *workers = side_by_side(
            lambda: reviews.withdraw(review, by=bob, seen=review.version),  # noqa: B023
            *[lambda: tasks.publish_due()] * 3,
        )
        assert workers == [None] * 3
        now = ClaimReview.objects.get(pk=review.pk).status
        pages = Publication.objects.filter(review=review).count()
        assert (now, pages, type(taken)) in {("published", 1, Conflict), ("draft", 0, ClaimReview)}, taken
    assert Notice.objects.filter(kind="not_published").count() == 0


def test_an_edit_that_began_before_is_a_conflict_after(approved, bob, carol):
    """Publishing while somebody's page of it is open: their withdrawal comes too late, and says so."""
    seen = approved.version
    publications.publish(approved, by=carol, seen=seen)
    with pytest.raises(Conflict):
        reviews.withdraw(ClaimReview.objects.get(pk=approved.pk), by=bob, seen=seen)
