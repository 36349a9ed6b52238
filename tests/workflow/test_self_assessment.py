"""Every figure of the self-assessment, against rows that can be counted by hand."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from factcheck.models import AuditEntry, Claim, ClaimReview, Outlet, Source, User
from factcheck.workflow import requests, self_assessment
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def publish(review: ClaimReview, by: User, days: int) -> None:
    """A complete draft becomes public, so many days ago."""
    for step in ("submitted", "approved"):
        factories.walk(review, step, by)
    then = timezone.now() - timedelta(days=days)
    with transaction.atomic():
        ClaimReview.objects.filter(claim=review.claim, status="published").update(status="superseded")
        factories.publication(review, by, published_at=then).save()
        ClaimReview.objects.filter(pk=review.pk).update(status="published")
        Claim.objects.filter(pk=review.claim_id).update(status="reviewed")


@pytest.fixture
def checks(bob, carol, grace):
    """Three that stand: Ada's of an outlet, which is a correction, and two of nobody. One is retracted, one is old."""
    factories.desk()
    ada = factories.claim(factories.article(outlet=Outlet.objects.create(name="The Morning")))
    publish(factories.complete(bob, ada), carol, days=10)
    again = factories.complete(grace, ada)
    ClaimReview.objects.filter(pk=again.pk).update(speaker="Ada", verdict="disputed", rating=2)
    factories.evidence(again, grace, stance="refutes")
    data = Source.objects.create(title="Data", kind="dataset", seen="page", url="https://example.org/data")
    kept = factories.page_of(data, "The bridge cost 12 million euros.")
    factories.evidence(again, grace, stance="context", snapshot=kept)
    publish(again, carol, days=4)
    for days in (1, 1, 2, 400):
        last = factories.complete(bob)
        publish(last, carol, days=days)
        if days == 2:
            with transaction.atomic():
                factories.walk(last, "retracted", carol)
    for outcome in ("corrected", "no_change"):
        row = factories.reader_request(created_at=timezone.now() - timedelta(days=3))
        requests.answer(row, by=carol, seen=1, outcome=outcome, text="So.")


def tables() -> dict[str, dict[str, tuple]]:
    found = (table for commitment in self_assessment.commitments() for table in commitment.tables)
    return {table.name: {row[0]: row[1:] for row in table.rows} for table in found}


def test_the_figures_are_those_of_the_rows(checks):
    found = tables()
    assert found["speakers"] == {"The article itself": (2, 0, 0, 2), "Ada": (0, 1, 0, 1), "All": (2, 1, 0, 3)}
    assert found["outlets"] == {"Outlet not known": (2, 0, 0, 2), "The Morning": (0, 1, 0, 1), "All": (2, 1, 0, 3)}
    assert found["evidence"] == {
        "Checks": (3, ""),
        "Pieces of evidence per check (median)": ("1", ""),
        "Checks with two pieces of evidence or more": (1, "33 %"),
        "Checks with evidence on both sides": (1, "33 %"),
        "Documents as evidence": (5, ""),
        "Documents with a link": (1, "20 %"),
        "Documents with a link and a kept copy (sha256)": (1, "20 %"),
        "Documents that are primary sources or data": (5, "100 %"),
    }
    assert found["checks"] == {
        "Checks approved by somebody who wrote no part of them": (3, "100 %"),
        "People who wrote checks": (2, ""),
        "People who approved checks": (1, ""),
        "Checks that say where nothing was found": (0, "0 %"),
    }
    assert found["corrections"] == {
        "Fact-checks that a newer one took the place of": (1,),
        "Days until they were replaced (median)": ("6.0",),
        "Retractions": (1,),
        "Days until they were retracted (median)": ("2.0",),
        "Requests from readers": (2,),
        "Requests answered": (2,),
        "Requests that led to a correction": (1,),
        "Days until the answer (median)": ("3.0",),
    }
    assert found["organisation"]["Who pays for the desk"][0] == 1


def test_a_desk_without_checks_has_no_figures_and_no_error(dave, bob):
    reader, checker = Client(), Client()
    reader.force_login(dave)
    checker.force_login(bob)
    assert tables()["evidence"]["Checks with evidence on both sides"] == (0, "")
    page = reader.get("/desk/self-assessment/").content.decode()
    assert "Nonpartisanship and fairness" in page
    assert "not written" in page
    taken = reader.post("/desk/export/self-assessment", {"form": "csv"}).getvalue().decode()
    assert "Pages on funding and organisation,Who pays for the desk,Version,not written" in taken
    assert checker.post("/desk/export/self-assessment", {"form": "csv"}).status_code == 403
    assert AuditEntry.objects.filter(verb="desk.list_exported").count() == 1
