"""A person's hand on the claims of a text: words selected with the mouse, and everything again without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from factcheck.models import Claim
from tests import factories
from tests.browser.conftest import PHONE
from tests.browser.test_story import form, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "The tunnel cost 12 million euros.\n\n"
    "The mayor opened the bridge on Monday, and it cost 12 million euros.\n\n"
    "She said that nobody pays a toll 🎉 and that it cost 12 million euros."
)


# Where the first of these words begins in the window and the last one ends: they may stand on two lines.
ENDS = """(paragraph, words) => {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
        const start = node.data.lastIndexOf(words);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, start + words.length);
        const lines = [...range.getClientRects()], first = lines[0], last = lines.at(-1);
        return {
            from: [first.left + 1, first.top + first.height / 2],
            to: [last.right - 1, last.top + last.height / 2],
        };
    }
}"""


@pytest.fixture
def claim(transactional_db):
    """The second paragraph, whole."""
    factories.desk(name="The Test Desk")
    claim = factories.claim(factories.article(TEXT), statement="Two things at once.", speaker="Ada Lind")
    factories.anchor(claim, 35, 103)
    return claim


def drag(page: Page, paragraph: int, words: str) -> None:
    """Select these words of a paragraph with the mouse, from before their first letter to behind their last."""
    paragraphs = page.locator(".text p")
    paragraphs.nth(paragraph).scroll_into_view_if_needed()
    at = paragraphs.nth(paragraph).evaluate(ENDS, words)
    page.mouse.move(*at["from"])
    page.mouse.down()
    page.mouse.move(*at["to"], steps=4)
    page.mouse.up()


def only(**fields) -> Claim:
    return Claim.objects.get(**fields)


def test_selected_words_become_a_claim_and_a_claim_is_split_merged_undone_and_dismissed(window, claim, bob):
    """Beside the text of the article, with the mouse and with the keyboard."""
    page = window(bob)
    article = f"/articles/{claim.article_id}/"
    page.goto(article)
    picked = page.get_by_role("button", name="Add the selected words as a claim")
    expect(picked).to_be_hidden()

    # Words within a marked sentence, which is a link: it is not followed.
    drag(page, 1, "it cost 12 million euros")
    expect(picked).to_be_visible()
    picked.click()
    add = form(page, f"{article}add-claim")
    assert add.locator('[name="words"]').input_value() == "it cost 12 million euros"
    expect(add.locator('[name="statement"]')).to_be_focused()
    page.keyboard.type("The bridge cost 12 million euros.")
    press(add)
    added = only(statement="The bridge cost 12 million euros.")
    assert (added.anchors.get().start, added.added_by) == (TEXT.index("it cost"), bob)
    expect(page.locator("#claim-title")).to_have_text(added.statement)

    # The same words stand later too, behind a letter that is two to a browser; chosen with the keyboard alone.
    page.goto(article)
    page.evaluate(
        """() => {
            const node = document.querySelectorAll('.text p')[2].firstChild;
            document.getSelection().collapse(node, node.data.indexOf('it cost'));
        }"""
    )
    for _ in range(5):
        page.evaluate("document.getSelection().modify('extend', 'forward', 'word')")
    expect(picked).to_be_visible()
    picked.focus()
    page.keyboard.press("Enter")
    press(add)
    later = only(statement="it cost 12 million euros")
    assert later.anchors.get().start == TEXT.rindex("it cost")

    # Split where the cursor puts a line end.
    page.goto(f"{article}?claim={claim.pk}")
    split = form(page, f"/claims/{claim.pk}/split")
    parts = split.locator('[name="parts"]')
    parts.evaluate("(box) => { const at = box.value.indexOf('and it'); box.focus(); box.setSelectionRange(at, at); }")
    page.keyboard.press("Enter")
    press(split)
    first = only(statement="The mayor opened the bridge on Monday,")
    other = only(statement="and it cost 12 million euros.")
    expect(page.locator("#claim-title")).to_have_text(first.statement)

    # Merged with its neighbour, and that undone from the page of what became of them; then the split too.
    merge = form(page, f"/claims/{first.pk}/merge")
    merge.get_by_label(other.statement).check()
    press(merge)
    merged = only(statement=f"{first.statement} {other.statement}")
    press(form(page, f"/claims/{merged.pk}/undo"))
    expect(page.locator("#claim-title")).to_have_text(first.statement)
    press(form(page, f"/claims/{first.pk}/undo"))
    expect(page.locator("#claim-title")).to_have_text(claim.statement)
    statuses = dict(Claim.objects.values_list("pk", "status"))
    assert statuses == {
        claim.pk: "detected", added.pk: "detected", later.pk: "detected",
        first.pk: "superseded", other.pk: "superseded", merged.pk: "superseded",
    }  # fmt: skip

    # Dismissed with a reason, which the page tells, and restored.
    dismiss = form(page, f"/claims/{claim.pk}/dismiss")
    dismiss.locator('[name="reason"]').fill("Two claims in one.")
    press(dismiss)
    expect(page.locator("#claim")).to_contain_text("Dismissed by Bob on")
    expect(page.locator("#claim")).to_contain_text("Two claims in one.")
    press(form(page, f"/claims/{claim.pk}/restore"))
    claim.refresh_from_db()
    assert claim.status == "detected"


def test_the_same_without_javascript_on_a_phone(window, claim, bob):
    page = window(bob, javascript=False, size=PHONE)
    article = f"/articles/{claim.article_id}/"
    page.goto(article)
    add = form(page, f"{article}add-claim")
    add.locator('[name="words"]').fill("it cost 12 million euros")
    add.locator('[name="speaker"]').fill("The mayor")
    press(add)
    expect(page.get_by_role("alert")).to_contain_text("These words stand in the text 2 times")
    add.get_by_label("toll 🎉 and that “it cost 12 million euros”").check()
    press(add)
    added = only(speaker="The mayor")
    assert added.anchors.get().start == TEXT.rindex("it cost")

    # On the claim's own page.
    page.goto(f"/claims/{claim.pk}/")
    split = form(page, f"/claims/{claim.pk}/split")
    split.locator('[name="parts"]').fill("The mayor opened the bridge on Monday\nThe bridge is new.")
    press(split)
    new = only(statement="The bridge is new.")
    page.goto(f"/claims/{claim.pk}/")
    page.get_by_role("link", name=new.statement).click()
    merge = form(page, f"/claims/{new.pk}/merge")
    merge.get_by_label("The mayor opened").check()
    merge.locator('[name="statement"]').fill("The mayor opened a new bridge.")
    press(merge)
    expect(page.get_by_role("heading", level=1)).to_have_text("The mayor opened a new bridge.")
    merged = only(statement="The mayor opened a new bridge.")
    press(form(page, f"/claims/{merged.pk}/undo"))
    page.goto(f"/claims/{new.pk}/")
    dismiss = form(page, f"/claims/{new.pk}/dismiss")
    dismiss.locator('[name="reason"]').fill("Nobody says so.")
    press(dismiss)
    expect(page.locator("main")).to_contain_text("Nobody says so.")
    press(form(page, f"/claims/{new.pk}/restore"))
    new.refresh_from_db()
    assert new.status == "detected"
