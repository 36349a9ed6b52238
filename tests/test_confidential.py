"""What was told in confidence stays there: marker words are planted in every field of a confidential article, and in
what a person told in confidence, and looked for behind every door.

A door that is added is walked as well: pages, API and admin by their address lists, exports and feeds among them.
"""

import copy
import hashlib
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.core.management import call_command
from django.db.models.functions import Now
from django.test import Client

from config import logs
from factcheck.models import (
    Anchor,
    Article,
    ArticleVersion,
    AuditEntry,
    AuditText,
    Claim,
    ClaimPair,
    ClaimReview,
    ConfidentialPart,
    Evidence,
    FeedEntry,
    Job,
    Notice,
    Role,
    SavedView,
    Search,
    Snapshot,
    Source,
    SourceCapture,
    Suggestion,
    User,
)
from factcheck.web import articles
from factcheck.web.exports import LISTS
from factcheck.workflow import (
    assignments,
    claims,
    comments,
    conflicts,
    evidence,
    feeds,
    holds,
    leases,
    lineage,
    marking,
    notice_mails,
    notices,
    originals,
    pairs,
    requests,
    reviews,
    sightings,
    steps,
    unreadable,
)
from factcheck.workflow.articles import ingest, lift_confidence
from tests import factories
from tests.browser.addresses import addresses, api_addresses, filled, keys, routes
from tests.browser.newsroom import Newsroom

pytestmark = [pytest.mark.database, pytest.mark.django_db]

MARKER = re.compile(r"qx[a-z]+zzy", re.IGNORECASE)
IDENTITY = re.compile(r"qx(identity|inconfidence)zzy", re.IGNORECASE)


def mark(name: str) -> str:
    return f"qx{name}zzy"


@dataclass
class Secret:
    """A confidential article that only bob and carol see, and on it every kind of row there is."""

    room: Newsroom
    bob: User
    carol: User
    frank: User  # a reader who may not touch it: he has a conflict of interest
    article: Article
    claim: Claim
    review: ClaimReview
    person: Evidence
    mails: list


@pytest.fixture(scope="module")
def told(kept) -> Secret:
    mail.outbox.clear()  # of the test before
    return kept(tell)


@pytest.fixture
def secret(told, db) -> Secret:
    return copy.deepcopy(told)


def tell() -> Secret:
    asked = requests.ask(publication=None, text="It cost 13 million.", email=f"{mark('reader')}@example.org")
    bob, carol, frank = (factories.person(*who) for who in (("Ben", "checker"), ("Cleo", "editor"), ("Fay", "editor")))
    text = f"The {mark('text')} opened on Monday. It cost 12 million euros, {mark('speaker')} said."
    page = (
        '<html lang="en"><head><link rel="canonical" href="https://example.org/same">'
        f'<meta property="og:site_name" content="{mark("outlet")}"></head><body><article><p>{text}</p></article></body>'
    )
    article = ingest(
        page, by=bob, title=mark("title"), byline=mark("byline"), url=f"https://example.org/{mark('address')}",
        note=mark("note"), confidential=True, readers=[carol, frank], file=f"{mark('file')}.html",
    )  # fmt: skip
    ingest(None, by=frank, url="https://example.org/same")  # seen by all: it must not lead to the other
    claim = factories.claim(article, statement=f"It is {mark('first')}.", speaker=mark("speaker"))
    factories.anchor(claim)
    claims.edit_statement(claim, by=bob, seen=claim.version, statement=f"It is {mark('statement')}.")
    at = {"start": 0, "end": 3, "exact": "The", "statement": f"It is {mark('added')}."}
    aside = marking.add(article, by=bob, seen=article.version, **at)
    marking.dismiss(aside, by=bob, seen=aside.version, reason=mark("aside"))
    halved = marking.add(article, by=bob, seen=article.version, **{**at, "statement": f"It is {mark('halved')}."})
    lineage.split(halved, by=bob, seen=1, parts=[lineage.Part(mark("half")), lineage.Part(mark("otherhalf"))])
    suggestion = factories.suggestion(claim)
    elsewhere = factories.pair(claim, factories.claim(statement="Somebody else says it, too."))
    pairs.refuse(elsewhere, by=bob, seen=elsewhere.version, reason=mark("another"))
    sent_before_it_was_confidential(claim)
    conflict = conflicts.declare(claim, by=carol, person=frank, reason=mark("conflict"))
    review = reviews.begin(claim, by=bob, seen=claim.version)
    document = {"title": mark("source"), "url": f"https://example.org/{mark('document')}", "exact": mark("exact")}
    evidence.add_document(review, by=bob, seen=review.version, stance="supports", note=mark("why"), **document)
    person = evidence.add_person(
        review, by=bob, seen=review.version, stance="context", public_wording=mark("wording"),
        identity=mark("identity"), in_confidence=mark("inconfidence"), readers=[frank],
    )  # fmt: skip
    evidence.dismiss(suggestion, by=bob, seen=suggestion.version, reason=mark("dismissal"))
    reviews.save(
        review, by=bob, seen=review.version, statement=mark("claimed"), speaker=mark("speaker"), verdict="unverifiable",
        rating=None, rationale=mark("rationale"), as_of=article.created_at.date(),
    )  # fmt: skip
    tell_of_the_original(review, bob)
    said = comments.write(claim, by=bob, text=f"@{carol.handle} {mark('talk')}")
    notices.follow(claim, by=frank, follows=True)
    reviews.submit(review, by=bob, seen=review.version)
    sightings.see(review, by=carol)
    reviews.request_changes(review, by=carol, seen=review.version, reason=mark("changes"))
    factories.typed(bob, review, rationale=mark("draft"))
    dead = article.jobs.filter(kind=Job.Kind.SPLIT).get()
    Job.objects.filter(pk=dead.pk).update(state="running", attempts=1, lease_until=article.created_at)
    Job.objects.filter(pk=dead.pk).update(state="dead", lease_until=None, last_error=f"ValueError: {mark('error')}")
    source = Source.objects.get(confidential_with=article, seen="page")
    SourceCapture.objects.create(
        source=source, file_name=mark("pdf"), media_type="text/html", sha256=hashlib.sha256(b"").hexdigest(), raw=b""
    )
    feed = feeds.add(by=carol, url="https://example.org/feed")
    FeedEntry.objects.create(feed=feed, link="0" * 64, article=article)
    unread = unreadable.keep(
        b"%PDF", by=bob, file=f"{mark('unread')}.pdf", sentence=f"{mark('why')} not", confidential=True, readers=[carol]
    )
    settled = unreadable.keep(b"PK", by=bob, file=mark("aside"), sentence="No.", confidential=True, readers=[carol])
    unreadable.set_aside(settled, by=bob, seen=settled.version, reason=mark("reason"))
    claim.refresh_from_db()
    assignments.assign(claim, by=carol, seen=claim.version, to=bob)
    leases.begin(claim, by=bob)
    hold = holds.place(article, by=carol, reason=mark("hold"))
    view = SavedView.objects.create(owner=bob, name=mark("view"), query=f"speaker={mark('speaker')}")
    room = Newsroom(
        {role.value: factories.person(f"Other-{role}", role) for role in Role},
        articles={"secret": article.pk},
        claims={"detected": claim.pk, "dismissed": aside.pk, "superseded": halved.pk},
        suggestions={"secret": suggestion.pk},
        reviews={"secret": review.pk},
        evidence={"secret": person.pk},
        publications={"secret": "no-such-fact-check", "corrected": "no-such-fact-check"},
        jobs={"secret": dead.pk},
        feeds={"open": feed.pk},
        sources={"secret": source.pk},
        conflicts={"secret": conflict.pk},
        comments={"secret": said.pk},
        pairs={"secret": elsewhere.pk},
        unreadable={"secret": unread.pk},
        views={"secret": view.pk},
        requests={"to the desk": asked.pk},
        receipts={"to the desk": requests.receipt(asked)},
        holds={"secret": hold.pk},
    )
    room.articles |= dict.fromkeys(("latin", "changed"), article.pk)  # the walk opens claims beside it, and its texts
    return Secret(room, bob, carol, frank, article, claim, review, person, list(mail.outbox))


def tell_of_the_original(review: ClaimReview, bob: User) -> None:
    document = review.evidence.get(kind="document")
    originals.translate(
        document, by=bob, seen=review.version, language="ar", translation=mark("translation"),
        translator=mark("translator"), translated_by_machine=False,
    )  # fmt: skip
    review.refresh_from_db()
    originals.describe(
        review, by=bob, seen=review.version, speaker_kind="person", speaker_same_as=f"https://{mark('who')}.example.org/",
        first_appearance=f"https://{mark('firstplace')}.example.org/", quote_translation=mark("quoted"),
        quote_translator=mark("interpreter"), quote_translated_by_machine=False,
    )  # fmt: skip


def sent_before_it_was_confidential(claim: Claim) -> None:
    """Words of it were sent outside while they might be; what was found is kept with it."""
    of_it = Article.objects.filter(pk=claim.article_id)
    of_it.update(confidential=False, outside_search="allowed")
    factories.search(claim, words=mark("sent"), sent=True)
    of_it.update(confidential=True, outside_search="never")
    url = f"https://example.org/{mark('found')}"
    suggestion = factories.found(claim, url=url, confidential_with=claim.article)
    factories.page_of(suggestion.passage.source, mark("fetched"))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, as the desk's own formatter writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def window(who: User | None) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    if who is not None:
        client.force_login(who)
    return client


MODELS = (Article, AuditEntry, Claim, ClaimPair, ClaimReview, Evidence, Job, Search, Source, Suggestion)


def places(secret: Secret) -> list[str]:
    """Every address there is, with the secret rows' keys; the admin's lists searched for the marker words, its rows,
    their histories.
    """
    found = [each.path for each in (*addresses(secret.room), *api_addresses(secret.room))]
    names = ("article", "articleversion", "claim", "anchor", "suggestion", "claimreview", "evidence", "snapshot")
    for name in (
        *names,
        "claimpair",
        "search",
        "source",
        "passage",
        "job",
        "auditentry",
        "publication",
        "litigationhold",
        "user",
        "outlet",
    ):
        found += [f"/admin/factcheck/{name}/", f"/admin/factcheck/{name}/?q={mark('title')}"]
        found += [f"/admin/factcheck/{name}/?q=qx"]
    for model in MODELS:
        for row in model.objects.all():
            if model.objects.filter(pk=row.pk).visible_to(secret.room.people["auditor"]).exists():
                continue
            base = f"/admin/factcheck/{model._meta.model_name}/{row.pk}"
            found += [f"{base}/change/", f"{base}/history/"]
    for paired in Claim.objects.filter(article__confidential=False):  # what stands on the other side of a pair
        found += [f"/claims/{paired.pk}/", f"/api/v1/pairs/?claim={paired.pk}"]
        found.append(f"/articles/{paired.article_id}/trail/")
    found += [f"/articles/{alike.pk}/" for alike in Article.objects.filter(confidential=False)]
    found += ["/?status=any", "/?status=any&order=article", "/?status=any&due=dated", f"/?words={mark('statement')}"]
    found += [f"/api/v1/claims/?words={mark('statement')}"]
    found += [f"/sources/?words={mark(name)}" for name in ("source", "exact")]
    found += [f"/api/v1/sources/?words={mark(name)}" for name in ("source", "exact")]
    found += ["/admin/", "/api/v1/articles/?limit=100", "/api/v1/reviews/?limit=100", "/api/v1/claims/?limit=100"]
    return found


def exports(client: Client) -> str:
    """The trail as it is taken away, in both forms; "" for who may not."""
    taken = [client.post("/trail/export", {"form": form}) for form in ("ndjson", "csv")]
    return "".join(b"".join(each.streaming_content).decode() for each in taken if each.status_code == 200)


def lists(client: Client) -> str:
    """The desk's lists as they are taken away; "" for a stranger."""
    taken = [client.post(f"/desk/export/{listed}", {"form": "jsonl"}) for listed in LISTS]
    return "".join(each.getvalue().decode() for each in taken if each.status_code == 200)


def leaks(client: Client, paths: list[str], marker: re.Pattern = MARKER) -> list[str]:
    found = []
    for path in paths:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = {word.group() for word in marker.finditer(body.decode(errors="replace"))}
        asked = {word.group() for word in marker.finditer(path)}  # a search says back what was searched for
        if told - asked:
            found.append(f"{path}: {sorted(told - asked)}")
        if answer.status_code >= 500:
            found.append(f"{path}: {answer.status_code}")
    return found


@pytest.mark.parametrize("role", [*Role, None])
def test_nobody_else_reads_a_word_of_it(secret, role, log):
    paths = places(secret)
    client = window(secret.room.people[role.value] if role else None)
    assert leaks(client, paths) == []
    assert not MARKER.search(exports(client) + lists(client))
    assert "request_finished" in log.getvalue()
    assert not MARKER.search(log.getvalue())
    assert len(paths) > 120


def test_its_readers_read_every_word_on_the_pages(secret):
    """The test above could find each of them."""
    seen, client = set(), window(secret.carol)
    for path in places(secret):
        body = client.get(path)
        seen |= set(MARKER.findall(b"".join(body).decode(errors="replace")))
    planted = {
        "title", "byline", "note", "address", "text", "speaker", "statement", "conflict", "source", "exact", "why",
        "document", "wording", "dismissal", "claimed", "rationale", "changes", "error", "first",
        "added", "aside", "halved", "half", "otherhalf", "unread", "reason",
        "another",
        "pdf", "talk", "hold", "translation", "translator", "who", "firstplace", "quoted", "interpreter",
    }  # fmt: skip
    assert {mark(name) for name in planted} <= seen
    assert mark("draft") not in seen, "what bob has typed and not saved is bob's alone"
    assert mark("draft") in window(secret.bob).get(f"/claims/{secret.claim.pk}/").content.decode()
    assert {mark("statement"), mark("rationale")} <= set(MARKER.findall(exports(window(secret.carol))))


def test_its_readers_take_no_word_of_it_away_with_a_list(secret):
    found = lists(window(secret.carol))
    assert "Somebody else says it, too." in found
    assert not MARKER.search(found)


def test_what_is_hidden_looks_as_if_it_were_not_there(secret):
    """The same status and the same words for a hidden key and for one that no row has, at every page and verb."""
    hidden, unknown = keys(secret.room), {}
    for word, known in hidden.items():
        unknown[word] = {name: key if isinstance(key, str) else 987_654_321 for name, key in known.items()}
    for role in ("checker", "editor", "administrator", "auditor"):
        client = window(secret.room.people[role])
        for route, pattern in routes():
            elsewhere = ("admin/", "accounts/", "static/", "fact-checks/", "sitemaps/", "feeds/", "requests/")
            if "<" not in route or route.startswith(elsewhere):
                continue
            method = getattr(client, _method(route, pattern))
            for one, other in zip(filled(route, hidden), filled(route, unknown), strict=True):
                got, expected = (_seen(method(address.path), address.path) for address in (one, other))
                assert got == expected, (role, one.path)
                told = "trail" in route or route.startswith(
                    ("api/v1/publications", "api/v1/webhooks", "partner/", "problems/")
                )
                assert got[0] == 404 or told, (role, one.path, got)


def test_the_admin_answers_for_a_hidden_row_like_for_none(secret):
    """Each page of a row: the same redirect and the same sentence, but for the key."""
    client = window(secret.room.people["auditor"])
    for model in (*MODELS, Anchor, ArticleVersion, Snapshot):
        hidden = model.objects.exclude(pk__in=model.objects.visible_to(secret.room.people["auditor"])).first()
        assert hidden is not None, model
        for page in ("change", "history", "delete"):
            answers = []
            for key in (hidden.pk, 987_654_321):
                answer = client.get(f"/admin/factcheck/{model._meta.model_name}/{key}/{page}/", follow=True)
                said = [str(message).replace(str(key), "KEY") for message in get_messages(answer.wsgi_request)]
                answers.append((answer.status_code, answer.redirect_chain, said))
            assert answers[0] == answers[1], (model, page)


def _method(route: str, pattern) -> str:
    """The first that the address takes."""
    view = getattr(pattern.callback, "cls", None)
    if view is None:
        return "get" if route.endswith(("/", "trail")) else "post"
    return next(name for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name))


def _seen(answer, path: str) -> tuple[int, str]:
    key = re.search(r"\d+", path.removeprefix("/api/v1"))
    body = answer.content.decode()
    # Keys to press are no rows' keys.
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|<kbd>\d</kbd>', "", body)
    return answer.status_code, re.sub(rf"(?<![\w-])(?<!scale=){key.group()}(?!\w)", "KEY", body) if key else body


def test_what_was_told_in_confidence_is_read_by_those_it_names_and_leaves_by_no_door(secret):
    secret.article.refresh_from_db()
    lift_confidence(secret.article, by=secret.carol, seen=secret.article.version)
    paths = places(secret)
    here = f"/claims/{secret.claim.pk}/"
    assert leaks(window(secret.room.people["editor"]), paths, IDENTITY) == []
    for reader in (secret.bob, secret.frank):
        page = window(reader).get(here).content.decode()
        assert mark("identity") in page
        assert mark("inconfidence") in page
    elsewhere = [path for path in paths if not path.startswith((here, f"/reviews/{secret.review.pk}/"))]
    assert leaks(window(secret.frank), elsewhere, IDENTITY) == []
    assert not IDENTITY.search(exports(window(secret.frank)) + lists(window(secret.frank)))
    assert mark("wording") in window(secret.room.people["checker"]).get(here).content.decode()
    assert not AuditText.objects.filter(text__iregex=IDENTITY.pattern).exists()


def test_what_was_typed_for_a_row_that_is_hidden_meanwhile_is_shown_again(secret):
    page = window(secret.room.people["checker"]).post(
        f"/reviews/{secret.review.pk}/save", {"rationale": "A morning's work.", "seen": "1"}
    )
    assert page.status_code == 404
    assert "A morning&#x27;s work." in page.content.decode()


def test_an_administrator_of_an_article_hidden_from_her_erases_nothing_she_cannot_see(secret):
    answer = window(secret.room.people["administrator"]).post(
        f"/evidence/{secret.person.pk}/erase-confidence", {"reason": "Please"}
    )
    assert answer.status_code == 404
    assert ConfidentialPart.objects.get(pk=secret.person.pk).identity == mark("identity")


def test_no_mail_and_no_command_tells_of_it(secret, capsys, settings, tmp_path):
    settings.AUDIT_ROOTS_DIR = tmp_path
    call_command("verify_audit")
    assert not MARKER.search("".join(capsys.readouterr()))
    assert mail.outbox == secret.mails == []
    Notice.objects.update(due_at=Now())
    assert notice_mails.send_due() == 3
    sent = "".join(each.message().as_string() for each in mail.outbox)
    assert "Something happened in a confidential article." in sent
    assert not MARKER.search(sent)
    secret.article.readers.remove(secret.carol)
    Notice.objects.update(read_at=None)
    assert not Notice.objects.visible_to(secret.carol).exists()
    assert Notice.objects.filter(person=secret.carol).exists()


def test_a_failing_step_says_nothing_of_the_text_in_the_log(secret, log, monkeypatch):
    job = secret.article.jobs.filter(kind=Job.Kind.SUGGEST).get()

    def fail(job):
        raise ValueError(f"cannot read {mark('text')}") from KeyError(mark("title"))

    monkeypatch.setitem(steps.STEPS, Job.Kind.SUGGEST, steps.Step(fail, lambda job, found: None))
    steps.perform(job.pk)
    assert Job.objects.get(pk=job.pk).last_error == f"ValueError: cannot read {mark('text')}"  # its readers see it
    assert "builtins.ValueError at" in log.getvalue()
    assert "caused by builtins.KeyError" in log.getvalue()
    assert not MARKER.search(log.getvalue())


def test_a_page_that_fails_says_nothing_of_the_text_in_the_log(secret, log, monkeypatch):
    monkeypatch.setattr(articles, "marked", lambda text, anchors: {}[text])
    assert window(secret.bob).get(f"/articles/{secret.article.pk}/").status_code == 500
    assert "builtins.KeyError at" in log.getvalue()
    assert not MARKER.search(log.getvalue())
