"""A newsroom that is hard on pages: every status, long names, words that never end, right-to-left text, markup as text.

Made by the desk's own verbs where there is one. No job is sent to a worker.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from factcheck.models import (
    Anchor,
    Article,
    ArticleVersion,
    Claim,
    ClaimFilter,
    ClaimReview,
    Comment,
    FeedEntry,
    Import,
    ImportRow,
    Job,
    Outlet,
    Passage,
    Polling,
    Publication,
    Search,
    Sighting,
    Source,
    SourceCapture,
    Suggestion,
    User,
)
from factcheck.workflow import (
    assignments,
    changes,
    checklist,
    comments,
    conflicts,
    evidence,
    feeds,
    holds,
    imports,
    jobs,
    leases,
    legal,
    lineage,
    marking,
    originals,
    pairs,
    publications,
    replies,
    requests,
    reviews,
    roots,
    schedules,
    sightings,
    steps,
    unreadable,
    views,
)
from factcheck.workflow.articles import ingest, keep_confidential
from factcheck.workflow.lists import Row
from factcheck.workflow.source_documents import add_address
from tests import factories

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
MARKUP = "<script>alert('title')</script> & <b>bold</b> “quoted” 'single' {{ braces }}"
ARABIC = "قال رئيس البلدية إن الجسر الجديد كلف اثني عشر مليون يورو. وافتتح الجسر يوم الإثنين بحضور 3400 شخص."
HEBREW = "הגשר החדש עלה 12 מיליון אירו"
SENTENCES = [
    "The mayor opened the harbour bridge on Monday.",
    "The bridge cost 12 million euros, Ada Lind-Featherstonehaugh of the Ministry of Transport said.",
    f"The company is called {LONG}.",
    "“We have built 240 flats in two years,” the spokeswoman said.",
    "Unemployment fell to 4.2 per cent in October, the lowest since 1991.",
    "The opposition voted against the budget seven times.",
    f"An inscription says: {HEBREW}.",
    MARKUP + " stood on a poster.",
    "More than 3,400 people came to the opening.",
    "No other city in the country spends as much on its parks.",
    "The minister never met the contractor before May.",
    "The ferry had carried 900 passengers a day until 2019.",
]
OTHER_SIDE = "Looked for evidence on the other side"
PEOPLE = {
    "alice": ("Alice Abernathy-Featherstonehaugh, Northern Correspondents’ Bureau", "reporter"),
    "bob": ("Bob", "checker"),
    "grace": ("גרייס בן־דוד", "checker"),
    "carol": ("Carol von und zu Hohenschwangau-Traunstein", "editor"),
    "erin": (LONG[:160], "administrator"),
    "dave": ("داود الناصري", "auditor"),
}


# Where a claim and its review can stand: one claim each; those that pages list many of, `size` times.
PATHS = (
    "detected", "plain", "dismissed", "superseded", "draft", "sent_back", "submitted", "approved", "published",
    "unverifiable", "correcting", "corrected", "retracted", "abandoned",
)  # fmt: skip
REPEATED = ("detected", "draft", "submitted", "approved", "published", "retracted")
RTL_PATHS = ("detected", "submitted", "published")


KEPT = ("claims", "suggestions", "reviews", "evidence", "replies", "publications", "conflicts", "jobs", "comments")


@dataclass
class Newsroom:
    """Keys of rows by what they are for: `claims["submitted"]`, `reviews["retracted"]`, `jobs["dead"]`."""

    people: dict[str, User]
    articles: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    suggestions: dict[str, int] = field(default_factory=dict)
    reviews: dict[str, int] = field(default_factory=dict)
    evidence: dict[str, int] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)
    publications: dict[str, str] = field(default_factory=dict)  # their slugs
    jobs: dict[str, int] = field(default_factory=dict)
    feeds: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    imports: dict[str, int] = field(default_factory=dict)
    conflicts: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)  # their days
    unreadable: dict[str, int] = field(default_factory=dict)
    views: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    holds: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)


def fill(size: int = 1) -> Newsroom:
    """Every kind of row in every status; `size` times as many of those that pages list."""
    desk = factories.desk("The Long and Winding Desk of Record & Verification")
    factories.checklist(desk, [MARKUP, LONG, ARABIC, OTHER_SIDE])
    password = make_password("two-pairs-of-eyes")  # once: a good hash takes its time
    people = {
        name: User.objects.filter(email=f"{name}@example.org").first()
        or User.objects.create_user(f"{name}@example.org", full, role)
        for name, (full, role) in PEOPLE.items()
    }
    User.objects.update(password=password)
    for person in people.values():
        person.password = password
        if not person.authenticator_set.exists():
            TOTP.activate(person, generate_totp_secret())
            RecoveryCodes.activate(person)
    room = Newsroom(people)
    with patch.object(jobs, "_hint"):
        for _ in range(size):
            _library(room, size)
            _fact_checks(room, size)
            _articles(room)
            _feeds(room)
        for name in ("hebrew", "latin"):
            _claims(room, Article.objects.get(pk=room.articles[name]), size, rtl=name == "hebrew")
        _pairs(room, size)
        _requests(room, size)
        _planned(room)
        _changed(room, size)
    for review in ClaimReview.objects.filter(pk__in=room.reviews.values()):  # carol has opened each before
        sightings.see(review, by=people["carol"])
    partner = factories.partner()
    factories.api_key(partner)  # its row and its pages in the admin
    factories.delivery(partner)  # and those of its webhook
    roots.publish_root(date(2026, 11, 24))
    room.roots["newest"] = "2026-11-24"
    return room


def _planned(room: Newsroom) -> None:
    """Who is to work on what, and what somebody works on; views, one of them shared."""
    bob, carol = room.people["bob"], room.people["carol"]
    for path, due in (("detected", timedelta(days=-3)), ("draft", timedelta(days=3))):
        claim = Claim.objects.get(pk=room.claims[path])
        claim = assignments.assign(claim, by=bob, seen=claim.version, to=carol)
        claim = assignments.set_due(claim, by=bob, seen=claim.version, due=timezone.now() + due)
        assignments.prioritise(claim, by=bob, seen=claim.version, priority=4)
    leases.begin(Claim.objects.get(pk=room.claims["detected"]), by=carol)
    waiting = ClaimReview.objects.get(pk=room.reviews["approved"])
    hour = timezone.now() + timedelta(days=30)
    schedules.set_hour(waiting, by=carol, seen=waiting.version, publish_at=hour)
    article = Article.objects.get(pk=room.articles["latin"])
    room.holds["standing"] = holds.place(article, by=carol, reason=f"{LONG} v. the desk. {ARABIC}").pk
    number = next(factories.number)
    for who, shared in (("bob", False), ("carol", True)):
        saved = views.save(
            ClaimFilter(status="any", kind="event"), by=room.people[who], name=f"{number} {LONG[:54]}", shared=shared
        )
        room.views[who] = saved.pk


def _library(room: Newsroom, size: int) -> None:
    for name, (title, kind, seen, wording) in {
        "primary": ("Minutes of the council, 14 May 2024", "primary", "page", "original"),
        "summary": (MARKUP, "dataset", "mirror", "summary"),
        "cited": (LONG, "secondary", "cited", "original"),
        "memory": (HEBREW, "fact_check", "memory", "summary"),
    }.items():
        number = next(factories.number)
        outlet = Outlet.objects.create(name=f"{LONG[:120]} {number}", kind="news", reliability_note=ARABIC)
        source = Source.objects.create(
            title=title,
            kind=kind,
            seen=seen,
            outlet=outlet,
            url=f"https://example.org/{number}/{'x' * 80}?q=%3Cb%3E",
            published="2024-05",
        )
        for position in range(1, 1 + size):
            text = f"The bridge cost 12 million euros. {LONG} {ARABIC} {MARKUP}"
            heading = f"{title} › {LONG} › {ARABIC}" if position % 2 else title
            Passage.objects.create(source=source, position=position, heading=heading, text=text, wording=wording)
            raw = f"{number} {position}".encode()
            SourceCapture.objects.create(
                source=source, url=source.url, final_url=f"https://example.org/{LONG}", file_name=f"{LONG}.pdf",
                media_type="application/pdf", sha256=hashlib.sha256(raw).hexdigest(), raw=raw,
            )  # fmt: skip
        room.sources[name] = source.pk
    later, error = timezone.now() + timedelta(days=1), f"“{LONG[:60]}” has no page at this address (404). {ARABIC}"
    for name in ("fetching", "unfetched"):
        url = f"https://example.org/{name}/{next(factories.number)}/{'long-' * 30}"
        source = add_address(by=room.people["bob"], url=url, kind="primary")
        job = Job.objects.filter(kind=Job.Kind.READ, target=source.pk)
        job.update(due_at=later, last_error=error)
        if name == "unfetched":
            job.update(state="running", attempts=1, lease_until=later)
            job.update(state="dead", lease_until=None, last_error=error)
        room.sources[name] = source.pk
    rows = [Row(line, f"{next(factories.number)} {LONG} {MARKUP}".encode()) for line in range(1, 3 + 2 * size)]
    made = imports.begin(Import.Kind.SOURCES, rows, by=room.people["bob"], name=f"{LONG}.csv")
    Job.objects.filter(kind=Job.Kind.IMPORT, target=made.pk).update(due_at=later)
    some = ImportRow.objects.filter(of=made, line__gt=2)
    some.update(state="refused", sentence=f"There is no kind of source called {LONG}. {ARABIC}")
    room.imports["refused"] = made.pk


def _fact_checks(room: Newsroom, size: int) -> None:
    """A file of which everything was taken or refused, and one whose import broke off."""
    for name in ("done", "broken"):
        number = next(factories.number)
        claims = [
            {
                "text": f"The bridge cost {10 + each} million euros, number {number}. {LONG} {MARKUP}",
                "claimant": HEBREW,
                "claimDate": "2024-05-13T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": f"{ARABIC} {LONG[:60]}", "site": "checks.example.org"},
                        "url": f"https://checks.example.org/{number}/{each}/{'x' * 80}",
                        "title": MARKUP,
                        "reviewDate": "2024-05-14",
                        "textualRating": (ARABIC * 3, "Mostly false")[each % 2],
                        "languageCode": ("ar", "en")[each % 2],
                    }
                ],
            }
            for each in range(2 * size)
        ]
        refused = [{"text": f"{LONG} {MARKUP}"} for _ in range(size)]
        data = json.dumps({"claims": [*claims, *refused]}).encode()
        started = imports.begin(Import.Kind.FACT_CHECKS, data, by=room.people["carol"], name=f"{LONG}.json")
        job = Job.objects.get(kind=Job.Kind.IMPORT, target=started.pk)
        if name == "done":
            steps.perform(job.pk)
        else:
            Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=timezone.now())
            Job.objects.filter(pk=job.pk).update(state="dead", lease_until=None, last_error=f"MemoryError: {LONG}")
            room.jobs["broken_import"] = job.pk
        room.imports[name] = started.pk
    later = timezone.now() + timedelta(days=1)
    Job.objects.filter(kind=Job.Kind.INDEX, state=Job.State.QUEUED).update(due_at=later)


def _articles(room: Newsroom) -> None:
    outlet = Outlet.objects.create(name=f"The Daily {next(factories.number)} {LONG[:60]}", domain="example.org")
    texts = {
        "latin": (MARKUP, "\n\n".join(" ".join(SENTENCES) for _ in range(3))),
        "hebrew": (HEBREW, "\n\n".join(f"{ARABIC} {HEBREW}. {sentence}" for sentence in SENTENCES)),
        "reading": (LONG, SENTENCES[0]),
        "failed": ("", ARABIC),
        "empty": ("Nothing to check here", "Good morning."),
        "embargoed": (f"Embargoed until Monday: {LONG}", SENTENCES[1]),
    }
    for name, (title, text) in texts.items():
        article = Article.objects.create(
            url=f"https://example.org/news/{name}/{'long-' * 30}",
            outlet=outlet,
            note=MARKUP,
            submitted_by=room.people["alice"],
        )
        if name == "embargoed":
            keep_confidential(article, by=room.people["carol"], seen=article.version, readers=room.people.values())
        version = factories.version(article, text)
        # Only as a new row could it have a title: texts never change.
        ArticleVersion.objects.bulk_create(
            [
                ArticleVersion(
                    article=article,
                    number=2,
                    title=title,
                    byline=LONG,
                    published_at=datetime(2026, 11, 20, tzinfo=UTC),
                    published_is_guessed=name == "hebrew",
                    language="ar" if name == "hebrew" else "en",
                    text=version.text,
                    sha256=version.sha256,
                    raw=version.raw,
                    raw_sha256=version.raw_sha256,
                )
            ]
        )
        room.articles[name] = article.pk
        _jobs(room, name, article)
    for name in ("fetching", "unfetched"):
        _addressed(room, name)
    for who, name in (("alice", "waiting"), ("carol", "aside")):
        row = unreadable.keep(
            f"%PDF {next(factories.number)}".encode(), by=room.people[who], file=f"{LONG}.pdf", line=7, sentence=MARKUP
        )
        room.unreadable[name] = row.pk
    unreadable.set_aside(row, by=room.people["carol"], seen=row.version, reason=f"{ARABIC} {LONG}")


def _pairs(room: Newsroom, size: int) -> None:
    """What one claim says is said elsewhere: proposed, confirmed of a published one, and refused."""
    claim, bob = Claim.objects.get(pk=room.claims["detected"]), room.people["bob"]
    elsewhere = list(Claim.objects.exclude(article=claim.article_id).order_by("-pk")[: 3 * size])
    for number, other in enumerate(elsewhere):
        reasons = ["81% of the longer one’s words stand in both, in the same order", f"the same numbers: {LONG[:60]}"]
        pair = factories.pair(claim, other, score=round(0.9 - number / 20, 2), reasons=reasons)
        name = ("confirmed", "proposed", "refused")[number % 3]
        if name == "confirmed":
            pairs.confirm(pair, by=bob, seen=pair.version)
        if name == "refused":
            pairs.refuse(pair, by=bob, seen=pair.version, reason=f"Another bridge. {LONG} {ARABIC}")
        room.pairs[name] = pair.pk


def _changed(room: Newsroom, size: int) -> None:
    """An article whose page has changed since it was fetched: of its claims some stand where they did, some do not."""
    untouched = [f"Paragraph {number} of the page stays as it is. {ARABIC}" for number in range(12)]
    article = factories.fetched("\n\n".join([*untouched, *SENTENCES]), submitted_by=room.people["alice"])
    text = article.current.text
    for sentence in [untouched[1], *SENTENCES[:2] * size]:
        start = text.index(sentence)
        claim = factories.claim(article, statement=sentence, checkworthiness=0.1)
        factories.anchor(claim, start, start + len(sentence))
        room.claims["orphaned"] = claim.pk
    factories.typed(room.people["bob"], factories.draft(room.people["bob"], of=claim), rationale=LONG)
    edited = SENTENCES[1].replace(" ", f" {LONG} ", 1)
    changed = factories.version(
        article, "\n\n".join([*untouched, HEBREW, edited, *SENTENCES[2:]]), fetched_from=article.url
    )
    changes.find_again(article.versions.get(number=1), changed, act=uuid4())
    room.articles["changed"] = article.pk


def _addressed(room: Newsroom, name: str) -> None:
    """An article whose page is still to be fetched, or cannot be. Somebody else has sent the same address in."""
    url = f"https://example.org/{name}/{next(factories.number)}/{'long-' * 30}"
    said = {"url": url, "title": HEBREW if name == "unfetched" else "", "note": MARKUP}
    ingest(None, by=room.people["bob"], **said)
    article = ingest(None, by=room.people["alice"], **said)
    room.articles[name] = article.pk
    later = timezone.now() + timedelta(days=1)
    Job.objects.filter(article__url=url).update(due_at=later)
    if name == "unfetched":
        job = article.jobs.get()
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=later)
        error = f"“{LONG[:60]}” has no page at this address (404)."
        Job.objects.filter(pk=job.pk).update(state="dead", lease_until=None, last_error=error)
        room.jobs["unfetched"] = job.pk


def _feeds(room: Newsroom) -> None:
    """One that brought something, one that fails, one whose poll broke off, one that is gone. No poll is due."""
    now = timezone.now()
    for name in ("new", "failing", "broken", "gone"):
        feed = feeds.add(
            by=room.people["carol"], url=f"https://example.org/feed/{next(factories.number)}/{'long-' * 30}",
            name="" if name == "new" else LONG, outlet=f"The Weekly {HEBREW}",
        )  # fmt: skip
        job = Job.objects.filter(kind=Job.Kind.POLL, target=feed.pk)
        job.update(state="running", attempts=1, lease_until=now)
        if name == "broken":
            job.update(state="dead", lease_until=None, last_error=f"MemoryError: {LONG} {MARKUP}")
            room.jobs["broken"] = job.get().pk
        else:
            job.update(state="done", lease_until=None, finished_at=now)
        error = f"“{LONG[:60]}” cannot be reached. {ARABIC}" if name in ("failing", "gone") else ""
        Polling.objects.filter(feed=feed).update(
            title=MARKUP, polled_at=now, found=2, failures=3 if error else 0, last_error=error
        )
        if name == "gone":
            feeds.Feed.objects.filter(pk=feed.pk).update(is_on=False, off_because=error)
        for number, article in enumerate(room.articles.values()):
            FeedEntry.objects.create(feed=feed, link=f"{number:064}", article_id=article)
        FeedEntry.objects.create(feed=feed, link="f" * 64, refused=f"gopher://{LONG}: {MARKUP}")
        room.feeds[name] = feed.pk


def _jobs(room: Newsroom, name: str, article: Article) -> None:
    """The article's steps: both done; or the first under way, or failed for good. None is due, so nobody takes it."""
    later = timezone.now() + timedelta(days=1)
    error = f"ValueError: the text could not be read at {LONG} {MARKUP}"
    under_way = {"attempts": 1, "lease_until": later, "last_error": error if name == "failed" else ""}
    for kind in (Job.Kind.SPLIT, Job.Kind.SUGGEST):
        job = Job.objects.create(
            kind=kind, target=article.current.pk, queue="interactive", article=article, max_attempts=5, due_at=later
        )
        Job.objects.filter(pk=job.pk).update(state="running", **under_way)
        if name == "reading":
            return
        if name == "failed":
            Job.objects.filter(pk=job.pk).update(state="dead", lease_until=None)
            room.jobs["dead"] = job.pk
            return
        Job.objects.filter(pk=job.pk).update(state="done", lease_until=None, finished_at=timezone.now())


def _claims(room: Newsroom, article: Article, size: int, *, rtl: bool) -> None:
    """One claim for each status that a claim and its review can be in; in the Latin article those of the Newsroom."""
    keep = SimpleNamespace(**{name: {} for name in KEPT})
    bob, grace, carol = (room.people[name] for name in ("bob", "grace", "carol"))
    paths = RTL_PATHS if rtl else (*REPEATED * (size - 1), *PATHS)  # the newest rows stand where they do in a small one
    version = article.current
    sentences = list(re.finditer(r"\S.*?\.(?=\s|$)", version.text))
    for number, path in enumerate(paths):
        start, end = sentences[number % len(sentences)].span()
        claim = Claim.objects.create(
            article=article,
            kind="quantity",
            speaker=(LONG, "", "عائشة بنت محمد", "Ada Lind")[number % 4],
            cue="said",
            quoted=number % 2 == 0,
            checkworthiness=None if path == "plain" else round(1 - number / 20, 2),
            reasons=["a number", "a named person", LONG[:80]],
            statement=(HEBREW if rtl else version.text[start:end]) + (LONG if number == 3 else ""),
            model_version="test",
        )
        Anchor.objects.create(
            claim=claim,
            article_version=version,
            start=start,
            end=end,
            exact=version.text[start:end],
            prefix=version.text[max(start - 32, 0) : start],
            suffix=version.text[end : end + 32],
        )
        keep.claims[path] = claim.pk
        if path != "plain":
            _suggestions(claim, keep, size)
        if path == "detected":
            _outside(claim, keep)
        _walk(path, claim, keep, size, bob, grace, carol)
    if not rtl:
        for name, kept in vars(keep).items():
            getattr(room, name).update(kept)


def _suggestions(claim: Claim, keep: SimpleNamespace, size: int) -> None:
    others = Passage.objects.filter(source__fact_check=None).exclude(source__seen="found").order_by("-pk")[: 4 * size]
    theirs = Passage.objects.filter(source__fact_check__publication=None, source__fact_check__isnull=False, position=1)
    passages = [*others[:2], *theirs.order_by("-pk")[: 2 * size], *others[2:]]
    made = Suggestion.objects.bulk_create(
        Suggestion(
            claim=claim,
            passage=passage,
            provider="library",
            rank=rank,
            score=round(0.9 / rank, 3),
            features={
                "bm25": 12.3, "cover": 0.61, "cosine": 0.72, "numbers": ["12"], "names": [LONG[:60]],
                "words": ["bridge", "million", HEBREW], "strong": rank == 3,
            },
            model_version="library 1",
        )
        for rank, passage in enumerate(passages, start=1)
    )  # fmt: skip
    keep.suggestions |= {suggestion.passage.wording: suggestion.pk for suggestion in made}


def _outside(claim: Claim, keep: SimpleNamespace) -> None:
    """Services outside: one found a page, one found nothing, one failed; and a page that is there to be quoted."""
    later = timezone.now() + timedelta(days=1)
    for provider, outcome in (("google_factcheck", "empty"), ("wikipedia", "found"), ("searxng", "")):
        search = factories.search(claim, provider=provider, words=f"{LONG} {ARABIC}"[:400], sent=True)
        job = Job.objects.create(
            kind="search", target=search.pk, queue="fetch", article=claim.article, max_attempts=1, due_at=later
        )
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=later)
        if outcome:
            Search.objects.filter(pk=search.pk).update(outcome=outcome, found=2 if outcome == "found" else 0)
            Job.objects.filter(pk=job.pk).update(state="done", lease_until=None, finished_at=later)
        else:
            error = f"The service does not let the desk in (403). {LONG} {MARKUP}"
            Job.objects.filter(pk=job.pk).update(state="dead", lease_until=None, last_error=error)
            keep.jobs["search"] = job.pk
    keep.suggestions["found"] = factories.found(claim).pk
    read = factories.found(claim)
    factories.page_of(read.passage.source, f"{ARABIC}\n\n{LONG}\n\n{MARKUP}")
    keep.suggestions["fetched"] = read.pk


def _walk(path: str, claim: Claim, keep: SimpleNamespace, size: int, bob: User, grace: User, carol: User) -> None:
    """Take the claim along its path by the desk's verbs."""
    if path == "plain":
        conflict = conflicts.declare(
            claim, by=carol, person=grace, reason=f"She worked for the builder. {LONG} {ARABIC}"
        )
        keep.conflicts[path] = conflict.pk
    if path in ("detected", "plain"):
        suggestion = claim.suggestions.order_by("-rank").first()
        if suggestion:
            evidence.dismiss(suggestion, by=bob, seen=suggestion.version, reason=f"Another bridge. {LONG}")
            keep.suggestions["dismissed"] = suggestion.pk
        return
    if path == "dismissed":
        marking.dismiss(claim, by=bob, seen=claim.version, reason=f"Nobody can check this. {ARABIC}")
        return
    if path == "superseded":
        parts = lineage.split(claim, by=bob, seen=claim.version, parts=[lineage.Part(HEBREW), lineage.Part(LONG)])
        keep.claims["split"] = parts[0].pk
        return
    review = _written(claim, keep, size, bob, grace, unverifiable=path == "unverifiable")
    keep.reviews[path] = review.pk
    keep.evidence[path] = review.evidence.first().pk
    keep.replies[path] = review.replies.first().pk
    if path == "draft":
        ClaimReview.objects.filter(pk=review.pk).update(assignee=None)  # as if its writer had left
        return
    if path == "abandoned":
        reviews.abandon(review, by=bob, seen=review.version)
        return
    reviews.submit(review, by=bob, seen=review.version)
    if path in ("submitted", "sent_back"):
        _talk(review, keep, size, bob, carol)
    if path == "submitted":
        legal.mark(review, by=bob, seen=review.version, reason=f"It names a company. {LONG} {ARABIC}")
    if path == "sent_back":
        reviews.request_changes(review, by=carol, seen=review.version, reason=f"Which minutes? {LONG} {ARABIC}")
    if path in ("submitted", "sent_back"):
        return
    reviews.approve(review, by=carol, seen=review.version, compared=True)
    if path == "approved":
        return
    publication = publications.publish(review, by=carol, seen=review.version)
    keep.publications[path] = publication.slug
    if path == "retracted":
        publications.retract(review, by=carol, seen=review.version, reason=f"The minutes were of 2023. {LONG} {ARABIC}")
    if path in ("correcting", "corrected"):
        claim.refresh_from_db()
        changed = {"change_kind": "correction", "change_note": f"The sum was of 2023. {LONG}\n\n{ARABIC}"}
        again = _written(claim, keep, size, bob, grace, unverifiable=False, **changed)
        if path == "corrected":
            reviews.submit(again, by=bob, seen=again.version)
            reviews.approve(again, by=carol, seen=again.version, compared=True)
            publications.publish(again, by=carol, seen=again.version)
            keep.reviews["superseded"] = review.pk
        keep.reviews[path] = again.pk


def _requests(room: Newsroom, size: int) -> None:
    """What readers ask, about a fact-check and of the desk, in each status."""
    carol, about = room.people["carol"], Publication.objects.order_by("-pk").first()
    for _ in range(size):
        asked = {
            name: requests.ask(
                publication=about if name != "spam" else None,
                text=f"{MARKUP}\n\n{ARABIC} {LONG}",
                url=f"https://example.org/{LONG}",
                email="reader@example.org",
            )
            for name in ("open", "taken", "answered", "spam")
        }
        requests.take(asked["taken"], by=carol, seen=1)
        requests.answer(asked["answered"], by=carol, seen=1, outcome="corrected", text=f"{HEBREW} {LONG}\n\n{MARKUP}")
        requests.put_with_spam(asked["spam"], by=carol, seen=1)
    room.requests = {name: each.pk for name, each in asked.items()}
    room.receipts = {name: requests.receipt(each) for name, each in asked.items()}


def _talk(review: ClaimReview, keep: SimpleNamespace, size: int, bob: User, carol: User) -> None:
    """Comments on the claim and on each part of its review, in each status; and an approver who saw another version."""
    for _ in range(size):
        piece = review.evidence.order_by("-pk").first().pk
        on = [comments.On(review, part, piece if part == "evidence" else None) for part in Comment.Part.values]
        for each in (None, *on):
            text = f"@bob {MARKUP}\n\n{ARABIC} https://example.org/{LONG} {LONG}"
            comment = comments.write(review.claim, by=carol, text=text, on=each)
        keep.comments["open"] = comment.pk
        done = comments.write(review.claim, by=bob, text=f"{HEBREW} {LONG}")
        keep.comments["resolved"] = comments.resolve(done, by=carol, seen=done.version).pk
        gone = comments.write(review.claim, by=bob, text=LONG)
        keep.comments["withdrawn"] = comments.withdraw(gone, by=bob, seen=gone.version).pk
    Sighting.objects.create(
        review=review, person=carol, version=2, printed=publications.printed(review) | {"rationale": MARKUP}, sha256="0"
    )


def _written(
    claim: Claim, keep: SimpleNamespace, size: int, bob: User, grace: User, *, unverifiable: bool, **changed: str
) -> ClaimReview:
    """A draft with everything in it: evidence of each kind and stance, two writers, text in two directions."""
    review = reviews.begin(claim, by=bob, seen=claim.version)
    of_documents = claim.suggestions.filter(status="pending", passage__source__fact_check=None)
    for suggestion in of_documents.order_by("rank")[:2]:
        words = "Twelve million euros, exactly." if suggestion.passage.wording == "summary" else ""
        evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports", exact=words)
        keep.suggestions["accepted"] = suggestion.pk
    for _ in range(size):
        number = next(factories.number)
        review.refresh_from_db()
        document = evidence.add_document(
            review, by=bob, seen=review.version, stance="refutes", title=MARKUP, note=f"{LONG} {HEBREW}",
            url=f"https://example.com/{number}/{'y' * 120}", exact=f"{ARABIC} {LONG}", published="2024", primary=True,
        )  # fmt: skip
        originals.translate(
            document, by=bob, seen=review.version, language="ar", translation=f"{LONG} {MARKUP}", translator=HEBREW,
            translated_by_machine=True,
        )  # fmt: skip
        review.refresh_from_db()
        evidence.add_person(
            review, by=grace, seen=review.version, stance="context", public_wording=f"{HEBREW} {LONG}", note=MARKUP,
            identity=f"{ARABIC} {LONG}", in_confidence=MARKUP, readers=[bob],
        )  # fmt: skip
        evidence.add_search(
            review, by=bob, seen=review.version, searched_for=MARKUP, searched_where=f"{LONG} archive",
            searched_on=date(2026, 11, 23), note=ARABIC,
        )  # fmt: skip
    for number in range(size + 1):
        said = {"name": ARABIC[:60], "role": f"{MARKUP} {LONG}"[:190], "channel": "email"}
        days = {"asked_on": date(2026, 11, 16), "deadline": date(2026, 11, 20)}
        asked = replies.ask(review, by=bob, seen=review.version, **said, **days)
        if number:
            words = {"answer": f"{MARKUP}\n\n{HEBREW} {LONG}", "answered_on": days["deadline"]}
            replies.answered(asked, by=grace, seen=review.version, **words)
            review.refresh_from_db()
    answers = [(MARKUP, "done", ""), (LONG, "does_not_apply", LONG), (ARABIC, "done", MARKUP)]
    answers.append((OTHER_SIDE, "does_not_apply", HEBREW))
    checklist.answer(review, by=grace, seen=review.version, answers=answers)
    reviews.save(
        review,
        by=bob,
        seen=review.version,
        statement=claim.statement,
        speaker=claim.speaker,
        verdict="unverifiable" if unverifiable else "disputed",
        rating=None if unverifiable else 2,
        rationale=f"The minutes give another sum.\n\n{MARKUP}\n\n{ARABIC}\n\n{LONG}",
        as_of=date(2026, 11, 24),
        **changed,
    )
    factories.answer_doubts(review, bob)
    return review
