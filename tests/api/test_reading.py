"""Lists: every row once, in order, at a constant number of queries; and four answers that are not the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from factcheck.models import ConfidentialPart, Evidence, Job, Search
from factcheck.workflow import publications
from tests import factories
from tests.api.addresses import dead_job, published

pytestmark = [pytest.mark.api, pytest.mark.django_db]


def walked(client, path, **query):
    """Every row of every page, following `next`."""
    rows, pages = [], 0
    answer = client.get(path, query).json()
    while True:
        rows += answer["results"]
        pages += 1
        if answer["next"] is None:
            return rows, pages
        answer = client.get(answer["next"]).json()


def test_pages_show_every_row_once_in_order(by_bob):
    article = factories.article()
    keys = [factories.claim(article).pk for _ in range(7)]
    rows, pages = walked(by_bob, "claims/", limit=3)
    assert ([row["id"] for row in rows], pages) == (keys, 3)
    assert walked(by_bob, "claims/", limit=7)[1] == 1
    assert walked(by_bob, f"articles/{article.pk}/claims/", limit=2)[1] == 4


def test_a_row_that_comes_between_two_pages_shifts_nothing(by_bob):
    article = factories.article()
    keys = [factories.claim(article).pk for _ in range(4)]
    first = by_bob.get("claims/", {"limit": 2}).json()
    late = factories.claim(article).pk
    rest = by_bob.get(first["next"].replace("limit=2", "limit=50")).json()
    assert [row["id"] for row in first["results"] + rest["results"]] == [*keys, late]


def test_filters_stay_through_the_pages(by_bob):
    article = factories.article()
    for number in range(6):
        factories.claim(article, speaker="Ada Lind" if number % 2 else "Bo")
    rows, pages = walked(by_bob, "claims/", limit=2, speaker="ADA LIND", status="detected", article=article.pk)
    assert ([row["speaker"] for row in rows], pages) == (["Ada Lind"] * 3, 2)


def test_the_addresses_of_pages_come_from_the_settings(by_bob, settings):
    settings.PUBLIC_URL = "https://desk.example"
    factories.claim(factories.claim().article)
    following = by_bob.get("claims/", {"limit": 1}, HTTP_X_FORWARDED_HOST="evil.example").json()["next"]
    assert following.startswith("https://desk.example/api/v1/claims/?")


def fill(bob, carol):
    factories.desk()
    for _ in range(2):
        published(bob, carol)
        factories.evidence(factories.draft(factories.person("Writer")), bob)
        dead_job()


@pytest.mark.parametrize(
    "path", ["articles/", "claims/", "reviews/", "publications/", "suggestions/?claim={}", "articles/{}/claims/"]
)
def test_more_rows_cost_no_more_queries(path, by_bob, bob, carol):
    claim = factories.claim()
    factories.anchor(claim)
    by_bob.get("claims/")  # the first answer of a log-in notes the browser, once
    counts, sizes = [], []
    for _ in range(2):
        fill(bob, carol)
        for _ in range(3):
            factories.suggestion(claim, factories.source().passages.get())
            factories.anchor(factories.claim(claim.article))
        at = path.format(claim.pk if "suggestions" in path else claim.article_id)
        with CaptureQueriesContext(connection) as queries:
            answer = by_bob.get(at)
        counts.append(len(queries))
        sizes.append(len(answer.json()["results"]))
    assert sizes[1] > sizes[0]
    assert counts[0] == counts[1]
    assert counts[1] <= 14


def searched(claim, state, error=""):
    job = Job.objects.create(
        kind="suggest", target=claim.article.current.pk, queue="find", article=claim.article, max_attempts=1
    )
    path = {"queued": [], "running": ["running"], "dead": ["running", "dead"], "done": ["running", "done"]}[state]
    for step in path:
        lease = {"lease_until": job.created_at if step == "running" else None}
        attempts = {"attempts": 1} if step == "running" else {}
        finished = {"finished_at": job.created_at} if step == "done" else {}
        Job.objects.filter(pk=job.pk).update(state=step, last_error=error, **lease, **attempts, **finished)
    return job


@pytest.mark.parametrize(
    ("state", "said"),
    [(None, "none"), ("queued", "pending"), ("running", "pending"), ("dead", "failed"), ("done", "done")],
)
def test_pending_failed_empty_and_found_are_four_things(by_bob, claim, state, said):
    job = searched(claim, state, "The model is not there." if state == "dead" else "") if state else None
    search = by_bob.get(f"claims/{claim.pk}/").json()["search"]
    assert search == {
        "state": said,
        "found": 0,
        "reason": "The model is not there." if state == "dead" else "",
        "job": job.pk if job else None,
    }
    factories.suggestion(claim)
    listed = by_bob.get("suggestions/", {"claim": claim.pk}).json()
    assert (listed["search"]["state"], listed["search"]["found"], len(listed["results"])) == (said, 1, 1)


def test_each_service_outside_says_how_far_it_has_come(by_bob, claim, settings):
    settings.PROVIDERS = factories.SEARXNG
    assert [(each["provider"], each["state"]) for each in by_bob.get(f"claims/{claim.pk}/").json()["outside"]] == [
        ("searxng", "none")
    ]
    for provider, outcome, found in (("google_factcheck", "empty", 0), ("wikipedia", "found", 3), ("searxng", "", 0)):
        search = factories.search(claim, provider=provider, sent=True)
        Search.objects.filter(pk=search.pk).update(outcome=outcome, found=found)
    job = Job.objects.create(kind="search", target=search.pk, queue="fetch", article=claim.article)
    google, wikipedia, searxng = by_bob.get(f"claims/{claim.pk}/").json()["outside"]
    assert (google["state"], google["found"], google["last_answer"]["found"]) == ("empty", 0, 0)
    assert (wikipedia["state"], wikipedia["found"], wikipedia["sent_to"]) == ("found", 3, "en.wikipedia.org")
    assert (searxng["state"], searxng["job"], searxng["words"]) == ("pending", job.pk, "bridge OR mayor")
    assert searxng["last_answer"] is None
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=job.created_at)
    Job.objects.filter(pk=job.pk).update(state="dead", lease_until=None, last_error="It is away.")
    searxng = by_bob.get(f"claims/{claim.pk}/").json()["outside"][2]
    assert (searxng["state"], searxng["reason"]) == ("failed", "It is away.")
    assert by_bob.get(f"articles/{claim.article_id}/").json()["progress"]["dead"] == 0
    shut = factories.claim(of=factories.article(outside_search="never"))
    assert by_bob.get(f"claims/{shut.pk}/").json()["outside"][0]["state"] == "stays"


def test_an_articles_progress_names_what_failed_and_why(by_bob, by_carol):
    job = dead_job()
    progress = by_bob.get(f"articles/{job.article_id}/").json()["progress"]
    assert (progress["state"], progress["dead"]) == ("failed", 1)
    assert progress["failed"] == [{"job": job.pk, "kind": "split", "attempts": 1, "reason": "The model is not there."}]
    assert by_bob.get(f"articles/{job.article_id}/claims/").json()["reading"]["state"] == "failed"
    shown = by_carol.get(f"jobs/{job.pk}/")
    replayed = by_carol.post(f"jobs/{job.pk}/replay/", HTTP_IF_MATCH=shown["ETag"])
    assert replayed.json()["state"] == "queued"
    again = by_carol.post(f"jobs/{job.pk}/replay/", HTTP_IF_MATCH=replayed["ETag"])
    assert again.status_code == 409
    assert by_bob.get(f"articles/{job.article_id}/").json()["progress"]["state"] == "pending"


def test_what_was_said_in_confidence_never_appears(by_bob, by_carol, bob, carol):
    review = factories.draft(bob)
    piece = Evidence.objects.create(
        review=review, writer=bob, kind="person", stance="supports", public_wording="An official"
    )
    part = ConfidentialPart.objects.create(evidence=piece, identity="Zebedee Quill", words="off the record", writer=bob)
    part.readers.add(bob)
    review.refresh_from_db()
    for client in (by_bob, by_carol):
        for path in (f"reviews/{review.pk}/", "reviews/", f"claims/{review.claim_id}/"):
            text = client.get(path).content.decode()
            assert "Zebedee" not in text
            assert "off the record" not in text


def test_reviews_by_status(by_bob, bob, carol):
    factories.draft(bob)
    submitted = factories.reviewed_until("submitted", bob, carol)
    assert [row["id"] for row in by_bob.get("reviews/", {"status": "submitted"}).json()["results"]] == [submitted.pk]


def test_an_address_shows_its_newest_publication(by_bob, bob, carol):
    factories.desk()
    first = published(bob, carol)
    shown = by_bob.get(f"publications/{first.slug}/").json()
    assert (shown["number"], shown["status"], shown["retraction"]) == (1, "published", None)


def test_what_one_has_already_is_confirmed_and_never_once_it_is_another(client_of, by_bob, bob, carol, claim):
    def again(client, path):
        """The tag, what is answered to who names it, and to who names another; through no check of the schema."""
        tag = client.get(path)["ETag"]
        same = APIClient.generic(client, "GET", f"/api/v1/{path}", HTTP_IF_NONE_MATCH=f'"x", W/{tag}')
        other = APIClient.generic(client, "GET", f"/api/v1/{path}", HTTP_IF_NONE_MATCH='"x"')
        assert (same.content, same["ETag"], other.status_code, other["ETag"]) == (b"", tag, 200, tag)
        return tag, same.status_code

    northwind = client_of()
    northwind.credentials(HTTP_AUTHORIZATION=f"Bearer {factories.api_key(factories.partner())}")
    review = factories.published(bob, carol)
    slug = review.publication.slug
    places = [(northwind, f"publications/{slug}/"), (northwind, "publications/?limit=1"), (by_bob, "publications/")]
    places += [(by_bob, f"claims/{review.claim_id}/"), (by_bob, "claims/"), (by_bob, f"claims/{claim.pk}/")]
    before = [again(*place) for place in places]
    assert {status for _, status in before} == {304}
    publications.retract(review, by=carol, seen=review.version, reason="The minutes were forged.")
    factories.suggestion(claim)  # which leaves the version of its claim as it was
    assert not {tag for tag, _ in before} & {again(*place)[0] for place in places}

    tag = by_bob.get(f"claims/{claim.pk}/")["ETag"]
    assert tag.startswith('"1.')
    assert by_bob.post(f"claims/{claim.pk}/review/", HTTP_IF_MATCH=tag).status_code == 201
