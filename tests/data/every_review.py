"""Every fact-check of the public data comes out once: records in = records out + reported. `make test-data`."""

import gzip
import json
import os
from pathlib import Path

import pytest

from factcheck.text.claimreviews import Record, Unread, read

pytestmark = pytest.mark.unit

DATA = Path(os.environ.get("DATA", "../shared/data"))
ANSWERS = DATA / "claimreview_google_api_arabic/dev/claims.jsonl"
PAGES = DATA / "claimreview_pages/dev"


def parted(data: bytes) -> tuple[list[Record], list[Unread]]:
    found = list(read(data))
    return [each for each in found if isinstance(each, Record)], [each for each in found if isinstance(each, Unread)]


@pytest.mark.parametrize("as_one_answer", [False, True])
def test_every_review_of_every_answer_is_read_and_keeps_its_words(as_one_answer):
    data = ANSWERS.read_bytes()
    claims = [json.loads(line) for line in data.splitlines()]
    if as_one_answer:
        data = json.dumps({"claims": claims}).encode()
    there = [(claim, review) for claim in claims for review in claim["claimReview"]]
    records, reported = parted(data)
    assert len(there) == len(records) + len(reported)
    assert (len(claims), len(records), reported) == (1039, 1043, [])
    for (claim, review), record in zip(there, records, strict=True):
        assert json.loads(record.raw) == {**claim, "claimReview": [review]}
        assert record.claim_reviewed == " ".join(claim["text"].split())
        assert record.rating == " ".join(review["textualRating"].split())
        assert (record.url, record.review_date) == (review["url"], review.get("reviewDate", "")[:10])


def test_every_review_of_every_page_is_read():
    expected = [json.loads(line) for line in (PAGES / "claimreview.jsonl").read_text().splitlines()]
    assert expected
    for row in expected:
        nodes = row["jsonld"] if isinstance(row["jsonld"], list) else [row["jsonld"]]
        there = [node for node in nodes if node["@type"] == "ClaimReview"]
        name = row["source_file"].rsplit("/", 1)[-1]
        records, reported = parted(gzip.decompress((PAGES / "html" / name).read_bytes()))
        assert ([json.loads(record.raw) for record in records], reported) == (there, []), name
