"""`make screenshots`: every page of a filled newsroom, at two widths and in both themes, into var/screenshots/.

Run by pytest, for the running stack; no test file, so that `make test` does not paint.
"""

import shutil

import pytest
from django.conf import settings

from tests.browser import newsroom
from tests.browser.addresses import addresses, admin_pages
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TO = settings.BASE_DIR / "var" / "screenshots"


def test_screenshots(window):
    room = newsroom.fill()
    everything = pages(addresses(room))
    public = [each for each in everything if each.public and not each.route.startswith("healthz/")]
    desk = [each for each in everything if not each.public or each.name == "front"]
    own = [each for each in public if each.route.startswith("accounts/")]
    signing = [each for each in desk if each.route.startswith("reviews/") or each.of_the_trail]
    desk = [each for each in desk if not each.of_the_trail]
    shutil.rmtree(TO, ignore_errors=True)
    TO.mkdir(parents=True)
    for who, places in ((None, public), ("bob", desk), ("bob", own), ("carol", signing), ("erin", admin_pages())):
        page = window(room.people[who] if who else None)
        for place in places:
            page.goto(place.path)
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                for width, height in (DESKTOP, PHONE):
                    page.set_viewport_size({"width": width, "height": height})
                    name = f"{place.name}-{who or 'stranger'}-{width}-{theme}.png"
                    page.screenshot(path=TO / name, full_page=True)
    print(f"\n{len(list(TO.iterdir()))} pictures in {TO}")  # noqa: T201 - whoever types it wants to know
