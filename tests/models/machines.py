"""The state machines, and how a row of each gets into every status along its arrows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from factcheck.models import Anchor, Claim, ClaimPair, ClaimReview, Comment, Job, ReaderRequest, Suggestion, User
from factcheck.models.reviews import SIGNED
from tests import factories
from tests.models.asking import ask, settle, update


@dataclass(frozen=True)
class Machine:
    """`fresh`: an unsaved row. `beside`: what must go along with a status so that only the arrow decides: it returns
    fields of the row itself, and changes other rows. `after`: what goes along and can only follow. `start`: a saved row
    in its first status.
    """

    model: type[models.Model]
    rule: str  # the guard of its arrows
    birth: str  # the guard of its first status
    stays: str  # the guard against DELETE
    fresh: Callable[[], models.Model]
    beside: Callable[[models.Model, str], dict]
    start: Callable[[], models.Model]
    column: str = "status"
    after: Callable[[models.Model, str], None] = lambda row, to: None

    @property
    def statuses(self) -> list[str]:
        return list(self.model.TRANSITIONS)

    @property
    def first(self) -> str:
        return self.model._meta.get_field(self.column).default

    def status(self, row: models.Model) -> str:
        row.refresh_from_db()
        return getattr(row, self.column)

    def pairs(self) -> Iterable[tuple[str, str]]:
        return [(start, end) for start in self.statuses for end in self.statuses if start != end]

    def path(self, to: str) -> list[str]:
        """The shortest way from the first status, along the drawn arrows."""
        ways, ahead = {self.first: []}, [self.first]
        while to not in ways:
            here = ahead.pop(0)
            for end in sorted(self.model.TRANSITIONS[here] - ways.keys()):
                ways[end] = [*ways[here], end]
                ahead.append(end)
        return ways[to]

    def walked_to(self, status: str) -> models.Model:
        row = self.start()
        for step in self.path(status):
            ask(*update(row, **{self.column: step}, **self.beside(row, step)))
            self.after(row, step)
            settle()
            row.refresh_from_db()
        assert self.status(row) == status
        return row


# --- claims and their reviews: a claim's status says what its reviews are --------------------------------------------


def beside_claim(row: Claim, to: str) -> dict:
    if row.pk is None or to not in row.TRANSITIONS[row.status]:
        return {}
    bob = factories.person("Bob")
    if to == "in_review":
        ClaimReview.objects.create(claim=row, statement=row.statement, writer=bob, written_by=[bob.pk])
    elif to == "reviewed":
        finish(row.reviews.get(status="draft"), bob)
    elif to == "superseded":
        factories.lineage(row).save()
    elif row.status == "superseded":
        row.successions.update(undone_at=Now())
    else:
        row.reviews.filter(status="draft").update(status="abandoned")
        for review in row.reviews.filter(status="published"):
            factories.retraction(review, bob)
            ask(*update(review, status="retracted"))
    return {}


def finish(review: ClaimReview, writer: User) -> None:
    """From an empty draft to the public page."""
    factories.evidence(review, writer)
    approver = factories.person("Carol")
    said = {
        "verdict": "unverifiable",
        "rationale": "Nobody knows.",
        "as_of": date(2026, 11, 24),
        **factories.changed(review),
    }
    for fields in (said, {"status": "submitted"}, {"status": "approved", "approver": approver}):
        ask(*update(review, **fields))
    review.claim.reviews.filter(status="published").update(status="superseded")
    factories.publication(review, approver).save()
    ask(*update(review, status="published"))


def fresh_review() -> ClaimReview:
    writer = factories.person("Alice")
    return ClaimReview(
        claim=factories.claim(),
        statement="The bridge cost 12 million euros.",
        verdict="verified",
        rating=5,
        rationale="The minutes give the sum.",
        as_of=date(2026, 11, 24),
        writer=writer,
        written_by=[writer.pk],
    )


def beside_review(row: ClaimReview, to: str) -> dict:
    claim, signing = Claim.objects.filter(pk=row.claim_id), to in SIGNED and row.approver_id is None
    carol = factories.person("Carol") if to in SIGNED else None
    if row.pk is None:
        if to in ClaimReview.OPEN:
            claim.update(status="in_review")
    elif to in row.TRANSITIONS[row.status]:
        match to:
            case "abandoned":
                claim.update(status="detected")
            case "published":
                factories.publication(row, carol).save()
                claim.update(status="reviewed")
            case "retracted":
                factories.retraction(row, carol)
                claim.update(status="detected")
            case "superseded":  # its successor stands ready
                factories.reviewed_until("approved", carol, factories.person("Dan"), of=row.claim)
    if to in SIGNED:
        return {"approver": carol} if signing else {}
    return {"approver": None}


def after_review(row: ClaimReview, to: str) -> None:
    if to == "superseded":
        factories.walk(row.claim.reviews.get(status="approved"), "published", factories.person("Carol"))


# --- the others ------------------------------------------------------------------------------------------------------


def fresh_anchor() -> Anchor:
    claim = factories.claim()
    return Anchor(claim=claim, article_version=claim.article.current, start=0, end=9, exact=factories.TEXT[:9])


def beside_anchor(row: Anchor, to: str) -> dict:
    return {"start": 0, "end": 9} if to == "exact" else {"start": None, "end": None}


def fresh_suggestion() -> Suggestion:
    return Suggestion(
        claim=factories.claim(),
        passage=factories.source().passages.get(),
        provider="library",
        rank=1,
        score=0.5,
        model_version="test",
    )


def beside_suggestion(row: Suggestion, to: str) -> dict:
    return {"decided_by": None if to == "pending" else factories.person("Bob")}


def fresh_pair() -> ClaimPair:
    return ClaimPair(one=factories.claim(), other=factories.claim(), score=0.9, reasons=["x"], model_version="test")


def beside_pair(row: ClaimPair, to: str) -> dict:
    return {"decided_by": None if to == "proposed" else factories.person("Bob")}


def fresh_comment() -> Comment:
    return Comment(claim=factories.claim(), author=factories.person("Bob"), text="Which minutes?")


def beside_comment(row: Comment, to: str) -> dict:
    resolved = to == "resolved"
    return {
        "text": "" if to == "withdrawn" else "Which minutes?",
        "resolved_by": factories.person("Carol") if resolved else None,
        "resolved_at": timezone.now() if resolved else None,
    }


def beside_request(row: ReaderRequest, to: str) -> dict:
    answered = to == "answered"
    return {
        "outcome": "no_change" if answered else "",
        "answer": "It cost 12." if answered else "",
        "answered_by": factories.person("Carol") if answered else None,
        "answered_at": timezone.now() if answered else None,
    }


def fresh_job() -> Job:
    return Job(kind="split", target=next(factories.number), queue="read")


def beside_job(row: Job, to: str) -> dict:
    taken = row.pk is not None and (row.state, to) == ("queued", "running")
    return {
        "attempts": row.attempts + taken,
        "lease_until": timezone.now() if to == "running" else None,
        "finished_at": timezone.now() if to == "done" else None,
    }


def saved(fresh: Callable[[], models.Model]) -> Callable[[], models.Model]:
    def start() -> models.Model:
        row = fresh()
        row.save()
        return row

    return start


MACHINES = {
    "claim": Machine(
        Claim,
        "claim_arrows",
        "claims_are_born_detected",
        "claims_stay",
        fresh=lambda: Claim(article=factories.article(), kind="event", statement="It is so.", model_version="test"),
        beside=beside_claim,
        start=factories.claim,
    ),
    "anchor": Machine(
        Anchor,
        "anchor_arrows",
        "anchors_are_born_exact",
        "anchors_stay",
        fresh=fresh_anchor,
        beside=beside_anchor,
        start=saved(fresh_anchor),
    ),
    "suggestion": Machine(
        Suggestion,
        "suggestion_arrows",
        "suggestions_are_born_pending",
        "suggestions_stay",
        fresh=fresh_suggestion,
        beside=beside_suggestion,
        start=saved(fresh_suggestion),
    ),
    "pair": Machine(
        ClaimPair,
        "pair_arrows",
        "pairs_are_born_proposed",
        "pairs_stay",
        fresh=fresh_pair,
        beside=beside_pair,
        start=saved(fresh_pair),
    ),
    "comment": Machine(
        Comment,
        "comment_arrows",
        "comments_are_born_open",
        "comments_stay",
        fresh=fresh_comment,
        beside=beside_comment,
        start=saved(fresh_comment),
    ),
    "request": Machine(
        ReaderRequest,
        "reader_request_arrows",
        "reader_requests_are_born_open",
        "reader_requests_stay",
        fresh=lambda: ReaderRequest(text="It cost 13 million."),
        beside=beside_request,
        start=factories.reader_request,
    ),
    "review": Machine(
        ClaimReview,
        "review_arrows",
        "reviews_are_born_drafts",
        "reviews_stay",
        fresh=fresh_review,
        beside=beside_review,
        start=lambda: factories.complete(factories.person("Alice")),
        after=after_review,
    ),
    "job": Machine(
        Job,
        "job_arrows",
        "jobs_are_born_queued",
        "jobs_stay",
        fresh=fresh_job,
        beside=beside_job,
        start=saved(fresh_job),
        column="state",
    ),
}
