"""How good the suggestions were: each figure by hand, and only of what its reader sees."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from factcheck.models import AuditEntry, Job
from factcheck.workflow import evidence, feedback
from factcheck.workflow.articles import keep_confidential
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def decided(claim, rank: int, by, accepted: bool | None, provider: str = "library") -> None:
    suggestion = factories.suggestion(claim, rank=rank, provider=provider)
    if accepted:
        evidence.accept(suggestion, by=by, seen=1, stance="supports")
    elif accepted is not None:
        evidence.dismiss(suggestion, by=by, seen=1, reason="Another bridge.")


def split_before(article, minutes: int) -> None:
    job = Job.objects.create(kind="split", target=article.current.pk, queue="read", article=article)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=Now())
    done = AuditEntry.objects.filter(verb="suggestion.accepted", chain=str(article.uuid)).earliest("at").at
    finished = done - timedelta(minutes=minutes)
    Job.objects.filter(pk=job.pk).update(state="done", lease_until=None, finished_at=finished)


def test_the_figures_are_those_of_what_people_decided_and_the_reader_sees(bob, carol):
    assert feedback.figures(bob).median is None
    claims = [factories.claim() for _ in range(2)]
    for claim, rank, accepted, provider in (
        (claims[0], 1, True, "library"),
        (claims[0], 2, False, "library"),
        (claims[0], 7, True, "library"),
        (claims[1], 1, False, "library"),
        (claims[1], 2, True, "outside"),
        (claims[1], 3, None, "outside"),
    ):
        decided(claim, rank, bob, accepted, provider)
    split_before(claims[0].article, 10)
    split_before(claims[1].article, 20)
    with CaptureQueriesContext(connection) as queries:
        found = feedback.figures(bob)
    assert len(queries) == 2
    [library, outside] = found.providers
    assert (library.precision(1), library.precision(5), library.acceptance) == (1 / 2, 1 / 3, 2 / 4)
    assert (outside.precision(1), outside.precision(5), outside.pending) == (None, 1.0, 1)
    assert (found.all.precision(5), found.all.acceptance, found.median) == (2 / 4, 3 / 5, timedelta(minutes=15))

    out = StringIO()
    keep_confidential(claims[1].article, by=carol, seen=claims[1].article.version, readers=[])
    seen = feedback.figures(bob)
    assert ([each.name for each in seen.providers], seen.all.acceptance) == (["library"], 2 / 3)
    assert seen.median == timedelta(minutes=10)
    call_command("feedback", "--json", stdout=out)  # the operator's: of everything
    told = json.loads(out.getvalue())
    assert (told["precision@5"], told["first_source"]) == (0.5, {"articles": 2, "seconds": 900.0})
    call_command("feedback", stdout=out)
    assert "15.0 minutes (median of 2 articles)" in out.getvalue()
