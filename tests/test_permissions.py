"""The permission table, walked: verb × role × own/others' rows, through every door that leads to the verb.

A verb that is added to the table without a way to try it here fails; so does a form whose address nobody tries.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from factcheck.exceptions import NotAllowed, Refused
from factcheck.models import Article, ConfidentialPart, Desk, Role, Unreadable, User
from factcheck.permissions import MAY, SOMEBODY_ELSE, Reach, may
from factcheck.web import forms
from factcheck.workflow import people, sources, unreadable
from tests import factories
from tests.api.addresses import BODIES, dead_job
from tests.browser.addresses import routes

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TYPED = {"statement": "It cost 12 million.", "finding": "5", "rationale": "The minutes say so.", "as_of": "2026-11-24"}


@dataclass
class Try:
    """How a verb is tried. make(owner): a row that is `owner`'s own, in the state that the verb asks for."""

    make: Callable[[User], Any]
    web: list[tuple[str, dict]] = field(default_factory=list)  # names of addresses, and what is typed there
    api: list[str] = field(default_factory=list)  # operations, as tests/api/addresses.py writes them
    action: tuple[str, str] | None = None  # of the admin: kind of row, action
    code: Callable[[Any, User], Any] | None = None  # no page leads there: the verb itself, or the admin's form
    owned: bool = True  # the row can be somebody's own


def somebody() -> User:
    return factories.person("Somebody", Role.CHECKER)


def of_the_desk(_owner: User) -> None:
    Desk.objects.get_or_create(id=1, defaults={"name": "The Desk", "method": "We look it up."})


def article_of(owner: User) -> Article:
    return factories.article(submitted_by=owner)


def unread_of(owner: User) -> Unreadable:
    """One that the desk has learned to read meanwhile."""
    text = f"The bridge cost {next(factories.number)} million euros."
    return unreadable.keep(text.encode(), by=owner, file="bridge.txt", sentence="Not UTF-8.")


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


def piece_of(owner: User):
    return factories.evidence(factories.draft(owner), owner)


def add_source(_row: Any, by: User) -> None:
    sources.add_source(by=by, title="Minutes", kind="primary", seen="page", passages=[("It cost 12.", "original")])


def edit_desk(_row: Any, by: User) -> None:
    desk = Desk.objects.get()
    people.edit_desk(
        by=by, seen=people.fingerprint(desk), name="Another", logo_url="", contact="", method="",
        rating_labels=desk.rating_labels,
    )  # fmt: skip


def set_role(row: User, by: User) -> None:
    people.set_role(row, by=by, seen=people.fingerprint(row), role="reporter")


REASON = {"reason": "Because."}
CLAIM, SUGGESTION = (lambda _owner: factories.claim()), (lambda _owner: factories.suggestion())
NEW = {"title": "The bridge", "text": factories.TEXT}
PERSON = {"stance": "context", "public_wording": "An engineer"}
SEARCH = {"searched_for": "x", "searched_where": "y", "searched_on": "2026-11-24"}
DOCUMENT = {"stance": "context", "title": "Minutes", "url": "https://example.org/m", "exact": "12 million"}

TRIES: dict[str, list[Try]] = {
    "see the desk": [
        Try(CLAIM, api=["GET claims/<id>/"], code=lambda claim, by: page(by, f"/claims/{claim.pk}/"), owned=False)
    ],
    "ingest an article": [
        Try(of_the_desk, web=[("articles", NEW)], api=["POST articles/", "POST articles/batch/"], owned=False)
    ],
    "settle what could not be read": [
        Try(unread_of, web=[("try_again", {})]),
        Try(unread_of, web=[("set_aside", REASON)]),
    ],
    "decide who sees an article": [Try(article_of, web=[("confidence", {})]), Try(article_of, web=[("lift", {})])],
    "add a source": [Try(of_the_desk, code=add_source, owned=False)],
    "edit an outlet or a source": [
        Try(of_the_desk, code=lambda _row, by: people.add_outlet(by=by, name=f"Outlet {by.pk}"), owned=False)
    ],
    "edit a statement": [
        Try(CLAIM, web=[("statement", {"statement": "Plainer."})], api=["PATCH claims/<id>/"], owned=False)
    ],
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
        Try(decided, web=[("undo", {})], api=["POST suggestions/<id>/undo/"], owned=False),
    ],
    "write a review": [
        Try(CLAIM, web=[("begin", {})], api=["POST claims/<id>/review/"], owned=False),
        Try(
            review_in("draft"),
            web=[("save", TYPED), ("document", DOCUMENT), ("person", PERSON), ("search", SEARCH)],
            api=["PUT reviews/<id>/", "POST reviews/<id>/evidence/"],
        ),
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
    "publish a review": [
        Try(
            review_in("approved"),
            web=[("publish", {})],
            api=["POST reviews/<id>/publish/"],
            action=("claimreview", "publish"),
        )
    ],
    "retract a review": [
        Try(
            review_in("published"),
            web=[("retract", REASON)],
            api=["POST reviews/<id>/retract/"],
            action=("claimreview", "retract"),
        )
    ],
    "erase a confidence": [Try(told_in_confidence, web=[("erase_confidence", REASON)])],
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


def through_a_page(tried: Try, name: str, typed: dict, owner: User, by: User) -> bool:
    row = tried.make(owner)
    if name == "declare_conflict":
        row, typed = factories.claim(), {**typed, "person": owner.pk}
    if name == "lift":
        type(row).objects.filter(pk=row.pk).update(confidential=True, outside_search="never")
        row.readers.add(by)
        row.refresh_from_db()
    if name in ("stance", "remove"):
        row.review.refresh_from_db()
    path = reverse(name, args=[row.pk] if row is not None else [])
    seen = forms.version_of(row) if row is not None else ""
    answer = window(by).post(path, {**typed, "seen": seen})
    assert answer.status_code in (302, 403, 422), (path, answer.status_code)
    return answer.status_code == 302


def through_the_api(tried: Try, operation: str, owner: User, by: User) -> bool:
    row = tried.make(owner)
    method, path = operation.split(" ")
    headers = {}
    if row is not None:
        path = path.replace("<id>", str(row.pk))
        seen = row.version if hasattr(row, "version") else None
        if operation.endswith("/replay/"):
            seen = f"dead-{row.attempts}"
        if "evidence/<id>" in operation:
            row.review.refresh_from_db()
            seen = row.review.version
        headers = {"HTTP_IF_MATCH": f'"{seen}"'}
    client = getattr(window(by), method.lower())
    answer = client(f"/api/v1/{path}", BODIES.get(operation, {}), content_type="application/json", **headers)
    assert answer.status_code in (200, 201, 202, 403, 409, 422), (operation, answer.status_code, answer.content)
    return answer.status_code < 300


def through_the_admin(tried: Try, by: User, owners: list[User]) -> list[bool]:
    """The action on a row of each owner at once: whether it was done to each of them."""
    kind, action = tried.action
    rows = [tried.make(owner) for owner in owners]
    typed = {f"seen-{row.pk}": forms.version_of(row) for row in rows}
    keys = [row.pk for row in rows]
    answer = window(by).post(
        f"/admin/factcheck/{kind}/",
        {"action": action, ACTION_CHECKBOX_NAME: keys, **typed, "reason": "Because.", "read": "1"},
        follow=True,
    )
    if answer.status_code == 403:
        return [False] * len(rows)
    before = [_standing(row) for row in rows]
    for row in rows:
        row.refresh_from_db()
    return [_standing(row) != was for row, was in zip(rows, before, strict=True)]


def _standing(row: Any) -> str:
    return row.state if hasattr(row, "state") else row.status


def allowed(verb: str, role: Role, own: bool) -> bool:
    reach = MAY[verb].get(role)
    return reach is not None and (reach == Reach.ANY or own == (reach == Reach.OWN))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", MAY)
def test_the_table_decides_at_every_door(verb, role):
    """For each way to the verb, on a row of one's own and on somebody else's, and in bulk on both at once."""
    for tried in TRIES[verb]:
        for own in (True, False) if tried.owned else (False,):
            by = factories.person("Actor", role)
            owner = by if own else somebody()
            expected = allowed(verb, role, own)
            for name, typed in tried.web:
                assert through_a_page(tried, name, typed, owner, by) == expected, (name, own)
                by = factories.person("Actor", role)
                owner = by if own else owner
            for operation in tried.api:
                assert through_the_api(tried, operation, owner, by) == expected, (operation, own)
            if tried.code:
                row = tried.make(owner)
                try:
                    tried.code(row, by)
                except (NotAllowed, Refused):
                    assert not expected, own
                else:
                    assert expected, own
        if tried.action:
            by = factories.person("Actor", role)
            owners = [by, somebody()] if tried.owned else [somebody()]
            expected = [may(by, "read the admin") and allowed(verb, role, owner is by) for owner in owners]
            assert through_the_admin(tried, by, owners) == expected, tried.action


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
