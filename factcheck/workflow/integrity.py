"""Is what the public reads what two people signed? And the daily look at everything that can be checked."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from factcheck import claimreview
from factcheck.models import AuditCheck, AuditEntry, AuditFinding, ClaimReview, Evidence, Publication
from factcheck.workflow import roots, takedowns
from factcheck.workflow.audit import Trail
from factcheck.workflow.transitions import change

BATCH = 100  # publications with their evidence that are in memory at once
ONE_AT_A_TIME = 0x6C6F6F6B  # the key of an advisory lock, "look"
MOST = 1_000  # findings that one check keeps: by then somebody has to look anyway
PUBLISHED, RETRACTED = "publication.published", "publication.retracted"
TAKEN_DOWN = "publication.taken_down"
SAID = ("statement", "speaker", "verdict", "rating", "rationale", *ClaimReview.ORIGINAL, *ClaimReview.QUOTE)
# Of a piece of evidence: what no later act may change. A source's title and address may be corrected afterwards.
RESTS_ON = (
    "kind",
    "stance",
    "note",
    "exact",
    "language",
    "translation",
    "translator",
    "translated_by_machine",
    "sha256",
    "public_wording",
    "searched_for",
    "searched_where",
    "searched_on",
)

Recorded = dict[str, list[str | None]]  # verb -> what the trail says was published, retracted or taken down under it


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def recorded_of(publications: list[Publication]) -> dict[int, Recorded]:
    """What the trail holds of each publication, by its key. One query."""
    found: dict[int, Recorded] = defaultdict(lambda: defaultdict(list))
    entries = AuditEntry.objects.filter(
        subject="publication",
        subject_id__in=[each.pk for each in publications],
        verb__in=[PUBLISHED, RETRACTED, TAKEN_DOWN],
    )
    for key, verb, new in entries.values_list("subject_id", "verb", "new"):
        found[key][verb].append(new)
    return found


def problems_of_record(publication: Publication, recorded: Recorded) -> Iterator[str]:
    """Whether the row itself is the one that went out, by the row and the trail alone: cheap enough for each view."""
    name = f"Publication {publication.slug} (number {publication.number})"
    if not publication.taken_down_at and sha256_of(publication.frozen) != publication.sha256:
        yield f"{name}: its text was changed after it was published."
    if not recorded.get(PUBLISHED):
        yield f"{name}: the trail does not know that it was published."
    elif recorded[PUBLISHED] != [publication.sha256]:
        yield f"{name} is not the one of which the trail says that it was published."
    reason = [sha256_of(publication.retraction_reason)] if publication.retraction_reason else []
    if recorded.get(RETRACTED, []) != reason:
        yield f"{name}: its retraction is not the one of which the trail speaks."
    if recorded.get(TAKEN_DOWN, []) != _takedown(publication):
        yield f"{name}: its takedown is not the one of which the trail speaks."
    elif publication.taken_down_at and publication.frozen:
        yield f"{name}: it has a text again after it was taken down."


def _takedown(publication: Publication) -> list[str]:
    """What the trail holds of it, if it is as the public reads it."""
    if publication.taken_down_at is None:
        return []
    return [takedowns.said(publication.takedown_reason, publication.takedown_ground)]


def problems_of_publication(publication: Publication, recorded: Recorded | None = None) -> Iterator[str]:
    """A sentence for each thing in which row, trail, review and evidence disagree about a publication.

    What its chain shows is asked by problems_of_chain(). recorded: recorded_of() it, where that is known already.
    """
    if recorded is None:
        recorded = recorded_of([publication])[publication.pk]
    yield from problems_of_record(publication, recorded)
    yield from _problems_of_review(publication)


def _problems_of_review(publication: Publication) -> Iterator[str]:
    """What was published beside the rows that it was made of; only what old publications have is asked of them."""
    name, review = f"Publication {publication.slug} (number {publication.number})", publication.review
    content, url = publication.content, str(publication.jsonld.get("url", ""))
    if url and not url.endswith(f"/{publication.slug}/"):
        yield f"{name}: its address was changed after it was published."
    # "review_again" is printed when there is such a day, and was never set before it was printed.
    shown = {"review_again": None, **content}
    if "replies" in shown:
        shown["replies"] = _without_channel(shown["replies"])
    for field, now in _says(publication).items():
        if field in shown and shown[field] != now:
            yield f"{name}: the {field.replace('_', ' ')} of review {review.pk} was changed after it was published."
    if not isinstance(content.get("evidence"), list):
        return
    pieces = sorted(review.evidence.all(), key=lambda piece: piece.pk)
    if len(pieces) != len(content["evidence"]):
        yield f"{name} shows {len(content['evidence'])} pieces of evidence; review {review.pk} has {len(pieces)} now."
        return
    for piece, printed in zip(pieces, content["evidence"], strict=True):
        if _differs(claimreview.evidence(piece), printed) or _snapshot_differs(piece):
            yield f"{name}: evidence {piece.pk} was changed after it was published."


def _says(publication: Publication) -> dict[str, Any]:
    """What the rows of its review say now, as what was published has it."""
    review = publication.review
    replies = sorted(review.replies.all(), key=lambda reply: reply.pk)
    return {field: getattr(review, field) for field in SAID} | {
        "as_of": review.as_of and review.as_of.isoformat(),
        "review_again": review.review_again and review.review_again.isoformat(),
        "change": {"kind": review.change_kind, "note": review.change_note, "number": publication.number},
        "replies": _without_channel([claimreview.reply(reply) for reply in replies]),
        "checklist": claimreview.checklist(review),
    }


def _without_channel(replies: Any) -> Any:
    """The channel is printed in words, which another release may choose otherwise."""
    if not isinstance(replies, list):
        return replies
    return [{name: said for name, said in reply.items() if name != "channel"} for reply in replies]


def _differs(now: dict[str, Any], shown: dict[str, Any]) -> bool:
    return any(field in shown and shown[field] != now[field] for field in RESTS_ON)


def _snapshot_differs(piece: Evidence) -> bool:
    return piece.snapshot is not None and sha256_of(piece.snapshot.text) != piece.snapshot.sha256


# --- what the public page says -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Alteration:
    """Since when it is known that the record behind a public page was altered, and whether its text still is the one
    that went out. If it is not, nobody signed it, and it must not be shown.
    """

    since: datetime
    text_is_whole: bool


def alteration(publication: Publication) -> Alteration | None:
    """What a public page has to say on top; None when nothing is known against it. Two queries.

    A finding about the article's chain concerns each of its publications: the chain is what vouches for them.
    """
    recorded = recorded_of([publication])[publication.pk]
    chain = str(publication.review.claim.article.uuid)
    concerns = Q(publication=publication.pk) | Q(publication=None, chain=chain)
    known = AuditFinding.objects.filter(concerns, resolved_at=None)
    since = known.order_by("found_at").values_list("found_at", flat=True).first()
    if since is None and any(problems_of_record(publication, recorded)) and confirmed(publication):
        since = timezone.now()  # this very look is the first to find it
    return Alteration(since, _text_is_whole(publication, recorded)) if since else None


def with_alterations(publications: Iterable[Publication]) -> list[Publication]:
    """The same publications, each saying as `is_altered` whether its text or its retraction is another than the trail
    says went out. One query, and some for each that is.
    """
    found = list(publications)
    recorded = recorded_of(found)
    for each in found:
        suspect = any(problems_of_record(each, recorded[each.pk]))
        each.is_altered = suspect and any(confirmed(each))  # type: ignore[attr-defined]
    return found


def is_suspect(publication: Publication) -> bool:
    """Of one with_findings() that came through with_alterations(): whether anything at all is known against it."""
    return publication.is_altered or publication.suspected_since is not None  # type: ignore[attr-defined]


def _text_is_whole(publication: Publication, recorded: Recorded) -> bool:
    """It is the one that went out, or, where that was taken down, the tombstone of which the trail speaks."""
    if publication.taken_down_at:
        return not publication.frozen and recorded[TAKEN_DOWN] == _takedown(publication)
    return recorded[PUBLISHED] == [sha256_of(publication.frozen)]


def confirmed(publication: Publication) -> list[str]:
    """The problems that are still there while no verb is at work on the article: row and trail were read one after the
    other, and a retraction between the two would look like tampering.
    """
    with change(publication.review.claim.article_id):
        return list(problems_of_publication(_with_all().get(pk=publication.pk)))


def _with_all() -> QuerySet[Publication]:
    """Publications with all that problems_of_publication() looks at."""
    rows = Publication.objects.select_related("review__claim__article")
    return rows.prefetch_related(
        "review__evidence__snapshot__source__outlet",
        "review__evidence__copied_from",
        "review__replies",
        "review__checklist",
    )


# --- the daily look ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """A sentence, and what it is about: a chain, a publication (its key), both; the roots' own files are neither."""

    sentence: str
    chain: str = ""
    publication: int | None = None


class Look:
    """One look at chains, roots and publications; counts what it saw."""

    def __init__(self) -> None:
        self.trail = Trail()
        self.roots = self.publications = 0

    def problems(self, tell: Any = lambda entries: None) -> Iterator[Problem]:
        """tell: is called with the entries read so far."""
        for chain, sentence in self.trail.problems(tell):
            yield Problem(sentence, chain)
        yield from self._roots()
        yield from self._publications()

    def _roots(self) -> Iterator[Problem]:
        self.roots = len(roots.days())
        most = AuditCheck.objects.aggregate(most=Max("roots"))["most"] or 0
        if self.roots < most:
            yield Problem(f"{most - self.roots} of the {most} roots that were published are gone.")
        for chain, sentence in roots.problems_of_roots():
            yield Problem(sentence, chain)

    def _publications(self) -> Iterator[Problem]:
        last, rows = 0, _with_all().order_by("pk")
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            recorded = recorded_of(batch)
            for publication in batch:
                chain = str(publication.review.claim.article.uuid)
                if any(problems_of_publication(publication, recorded[publication.pk])):
                    for sentence in confirmed(publication):
                        yield Problem(sentence, chain, publication.pk)
            last = batch[-1].pk
            self.publications += len(batch)
        standing = Publication.objects.filter(pk=OuterRef("subject_id"))
        gone = AuditEntry.objects.filter(~Exists(standing), subject="publication", verb=PUBLISHED)
        for entry in gone.order_by("pk").iterator():
            sentence = (
                f"Publication {entry.subject_id}, which chain {entry.chain}, entry {entry.seq} speaks of, is gone."
            )
            yield Problem(sentence, entry.chain, entry.subject_id)


def check_trail() -> AuditCheck:
    """Look at everything; open a finding for each problem that has none, resolve those that are found no more."""
    look = Look()
    found = {problem.sentence[:600]: problem for problem in islice(look.problems(), MOST)}
    with transaction.atomic():
        AuditFinding.objects.bulk_create(
            [
                AuditFinding(sentence=sentence, chain=problem.chain, publication=problem.publication)
                for sentence, problem in found.items()
            ],
            ignore_conflicts=True,  # it is open already
        )
        if len(found) < MOST:  # else the look was cut short, and what it did not reach may still be so
            AuditFinding.objects.filter(resolved_at=None).exclude(sentence__in=found).update(resolved_at=Now())
        return AuditCheck.objects.create(
            entries=look.trail.entries,
            chains=look.trail.chains,
            roots=look.roots,
            publications=look.publications,
            problems=len(found),
        )


def check_trail_once_a_day() -> AuditCheck | None:
    """check_trail(), unless it was done today (UTC) or is under way: a look may take longer than the time to the next.

    The lock is the session's, and not of a transaction: one that lasted as long would hold the rows of every article
    that is looked at more closely. It goes with the connection when the process dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return None
        try:
            return check_trail() if _check_is_due() else None
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _check_is_due() -> bool:
    newest = AuditCheck.objects.order_by("-pk").values_list("finished_at", flat=True).first()
    return newest is None or newest.date() < timezone.now().date()
