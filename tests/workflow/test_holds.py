"""While a litigation hold stands, nothing of its article is erased or taken down, whoever asks."""

import pytest
from django.db import transaction

from factcheck.exceptions import BadInput, Conflict, NotAllowed, Refused
from factcheck.models import AuditEntry, ConfidentialPart, LitigationHold
from factcheck.workflow import conflicts, evidence, holds, people, reviews, takedowns
from factcheck.workflow.audit import problems_of_chain
from tests import factories
from tests.models.asking import side_by_side

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def told(claim, bob, carol):
    """What a person told in confidence, in a published review; and a colleague who keeps away."""
    review = factories.complete(bob, claim)
    piece = factories.evidence(review, bob, kind="person", snapshot=None, exact="", public_wording="An engineer")
    ConfidentialPart.objects.create(evidence=piece, identity="E. Ngineer", writer=bob)
    for step in ("submitted", "approved", "published"):
        factories.walk(review, step, carol)
    review.refresh_from_db()
    return piece


def erasures(told, carol, erin, gina):
    review = told.review
    review.refresh_from_db()
    return [
        lambda: takedowns.take_down(review, by=carol, seen=review.version, reason="A court demands it."),
        lambda: evidence.erase_confidence(told, by=carol, reason="She asked for it."),
        lambda: people.erase_person(gina, by=erin, reason="She asked for it."),
    ]


def test_nothing_is_erased_before_it_is_lifted_by_name_and_with_a_reason(told, claim, carol, erin):
    gina = factories.person("Gina")
    conflicts.declare(claim, by=gina, person=gina, reason="My brother built it.")
    hold = holds.place(claim.article, by=erin, reason="Lind v. the desk")
    for erase in erasures(told, carol, erin, gina):
        with pytest.raises(Refused, match="under litigation hold"), transaction.atomic():
            erase()
    with pytest.raises(Refused, match="under litigation hold already"), transaction.atomic():
        holds.place(claim.article, by=carol, reason="Another")
    with pytest.raises(BadInput, match="reason must not be empty"):
        holds.lift(hold, by=carol, reason=" ")
    holds.lift(hold, by=carol, reason="Settled.")
    assert (hold.lifted_by, hold.lift_reason) == (carol, "Settled.")
    with pytest.raises(Conflict):
        holds.lift(LitigationHold.objects.get(), by=erin, reason="Settled.")
    for erase in erasures(told, carol, erin, gina):
        erase()
    chain = str(claim.article.uuid)
    placed = (
        AuditEntry.objects.filter(chain=chain, subject="litigationhold").order_by("seq").values_list("verb", "actor")
    )
    assert list(placed) == [("litigationhold.placed", erin.pk), ("litigationhold.lifted", carol.pk)]
    assert list(problems_of_chain(chain)) == []


def test_of_another_article_everything_can_be_erased(told, carol, erin):
    holds.place(factories.article(), by=carol, reason="Lind v. the desk")
    for erase in erasures(told, carol, erin, factories.person("Gina")):
        erase()


def test_what_is_taken_out_of_a_draft_stays_in_the_trail_but_for_what_was_told_in_confidence(claim, bob, carol):
    review = reviews.begin(claim, by=bob, seen=claim.version)
    said = {"stance": "context", "public_wording": "An engineer"}
    secret = evidence.add_person(review, by=bob, seen=review.version, identity="E. Ngineer", **said)
    plain = evidence.add_person(review, by=bob, seen=review.version, **said)
    holds.place(claim.article, by=carol, reason="Lind v. the desk")
    review.refresh_from_db()
    evidence.remove(plain, by=bob, seen=review.version)
    review.refresh_from_db()
    with pytest.raises(Refused, match="under litigation hold"), transaction.atomic():
        evidence.remove(type(secret).objects.get(pk=secret.pk), by=bob, seen=review.version)


def test_who_may(claim, bob, alice):
    for somebody in (bob, alice):
        with pytest.raises(NotAllowed):
            holds.place(claim.article, by=somebody, reason="Lind v. the desk")


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_beside_a_hold_is_gone_before_it_or_kept_by_it():
    bob, carol = factories.person("Bob"), factories.person("Carol", "editor")
    for _ in range(5):
        review = factories.published(bob, carol)
        article = review.claim.article
        placed, erased = side_by_side(
            lambda: factories.hold(article, carol),  # noqa: B023 - by no verb: the row of the article is not locked
            lambda: takedowns.take_down(review, by=carol, seen=review.version, reason="The law."),  # noqa: B023
        )
        assert isinstance(placed, LitigationHold)
        page = type(review.publication).objects.get(review=review)
        if isinstance(erased, Refused):
            assert (erased.rule, page.taken_down_at) == ("publication_is_kept_under_hold", None)
        else:
            assert page.frozen == ""
