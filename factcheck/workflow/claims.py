"""Splitting a text into claims: a machine step. What it finds is detected, and nothing more."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from factcheck.models import Anchor, Article, ArticleVersion, AuditEntry, Claim, Job
from factcheck.retrieval import embedding
from factcheck.text import anchors, claims
from factcheck.workflow import jobs


@dataclass(frozen=True)
class Found:
    """What one text gave: claims as they will be stored, each with its anchor, in the order of the text."""

    rows: list[tuple[Claim, Anchor]]


def split(job: Job) -> Found:
    """Read the text and embed its claims' statements, in one batch."""
    version = ArticleVersion.objects.get(pk=job.target)
    candidates = claims.find(version.text, version.language)
    vectors = embedding.encode([candidate.statement for candidate in candidates])
    rows = []
    for candidate, vector in zip(candidates, vectors, strict=True):
        quote = anchors.described(version.text, candidate.start, candidate.end)
        claim = Claim(
            article_id=version.article_id,
            kind=candidate.kind,
            speaker=candidate.speaker,
            cue=candidate.cue,
            quoted=candidate.quoted,
            checkworthiness=candidate.checkworthiness,
            reasons=list(candidate.reasons),
            statement=candidate.statement,
            embedding=vector,
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
        )
        rows.append((claim, anchor))
    return Found(rows)


def store(job: Job, found: Any) -> None:
    """Keep the claims, and queue the search for sources. A person's own reader waits for the whole path."""
    Claim.objects.bulk_create([claim for claim, _ in found.rows])
    Anchor.objects.bulk_create([anchor for _, anchor in found.rows])
    article = Article.objects.get(versions=job.target)
    AuditEntry.record(
        article,
        "article.split",
        by=None,
        act=uuid4(),
        chain=str(article.uuid),
        new=f"{len(found.rows)} claims",
    )
    jobs.enqueue(Job.Kind.SUGGEST, job.target, queue="find" if job.queue == "read" else job.queue, article=article)
