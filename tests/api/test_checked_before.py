"""A suggestion that leads to an earlier fact-check carries it."""

import pytest

from factcheck.models import Passage, Source
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def test_a_suggestion_says_that_it_was_checked_before_and_what_differs(by_bob):
    claim = factories.claim(statement="The new bridge had cost 12 million euros in May 2024.")
    row = factories.fact_check(
        claim_reviewed="The new bridge had cost 15 million euros in May 2024.",
        language="en",
        publisher="Checks",
        review_date="2024-06",
    )
    arabic = factories.fact_check(language="ar")
    for passage in (row.source.passages.get(), arabic.source.passages.get(), factories.source().passages.get()):
        factories.suggestion(claim, passage, features={"strong": passage.source_id == row.source_id})
    outside = Source.objects.create(title="No", kind="fact_check", seen="found", url="https://c.example/1")
    found = Passage.objects.create(source=outside, position=1, text="A bridge.", wording="summary")
    told = {"claim_reviewed": "The bridge is closed.", "rating": "Not so"}
    factories.suggestion(claim, found, features=told, provider="google_factcheck")
    first, second, third, fourth = by_bob.get("suggestions/", {"claim": claim.pk}).json()["results"]
    before = first["checked_before"]
    assert (before["strong"], before["rating"], before["publisher"], before["review_date"], before["origin"]) == (
        True, "Mostly false", "Checks", "2024-06", "imported",
    )  # fmt: skip
    assert before["url"] == first["passage"]["source"]["url"]
    assert before["differences"] == [
        {"how": "conflict", "ours": "12 million euros", "theirs": "15 million euros"},
        {"how": "agree", "ours": "May 2024", "theirs": "May 2024"},
    ]
    assert (second["checked_before"]["strong"], second["checked_before"]["differences"]) == (False, None)
    assert third["checked_before"] is None
    before = fourth["checked_before"]
    assert (before["claim_reviewed"], before["rating"], before["url"], before["strong"]) == (
        "The bridge is closed.", "Not so", "https://c.example/1", False,
    )  # fmt: skip
