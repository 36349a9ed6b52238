"""axe finds nothing, and nothing is wider than its window: each page, light on a desk and dark on a phone."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from factcheck.models import ClaimReview
from factcheck.workflow import reviews
from tests import factories
from tests.browser import newsroom
from tests.browser.addresses import Address, addresses, admin_pages
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# axe would also read style sheets anew, by a style element that our policy refuses; no rule of these tags asks for it.
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
AXE = f"axe.run({json.dumps({**OPTIONS, 'runOnly': TAGS})})"
# The themes differ in their colours alone, and no colour hangs on the width: two looks see what four would.
LOOKS = (("light", DESKTOP), ("dark", PHONE))
WIDER = "Math.ceil(document.documentElement.scrollWidth - document.documentElement.clientWidth)"
OURS = ("articles/", "claims/", "reviews/", "fact-checks/", "sources/", "corrections/", "method/")


def faults(page: Page, name: str) -> list[str]:
    """What axe says of the page that is open, in each theme and width; and by how much it must be scrolled sideways."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for theme, (width, height) in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("document.getAnimations().forEach(each => each.finish())")  # not half way between two colours
        for violation in page.evaluate(AXE)["violations"]:
            nodes = violation["nodes"]
            found.append(
                f"{name} {theme} {width}: {violation['id']}, {len(nodes)} times: {nodes[0]['html'][:150]}"
                f" — {nodes[0].get('failureSummary', '')[:300]}"
            )
        if (wider := page.evaluate(WIDER)) > 0:
            found.append(f"{name} {theme} {width}: {wider} px wider than the window")
    return found


def visited(page: Page, places: list[Address]) -> list[str]:
    """Faults of all these pages; once of one that several addresses lead to, like the log-in."""
    found, seen = [], set()
    for place in places:
        page.goto(place.path)
        arrived = page.url if page.url.endswith(place.path) else page.url.split("?")[0]
        if arrived not in seen:
            found += faults(page, place.name)
        seen.add(arrived)
    return found


def none(found: list[str]) -> None:
    assert not found, "\n".join(found)


def pages(places: list[Address]) -> list[Address]:
    """Without the addresses that only take forms (those end without a slash), and with one opened claim of many."""
    looks = [place for place in places if place.path.endswith("/") or "?" in place.path]
    return [place for place in looks if "-claim-" not in place.name or place.name.endswith("-detected")]


@pytest.fixture
def room(transactional_db):
    return newsroom.fill()


def test_every_page_of_a_full_newsroom(window, room):
    """Each page by somebody who sees it, in a window of theirs; all in one room, which takes as long as ten pages."""
    every, people = pages(addresses(room)), room.people
    desk = [each for each in every if not each.of_the_trail and (not each.public or each.name == "front")]
    beyond = [
        each
        for each in every
        if each.route.startswith("reviews/") or each.of_the_trail or each.name in ("feeds", "feeds-new")
    ]
    public = [each for each in every if each.public and not each.route.startswith("healthz/")]
    own = [each for each in every if each.route.startswith("accounts/")]
    carol = window(people["carol"])
    found = visited(window(people["bob"]), desk) + visited(carol, beyond)
    found += visited(window(), public) + visited(window(people["grace"]), own)
    found += visited(window(people["erin"]), admin_pages())
    carol.goto("/api/v1/docs/")
    carol.wait_for_selector(".opblock")
    none(found + faults(carol, "api docs"))


def test_a_planted_fault_is_found(window):
    page = window()
    page.set_content(
        '<!doctype html><html><title>x</title><main style="width: 500px"><img src="data:,">'
        '<p style="color: #777; background: #888">Which minutes?</p></main></html>'
    )
    found = faults(page, "planted")
    assert len([fault for fault in found if ": image-alt," in fault]) == 2  # at each width
    assert len([fault for fault in found if ": html-has-lang," in fault]) == 2
    assert len([fault for fault in found if ": color-contrast," in fault]) == 2
    assert len([fault for fault in found if "wider than the window" in fault]) == 1


def test_an_empty_desk_and_what_is_not_there_or_not_allowed(window):
    found = []
    for role in ("checker", "reporter", "auditor", None):
        page = window(role and factories.person(role.title(), role))
        for path in ("/", "/articles/", "/reviews/", "/fact-checks/"):
            page.goto(path)
            found += faults(page, f"empty {path} {role}")
    bob = window(factories.person("Bob"))
    for page in (window(), bob):
        for path in ("/nothing-here/", "/fact-checks/nothing-here/"):
            assert page.goto(path).status == 404
            found += faults(page, f"404 {path}")
    assert bob.goto("/admin/").status == 403
    none(found + faults(bob, "403 /admin/"))


def test_what_is_refused(window, room):
    """409, both texts; 422, the sentence and the words: on each page that takes forms."""
    bob, grace = room.people["bob"], room.people["grace"]
    review = ClaimReview.objects.get(pk=room.reviews["draft"])
    page, found = window(bob), []

    def refused(path: str, action: str, status: int, button: str = "button", **typed: str) -> None:
        form = page.locator(f'form[action="{action}"]').first
        form.evaluate("form => { form.noValidate = true }")
        for name, words in typed.items():
            form.locator(f'[name="{name}"]').evaluate("(field, words) => { field.value = words }", words)
        with page.expect_navigation() as answer:
            form.evaluate("(form, button) => form.requestSubmit(form.querySelector(button))", button)
        assert answer.value.status == status
        found.extend(faults(page, f"{status} {path}"))

    page.goto(f"/claims/{review.claim_id}/")
    saved = reviews.save(
        review,
        by=grace,
        seen=review.version,
        statement=newsroom.ARABIC,
        speaker=newsroom.LONG,
        verdict="unverifiable",
        rating=None,
        rationale=f"{newsroom.MARKUP}\n\n{newsroom.HEBREW}",
        as_of=None,
    )
    refused("save", f"/reviews/{review.pk}/save", 409, rationale=newsroom.LONG)
    page.goto(f"/claims/{review.claim_id}/")
    refused("save", f"/reviews/{saved.pk}/save", 422, statement=" ")
    page.goto(f"/claims/{review.claim_id}/")
    refused("document", f"/reviews/{saved.pk}/document", 422, url=f"no link {newsroom.LONG}", title=newsroom.ARABIC)
    page.goto(f"/claims/{room.claims['detected']}/")
    refused("dismiss", page.locator('form[action$="/dismiss"]').first.get_attribute("action"), 422, reason=" ")
    page.goto("/articles/")
    refused("ingest", "/articles/", 422, title=newsroom.LONG, text=" ")
    page.context.close()
    page = window(room.people["carol"])
    page.goto(f"/reviews/{room.reviews['submitted']}/")
    refused("request-changes", f"/reviews/{room.reviews['submitted']}/request-changes", 422, reason=" ")
    none(found)
