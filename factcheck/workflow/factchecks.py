"""Earlier fact-checks in the library: those of others as they come by imports, our own as they are published, and what
a checker is told when a claim looks like one that was checked before.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput
from factcheck.models import (
    AuditEntry,
    FactCheck,
    ImportRow,
    Job,
    Outlet,
    Passage,
    Publication,
    Source,
    Suggestion,
    User,
)
from factcheck.text import claimreviews
from factcheck.text.beside import Difference, differences
from factcheck.text.statements import unmarked
from factcheck.workflow import jobs, sources
from factcheck.workflow.sources import LONGEST_PASSAGE, outlet_named, texts_of
from factcheck.workflow.transitions import change
from factcheck.workflow.words import fitted

# What a record says and a FactCheck keeps under the same names.
SAID = (
    "claim_reviewed", "claimant", "claim_date", "appearances", "title", "publisher", "site", "review_date", "rating",
    "rating_value", "rating_best", "rating_worst", "language", "raw",
)  # fmt: skip
LONGEST_NAME = 300  # of an outlet
LONGEST_SITE = 253

Record = dict[str, Any]  # the fields of text.claimreviews.Record, as JSON has them
Taken = tuple[ImportRow.State, int]  # what became of a record, and its source's key


# --- those of others -------------------------------------------------------------------------------------------------


def part_of(claim_reviewed: str) -> str:
    """What tells the reviews of one page apart (Source.part)."""
    return hashlib.sha256(claim_reviewed.encode()).hexdigest()


def identity(record: Record) -> tuple[str, str]:
    """By what a record is known when it comes again."""
    return record["url"], part_of(record["claim_reviewed"])


def checked(record: Record) -> None:
    """Raises BadInput for what cannot join the library."""
    if len(record["claim_reviewed"]) > LONGEST_PASSAGE:
        length = len(record["claim_reviewed"])
        raise BadInput(f"The claim has {length:,} characters; the most that can be kept is {LONGEST_PASSAGE:,}.")
    if record["url"].startswith(f"{settings.PUBLIC_URL}/fact-checks/"):
        raise BadInput("It is a fact-check of this desk, which is in the library by itself.")


def take(records: Sequence[Record], *, by: User | None, act: UUID) -> list[Taken]:
    """Put records, each of another identity and checked(), into the library; of those that are known, write what
    changed since they came last, each with its entry in the trail. In the caller's transaction, one at a time.

    The number of statements grows with the publishers and with what changed, not with what is new. Raises Conflict when
    one that changed is being made searchable at this moment.
    """
    by_identity = {identity(record): record for record in records}
    known = (
        Source.objects.select_for_update(of=["self"])  # an editor may correct one at this moment
        .select_related("fact_check", "outlet")
        .filter(url__in=[url for url, _ in by_identity], part__in=[part for _, part in by_identity])
        .filter(confidential_with=None)
        .order_by("pk")
    )
    there = {(source.url, source.part): source for source in known if (source.url, source.part) in by_identity}
    outlets = _outlets(by_identity.values())
    taken: dict[tuple[str, str], Taken] = {}
    for source in _add([record for key, record in by_identity.items() if key not in there], outlets, by=by):
        taken[source.url, source.part] = (ImportRow.State.ADDED, source.pk)
    for key, source in there.items():
        changed = _update(source, by_identity[key], outlets, by=by, act=act)
        taken[key] = (ImportRow.State.CHANGED if changed else ImportRow.State.KNOWN, source.pk)
    return [taken[key] for key in by_identity]


def _outlet_name(record: Record) -> str:
    return fitted(record["publisher"] or record["site"], LONGEST_NAME)


def _outlets(records: Iterable[Record]) -> dict[str, Outlet]:
    """By name; those that the desk does not know are added, and the one entry of the import is theirs too."""
    sites = {_outlet_name(record): fitted(record["site"], LONGEST_SITE) for record in records}
    found = {}
    for name, site in sorted(sites.items()):
        if name:
            new = {"name": name, "domain": site, "kind": Outlet.Kind.FACT_CHECKER}
            found[name], _ = Outlet.objects.get_or_create(name__iexact=name, defaults=new)
    return found


def _add(records: list[Record], outlets: dict[str, Outlet], *, by: User | None) -> list[Source]:
    added = Source.objects.bulk_create(
        Source(
            title=_title(record),
            kind=Source.Kind.FACT_CHECK,
            seen=Source.Seen.PAGE if record["from_its_page"] else Source.Seen.CITED,
            url=record["url"],
            part=part_of(record["claim_reviewed"]),
            outlet=outlets.get(_outlet_name(record)),
            published=record["review_date"],
            added_by=by,
        )
        for record in records
    )
    FactCheck.objects.bulk_create(
        FactCheck(source=source, **{name: record[name] for name in SAID})
        for source, record in zip(added, records, strict=True)
    )
    Passage.objects.bulk_create(
        Passage(source=source, position=position, text=text, wording=Passage.Wording.ORIGINAL)
        for source, record in zip(added, records, strict=True)
        for position, text in enumerate(texts_of(record["claim_reviewed"], _title(record)), start=1)
    )
    jobs.enqueue_all(Job.Kind.INDEX, [source.pk for source in added], queue="bulk")
    return added


def _title(record: Record) -> str:
    return fitted(record["title"] or record["claim_reviewed"])


def _update(source: Source, record: Record, outlets: dict[str, Outlet], *, by: User | None, act: UUID) -> bool:
    """Whether the record says anything else than when it came last. Of the source only what still is as the record had
    it follows: what an editor corrected stays.
    """
    row = source.fact_check
    changed = {name: [getattr(row, name), record[name]] for name in SAID if getattr(row, name) != record[name]}
    if not changed:
        return False
    before = {name: getattr(row, name) for name in SAID}
    follows: dict[str, Any] = {}
    if source.title == _title(before):
        follows["title"] = _title(record)
    if source.published == row.review_date:
        follows["published"] = record["review_date"]
    if (source.outlet.name if source.outlet else "").lower() == _outlet_name(before).lower():
        follows["outlet"] = outlets.get(_outlet_name(record))
    if record["from_its_page"] and source.seen == Source.Seen.CITED:
        follows["seen"] = Source.Seen.PAGE
    _write(row, {name: record[name] for name in changed}, follows)
    _trace(row, changed, by=by, act=act)
    return True


def _write(row: FactCheck, said: dict[str, Any], of_source: dict[str, Any]) -> None:
    source = row.source
    claim, title = said.get("claim_reviewed", row.claim_reviewed), of_source.get("title", source.title)
    sources.reword(source, texts_of(claim, title))
    if of_source and any(getattr(source, name) != value for name, value in of_source.items()):
        Source.objects.filter(pk=source.pk).update(version=F("version") + 1, updated_at=Now(), **of_source)
    FactCheck.objects.filter(pk=row.pk).update(version=F("version") + 1, updated_at=Now(), **said)


def _trace(row: FactCheck, changed: dict[str, list[Any]], *, by: User | None, act: UUID) -> None:
    """What it said before and says now; of the whole record, which may be long, the sha256."""
    if "raw" in changed:
        changed = {**changed, "raw": [hashlib.sha256(text.encode()).hexdigest() for text in changed["raw"]]}
    AuditEntry.record(row, "factcheck.changed", by=by, act=act, text=json.dumps(changed, ensure_ascii=False))


# --- our own ---------------------------------------------------------------------------------------------------------


def join(publication: Publication, *, by: User | None, act: UUID) -> FactCheck:
    """What we publish is an earlier fact-check from that moment on, read from its own markup like everybody else's; the
    correction takes the place of what it corrects. In the transaction that publishes it, behind the lock of the
    article's row. Only what is public can be published: nothing confidential ever comes here.
    """
    [found] = claimreviews.read(json.dumps(publication.jsonld).encode())
    if isinstance(found, claimreviews.Unread):
        raise BadInput(f"The markup of {publication.slug} is no fact-check. {found.sentence}")
    said = {name: getattr(found, name) for name in SAID} | {"appearances": list(found.appearances)}
    # The markup leaves out whom it cannot call a person or an organisation.
    said["claimant"] = publication.content.get("speaker", found.claimant)
    outlet = outlet_named(fitted(found.publisher, LONGEST_NAME), by=by, act=act)
    of_source = {"title": fitted(found.title or found.claim_reviewed), "outlet": outlet, "published": found.review_date}
    earlier = FactCheck.objects.select_for_update(of=["self"]).filter(publication__slug=publication.slug)
    if (row := earlier.select_related("source").first()) is not None:
        changed = {name: [getattr(row, name), said[name]] for name in SAID if getattr(row, name) != said[name]}
        _write(row, {**said, "publication": publication}, of_source)
        if changed:
            _trace(row, changed, by=by, act=act)
        row.refresh_from_db()
        return row
    source = Source.objects.create(
        kind=Source.Kind.FACT_CHECK, seen=Source.Seen.PAGE, url=found.url, added_by=by, **of_source
    )
    row = FactCheck.objects.create(source=source, publication=publication, **said)
    Passage.objects.bulk_create(
        Passage(source=source, position=position, text=text, wording=Passage.Wording.ORIGINAL)
        for position, text in enumerate(texts_of(found.claim_reviewed, source.title), start=1)
    )
    AuditEntry.record(source, "source.added", by=by, act=act, text=source.title)
    jobs.enqueue(Job.Kind.INDEX, source.pk, queue="interactive")
    return row


TAKEN_DOWN = "(taken down)"
"""What the library keeps of a text that was erased: a suggestion may show its row, and so it is never deleted."""


def empty(publications: Sequence[Publication], *, by: User, act: UUID) -> None:
    """They were taken down: no row made of one keeps its words. In the transaction that takes them down. Raises
    Conflict when one is being made searchable at this moment.
    """
    for row in FactCheck.objects.select_for_update(of=["self"]).filter(publication__in=publications):
        nothing: dict[str, Any] = dict.fromkeys(SAID, "")
        nothing |= {"claim_reviewed": TAKEN_DOWN, "appearances": [], "raw": "{}"}
        _write(row, {**nothing, "publisher": row.publisher, "site": row.site}, {"title": TAKEN_DOWN})
        AuditEntry.record(row, "factcheck.emptied", by=by, act=act)


def join_earlier() -> int:
    """Those that were published before publications joined by themselves. Returns how many; harmless twice."""
    joined = 0
    for publication in (
        Publication.objects.newest_of_each_address()
        .filter(fact_check=None, taken_down_at=None)
        .select_related("review")
    ):
        with change(publication.review.article_key) as act:
            join(publication, by=None, act=act)
        joined += 1
    return joined


# --- what a checker is told ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckedBefore:
    """An earlier fact-check that a suggestion leads to, and how the claim it reviewed stands to the one at hand.

    strong: the search holds them to be the same claim. differences: what conflicts first; None where the two claims are
    in other languages and were not compared.
    """

    fact_check: FactCheck
    strong: bool
    differences: list[Difference] | None

    @classmethod
    def of(cls, suggestion: Suggestion, language: str) -> "CheckedBefore | None":
        """language: of the article. None when the suggestion leads to no earlier fact-check."""
        row = getattr(suggestion.passage.source, "fact_check", None) or _told_outside(suggestion)
        if row is None:
            return None
        ours, theirs = _base(language), _base(row.language)
        same_language = not (ours and theirs) or ours == theirs
        found = differences(unmarked(suggestion.claim.statement), row.claim_reviewed, ours or theirs or "en")
        return cls(row, bool(suggestion.features.get("strong")), found if same_language else None)


def _told_outside(suggestion: Suggestion) -> FactCheck | None:
    """What a service outside says of a fact-check that it found, whose page the library does not hold as one. It is
    never saved: nobody here has read it."""
    said, source = suggestion.features, suggestion.passage.source
    if source.kind != Source.Kind.FACT_CHECK or not said.get("claim_reviewed"):
        return None
    return FactCheck(
        source=source,
        claim_reviewed=said["claim_reviewed"],
        claimant=said.get("claimant", ""),
        title=source.title,
        publisher=source.outlet.name if source.outlet else "",
        review_date=source.published,
        rating=said.get("rating", ""),
    )


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
