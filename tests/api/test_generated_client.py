"""A typed client generated from docs/openapi.yaml, without a warning, lives a partner's story on a real server."""

import subprocess
import sys

import pytest

from factcheck.models import Job
from factcheck.workflow import steps
from factcheck.workflow.sources import add_source
from tests import factories
from tests.api.addresses import published
from tests.test_imports import PROJECT

pytestmark = [pytest.mark.api, pytest.mark.django_db(transaction=True)]

# Its files are for a program, not for a reader. It knows no JSON lines: a stream of them is a file to it.
CONFIG = "post_hooks: []\ncontent_type_overrides: {application/x-ndjson: application/octet-stream}\n"


@pytest.fixture
def generated(tmp_path, monkeypatch):
    (tmp_path / "config.yaml").write_text(CONFIG)
    schema, there = PROJECT / "docs" / "openapi.yaml", tmp_path / "generated_desk"
    options = ["--path", schema, "--output-path", there, "--meta", "none", "--config", tmp_path / "config.yaml"]
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(tmp_path)


def perform_all():
    for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
        steps.perform(job.pk)
    if Job.objects.filter(state=Job.State.QUEUED).exists():
        perform_all()


def test_a_program_that_knows_the_schema_alone(generated, live_server, settings):
    from generated_desk import AuthenticatedClient
    from generated_desk.api.articles import get_article, list_claims_of_article, submit_article
    from generated_desk.api.publications import get_publication, list_publications
    from generated_desk.api.suggestions import list_suggestions
    from generated_desk.models import ClaimStatus, NewArticle, Problem, ProgressState

    settings.PUBLIC_URL = live_server.url
    factories.desk()
    slug = published(factories.person("Bob", "checker"), factories.person("Carol", "editor")).slug
    add_source(by=None, title="Minutes", kind="primary", seen="page", passages=[("It paid 12 million.", "original")])
    key = factories.api_key(factories.partner())

    with AuthenticatedClient(base_url=live_server.url, token=key) as desk:
        refused = submit_article.sync(client=desk, body=NewArticle(title="No text"))
        assert isinstance(refused, Problem)
        assert refused.errors["text"] == ["Send a text, HTML, or the address of a page."]

        body = NewArticle(
            title="The bridge", text="The council paid 12 million euros for the harbour bridge on Monday."
        )
        accepted = submit_article.sync(client=desk, body=body)
        assert get_article.sync(accepted.id, client=desk).progress.state == ProgressState.PENDING
        perform_all()
        article = get_article.sync(accepted.id, client=desk)
        assert (article.progress.state, article.current.text) == (ProgressState.DONE, body.text)

        claim = list_claims_of_article.sync(accepted.id, client=desk).results[0]
        assert (claim.status, body.text[claim.anchor.start : claim.anchor.end]) == (
            ClaimStatus.DETECTED,
            claim.anchor.exact,
        )
        assert list_suggestions.sync(client=desk, claim=claim.id).search.state == ProgressState.DONE

        page = list_publications.sync(client=desk, limit=10)
        assert ([each.slug for each in page.results], page.next_) == ([slug], None)
        publication = get_publication.sync(slug, client=desk)
        assert publication.jsonld["reviewRating"]["ratingValue"] == 5
        assert publication.published_at.tzinfo is not None
        assert isinstance(get_publication.sync("nothing", client=desk), Problem)
