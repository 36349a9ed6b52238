"""Each way of being refused: its status, its type, and a sentence; and that nothing hostile is ever a 500."""

import json

import pytest

from factcheck.api import errors
from factcheck.models import Article, Claim
from tests import factories
from tests.api.addresses import BODIES, VERBS, WRITTEN, operations, place

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def said(answer, status, kind):
    body = answer.json()
    assert (answer.status_code, body["type"]) == (status, f"/problems/{kind}"), body
    return body


def test_malformed_json(by_bob):
    for raw in ("{", "", "nul", '{"title": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, '{"n": ' + "9" * 5000 + "}"):
        if raw:
            answer = by_bob.generic("POST", "articles/", raw, content_type="application/json")
            said(answer, 400, "malformed")
    said(by_bob.generic("POST", "articles/", b'{"t": "\xff"}', content_type="application/json"), 400, "malformed")


def test_a_charset_of_the_header_changes_nothing(by_bob):
    for charset in ("utf-16", "latin-1", "nonsense"):
        answer = by_bob.generic(
            "POST",
            "articles/?a=b",
            json.dumps({"title": "x", "text": f"Ä text, {charset}."}, ensure_ascii=False).encode(),
            content_type=f"application/json; charset={charset}",
        )
        assert answer.status_code == 202
        assert by_bob.get("claims/?limit=3", content_type=f"text/x; charset={charset}").status_code == 200


def test_another_media_type(by_bob):
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"):
        said(by_bob.generic("POST", "articles/", "title=x", content_type=media_type), 415, "wrong-media-type")
    broken = by_bob.generic("POST", "articles/", b"--x\r\nbad", content_type="multipart/form-data")
    assert broken.status_code in (400, 415)


def test_another_answer_than_json(by_bob):
    said(by_bob.get("claims/", HTTP_ACCEPT="text/html"), 406, "not-acceptable")
    assert by_bob.get("claims/", HTTP_ACCEPT="////;;;,").status_code in (200, 406)


def test_a_method_that_is_not_there(by_bob):
    for method in ("DELETE", "PUT", "OPTIONS", "TRACE", "BREW"):
        answer = by_bob.generic(method, "claims/")
        said(answer, 405, "wrong-method")
        assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["nothing/", "claims", "", "claims/1/2/3/", "%00/", "articles/1/claims/x/"])
def test_an_address_that_is_not_there(by_bob, stranger, path):
    body = said(by_bob.get(path), 404, "not-found")
    assert ("end with a slash" in body["detail"]) == (path == "claims")
    said(stranger.get(path), 401, "not-logged-in")


KEYS = [
    "0",
    "999999",
    "-1",
    "abc",
    "1.0",
    "1e3",
    "9" * 19,
    "9" * 25,
    "9" * 5000,
    "%00",
    "٣",
    "1%00",
    "%F0%9F%8E%89",
    "'--",
]


@pytest.fixture
def northwind(db):
    return factories.partner()


@pytest.fixture
def asker(operation, request):
    """Whom the operation is for: a partner with a key, or an editor."""
    if VERBS[operation] == "manage webhooks":
        return request.getfixturevalue("with_key")(factories.api_key(request.getfixturevalue("northwind")))
    return request.getfixturevalue("by_carol")


@pytest.mark.parametrize("operation", [each for each in operations() if "<" in each])
def test_a_key_that_is_none(operation, asker):
    method, route = operation.split(" ")
    for key in KEYS:
        path = route.replace("<id>", key).replace("<slug>", key)
        answer = getattr(asker, method.lower())(path, BODIES.get(operation), HTTP_IF_MATCH='"1"')
        said(answer, 404, "not-found")


def test_a_field_that_nobody_knows(by_bob):
    body = said(by_bob.post("articles/", {"title": "x", "text": "y", "verdict": "true"}), 422, "invalid")
    assert body["errors"] == {
        "verdict": [
            "There is no such field here. Known: confidential, html, language, note, outside_search, published,"
            " readers, text, title, url."
        ]
    }


def test_a_filter_that_nobody_knows(by_bob):
    body = said(by_bob.get("claims/", {"statu": "detected"}), 422, "invalid")
    assert list(body["errors"]) == ["statu"]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "true"},
        {"verdict": "false"},
        {"article": "x"},
        {"article": "9" * 30},
        {"article": "0"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "9" * 5000},
        {"cursor": "x"},
        {"cursor": "é"},
        {"cursor": "YWZ0ZXIgYWJj"},
        {"cursor": "YWZ0ZXIgOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"},
        {"speaker": "\x00"},
        {"speaker": "x" * 501},
    ],
)
def test_a_query_that_cannot_be_taken(by_bob, query):
    body = said(by_bob.get("claims/", query), 422, "invalid")
    assert list(body["errors"]) == list(query)


def test_filters_by_what_is_not_there(by_bob):
    said(by_bob.get("claims/", {"article": "999"}), 404, "not-found")
    said(by_bob.get("suggestions/", {"claim": "999"}), 404, "not-found")
    assert said(by_bob.get("suggestions/"), 422, "invalid")["errors"]["claim"]


HOSTILE = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    1e308,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 200_000,
    [],
    ["x"],
    {},
    {"a": {"b": []}},
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2024-02-31",
    "javascript:alert(1)",
    "http://[::1",
    "‮; DROP TABLE",
]


@pytest.mark.parametrize("operation", [each for each in operations() if each in BODIES])
def test_hostile_values_in_each_field(operation, asker, bob, carol, request):
    """Taken or refused, in the schema's words; the client of the tests holds every answer against the schema."""
    writer = request.getfixturevalue("northwind") if VERBS[operation] == "manage webhooks" else bob
    spot = place(operation, writer, carol)
    right, refused = spot.body, 0
    optional = {"POST articles/": ["url", "note", "language", "published"], "POST suggestions/<id>/accept/": ["exact"]}
    for name in [*right, *optional.get(operation, [])]:
        for value in HOSTILE:
            spot.body = {**right, name: value}
            refused += spot.call(asker).status_code == 422
    for whole in HOSTILE:
        raw = json.dumps(whole)
        headers = {"HTTP_IF_MATCH": f'"{spot.seen}"'}
        answer = asker.generic(spot.method, spot.path, raw, content_type="application/json", **headers)
        assert answer.status_code in (409, 412, 422), (whole, answer.content)
    assert refused > 10


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("document", {"stance": "supports", "title": "T", "url": "https://example.org/x", "exact": "w"}),
        ("person", {"stance": "supports", "public_wording": "An engineer"}),
        ("search", {"searched_for": "a", "searched_where": "b", "searched_on": "2026-11-24"}),
    ],
)
def test_hostile_evidence(kind, sent, by_bob, bob):
    review = factories.draft(bob)
    for name in sent:
        for value in HOSTILE:
            by_bob.post(f"reviews/{review.pk}/evidence/", {"kind": kind, **sent, name: value}, seen=review.version)
            review.refresh_from_db()
        missing = {each: words for each, words in sent.items() if each != name}
        answer = by_bob.post(f"reviews/{review.pk}/evidence/", {"kind": kind, **missing}, seen=review.version)
        assert list(said(answer, 422, "invalid")["errors"]) == [name]
    answer = by_bob.post(f"reviews/{review.pk}/evidence/", {"kind": "hearsay"}, seen=review.version)
    assert list(said(answer, 422, "invalid")["errors"]) == ["kind"]


def test_five_megabytes_of_text_are_refused_in_words(by_bob):
    answer = by_bob.post("articles/", {"title": "Long", "text": "word " * 1_000_000})
    assert "200,000" in said(answer, 422, "bad-input")["detail"]
    answer = by_bob.post("articles/", {"title": "Long", "text": "word " * 3_000_000})
    said(answer, 413, "too-large")
    assert not Article.objects.exists()


def test_a_text_is_kept_exactly(by_bob):
    text = "  Line one.\r\n\tLine “two” 🎉 e\u0301. \n"
    sent = by_bob.post("articles/", {"title": "T", "text": text, "published": "2024-05-14", "language": "de-AT"})
    article = Article.objects.get(pk=sent.json()["id"])
    assert (article.current.text, article.current.title) == (text, "T")
    shown = by_bob.get(f"articles/{article.pk}/").json()
    assert (shown["published_at"], shown["language"]) == ("2024-05-14T00:00:00Z", "de-AT")


@pytest.mark.parametrize("published", ["2024-05-14T10:00:00", "14.5.2024", "2024-W20-2", "20240514", 2024])
def test_a_time_without_its_offset_is_no_time(by_bob, published):
    answer = by_bob.post("articles/", {"title": "x", "text": "y", "published": published})
    assert "offset" in said(answer, 422, "invalid")["errors"]["published"][0]


def test_the_wrong_state(by_bob, by_carol, bob, carol):
    review = factories.reviewed_until("submitted", bob, carol)
    said(by_bob.put(f"reviews/{review.pk}/", WRITTEN, seen=review.version), 409, "invalid-transition")
    factories.desk()
    said(by_carol.post(f"reviews/{review.pk}/publish/", seen=review.version), 409, "invalid-transition")
    claim = review.claim
    answer = by_bob.patch(f"claims/{claim.pk}/", {"statement": "Other words."}, seen=claim.version)
    said(answer, 409, "invalid-transition")


def test_a_rule_of_the_database(by_bob, bob):
    review = factories.draft(bob)
    answer = by_bob.put(f"reviews/{review.pk}/", {**WRITTEN, "verdict": "disputed"}, seen=review.version)
    body = said(answer, 422, "refused")
    assert (body["rule"], "Ratings 4 and 5" in body["detail"]) == ("rating_agrees_with_verdict", True)
    answer = by_bob.post(f"reviews/{review.pk}/submit/", seen=review.version)
    assert said(answer, 422, "refused")["rule"]


def test_who_lost_the_race_sees_the_other_text(by_bob, by_carol, bob):
    review = factories.draft(bob)
    seen = review.version
    by_carol.put(f"reviews/{review.pk}/", {**WRITTEN, "rationale": "Carol's words."}, seen=seen)
    lost = by_bob.put(f"reviews/{review.pk}/", {**WRITTEN, "rationale": "Bob's words."}, seen=seen)
    body = said(lost, 412, "conflict")
    assert body["current"]["rationale"] == "Carol's words."
    again = by_bob.put(
        f"reviews/{review.pk}/", {**WRITTEN, "rationale": "Carol's and Bob's words."}, HTTP_IF_MATCH=lost["ETag"]
    )
    assert again.json()["rationale"] == "Carol's and Bob's words."


def test_an_undecided_draft_is_saved_with_null(by_bob, bob):
    review = factories.draft(bob)
    undecided = {**WRITTEN, "verdict": None, "rating": None, "as_of": None, "rationale": ""}
    assert by_bob.put(f"reviews/{review.pk}/", undecided, seen=review.version).json()["verdict"] is None
    short = {name: value for name, value in WRITTEN.items() if name != "rationale"}
    review.refresh_from_db()
    answer = by_bob.put(f"reviews/{review.pk}/", short, seen=review.version)
    assert list(said(answer, 422, "invalid")["errors"]) == ["rationale"]


def test_nothing_is_changed_by_what_is_refused(by_bob, claim):
    before = Claim.objects.values().get(pk=claim.pk)
    by_bob.patch(f"claims/{claim.pk}/", {"statement": ""}, seen=claim.version)
    by_bob.patch(f"claims/{claim.pk}/", {"statement": "x", "status": "reviewed"}, seen=claim.version)
    by_bob.patch(f"claims/{claim.pk}/", {"statement": "x"}, seen=claim.version + 1)
    assert {**Claim.objects.values().get(pk=claim.pk), "embedding": None} == {**before, "embedding": None}


def test_what_nobody_foresaw_stays_a_server_error(by_bob, claim, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("factcheck.workflow.claims.edit_statement", broken)
    with pytest.raises(ZeroDivisionError):
        by_bob.patch(f"claims/{claim.pk}/", {"statement": "x"}, seen=claim.version)


def test_every_type_of_problem_has_its_line_in_the_documentation():
    from tests.test_imports import PROJECT

    text = (PROJECT / "docs" / "api.md").read_text()
    for kind, (status, title) in errors.TYPES.items():
        assert f"| `/problems/{kind}` | {status} | {title} |" in text
