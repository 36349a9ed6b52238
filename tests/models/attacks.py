"""For every guard at least one thing that it alone keeps from happening.

An attack prepares rows and returns the statements that would do the harm. The last statement of an attack on a guard
that corrects instead of refusing returns whether the guard has corrected it.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from factcheck.models import (
    ERASED,
    Anchor,
    Article,
    ArticleVersion,
    AuditCheck,
    AuditEntry,
    AuditFinding,
    Capture,
    ChecklistAnswer,
    Claim,
    ClaimReview,
    Comment,
    ConfidentialPart,
    ConflictOfInterest,
    DeskPage,
    Evidence,
    FactCheck,
    ImportRow,
    Job,
    LitigationHold,
    Publication,
    Search,
    Snapshot,
    Source,
    SourceCapture,
    Unreadable,
    User,
)
from tests import factories
from tests.models.asking import Statement, ask, insertion, update
from tests.models.machines import MACHINES

ANOTHER_RULE = "another rule"  # refuses it as well
WHATEVER = "whatever"


@dataclass(frozen=True)
class Attack:
    guard: str
    name: str
    prepare: Callable[[User, User], list[Statement]]
    otherwise: str | None  # without the guard it is refused by this rule; None: it succeeds
    corrected: bool
    right: bool  # the application's role has the right to try


ATTACKS: list[Attack] = []


def attack(guard: str, *, otherwise: str | None = None, corrected: bool = False, right: bool = True):
    """Registers fn(alice, bob) -> statements."""

    def register(fn):
        ATTACKS.append(Attack(guard, fn.__name__, fn, otherwise, corrected, right))
        return fn

    return register


def truncated(guard: str, table: str, otherwise: str | None = ANOTHER_RULE) -> None:
    attack(guard, otherwise=otherwise, right=False)(
        _named(f"truncate_{table}", lambda alice, bob: [(f"TRUNCATE {table} CASCADE",)])
    )


def _named(name, fn):
    fn.__name__ = name
    return fn


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moved(claim: Claim, to: str) -> Statement:
    return ("UPDATE factcheck_claim SET status = %s WHERE id = %s", to, claim.pk)


def publishing(review: ClaimReview, by: User, **fields) -> list[Statement]:
    """The page and the status of an approved review; the claim's status is the caller's."""
    return [insertion(factories.publication(review, by, **fields)), update(review, status="published")]


def retracting(review: ClaimReview, by: User, reason: str = "The minutes were forged.") -> Statement:
    """The public reason; the review's status is the caller's."""
    return (
        "UPDATE factcheck_publication SET retraction_reason = %s, retracted_by_id = %s, retracted_at = now()"
        " WHERE review_id = %s",
        reason,
        by.pk,
        review.pk,
    )


def succeeded() -> Claim:
    """A superseded claim, with the one that took its place."""
    return MACHINES["claim"].walked_to("superseded")


# --- versions rise -----------------------------------------------------------------------------------------------


def backwards(guard: str, make: Callable[[], object]) -> None:
    def prepare(alice, bob):
        row = make()
        table = row._meta.db_table
        return [
            (f"UPDATE {table} SET version = 41 WHERE id = %s", row.pk),
            (f"UPDATE {table} SET version = 1 WHERE id = %s RETURNING version = %s", row.pk, row.version + 2),
        ]

    attack(guard, corrected=True)(_named("set_the_version_back", prepare))


backwards("a_article_version_rises", lambda: Article.objects.create())
backwards("a_feed_version_rises", factories.feed)
backwards("a_claim_version_rises", factories.claim)
backwards("a_anchor_version_rises", MACHINES["anchor"].start)
backwards("a_source_version_rises", factories.source)
backwards("a_unreadable_version_rises", factories.unreadable)
backwards("a_reader_request_version_rises", factories.reader_request)
backwards("a_fact_check_version_rises", factories.fact_check)
backwards("a_suggestion_version_rises", factories.suggestion)
backwards("a_pair_version_rises", factories.pair)
backwards("a_comment_version_rises", MACHINES["comment"].start)
backwards("a_review_version_rises", lambda: factories.draft(factories.person("Alice")))
backwards("a_draft_version_rises", lambda: factories.typed(factories.person("Alice")))


# --- machines: arrows and births (tests/models/test_machines.py goes over all pairs) ------------------------------


@attack("claim_arrows")
def dismissed_becomes_superseded(alice, bob):
    claim = MACHINES["claim"].walked_to("dismissed")
    return [insertion(factories.lineage(claim)), moved(claim, "superseded")]


@attack("claim_arrows")
def reviewed_without_having_been_in_review(alice, bob):
    """All in one transaction: begun, written, signed twice and published, as if the claim had never been touched."""
    claim, search = factories.claim(), {"searched_for": "x", "searched_where": "y", "searched_on": date(2026, 11, 24)}
    row = MACHINES["review"].fresh()
    row.pk, row.claim = 900_100, claim
    return [
        insertion(row),
        insertion(Evidence(review=row, writer=alice, kind="search", stance="context", **search)),
        update(row, status="submitted"),
        update(row, status="approved", approver=bob),
        *publishing(row, bob),
        moved(claim, "reviewed"),
    ]


@attack("claim_arrows", otherwise="claim_status_fits_reviews")
def a_reviewed_claim_is_dismissed(alice, bob):
    return [moved(factories.published(alice, bob).claim, "dismissed")]


@attack("drafts_stay_with_their_writer")
def somebody_elses_words_become_ones_own(alice, bob):
    return [update(factories.typed(alice), person=bob)]


@attack("review_arrows", otherwise=ANOTHER_RULE)
def a_published_review_is_withdrawn(alice, bob):
    return [update(factories.published(alice, bob), status="draft", approver=None)]


@attack("review_arrows", otherwise=ANOTHER_RULE)
def a_retracted_review_is_public_again(alice, bob):
    review = factories.reviewed_until("retracted", alice, bob)
    return [update(review, status="published"), moved(review.claim, "in_review"), moved(review.claim, "reviewed")]


@attack("review_arrows", otherwise="review_says_what_changed")
def a_superseded_review_is_put_back(alice, bob):
    review = factories.reviewed_until("superseded", alice, bob)
    newer = review.claim.reviews.get(status="published")
    return [
        retracting(newer, bob),
        update(newer, status="retracted"),
        update(review, status="published"),
    ]


@attack("review_arrows")
def approved_without_being_submitted(alice, bob):
    return [update(factories.complete(alice), status="approved", approver=bob)]


@attack("anchor_arrows", otherwise="anchor_has_a_place_unless_orphaned")
def anchor_is_nowhere(alice, bob):
    return [update(MACHINES["anchor"].start(), status="lost")]


@attack("suggestion_arrows")
def accepted_becomes_dismissed(alice, bob):
    return [update(MACHINES["suggestion"].walked_to("accepted"), status="dismissed")]


@attack("pair_arrows")
def refused_becomes_confirmed(alice, bob):
    return [update(MACHINES["pair"].walked_to("refused"), status="confirmed")]


@attack("comment_arrows", otherwise="comments_keep_their_words")
def a_withdrawn_comment_is_open_again(alice, bob):
    return [update(MACHINES["comment"].walked_to("withdrawn"), status="open", text="Which minutes?")]


@attack("job_arrows")
def a_done_job_is_queued_again(alice, bob):
    return [update(MACHINES["job"].walked_to("done"), state="queued", finished_at=None)]


def born_otherwise(name: str, status: str) -> None:
    machine = MACHINES[name]

    def prepare(alice, bob):
        row = machine.fresh()
        setattr(row, machine.column, status)
        if name == "review":  # its claim goes along, with the attack itself
            row.approver = bob if status == "approved" else None
            return [insertion(row), *([moved(row.claim, "in_review")] if status in ClaimReview.OPEN else [])]
        for field, value in machine.beside(row, status).items():
            setattr(row, field, value)
        return [insertion(row)]

    attack(machine.birth)(_named(f"{name}_born_{status}", prepare))


born_otherwise("claim", "dismissed")
born_otherwise("anchor", "orphaned")
born_otherwise("suggestion", "accepted")
born_otherwise("pair", "confirmed")
born_otherwise("comment", "withdrawn")
born_otherwise("review", "submitted")
born_otherwise("review", "approved")
born_otherwise("review", "abandoned")
born_otherwise("claim", "superseded")
born_otherwise("job", "dead")
born_otherwise("request", "answered")
born_otherwise("request", "spam")


@attack("claims_are_born_detected")
def a_claim_born_in_version_five(alice, bob):
    row = MACHINES["claim"].fresh()
    row.version = 5
    return [insertion(row)]


@attack("reviews_are_born_drafts")
def a_review_written_by_somebody_and_nobody(alice, bob):
    row = MACHINES["review"].fresh()
    row.written_by = [alice.pk, None]
    return [insertion(row), moved(row.claim, "in_review")]


@attack("jobs_are_born_queued")
def a_job_born_tried(alice, bob):
    return [insertion(Job(kind="split", target=1, queue="read", attempts=3))]


# --- nothing vanishes ---------------------------------------------------------------------------------------------


def deleted(guard: str, make: Callable[[], object]) -> None:
    def prepare(alice, bob):
        row = make()
        return [(f"DELETE FROM {row._meta.db_table} WHERE {row._meta.pk.column} = %s", row.pk)]

    attack(guard)(_named("delete", prepare))


deleted("articles_stay", Article.objects.create)
deleted("claims_stay", factories.claim)
deleted("anchors_stay", MACHINES["anchor"].start)
deleted("suggestions_stay", factories.suggestion)
deleted("pairs_stay", factories.pair)
deleted("comments_stay", MACHINES["comment"].start)
deleted("notices_stay", lambda: factories.notice(factories.person("Eve")))
deleted("sources_stay", lambda: Source.objects.create(title="Minutes", kind="primary", seen="page"))
deleted("fact_checks_stay", factories.fact_check)
deleted("imports_stay", factories.import_)
deleted("people_stay", lambda: factories.person("Eve"))
deleted("article_texts_stay", lambda: factories.article().current)
deleted("snapshots_stay", factories.snapshot)
deleted("lineages_stay", lambda: succeeded().successions.get())
deleted("jobs_stay", MACHINES["job"].start)
deleted("publications_stay", lambda: page_of("published"))

truncated("articles_stay", "factcheck_article")
truncated("claims_stay", "factcheck_claim")
truncated("anchors_stay", "factcheck_anchor", otherwise=None)
truncated("suggestions_stay", "factcheck_suggestion")
truncated("pairs_stay", "factcheck_claimpair", otherwise=None)
truncated("comments_stay", "factcheck_comment", otherwise=None)
truncated("notices_stay", "factcheck_notice", otherwise=None)
truncated("reviews_stay", "factcheck_claimreview")
truncated("sources_stay", "factcheck_source")
truncated("fact_checks_stay", "factcheck_factcheck", otherwise=None)
truncated("imports_stay", "factcheck_import")
truncated("people_stay", "factcheck_user")
truncated("article_texts_stay", "factcheck_articleversion")
truncated("snapshots_stay", "factcheck_snapshot")
truncated("jobs_stay", "factcheck_job")
truncated("lineages_stay", "factcheck_lineage", otherwise=None)
truncated("publications_stay", "factcheck_publication")
truncated("evidence_is_not_truncated", "factcheck_evidence", otherwise=None)
truncated("audit_entries_stay", "factcheck_auditentry", otherwise=None)
truncated("findings_stay", "factcheck_auditfinding", otherwise=None)
truncated("checks_stay", "factcheck_auditcheck", otherwise=None)


@attack("reviews_stay")
def a_draft_is_deleted(alice, bob):
    review = factories.draft(alice)
    return [("DELETE FROM factcheck_claimreview WHERE id = %s", review.pk), moved(review.claim, "detected")]


# --- what keeps what it was born with -----------------------------------------------------------------------------


def rekeyed(guard: str, make: Callable[[], object], otherwise: str | None = None) -> None:
    def prepare(alice, bob):
        row = make()
        table, key = row._meta.db_table, row._meta.pk.column
        return [(f"UPDATE {table} SET {key} = {key} + 900000 WHERE {key} = %s", row.pk)]

    attack(guard, otherwise=otherwise)(_named("take_another_key", prepare))


rekeyed("article_uuid_stays", Article.objects.create)
rekeyed("claims_keep_their_article", factories.claim)
rekeyed("anchors_keep_their_claim", MACHINES["anchor"].start)
rekeyed("suggestions_keep_their_pair", factories.suggestion)
rekeyed("pairs_keep_their_claims", factories.pair)
rekeyed("comments_stay_where_they_were_made", MACHINES["comment"].start)
rekeyed("notices_stay_as_told", lambda: factories.notice(factories.person("Eve")))
rekeyed("jobs_keep_their_step", MACHINES["job"].start)
rekeyed("lineages_stay_as_recorded", lambda: succeeded().successions.get())
rekeyed("people_keep_their_key", lambda: factories.person("Eve"))
rekeyed("sources_keep_their_key", lambda: Source.objects.create(title="Minutes", kind="primary", seen="page"))
rekeyed("fact_checks_keep_their_source", factories.fact_check)
rekeyed("imports_stay_what_was_sent", factories.import_)
rekeyed("passages_keep_their_key", lambda: factories.source().passages.get())
rekeyed("review_changes_in_draft_only", lambda: factories.draft(factories.person("Eve")))
rekeyed("evidence_stays_with_its_review", lambda: evidence_of("draft", factories.person("Eve"), None))
rekeyed("answers_keep_their_question", lambda: answer_of("draft", factories.person("Eve"), None))
rekeyed("publications_stay_as_published", lambda: page_of("published"))


@attack("passages_keep_their_key")
def a_passage_goes_to_another_source(alice, bob):
    return [
        update(factories.source().passages.get(), source=Source.objects.create(title="x", kind="primary", seen="page"))
    ]


@attack("article_uuid_stays")
def an_article_takes_another_chain(alice, bob):
    article = Article.objects.create()
    return [("UPDATE factcheck_article SET uuid = gen_random_uuid() WHERE id = %s", article.pk)]


@attack("article_texts_stay")
def a_text_is_corrected(alice, bob):
    return [update(factories.article().current, title="Another headline")]


@attack("snapshots_stay")
def a_snapshot_is_taken_earlier(alice, bob):
    snapshot = factories.snapshot()
    return [("UPDATE factcheck_snapshot SET taken_at = '2020-01-01Z' WHERE id = %s", snapshot.pk)]


@attack("claims_keep_their_article")
def a_claim_goes_to_another_article(alice, bob):
    return [update(factories.claim(), article=factories.article())]


@attack("anchors_keep_their_words")
def an_anchor_takes_other_words(alice, bob):
    return [update(MACHINES["anchor"].start(), start=4, end=9, exact="mayor")]


@attack("anchors_keep_their_words")
def an_orphaned_anchor_takes_other_words_and_no_place(alice, bob):
    return [update(MACHINES["anchor"].walked_to("orphaned"), exact="mayor")]


@attack("anchors_are_born_exact")
def an_anchor_is_born_orphaned_in_a_text_before_the_claims_own(alice, bob):
    anchor = MACHINES["anchor"].start()
    article = anchor.claim.article
    later = factories.version(article, "Another text.")
    claim = factories.claim(of=article)
    moved_on = Anchor(claim=claim, article_version=later, start=0, end=7, exact="Another")
    moved_on.save()
    return [
        insertion(Anchor(claim=claim, article_version=article.versions.get(number=1), status="orphaned", exact="x"))
    ]


@attack("anchors_keep_their_claim")
def an_anchor_goes_to_another_claim(alice, bob):
    anchor = MACHINES["anchor"].start()
    return [update(anchor, claim=factories.claim(of=anchor.claim.article))]


@attack("anchors_keep_their_claim")
def an_anchor_goes_to_another_text(alice, bob):
    anchor = MACHINES["anchor"].start()
    return [update(anchor, article_version=factories.version(anchor.claim.article))]


def a_suggestion_changes(field: str, value: Callable[[], object]) -> None:
    attack("suggestions_keep_their_pair")(
        _named(f"change_{field}", lambda alice, bob: [update(factories.suggestion(), **{field: value()})])
    )


@attack("comments_keep_their_words")
def a_comment_is_put_into_other_words(alice, bob):
    return [update(factories.comment(alice), text="Which other minutes?")]


@attack("comments_keep_their_words", otherwise="comment_says_something_until_it_is_withdrawn")
def a_comment_loses_its_words_and_stays(alice, bob):
    return [update(factories.comment(alice), text="")]


@attack("comments_stay_where_they_were_made")
def a_comment_is_laid_into_somebody_elses_mouth(alice, bob):
    return [update(factories.comment(alice), author=bob)]


@attack("comment_is_on_a_review_of_its_claim")
def a_comment_on_the_review_of_another_claim(alice, bob):
    return [
        insertion(Comment(claim=factories.claim(), author=bob, text="x", review=factories.draft(alice), part="finding"))
    ]


@attack("notices_stay_as_told")
def a_notice_becomes_one_about_another_claim(alice, bob):
    return [update(factories.notice(alice), claim=factories.claim())]


@attack("notices_are_mailed_once")
def a_notice_is_made_ready_to_be_mailed_again(alice, bob):
    return [update(factories.notice(alice, mailed_at=timezone.now()), mailed_at=None)]


@attack("pairs_keep_their_claims")
def a_pair_takes_another_claim(alice, bob):
    return [update(factories.pair(), other=factories.claim())]


@attack("decided_pairs_keep_their_reasons")
def a_confirmed_pair_gets_other_reasons(alice, bob):
    return [update(MACHINES["pair"].walked_to("confirmed"), reasons=["better ones"])]


@attack("decided_pairs_keep_their_reasons")
def a_pair_is_confirmed_for_reasons_that_nobody_read(alice, bob):
    return [update(factories.pair(), status="confirmed", decided_by=bob, score=0.99)]


@attack("pair_is_of_two_articles")
def a_pair_within_one_article(alice, bob):
    row, article = MACHINES["pair"].fresh(), factories.article()
    row.one, row.other = factories.claim(article), factories.claim(article)
    return [insertion(row)]


a_suggestion_changes("claim", factories.claim)
a_suggestion_changes("passage", lambda: factories.source("Other minutes").passages.get())
a_suggestion_changes("provider", lambda: "oracle")
a_suggestion_changes("score", lambda: 0.99)
a_suggestion_changes("features", lambda: {"sure": True})
a_suggestion_changes("model_version", lambda: "better")


@attack("jobs_keep_their_step")
def a_job_takes_another_step(alice, bob):
    return [update(MACHINES["job"].start(), kind="index")]


@attack("jobs_keep_their_step")
def a_job_takes_another_row(alice, bob):
    return [update(MACHINES["job"].start(), target=0)]


@attack("jobs_keep_their_step")
def a_job_takes_another_article(alice, bob):
    return [update(MACHINES["job"].start(), article=factories.article())]


# --- attempts -----------------------------------------------------------------------------------------------------


@attack("job_attempts_never_go_down")
def a_job_forgets_an_attempt(alice, bob):
    return [update(MACHINES["job"].walked_to("running"), state="queued", lease_until=None, attempts=0)]


@attack("job_attempts_never_go_down")
def a_job_is_taken_without_counting(alice, bob):
    row = MACHINES["job"].start()
    return [("UPDATE factcheck_job SET state = 'running', lease_until = now() WHERE id = %s", row.pk)]


@attack("job_attempts_never_go_down")
def a_replayed_job_begins_at_zero(alice, bob):
    return [update(MACHINES["job"].walked_to("dead"), state="queued", attempts=0)]


@attack("job_attempts_never_go_down")
def a_running_job_counts_twice(alice, bob):
    return [update(MACHINES["job"].walked_to("running"), attempts=2)]


@attack("job_attempts_never_go_down")
def fewer_attempts_are_allowed(alice, bob):
    return [update(MACHINES["job"].start(), max_attempts=1)]


# --- hashes, and words that stand there -----------------------------------------------------------------------------


def new_text(**fields) -> Statement:
    text = {"text": "It rained.", "sha256": sha("It rained."), "raw": b"It rained.", "raw_sha256": sha("It rained.")}
    article = fields.pop("article", None) or Article.objects.create()
    return insertion(ArticleVersion(article=article, number=1, language="en", **{**text, **fields}))


@attack("article_text_has_its_hash")
def a_text_with_another_hash(alice, bob):
    return [new_text(sha256=sha("It snowed."))]


@attack("article_text_has_its_hash")
def bytes_with_another_hash(alice, bob):
    return [new_text(raw_sha256=sha("It snowed."))]


def capture(**fields) -> Capture:
    values = {"article": Article.objects.create(), "media_type": "text/html", "sha256": sha("It rained."), **fields}
    return Capture(**values)


def kept(**fields) -> Capture:
    row = capture(**fields)
    row.save()
    return row


@attack("article_text_has_its_capture")
def a_text_with_the_capture_of_another_article(alice, bob):
    return [new_text(capture=kept())]


@attack("article_text_has_its_capture")
def a_text_with_the_capture_of_other_bytes(alice, bob):
    other = kept(sha256=sha("It snowed."))
    return [new_text(article=other.article, capture=other)]


@attack("captures_keep_no_cookies")
def a_cookie_is_kept(alice, bob):
    return [insertion(capture(headers=[["ETag", "1"], ["Set-Cookie", "session=1"]]))]


@attack("captures_stay")
def a_capture_is_said_to_have_come_from_elsewhere(alice, bob):
    return [update(kept(), final_url="https://example.org/another")]


@attack("captures_stay")
def a_capture_vanishes(alice, bob):
    return [("DELETE FROM factcheck_capture WHERE id = %s", kept().pk)]


truncated("captures_stay", "factcheck_capture")


@attack("article_submission_stays")
def what_was_sent_in_becomes_something_else(alice, bob):
    return [update(Article.objects.create(submission=sha("a")), submission=sha("b"))]


@attack("snapshot_has_its_hash")
def a_snapshot_with_another_hash(alice, bob):
    return [insertion(Snapshot(source=factories.source(), text="a", sha256=sha("b"), origin="pasted"))]


@attack("anchor_words_stand_there")
def words_that_do_not_stand_there(alice, bob):
    row = MACHINES["anchor"].fresh()
    row.exact = "The minor"
    return [insertion(row)]


@attack("anchor_words_stand_there")
def words_beside_their_place(alice, bob):
    return [update(MACHINES["anchor"].start(), start=1, end=10)]


@attack("anchor_words_stand_there")
def a_speaker_is_named_behind_the_end_of_the_text(alice, bob):
    return [update(MACHINES["anchor"].start(), speaker_span=(0, 10_000))]


@attack("anchor_words_stand_there")
def words_of_another_article(alice, bob):
    row = MACHINES["anchor"].fresh()
    row.article_version = factories.article().current
    return [insertion(row)]


# --- what took the place of a claim ---------------------------------------------------------------------------------


@attack("superseded_claim_has_successors")
def a_claim_is_superseded_by_nothing(alice, bob):
    return [moved(factories.claim(), "superseded")]


@attack("superseded_claim_has_successors")
def a_claim_is_back_beside_its_successors(alice, bob):
    return [moved(succeeded(), "detected")]


@attack("lineage_fits_claim_status")
def a_claim_is_replaced_and_stays(alice, bob):
    return [insertion(factories.lineage(factories.claim()))]


@attack("lineage_fits_claim_status")
def successors_are_gone_and_the_claim_is_not_back(alice, bob):
    return [update(succeeded().successions.get(), undone_at=timezone.now())]


@attack("lineage_stays_in_its_article")
def a_claim_is_replaced_by_one_of_another_article(alice, bob):
    claim = factories.claim()
    return [insertion(factories.lineage(claim, factories.claim())), moved(claim, "superseded")]


@attack("lineage_stays_in_its_article")
def a_claim_is_replaced_by_itself(alice, bob):
    claim = factories.claim()
    return [insertion(factories.lineage(claim, claim)), moved(claim, "superseded")]


@attack("lineages_stay_as_recorded")
def somebody_else_is_said_to_have_split_it(alice, bob):
    return [update(succeeded().successions.get(), by=alice)]


@attack("evidence_words_stand_there")
def words_that_the_source_does_not_say(alice, bob):
    evidence = Evidence(review=factories.draft(alice), writer=alice, kind="document", stance="supports")
    evidence.snapshot, evidence.exact = factories.snapshot(), "13 million euros"
    return [insertion(evidence)]


@attack("evidence_words_stand_there")
def words_that_are_garbled_later(alice, bob):
    evidence = factories.evidence(factories.draft(alice), alice)
    return [update(evidence, exact="13 million euros")]


@attack("evidence_words_stand_there")
def words_that_another_snapshot_does_not_say(alice, bob):
    evidence = factories.evidence(factories.draft(alice), alice)
    return [update(evidence, snapshot=factories.snapshot("The bridge is closed."))]


# --- reviews ------------------------------------------------------------------------------------------------------


def a_review_changes(field: str, value: object) -> None:
    def prepare(alice, bob):
        return [update(factories.reviewed_until("submitted", alice, bob), **{field: value})]

    attack("review_changes_in_draft_only")(_named(f"change_{field}", prepare))


@attack("review_changes_in_draft_only")
def another_approver_signs_while_it_is_published(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    page, _ = publishing(review, bob)
    return [page, update(review, status="published", approver=factories.person("Eve")), moved(review.claim, "reviewed")]


@attack("review_changes_in_draft_only")
def another_approver_signs_while_it_is_retracted(alice, bob):
    review = factories.published(alice, bob)
    return [
        retracting(review, bob),
        update(review, status="retracted", approver=factories.person("Eve")),
        moved(review.claim, "detected"),
    ]


def another_joins_the_writers(status: str) -> None:
    def prepare(alice, bob):
        review = factories.reviewed_until(status, alice, bob)
        sql = "UPDATE factcheck_claimreview SET written_by = written_by || %s::bigint WHERE id = %s"
        return [(sql, factories.person("Eve").pk, review.pk)]

    attack("review_changes_in_draft_only")(_named(f"another_joins_the_writers_of_{status}", prepare))


for ended in ("abandoned", "published", "superseded", "retracted"):
    another_joins_the_writers(ended)

a_review_changes("statement", "The bridge cost 13 million euros.")
a_review_changes("speaker", "The mayor")
a_review_changes("rating", 4)
a_review_changes("rationale", "Somebody said so.")
a_review_changes("as_of", date(2020, 1, 1))
a_review_changes("first_appearance", "https://example.org/elsewhere")


@attack("review_changes_in_draft_only")
def change_verdict(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    return [update(review, verdict="disputed", rating=1)]


@attack("review_changes_in_draft_only")
def change_what_is_said_while_taking_it_back(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    return [update(review, status="draft", approver=None, rationale="Another reason.")]


@attack("review_changes_in_draft_only")
def a_draft_goes_to_another_claim(alice, bob):
    review, other = factories.draft(alice), factories.claim()
    return [update(review, claim=other), moved(review.claim, "detected"), moved(other, "in_review")]


@attack("review_changes_in_draft_only")
def an_approval_goes_to_another_approver(alice, bob):
    return [update(factories.reviewed_until("approved", alice, bob), approver=factories.person("Carol"))]


def writers_become(name: str, sql: str) -> None:
    def prepare(alice, bob):
        review = factories.draft(alice)
        return [(f"UPDATE factcheck_claimreview SET written_by = {sql} WHERE id = %s", bob.pk, review.pk)]

    attack("review_writers_only_grow")(_named(name, prepare))


@attack("review_writers_only_grow")
def the_writer_is_replaced(alice, bob):
    review = factories.draft(alice)
    return [update(review, writer=bob, written_by=[bob.pk])]


@attack("review_counts_its_writer", corrected=True)
def a_writer_is_not_counted(alice, bob):
    review = MACHINES["review"].fresh()
    review.claim, review.writer, review.written_by = factories.draft(alice).claim, bob, [alice.pk]
    return [
        ("UPDATE factcheck_claimreview SET status = 'abandoned' WHERE claim_id = %s", review.claim_id),
        insertion(review, "RETURNING %s = ANY(written_by)", bob.pk),
    ]


writers_become("nobody_joins_the_writers", "written_by || %s::bigint || NULL::bigint")


@attack("review_writers_only_grow")
def one_of_two_writers_is_taken_off(alice, bob):
    review = factories.draft(alice)
    factories.evidence(review, bob)
    return [("UPDATE factcheck_claimreview SET written_by = %s WHERE id = %s", [alice.pk], review.pk)]


@attack("review_rests_on_evidence")
def a_review_is_submitted_without_evidence(alice, bob):
    review = factories.complete(alice)
    review.evidence.get().delete()
    return [update(review, status="submitted")]


@attack("review_fits_claim_status")
def a_review_of_a_claim_that_is_not_in_review(alice, bob):
    return [insertion(MACHINES["review"].fresh())]


@attack("review_rests_on_evidence")
def a_review_is_published_without_evidence(alice, bob):
    """Signed in the draft's own transaction and robbed there: no guard but this one counts."""
    review = factories.complete(alice)
    review.evidence.get().delete()
    return [
        update(review, status="submitted"),
        update(review, status="approved", approver=bob),
        *publishing(review, bob),
        moved(review.claim, "reviewed"),
    ]


@attack("review_fits_claim_status")
def a_published_review_of_a_claim_in_review(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    return publishing(review, bob)


@attack("review_fits_claim_status")
def a_retracted_review_of_a_reviewed_claim(alice, bob):
    review = factories.published(alice, bob)
    return [retracting(review, bob), update(review, status="retracted")]


@attack("claim_status_fits_reviews")
def a_reviewed_claim_whose_review_is_open(alice, bob):
    return [moved(factories.reviewed_until("approved", alice, bob).claim, "reviewed")]


@attack("claim_status_fits_reviews")
def a_detected_claim_whose_review_is_published(alice, bob):
    return [moved(factories.published(alice, bob).claim, "detected")]


@attack("claim_status_fits_reviews")
def a_reviewed_claim_is_in_review_without_a_correction(alice, bob):
    return [moved(factories.published(alice, bob).claim, "in_review")]


@attack("review_fits_claim_status")
def an_abandoned_review_of_a_claim_in_review(alice, bob):
    return [update(factories.draft(alice), status="abandoned")]


@attack("claim_status_fits_reviews")
def a_claim_in_review_that_nobody_reviews(alice, bob):
    return [moved(factories.claim(), "in_review")]


@attack("claim_status_fits_reviews")
def a_detected_claim_that_is_being_reviewed(alice, bob):
    return [moved(factories.draft(alice).claim, "detected")]


@attack("suggestion_has_evidence")
def an_accepted_suggestion_is_undone_under_its_evidence(alice, bob):
    suggestion = MACHINES["suggestion"].walked_to("accepted")
    factories.evidence(factories.draft(alice, suggestion.claim), alice, suggestion=suggestion)
    return [update(suggestion, status="pending", decided_by=None)]


@attack("suggestion_tells_what_it_leads_to", corrected=True)
def a_suggestion_hides_an_earlier_fact_check(alice, bob):
    telling = factories.suggestion(passage=factories.fact_check().source.passages.get())
    hide = "UPDATE factcheck_suggestion SET of_fact_check = false WHERE id = %s RETURNING of_fact_check"
    return [(hide, telling.pk)]


# --- what a review rests on -----------------------------------------------------------------------------------------


def evidence_of(status: str, alice, bob) -> Evidence:
    return factories.reviewed_until(status, alice, bob).evidence.get()


def answer_of(status: str, alice, bob) -> ChecklistAnswer:
    review = factories.complete(alice)
    answer = ChecklistAnswer.objects.create(review=review, item="Asked", answer="done", position=1, writer=alice)
    for step in MACHINES["review"].path(status):
        factories.walk(review, step, bob)
    return answer


def part_of(status: str, alice, bob) -> ConfidentialPart:
    review = factories.complete(alice)
    person = factories.evidence(review, alice, kind="person", snapshot=None, exact="", public_wording="An engineer")
    part = ConfidentialPart.objects.create(evidence=person, identity="E. Ngineer", writer=alice)
    for step in MACHINES["review"].path(status):
        factories.walk(review, step, bob)
    return part


for status in ("submitted", "approved", "published", "abandoned"):

    @attack("evidence_changes_in_draft_only")
    def evidence_is_added(alice, bob, status=status):
        review = factories.reviewed_until(status, alice, bob)
        search = {"searched_for": "bridge", "searched_where": "archive", "searched_on": date(2026, 11, 24)}
        return [insertion(Evidence(review=review, writer=alice, kind="search", stance="context", **search))]

    @attack("evidence_changes_in_draft_only")
    def evidence_is_turned_round(alice, bob, status=status):
        return [update(evidence_of(status, alice, bob), stance="refutes")]

    @attack("evidence_changes_in_draft_only")
    def evidence_is_taken_away(alice, bob, status=status):
        return [("DELETE FROM factcheck_evidence WHERE id = %s", evidence_of(status, alice, bob).pk)]

    @attack("evidence_stays_with_its_review")
    def evidence_is_carried_off(alice, bob, status=status):
        return [update(evidence_of(status, alice, bob), review=factories.draft(alice))]

    @attack("evidence_changes_in_draft_only", otherwise=WHATEVER)
    def evidence_is_smuggled_in(alice, bob, status=status):
        piece = factories.evidence(factories.draft(alice), alice)
        return [update(piece, review=factories.reviewed_until(status, alice, bob))]

    @attack("answers_change_in_draft_only")
    def a_step_is_answered(alice, bob, status=status):
        answer = ChecklistAnswer(item="Asked", answer="done", position=1, writer=alice)
        answer.review = factories.reviewed_until(status, alice, bob)
        return [insertion(answer)]

    @attack("confidence_changes_in_draft_only")
    def a_part_is_added(alice, bob, status=status):
        return [insertion(ConfidentialPart(evidence=evidence_of(status, alice, bob), identity="X", writer=alice))]

    @attack("confidence_changes_in_draft_only")
    def a_part_is_changed(alice, bob, status=status):
        return [update(part_of(status, alice, bob), identity="Somebody else")]

    @attack("confidence_changes_in_draft_only")
    def a_part_is_taken_away(alice, bob, status=status):
        part = part_of(status, alice, bob)
        return [("DELETE FROM factcheck_confidentialpart WHERE evidence_id = %s", part.pk)]


@attack("answers_change_in_draft_only")
def an_answer_is_turned_round_after_it_was_signed(alice, bob):
    return [update(answer_of("approved", alice, bob), answer="does_not_apply", reason="Nobody was there.")]


@attack("answers_change_in_draft_only")
def an_answer_is_taken_back_after_it_was_signed(alice, bob):
    return [("DELETE FROM factcheck_checklistanswer WHERE id = %s", answer_of("approved", alice, bob).pk)]


@attack("answers_keep_their_question")
def an_answer_is_given_to_another_question(alice, bob):
    return [update(answer_of("draft", alice, bob), item="Asked both sides")]


@attack("confidence_changes_in_draft_only")
def a_part_is_given_to_another_writer_by_erasing_it(alice, bob):
    part = part_of("published", alice, bob)
    return [update(part, identity="", words="", erased_at=timezone.now(), writer=bob)]


@attack("confidence_changes_in_draft_only")
def a_part_is_erased_a_second_time(alice, bob):
    part = part_of("published", alice, bob)
    ask(*update(part, identity="", words="", erased_at=timezone.now()))
    return [update(part, identity="", words="", erased_at=timezone.now())]


@attack("evidence_changes_in_draft_only")
def what_was_signed_reads_otherwise_in_translation(alice, bob):
    return [update(evidence_of("approved", alice, bob), translation="It cost 13 million.", translator="Eve")]


@attack("evidence_changes_in_draft_only")
def a_writer_with_a_conflict_of_interest_adds_evidence(alice, bob):
    review = factories.draft(alice)
    factories.conflict(review.claim, alice)
    search = {"searched_for": "bridge", "searched_where": "archive", "searched_on": date(2026, 11, 24)}
    return [insertion(Evidence(review=review, writer=alice, kind="search", stance="context", **search))]


@attack("evidence_stays_with_its_review")
def evidence_goes_to_another_draft(alice, bob):
    piece = factories.evidence(factories.draft(alice), alice)
    return [update(piece, review=factories.draft(bob))]


@attack("confidence_stays_with_its_evidence")
def a_part_goes_to_another_witness(alice, bob):
    part = part_of("draft", alice, bob)
    other = Evidence(review=part.evidence.review, writer=alice, kind="person", stance="context", public_wording="x")
    other.save()
    return [update(part, evidence=other)]


@attack("evidence_of_accepted_suggestion")
def evidence_of_a_suggestion_that_nobody_accepted(alice, bob):
    suggestion = factories.suggestion()
    evidence = Evidence(review=factories.draft(alice, suggestion.claim), writer=alice, kind="document")
    evidence.snapshot, evidence.exact, evidence.stance = factories.snapshot(), "12 million euros", "supports"
    evidence.suggestion = suggestion
    return [insertion(evidence)]


@attack("evidence_of_accepted_suggestion")
def evidence_of_a_suggestion_for_another_claim(alice, bob):
    suggestion = MACHINES["suggestion"].walked_to("accepted")
    return [update(factories.evidence(factories.draft(alice), alice), suggestion=suggestion)]


# --- publications ---------------------------------------------------------------------------------------------------


def page_of(status: str) -> Publication:
    return factories.reviewed_until(status, factories.person("Alice"), factories.person("Bob")).publication


@attack("public_review_has_publication")
def a_review_is_published_without_its_page(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    return [update(review, status="published"), moved(review.claim, "reviewed")]


@attack("public_review_has_publication")
def a_review_is_retracted_without_a_reason(alice, bob):
    review = factories.published(alice, bob)
    return [update(review, status="retracted"), moved(review.claim, "detected")]


@attack("public_review_has_publication")
def a_review_is_superseded_by_nothing(alice, bob):
    review = factories.published(alice, bob)
    return [update(review, status="superseded"), moved(review.claim, "detected")]


@attack("publication_goes_with_its_review")
def a_page_of_a_review_that_stays_approved(alice, bob):
    return [insertion(factories.publication(factories.reviewed_until("approved", alice, bob), bob))]


@attack("publication_goes_with_its_review")
def a_page_is_retracted_and_its_review_is_not(alice, bob):
    return [retracting(factories.published(alice, bob), bob)]


@attack("publication_goes_with_its_review")
def a_superseded_page_is_retracted(alice, bob):
    return [retracting(factories.reviewed_until("superseded", alice, bob), bob)]


@attack("publication_of_an_approved_review")
def a_page_before_the_second_signature(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    page, published = publishing(review, bob)
    return [page, update(review, status="approved", approver=bob), published, moved(review.claim, "reviewed")]


@attack("publication_of_an_approved_review")
def a_page_with_another_hash(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    return [*publishing(review, bob, sha256=sha("{}")), moved(review.claim, "reviewed")]


@attack("publication_of_an_approved_review")
def a_page_that_is_born_retracted(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    taken_back = {"retraction_reason": "Never mind.", "retracted_by": bob, "retracted_at": timezone.now()}
    return [
        *publishing(review, bob, **taken_back),
        update(review, status="retracted"),
        moved(review.claim, "reviewed"),
        moved(review.claim, "detected"),
    ]


def second_page(name: str, otherwise: str | None = None, **fields) -> None:
    def prepare(alice, bob):
        first = factories.published(alice, bob)
        review = factories.reviewed_until("approved", alice, bob, of=first.claim)
        return [
            update(first, status="superseded"),
            *publishing(review, bob, **fields),
            moved(review.claim, "reviewed"),
        ]

    attack("publication_takes_the_next_number", otherwise=otherwise)(_named(name, prepare))


second_page("a_correction_skips_a_number", number=3)
second_page("a_correction_stands_at_another_address", otherwise="public_review_has_publication", slug="elsewhere")
second_page("a_correction_takes_the_first_number", otherwise=ANOTHER_RULE, number=1)


@attack("publication_takes_the_next_number")
def a_page_joins_the_address_of_another_claim(alice, bob):
    first, review = factories.published(alice, bob), factories.reviewed_until("approved", alice, bob)
    return [*publishing(review, bob, slug=first.publication.slug, number=2), moved(review.claim, "reviewed")]


def a_page_changes(sql: str, otherwise: str | None = None) -> None:
    def prepare(alice, bob):
        page = factories.published(alice, bob).publication
        return [(f"UPDATE factcheck_publication SET {sql} WHERE id = %s", page.pk)]

    attack("publications_stay_as_published", otherwise=otherwise)(_named(sql, prepare))


a_page_changes("frozen = '{}', sha256 = encode(sha256('{}'), 'hex')", otherwise=ANOTHER_RULE)
a_page_changes("sha256 = repeat('0', 64)")
a_page_changes("slug = 'elsewhere'")
a_page_changes("number = number + 1")
a_page_changes("method_version = 2")
a_page_changes("published_by_id = (SELECT min(id) FROM factcheck_user)")
a_page_changes("published_at = now() - interval '1 day'")
a_page_changes("review_id = 0", otherwise=WHATEVER)


def a_retraction_changes(sql: str, otherwise: str | None = None) -> None:
    def prepare(alice, bob):
        page = factories.reviewed_until("retracted", alice, bob).publication
        return [(f"UPDATE factcheck_publication SET {sql} WHERE id = %s", page.pk)]

    attack("publication_is_retracted_once", otherwise=otherwise)(_named(sql, prepare))


a_retraction_changes("retraction_reason = 'Something milder.'")
a_retraction_changes("retracted_by_id = (SELECT min(id) FROM factcheck_user)")
a_retraction_changes("retracted_at = now() - interval '1 day'")
a_retraction_changes(
    "retraction_reason = '', retracted_by_id = NULL, retracted_at = NULL", otherwise="publication_goes_with_its_review"
)


# --- corrections, schedules, takedowns, litigation holds --------------------------------------------------------------

TAKEN_DOWN = (
    "takedown_reason = 'The law', taken_down_by_id = (SELECT min(id) FROM factcheck_user), taken_down_at = now()"
)


@attack("review_says_what_changed")
def a_correction_says_not_what_changed(alice, bob):
    review = factories.complete(alice, factories.published(alice, bob).claim)
    return [update(review, status="submitted", change_note=" ")]


@attack("review_says_what_changed")
def a_correction_says_not_whether_it_is_one(alice, bob):
    review = factories.complete(alice, factories.published(alice, bob).claim)
    return [update(review, status="submitted", change_kind="")]


@attack("schedule_ends_with_the_approval", otherwise="only_what_is_approved_is_scheduled", corrected=True)
def a_withdrawn_review_goes_out_all_the_same(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    withdraw = "UPDATE factcheck_claimreview SET status = 'draft', approver_id = NULL"
    hour = "publish_at = now(), scheduled_by_id = %s WHERE id = %s RETURNING publish_at IS NULL"
    return [(f"{withdraw}, {hour}", bob.pk, review.pk)]


def erased(name: str, sql: str, status: str = "published", taken_down: bool = False, otherwise=None) -> None:
    """A statement on the page of a review, which was taken down before or not."""

    def prepare(alice, bob):
        page = factories.reviewed_until(status, alice, bob).publication
        if taken_down:
            ask(f"UPDATE factcheck_publication SET frozen = '', {TAKEN_DOWN} WHERE id = %s", page.pk)
        return [(f"UPDATE factcheck_publication SET {sql} WHERE id = %s", page.pk)]

    attack("published_text_is_erased_by_its_takedown_alone", otherwise=otherwise)(_named(name, prepare))


erased("a_page_gets_another_text", "frozen = '{}'")
erased("a_page_is_erased_without_a_takedown", "frozen = ''", otherwise="takedown_is_whole")
erased("a_page_gets_another_text_by_a_takedown", f"frozen = '{{}}', {TAKEN_DOWN}", otherwise="takedown_is_whole")
NOT_ANY_MORE = "takedown_reason = '', taken_down_by_id = NULL, taken_down_at = NULL"
erased("what_was_taken_down_is_restored", f"frozen = '{{}}', {NOT_ANY_MORE}", taken_down=True)
erased("a_text_comes_back", "frozen = '{}'", taken_down=True, otherwise="takedown_is_whole")
erased("a_takedown_gets_a_milder_reason", "takedown_reason = 'A wish'", taken_down=True)
erased("a_takedown_gets_another_ground", "takedown_ground = 'Another law'", taken_down=True)
erased("a_takedown_is_dated_back", "taken_down_at = now() - interval '1 day'", taken_down=True)
erased("a_takedown_becomes_somebody_elses", "taken_down_by_id = (SELECT max(id) FROM factcheck_user)", taken_down=True)


@attack("publication_of_an_approved_review")
def a_page_that_is_born_taken_down(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    gone = {"takedown_reason": "The law.", "taken_down_by": bob, "taken_down_at": timezone.now()}
    return [*publishing(review, bob, frozen="", **gone), moved(review.claim, "reviewed")]


@attack("publication_without_conflict_of_interest")
def who_has_a_conflict_of_interest_takes_down(alice, bob):
    review = factories.published(alice, bob)
    factories.conflict(review.claim, alice)
    gone = {"frozen": "", "takedown_reason": "The law.", "taken_down_by": alice, "taken_down_at": timezone.now()}
    return [update(review.publication, **gone)]


@attack("publication_is_kept_under_hold")
def what_is_held_is_taken_down(alice, bob):
    review = factories.published(alice, bob)
    factories.hold(review.claim.article, bob)
    return [(f"UPDATE factcheck_publication SET frozen = '', {TAKEN_DOWN} WHERE id = %s", review.publication.pk)]


@attack("confidence_is_kept_under_hold")
def what_is_held_and_told_in_confidence_is_erased(alice, bob):
    part = part_of("published", alice, bob)
    factories.hold(part.evidence.review.claim.article, bob)
    return [update(part, identity="", words="", erased_at=timezone.now())]


@attack("confidence_is_kept_under_hold")
def what_is_held_and_told_in_confidence_leaves_a_draft(alice, bob):
    part = part_of("draft", alice, bob)
    factories.hold(part.evidence.review.claim.article, bob)
    return [("DELETE FROM factcheck_confidentialpart WHERE evidence_id = %s", part.pk)]


@attack("conflict_reason_is_kept_under_hold")
def the_reason_of_a_conflict_that_is_held_is_erased(alice, bob):
    conflict = factories.conflict(factories.claim(), alice)
    factories.hold(conflict.claim.article, bob)
    return [update(conflict, reason=ERASED)]


@attack("words_are_kept_under_hold")
def words_of_a_trail_that_is_held_are_erased(alice, bob):
    article = factories.article()
    AuditEntry.record(article, "article.sees", by=alice, act=uuid.uuid4(), chain=str(article.uuid), text="Why")
    factories.hold(article, bob)
    return [("DELETE FROM factcheck_audittext",)]


@attack("who_worked_on_what_is_held_keeps_their_name")
def who_worked_on_what_is_held_is_erased(alice, bob):
    review = factories.published(alice, bob)
    factories.hold(review.claim.article, alice)
    return [update(bob, is_active=False, erased_at=timezone.now())]


@attack("who_worked_on_what_is_held_keeps_their_name")
def who_typed_into_what_is_held_is_erased(alice, bob):
    typed = factories.typed(bob)
    factories.hold(typed.review.claim.article, alice)
    return [update(bob, is_active=False, erased_at=timezone.now())]


@attack("hold_is_placed_standing")
def a_hold_that_never_stood(alice, bob):
    lifted = {"lift_reason": "Settled.", "lifted_by": bob, "lifted_at": timezone.now()}
    return [insertion(LitigationHold(article=factories.article(), reason="Lind v. the desk", placed_by=bob, **lifted))]


def a_lifted_hold(alice, bob) -> LitigationHold:
    hold = factories.hold(factories.article(), alice)
    ask(*update(hold, lift_reason="Settled.", lifted_by=bob, lifted_at=timezone.now()))
    return hold


@attack("hold_is_lifted_once")
def a_lifted_hold_stands_again(alice, bob):
    return [update(a_lifted_hold(alice, bob), lift_reason="", lifted_by=None, lifted_at=None)]


@attack("hold_is_lifted_once")
def a_hold_was_lifted_for_another_reason(alice, bob):
    return [update(a_lifted_hold(alice, bob), lift_reason="Dropped.")]


@attack("holds_stay_as_placed")
def a_hold_goes_to_another_article(alice, bob):
    return [update(factories.hold(factories.article(), alice), article=factories.article())]


@attack("holds_stay_as_placed")
def a_hold_becomes_a_colleagues(alice, bob):
    return [update(factories.hold(factories.article(), alice), placed_by=bob)]


deleted("holds_stay", lambda: factories.hold(factories.article(), factories.person("Bob")))
truncated("holds_stay", "factcheck_litigationhold", otherwise=None)


# --- conflicts of interest, and what is confidential ------------------------------------------------------------------


@attack("assignee_keeps_away_from_no_claim")
def who_keeps_away_is_assigned(alice, bob):
    claim = factories.claim()
    factories.conflict(claim, bob)
    return [update(claim, assignee=bob)]


@attack("who_keeps_away_is_not_assigned")
def who_is_assigned_keeps_away(alice, bob):
    claim = factories.claim(assignee=bob)
    return [insertion(ConflictOfInterest(claim=claim, person=bob, reason="My brother built it.", declared_by=bob))]


@attack("review_without_conflict_of_interest")
def who_has_a_conflict_of_interest_approves(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    factories.conflict(review.claim, bob)
    return [update(review, status="approved", approver=bob)]


@attack("review_without_conflict_of_interest")
def who_has_a_conflict_of_interest_joins_the_writers(alice, bob):
    review = factories.draft(alice)
    factories.conflict(review.claim, bob)
    return [update(review, rationale="All is well.", writer=bob)]


@attack("review_without_conflict_of_interest")
def who_has_a_conflict_of_interest_begins(alice, bob):
    claim = factories.claim()
    factories.conflict(claim, bob)
    row = ClaimReview(claim=claim, statement="It is so.", writer=bob, written_by=[bob.pk])
    return [insertion(row), moved(claim, "in_review")]


@attack("review_without_conflict_of_interest")
def an_earlier_writer_with_a_conflict_writes_on(alice, bob):
    review = factories.draft(alice)
    factories.conflict(review.claim, alice)
    return [update(review, rationale="All is well.")]


@attack("evidence_changes_in_draft_only")
def an_earlier_writer_with_a_conflict_turns_evidence_round(alice, bob):
    piece = factories.evidence(factories.draft(alice), alice)
    factories.conflict(piece.review.claim, alice)
    return [update(piece, stance="refutes")]


@attack("publication_without_conflict_of_interest")
def who_has_a_conflict_of_interest_publishes(alice, bob):
    review, carol = factories.reviewed_until("approved", alice, bob), factories.person("Carol", "editor")
    factories.conflict(review.claim, carol)
    return [*publishing(review, carol), moved(review.claim, "reviewed")]


@attack("publication_without_conflict_of_interest")
def who_has_a_conflict_of_interest_retracts(alice, bob):
    review, carol = factories.published(alice, bob), factories.person("Carol", "editor")
    factories.conflict(review.claim, carol)
    return [retracting(review, carol), update(review, status="retracted"), moved(review.claim, "detected")]


@attack("conflict_reason_stays_or_is_erased")
def a_conflict_gets_a_milder_reason(alice, bob):
    return [update(factories.conflict(factories.claim(), alice), reason="A trifle")]


@attack("conflicts_stay_as_declared")
def a_conflict_becomes_a_colleagues(alice, bob):
    return [update(factories.conflict(factories.claim(), alice), person=bob)]


@attack("conflicts_stay")
def a_conflict_is_deleted(alice, bob):
    return [("DELETE FROM factcheck_conflictofinterest WHERE id = %s", factories.conflict(factories.claim(), alice).pk)]


truncated("conflicts_stay", "factcheck_conflictofinterest", otherwise=None)


@attack("conflict_is_withdrawn_once")
def a_withdrawn_conflict_stands_again(alice, bob):
    conflict = factories.conflict(factories.claim(), alice)
    ask(*update(conflict, withdrawn_by=bob, withdrawn_at=timezone.now()))
    return [update(conflict, withdrawn_by=None, withdrawn_at=None)]


@attack("what_is_public_is_not_confidential")
def a_published_article_becomes_confidential(alice, bob):
    article = factories.published(alice, bob).claim.article
    return [update(article, confidential=True, outside_search="never")]


@attack("what_is_confidential_is_not_published")
def an_embargo_is_broken(alice, bob):
    review = factories.reviewed_until("approved", alice, bob)
    ask(*update(review.claim.article, confidential=True, outside_search="never"))
    return [*publishing(review, bob), moved(review.claim, "reviewed")]


# --- feeds ----------------------------------------------------------------------------------------------------------


@attack("feed_address_stays")
def a_feed_leads_elsewhere(alice, bob):
    return [update(factories.feed(), url="https://example.org/another.xml")]


@attack("feeds_stay", otherwise=ANOTHER_RULE)
def a_feed_is_deleted(alice, bob):
    return [("DELETE FROM factcheck_feed WHERE id = %s", factories.feed().pk)]


truncated("feeds_stay", "factcheck_feed")


@attack("feed_entries_stay")
def an_entry_is_forgotten(alice, bob):
    return [("DELETE FROM factcheck_feedentry WHERE id = %s", factories.feed_entry().pk)]


@attack("feed_entries_stay")
def an_entry_was_another(alice, bob):
    return [update(factories.feed_entry(), link="1" * 64)]


# --- the trail ------------------------------------------------------------------------------------------------------


def an_entry() -> AuditEntry:
    article = Article.objects.create()
    AuditEntry.record(article, "article.ingested", by=None, act=article.uuid, chain=str(article.uuid))
    return AuditEntry.objects.get(chain=str(article.uuid))


@attack("audit_entries_stay", right=False)
def an_entry_is_changed(alice, bob):
    return [update(an_entry(), verb="article.forgotten")]


@attack("audit_entries_stay", right=False)
def an_entry_is_deleted(alice, bob):
    return [("DELETE FROM factcheck_auditentry WHERE id = %s", an_entry().pk)]


@attack("findings_stay_as_found")
def a_finding_says_something_else(alice, bob):
    return [update(AuditFinding.objects.create(sentence="Chain desk, entry 3 was changed."), sentence="All is well.")]


@attack("findings_stay")
def a_finding_vanishes(alice, bob):
    AuditFinding.objects.create(sentence="Chain desk: entry 4 is missing.")
    return [("DELETE FROM factcheck_auditfinding",)]


def a_check() -> AuditCheck:
    return AuditCheck.objects.create(entries=9, chains=1, roots=3, publications=0, problems=2)


@attack("checks_stay")
def a_check_found_nothing_after_all(alice, bob):
    return [update(a_check(), problems=0)]


@attack("checks_stay")
def a_check_was_never_made(alice, bob):
    a_check()
    return [("DELETE FROM factcheck_auditcheck",)]


# --- what the desk says about itself, and what readers ask -----------------------------------------------------------


def page_of_the_desk(version: int = 1) -> DeskPage:
    return DeskPage(desk=factories.desk(), kind="on-method", version=version, text="We look it up.")


@attack("desk_pages_stay")
def the_desk_never_said_so(alice, bob):
    return [update(factories.desk().pages.get(kind="funding"), text="By nobody.")]


@attack("desk_pages_stay")
def a_version_is_dated_back(alice, bob):
    return [
        ("UPDATE factcheck_deskpage SET written_at = now() - interval '1 year' WHERE desk_id = %s", factories.desk().pk)
    ]


@attack("desk_pages_stay")
def a_version_disappears(alice, bob):
    return [("DELETE FROM factcheck_deskpage WHERE id = %s", factories.desk().pages.get(kind="funding").pk)]


truncated("desk_pages_stay", "factcheck_deskpage", otherwise=None)


@attack("desk_page_takes_the_next_version")
def a_version_is_left_out(alice, bob):
    return [insertion(page_of_the_desk(version=2))]


@attack("desk_page_takes_the_next_version", otherwise="one_text_per_page_and_version")
def a_version_is_written_twice(alice, bob):
    page = page_of_the_desk()
    return [insertion(page), insertion(page)]


@attack("reader_request_arrows")
def spam_is_answered(alice, bob):
    row = MACHINES["request"].walked_to("spam")
    return [update(row, status="answered", **MACHINES["request"].beside(row, "answered"))]


@attack("reader_requests_stay_as_asked")
def a_reader_never_asked_for_that(alice, bob):
    return [update(factories.reader_request(), text="Well done.")]


@attack("reader_requests_stay_as_asked")
def a_reader_asked_about_something_else(alice, bob):
    return [update(factories.reader_request(), publication=factories.published(alice, bob).publication)]


WORDLESS = {"text": "", "url": "", "answer": "", "erased_at": timezone.now()}


@attack("reader_requests_stay_as_asked")
def a_reader_wrote_what_was_put_with_the_spam_and_erased(alice, bob):
    row = MACHINES["request"].walked_to("spam")
    return [update(row, **WORDLESS), update(row, text="Well done.", erased_at=None)]


@attack("reader_requests_are_kept_under_hold")
def what_a_reader_was_answered_is_erased_before_the_court_has_read_it(alice, bob):
    row = factories.reader_request(publication=factories.published(alice, bob).publication)
    ask(*update(row, status="spam"))
    factories.hold(row.publication.review.claim.article, bob)
    return [update(row, **WORDLESS)]


@attack("reader_requests_stay_answered", otherwise="reader_requests_stay_as_asked")
def an_answer_becomes_another_while_it_is_erased(alice, bob):
    return [update(MACHINES["request"].walked_to("answered"), **WORDLESS, outcome="corrected")]


@attack("reader_requests_stay_answered")
def a_reader_was_told_something_else(alice, bob):
    return [update(MACHINES["request"].walked_to("answered"), answer="You are right.", outcome="corrected")]


deleted("reader_requests_stay", factories.reader_request)
truncated("reader_requests_stay", "factcheck_readerrequest")


@attack("reply_addresses_only_go")
def an_answer_goes_to_somebody_else(alice, bob):
    row = factories.reader_request(email="reader@example.org")
    return [("UPDATE factcheck_replyaddress SET email = 'spy@example.org' WHERE request_id = %s", row.pk)]


@attack("reply_addresses_only_go")
def an_erased_address_is_written_back(alice, bob):
    row = factories.reader_request(email="reader@example.org")
    erased = "UPDATE factcheck_replyaddress SET email = '', erased_at = now() WHERE request_id = %s"
    back = "UPDATE factcheck_replyaddress SET email = 'reader@example.org', erased_at = NULL WHERE request_id = %s"
    return [(erased, row.pk), (back, row.pk)]


# --- what could not be read ----------------------------------------------------------------------------------------


@attack("unreadable_arrows")
def what_was_set_aside_waits_again(alice, bob):
    row = factories.unreadable(sent_by=alice)
    return [update(row, state="set_aside", reason="Because.", raw=b""), update(row, state="waiting")]


@attack("unreadable_is_born_waiting_with_its_hash")
def other_bytes_are_kept_than_were_sent(alice, bob):
    return [insertion(Unreadable(sent_by=alice, raw=b"forged", size=6, sha256=sha("sent"), sentence="No."))]


@attack("unreadable_stays_what_was_sent")
def somebody_else_is_said_to_have_sent_it(alice, bob):
    return [update(factories.unreadable(sent_by=alice), sent_by=bob)]


@attack("unreadable_bytes_only_go")
def the_bytes_are_exchanged(alice, bob):
    return [update(factories.unreadable(sent_by=alice), raw=b"forged")]


@attack("unreadable_stays")
def a_submission_disappears(alice, bob):
    return [("DELETE FROM factcheck_unreadable WHERE id = %s", factories.unreadable(sent_by=alice).pk)]


# --- earlier fact-checks -------------------------------------------------------------------------------------------


@attack("sources_keep_their_key")
def a_fact_check_becomes_the_whole_page(alice, bob):
    return [update(factories.fact_check().source, part="")]


@attack("fact_check_is_of_its_source")
def a_fact_check_of_an_ordinary_document(alice, bob):
    return [insertion(FactCheck(source=factories.source(), claim_reviewed="It cost 12 million.", raw="{}"))]


@attack("fact_check_is_of_its_source")
def a_fact_check_reviews_another_claim_than_it_did(alice, bob):
    return [update(factories.fact_check(), claim_reviewed="It cost 13 million.")]


@attack("imports_stay_what_was_sent")
def somebody_else_is_said_to_have_sent_the_list(alice, bob):
    return [update(factories.import_(sent_by=alice), sent_by=bob)]


# --- sources that come ----------------------------------------------------------------------------------------------


def source_capture(**fields) -> SourceCapture:
    values = {
        "source": factories.source(),
        "media_type": "text/html",
        "sha256": sha("It rained."),
        "raw": b"It rained.",
    }
    return SourceCapture(**values | fields)


def kept_source_capture() -> SourceCapture:
    row = source_capture()
    row.save()
    return row


@attack("source_captures_stay")
def a_source_is_said_to_have_come_from_elsewhere(alice, bob):
    return [update(kept_source_capture(), final_url="https://example.org/another")]


@attack("source_captures_stay")
def a_capture_of_a_source_vanishes(alice, bob):
    return [("DELETE FROM factcheck_sourcecapture WHERE id = %s", kept_source_capture().pk)]


truncated("source_captures_stay", "factcheck_sourcecapture", otherwise=None)


@attack("source_capture_has_its_hash")
def a_source_came_as_other_bytes(alice, bob):
    return [insertion(source_capture(sha256=sha("It snowed.")))]


def import_row(**fields) -> ImportRow:
    return ImportRow(
        of=factories.import_(),
        line=1,
        **fields,
    )


def kept_import_row() -> ImportRow:
    row = import_row(raw="{}")
    row.save()
    return row


@attack("import_row_arrows")
def a_refused_row_waits_again(alice, bob):
    row = kept_import_row()
    ImportRow.objects.filter(pk=row.pk).update(state="refused", sentence="No.")
    return [update(row, state="waiting", sentence="")]


@attack("import_rows_are_born_waiting")
def a_row_is_born_taken(alice, bob):
    return [insertion(import_row(state="added", source=factories.source()))]


@attack("import_rows_keep_their_place")
def a_row_goes_to_another_line(alice, bob):
    return [update(kept_import_row(), line=2)]


deleted("import_rows_stay", kept_import_row)
truncated("import_rows_stay", "factcheck_importrow", otherwise=None)


# --- what is sent outside -------------------------------------------------------------------------------------------


def of_a_shut_article(**fields) -> Claim:
    return factories.claim(of=factories.article(outside_search="never", **fields))


@attack("searches_stay_in_the_house")
def a_claim_that_must_stay_is_to_be_searched_for_outside(alice, bob):
    return [insertion(Search(claim=of_a_shut_article(), provider="wikipedia", words="bridge"))]


@attack("searches_stay_in_the_house")
def what_was_queued_is_sent_after_the_article_was_shut(alice, bob):
    search = factories.search()
    shut = ("UPDATE factcheck_article SET outside_search = 'never' WHERE id = %s", search.claim.article_id)
    return [shut, update(search, sendings=1, sent_at=timezone.now(), sent_to="en.wikipedia.org")]


@attack("searches_stay_in_the_house")
def what_was_sent_once_is_sent_again_after_the_article_became_confidential(alice, bob):
    search = factories.search(sent=True)
    shut = (
        "UPDATE factcheck_article SET confidential = true, outside_search = 'never' WHERE id = %s",
        search.claim.article_id,
    )
    return [shut, update(search, sendings=2, sent_at=timezone.now())]


@attack("searches_are_born_unsent", otherwise="search_that_was_sent_says_when_and_to_whom")
def a_search_is_born_with_a_find(alice, bob):
    return [insertion(Search(claim=factories.claim(), provider="wikipedia", words="x", outcome="found", found=1))]


@attack("searches_are_born_unsent")
def a_search_is_born_as_sent(alice, bob):
    row = Search(claim=factories.claim(), provider="wikipedia", words="x", sendings=1, sent_to="a.example")
    row.sent_at = timezone.now()
    return [insertion(row)]


@attack("searches_keep_their_question")
def a_search_says_that_other_words_were_sent(alice, bob):
    return [update(factories.search(sent=True), words="something harmless")]


@attack("searches_keep_their_question")
def a_search_says_that_somebody_else_was_asked(alice, bob):
    return [update(factories.search(sent=True), provider="searxng")]


@attack("searches_only_go_on", otherwise="search_that_was_sent_says_when_and_to_whom")
def a_sending_is_forgotten(alice, bob):
    return [update(factories.search(sent=True), sendings=0)]


@attack("searches_only_go_on")
def a_sending_is_dated_back(alice, bob):
    return [update(factories.search(sent=True), sent_at=timezone.now().replace(year=2020))]


@attack("searches_only_go_on")
def a_search_that_found_nothing_has_found_something(alice, bob):
    search = factories.search(sent=True)
    return [update(search, outcome="empty"), update(search, outcome="found", found=3)]


@attack("searches_stay")
def a_search_is_deleted(alice, bob):
    return [("DELETE FROM factcheck_search WHERE id = %s", factories.search().pk)]


truncated("searches_stay", "factcheck_search", otherwise=None)
