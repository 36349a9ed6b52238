"""Pages change. Looking at them again, by hand and on schedule, and where their claims stand then.

article ─ look_again() ─► fetch ─► the same text: nothing
                               └► another one: a new version ─ find_again() ─► anchors, exact or orphaned
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from factcheck.exceptions import Conflict, InvalidTransition
from factcheck.models import (
    Anchor,
    Article,
    ArticleVersion,
    AuditEntry,
    Capture,
    Claim,
    ClaimReview,
    Follow,
    Job,
    Notice,
    User,
)
from factcheck.permissions import require
from factcheck.text import anchors
from factcheck.workflow import jobs, notices
from factcheck.workflow.marking import search, span
from factcheck.workflow.transitions import chain_of, change, move

MOST_AT_ONCE = 200
"""Articles that one run of the schedule queues; what is left over is first in the next."""


def look_again(article: Article, *, by: User | None) -> None:
    """Have the article's page fetched once more. by None: an operator at a shell.

    Raises NotAllowed; InvalidTransition when its newest text did not come from a page, when the page is being fetched
    just now, or when fetching it failed and waits to be tried again.
    """
    if by is not None:
        require(by, "look at a page again", article)
    with change(article.pk) as act:
        if not fetched().filter(pk=article.pk).exists():
            raise InvalidTransition("This text was sent in, and not fetched from a page: there is nothing to look at.")
        alive = Job.objects.filter(kind=Job.Kind.FETCH, target=article.pk, state__in=jobs.LIVE).first()
        if alive is not None and alive.state == Job.State.DEAD:
            raise InvalidTransition("Fetching the page failed. Try that again instead.")
        if alive is not None:
            raise InvalidTransition("The page is being fetched already.")
        AuditEntry.record(article, "article.looked_at", by=by, act=act, chain=chain_of(article.pk))
        jobs.enqueue(Job.Kind.FETCH, article.pk, queue="fetch", article=article)


def fetched() -> QuerySet[Article]:
    """Articles whose newest text was read from a page."""
    later = ArticleVersion.objects.filter(article=OuterRef("article"), number__gt=OuterRef("version__number"))
    newest = Capture.objects.filter(~Exists(later), version__isnull=False).exclude(final_url="")
    return Article.objects.filter(pk__in=newest.values("article"))


def due() -> QuerySet[Article]:
    """Articles whose page is to be looked at again.

    Those with an open review, settings.LOOK_AGAIN_OPEN hours after the last look; with a published one,
    LOOK_AGAIN_PUBLISHED. Not confidential ones: whoever runs the site would see that somebody keeps asking. Not those
    whose last look failed for good: that waits for a person.
    """
    looks = Job.objects.filter(kind=Job.Kind.FETCH, target=OuterRef("pk"))

    def waited(statuses: tuple[str, ...], hours: int) -> QuerySet[Article]:
        reviews = ClaimReview.objects.filter(claim__article=OuterRef("pk"), status__in=statuses)
        lately = looks.filter(finished_at__gt=Now() - timedelta(hours=hours))
        return Article.objects.filter(Exists(reviews), ~Exists(lately))

    published = (ClaimReview.Status.PUBLISHED,)
    keys = waited(ClaimReview.OPEN, settings.LOOK_AGAIN_OPEN).values("pk")
    keys |= waited(published, settings.LOOK_AGAIN_PUBLISHED).values("pk")
    waiting = fetched().filter(pk__in=keys, confidential=False).exclude(Exists(looks.filter(state__in=jobs.LIVE)))
    return waiting.order_by("pk")


def look_again_where_due() -> int:
    """Queue a look at each page that is due, at most MOST_AT_ONCE. Returns how many. Harmless twice: what is under way
    is not due.
    """
    keys = list(due().values_list("pk", flat=True)[:MOST_AT_ONCE])
    for key in keys:
        with change(key):
            article = due().filter(pk=key).first()  # asked again behind the lock: another run may have been faster
            if article is not None:
                jobs.enqueue(Job.Kind.FETCH, key, queue="bulk", article=article)
    return len(keys)


def find_again(before: ArticleVersion, after: ArticleVersion, *, act: UUID) -> None:
    """Give each claim of the text before its anchor in the one after: exact where its words are found again beyond
    doubt (text.anchors.again), else orphaned. In the transaction that keeps the new text.

    Every claim, whatever became of it: one that was dismissed is not to be found anew, and one that was split may be
    put back.
    """
    found = []
    for old in Anchor.objects.filter(article_version=before).order_by("pk"):
        quote = anchors.Quote(old.exact, old.prefix, old.suffix)
        start = anchors.again(after.text, quote) if old.status == Anchor.Status.EXACT else None
        if start is None:
            found.append(_anchor(old.claim_id, after, quote))
        else:
            end = start + len(old.exact)
            new = _anchor(old.claim_id, after, anchors.described(after.text, start, end), start, end)
            new.speaker_span, new.cue_span = _named_again(old, before.text, after.text, start - (old.start or 0))
            found.append(new)
    Anchor.objects.bulk_create(found)
    lost = [anchor.claim_id for anchor in found if anchor.status == Anchor.Status.ORPHANED]
    _tell(after, lost)
    if lost:
        AuditEntry.record(
            after.article,
            "article.orphaned",
            by=None,
            act=act,
            chain=chain_of(after.article_id),
            new=f"{len(lost)} of {len(found)} claims",
            text=f"Claims whose words were not found again: {', '.join(map(str, lost))}.",
        )


def _named_again(old: Anchor, before: str, after: str, moved: int) -> list[tuple[int, int] | None]:
    """Where speaker and cue stand in the text after, in which the claim stands `moved` further on: as far away from it
    as before, when everything from them to it is as it was; else nowhere.
    """
    spans = (old.speaker_span, old.cue_span)
    first = min([old.start or 0, *(span.lower for span in spans if span)])
    last = max([old.end or 0, *(span.upper for span in spans if span)])
    kept = first + moved >= 0 and before[first:last] == after[first + moved : last + moved]
    return [(span.lower + moved, span.upper + moved) if span and kept else None for span in spans]


def _tell(after: ArticleVersion, lost: list[int]) -> None:
    """Who follows a claim that lost its place is told of that; who follows another, or the article, that the page has
    changed.
    """
    followed = Follow.objects.filter(claim__in=lost).exclude(
        claim__status__in=(Claim.Status.DISMISSED, Claim.Status.SUPERSEDED)
    )
    of_lost: dict[Claim, list[int]] = {}
    for follow in followed.select_related("claim__article"):
        if follow.claim is not None:
            of_lost.setdefault(follow.claim, []).append(follow.person_id)
    for claim, people in of_lost.items():
        notices.tell(people, Notice.Kind.ORPHANED, claim, f"text-{after.pk}-claim-{claim.pk}", by=None)
    others = Follow.objects.filter(Q(article=after.article) | Q(claim__article=after.article) & ~Q(claim__in=lost))
    notices.tell(
        others.values_list("person", flat=True), Notice.Kind.PAGE_CHANGED, after.article, f"text-{after.pk}", by=None
    )


def _anchor(
    claim: int, version: ArticleVersion, quote: anchors.Quote, start: int | None = None, end: int | None = None
) -> Anchor:
    return Anchor(
        claim_id=claim,
        article_version=version,
        status=Anchor.Status.ORPHANED if start is None else Anchor.Status.EXACT,
        start=start,
        end=end,
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
    )


def place_again(claim: Claim, *, by: User, seen: int, start: int, end: int, exact: str) -> Claim:
    """Say where a claim stands in the newest text, in which it was not found again: at text[start:end], the words
    `exact`. What it states stays as it is. seen: the claim's version.

    Raises BadInput when the words do not stand there; NotAllowed, Conflict; InvalidTransition when it is not orphaned.
    """
    require(by, "mark claims", claim)
    with change(claim.article_id) as act:
        if not Claim.objects.filter(pk=claim.pk, version=seen).exists():
            raise Conflict(f"Claim {claim.pk} was changed by somebody else in the meantime. Nothing was saved.")
        version = claim.article.current
        anchor = claim.anchors.filter(article_version=version).first()
        if anchor is None or anchor.status != Anchor.Status.ORPHANED:
            raise InvalidTransition(f"Claim {claim.pk} stands in the newest text already.")
        start, end = span(version.text, start, end, exact)
        quote = anchors.described(version.text, start, end)
        words = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
        move(
            anchor,
            Anchor.Status.EXACT,
            by=by,
            seen=anchor.version,
            act=act,
            reason=quote.exact,
            start=start,
            end=end,
            **words,
        )
        Claim.objects.filter(pk=claim.pk).update(version=F("version") + 1, updated_at=Now())
        search(version)
    claim.refresh_from_db()
    return claim
