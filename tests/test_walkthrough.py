"""docs/walkthrough.md lists the claims that the code finds today."""

import re
from pathlib import Path

import pytest

from factcheck.retrieval import embedding
from factcheck.text import claims

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).parent.parent


def test_the_walkthrough_lists_the_claims_of_the_sample_as_they_come_out_today():
    encoder = claims.Encoder(embedding.MODEL, embedding.encode)
    found = claims.find((PROJECT / "seeds" / "article.txt").read_text(), encoder)
    page = (PROJECT / "docs" / "walkthrough.md").read_text()
    assert re.findall(r"^## \d+\. (.*)$", page, re.MULTILINE) == [candidate.exact for candidate in found]
    scores = re.findall(r"check-worthiness ([\d.]+):", page)
    assert scores == [f"{candidate.checkworthiness:.2f}" for candidate in found]
