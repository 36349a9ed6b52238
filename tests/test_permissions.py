"""The permission table, walked: verb × role × own/others' rows, through every door that leads to the verb.

A verb that is added to the table without a way to try it here fails; so does a form whose address nobody tries.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from config.databases import as_owner
from factcheck.exceptions import NotAllowed, Refused
from factcheck.models import (
    ApiKey,
    Article,
    AuditEntry,
    ConfidentialPart,
    Desk,
    Draft,
    Job,
    Notice,
    Role,
    SavedView,
    Unreadable,
    User,
)
from factcheck.permissions import MAY, SOMEBODY_ELSE, Reach, may
from factcheck.web import forms
from factcheck.workflow import (
    changes,
    comments,
    feeds,
    keys,
    lineage,
    marking,
    people,
    source_documents,
    sources,
    unreadable,
)
from tests import factories
from tests.api.addresses import BODIES, dead_job
from tests.browser.addresses import routes
from tests.text.test_claimreviews import as_json, node

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TYPED = {"statement": "It cost 12 million.", "finding": "5", "rationale": "The minutes say so.", "as_of": "2026-11-24"}


@dataclass
class Try:
    """How a verb is tried. make(owner): a row that is `owner`'s own, in the state that the verb asks for."""

    make: Callable[[User], Any]
    web: list[tuple[str, dict | Callable[[], dict]]] = field(
        default_factory=list
    )  # names of addresses, and what is typed there
    api: list[str] = field(default_factory=list)  # operations, as tests/api/addresses.py writes them
    action: tuple[str, str] | None = None  # of the admin: kind of row, action
    code: Callable[[Any, User], Any] | None = None  # no page leads there: the verb itself, or the admin's form
    owned: bool = True  # the row can be somebody's own


def somebody() -> User:
    return factories.person("Somebody", Role.CHECKER)


def of_the_desk(_owner: User) -> None:
    factories.desk()


def article_of(owner: User) -> Article:
    return factories.article(submitted_by=owner)


def unread_of(owner: User) -> Unreadable:
    """One that the desk has learned to read meanwhile."""
    text = f"The bridge cost {next(factories.number)} million euros."
    return unreadable.keep(text.encode(), by=owner, file="bridge.txt", sentence="Not UTF-8.")


def found_outside(_owner: User):
    return factories.found()


def review_in(status: str) -> Callable[[User], Any]:
    def make(owner: User):
        of_the_desk(owner)
        claim = factories.claim()
        factories.anchor(claim)
        signer = factories.person("Signer", Role.EDITOR)
        return factories.reviewed_until(status, owner, signer, of=claim)

    return make


def told_in_confidence(owner: User):
    piece = factories.evidence(
        factories.draft(owner), owner, kind="person", snapshot=None, exact="", public_wording="An engineer"
    )
    ConfidentialPart.objects.create(evidence=piece, identity="E. Ngineer", writer=owner)
    return piece


def decided(_owner: User):
    suggestion, checker = factories.suggestion(), somebody()
    type(suggestion).objects.filter(pk=suggestion.pk).update(status="dismissed", decided_by=checker)
    suggestion.refresh_from_db()
    return suggestion


def found_the_same(_owner: User):
    pair, checker = factories.pair(), somebody()
    type(pair).objects.filter(pk=pair.pk).update(status="confirmed", decided_by=checker)
    pair.refresh_from_db()
    return pair


def feed(_owner: User):
    """One that is switched off and on, and polled: its first poll is done."""
    row = feeds.add(by=factories.person("Editor", Role.EDITOR), url=f"https://example.org/{next(factories.number)}.xml")
    job = Job.objects.filter(kind=Job.Kind.POLL, target=row.pk)
    job.update(state="running", attempts=1, lease_until=row.created_at)
    job.update(state="done", lease_until=None, finished_at=row.created_at)
    return row


def piece_of(owner: User):
    return factories.evidence(factories.draft(owner), owner)


def of_a_partner(make: Callable[[User], Any]) -> Callable[[User], Any]:
    """What only a partner can have: made while the owner is one."""

    def made_by(owner: User) -> Any:
        User.objects.filter(pk=owner.pk).update(role=Role.PARTNER)
        row = make(User.objects.get(pk=owner.pk))
        User.objects.filter(pk=owner.pk).update(role=owner.role)
        return row

    return made_by


@of_a_partner
def key_of(partner: User) -> ApiKey:
    factories.api_key(partner)
    return partner.api_keys.get()


def come_with_a_key(_row: Any, by: User) -> None:
    _, whole = keys.create_key(by, by=by, name="Newsroom", scopes=["articles:read"], days=1)
    answer = Client().get("/api/v1/schema/", headers={"Authorization": f"Bearer {whole}"})
    if answer.status_code != 200:
        raise NotAllowed(f"{answer.status_code}")


def add_source(_row: Any, by: User) -> None:
    sources.add_source(by=by, title="Minutes", kind="primary", seen="page", passages=[("It cost 12.", "original")])


def unfetched(owner: User):
    """A source whose page could not be fetched."""
    return source_documents.add_address(by=None, url=f"https://example.org/{next(factories.number)}", kind="primary")


def spam(_owner: User):
    row = factories.reader_request()
    type(row).objects.filter(pk=row.pk).update(status="spam")
    row.refresh_from_db()
    return row


def edit_desk(_row: Any, by: User) -> None:
    desk = Desk.objects.get()
    people.edit_desk(
        by=by, seen=people.fingerprint(desk), name="Another", logo_url="", contact="",
        rating_labels=desk.rating_labels,
    )  # fmt: skip


def set_role(row: User, by: User) -> None:
    people.set_role(row, by=by, seen=people.fingerprint(row), role="reporter")


def marked(owner: User):
    """The first sentence of an article, with a claim on the second beside it."""
    article = factories.article()
    claims = [factories.claim(article), factories.claim(article, statement="It cost 12 million euros.")]
    factories.anchor(claims[1], 39, 74)
    factories.anchor(claims[0])
    return claims[0]


def orphaned(owner: User):
    """A claim whose words are not in its article's newest text."""
    claim = marked(owner)
    changes.find_again(claim.article.current, factories.version(claim.article, "Another text."), act=uuid4())
    return claim


def beside(claim):
    return claim.article.claims.exclude(pk=claim.pk).get()


def put_aside(owner: User):
    claim = marked(owner)
    marking.dismiss(claim, by=somebody(), seen=1, reason="Because.")
    return claim


def halved(owner: User):
    claim = marked(owner)
    lineage.split(claim, by=somebody(), seen=1, parts=[lineage.Part("One."), lineage.Part("Other.")])
    claim.refresh_from_db()
    return claim


def prioritised(by: User) -> UUID:
    """The act by which `by`, whatever they may do now, made a claim less urgent."""
    claim, act = factories.claim(), uuid4()
    chain = str(claim.article.uuid)
    AuditEntry.record(claim, "claim.prioritised", by=by, act=act, chain=chain, old="3", new="2")
    return act


def shared_view(owner: User):
    return SavedView.objects.create(owner=owner, name=f"View {next(factories.number)}", shared=True)


def of_the_library() -> dict:
    return {"stance": "context", "passage": factories.source().passages.get().pk}


def resolved(owner: User):
    comment = factories.comment(owner)
    return comments.resolve(comment, by=owner, seen=comment.version)


def asked(owner: User):
    return factories.reply(factories.draft(owner), owner, **factories.ASKED)


def marked_legal(owner: User):
    review = review_in("submitted")(owner)
    factories.legal_reading(review, owner)
    return review


def with_a_link(owner: User):
    return factories.draft(owner, factories.claim(factories.article(url="https://example.org/news")))


ASKED = {**factories.ASKED, "asked_on": "2026-11-16", "deadline": "2026-11-20"}
ANSWERED = {"answer": "It is so.", "answered_on": "2026-11-20"}
REASON = {"reason": "Because."}
HOUR = {"publish_at": "2999-11-25T12:00"}
CLAIM, SUGGESTION = (lambda _owner: factories.claim()), (lambda _owner: factories.suggestion())
FILE = SimpleNamespace(name="checks.json", read=lambda: as_json(node()))
NEW = {"title": "The bridge", "text": factories.TEXT}
PERSON = {"stance": "context", "public_wording": "An engineer"}
WORDS = {"text": "It cost 12.", "wording": "original"}
LISTED = {"kind": "primary", "how_seen": "page"}
SEARCH = {"searched_for": "x", "searched_where": "y", "searched_on": "2026-11-24"}
DRAFT = {"base": json.dumps(dict.fromkeys(Draft.FIELDS, "")), "rationale": "Why"}
HOW_TO_TELL = {**dict.fromkeys(Notice.Kind.values, "daily"), "hour": "7"}
DOCUMENT = {"stance": "context", "title": "Minutes", "url": "https://example.org/m", "exact": "12 million"}
NEW_KEY = {"name": "Newsroom", "scopes": ["articles:read"], "days": "365"}
OF_PARTNERS = ("use the partner API", "manage partner keys", "manage webhooks")
NEW_ENDPOINT = {"url": "https://192.0.66.2/", "kinds": ["review.retracted"]}
FIRST = {"first_appearance": "https://example.org/first"}

TRIES: dict[str, list[Try]] = {
    "see the desk": [
        Try(CLAIM, api=["GET claims/<id>/"], code=lambda claim, by: page(by, f"/claims/{claim.pk}/"), owned=False),
        Try(review_in("draft"), web=[("discard_draft", {})]),  # one's own
        Try(of_the_desk, web=[("read_notices", {}), ("notice_settings", HOW_TO_TELL)], owned=False),
    ],
    "answer a reader": [
        Try(
            lambda owner: factories.reader_request(),
            web=[
                ("take_request", {}),
                ("answer_request", {"outcome": "no_change", "text": "It cost 12."}),
                ("spam_request", {}),
            ],
            owned=False,
        ),
        Try(spam, web=[("no_spam_request", {})], owned=False),
    ],
    "write a page of the desk": [
        Try(of_the_desk, web=[("write_desk_page", {"kind": "on-sources", "text": "We name them."})], owned=False)
    ],
    "read the self assessment": [
        Try(of_the_desk, code=lambda _row, by: page(by, "/desk/self-assessment/"), owned=False)
    ],
    "comment on a claim": [Try(CLAIM, web=[("comment", {"text": "Which minutes?"})], owned=False)],
    "resolve a comment": [
        Try(factories.comment, web=[("resolve_comment", {})], owned=False),
        Try(resolved, web=[("reopen_comment", {})], owned=False),
    ],
    "withdraw a comment": [Try(factories.comment, web=[("withdraw_comment", {})])],
    "follow a claim or an article": [
        Try(CLAIM, web=[("follow_claim", {"follows": "True"})], owned=False),
        Try(article_of, web=[("follow_article", {"follows": "True"})], owned=False),
    ],
    "ingest an article": [
        Try(of_the_desk, web=[("articles", NEW)], api=["POST articles/", "POST articles/batch/"], owned=False)
    ],
    "look at a page again": [Try(lambda owner: factories.fetched(submitted_by=owner), web=[("look_again", {})])],
    "settle what could not be read": [
        Try(unread_of, web=[("try_again", {})]),
        Try(unread_of, web=[("set_aside", REASON)]),
    ],
    "decide who sees an article": [
        Try(article_of, web=[("confidence", {})]),
        Try(article_of, web=[("lift", {})]),
        Try(article_of, web=[("outside_search", {"stays": "on"})]),
    ],
    "add a source": [
        Try(
            of_the_desk,
            web=[
                ("add_address", {"url": "https://example.org/minutes", "kind": "primary"}),
                ("add_words", {**WORDS, "title": "Minutes", "kind": "primary", "how_seen": "page"}),
                ("add_file", lambda: {"file": SimpleUploadedFile("minutes.txt", b"It cost 12."), "kind": "primary"}),
                ("import_sources", lambda: {**LISTED, "file": SimpleUploadedFile("list.csv", b"title,text\nA,B\n")}),
            ],
            api=["POST sources/", "POST sources/batch/"],
            code=add_source,
            owned=False,
        ),
        Try(unfetched, web=[("paste_words", WORDS)], owned=False),
    ],
    "edit an outlet or a source": [
        Try(of_the_desk, code=lambda _row, by: people.add_outlet(by=by, name=f"Outlet {by.pk}"), owned=False)
    ],
    "import fact-checks": [Try(of_the_desk, web=[("import_fact_checks", {"file": FILE})], owned=False)],
    "look after feeds": [
        Try(of_the_desk, web=[("feeds", {"url": "https://example.org/feed.xml", "every": "60"})], owned=False),
        Try(feed, web=[("edit_feed", {"every": "15"}), ("switch_feed", {}), ("poll_feed", {})], owned=False),
    ],
    "edit a statement": [
        Try(CLAIM, web=[("statement", {"statement": "Plainer."})], api=["PATCH claims/<id>/"], owned=False)
    ],
    "mark claims": [
        Try(article_of, web=[("add_claim", {"words": "The mayor"})], api=["POST articles/<id>/claims/"], owned=False),
        Try(
            marked,
            web=[
                ("dismiss_claim", REASON),
                ("split_claim", {"parts": "One.\nOther."}),
                ("attribute", {"speaker": "Ada Lind", "kind": "quote"}),
            ],
            api=["POST claims/<id>/dismiss/", "POST claims/<id>/split/", "PUT claims/<id>/attribution/"],
            action=("claim", "dismiss"),
            owned=False,
        ),
        Try(
            put_aside,
            web=[("restore_claim", {})],
            api=["POST claims/<id>/restore/"],
            action=("claim", "restore"),
            owned=False,
        ),
        Try(halved, web=[("undo_lineage", {})], api=["POST claims/<id>/undo/"], owned=False),
        Try(orphaned, web=[("place_again", {"words": "Another text."})], owned=False),
        Try(marked, web=[("merge_claims", {})], api=["POST claims/<id>/merge/"], owned=False),
    ],
    "plan the work": [
        Try(
            CLAIM,
            web=[("assign", {}), ("set_due", {"due": "2026-11-25T12:00"}), ("prioritise", {"priority": "4"})],
            api=["PUT claims/<id>/assignee/", "PUT claims/<id>/due/", "PUT claims/<id>/priority/"],
            owned=False,
        ),
        Try(
            of_the_desk,
            web=[
                ("bulk", lambda: {"do": "priority", "priority": "3", "chosen": f"{factories.claim().pk}-1"}),
                ("undo_bulk", {}),
            ],
            owned=False,
        ),
    ],
    "work on a claim": [
        Try(CLAIM, web=[("work_on", {}), ("let_go", {})], owned=False),
        Try(with_a_link, web=[("look_at_links", {})], api=["POST reviews/<id>/links/"], owned=False),
        Try(of_the_desk, web=[("next_claim", {})], owned=False),
    ],
    "save a view": [Try(of_the_desk, web=[("save_view", {"name": "Rules", "back": "kind=rule"})], owned=False)],
    "remove a view": [Try(shared_view, web=[("remove_view", {})])],
    "declare a conflict of interest": [Try(lambda owner: owner, web=[("declare_conflict", REASON)])],
    "withdraw a conflict of interest": [
        Try(lambda owner: factories.conflict(factories.claim(), owner), web=[("withdraw_conflict", REASON)])
    ],
    "decide a suggestion": [
        Try(
            SUGGESTION,
            web=[("accept", {"stance": "supports"}), ("dismiss", REASON)],
            api=["POST suggestions/<id>/accept/", "POST suggestions/<id>/dismiss/"],
            action=("suggestion", "dismiss"),
            owned=False,
        ),
        Try(CLAIM, web=[("ask_again", {"provider": "searxng"})], api=["POST claims/<id>/ask-again/"], owned=False),
        Try(found_outside, web=[("fetch_page", {})], api=["POST suggestions/<id>/fetch/"], owned=False),
        Try(decided, web=[("undo", {})], api=["POST suggestions/<id>/undo/"], owned=False),
    ],
    "decide a pair": [
        Try(
            lambda _owner: factories.pair(),
            web=[("confirm_pair", {}), ("refuse_pair", REASON)],
            api=["POST pairs/<id>/confirm/", "POST pairs/<id>/refuse/"],
            owned=False,
        ),
        Try(found_the_same, web=[("undo_pair", {})], api=["POST pairs/<id>/undo/"], owned=False),
    ],
    "write a review": [
        Try(CLAIM, web=[("begin", {})], api=["POST claims/<id>/review/"], owned=False),
        Try(
            review_in("draft"),
            web=[
                *(("save", TYPED), ("document", DOCUMENT), ("person", PERSON), ("search", SEARCH)),
                *(("take_passage", of_the_library), ("keep_draft", DRAFT), ("describe", FIRST)),
                *(("look_again_on", {"day": "2100-01-01"}), ("answer_checklist", {})),
            ],
            api=[
                *("PUT reviews/<id>/", "PUT reviews/<id>/original/", "POST reviews/<id>/evidence/"),
                *("PUT reviews/<id>/review-again/", "PUT reviews/<id>/checklist/"),
            ],
        ),
        Try(piece_of, web=[("translate", {"language": "ar"})], api=["PUT evidence/<id>/translation/"]),
        Try(
            factories.leaning,
            web=[
                *(("ask_for_reply", ASKED), ("none_asked", REASON)),
                *(("answer_doubt", factories.TO_LEANING), ("answer_persons", factories.TO_NAMES)),
            ],
            api=["POST reviews/<id>/replies/", "POST reviews/<id>/gate/"],
        ),
        Try(
            asked,
            web=[("reply_answered", ANSWERED), ("remove_reply", {})],
            api=["PATCH replies/<id>/"],
        ),
        Try(asked, api=["DELETE replies/<id>/"]),
        Try(piece_of, web=[("stance", {"stance": "refutes"}), ("remove", {})], api=["PATCH evidence/<id>/"]),
        Try(piece_of, api=["DELETE evidence/<id>/"]),
    ],
    "take a draft over": [Try(review_in("draft"), web=[("take_over", {})], api=["POST reviews/<id>/take-over/"])],
    "submit a review": [
        Try(
            review_in("draft"),
            web=[("submit", {})],
            api=["POST reviews/<id>/submit/"],
            action=("claimreview", "submit"),
        )
    ],
    "withdraw a review": [
        Try(
            review_in("submitted"),
            web=[("withdraw", {})],
            api=["POST reviews/<id>/withdraw/"],
            action=("claimreview", "withdraw"),
        )
    ],
    "abandon a draft": [Try(review_in("draft"), web=[("abandon", {})], api=["POST reviews/<id>/abandon/"])],
    "approve a review": [
        Try(
            review_in("submitted"),
            web=[("approve", {})],
            api=["POST reviews/<id>/approve/"],
            action=("claimreview", "approve"),
        )
    ],
    "request changes": [
        Try(
            review_in("submitted"),
            web=[("request_changes", REASON)],
            api=["POST reviews/<id>/request-changes/"],
            action=("claimreview", "request_changes"),
        )
    ],
    "ask for a legal reading": [
        Try(review_in("draft"), web=[("mark_legal", REASON)], api=["POST reviews/<id>/legal/"])
    ],
    "clear legally": [
        Try(marked_legal, web=[("clear_legal", {"note": "No risk."})], api=["POST reviews/<id>/legal/clear/"])
    ],
    "publish a review": [
        Try(
            review_in("approved"),
            web=[("publish", {}), ("schedule", HOUR)],
            api=["POST reviews/<id>/publish/", "PUT reviews/<id>/schedule/"],
            action=("claimreview", "publish"),
        )
    ],
    "take a fact-check down": [
        Try(review_in("published"), web=[("take_down", REASON)], api=["POST reviews/<id>/take-down/"])
    ],
    "decide on a litigation hold": [
        Try(lambda owner: factories.article(), web=[("place_hold", REASON)], api=["POST holds/"], owned=False),
        Try(
            lambda owner: factories.hold(factories.article(), owner),
            web=[("lift_hold", REASON)],
            api=["POST holds/<id>/lift/"],
            owned=False,
        ),
    ],
    "retract a review": [
        Try(
            review_in("published"),
            web=[("retract", REASON)],
            api=["POST reviews/<id>/retract/"],
            action=("claimreview", "retract"),
        )
    ],
    "erase a confidence": [
        Try(told_in_confidence, web=[("erase_confidence", REASON)]),
        Try(
            lambda owner: factories.reader_request(email="reader@example.org"),
            web=[("erase_address", {})],
            owned=False,
        ),
    ],
    "replay a job": [
        Try(
            lambda owner: dead_job(submitted_by=owner),
            web=[("replay", {})],
            api=["POST jobs/<id>/replay/"],
            action=("job", "replay"),
        )
    ],
    "read the trail": [Try(of_the_desk, code=lambda _row, by: page(by, "/trail/"), owned=False)],
    "edit the desk": [Try(of_the_desk, code=edit_desk, owned=False)],
    "manage people": [Try(lambda owner: owner, code=set_role)],
    "read the admin": [Try(of_the_desk, code=lambda _row, by: page(by, "/admin/"), owned=False)],
    "use the partner API": [
        Try(
            of_the_desk,
            web=[("make_key", NEW_KEY), ("webhooks", NEW_ENDPOINT)],
            api=["POST webhooks/"],
            code=come_with_a_key,
            owned=False,
        )
    ],
    "manage webhooks": [
        Try(
            of_a_partner(factories.endpoint),
            web=[
                ("edit_webhook", NEW_ENDPOINT),
                ("switch_webhook", {}),
                ("renew_webhook_secret", {}),
                ("ping_webhook", {}),
                ("replay_failed", {}),
                ("delete_webhook", {}),
            ],
            api=["POST webhooks/<id>/ping/"],
        ),
        Try(of_a_partner(factories.delivery), web=[("replay_delivery", {})]),
    ],
    "manage partner keys": [
        Try(
            key_of,
            web=[("revoke_key", {})],
            code=lambda key, by: keys.revoke_key(key, by=by),
            action=("apikey", "revoke"),
        ),
    ],
    "set the limit of a key": [
        Try(
            lambda _: key_of(factories.partner()),
            code=lambda key, by: keys.set_limit(key, by=by, seen=key.per_minute, per_minute=9),
            owned=False,
        )
    ],
}


# --- the doors ---------------------------------------------------------------------------------------------------


def window(who: User) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(who)
    return client


def page(by: User, path: str) -> None:
    answer = window(by).get(path)
    if answer.status_code != 200:
        raise NotAllowed(f"{answer.status_code} {path}")


def through_a_page(row: Any, name: str, typed: dict, owner: User, by: User) -> bool:
    if name == "declare_conflict":
        row, typed = factories.claim(), {**typed, "person": owner.pk}
    if name == "lift":
        type(row).objects.filter(pk=row.pk).update(confidential=True, outside_search="never")
        row.readers.add(by)
        row.refresh_from_db()
    if name == "undo_bulk":
        typed = {"act": prioritised(by)}
    if name == "merge_claims":
        typed = {**typed, "others": f"{beside(row).pk}-1"}
    path = reverse(name, args=[row.pk] if row is not None else [])
    seen = forms.version_of(row) if row is not None else ""
    typed = typed() if callable(typed) else typed  # a file is read once
    answer = window(by).post(path, {**typed, "seen": seen})
    assert answer.status_code in (200, 302, 403, 422, *not_there(by)), (path, answer.status_code)
    return answer.status_code in (200, 302)


def not_there(by: User) -> tuple[int, ...]:
    """To a partner, what is not its own looks like what is not there."""
    return (404,) if by.role == Role.PARTNER else ()


def through_the_api(row: Any, operation: str, by: User) -> bool:
    method, path = operation.split(" ")
    headers = {}
    if row is not None:
        path = path.replace("<id>", str(row.pk))
        seen = row.version if hasattr(row, "version") else None
        if operation.endswith("/replay/"):
            seen = f"dead-{row.attempts}"
        if "evidence/<id>" in operation or "replies/<id>" in operation:
            seen = row.review.version
        if operation == "POST holds/<id>/lift/":
            seen = "stands"
        headers = {"HTTP_IF_MATCH": f'"{seen}"'}
    body = BODIES.get(operation, {})
    if operation.endswith("/merge/"):
        body = {"others": [{"id": beside(row).pk, "version": 1}]}
    if operation == "POST holds/":
        body = {"article": row.pk, **REASON}
    if by.role == Role.PARTNER:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {factories.api_key(by)}"
    client = getattr(window(by), method.lower())
    answer = client(f"/api/v1/{path}", body, content_type="application/json", **headers)
    expected = (200, 201, 202, 403, 409, 422, *not_there(by))
    assert answer.status_code in expected, (operation, answer.status_code, answer.content)
    return answer.status_code < 300


def through_the_admin(action: tuple[str, str], by: User, rows: list) -> list[bool]:
    """The action on all rows at once: whether it was done to each of them."""
    kind, name = action
    typed = {f"seen-{row.pk}": forms.version_of(row) for row in rows}
    keys = [row.pk for row in rows]
    answer = window(by).post(
        f"/admin/factcheck/{kind}/",
        {"action": name, ACTION_CHECKBOX_NAME: keys, **typed, "reason": "Because.", "read": "1"},
        follow=True,
    )
    if answer.status_code == 403:
        return [False] * len(rows)
    before = [_standing(row) for row in rows]
    for row in rows:
        row.refresh_from_db()
    return [_standing(row) != was for row, was in zip(rows, before, strict=True)]


def by_the_code(tried: Try, row: Any, by: User) -> bool:
    try:
        tried.code(row, by)
    except (NotAllowed, Refused):
        return False
    return True


def _standing(row: Any) -> str:
    return row.state if hasattr(row, "state") else row.status


def allowed(verb: str, role: Role, own: bool) -> bool:
    reach = MAY[verb].get(role)
    return reach is not None and (reach == Reach.ANY or own == (reach == Reach.OWN))


@dataclass(frozen=True)
class Made:
    """Who tries, and the rows of each way to a verb: one that is the owner's, and one of a third person."""

    owner: User
    other: User
    rows: dict[str, list[tuple[Any, Any]]]


@pytest.fixture(scope="module")
def one_person_in_every_role(django_db_setup, django_db_blocker):
    """Partners too: the guard that keeps them apart is lifted here, and attacked in tests/models/key_attacks.py."""

    def let(word: str) -> None:
        with django_db_blocker.unblock(), as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_partners_stay_partners_%'")
            [[guard]] = cursor.fetchall()
            cursor.execute(f"ALTER TABLE factcheck_user {word} TRIGGER {guard}")

    let("DISABLE")
    yield
    let("ENABLE")


@pytest.fixture(scope="module")
def made(one_person_in_every_role, kept) -> Made:
    def make() -> Made:
        owner, other, third = factories.person("Owner"), factories.person("Other"), somebody()
        rows = {
            verb: [(tried.make(owner), tried.make(third) if tried.action else None) for tried in tries]
            for verb, tries in TRIES.items()
        }
        return Made(owner, other, rows)

    return kept(make)


@contextmanager
def attempt(role: Role, who: User, *rows: Any) -> Iterator[list]:
    """The person in this role, and the rows as they stand; what is done to them is undone."""
    with transaction.atomic():
        User.objects.filter(pk=who.pk).update(role=role)
        yield [User.objects.get(pk=who.pk), *(row and type(row)._base_manager.get(pk=row.pk) for row in rows)]
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", MAY)
def test_the_table_decides_at_every_door(verb, role, made, settings):
    """For each way to the verb, on a row of one's own and on somebody else's, and in bulk on both at once."""
    settings.PROVIDERS = factories.SEARXNG
    for tried, (row, of_a_third) in zip(TRIES[verb], made.rows[verb], strict=True):
        for own in (True, False) if tried.owned else (False,):
            who = made.owner if own else made.other
            expected = allowed(verb, role, own)
            door = "use the partner API" if verb in OF_PARTNERS else "see the desk"  # what opens its page
            for name, typed in tried.web:
                with attempt(role, who, row) as (by, fresh):
                    assert through_a_page(fresh, name, typed, made.owner, by) == (
                        expected and allowed(door, role, own)
                    ), (name, own)
            for operation in tried.api:
                with attempt(role, who, row) as (by, fresh):
                    assert through_the_api(fresh, operation, by) == expected, (operation, own)
            if tried.code:
                with attempt(role, who, row) as (by, fresh):
                    assert by_the_code(tried, fresh, by) == expected, own
        if tried.action:
            rows = [row, of_a_third] if tried.owned else [of_a_third]
            with attempt(role, made.owner, *rows) as (by, *fresh):
                expected = [
                    may(by, "read the admin") and allowed(verb, role, tried.owned and each is fresh[0])
                    for each in fresh
                ]
                assert through_the_admin(tried.action, by, fresh) == expected, tried.action


def test_every_verb_of_the_table_is_tried():
    assert set(TRIES) == set(MAY)


def test_every_form_of_the_pages_is_tried():
    tried = {name for tries in TRIES.values() for each in tries for name, _ in each.web}
    posted = {getattr(forms, name).address for name in forms.__all__ if hasattr(getattr(forms, name), "address")} - {""}
    named = {pattern.name for _, pattern in routes()}
    assert tried == posted
    assert tried <= named


def test_who_is_turned_away_from_some_rows_is_told_why():
    for verb, roles in MAY.items():
        assert (Reach.OTHERS in roles.values()) == (verb in SOMEBODY_ELSE), verb


def test_the_page_of_permissions_is_printed_from_the_table(capsys):
    call_command("permissions")
    said = capsys.readouterr().out
    written = (Path(__file__).parent.parent / "docs" / "permissions.md").read_text()
    assert said == written, "run `manage.py permissions > docs/permissions.md`"
    assert all(f"| {verb} |" in said for verb in MAY)
