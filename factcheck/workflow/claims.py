"""Splitting a text into claims: a machine step. What it finds is detected, and nothing more."""

import json
from datetime import date
from uuid import uuid4

from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import Conflict, InvalidTransition
from factcheck.models import Anchor, Article, ArticleVersion, AuditEntry, Claim, Job, User
from factcheck.permissions import require
from factcheck.retrieval import embedding
from factcheck.text import anchors, claims
from factcheck.workflow import jobs
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import words

Found = list[tuple[Claim, Anchor]]
"""What one text gave: claims as they will be stored, each with its anchor, in the order of the text."""


def split(job: Job) -> Found:
    """Read the text and embed its claims' statements, in one batch."""
    version = ArticleVersion.objects.get(pk=job.target)
    encoder = claims.Encoder(embedding.MODEL, embedding.encode)
    candidates = claims.find(version.text, encoder, version.language, written_on(version))
    rows: Found = []
    for candidate in candidates:
        quote = anchors.described(version.text, candidate.start, candidate.end)
        claim = Claim(
            article_id=version.article_id,
            kind=candidate.kind,
            speaker=candidate.speaker,
            cue=candidate.cue,
            quoted=candidate.quoted,
            checkworthiness=candidate.checkworthiness,
            reasons=list(candidate.reasons),
            not_checkable=candidate.not_checkable[:500],
            statement=candidate.statement,
            embedding=candidate.vector,
            model_version=f"{claims.MODEL_VERSION} {embedding.MODEL}",
        )
        anchor = Anchor(
            claim=claim,
            article_version=version,
            start=candidate.start,
            end=candidate.end,
            exact=quote.exact,
            prefix=quote.prefix,
            suffix=quote.suffix,
            speaker_span=candidate.speaker_at,
            cue_span=candidate.cue_at,
        )
        rows.append((claim, anchor))
    return rows


def written_on(version: ArticleVersion) -> date | None:
    """The day by which "on Tuesday" is read. None when it is only guessed: a wrong date is worse than none."""
    if version.published_at is None or version.published_is_guessed:
        return None
    return version.published_at.date()


def store(job: Job, found: Found) -> None:
    """Keep the claims, and queue the search for sources. A text that was split already keeps what it has, and one that
    a newer text has taken over from gets no claims: they would have no place in that one, which is split by itself.
    Words that are a claim already, found again in a changed page or marked by a person, are not claimed once more.
    """
    article = Article.objects.get(versions=job.target)
    if Job.objects.filter(kind=job.kind, target=job.target, state=Job.State.DONE).exclude(pk=job.pk).exists():
        return
    if article.versions.order_by("-number").values_list("pk", flat=True)[0] != job.target:
        return
    here = Anchor.objects.filter(article_version=job.target, status=Anchor.Status.EXACT)
    claimed = set(here.values_list("start", "end"))
    found = [(claim, anchor) for claim, anchor in found if (anchor.start, anchor.end) not in claimed]
    Claim.objects.bulk_create([claim for claim, _ in found])
    Anchor.objects.bulk_create([anchor for _, anchor in found])
    AuditEntry.record(
        article, "article.split", by=None, act=uuid4(), chain=str(article.uuid), new=f"{len(found)} claims"
    )
    queue = "find" if job.queue == "read" else job.queue
    jobs.ensure(Job.Kind.SUGGEST, job.target, queue=queue, article=article)


def edit_statement(claim: Claim, *, by: User, seen: int, statement: str) -> Claim:
    """Put a detected claim into plainer words and look for sources by them. The article's words stay anchored. What a
    machine held against checking it was of the old words, and goes with them.

    Raises BadInput, NotAllowed, Conflict; InvalidTransition once a review is open: its draft has its own statement.
    """
    require(by, "edit a statement", claim)
    statement = words("statement", statement, needed=True)
    if claim.status != Claim.Status.DETECTED:
        raise InvalidTransition("A claim's statement is edited before its review; a draft has a statement of its own.")
    with change(claim.article_id) as act:
        changed = Claim.objects.filter(pk=claim.pk, version=seen, status=Claim.Status.DETECTED).update(
            statement=statement, not_checkable="", embedding=None, version=F("version") + 1, updated_at=Now()
        )
        if not changed:
            raise Conflict(f"Claim {claim.pk} was changed by somebody else in the meantime. Nothing was saved.")
        text = json.dumps([claim.statement, statement], ensure_ascii=False)
        chain = chain_of(claim.article_id)
        AuditEntry.record(claim, "claim.statement", by=by, act=act, chain=chain, text=text)
        version = claim.article.current
        jobs.ensure(Job.Kind.SUGGEST, version.pk, queue="interactive", article=claim.article)
    claim.refresh_from_db()
    return claim
