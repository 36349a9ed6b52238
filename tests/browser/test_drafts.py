"""What is typed into a review survives: another button, somebody else's save, the end of the log-in."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from factcheck.models import Draft
from tests import factories
from tests.browser.test_story import form, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def written(page: Page, name: str) -> str:
    return page.locator(f'#review-form [name="{name}"]').input_value()


def test_no_typed_word_is_lost_and_nobody_elses_is_written_over(window, bob):
    factories.desk(name="The Test Desk")
    bob.set_password("two-pairs-of-eyes")
    bob.save()
    review, grace = factories.draft(bob), factories.person("Grace")
    his, hers = window(bob), window(grace)
    for page in (his, hers):
        page.goto(f"/claims/{review.claim_id}/")
    state = his.locator("#draft-state")

    # While nothing is typed, another button works at its first press.
    press(form(his, f"/claims/{review.claim_id}/follow"))

    # He types, and goes on with evidence before he saves: his words are kept, for him alone.
    rationale = his.locator('#review-form [name="rationale"]')
    rationale.fill("The minutes say 15 million.")
    expect(state).to_contain_text("Draft saved")
    expect(rationale).to_be_focused()
    rationale.press_sequentially(" <b>Not 12.</b>")
    form(his, f"/reviews/{review.pk}/document").locator('[name="title"]').fill("Ledger")
    search = form(his, f"/reviews/{review.pk}/search")
    for name, said in {"searched_for": "tender", "searched_where": "the archive", "searched_on": "2026-11-24"}.items():
        search.locator(f'[name="{name}"]').fill(said)
    press(search)
    assert written(his, "rationale") == "The minutes say 15 million. <b>Not 12.</b>"
    expect(his.locator(".unsaved")).to_contain_text("Not saved yet.")
    assert his.locator(f'form[action="/reviews/{review.pk}/document"] [name="title"]').input_value() == "Ledger"
    review.refresh_from_db()
    assert (review.rationale, review.written_by) == ("", [bob.pk])

    # Grace, who sees nothing of it, saves other words, and the claim in better ones.
    hers.reload()
    expect(hers.locator("main")).not_to_contain_text("15 million")
    hers.locator('#review-form [name="rationale"]').fill("The budget says 14 million.")
    hers.locator('#review-form [name="statement"]').fill("The mayor opened the harbour bridge.")
    press(hers.locator("#review-form"))

    # His log-in ends. He types on, and presses Save: the page stays, and its words go out once he is logged in again.
    Session.objects.all().delete()
    rationale.press("Control+End")
    rationale.press_sequentially(" See page 3.")
    expect(state).to_contain_text("Your log-in has ended")
    his.locator("#review-form button").first.click()
    with his.context.expect_page() as opened:
        state.get_by_role("link").click()
    there = opened.value
    there.locator('[name="login"]').fill(bob.email)
    there.locator('[name="password"]').fill("two-pairs-of-eyes")
    press(there.locator('form:has([name="password"])'), 'button[type="submit"], button:not([type])')
    his.bring_to_front()
    his.evaluate("window.dispatchEvent(new Event('focus'))")  # which a browser without a screen does not send
    expect(state).to_contain_text("Somebody saved the review meanwhile")

    # He sees both texts; what he did not touch is as Grace left it. Only what he saves takes the place of hers.
    with his.expect_navigation(wait_until="load"):
        his.evaluate("location.reload()")
    both = his.locator(".unsaved")
    for said in ("Grace", "The budget says 14 million.", "The minutes say 15 million. <b>Not 12.</b> See page 3."):
        expect(both).to_contain_text(said)
    assert written(his, "statement") == "The mayor opened the harbour bridge."
    review.refresh_from_db()
    assert review.rationale == "The budget says 14 million."
    press(his.locator("#review-form"))
    review.refresh_from_db()
    assert review.rationale == "The minutes say 15 million. <b>Not 12.</b> See page 3."
    assert review.statement == "The mayor opened the harbour bridge."
    assert not Draft.objects.exists()
