"""A browser without JavaScript, for each person; a room with a row of every noun."""

import pytest
from django.test import Client

from factcheck.models import Job, LinkCheck, Outlet
from factcheck.workflow import evidence, publications, reviews
from factcheck.workflow.articles import ingest
from tests import factories

ROLES = ("reporter", "checker", "editor", "administrator", "auditor")
ADMITTED = {"editor", "administrator", "auditor"}


@pytest.fixture
def people(db):
    return {role: factories.person(role.title(), role) for role in ROLES}


@pytest.fixture
def browser():
    def of(user=None) -> Client:
        client = Client(SERVER_NAME="localhost")
        if user is not None:
            client.force_login(user)
        return client

    return of


@pytest.fixture
def desk(db):
    return factories.desk()


def dead_job(article) -> Job:
    job = Job.objects.create(kind="suggest", target=article.current.pk, queue="find", article=article, max_attempts=1)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=job.created_at)
    Job.objects.filter(pk=job.pk).update(state="dead", lease_until=None, last_error="The model is not there.")
    job.refresh_from_db()
    return job


def fill(writer, editor) -> None:
    """One more row of every noun."""
    factories.desk()
    outlet = Outlet.objects.create(name=f"Outlet {next(factories.number)}")
    article = ingest(
        "The mayor opened the bridge on Monday. It cost 12 million.", by=factories.person("Alice", "reporter")
    )
    type(article).objects.filter(pk=article.pk).update(outlet=outlet)
    dead_job(article)
    factories.feed_entry(article=article)
    claim = factories.claim(article)
    factories.anchor(claim)
    factories.pair(claim)
    factories.search(claim, sent=True)
    suggestion = factories.suggestion(claim)
    type(suggestion.passage.source).objects.filter(pk=suggestion.passage.source_id).update(outlet=outlet)
    piece = evidence.accept(suggestion, by=writer, seen=suggestion.version, stance="supports")
    review = piece.review
    said = {
        "statement": "It cost 12 million.",
        "speaker": "",
        "verdict": "verified",
        "rating": 5,
        "rationale": "Minutes.",
    }
    reviews.save(review, by=writer, seen=review.version, as_of=article.created_at.date(), **said)
    factories.nobody_asked(review, writer)
    factories.answer_doubts(review, writer)
    reviews.submit(review, by=writer, seen=review.version)
    reviews.approve(review, by=editor, seen=review.version, compared=True)
    publications.publish(review, by=editor, seen=review.version)
    factories.legal_reading(factories.draft(writer), writer)
    LinkCheck.objects.create(url="https://example.org/minutes", article=article)
    factories.hold(article, editor)
    factories.reader_request()
    factories.api_key(factories.partner())
