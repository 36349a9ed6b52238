"""Finding sources for an article's claims: a machine step. It proposes; it never decides."""

from factcheck.models import Claim, Job, Passage, Suggestion
from factcheck.retrieval import embedding
from factcheck.retrieval.providers import library
from factcheck.retrieval.ranking import Candidate
from factcheck.text.statements import searched
from factcheck.workflow import jobs


def find(job: Job) -> dict[int, list[Candidate]]:
    """For each claim of the text: passages of the library, best first."""
    claims = list(Claim.objects.filter(anchors__article_version=job.target).select_related("article").order_by("pk"))
    changed = [claim for claim in claims if claim.embedding is None]  # a person edited their statements
    for claim, vector in zip(changed, embedding.encode([searched(claim.statement) for claim in changed]), strict=True):
        Claim.objects.filter(pk=claim.pk, statement=claim.statement).update(embedding=vector)
    return library.search(claims)


def store(job: Job, found: dict[int, list[Candidate]]) -> None:
    """Keep what was found. A source that a claim has already keeps its row, and what a person made of it."""
    passages = {candidate.passage for candidates in found.values() for candidate in candidates}
    source_of = dict(Passage.objects.filter(pk__in=passages).values_list("pk", "source_id"))
    known = set(Suggestion.objects.filter(claim__in=found).values_list("claim_id", "passage__source_id"))
    Suggestion.objects.bulk_create(
        (
            Suggestion(
                claim_id=claim,
                passage_id=candidate.passage,
                provider=library.NAME,
                rank=rank,
                score=candidate.score,
                features=candidate.features,
                model_version=library.MODEL_VERSION,
            )
            for claim, candidates in found.items()
            for rank, candidate in enumerate(candidates, start=1)
            if (claim, source_of[candidate.passage]) not in known
        ),
        ignore_conflicts=True,
    )
    jobs.ensure(Job.Kind.PAIR, job.target, queue=job.queue, article=job.article)  # every claim has its vector now
    if Claim.objects.filter(anchors__article_version=job.target, embedding=None).exists():
        # A person edited a statement while this search was under way: it is looked for by its new words too.
        jobs.ensure(Job.Kind.SUGGEST, job.target, queue=job.queue, article=job.article)
