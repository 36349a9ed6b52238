"""The door before Django's own."""

import pytest

from config import wsgi

pytestmark = pytest.mark.unit


def served(content_type, monkeypatch):
    """(status or "served", body) for a request with this Content-Type."""
    monkeypatch.setattr(wsgi, "serve", lambda environ, start_response: "served")
    told = []
    answer = wsgi.application({"CONTENT_TYPE": content_type}, lambda status, headers: told.append(status))
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
