"""Earlier fact-checks on pages: a file is sent in and told of, and a claim shows first that it was checked before."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factcheck.models import Import, Job, Passage, Source
from factcheck.workflow import steps
from tests import factories
from tests.text.test_claimreviews import ARABIC, as_json, node
from tests.web.conftest import ATTACK, window
from tests.web.test_claims import FEATURES

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PATH = "/sources/imports/"


def words(answer) -> str:
    """What a reader reads, without the markup."""
    within = re.sub(r"</?(?:bdi|strong|q)\b[^>]*>", "", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", within)).split())


def send(client, data: bytes):
    return client.post("/sources/add/fact-checks", {"file": SimpleUploadedFile("checks.json", data)})


def test_a_file_is_sent_in_and_its_page_says_how_far_it_is_and_what_was_refused(bob, carol):
    data = as_json({"claims": [{"text": ATTACK}], "more": [node()]})
    answer = send(window(carol), data)
    started = Import.objects.get()
    assert answer.url == f"{PATH}{started.pk}/"
    assert "1 of 2 rows" in words(window(bob).get(answer.url))
    assert send(window(carol), data).url == answer.url  # the same file, which is under way
    steps.perform(Job.objects.get(kind=Job.Kind.IMPORT).pk)
    page = words(window(bob).get(answer.url))
    assert re.search(r"1 added.*1 refused.*claims\[0\] It names no review", page)
    assert re.search(r"checks.json.*File of fact-checks Done 1 was refused", words(window(bob).get(PATH)))
    add = "/sources/add/?way=fact-checks"
    assert ["Import the fact-checks" in words(window(who).get(add)) for who in (bob, carol)] == [False, True]
    refused = send(window(carol), b"")
    assert (refused.status_code, "The file is empty." in words(refused)) == (422, True)
    assert send(window(bob), data).status_code == 403


def test_a_claim_shows_before_everything_else_that_it_was_checked_before(bob):
    claim = factories.claim(statement="The new bridge had cost 12 million euros in May 2024.")
    factories.anchor(claim)
    other = factories.source("Minutes of the council")
    checked = factories.fact_check(
        claim_reviewed="The new bridge had cost 15 million euros in May 2024.", rating=ATTACK, rating_value="2"
    )
    arabic = factories.fact_check(claim_reviewed=ARABIC, rating="زائف", language="ar")
    factories.suggestion(claim, other.passages.get(), features=FEATURES, score=0.9)
    for row, strong in ((checked, True), (arabic, False)):
        factories.suggestion(claim, row.source.passages.get(), features={**FEATURES, "strong": strong}, score=0.4)
    outside = Source.objects.create(title="Canada's bridge", kind="fact_check", seen="found", url="https://c.example/1")
    Passage.objects.create(source=outside, position=1, text="Claim reviewed: a bridge.", wording="summary")
    told = {**FEATURES, "claim_reviewed": "A bridge had cost 17 million euros.", "rating": "Not so", "claimant": "Ada"}
    factories.suggestion(claim, outside.passages.get(), features=told, score=0.95, provider="google_factcheck")
    answer = window(bob).get(f"/claims/{claim.pk}/")
    page = words(answer)
    assert ATTACK not in answer.content.decode()
    order = [
        "This was checked before",
        "Very like this claim",
        "15 million",
        "Perhaps the same claim",
        ARABIC,
        "17 million",
        "Not so",
        "Canada's bridge",
        "Minutes of",
    ]
    assert sorted(order, key=page.index) == order
    assert "Not the same: 12 million euros here, 15 million euros there" in page
    assert "In both: May 2024" in page
    assert "as a number 2" in page
    assert "It is in another language (ar): figures, dates and names were not compared." in page
