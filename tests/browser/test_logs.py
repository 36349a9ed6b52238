"""No log of the running stack holds what people wrote, or what lets them in.

conftest.told looks for it after every browser test; here is what makes that look worth something.
"""

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from playwright.sync_api import expect

from factcheck.models import Article, Claim, ClaimReview, Job
from tests import factories, workers
from tests.browser.test_story import form, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a ferry for nine hundred"
TEXT = "The quay at Westhaven was sold on Monday. The mayor paid 12 million euros for the quay, her deputy said."
SOURCE, SAID = "Adjutant Vermeulen of the harbour police", "He saw the second ledger in March."
SEARCHED, WRITTEN = "who sold Westhaven?", "The second ledger gives 15 million."


def test_what_is_told_in_confidence_stands_in_no_log(window, worker, told, logs, bob, carol, servers):
    factories.desk(name="The Test Desk")
    bob.set_password(PASSWORD)
    bob.save()
    page = window()
    page.goto("/articles/")
    page.get_by_label("Email").fill(bob.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    ingest = form(page, "/articles/")
    ingest.locator('[name="text"]').fill(TEXT)
    ingest.locator('[name="confidential"]').check()
    press(ingest)
    workers.until(lambda: not Job.objects.exclude(state="done").exists())
    article = Article.objects.get(confidential=True)
    claim = Claim.objects.filter(article=article).first()
    page.goto(f"/claims/{claim.pk}/")
    press(form(page, f"/claims/{claim.pk}/begin"))
    review = ClaimReview.objects.get()
    person = form(page, f"/reviews/{review.pk}/person")
    person.locator('[name="stance"]').select_option("context")
    for name, words in {"public_wording": "An officer", "identity": SOURCE, "in_confidence": SAID}.items():
        person.locator(f'[name="{name}"]').fill(words)
    press(person)
    expect(page.locator("main")).to_contain_text(SOURCE)
    page.goto(f"/articles/?q={SEARCHED}")
    assert page.goto(f"/claims/?q={SEARCHED}").status == 404
    # What the database refuses it does not write down either: neither the statement nor the row.
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimReview.objects.filter(pk=review.pk).update(rationale=WRITTEN, rating=9)
    told.words.add(WRITTEN)

    told.keep_cookies(page.context)
    session = Session.objects.get().session_key
    assert told.words >= {PASSWORD, bob.email, SOURCE, SAID, SEARCHED, TEXT, session}

    def written(name: str) -> str:
        return "".join(text for log, text in logs.written().items() if log.name == name)

    assert f"POST /reviews/{review.pk}/person" in written("gunicorn.log")
    assert "request_finished" in written("gunicorn.log")
    assert "factcheck.tasks.run" in written("worker.log")
    if servers:  # their supervisor writes what they say a moment later
        workers.until(lambda: "violates check constraint" in written("postgres.log"))
    for secret in (PASSWORD, SOURCE, "who+sold+Westhaven%3F", session):
        assert told.found_in(written("gunicorn.log") + f'event="{secret}"')
