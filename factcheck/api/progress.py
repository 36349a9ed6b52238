"""How far the machine has come, read from its jobs. Under way, failed and done are three things; done with nothing
found is a fourth, and said by the count beside it.
"""

from collections import defaultdict
from collections.abc import Iterable

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from factcheck.models import Claim, Import, Job, Source
from factcheck.workflow import searches

State = Job.State
STATES = ("none", "pending", "failed", "done")


class FailedStepSerializer(serializers.Serializer):
    job = serializers.IntegerField(help_text="POST jobs/{id}/replay/ gives it as many attempts again.")
    kind = serializers.ChoiceField(choices=Job.Kind.choices)
    attempts = serializers.IntegerField()
    reason = serializers.CharField()


class ProgressSerializer(serializers.Serializer):
    state = serializers.ChoiceField(
        choices=STATES, help_text="pending: a step waits or runs; failed: one is dead; none: nothing was asked for."
    )
    queued = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    dead = serializers.IntegerField()
    failed = FailedStepSerializer(many=True)


class SearchSerializer(serializers.Serializer):
    state = serializers.ChoiceField(
        choices=STATES,
        help_text="pending: the search waits or runs; failed: it is dead, see reason; done: it ended, and found is"
        " what there is, also 0; none: nobody has searched.",
    )
    found = serializers.IntegerField(
        allow_null=True,
        help_text="Suggestions from the library so far. 0 means nothing was found only when done. Null for partners.",
    )
    reason = serializers.CharField(allow_blank=True, help_text="Why it failed.")
    job = serializers.IntegerField(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    found = serializers.IntegerField(help_text="Pages; 0: it found nothing.")
    sent_at = serializers.DateTimeField(help_text="When what it answered was sent.")


class OutsideSerializer(serializers.Serializer):
    provider = serializers.CharField()
    state = serializers.ChoiceField(
        choices=searches.STATES,
        help_text="pending: it waits or is asked; failed: no answer came, see reason; empty: it found nothing; found:"
        " see found; stays: it is not asked, for the article stays in the house; none: it was not asked yet.",
    )
    found = serializers.IntegerField(help_text="Pages; 0 means that nothing was found only when empty.")
    reason = serializers.CharField(allow_blank=True, help_text="Why it failed, or failed so far.")
    job = serializers.IntegerField(allow_null=True)
    words = serializers.CharField(allow_blank=True, help_text="As they were sent; empty when nothing was.")
    sent_to = serializers.CharField(allow_blank=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    last_answer = AnswerSerializer(
        allow_null=True, help_text="The newest, also while it is asked again, or when that failed."
    )


@extend_schema_serializer(component_name="Reading")
class ReadingSerializer(serializers.Serializer):
    state = serializers.ChoiceField(
        choices=STATES, help_text="Whether the text has been split: without done, no claims are no answer yet."
    )
    reason = serializers.CharField(allow_blank=True)
    job = serializers.IntegerField(allow_null=True)


class SourceProgressSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=STATES, help_text="failed: see reason, and POST jobs/{job}/replay/.")
    reason = serializers.CharField(allow_blank=True)
    job = serializers.IntegerField(allow_null=True)


def of_articles(articles: Iterable[int]) -> dict[int, dict]:
    """article id -> progress over all its jobs but those that its claims tell of. One query."""
    jobs = defaultdict(list)
    for job in Job.objects.filter(article__in=list(articles)).exclude(kind__in=Job.BESIDE).order_by("pk"):
        jobs[job.article_id].append(job)
    return defaultdict(lambda: _progress([]), {article: _progress(some) for article, some in jobs.items()})


def _progress(jobs: list[Job]) -> dict:
    counts = {state: sum(job.state == state for job in jobs) for state in State.values}
    failed = [
        {"job": job.pk, "kind": job.kind, "attempts": job.attempts, "reason": job.last_error}
        for job in jobs
        if job.state == State.DEAD
    ]
    return {"state": _state(jobs), **counts, "failed": failed}


def _state(jobs: list[Job]) -> str:
    states = {job.state for job in jobs}
    if states & {State.QUEUED, State.RUNNING}:
        return "pending"
    if State.DEAD in states:
        return "failed"
    return "done" if states else "none"


def of_searches(claims: list[Claim], found: dict[int, int]) -> dict[int, dict]:
    """claim id -> its search for sources. claims: of api/claims.rows(); found: suggestions per claim.

    A text is searched for as a whole: the newest job of the claim's newest text answers for the claim. One query.
    """
    texts = {claim.pk: max((anchor.article_version_id for anchor in claim.places), default=0) for claim in claims}
    newest = {job.target: job for job in _jobs(Job.Kind.SUGGEST, texts.values())}
    return {claim: {"found": found.get(claim, 0), **_one(newest.get(text))} for claim, text in texts.items()}


def of_outside(claims: list[Claim]) -> dict[int, list[dict]]:
    """claim id -> each service outside, and how far it has come. Three queries."""
    states = searches.states(claims)
    return {claim: [_outside(state) for state in some] for claim, some in states.items()}


def _outside(state: searches.State) -> dict:
    sent = state.search if state.search and state.search.sendings else None
    return {
        "provider": state.provider,
        "state": state.state,
        "found": state.search.found if state.search else 0,
        "reason": state.reason,
        "job": state.job.pk if state.job else None,
        "words": sent.words if sent else "",
        "sent_to": sent.sent_to if sent else "",
        "sent_at": sent.sent_at if sent else None,
        "last_answer": state.answer and {"found": state.answer.found, "sent_at": state.answer.sent_at},
    }


def of_reading(article: int, text: int | None) -> dict:
    """Whether this text has been split into claims; without a text, how far its page is fetched."""
    jobs = _jobs(Job.Kind.FETCH, [article]) if text is None else _jobs(Job.Kind.SPLIT, [text])
    return _one(jobs.last())


def of_sources(sources: Iterable[Source]) -> dict[int, dict]:
    """source id -> its fetching while it is unread, else its being made searchable. One query."""
    kinds = {source.pk: Job.Kind.READ if source.seen in Source.NOT_READ else Job.Kind.INDEX for source in sources}
    jobs = Job.objects.filter(kind__in=(Job.Kind.READ, Job.Kind.INDEX), target__in=kinds).order_by("pk")
    newest = {job.target: job for job in jobs if job.kind == kinds[job.target]}
    return {key: _one(newest.get(key)) for key in kinds}


def of_imports(some: Iterable[Import]) -> dict[int, dict]:
    """import id -> how far it is. One query."""
    keys = [made.pk for made in some]
    newest = {job.target: job for job in _jobs(Job.Kind.IMPORT, keys)}
    return {key: _one(newest.get(key)) for key in keys}


def _jobs(kind: str, targets: Iterable[int]):
    return Job.objects.filter(kind=kind, target__in=list(targets)).order_by("pk")


def _one(job: Job | None) -> dict:
    if job is None:
        return {"state": "none", "reason": "", "job": None}
    state = _state([job])
    return {"state": state, "reason": job.last_error if state == "failed" else "", "job": job.pk}
