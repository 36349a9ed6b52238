"""Asking services outside about an article's claims: each call is a job of its own.

    enqueue ──► wait (workflow/turns.py) ──► send: recorded, then sent ──► store: suggestions on pages nobody has read
    ask_again: a person wants it asked once more, from the beginning

Whether anything of the article may leave is asked when a search is queued and again under the article's lock when its
sending is recorded; the guard `searches_stay_in_the_house` holds both. A search that fails is a failed job, one that
found nothing has an outcome that says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from factcheck.exceptions import BadInput, Conflict, FetchError, InvalidTransition
from factcheck.models import Article, AuditEntry, Claim, Job, Passage, Search, Source, Suggestion, Turns, User
from factcheck.permissions import require
from factcheck.retrieval import own
from factcheck.retrieval.features import names
from factcheck.retrieval.providers import outside
from factcheck.retrieval.providers.found import Found
from factcheck.text.statements import unmarked
from factcheck.workflow import jobs, turns
from factcheck.workflow.sources import find_or_add, one_at_a_time
from factcheck.workflow.transitions import chain_of, change

FIRST = 0.35
"""Score of the first page that a service names; the n-th has an n-th of it. A service gives an order and no measure, so
all of them stand behind what the library shows, and among themselves in their order."""
UNASKED = (Search.Outcome.STAYS, Search.Outcome.DROPPED)
ANSWERED = (Search.Outcome.FOUND, Search.Outcome.EMPTY)
OPEN = (Claim.Status.DETECTED, Claim.Status.IN_REVIEW, Claim.Status.REVIEWED)


# --- before it is sent -----------------------------------------------------------------------------------------------


def enqueue(claims: Iterable[Claim], article: Article, *, queue: str) -> None:
    """One search and job for each of these claims of the article that can be checked, and each service. In the caller's
    transaction, behind the lock of the article's row. What was asked already, in the same words, is not asked again;
    only a person has that done.
    """
    services = outside.configured()
    if not services or not _may_leave(article):
        return
    language = _language(article)
    checkable = [claim for claim in claims if claim.status in OPEN and claim.checkworthiness != 0]
    asked = Search.objects.filter(claim__in=checkable).exclude(outcome__in=UNASKED)
    known = set(asked.values_list("claim", "provider", "words"))
    new = []
    for claim in checkable:
        for name, service in services.items():
            words = service.query(unmarked(claim.statement), language)
            if words and (claim.pk, name, words) not in known:
                new.append(Search(claim=claim, provider=name, words=words))
    made = Search.objects.bulk_create(new)
    jobs.enqueue_all(Job.Kind.SEARCH, [search.pk for search in made], queue=queue, article=article)


def ask_again(claim: Claim, provider: str, *, by: User, seen: int) -> Search:
    """A person wants a service asked once more, or at all, by the claim's words of now: what it found was found then.

    seen: the claim's version, so that nobody sends words they have not read. Raises NotAllowed, Conflict, BadInput for
    a service that is switched off or words that nothing can be found by, InvalidTransition for a claim that nobody
    checks any more, and Refused when the article stays in the house or the service has not answered yet.
    """
    require(by, "decide a suggestion", claim)
    service = outside.configured().get(provider)
    if service is None:
        raise BadInput("This service is not switched on.")
    with change(claim.article_id) as act:
        claim = Claim.objects.select_related("article").defer("embedding").get(pk=claim.pk)
        if claim.version != seen:
            raise Conflict("Somebody else changed this claim in the meantime. Nothing was sent.")
        if claim.status not in OPEN:
            raise InvalidTransition(f"Claim {claim.pk} is {claim.status}; no service is asked about it.")
        words = service.query(unmarked(claim.statement), _language(claim.article))
        if not words:
            raise BadInput("There are no words in this statement that the service could search for.")
        search = Search.objects.create(claim=claim, provider=provider, words=words)  # both refusals are the database's
        chain = chain_of(claim.article_id)
        AuditEntry.record(search, "search.asked", by=by, act=act, chain=chain, new=service.NAME, text=words)
        jobs.enqueue(Job.Kind.SEARCH, search.pk, queue="fetch", article=claim.article)
        return search


def _may_leave(article: Article) -> bool:
    """Under the state of this row: read it behind its lock."""
    return article.outside_search == Article.OutsideSearch.ALLOWED and not article.confidential


def _language(article: Article) -> str:
    """Of its newest text, without loading that."""
    return article.versions.order_by("-number").values_list("language", flat=True)[0]


def wait(job: Job) -> timedelta | None:
    provider = Search.objects.values_list("provider", flat=True).get(pk=job.target)
    return turns.wait(provider, bulk=job.queue == "bulk")


# --- sending ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """How the search ended, and what came."""

    outcome: Search.Outcome
    found: list[Found]


def send(job: Job) -> Answer:
    """Record that the words are sent, and send them. Raises FetchError, LeaseLost."""
    search = Search.objects.select_related("claim__article").get(pk=job.target)
    service = outside.configured().get(search.provider)
    language = _language(search.claim.article)
    with change(search.claim.article_id) as act:
        jobs.still_own(job)
        claim = Claim.objects.select_related("article").defer("embedding").get(pk=search.claim_id)
        if not _may_leave(claim.article):
            return Answer(Search.Outcome.STAYS, [])
        if service is None or claim.status not in OPEN:
            return Answer(Search.Outcome.DROPPED, [])
        if service.query(unmarked(claim.statement), language) != search.words:
            return Answer(Search.Outcome.DROPPED, [])  # its new words are asked by a search of their own
        receiver = service.receiver(language)
        Search.objects.filter(pk=search.pk).update(sendings=F("sendings") + 1, sent_at=Now(), sent_to=receiver)
        chain = chain_of(claim.article_id)
        AuditEntry.record(search, "search.sent", by=None, act=act, chain=chain, new=receiver, text=search.words)
    try:
        found = service.search(search.words, language)
    except FetchError as error:
        turns.failed(search.provider, error)
        raise
    turns.answered(search.provider)
    return Answer(Search.Outcome.FOUND if found else Search.Outcome.EMPTY, found)


# --- what came -------------------------------------------------------------------------------------------------------


def store(job: Job, answer: Answer) -> None:
    """Keep how the search ended, and each page that was found as a suggestion. A page that the library has is suggested
    by the passage of it that has most of the claim's words; another becomes a source that nobody has read.
    """
    search = Search.objects.select_related("claim__article").get(pk=job.target)
    claim, service = search.claim, outside.ALL[search.provider]
    itself = own.articles([claim.article_id])[claim.article_id].addresses
    pages = [found for found in answer.found if own.address(found.url) not in itself]
    outcome = Search.Outcome.EMPTY if answer.found and not pages else answer.outcome
    if pages:
        one_at_a_time()
    act = uuid4()
    passages = [_passage(found, claim, service, act=act) for found in pages]
    if pages:
        AuditEntry.record(
            search,
            "search.found",
            by=None,
            act=act,
            chain=chain_of(claim.article_id),
            new=str(len(pages)),
            text="\n".join(found.url for found in pages),
        )
    Suggestion.objects.bulk_create(
        (
            Suggestion(
                claim=claim,
                passage=passage,
                provider=search.provider,
                rank=rank,
                score=round(FIRST / rank, 4),
                features=features(unmarked(claim.statement), passage, found),
                model_version=service.MODEL_VERSION,
            )
            for rank, (found, passage) in enumerate(zip(pages, passages, strict=True), start=1)
        ),
        ignore_conflicts=True,  # suggested already: it keeps its row, and what a person made of it
    )
    Search.objects.filter(pk=search.pk).update(outcome=outcome, found=len(pages))


def _passage(found: Found, claim: Claim, service: outside.Outside, *, act: UUID) -> Passage:
    """The passage that stands for a page that was found."""
    article, of_library = claim.article, Q(confidential_with=None)
    if article.confidential:
        # What a service says is told by what it was asked: nothing of it is added to what everybody reads.
        has_words = Q(Exists(Passage.objects.filter(source=OuterRef("pk"))))
        of_library = of_library & ~Q(seen__in=Source.NOT_READ) & has_words
    details = {
        "title": found.title,
        "url": found.url,
        "kind": Source.Kind.FACT_CHECK if service.FACT_CHECKS else Source.Kind.SECONDARY,
        "seen": Source.Seen.FOUND,
        # What is found for a confidential article adds nothing to the desk's own list of outlets.
        "publisher": "" if article.confidential else found.publisher,
        "published": found.published,
    }
    source, _is_new = find_or_add(
        details,
        by=None,
        act=act,
        among=of_library | Q(confidential_with=article),
        confidential_with=article if article.confidential else None,
    )
    said = list(Passage.objects.defer("embedding").filter(source=source).order_by("position"))
    if source.seen not in Source.NOT_READ and said:
        asked = _words(claim.statement)
        return max(said, key=lambda passage: len(asked & _words(passage.text)))
    same = next((passage for passage in said if passage.text == found.text), None)
    return same or Passage.objects.create(
        source=source,
        position=len(said) + 1,
        heading=source.title,
        text=found.text,
        wording=Passage.Wording.SUMMARY,
    )


WORD = re.compile(r"[^\W\d_]{4,}")


def _words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


def features(statement: str, passage: Passage, found: Found) -> dict[str, Any]:
    """What a reader can see of why: the words and names that the claim and what the service says have in common. No
    value is compared and nothing is called primary, for nobody has read the page."""
    whole = f"{passage.heading} {passage.text}"
    there = _words(whole)
    words = [word for word in WORD.findall(statement) if word.casefold() in there]
    told = {"rating": found.rating, "claim_reviewed": found.claim_reviewed, "claimant": found.claimant}
    return {
        "names": names(statement, whole),
        "words": list(dict.fromkeys(words)),
        "values": [],
        "sentence": [0, len(passage.text)],
        "echo": False,
        "primary": False,
        "strong": False,
        "age_days": None,
        **{name: text for name, text in told.items() if text},
    }


# --- how far it has come -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """How far one service has come with one claim.

    pending: it waits or is under way; failed: no answer came, and none is tried for any more; empty: it found nothing;
    found: see search.found. These four are never taken for each other. stays: it is not asked, for the article stays in
    the house; none: it was not asked yet. search, job: the newest; None where there is none. answer: the newest search
    that was answered, which an unanswered one may have followed.
    """

    provider: str
    title: str
    state: str
    search: Search | None = None
    job: Job | None = None
    answer: Search | None = None
    away: bool = False
    """Nobody asks the service for now (workflow/turns.py)."""

    @property
    def reason(self) -> str:
        """Why it failed, or why there is no answer so far."""
        if self.job is None or self.state not in ("failed", "pending"):
            return ""
        lately = _("The service has not answered lately, so nobody asks it for a while.") if self.away else ""
        return self.job.last_error or (lately if self.state == "pending" else "")

    @property
    def asked_from(self) -> datetime | None:
        """When it is asked, at the earliest, where it has to wait."""
        waits = self.job is not None and self.state == "pending" and self.job.state == Job.State.QUEUED
        return self.job.due_at if self.job is not None and waits else None


STATES = ("none", "stays", "pending", "failed", "empty", "found")


def states(claims: Iterable[Claim]) -> dict[int, list[State]]:
    """claim id -> one state for each service that is configured, or was asked about the claim; [] where there is none.
    At most four queries, however many claims."""
    claims = list(claims)
    newest: dict[tuple[int, str], Search] = {}
    answers: dict[tuple[int, str], Search] = {}
    for search in Search.objects.filter(claim__in=claims).exclude(outcome=Search.Outcome.DROPPED).order_by("pk"):
        newest[search.claim_id, search.provider] = search
        if search.outcome in ANSWERED:
            answers[search.claim_id, search.provider] = search
    if not newest and not outside.configured():
        return {claim.pk: [] for claim in claims}
    keys = [search.pk for search in newest.values()]
    of_search = {job.target: job for job in Job.objects.filter(kind=Job.Kind.SEARCH, target__in=keys).order_by("pk")}
    shut = Article.objects.filter(pk__in={claim.article_id for claim in claims}).exclude(
        outside_search=Article.OutsideSearch.ALLOWED, confidential=False
    )
    stays = set(shut.values_list("pk", flat=True))
    away = set(Turns.objects.filter(open_until__gt=Now()).values_list("provider", flat=True))
    found = {}
    for claim in claims:
        found[claim.pk] = [
            _state(
                provider,
                newest.get((claim.pk, name)),
                of_search,
                answer=answers.get((claim.pk, name)),
                stays=claim.article_id in stays,
                away=name in away,
            )
            for name, provider in outside.ALL.items()
            if name in outside.configured() or (claim.pk, name) in newest
        ]
    return found


def _state(
    provider: outside.Outside,
    search: Search | None,
    jobs_of: dict[int, Job],
    *,
    answer: Search | None,
    stays: bool,
    away: bool,
) -> State:
    job = jobs_of.get(search.pk) if search else None
    if search is None or search.outcome == Search.Outcome.STAYS:
        state = "stays" if stays else "none"
    elif search.outcome:
        state = str(search.outcome)
    elif job is None or job.state == Job.State.DEAD:
        state = "failed"
    else:
        state = "stays" if stays and not search.sendings else "pending"
    return State(provider.NAME, provider.TITLE, state, search, job, answer, away)
