"""Reading a review's words for names and doubts: a machine step, which begins when they change. Publishing does not
wait for it: what no worker has read by then is read in the act (gate.require_open), unless a worker failed at it or it
is long.
"""

from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone

from factcheck.models import ClaimReview, Job, MachineReading, User
from factcheck.text import doubts, english
from factcheck.workflow import jobs
from factcheck.workflow.material import Material

LATE = timedelta(minutes=1)
"""A reading that has been due for so long has no worker, as far as a person can tell."""
IN_THE_ACT = 3 * doubts.LONGEST
"""Code points that are read while somebody waits for their publication: some five seconds on a busy machine."""


def ensure(review: ClaimReview, *, by: User | None) -> None:
    """Have it read, unless that waits already; a step that died is tried again, by who wrote now. In the caller's
    transaction, behind the lock of the article's row.
    """
    waiting = Job.objects.filter(kind=Job.Kind.DOUBT, target=review.pk, state__in=jobs.LIVE).first()
    if waiting is None:
        jobs.enqueue(Job.Kind.DOUBT, review.pk, queue="interactive", article=review.claim.article)
    elif waiting.state == Job.State.DEAD:
        jobs.revive(waiting, by=by, seen_attempts=waiting.attempts)


def step(review: ClaimReview) -> Job | None:
    """The newest one that reads this review."""
    return Job.objects.filter(kind=Job.Kind.DOUBT, target=review.pk).order_by("-pk").first()


def failed(job: Job | None) -> bool:
    """Whether its last attempt did."""
    return job is not None and job.state != Job.State.DONE and bool(job.last_error)


def is_underway(job: Job | None) -> bool:
    """Whether a worker is at it for the first time, or should be within moments."""
    if job is None or failed(job):
        return False
    return job.state == Job.State.RUNNING or (job.state == Job.State.QUEUED and job.due_at > timezone.now() - LATE)


def waits_for_worker(material: Material, job: Job | None) -> bool:
    """Whether it is not for a web process: where a worker broke so would that, and long texts hold up everybody."""
    return failed(job) or sum(min(len(text), doubts.LONGEST) for text in material.texts) > IN_THE_ACT


def read(material: Material) -> MachineReading:
    """Read now, and keep nothing."""
    found = doubts.read(material.review.statement, material.texts, material.foreign)
    return MachineReading(
        review=material.review, sha256=material.sha256, model_version=english.version(), **asdict(found)
    )


def find(job: Job) -> MachineReading | None:
    """None when these words were read before: a draft is touched more often than its words change."""
    material = Material(ClaimReview.objects.select_related("claim").get(pk=job.target))
    return None if material.reading else read(material)


def store(job: Job, found: MachineReading | None) -> None:
    """Keep it; and have it read again where the words were changed in the meantime."""
    if found is not None:
        found.save()
    review = ClaimReview.objects.select_related("claim__article").get(pk=job.target)
    if review.status in ClaimReview.OPEN and Material(review).reading is None:
        ensure(review, by=None)
