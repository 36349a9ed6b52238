"""The door before Django's own."""

import pytest

from config import wsgi

pytestmark = pytest.mark.unit


def served(content_type, monkeypatch, **environ):
    """(status or "served", body) for a request with this Content-Type."""
    monkeypatch.setattr(wsgi, "serve", lambda environ, start_response: "served")
    told = []
    answer = wsgi.application({"CONTENT_TYPE": content_type, **environ}, lambda status, headers: told.append(status))
    return answer if not told else (told[0], b"".join(answer).decode())


@pytest.mark.parametrize("charset", ["rot13", "hex", "no-such", "zlib", "utf-7", "unicode_escape", '"rot13"'])
def test_a_charset_that_is_none_is_refused_in_words(charset, monkeypatch):
    status, body = served(f"application/json; charset={charset}", monkeypatch)
    assert status == "400 Bad Request"
    assert "a charset that is not taken" in body


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "text/plain; charset=utf-8", 'a/b; charset="latin-1"']
)
def test_any_other_request_is_served(content_type, monkeypatch):
    assert served(content_type, monkeypatch) == "served"


@pytest.mark.parametrize("length", [str(16 * 1024 * 1024 + 1), "9" * 40, "-1", "many", "²"])
def test_a_body_that_nobody_will_read_is_refused_before_it_is(length, monkeypatch):
    status, body = served("text/plain", monkeypatch, CONTENT_LENGTH=length)
    assert status == "413 Content Too Large"
    assert "16,777,216 bytes" in body


def test_a_body_of_any_other_length_is_served(monkeypatch):
    assert served("text/plain", monkeypatch, CONTENT_LENGTH=str(16 * 1024 * 1024)) == "served"
