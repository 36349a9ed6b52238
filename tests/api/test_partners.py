"""A partner sees what it sent in, what came of that, and what is published. Walked from the schema, so that an
operation that is added later is walked too."""

import copy
import json
import re
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.db.models.functions import Now

from factcheck.models import ApiKey, Article, Claim, Job, Passage, Scope, Source, Suggestion, User
from factcheck.workflow import comments
from tests import factories
from tests.api.addresses import published

pytestmark = [pytest.mark.api, pytest.mark.django_db]

OPEN: set[str] = set()
"""Operations that need neither a key nor a log-in."""
WITHOUT_SCOPE = {"GET /api/v1/me/"}
"""Those that every key opens."""
# What is the desk's own, each with a word that must not reach the partner whose article it is about.
MARKERS = ("Mallory Markson", "RATIONALE-OF-A-DRAFT", "WORDS-OF-A-COMMENT", "WORDS-SENT-OUTSIDE", "WHY-DISMISSED")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    scopes: tuple[str, ...] | None  # of a key; None: no key opens it

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def stem(self) -> str:
        """sources/imports of /api/v1/sources/imports/{id}/rows/"""
        return self.path.removeprefix("/api/v1/").partition("{")[0].strip("/")

    def at(self, key) -> str:
        return re.sub(r"\{\w+\}", str(key), self.path)


@pytest.fixture(scope="session")
def operations(openapi) -> list[Operation]:
    found = []
    for path, methods in openapi["paths"].items():
        for method, said in methods.items():
            needed = [each["key"] for each in said["security"] if "key" in each]
            found.append(Operation(method.upper(), path, tuple(needed[0]) if needed else None))
    return found


@pytest.fixture(scope="module")
def room(kept):
    """Two partners with the same things each, the desk's own, and what is confidential. rows: stem -> key."""

    def things(article) -> dict[str, object]:
        claim = factories.claim(article, speaker="Ada Lind")
        factories.anchor(claim)
        suggestion = factories.suggestion(claim)
        job = Job.objects.create(kind="split", target=article.current.pk, queue="read", article=article)
        return {"articles": article.pk, "claims": claim.pk, "suggestions": suggestion.pk, "jobs": job.pk}

    def of_partner(name: str, **fields) -> SimpleNamespace:
        partner = factories.partner(name)
        rows = things(factories.article(submitted_by=partner, **fields))
        rows["sources"] = Source.objects.create(
            title=f"Book of {name}", kind="primary", seen="page", added_by=partner, partner=partner
        ).pk
        rows["sources/imports"] = factories.import_(sent_by=partner).pk
        rows["webhooks"] = factories.endpoint(partner).pk
        return SimpleNamespace(partner=partner, rows=rows)

    def build():
        factories.desk()
        mallory = User.objects.create_user("mallory@example.org", "Mallory Markson", "checker")
        carol = factories.person("Carol", "editor")
        of_desk = things(factories.article(submitted_by=mallory))
        of_desk |= {"sources": factories.source().pk, "sources/imports": factories.import_(sent_by=mallory).pk}
        secret = things(factories.article(confidential=True, outside_search="never"))
        return SimpleNamespace(
            mine=of_partner("Northwind"),
            hers=of_partner("Contoso"),
            kept=of_partner("Fabrikam", confidential=True, outside_search="never"),
            desk=of_desk,
            secret=secret,
            published=published(mallory, carol),
            mallory=mallory,
        )

    return kept(build)


@pytest.fixture
def as_partner(room, with_key):
    here = copy.deepcopy(room)
    return lambda *scopes, who=here.mine: with_key(factories.api_key(who.partner, *scopes))


def body_of(operation: Operation) -> dict:
    return {} if operation.method != "GET" else None


def listed(path: str, rows: dict) -> str:
    """The list, with what it must be asked for."""
    return f"{path}?claim={rows['claims']}" if path.endswith("/suggestions/") else path


def test_every_operation_refuses_who_has_neither_key_nor_log_in(operations, stranger):
    open_to_all = {
        str(each)
        for each in operations
        if getattr(stranger, each.method.lower())(each.at(1), body_of(each)).status_code != 401
    }
    assert open_to_all == OPEN


def test_every_key_opens_what_it_names_and_nothing_else(operations, as_partner, room):
    whole = as_partner()
    shut, wrong = [each for each in operations if each.scopes is None], []
    for each in shut:
        answer = getattr(whole, each.method.lower())(each.at(1), body_of(each))
        if answer.status_code != 403 or "No key opens it" not in answer.json()["detail"]:
            wrong.append((str(each), answer.status_code))
    assert not wrong
    assert len(shut) > 40
    opened = [each for each in operations if each.scopes]
    assert {str(each) for each in operations if each.scopes == ()} == WITHOUT_SCOPE
    assert {each.method for each in opened} == {"GET", "POST", "PATCH", "DELETE"}
    used = {scope for each in opened for scope in each.scopes}
    for scope in used:
        ApiKey.objects.filter(revoked_at=None).update(revoked_at=Now())  # two live ones at most
        with_it = as_partner(scope)
        without = as_partner(*(set(Scope.values) - {scope}))
        for each in (each for each in opened if each.scopes == (scope,)):
            call = each.at(room.mine.rows.get(each.stem, 1)), body_of(each)
            answer = getattr(without, each.method.lower())(*call)
            assert answer.status_code == 403, each
            assert scope in answer.json()["detail"]
            assert getattr(with_it, each.method.lower())(*call).status_code in (200, 202, 404, 409, 422, 428), each


def test_what_is_somebody_elses_is_not_there_and_what_is_its_own_is(operations, as_partner, room):
    client, wrong = as_partner(), []
    about_one = [each for each in operations if each.method == "GET" and each.scopes and "{" in each.path]
    for each in about_one:
        if each.stem == "publications":
            assert client.get(each.at(room.published.slug)).status_code == 200
            continue
        answers = {name: client.get(each.at(rows[each.stem])).status_code for name, rows in not_mine(room, each.stem)}
        own = client.get(each.at(room.mine.rows[each.stem])).status_code
        if own != 200 or set(answers.values()) != {404}:
            wrong.append((str(each), own, answers))
        unknown = client.get(each.at(10**12)).json()["detail"].replace(str(10**12), "#")
        theirs = room.hers.rows[each.stem]
        assert client.get(each.at(theirs)).json()["detail"].replace(str(theirs), "#") == unknown
    assert not wrong
    assert len(about_one) >= 9


def test_no_list_shows_or_finds_what_is_somebody_elses(operations, as_partner, room):
    client = as_partner()
    lists = [each for each in operations if each.method == "GET" and each.scopes and "{" not in each.path]
    for each in lists:
        if each.stem in ("publications", "publications/export"):
            continue
        answer = client.get(listed(each.path, room.mine.rows))
        if each.stem == "claims/export":
            *shown, end = map(json.loads, answer.getvalue().splitlines())
            assert end["count"] == 1
            assert [row["id"] for row in shown] == [room.mine.rows["claims"]]
            continue
        shown = answer.json()["results"]
        assert [row["id"] for row in shown] == [room.mine.rows[each.stem]], each
    assert {each.stem for each in lists} >= {"articles", "claims", "suggestions", "sources", "sources/imports"}
    for _, rows in not_mine(room, "claims"):
        assert client.get(listed("/api/v1/suggestions/", rows)).status_code == 404
        assert client.get(f"claims/?article={rows['articles']}").status_code == 404
    for probe in ("assignee=nobody", "assignee=me", "priority=2", "due=dated", "checked_before=1", "conflicting=0"):
        answer = client.get(f"claims/?{probe}")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [probe.partition("=")[0]])


def test_its_own_confidential_article_it_sees_whoever_the_desk_names(as_partner, room):
    client = as_partner(who=room.kept)
    assert [each["id"] for each in client.get("articles/").json()["results"]] == [room.kept.rows["articles"]]


def test_of_its_own_claims_it_reads_nothing_of_plans_people_and_drafts(operations, as_partner, room, by_carol):
    rows, mallory = room.mine.rows, room.mallory
    claim = Claim.objects.get(pk=rows["claims"])
    draft = factories.draft(mallory, claim)
    type(draft).objects.filter(pk=draft.pk).update(rationale="RATIONALE-OF-A-DRAFT")
    comments.write(claim, by=mallory, text="WORDS-OF-A-COMMENT")
    Claim.objects.filter(pk=claim.pk).update(assignee=mallory, priority=4)
    suggestion = Suggestion.objects.filter(pk=rows["suggestions"])
    suggestion.update(status="dismissed", decided_by=mallory)
    factories.search(of=claim, words="WORDS-SENT-OUTSIDE", sent=True)
    client, said = as_partner(), {}
    for each in (each for each in operations if each.method == "GET" and each.scopes is not None):
        key = room.published.slug if each.stem == "publications" else rows.get(each.stem)
        answer = client.get(listed(each.at(key), rows))
        assert answer.status_code == 200, each
        said[str(each)] = answer
    told = {name: answer.getvalue().decode() for name, answer in said.items() if "publications" not in name}
    assert not [(name, marker) for name, text in told.items() for marker in MARKERS if marker in text]
    shown = said["GET /api/v1/claims/{id}/"].json()
    blank = ("added_by", "assignee", "due", "priority", "open_review", "outside", "suggestions")
    assert [shown[name] for name in blank] == [None] * len(blank)
    assert shown["statement"] == claim.statement
    assert shown["anchor"]["exact"] == factories.TEXT[:38]
    [found] = said["GET /api/v1/suggestions/"].json()["results"]
    assert (found["status"], found["decided_by"], found["score"]) == (None, None, 0.5)
    fact_check = said["GET /api/v1/publications/{slug}/"].json()
    assert fact_check["published_by"] is None
    assert "Mallory Markson" in json.dumps(fact_check["content"]), "what the page prints is public"
    assert by_carol.get(f"claims/{claim.pk}/").json()["assignee"]["name"] == "Mallory Markson"


def test_a_source_that_is_hidden_again_is_suggested_to_no_partner(as_partner, room):
    client, rows = as_partner(), room.mine.rows
    found = client.get(listed("/api/v1/suggestions/", rows)).json()["results"]
    beside = Source.objects.create(
        title="FOUND-BESIDE", kind="primary", seen="page", confidential_with_id=room.secret["articles"]
    )
    passage = Passage.objects.create(source=beside, position=1, text="It sank.", wording="original")
    factories.suggestion(Claim.objects.get(pk=rows["claims"]), passage=passage)
    assert client.get(listed("/api/v1/suggestions/", rows)).json()["results"] == found
    Article.objects.filter(pk=room.secret["articles"]).update(confidential=False)
    assert len(client.get(listed("/api/v1/suggestions/", rows)).json()["results"]) == len(found) + 1


def test_what_it_sends_in_tells_nothing_of_what_others_sent(as_partner, room, carol):
    mine, hers = as_partner(), as_partner(who=room.hers)
    sent = {"text": "The ferry sank on Friday.", "url": "https://example.org/ferry"}
    first, again, other = (client.post("articles/", sent) for client in (mine, mine, hers))
    assert [answer.status_code for answer in (first, again, other)] == [202, 200, 202]
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]
    book = {
        "title": "Ferries",
        "url": "https://example.org/ferries",
        "text": "One sank.",
        "kind": "primary",
        "seen": "page",
    }
    first, again, other = (client.post("sources/", book) for client in (mine, mine, hers))
    assert [answer.status_code for answer in (first, again, other)] == [202, 200, 202]
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]
    rows = {"sources": [{"title": "Ferries", "text": "One sank."}], "kind": "primary"}
    first, again, other = (client.post("sources/batch/", rows) for client in (mine, mine, hers))
    assert [answer.status_code for answer in (first, again, other)] == [202, 200, 202]
    named = mine.post("articles/", {"text": "It rained.", "confidential": True, "readers": [carol.pk]})
    assert named.status_code == 422
    secret = mine.post("articles/", {"text": "It rained.", "confidential": True})
    assert secret.status_code == 202
    assert mine.get(f"articles/{secret.json()['id']}/").json()["confidential"] is True
    readers = Article.objects.get(pk=secret.json()["id"]).readers.all()
    assert carol in readers
    assert {reader.role for reader in readers} == {"editor"}


def not_mine(room, stem: str):
    """(whose, rows) of those that have one of this kind."""
    others = {
        "another partner": room.hers.rows,
        "in confidence": room.kept.rows,
        "the desk": room.desk,
        "secret": room.secret,
    }
    return [(name, rows) for name, rows in others.items() if stem in rows]
