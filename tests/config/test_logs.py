"""What lets somebody in never stands in a log."""

import logging

import pytest

from config import logs

pytestmark = pytest.mark.unit

KEY = "c8q-d4f2e1a09b"


def written(*, exc_info=None, **fields) -> str:
    """The line that a library's message with these fields becomes."""
    record = logging.LogRecord("any", logging.ERROR, __file__, 1, fields.pop("event"), (), exc_info)
    record.__dict__.update(fields)
    return logs.formatter().format(record)


@pytest.mark.parametrize(
    "said",
    [
        f"GET /accounts/password/reset/key/1-{KEY}/ HTTP/1.1",
        f"Not Found: /accounts/password/reset/key/Ab9-{KEY}",
        f"https://desk.example.org/accounts/password/reset/key/1-{KEY}/?next=/",
        f"GET /feed?page=2&key={KEY}&more=1",
        f"GET /feed?token={KEY}",
        f"login=bob&password={KEY}",
        f"password1={KEY}&password2={KEY}",
        f"csrfmiddlewaretoken={KEY}",
    ],
)
def test_a_key_is_cut_from_every_line(said):
    line = written(event=said)
    assert KEY not in line
    assert "…" in line


def test_from_a_traceback_too():
    try:
        raise ValueError(f"/accounts/password/reset/key/1-{KEY}/")
    except ValueError as error:
        line = written(event="It failed", exc_info=(type(error), error, error.__traceback__))
    assert "ValueError" in line
    assert KEY not in line


@pytest.mark.parametrize("said", ["GET /claims/12/?page=2", "keyword=bridge", "monkey=1", "The key is under the mat"])
def test_everything_else_stays_as_it_is(said):
    assert said in written(event=said).replace('\\"', '"')
