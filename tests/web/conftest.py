"""A claim that walks the path, and windows of the people who look at it."""

import html
from datetime import date

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck.workflow import evidence, publications, reviews
from tests import factories

SAID = {
    "statement": "The bridge cost 12 million euros.",
    "speaker": "Ada Lind",
    "verdict": "verified",
    "rating": 5,
    "rationale": "The council's minutes give the sum.",
    "as_of": date(2026, 11, 24),
}
# As a browser sends the same.
TYPED = {
    "statement": "The bridge cost 12 million euros.",
    "speaker": "Ada Lind",
    "finding": "5",
    "rationale": "The council's minutes give the sum.",
    "as_of": "2026-11-24",
}
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def window(who=None) -> Client:
    """A browser's window; of a stranger when nobody is named."""
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def said(response) -> str:
    """The page's source with its entities read: for words, not for markup."""
    return html.unescape(response.content.decode())


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Passwords are hashed as ever, in less memory and one round; test_accounts.py undoes it where slowness counts."""
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)


@pytest.fixture
def desk(db):
    return factories.desk(name="The Test Desk")


@pytest.fixture
def claim(db):
    claim = factories.claim(checkworthiness=0.8, reasons=["states a quantity: 12 million"], speaker="Ada Lind")
    factories.anchor(claim)
    return claim


@pytest.fixture
def draft(claim, bob):
    return reviews.begin(claim, by=bob, seen=claim.version)


@pytest.fixture
def written(draft, bob):
    """A draft that could be submitted."""
    evidence.add_document(
        draft,
        by=bob,
        seen=draft.version,
        stance="supports",
        title="Minutes",
        url="https://example.org/minutes",
        exact="The bridge cost 12 million euros.",
        published="2024-05",
    )
    factories.nobody_asked(draft, bob)
    return reviews.save(draft, by=bob, seen=draft.version, **SAID)


@pytest.fixture
def submitted(written, bob):
    return reviews.submit(written, by=bob, seen=written.version)


@pytest.fixture
def approved(submitted, carol):
    return reviews.approve(submitted, by=carol, seen=submitted.version, compared=True)


@pytest.fixture
def published(approved, carol, desk):
    return publications.publish(approved, by=carol, seen=approved.version)
