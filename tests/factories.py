"""Rows for tests, plainly. Each says only what the test cares about; the rest is sensible."""

import hashlib
import itertools
import json
import time
import uuid
from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from factcheck.models import (
    Anchor,
    ApiKey,
    Article,
    ArticleVersion,
    AuditEntry,
    Capture,
    Claim,
    ClaimPair,
    ClaimReview,
    Comment,
    ConflictOfInterest,
    Delivery,
    Desk,
    DeskPage,
    Draft,
    Evidence,
    FactCheck,
    Feed,
    FeedEntry,
    GateAnswer,
    Import,
    LegalReading,
    Lineage,
    LitigationHold,
    Notice,
    Passage,
    Polling,
    Publication,
    ReaderRequest,
    Reply,
    ReplyAddress,
    Role,
    Scope,
    Search,
    Snapshot,
    Source,
    Suggestion,
    Unreadable,
    User,
    WebhookEndpoint,
)
from factcheck.text import anchors
from factcheck.workflow import gate, gate_answers, keys, publications, readings, replies, steps, takedowns

number = itertools.count(1)

ASKED = {
    "name": "Ada Lind",
    "role": "spokesperson of the council",
    "channel": "email",
    "asked_on": date(2026, 11, 16),
    "deadline": date(2026, 11, 20),
}
LEANING = "They met Carl Nilsson at the bridge."
"""A statement that the machine doubts to stand alone and that names somebody, and the answers to that."""
TO_NAMES = {"keys": hashlib.sha256(b'["person", "Carl Nilsson"]').hexdigest(), "choice": "public"}
TO_LEANING = {
    "key": hashlib.sha256(json.dumps(["alone", LEANING]).encode()).hexdigest(),
    "choice": "stands",
    "reason": "It is plain.",
}
NOT_ASKED = "The claim is about a sum in public minutes."
TEXT = "The mayor opened the bridge on Monday. It cost 12 million euros, she said."


def person(name: str, role: str = "checker") -> User:
    return User.objects.create_user(f"{name.lower()}-{next(number)}@example.org", name, role)


def partner(name: str = "Northwind") -> User:
    return person(name, "partner")


def api_key(partner: User, *scopes: str, per_minute: int | None = None) -> str:
    """A new key of the partner, in clear: `Authorization: Bearer <it>`. Without scopes it has every one."""
    _, whole = keys.create_key(partner, by=partner, name="Newsroom", scopes=scopes or Scope.values, days=365)
    if per_minute is not None:
        ApiKey.objects.filter(partner=partner).update(per_minute=per_minute)
    return whole


def endpoint(whose: User) -> WebhookEndpoint:
    """Of a partner; for a person of the desk, who can have none, of some partner."""
    owner = whose if whose.role == Role.PARTNER else partner()
    url = f"https://hooks.example.org/{next(number)}"
    return WebhookEndpoint.objects.create(partner=owner, url=url, kinds=["review.published"])


def delivery(partner: User, **fields) -> Delivery:
    """A test that failed, of an endpoint of the partner's."""
    now = timezone.now()
    values = {"kind": "webhook.test", "state": "failed", "happened_at": now, "next_at": now, **fields}
    return Delivery.objects.create(endpoint=endpoint(partner), **values)


def desk(name: str = "The Desk", **fields) -> Desk:
    """With all its pages written, so that it may publish."""
    desk, _ = Desk.objects.get_or_create(id=1, defaults={"name": name, **fields})
    if not desk.pages.exists():
        pages = (DeskPage(kind=kind, version=1, text="We look it up.") for kind in DeskPage.PUBLIC)
        DeskPage.objects.bulk_create(pages)
    return desk


def checklist(desk: Desk, steps: list[str]) -> Desk:
    """The desk with the next version of its method, which asks for these steps."""
    said = {"version": desk.method_version + 1, "text": "We look it up.", "checklist": steps}
    DeskPage.objects.create(desk=desk, kind="method", **said)
    return desk


def article(text: str = TEXT, **fields) -> Article:
    article = Article.objects.create(**fields)
    version(article, text)
    return article


def fetched(text: str = TEXT, **fields) -> Article:
    """Its text came from its page."""
    article = Article.objects.create(url="https://example.org/news", **fields)
    version(article, text, fetched_from=article.url)
    return article


def version(of: Article, text: str = TEXT, fetched_from: str = "", language: str = "en") -> ArticleVersion:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    capture = None
    if fetched_from:
        capture = Capture.objects.create(
            article=of, url=fetched_from, final_url=fetched_from, media_type="text/html", sha256=sha256
        )
    return ArticleVersion.objects.create(
        capture=capture,
        article=of,
        number=of.versions.count() + 1,
        language=language,
        text=text,
        sha256=sha256,
        raw=text.encode(),
        raw_sha256=sha256,
    )


def claim(of: Article | None = None, **fields) -> Claim:
    values = {"kind": "event", "statement": "The mayor opened the bridge.", "model_version": "test", **fields}
    return Claim.objects.create(article=of or article(), **values)


def anchor(of: Claim, start: int = 0, end: int = 38) -> Anchor:
    version = of.article.current
    quote = anchors.described(version.text, start, end)
    return Anchor.objects.create(
        claim=of,
        article_version=version,
        start=start,
        end=end,
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
    )


def lineage(before: Claim, after: Claim | None = None, **fields) -> Lineage:
    """The unsaved row that says that `after` took the place of `before`, whose status is the caller's."""
    values = {"act": uuid.uuid4(), "kind": "split", "by": person("Bob"), **fields}
    return Lineage(before=before, after=after or claim(before.article), **values)


def source(title: str = "Minutes of the council", passages: tuple[str, ...] = ("The bridge cost 12 million euros.",)):
    source = Source.objects.create(title=title, kind="primary", seen="page")
    for position, text in enumerate(passages, start=1):
        Passage.objects.create(source=source, position=position, heading=title, text=text, wording="original")
    return source


def fact_check(only_with: Article | None = None, **fields) -> FactCheck:
    """Somebody else's, with its source and the passage that it is found by. only_with: an article that is confidential,
    beside which it came to light."""
    claim = fields.setdefault("claim_reviewed", f"The bridge cost {next(number)} million euros.")
    source = Source.objects.create(
        title=claim, kind="fact_check", seen="cited", url="https://checks.example.org/bridge",
        part=hashlib.sha256(claim.encode()).hexdigest(), confidential_with=only_with,
    )  # fmt: skip
    Passage.objects.create(source=source, position=1, text=claim, wording="original")
    return FactCheck.objects.create(**{"source": source, "rating": "Mostly false", "raw": "{}", **fields})


def import_(**fields) -> Import:
    values = {
        "kind": "sources",
        "name": "sources.csv",
        "submission": f"{next(number):064x}",
        "act": uuid.uuid4(),
        **fields,
    }
    return Import.objects.create(**values)


def suggestion(of: Claim | None = None, passage: Passage | None = None, **fields) -> Suggestion:
    values = {"provider": "library", "rank": 1, "score": 0.5, "model_version": "test", **fields}
    return Suggestion.objects.create(claim=of or claim(), passage=passage or source().passages.get(), **values)


def pair(one: Claim | None = None, other: Claim | None = None, **fields) -> ClaimPair:
    """Of two articles, and proposed."""
    both = sorted((one or claim(), other or claim()), key=lambda each: each.pk)
    values = {"score": 0.9, "reasons": ["the same words"], "model_version": "test", **fields}
    return ClaimPair.objects.create(one=both[0], other=both[1], **values)


def feed(**fields) -> Feed:
    """Due, and never polled."""
    feed = Feed.objects.create(**{"url": f"https://example.org/feed-{next(number)}.xml", **fields})
    Polling.objects.create(feed=feed)
    return feed


def feed_entry(**fields) -> FeedEntry:
    values = {"feed": fields.get("feed") or feed(), "article": article(), **fields}
    return FeedEntry.objects.create(link=f"{next(number):064}", **values)


def snapshot(text: str = "The bridge cost 12 million euros, the council noted.") -> Snapshot:
    return Snapshot.objects.create(
        source=source(), text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), origin="fetched"
    )


def draft(by: User, of: Claim | None = None) -> ClaimReview:
    """A claim in review with its empty draft."""
    claimed = of or claim()
    with transaction.atomic():  # the rule "in review exactly while a review is open" speaks at commit
        review = ClaimReview.objects.create(claim=claimed, statement=claimed.statement, writer=by, written_by=[by.pk])
        Claim.objects.filter(pk=claimed.pk).update(status="in_review")
    claimed.refresh_from_db()
    return review


def typed(by: User, of: ClaimReview | None = None, **fields: str) -> Draft:
    """What somebody typed into a review that said nothing yet, and did not save."""
    review = of or draft(by)
    base = dict.fromkeys(Draft.FIELDS, "") | {"statement": review.statement}
    return Draft.objects.create(review=review, person=by, base=base, typed=base | {"rationale": "It says."} | fields)


def conflict(of: Claim, person: User) -> ConflictOfInterest:
    return ConflictOfInterest.objects.create(claim=of, person=person, reason="My brother built it.", declared_by=person)


def comment(by: User, of: Claim | None = None, **fields) -> Comment:
    return Comment.objects.create(**{"claim": of or claim(), "author": by, "text": "Which minutes?", **fields})


def notice(of: User, about: Claim | None = None, **fields) -> Notice:
    values = {"kind": "mentioned", "event": f"comment-{next(number)}", "claim": about or claim(), **fields}
    return Notice.objects.create(person=of, **values)


def evidence(of: ClaimReview, by: User, **fields) -> Evidence:
    values = {"kind": "document", "stance": "supports", "snapshot": snapshot(), "exact": "12 million euros", **fields}
    return Evidence.objects.create(review=of, writer=by, **values)


def changed(review: ClaimReview) -> dict[str, str]:
    """What a review says beside the rest where one of its claim was published before."""
    earlier = Publication.objects.filter(review__claim=review.claim_id).exists()
    return {"change_kind": "correction", "change_note": "The sum was wrong."} if earlier else {}


def reply(of: ClaimReview, by: User, **fields) -> Reply:
    """Nobody was asked; with fields, somebody was."""
    reply = Reply.objects.create(review=of, writer=by, **(fields or {"not_asked": NOT_ASKED}))
    of.refresh_from_db()
    return reply


def legal_reading(of: ClaimReview, by: User, **fields) -> LegalReading:
    """Standing; with cleared_by, cleared."""
    cleared = {"cleared_at": Now(), "note": "No risk."} if "cleared_by" in fields else {}
    return LegalReading.objects.create(review=of, reason="It names a company.", marked_by=by, **cleared, **fields)


def gate_answer(of: ClaimReview, by: User, **fields) -> GateAnswer:
    values = {"doubt": "person", "choice": "public", "subject": "Ada Lind", "sha256": "0" * 64, **fields}
    return GateAnswer.objects.create(review=of, by=by, **values)


def nobody_asked(review: ClaimReview, by: User) -> None:
    """By its verb: what most tests that publish have to say before they do."""
    if not review.replies.exists():  # a correction begins with those of what it corrects
        replies.none_asked(review, by=by, seen=review.version, reason=NOT_ASKED)


def read_by_machine(review: ClaimReview) -> None:
    """What a worker does as soon as the words of a review change."""
    readings.ensure(review, by=None)
    steps.perform(readings.step(review).pk)
    late = time.monotonic() + 30
    while readings.is_underway(readings.step(review)) and time.monotonic() < late:  # a worker beside us was first
        time.sleep(0.1)


def leaning(by: User) -> ClaimReview:
    """A draft that says LEANING, and was read."""
    review = draft(by, claim(statement=LEANING))
    read_by_machine(review)
    return review


def answer_doubts(review: ClaimReview, by: User) -> None:
    """By its verb: whatever the machine doubts about a draft, a person settles."""
    read_by_machine(review)
    for of in gate.findings(review):
        if of.stops and of.doubt not in ("", "pasted"):
            said = {"key": of.key, "choice": of.choices[0], "reason": "It is plain."}
            gate_answers.answer(review, by=by, seen=review.version, **said)


def complete(by: User, of: Claim | None = None) -> ClaimReview:
    """A draft that could be submitted, and published without another word once it is approved."""
    review = draft(by, of)
    evidence(review, by)
    reply(review, by)
    ClaimReview.objects.filter(pk=review.pk).update(
        verdict="verified", rating=5, rationale="The minutes give the sum.", as_of=date(2026, 11, 24), **changed(review)
    )
    review.refresh_from_db()
    return review


def reviewed_until(status: str, by: User, approver: User, of: Claim | None = None) -> ClaimReview:
    """A review that has walked to `status` along its arrows. One of the same claim that is published is superseded."""
    review = complete(by, of)
    signed = ["submitted", "approved", "published"]
    path = {"draft": [], "abandoned": ["abandoned"], "submitted": signed[:1], "approved": signed[:2]}
    path |= {"published": signed, "retracted": [*signed, "retracted"], "superseded": signed}
    for step in path[status]:
        with transaction.atomic():
            walk(review, step, approver)
    if status == "superseded":
        published(by, approver, of=review.claim)
    review.refresh_from_db()
    return review


def walk(review: ClaimReview, step: str, approver: User) -> None:
    """One arrow of a review, with what must go along. The caller's transaction: some rules speak at COMMIT."""
    claim, this = Claim.objects.filter(pk=review.claim_id), ClaimReview.objects.filter(pk=review.pk)
    match step:
        case "abandoned":
            has_public = ClaimReview.objects.filter(claim=review.claim_id, status="published").exists()
            claim.update(status="reviewed" if has_public else "detected")
        case "published":
            ClaimReview.objects.filter(claim=review.claim_id, status="published").update(status="superseded")
            page = publication(review, approver)
            page.save()
            enter(page, "publication.published", approver, page.sha256)
            claim.update(status="reviewed")
        case "retracted":
            retraction(review, approver)
            claim.filter(status="reviewed").update(status="detected")
    this.update(status=step, **({"approver": approver} if step == "approved" else {}))
    if step == "approved":
        sign(this.get(), approver)


def sign(review: ClaimReview, approver: User) -> None:
    """What approving by its verb leaves in the trail: how everything stood that the approver read."""
    enter(review, "claimreview.signed", approver, publications.signature(review))


def enter(row: ClaimReview | Publication, verb: str, by: User, new: str) -> None:
    """What a verb leaves in the trail."""
    review = row if isinstance(row, ClaimReview) else row.review
    AuditEntry.record(row, verb, by=by, act=uuid.uuid4(), chain=str(review.claim.article.uuid), new=new)


def publication(of: ClaimReview, by: User, **fields) -> Publication:
    """The unsaved page of an approved review."""
    page = {"content": {"statement": of.statement}, "jsonld": {"@type": "ClaimReview"}}
    frozen = fields.pop("frozen", publications.canonical(page))
    values = {
        "slug": f"the-bridge-{of.claim_id}",
        "number": Publication.objects.filter(review__claim=of.claim_id).count() + 1,
        "sha256": hashlib.sha256(frozen.encode()).hexdigest(),
        "method_version": 1,
        **fields,
    }
    return Publication(review=of, published_by=by, frozen=frozen, **values)


def takedown(of: ClaimReview, by: User) -> Publication:
    """By its verb; the trail knows of it."""
    of.refresh_from_db()
    return takedowns.take_down(of, by=by, seen=of.version, reason="A court demands it.", ground="Ruling 7 O 12/26")


def hold(on: Article, by: User, **fields) -> LitigationHold:
    return LitigationHold.objects.create(**{"article": on, "reason": "Lind v. the desk", "placed_by": by, **fields})


def retraction(of: ClaimReview, by: User, reason: str = "The minutes were forged.") -> None:
    """The public reason, beside a review that is retracted in the same transaction."""
    page = Publication.objects.filter(review=of)
    page.update(retraction_reason=reason, retracted_by=by, retracted_at=Now())
    enter(page.get(), "publication.retracted", by, hashlib.sha256(reason.encode()).hexdigest())


def published(by: User, approver: User, of: Claim | None = None) -> ClaimReview:
    """A published review, whose claim is reviewed."""
    return reviewed_until("published", by, approver, of)


def unreadable(**fields) -> Unreadable:
    raw = f"%PDF {next(number)}".encode()
    digest = hashlib.sha256(raw).hexdigest()
    return Unreadable.objects.create(**{"raw": raw, "size": len(raw), "sha256": digest, "sentence": "No.", **fields})


def reader_request(email: str = "", **fields) -> ReaderRequest:
    """Open, to the desk as a whole. email: where its reader wants the answer."""
    row = ReaderRequest.objects.create(**{"text": "It cost 13 million.", **fields})
    if email:
        ReplyAddress.objects.create(request=row, email=email)
    return row


SEARXNG = {"searxng": {"url": "http://127.0.0.1:1", "per_minute": 30}}
"""For settings.PROVIDERS: one service is switched on, and nobody answers there."""


def search(of: Claim | None = None, *, sent: bool = False, **fields) -> Search:
    """Queued by nobody; with sent, recorded as sent once."""
    search = Search.objects.create(
        claim=of or claim(), **{"provider": "wikipedia", "words": "bridge OR mayor", **fields}
    )
    if sent:
        Search.objects.filter(pk=search.pk).update(sendings=1, sent_at=Now(), sent_to="en.wikipedia.org")
        search.refresh_from_db()
    return search


def page_of(source: Source, text: str, origin: str = "fetched") -> Snapshot:
    """The source's page, as it was fetched, or what somebody pasted."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Snapshot.objects.create(source=source, text=text, sha256=sha256, origin=origin)


def found(of: Claim | None = None, url: str = "", **fields) -> Suggestion:
    """A page that a service outside named, which nobody has read."""
    url = url or f"https://example.org/found/{next(number)}"
    source = Source.objects.create(title="Bridges of the lake", kind="secondary", seen="found", url=url, **fields)
    said = Passage.objects.create(
        source=source, position=1, heading=source.title, text="Of a bridge.", wording="summary"
    )
    features = {"names": [], "numbers": [], "words": ["bridge"]}
    return suggestion(of, said, provider="wikipedia", score=0.35, features=features)
