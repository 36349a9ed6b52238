"""Whether the addresses that a fact-check prints can be reached: a machine step looks at them, while nobody waits.
What the site says is kept; an error is "not known".
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from factcheck.exceptions import FetchError, InvalidTransition
from factcheck.fetching import fetch
from factcheck.models import ClaimReview, Evidence, Job, LinkCheck, Snapshot, User
from factcheck.permissions import require
from factcheck.text import markdown
from factcheck.workflow import fetches, jobs
from factcheck.workflow.transitions import change, still

REACHED_WITHIN = timedelta(days=30)
"""For so long an address that was reached counts as alive."""
Outcome = LinkCheck.Outcome


MOST, LONGEST = 100, 2_000


def printed(review: ClaimReview, evidence: Iterable[Evidence]) -> list[str]:
    """The addresses that the fact-check prints, each once: of its documents, of the claim and who made it, and in
    its rationale. MOST of them, of at most LONGEST characters; further ones are not looked at.
    """
    urls = [piece.snapshot.source.url for piece in evidence if piece.snapshot]
    of_the_claim = (review.claim.article.url, review.first_appearance, review.speaker_same_as)
    every = dict.fromkeys(filter(None, [*urls, *of_the_claim, *markdown.links(review.rationale)]))
    return [url for url in every if len(url) <= LONGEST][:MOST]


def last_looks(urls: list[str]) -> tuple[dict[str, tuple[datetime, LinkCheck]], set[str]]:
    """url -> the newest look at it that came to something, with its time; the fetched page of a source is one too. And
    the addresses of which the desk has an archived text.
    """
    found: dict[str, tuple[datetime, LinkCheck]] = {}
    archived: set[str] = set()
    kept = Snapshot.objects.filter(source__url__in=urls).order_by("pk")
    for url, at, origin in kept.values_list("source__url", "taken_at", "origin"):
        archived.add(url)
        if origin == Snapshot.Origin.FETCHED:
            found[url] = at, LinkCheck(url=url, outcome=Outcome.REACHED)
    looks = LinkCheck.objects.filter(url__in=urls, outcome__in=(Outcome.REACHED, Outcome.GONE)).order_by("pk")
    for look in looks:
        if look.checked_at and (look.url not in found or found[look.url][0] < look.checked_at):
            found[look.url] = look.checked_at, look
    return found, archived


def is_alive(look: tuple[datetime, LinkCheck] | None) -> bool:
    since = timezone.now() - REACHED_WITHIN
    return look is not None and look[1].outcome == Outcome.REACHED and look[0] >= since


def ensure(review: ClaimReview) -> int:
    """Queue a look at each printed address that was not reached lately and is not being looked at; returns how many. In
    the caller's transaction. None while the article is confidential: its sites would see that somebody asks.
    """
    article = review.claim.article
    if article.confidential:
        return 0
    urls = printed(review, review.evidence.select_related("snapshot__source").defer("snapshot__text").order_by("pk"))
    looks, _archived = last_looks(urls)
    waiting = set(_waiting().filter(url__in=urls).values_list("url", flat=True))
    due = [url for url in urls if url not in waiting and not is_alive(looks.get(url))]
    for url in due:
        look = LinkCheck.objects.create(url=url, article=article)
        jobs.enqueue(Job.Kind.LINK, look.pk, queue="fetch", article=article)
    return len(due)


def _waiting() -> QuerySet[LinkCheck]:
    alive = Job.objects.filter(kind=Job.Kind.LINK, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    return LinkCheck.objects.filter(checked_at__isnull=True, pk__in=alive.values("target"))


def look_again(review: ClaimReview, *, by: User, seen: int) -> None:
    """A person has the addresses looked at. Raises NotAllowed, Conflict, and InvalidTransition when there is nothing to
    do.
    """
    require(by, "work on a claim", review)
    with change(review.article_key):
        still(review, seen)
        if not ensure(review):
            raise InvalidTransition("Every address was reached lately, is being looked at, or is not to be asked.")


def get(job: Job) -> tuple[str, str]:
    """Ask the address: (outcome, what was said). Its failures are what it finds, and no failure of the step."""
    url = LinkCheck.objects.get(pk=job.target).url
    try:
        fetch(url, accept=fetches.READ)
    except FetchError as error:
        if error.status in (404, 410):
            return Outcome.GONE, str(error)
        there = error.reason in ("content_type", "too_large")  # something came, and not what the desk reads
        return (Outcome.REACHED if there else Outcome.UNKNOWN), str(error)
    return Outcome.REACHED, ""


def store(job: Job, found: tuple[str, str]) -> None:
    outcome, said = found
    LinkCheck.objects.filter(pk=job.target).update(outcome=outcome, said=said, checked_at=Now())
