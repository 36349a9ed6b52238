"""A source from its address to the review that relies on it, in a browser, on the running stack."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from factcheck.models import ClaimReview, Job, Source, Suggestion
from factcheck.workflow.articles import ingest
from tests import factories, workers
from tests.browser.test_story import ARTICLE, form, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAID = (
    "The council resolved on Tuesday that a sum of 15 million euros be paid for the harbour bridge, 3 million of them"
    " for the ramps; 31 members voted for it and 12 against it."
)
PAGE = f"""<meta property="og:site_name" content="City of Norland"><body><article><h1>Minutes of the council</h1>
<p>Eleven members spoke in a debate of three hours, which was held in public in the old town hall of the city. Two
of them had asked for it after the newspaper printed a letter of the engineer who had built the northern ramp.</p>
<h2>The harbour bridge</h2><p>{PAID}</p><h2>The ferry</h2>
<p>The ferry stops on the day on which the bridge is opened. It had carried 900 passengers a day
until 2019, and some 400 a day since then. The two ships are sold.</p></article>"""


def done() -> bool:
    return not Job.objects.exclude(state="done").exists()


def test_an_address_is_fetched_found_and_relied_on(window, worker, elsewhere, bob):
    factories.desk(name="The Test Desk")
    link = elsewhere("minutes.html", PAGE)
    page = window(bob)
    page.goto("/sources/")
    expect(page.locator("main")).to_contain_text("The library is empty")
    page.get_by_role("link", name="Add a source").first.click()
    add = form(page, "/sources/add/address")
    add.locator('[name="url"]').fill(link)
    add.locator('[name="published"]').fill("May 2024")
    press(add)
    expect(page.get_by_role("alert")).to_contain_text("2024-05")
    add = form(page, "/sources/add/address")
    expect(add.locator('[name="url"]')).to_have_value(link)  # nothing typed is lost
    add.locator('[name="published"]').fill("2024-05-14")
    press(add)
    place = urlsplit(page.url).path
    assert re.fullmatch(r"/sources/\d+/", place)
    # Its page comes by itself, and says what it says under its headings.
    expect(page.locator("h1")).to_have_text("Minutes of the council", timeout=60_000)
    expect(page.locator("#progress")).to_have_text(re.compile(r"^\s*$"), timeout=60_000)
    expect(page.get_by_role("heading", name="The harbour bridge")).to_be_visible()
    expect(page.locator("blockquote", has_text="15 million euros")).to_be_visible()
    expect(page.locator("main")).to_contain_text("City of Norland")

    page.goto("/sources/")
    page.get_by_label("Words").fill("bridges “ramps”")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".excerpt mark").first).to_have_text(re.compile("bridge|ramps"))
    page.get_by_label("Kind").select_option("dataset")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main")).to_contain_text("No source fits")

    ingest(ARTICLE, by=bob, title="A bridge and its price")
    workers.until(lambda: Suggestion.objects.exists() and done())
    suggestion = Suggestion.objects.filter(passage__text=PAID, claim__statement__contains="12 million").get()
    page.goto(f"/claims/{suggestion.claim_id}/")
    press(form(page, f"/suggestions/{suggestion.pk}/accept"), 'button[name="stance"][value="refutes"]')
    page.goto(place)
    relied = page.locator("section", has=page.get_by_role("heading", name="Where it was relied on"))
    expect(relied).to_contain_text(ClaimReview.objects.get().statement)
    expect(relied).to_contain_text("Refutes")
    assert Source.objects.get().seen == "page"
