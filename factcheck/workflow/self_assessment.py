"""What the desk's own rows say about the five commitments of the Code of Principles of the International Fact-Checking
Network (https://ifcncodeofprinciples.poynter.org/the-commitments). The words here are ours, and so is what is counted.

A check: what stands at a public address now, was published in the last twelve months and is not retracted. All of it is
public. Figures are shown, and judged by people: whether one side is checked more than another, no sum can tell.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from factcheck.models import ClaimReview, DeskPage, Evidence, Publication, Source
from factcheck.workflow import requests

Verdict = ClaimReview.Verdict
Kind = DeskPage.Kind
MOST = 30  # speakers or outlets with a row of their own
PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Commitment:
    """kind: of the page with the desk's own words; page: their newest version."""

    kind: str
    title: str
    meaning: str
    tables: list[Table]
    page: DeskPage | None


def begins(now: datetime | None = None) -> datetime:
    return (now or datetime.now(UTC)) - PERIOD


def commitments() -> list[Commitment]:
    since = begins()
    found = (
        Publication.objects.newest_of_each_address().filter(retraction_reason="", published_at__gte=since).order_by()
    )
    pages = {page.kind: page for page in DeskPage.objects.newest()}
    said: list[tuple[str, str, str, list[Table]]] = [
        (
            Kind.ON_FAIRNESS,
            _("Nonpartisanship and fairness"),
            _(
                "Every claim is held to the same standard, whoever makes it. The desk takes no side, does not check one"
                " side alone, and its people do not campaign."
            ),
            [
                by_verdict("speakers", _("Checks by speaker"), _("The article itself"), found, "speaker"),
                by_verdict(
                    "outlets", _("Checks by outlet"), _("Outlet not known"), found, "claim__article__outlet__name"
                ),
            ],
        ),
        (
            Kind.ON_SOURCES,
            _("Standards and transparency of sources"),
            _(
                "Readers can follow each check back to what it rests on: sources are named and linked, the nearest to"
                " the matter is used, and more than one where there is more than one."
            ),
            [sources(found)],
        ),
        (
            Kind.ON_ORGANISATION,
            _("Transparency of funding and organisation"),
            _("Readers can see who pays for the desk, who works there and answers for it, and how it is reached."),
            [
                versions(
                    "organisation",
                    _("Pages on funding and organisation"),
                    pages,
                    (Kind.FUNDING, Kind.ABOUT, Kind.CONTACT),
                )
            ],
        ),
        (
            Kind.ON_METHOD,
            _("Standards and transparency of methodology"),
            _(
                "The desk says how it chooses, researches, writes, edits and publishes, keeps to it, and gives evidence"
                " for and against the same weight."
            ),
            [versions("method", _("Page on the method"), pages, (Kind.METHOD,)), method(found)],
        ),
        (
            Kind.ON_CORRECTIONS,
            _("An open and honest corrections policy"),
            _("The desk says how it corrects itself, can be asked to, and does so openly and soon."),
            [versions("policy", _("Page on corrections"), pages, (Kind.CORRECTIONS,)), corrections(since)],
        ),
    ]
    return [Commitment(*each, page=pages.get(each[0])) for each in said]


def flat() -> Iterator[tuple[str, str, str, str, str]]:
    """(commitment, table, row, column, value) of every figure: for a file."""
    for commitment in commitments():
        for table in commitment.tables:
            for label, *values in table.rows:
                for column, value in zip(table.columns[1:], values, strict=True):
                    yield (commitment.title, table.title, str(label), column, str(value))


def by_verdict(name: str, title: str, nobody: str, found: QuerySet[Publication], field: str) -> Table:
    """Most checks first; what is beyond MOST rows is summed up."""
    counted = found.values_list(f"review__{field}", "review__verdict").annotate(n=Count("pk"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for who, verdict, n in counted:
        counts[who or nobody][verdict] += n
    most = sorted(counts, key=lambda who: (-counts[who].total(), who))
    rows = [(who, *_by_verdict(counts[who])) for who in most[:MOST]]
    if beyond := most[MOST:]:
        together = sum((counts[who] for who in beyond), Counter())
        rows.append((_("%(n)d others") % {"n": len(beyond)}, *_by_verdict(together)))
    rows.append((_("All"), *_by_verdict(sum(counts.values(), Counter()))))
    return Table(name, title, (_("Who"), *(str(each.label) for each in Verdict), _("Checks")), rows)


def _by_verdict(counted: Counter[str]) -> tuple[int, ...]:
    return (*(counted[each] for each in Verdict.values), counted.total())


def sources(found: QuerySet[Publication]) -> Table:
    """What the checks rest on. Kept: the page as the desk fetched it stands with its sha256."""
    pieces = Count("review__evidence")
    supports, refutes = (
        Count("review__evidence", filter=Q(review__evidence__stance=stance)) for stance in ("supports", "refutes")
    )
    checks = list(found.annotate(pieces=pieces, by=supports, against=refutes).values_list("pieces", "by", "against"))
    linked, primary = (
        ~Q(snapshot__source__url=""),
        Q(snapshot__source__kind__in=[Source.Kind.PRIMARY, Source.Kind.DATASET]),
    )
    documents = Evidence.objects.filter(review__publication__in=found, kind=Evidence.Kind.DOCUMENT).aggregate(
        n=Count("pk"),
        linked=Count("pk", filter=linked),
        kept=Count("pk", filter=linked & Q(snapshot__origin="fetched")),
        primary=Count("pk", filter=primary),
    )
    n, of = len(checks), documents["n"]
    rows: list[tuple[Any, ...]] = [
        (_("Checks"), n, ""),
        (_("Pieces of evidence per check (median)"), _median(pieces for pieces, _by, _against in checks), ""),
        (_("Checks with two pieces of evidence or more"), *_share(sum(pieces >= 2 for pieces, _b, _a in checks), n)),
        (_("Checks with evidence on both sides"), *_share(sum(bool(by and no) for _pieces, by, no in checks), n)),
        (_("Documents as evidence"), of, ""),
        (_("Documents with a link"), *_share(documents["linked"], of)),
        (_("Documents with a link and a kept copy (sha256)"), *_share(documents["kept"], of)),
        (_("Documents that are primary sources or data"), *_share(documents["primary"], of)),
    ]
    return Table("evidence", _("What the checks rest on"), (_("Figure"), _("Number"), _("Share")), rows)


def method(found: QuerySet[Publication]) -> Table:
    """Four eyes are a rule of the database; here it is counted all the same."""
    checks = list(found.values_list("review__approver", "review__written_by"))
    searched = found.filter(review__evidence__kind=Evidence.Kind.SEARCH).distinct().count()
    four_eyes = sum(approver is not None and approver not in writers for approver, writers in checks)
    rows = [
        (_("Checks approved by somebody who wrote no part of them"), *_share(four_eyes, len(checks))),
        (_("People who wrote checks"), len({writer for _approver, writers in checks for writer in writers}), ""),
        (_("People who approved checks"), len({approver for approver, _writers in checks}), ""),
        (_("Checks that say where nothing was found"), *_share(searched, len(checks))),
    ]
    return Table("checks", _("How the checks were made"), (_("Figure"), _("Number"), _("Share")), rows)


def corrections(since: datetime) -> Table:
    """A correction is counted when it was published; the time runs from the publication whose place it took."""
    before = Publication.objects.filter(slug=OuterRef("slug"), number=OuterRef("number") - 1)
    corrected = Publication.objects.filter(number__gt=1, published_at__gte=since)
    took = corrected.annotate(took=F("published_at") - Subquery(before.values("published_at")[:1]))
    retracted = Publication.objects.filter(retracted_at__gte=since)
    asked = requests.counts(Q(created_at__gte=since))
    days = "" if asked.median_days is None else f"{asked.median_days:.1f}"
    rows = [
        (_("Fact-checks that a newer one took the place of"), corrected.count()),
        (_("Days until they were replaced (median)"), _days(took.values_list("took", flat=True))),
        (_("Retractions"), retracted.count()),
        (
            _("Days until they were retracted (median)"),
            _days(retracted.annotate(took=F("retracted_at") - F("published_at")).values_list("took", flat=True)),
        ),
        (_("Requests from readers"), asked.received),
        (_("Requests answered"), asked.answered),
        (_("Requests that led to a correction"), asked.corrected),
        (_("Days until the answer (median)"), days),
    ]
    return Table("corrections", _("Corrections and requests"), (_("Figure"), _("Number")), rows)


def versions(name: str, title: str, pages: dict[str, DeskPage], kinds: Iterable[Kind]) -> Table:
    rows = []
    for kind in kinds:
        page = pages.get(kind)
        day = date_format(page.written_at, "j F Y") if page else ""
        rows.append((str(kind.label), page.version if page else _("not written"), day))
    return Table(name, title, (_("Page"), _("Version"), _("Since")), rows)


def _share(part: int, whole: int) -> tuple[int, str]:
    return part, f"{round(100 * part / whole)} %" if whole else ""


def _median(values: Iterable[float], shown: Callable[[float], str] = "{:g}".format) -> str:
    found = list(values)
    return shown(median(found)) if found else ""


def _days(times: Iterable[timedelta]) -> str:
    return _median((time / timedelta(days=1) for time in times), "{:.1f}".format)
