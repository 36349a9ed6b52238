"""The services outside, by the code that asks them, against servers that speak as their documentation says."""

import email.utils
import json
import logging
import time
from importlib import resources
from urllib.parse import parse_qs, urlsplit

import pytest

from factcheck.exceptions import FetchError
from factcheck.retrieval.providers import google_factcheck, outside, searxng, wikipedia
from factcheck.retrieval.providers.found import Found, plain
from tests.fetching.conftest import Site, answer, drip, reset
from tests.retrieval import answers

pytestmark = pytest.mark.unit

KEY = "AIza-of-the-tests-0123456789"


@pytest.fixture
def service(settings):
    """A server that each of the three is told to ask."""
    running = Site()
    settings.SEARCH_DEADLINE = 2
    settings.PROVIDERS = {
        "google_factcheck": {"url": running.url, "key": KEY, "per_minute": 60},
        "wikipedia": {"url": running.url, "contact": "desk@example.org", "languages": ["en", "de"], "per_minute": 60},
        "searxng": {"url": f"{running.url}/deep", "per_minute": 60},
    }
    yield running
    running.close()


def says(service, said, status=200, *headers):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    service.pages[""] = answer(status, body, *headers, kind="application/json")


def sent(service) -> tuple[str, dict, str]:
    """(path, query, the request in full) of the only request."""
    [request] = service.requests
    parts = urlsplit(request.split()[1])
    return parts.path, {name: value for name, [value] in parse_qs(parts.query).items()}, request


# --- what is sent, and what comes back -----------------------------------------------------------------------------


def test_google_finds_each_review_with_its_rating_as_text(service):
    says(service, answers.GOOGLE)
    first, second = google_factcheck.search("the bridge cost 40 million", "en-US")
    assert first == Found(
        url="https://lakecheck.example/bridge",
        title="No, the bridge did not cost 40 million",
        text="Claim reviewed: “The new bridge of Lindau cost 40 million euros.” (Ada Berg)."
        " Rating: “Pants on fire, and then some”.",
        publisher="Lake Check",
        published="2024-05-14",
        rating="Pants on fire, and then some",
        claim_reviewed="The new bridge of Lindau cost 40 million euros.",
        claimant="Ada Berg",
    )
    assert (second.publisher, second.rating, second.published) == ("faktum.example", "", "")
    path, asked, request = sent(service)
    assert path == "/v1alpha1/claims:search"
    assert asked == {"query": "the bridge cost 40 million", "pageSize": "5", "languageCode": "en-US"}
    assert f"X-Goog-Api-Key: {KEY}\r\n" in request
    assert KEY not in request.split("\r\n")[0], "an address ends up in logs"


def test_wikipedia_is_asked_in_the_articles_language_and_told_whom_to_call(service):
    says(service, answers.WIKIPEDIA)
    first, _second = wikipedia.search("bridge OR Lindau", "de-AT")
    assert first.url == f"{service.url}/wiki/Lindau_Bridge_(2024)"
    assert (first.title, first.text) == ("Lindau Bridge (2024)", "The bridge was opened on 6 May and cost <13")
    path, asked, request = sent(service)
    assert path == "/w/api.php"
    assert asked["srsearch"] == "bridge OR Lindau"
    assert (asked["list"], asked["format"], asked["formatversion"]) == ("search", "json", "2")
    assert "User-Agent: Factcheck/1 (+http://localhost:8000; desk@example.org)\r\n" in request


def test_a_wikipedia_that_the_desk_does_not_ask_gives_way_to_its_first(settings, service):
    settings.PROVIDERS["wikipedia"]["url"] = "https://{language}.wikipedia.org"
    assert [wikipedia.receiver(language) for language in ("de", "fr", "", "DE-ch")] == [
        "de.wikipedia.org",
        "en.wikipedia.org",
        "en.wikipedia.org",
        "de.wikipedia.org",
    ]


def test_searxng_finds_pages_of_the_web_only(service):
    says(service, answers.SEARXNG)
    assert searxng.search("bridge", "en") == [
        Found(
            url="https://paper.example/bridge",
            title="The bridge is open",
            text="It cost 12.4 million euros, the council says.",
            published="2024-05-07",
        )
    ]
    path, asked, _request = sent(service)
    assert path == "/deep/search"
    assert asked == {"q": "bridge", "format": "json", "categories": "general", "language": "en"}


def test_each_service_gets_the_words_that_it_can_use():
    statement = (
        'The city of Lindau, said Ada Berg, spent 12.4 million euros on the new bridge -- site:example.org "now".'
    )
    assert wikipedia.query(statement, "en") == (
        "city OR Lindau OR said OR Ada OR Berg OR spent OR 12.4 OR million OR euros OR bridge OR site OR example.org"
    )
    assert searxng.query("!gmail :fr " + statement, "en").startswith("gmail fr The city of Lindau, said Ada Berg")
    assert "site:" not in searxng.query(statement, "en")
    assert google_factcheck.query(statement, "en") == statement
    long = "bridge-builders' associations " * 100
    assert len(google_factcheck.query(long, "en")) <= 500
    assert len(wikipedia.query(" ".join(f"word{number}" for number in range(200)), "en")) <= 300
    assert wikipedia.query("He is it.", "en") == ""


# --- nothing found, and everything else that is not a find ----------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        (google_factcheck, answers.GOOGLE_EMPTY),
        (wikipedia, answers.WIKIPEDIA_EMPTY),
        (searxng, answers.SEARXNG_EMPTY),
    ],
)
def test_nothing_found_is_an_empty_list(service, provider, said):
    says(service, said)
    assert provider.search("bridge", "en") == []


MALFORMED = [b"", b"<html>", b"[]", b"null", b'{"claims": 3, "query": [], "results": {}}', b"[" * 100_000, b'"\xff"']
STRANGE = [
    json.dumps(
        {
            "claims": [{"claimReview": [1, {"url": "javascript:alert(1)"}]}],
            "query": {"search": [None, {"title": 1}]},
            "results": ["x"],
        }
    ).encode()
]


@pytest.mark.parametrize("provider", outside.ALL.values(), ids=outside.ALL)
@pytest.mark.parametrize("body", MALFORMED + STRANGE)
def test_an_answer_that_is_not_the_documented_one_is_never_nothing_found(service, provider, body):
    says(service, body)
    with pytest.raises(FetchError) as error:
        provider.search("bridge", "en")
    assert (error.value.reason, error.value.retry) == ("malformed", False)


@pytest.mark.parametrize("provider", outside.ALL.values(), ids=outside.ALL)
@pytest.mark.parametrize(
    ("status", "header", "retry", "wait"),
    [
        (429, "Retry-After: 120", True, 120),
        (429, "Retry-After: DATE", True, 90),
        (429, "Retry-After: soon", True, None),
        (500, "X-Nothing: 1", True, None),
        (503, "Retry-After: 7", True, 7),
        (403, "Retry-After: 7", False, None),
        (400, "X-Nothing: 1", False, None),
        (302, "Location: http://127.0.0.1/elsewhere", False, None),
    ],
)
def test_a_refusal_says_whether_and_when_to_come_back(service, provider, status, header, retry, wait):
    header = header.replace("DATE", email.utils.formatdate(time.time() + 90, usegmt=True))
    says(service, answers.GOOGLE_TOO_OFTEN, status, header)
    with pytest.raises(FetchError) as error:
        provider.search("bridge", "en")
    assert error.value.retry is retry
    assert error.value.retry_after == (wait and pytest.approx(wait, abs=2))
    assert str(status) in str(error.value)
    assert service.accepted == 1, "no redirect is followed"


def test_a_wikipedia_that_is_behind_is_asked_again_and_another_error_is_not(service):
    for said, retry in (
        (answers.WIKIPEDIA_BEHIND, True),
        ({"error": {"code": "badvalue"}}, False),
        ({"error": 1}, False),
    ):
        says(service, said)
        with pytest.raises(FetchError) as error:
            wikipedia.search("bridge", "en")
        assert error.value.retry is retry


def test_engines_that_did_not_answer_have_not_found_nothing(service):
    says(service, answers.SEARXNG_SILENT)
    with pytest.raises(FetchError, match="one, two") as error:
        searxng.search("bridge", "en")
    assert error.value.retry


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (drip(b"HTTP/1.1 200 OK\r\nX-Slow: "), "timeout"),
        (drip(answer(200, b'{"results": [' + b" " * 5000, kind="application/json"), every=0.002), "timeout"),
        (reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), "malformed"),
        (lambda connection: connection.close(), "refused"),
    ],
)
def test_who_is_slow_or_breaks_off_is_asked_again(settings, service, page, reason):
    settings.SEARCH_DEADLINE = 0.4
    service.pages[""] = page
    began = time.monotonic()
    with pytest.raises(FetchError) as error:
        searxng.search("bridge", "en")
    assert (error.value.reason, error.value.retry) == (reason, True)
    assert time.monotonic() - began < 2


def test_what_is_too_large_is_not_read(settings, service):
    settings.FETCH_WIRE_LIMIT = 10_000
    says(service, b'{"results": [' + b" " * 20_000 + b"]}")
    with pytest.raises(FetchError) as error:
        searxng.search("bridge", "en")
    assert (error.value.reason, error.value.retry) == ("too_large", False)


# --- hostile words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("<b>12</b> million<script>alert(1)</script>", "12 million"),
        ("a<style>b{}</style><!-- c --><img src=x onerror=alert(1)>d", "ad"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("gone &#8238;dnuor\u202e\x00\u2066 it", "gone dnuor it"),
        ("<a href='javascript:x'>one\n\n  two</a>", "one two"),
        ("<svg><script>x</script></svg>", ""),
        ("<" * 200_000, None),
        (["no text"], ""),
        ("\ud800half", "half"),
        ("word " * 1000, None),
    ],
)
def test_words_of_strangers_become_plain_text(said, read):
    text = plain(said)
    assert len(text) <= 2000
    assert read is None or text == read
    text.encode()


def test_keys_stand_in_no_log_and_no_error(service, caplog):
    caplog.set_level(logging.DEBUG)
    says(service, {"error": {"message": f"API key {KEY} not valid."}}, 400)
    with pytest.raises(FetchError) as error:
        google_factcheck.search("bridge", "en")
    assert KEY not in caplog.text + repr(error.value) + str(error.value.__cause__)


# --- Google's own description ----------------------------------------------------------------------------------------


def test_google_is_read_as_its_discovery_document_says():
    """The fixture has no field, and the client no parameter, that Google does not describe; and of the same types."""
    documents = resources.files("googleapiclient.discovery_cache.documents")
    described = json.loads((documents / "factchecktools.v1alpha1.json").read_text())
    method = described["resources"]["claims"]["methods"]["search"]
    assert f"{described['rootUrl']}{method['path']}" == "https://factchecktools.googleapis.com/v1alpha1/claims:search"
    assert {"query", "pageSize", "languageCode"} <= method["parameters"].keys()

    def check(value, schema):
        if "$ref" in schema:
            schema = described["schemas"][schema["$ref"]]
        if schema["type"] == "object":
            assert value.keys() <= schema["properties"].keys()
            for name, each in value.items():
                check(each, schema["properties"][name])
        elif schema["type"] == "array":
            for each in value:
                check(each, schema["items"])
        else:
            assert schema["type"] == "string"
            assert isinstance(value, str)

    check(answers.GOOGLE, {"$ref": method["response"]["$ref"]})
    check(answers.GOOGLE_EMPTY, {"$ref": method["response"]["$ref"]})
