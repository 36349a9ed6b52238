"""Publications: what goes out is signed by two, frozen, and taken back once, in public."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, transaction

from factcheck.models import Claim, ClaimReview, Publication
from factcheck.workflow.transitions import SENTENCES
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
from tests.models.attacks import publishing, retracting

pytestmark = [pytest.mark.database, pytest.mark.django_db]
committing = pytest.mark.django_db(transaction=True)

PUBLIC = ["published", "superseded", "retracted"]


def claim_of(review):
    return Claim.objects.get(pk=review.claim_id)


def claim_becomes(review, status):
    ask("UPDATE factcheck_claim SET status = %s WHERE id = %s", status, review.claim_id)


def state(review):
    """What is kept: the review's status, its claim's, and the retraction reasons of its pages."""
    reasons = Publication.objects.filter(review=review).values_list("retraction_reason", flat=True)
    return (ClaimReview.objects.get(pk=review.pk).status, claim_of(review).status, list(reasons))


def publish(review, by):
    """As raw SQL: page, review, claim."""
    for statement in publishing(review, by):
        ask(*statement)
    claim_becomes(review, "reviewed")


# --- what a published review has --------------------------------------------------------------------------------------


def test_a_published_review_has_its_page_a_verdict_evidence_and_two_people(alice, bob):
    review = factories.published(alice, bob)
    settle()
    review.refresh_from_db()
    assert review.publication.number == 1
    assert (review.verdict, review.rating, review.evidence.count()) == ("verified", 5, 1)
    assert review.approver == bob
    assert bob.pk not in review.written_by
    assert state(review) == ("published", "reviewed", [""])


def test_no_review_is_public_without_its_page(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    with refused_by("public_review_has_publication"):
        ask(*update(review, status="published"))
        claim_becomes(review, "reviewed")
    with refused_by("review_arrows"):
        ask(*update(review, status="superseded"))
    with refused_by("review_arrows"):
        ask(*update(review, status="retracted"))


@pytest.mark.parametrize(
    "missing", [{"verdict": None, "rating": None}, {"as_of": None}, {"rationale": " \n"}], ids=repr
)
def test_nothing_goes_the_whole_way_at_once_without_verdict_date_and_reason(missing, alice, bob):
    review = factories.complete(alice)
    ask(*update(review, **missing))
    with refused_by("submitted_review_is_complete"):
        ask(*update(review, status="submitted"))
    for status in ("approved", "published"):
        with refused_by("review_arrows"):
            ask(*update(review, status=status, approver=bob))


@pytest.mark.parametrize("status", PUBLIC)
@pytest.mark.parametrize(
    "missing", [{"approver": None}, {"verdict": None, "rating": None}, {"rationale": ""}], ids=repr
)
def test_what_was_published_never_loses_a_part(missing, status, alice, bob):
    review = factories.reviewed_until(status, alice, bob)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(*update(review, **missing))


def test_a_review_without_evidence_is_not_published(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    with refused_by("evidence_changes_in_draft_only"):
        ask("DELETE FROM factcheck_evidence WHERE review_id = %s", review.pk)
    ask(*update(review, status="draft", approver=None))
    ask("DELETE FROM factcheck_evidence WHERE review_id = %s", review.pk)
    with refused_by("review_rests_on_evidence"):
        ask(*update(review, status="submitted"))


def test_a_claim_has_one_published_review(alice, bob):
    first = factories.published(alice, bob)
    second = factories.reviewed_until("approved", alice, bob, of=first.claim)
    with refused_by("one_published_review_per_claim"):
        publish(second, bob)


def test_a_correction_supersedes_and_stands_at_the_same_address(alice, bob):
    first = factories.published(alice, bob)
    second = factories.published(alice, bob, of=claim_of(first))
    third = factories.published(alice, bob, of=claim_of(first))
    settle()
    assert [state(review)[0] for review in (first, second, third)] == ["superseded", "superseded", "published"]
    pages = [review.publication for review in (first, second, third)]
    assert [page.number for page in pages] == [1, 2, 3]
    assert len({page.slug for page in pages}) == 1
    assert list(Publication.objects.newest_of_each_address()) == pages[2:]


def test_after_a_retraction_another_review_goes_out_at_the_same_address(alice, bob):
    first = factories.reviewed_until("retracted", alice, bob)
    second = factories.published(alice, bob, of=claim_of(first))
    settle()
    assert (state(first), state(second)) == (
        ("retracted", "reviewed", ["The minutes were forged."]),
        ("published", "reviewed", [""]),
    )
    assert (second.publication.number, second.publication.slug) == (2, first.publication.slug)


@pytest.mark.parametrize("fields", [{"number": 1}, {"number": 3}, {"slug": "elsewhere"}, {"slug": "x", "number": 1}])
def test_a_correction_has_the_next_number_at_the_claims_address(fields, alice, bob):
    first = factories.published(alice, bob)
    second = factories.reviewed_until("approved", alice, bob, of=claim_of(first))
    with refused_by("publication_takes_the_next_number"):
        ask(*insertion(factories.publication(second, bob, **fields)))


def test_two_claims_do_not_share_an_address(alice, bob):
    slug = factories.published(alice, bob).publication.slug
    review = factories.reviewed_until("approved", alice, bob)
    with refused_by("one_publication_per_address_and_number"):
        ask(*insertion(factories.publication(review, bob, slug=slug)))
    with refused_by("publication_takes_the_next_number"):
        ask(*insertion(factories.publication(review, bob, slug=slug, number=2)))


# --- a page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "submitted", "abandoned"])
def test_there_is_a_page_only_of_an_approved_review(status, alice, bob):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("publication_of_an_approved_review"):
        ask(*insertion(factories.publication(review, bob)))


@pytest.mark.parametrize("status", PUBLIC)
def test_there_is_no_second_page_of_what_was_published(status, alice, bob):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("publication_of_an_approved_review"):
        ask(*insertion(factories.publication(review, bob)))


def test_there_is_one_page_of_an_approved_review(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    with pytest.raises(IntegrityError, match=r"duplicate key"), transaction.atomic():  # noqa: PT012
        for page in (factories.publication(review, bob), factories.publication(review, bob)):
            page.number = Publication.objects.count() + 1
            ask(*insertion(page))


def test_there_is_no_page_of_a_review_that_does_not_exist_yet(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    page = factories.publication(review, bob)
    page.review_id = 900_005
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        ask(*insertion(page))
    assert rule_of(caught.value) == "publication_of_an_approved_review"


@pytest.mark.parametrize("frozen", ["{}", '{"content":"Ärger 🌉 \u202e"}', " "])
def test_a_page_has_the_hash_of_its_utf8(frozen, alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    with refused_by("publication_of_an_approved_review"):
        ask(*insertion(factories.publication(review, bob, frozen=frozen, sha256="0" * 64)))
    right = factories.publication(review, bob, frozen=frozen)
    with refused_by("publication_of_an_approved_review"):
        ask(*insertion(factories.publication(review, bob, frozen=frozen, sha256=right.sha256.upper())))
    ask(*insertion(right))
    ask(*update(review, status="published"))
    claim_becomes(review, "reviewed")
    settle()
    assert Publication.objects.get().frozen == frozen


@pytest.mark.parametrize("door", ["raw", "save", "bulk", "upsert", "merge"])
@pytest.mark.parametrize("status", PUBLIC)
def test_a_page_is_never_changed(status, door, alice, bob):
    page = factories.reviewed_until(status, alice, bob).publication
    before = Publication.objects.filter(pk=page.pk).values().get()
    settle()
    rule = "published_text_is_erased_by_its_takedown_alone"
    if door in ("bulk", "merge"):
        rule = "publications_stay_as_published"
    with refused_by("publication_is_retracted_once" if status == "retracted" else rule):
        match door:
            case "raw":
                ask("UPDATE factcheck_publication SET frozen = frozen || ' ' WHERE id = %s", page.pk)
            case "save":
                page.frozen = "{}"
                page.save()
            case "bulk":
                Publication.objects.filter(pk=page.pk).update(method_version=7)
            case "upsert":
                review = factories.reviewed_until("approved", alice, bob)
                row = factories.publication(review, bob)
                row.pk = page.pk
                ask(*insertion(row, "ON CONFLICT (id) DO UPDATE SET frozen = EXCLUDED.frozen || ' '"))
            case "merge":
                ask(
                    "MERGE INTO factcheck_publication p USING (SELECT %s::bigint AS key) AS one ON p.id = one.key"
                    " WHEN MATCHED THEN UPDATE SET published_by_id = %s",
                    page.pk,
                    alice.pk,
                )
    assert Publication.objects.filter(pk=page.pk).values().get() == before


@pytest.mark.parametrize("door", ["raw", "orm"])
@pytest.mark.parametrize("status", PUBLIC)
def test_a_page_is_never_deleted(status, door, alice, bob):
    page = factories.reviewed_until(status, alice, bob).publication
    with refused_by("publications_stay"):
        if door == "raw":
            ask("DELETE FROM factcheck_publication WHERE id = %s", page.pk)
        else:
            page.delete()


# --- a retraction ---------------------------------------------------------------------------------------------------


def test_a_retraction_is_given_once_with_its_reason_and_its_review(alice, bob):
    review = factories.published(alice, bob)
    ask(*retracting(review, bob, "The minutes were forged."))
    ask(*update(review, status="retracted"))
    claim_becomes(review, "detected")
    settle()
    assert state(review) == ("retracted", "detected", ["The minutes were forged."])
    for reason in ("The minutes were lost.", "", "The minutes were forged."):
        with pytest.raises(IntegrityError), transaction.atomic():
            ask(*retracting(review, bob, reason))


@pytest.mark.parametrize("reason", [" ", "\n", "\t \r\n", "\u00a0\u2003\u3000"])
def test_a_retraction_has_a_reason_that_can_be_read(reason, alice, bob):
    review = factories.published(alice, bob)
    with refused_by("retraction_is_whole"):
        ask(*retracting(review, bob, reason))
    assert "retraction_is_whole" in SENTENCES


@pytest.mark.parametrize("part", ["retraction_reason = 'x'", "retracted_by_id = {}", "retracted_at = now()"])
def test_a_retraction_is_whole_or_not_there(part, alice, bob):
    review = factories.published(alice, bob)
    with refused_by("retraction_is_whole"):
        ask(f"UPDATE factcheck_publication SET {part.format(bob.pk)} WHERE review_id = %s", review.pk)


@pytest.mark.parametrize("status", ["approved", "superseded"])
def test_only_what_stands_published_is_retracted(status, alice, bob):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("review_arrows"):
        ask(*update(review, status="retracted"))
    if status == "superseded":
        settle()
        with refused_by("publication_goes_with_its_review"):
            ask(*retracting(review, bob))


def test_a_published_review_is_retracted_while_its_correction_is_open(alice, bob):
    review = factories.published(alice, bob)
    correction = factories.draft(alice, claim_of(review))
    with transaction.atomic():
        factories.walk(review, "retracted", bob)
    settle()
    assert state(review) == ("retracted", "in_review", ["The minutes were forged."])
    with refused_by("claim_arrows"):  # nothing is published any more: it does not go back to reviewed
        ask(*update(correction, status="abandoned"))
        claim_becomes(correction, "dismissed")
    with refused_by("claim_status_fits_reviews"):
        claim_becomes(correction, "reviewed")
        ask(*update(correction, status="abandoned"))
    factories.walk(correction, "abandoned", bob)
    settle()
    assert claim_of(review).status == "detected"


# --- a public review never changes ------------------------------------------------------------------------------------


CHANGES = {
    "statement": lambda carol: {"statement": "The bridge cost 13 million euros."},
    "speaker": lambda carol: {"speaker": "The mayor"},
    "verdict": lambda carol: {"verdict": "disputed", "rating": 1},
    "rating": lambda carol: {"rating": 4},
    "rationale": lambda carol: {"rationale": "Somebody said so."},
    "as_of": lambda carol: {"as_of": "2020-01-01"},
    "claim": lambda carol: {"claim": factories.claim()},
    "approver": lambda carol: {"approver": carol},
    "writer": lambda carol: {"writer": carol},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("status", PUBLIC)
def test_what_was_published_never_changes(status, change, alice, bob, carol):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("review_changes_in_draft_only"):
        ask(*update(review, **CHANGES[change](carol)))


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_changes_by_the_act_of_publishing_or_retracting(change, alice, bob, carol):
    review = factories.reviewed_until("approved", alice, bob)
    with refused_by("review_changes_in_draft_only"):
        ask(*publishing(review, bob)[0])
        ask(*update(review, status="published", **CHANGES[change](carol)))
    publish(review, bob)
    with refused_by("review_changes_in_draft_only"):
        ask(*update(review, status="retracted", **CHANGES[change](carol)))
    successor = factories.reviewed_until("approved", alice, bob, of=claim_of(review))
    with refused_by("review_changes_in_draft_only"):
        ask(*update(review, status="superseded", **CHANGES[change](carol)))
    factories.walk(successor, "published", bob)


@pytest.mark.parametrize("status", PUBLIC)
@pytest.mark.parametrize(
    "writers", ["written_by || %s::bigint", "ARRAY[%s::bigint]", "ARRAY[%s::bigint] || written_by"]
)
def test_its_writers_stay(writers, status, alice, bob, carol):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("review_changes_in_draft_only"):
        ask(f"UPDATE factcheck_claimreview SET written_by = {writers} WHERE id = %s", carol.pk, review.pk)


@pytest.mark.parametrize("status", PUBLIC)
@pytest.mark.parametrize("what", ["add", "change", "delete"])
def test_its_evidence_stays(what, status, alice, bob):
    review = factories.reviewed_until(status, alice, bob)
    with refused_by("evidence_changes_in_draft_only"):
        match what:
            case "add":
                factories.evidence(review, alice)
            case "change":
                ask("UPDATE factcheck_evidence SET note = 'page 3' WHERE review_id = %s", review.pk)
            case "delete":
                ask("DELETE FROM factcheck_evidence WHERE review_id = %s", review.pk)


@pytest.mark.parametrize("status", ["superseded", "retracted", "abandoned"])
def test_what_has_ended_has_ended(status, alice, bob):
    review = factories.reviewed_until(status, alice, bob)
    for other in set(ClaimReview.Status.values) - {status}:
        with refused_by("review_arrows"):
            ask(*update(review, status=other))


# --- at COMMIT: all of it, or nothing ---------------------------------------------------------------------------------


def page_alone(review, bob):
    ask(*publishing(review, bob)[0])


def page_and_review(review, bob):
    for statement in publishing(review, bob):
        ask(*statement)


def review_and_claim(review, bob):
    ask(*update(review, status="published"))
    claim_becomes(review, "reviewed")


def page_and_claim(review, bob):
    page_alone(review, bob)
    claim_becomes(review, "reviewed")


@committing
@pytest.mark.parametrize(
    ("half", "rule"),
    [
        (page_alone, "publication_goes_with_its_review"),
        (page_and_review, "review_fits_claim_status"),
        (review_and_claim, "public_review_has_publication"),
        (page_and_claim, "publication_goes_with_its_review"),
    ],
)
def test_half_a_publication_is_refused_at_commit_and_nothing_is_kept(half, rule):
    alice, bob = factories.person("Alice"), factories.person("Bob")
    review = factories.reviewed_until("approved", alice, bob)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012
        half(review, bob)
        reached_the_end = True
    assert reached_the_end
    assert rule_of(caught.value) == rule
    assert state(review) == ("approved", "in_review", [])


def reason_alone(review, bob):
    ask(*retracting(review, bob))


def reason_and_review(review, bob):
    reason_alone(review, bob)
    ask(*update(review, status="retracted"))


def review_without_reason(review, bob):
    ask(*update(review, status="retracted"))
    claim_becomes(review, "detected")


def review_superseded_by_nothing(review, bob):
    ask(*update(review, status="superseded"))
    claim_becomes(review, "detected")


@committing
@pytest.mark.parametrize(
    ("half", "rule"),
    [
        (reason_alone, "publication_goes_with_its_review"),
        (reason_and_review, "review_fits_claim_status"),
        (review_without_reason, "public_review_has_publication"),
        (review_superseded_by_nothing, "public_review_has_publication"),
    ],
)
def test_half_a_retraction_is_refused_at_commit_and_nothing_is_kept(half, rule):
    review = factories.published(factories.person("Alice"), factories.person("Bob"))
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012
        half(review, review.approver)
        reached_the_end = True
    assert reached_the_end
    assert rule_of(caught.value) == rule
    assert state(review) == ("published", "reviewed", [""])


@committing
def test_a_rule_that_is_asked_too_early_refuses_and_does_not_look_away():
    alice, bob = factories.person("Alice"), factories.person("Bob")
    review = factories.reviewed_until("approved", alice, bob)
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
        page_alone(review, bob)
        ask("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
        publish(review, bob)
        ask("SET CONSTRAINTS ALL IMMEDIATE")
        ask(*update(review, status="retracted"))
    assert state(review) == ("approved", "in_review", [])


@committing
@pytest.mark.parametrize("order", ["page review claim", "claim page review"])
def test_the_whole_act_is_committed(order):
    review = factories.reviewed_until("approved", factories.person("Alice"), factories.person("Bob"))
    page, status = publishing(review, review.approver)
    steps = {
        "page": lambda: ask(*page),
        "review": lambda: ask(*status),
        "claim": lambda: claim_becomes(review, "reviewed"),
    }
    with transaction.atomic():
        for step in order.split():
            steps[step]()
    assert state(review) == ("published", "reviewed", [""])


# --- two at the same time ---------------------------------------------------------------------------------------------


def take_the_evidence(review):
    """Withdrawn first: in any other status evidence stays."""
    ask("UPDATE factcheck_claimreview SET status = 'draft', approver_id = NULL WHERE id = %s", review.pk)
    ask("DELETE FROM factcheck_evidence WHERE review_id = %s", review.pk)


def in_one(work, *arguments):
    with transaction.atomic():
        work(*arguments)


@committing
def test_in_fifty_rounds_nothing_is_published_whose_last_evidence_is_taken():
    alice, bob = factories.person("Alice"), factories.person("Bob")
    kept = set()
    for _ in range(50):
        review = factories.reviewed_until("approved", alice, bob)
        outcomes = side_by_side(lambda: in_one(publish, review, bob), lambda: in_one(take_the_evidence, review))  # noqa: B023
        assert [type(outcome) for outcome in outcomes if outcome is not None] == [IntegrityError]
        kept.add((state(review)[0], review.evidence.count()))
    assert kept <= {("published", 1), ("draft", 0)}


@committing
@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
@pytest.mark.parametrize("first", ["publish", "take"])
def test_who_comes_second_waits_and_is_refused(first, level):
    alice, bob = factories.person("Alice"), factories.person("Bob")
    review = factories.reviewed_until("approved", alice, bob)
    works = [lambda: publish(review, bob), lambda: take_the_evidence(review)]
    winner, loser = works if first == "publish" else reversed(works)
    done, other_has_looked = threading.Event(), threading.Event()

    def one():
        with transaction.atomic():
            assert other_has_looked.wait(10)
            winner()
            done.set()
            wait_until(somebody_waits)

    def two():
        with transaction.atomic():
            ask(f"SET TRANSACTION ISOLATION LEVEL {level}")
            ask("SELECT * FROM factcheck_claimreview")
            other_has_looked.set()
            assert done.wait(10)
            loser()

    won, lost = side_by_side(one, two)
    assert won is None
    assert isinstance(lost, IntegrityError if level == "READ COMMITTED" else OperationalError)
    assert (state(review)[0], review.evidence.count()) == (("published", 1) if first == "publish" else ("draft", 0))


@committing
def test_two_who_publish_the_same_review_leave_one_page():
    alice, bob = factories.person("Alice"), factories.person("Bob")
    for _ in range(5):
        review = factories.reviewed_until("approved", alice, bob)
        outcomes = side_by_side(*[lambda: in_one(publish, review, bob)] * 2)  # noqa: B023
        assert [type(outcome) for outcome in outcomes if outcome is not None] == [IntegrityError]
        assert state(review) == ("published", "reviewed", [""])


@committing
def test_a_retraction_and_the_publication_of_a_correction_leave_a_claim_that_fits():
    alice, bob = factories.person("Alice"), factories.person("Bob")
    for _ in range(10):
        first = factories.published(alice, bob)
        second = factories.reviewed_until("approved", alice, bob, of=claim_of(first))
        outcomes = side_by_side(
            lambda: in_one(factories.walk, first, "retracted", bob),  # noqa: B023
            lambda: in_one(factories.walk, second, "published", bob),  # noqa: B023
        )
        assert all(outcome is None or isinstance(outcome, IntegrityError | OperationalError) for outcome in outcomes)
        assert None in outcomes
        statuses = (state(first)[0], state(second)[0], claim_of(first).status)
        assert statuses in {
            ("retracted", "published", "reviewed"),
            ("retracted", "approved", "in_review"),
            ("superseded", "published", "reviewed"),
        }
