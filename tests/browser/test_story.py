"""From an article to a public fact-check and back, as people live it: in a browser, on the running stack.

The same steps on a desk without a mouse, without JavaScript, and on a phone.
"""

import json
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from playwright.sync_api import Locator, Page, expect

from factcheck.models import AuditEntry, Claim, ClaimReview, Job, Publication, Suggestion, User
from factcheck.workflow import evidence, reviews
from factcheck.workflow.sources import add_source
from tests import factories, workers
from tests.browser.conftest import PHONE
from tests.structured_data import problems

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = {
    "keys": {},
    "without JavaScript": {"javascript": False},
    "phone": {"size": PHONE},
}
REFUSED = "Who wrote any part of a review cannot approve it."

ARTICLE = (
    "The harbour bridge was opened on Monday after two years of building.\n\n"
    "“The council paid 12 million euros for the harbour bridge,” Mayor Ada Lind said at the opening.\n\n"
    "More than 3,400 people walked over it on the first day, according to the police."
)
SUMMARY = "The council's minutes of 14 May 2024 record what the council paid for the harbour bridge: 15 million euros."
MINUTES = "RESOLVED, that a sum of EUR 15,000,000.00 be paid for the harbour bridge; ayes 31, noes 12."
ORIGINAL = "The harbour bridge cost the council 15 million euros, 3 million of them for the ramps, the auditors found."
RATIONALE = (
    "The council resolved to pay 15 million euros.\n\nThe mayor's figure leaves out the <b>ramps</b> & lighting."
)
DAY = "2026-11-24"


@pytest.fixture
def way(request, window):
    """Windows of one way to use the desk; `.keys`: without a mouse; `.corrects`: where the story has a correction."""

    def open_window(who: User | None = None) -> Page:
        return window(who, **WAYS[request.param])

    open_window.keys = request.param == "keys"
    open_window.corrects = request.param == "phone"
    return open_window


@pytest.fixture
def desk(transactional_db):
    return factories.desk(name="The Test Desk")


def form(page: Page, action: str) -> Locator:
    """The form that is sent to `action`, made visible as its reader would: by opening what holds it."""
    found = page.locator(f'form[action="{action}"]').first
    expect(found).to_be_attached()
    for _ in range(5):
        closed = page.locator("details:not([open])").filter(has=page.locator(f'form[action="{action}"]'))
        if closed.count() == 0:
            break
        closed.first.locator("> summary").click()
    return found


def press(where: Locator, selector: str = 'button:not([name]), input[type="submit"]') -> None:
    with where.page.expect_navigation():
        where.locator(selector).first.click()


def ask_nobody(page: Page) -> None:
    """Why nobody is asked for a reply, without a mouse."""
    page.locator("#replies summary", has_text="Nobody is asked").focus()
    for key in ("Enter", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("The sum stands in public minutes.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def check(page: Page, claim: Claim, minutes: Suggestion, report: Suggestion, words: str) -> None:
    """The whole work of a checker, from the queue to the hand-over."""
    page.goto("/")
    page.locator(f'a[href="/claims/{claim.pk}/"]').first.click()
    page.wait_for_load_state()
    assert urlsplit(page.url).path == f"/claims/{claim.pk}/"
    expect(page.locator("body")).to_contain_text("The council paid 12 million euros for the harbour bridge")
    accept = form(page, f"/suggestions/{minutes.pk}/accept")
    accept.locator('[name="exact"]').fill(words)
    press(accept, 'button[name="stance"][value="refutes"]')
    accept = form(page, f"/suggestions/{report.pk}/accept")
    press(accept, 'button[name="stance"][value="context"]')
    for said in (MINUTES, ORIGINAL):
        expect(page.locator("body")).to_contain_text(said)
    expect(page.locator("body")).to_contain_text("Pasted, not fetched", ignore_case=True)
    ask_nobody(page)
    save = page.locator("#review-form")
    save.locator('[name="statement"]').fill("The council paid 12 million euros for the harbour bridge.")
    save.locator('[name="finding"][value="2"]').check()
    save.locator('[name="rationale"]').fill(RATIONALE)
    save.locator('[name="as_of"]').fill(DAY)
    press(save, 'button[name="then"][value="submit"]')


def go_to(page: Page, wanted: str) -> None:
    """With the key j, from item to item, until the focus is on or in what `wanted` names."""
    for _ in range(20):
        page.keyboard.press("j")
        if page.evaluate("wanted => document.activeElement.closest(wanted) !== null", wanted):
            return
    pytest.fail(f"the key j does not come to {wanted}")


def check_with_keys(page: Page, claim: Claim, minutes: Suggestion, report: Suggestion, words: str) -> None:
    """The same without a mouse."""
    page.goto("/")
    go_to(page, f'a[href="/claims/{claim.pk}/"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to(page, f"#suggestion-{minutes.pk}")
    page.keyboard.press("r")  # a summary is never quoted: the key leads to where the source's own words go
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to(page, f"#suggestion-{report.pk}")
    with page.expect_navigation():
        page.keyboard.press("c")
    ask_nobody(page)
    page.keyboard.press("Control+2")  # a browser's own key stays the browser's
    page.keyboard.press("d")
    page.keyboard.press("2")
    expect(page.locator('[name="finding"][value="2"]')).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.insert_text(RATIONALE)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    page.keyboard.type("11242026")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "submit":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")


def forged(page: Page, path: str, **fields) -> tuple[int, str]:
    """Send a form that the page does not offer, with the window's own cookies. (status, text of the answer)."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    sent = {"csrfmiddlewaretoken": token, **{name: str(value) for name, value in fields.items()}}
    answer = page.request.post(path, form=sent, headers={"Referer": page.url}, max_redirects=0)
    return answer.status, answer.text()


def no_door_approves(page: Page, review: ClaimReview, who: User, *, sentence: str) -> None:
    """Page, API, admin, SQL: `who` approves through none of them. sentence: what the doors say."""
    page.goto(f"/reviews/{review.pk}/")
    expect(page.locator("main")).to_contain_text(REFUSED)
    assert page.locator(f'form[action="/reviews/{review.pk}/approve"]').count() == 0
    status, said = forged(page, f"/reviews/{review.pk}/approve", seen=review.version)
    assert status in (403, 422), said
    assert sentence in said
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(
        f"/api/v1/reviews/{review.pk}/approve/",
        headers={"X-CSRFToken": token, "If-Match": f'"{review.version}"', "Referer": page.url},
        data={},
    )
    assert answer.status in (403, 409, 422), answer.text()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert sentence in answer.json()["detail"]
    page.goto("/admin/factcheck/claimreview/")
    if who.role == "editor":
        page.locator(f'input[name="_selected_action"][value="{review.pk}"]').check()
        page.locator('select[name="action"]').select_option("approve")
        press(page.locator("#changelist-form"), '.actions button[type="submit"]')
        press(page.locator("#content form"), '.submit-row input[type="submit"]')  # having read it
        expect(page.locator("body")).to_contain_text(sentence)
    else:
        assert page.locator("#changelist").count() == 0, "only who may read the admin sees its lists"
        assert forged(page, "/admin/factcheck/claimreview/", action="approve", _selected_action=review.pk)[0] >= 302
    by_hand = "UPDATE factcheck_claimreview SET status = 'approved', approver_id = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (settings.DATABASE_APPLICATION_ROLE, False)
        with pytest.raises(IntegrityError, match="four_eyes"):
            cursor.execute(by_hand, [who.pk, review.pk])
    review.refresh_from_db()
    assert (review.status, review.approver) == ("submitted", None)


def correct(his: Page, hers: Page, stranger: Page, claim: Claim, address: str) -> ClaimReview:
    """What is public is corrected on the whole path, by him and a second person. Both texts are read, and say so."""
    note = "The sum was that of the bridge <next> to it."
    his.goto(f"/claims/{claim.pk}/")
    press(form(his, f"/claims/{claim.pk}/begin"))
    review = claim.reviews.get(status="draft")
    save = form(his, f"/reviews/{review.pk}/save")
    save.locator('[name="change_kind"][value="correction"]').check()
    save.locator('[name="change_note"]').fill(note)
    save.locator('[name="finding"][value="1"]').check()
    press(save, 'button[name="then"][value="submit"]')
    hers.goto(f"/reviews/{review.pk}/")
    expect(hers.locator("main")).to_contain_text(note)
    approve = form(hers, f"/reviews/{review.pk}/approve")
    approve.locator('[name="compared"]').check()
    press(approve)
    press(form(hers, f"/reviews/{review.pk}/publish"))

    stranger.goto(address)
    main = stranger.locator("main")
    for said in (note, "False", "Version 2"):
        expect(main).to_contain_text(said)
    assert markup_of(stranger)["reviewRating"]["ratingValue"] == 1
    with stranger.expect_navigation():
        stranger.locator(f'a[href="{address}1/"]').first.click()
    for said in ("It does not stand any more", "It was corrected on", note, "Mostly false", RATIONALE.split("\n")[0]):
        expect(main).to_contain_text(said)
    assert markup_of(stranger) is None
    with stranger.expect_navigation():
        stranger.locator("a", has_text="Read what stands now").first.click()
    assert urlsplit(stranger.url).path == address
    stranger.goto("/corrections/")
    expect(main).to_contain_text(note)
    review.refresh_from_db()
    return review


def markup_of(page: Page) -> dict | None:
    blocks = page.locator('script[type="application/ld+json"]')
    return json.loads(blocks.first.text_content()) if blocks.count() else None


@pytest.mark.parametrize("way", WAYS, indirect=True)
def test_from_an_article_to_a_public_fact_check(way, worker, desk, elsewhere, alice, bob, carol, stack):
    link = elsewhere("minutes.html", f"<h1>Minutes</h1><blockquote>{MINUTES}</blockquote>")
    add_source(
        by=None, title="Minutes of the council", kind="primary", seen="page", url=link, published="2024-05-14",
        passages=[(SUMMARY, "summary")],
    )  # fmt: skip
    add_source(
        by=None, title="Report of the auditors", kind="secondary", seen="page", url="https://example.org/audit",
        passages=[(ORIGINAL, "original")],
    )  # fmt: skip
    workers.until(lambda: not Job.objects.exclude(state="done").exists())

    # Alice hands an article in, and the worker reads it.
    page = way(alice)
    page.goto("/articles/")
    ingest = form(page, "/articles/")
    ingest.locator('[name="title"]').fill("A bridge & its price")
    ingest.locator('[name="url"]').fill("https://example.org/bridge")
    ingest.locator('[name="note"]').fill("Sent by the author.")
    ingest.locator('[name="text"]').fill(ARTICLE)
    press(ingest)
    article = re.fullmatch(r"/articles/(\d+)/", urlsplit(page.url).path)[1]
    workers.until(lambda: not Job.objects.exclude(state="done").exists())
    page.reload()
    claim = Claim.objects.get(article=article, statement__contains="12 million")
    mark = page.locator(f'a[href*="claim={claim.pk}"]').first
    expect(mark).to_contain_text("12 million euros")
    mark.click()
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text(claim.statement)

    # Bob finds the claim in his queue, takes the minutes, in their own words, from their own page, decides, and hands
    # it over. His own approval is refused at every door.
    page = way(bob)
    minutes = Suggestion.objects.get(claim=claim, passage__text=SUMMARY)
    report = Suggestion.objects.get(claim=claim, passage__text=ORIGINAL)
    there = page.context.new_page()
    there.goto(link)
    words = there.locator("blockquote").inner_text()
    there.close()
    (check_with_keys if way.keys else check)(page, claim, minutes, report, words)
    review = ClaimReview.objects.get(claim=claim)
    assert {piece.stance: piece.exact for piece in review.evidence.all()} == {"refutes": MINUTES, "context": ORIGINAL}
    decided = (review.status, review.verdict, review.rating, str(review.as_of))
    assert decided == ("submitted", "disputed", 2, DAY)
    assert review.rationale == RATIONALE
    no_door_approves(page, review, bob, sentence="may not approve a review")

    # Carol sees exactly what she approves, approves it, and publishes it.
    page = way(carol)
    page.goto("/reviews/")
    page.locator(f'a[href="/reviews/{review.pk}/"]').first.click()
    page.wait_for_load_state()
    printed = [review.statement, "Mostly false", "leaves out the <b>ramps</b> & lighting", MINUTES, ORIGINAL, "Bob"]
    for said in (*printed, "Disputed", "Ada Lind"):
        expect(page.locator("main")).to_contain_text(said)
    approve = form(page, f"/reviews/{review.pk}/approve")
    approve.locator('[name="compared"]').check()
    press(approve)
    press(form(page, f"/reviews/{review.pk}/publish"))
    publication = Publication.objects.get(review=review)
    assert urlsplit(page.url).path == f"/fact-checks/{publication.slug}/"

    # A stranger reads it, and so does a machine.
    stranger = way()
    for path in ("/", "/fact-checks/"):
        stranger.goto(path)
        link = stranger.locator(f'a[href="/fact-checks/{publication.slug}/"]').first
        expect(link).to_be_visible()
    link.click()
    stranger.wait_for_load_state()
    assert stranger.context.cookies() == []
    main = stranger.locator("main")
    for said in (*printed, "Minutes of the council", "Carol"):
        expect(main).to_contain_text(said)
    markup = markup_of(stranger)
    assert problems(markup, host=urlsplit(stack).netloc) == []
    assert markup == publication.jsonld
    assert markup["url"] == stranger.url == stranger.locator('link[rel="canonical"]').get_attribute("href")
    assert markup["reviewRating"] == {
        "@type": "Rating", "alternateName": "Mostly false", "ratingValue": 2, "bestRating": 5, "worstRating": 1,
    }  # fmt: skip
    for said in (markup["claimReviewed"], markup["reviewRating"]["alternateName"]):
        expect(main).to_contain_text(said)
    expect(stranger.locator("body")).to_contain_text(markup["author"]["name"])
    assert main.locator(f'time[datetime^="{markup["datePublished"]}"]').count() > 0

    if way.corrects:
        review = correct(way(bob), page, stranger, claim, urlsplit(markup["url"]).path)

    # Carol takes it back; the address stays, with her reason and without markup.
    page.goto(f"/reviews/{review.pk}/")
    retract = form(page, f"/reviews/{review.pk}/retract")
    retract.locator('[name="reason"]').fill("The minutes were of another bridge.")
    press(retract)
    answer = stranger.goto(urlsplit(markup["url"]).path)
    assert answer.status == 200
    expect(main).to_contain_text("The minutes were of another bridge.")
    assert markup_of(stranger) is None
    claim.refresh_from_db()
    assert claim.status == "detected"
    assert (
        AuditEntry.objects.filter(verb__startswith="claimreview.").values_list("verb", flat=True).distinct().count()
        >= 5
    )


# --- nobody approves what they wrote -------------------------------------------------------------------------------


def submitted(*writers: User) -> ClaimReview:
    """A review of which each of them wrote something: the first all of it, the next one word each."""
    claim = factories.claim()
    factories.anchor(claim)
    first = writers[0]
    review = reviews.begin(claim, by=first, seen=claim.version)
    evidence.add_person(review, by=first, seen=review.version, stance="supports", public_wording="The treasurer")
    said = {
        "statement": claim.statement, "speaker": "", "verdict": "verified", "rating": 5, "as_of": date(2026, 11, 24),
    }  # fmt: skip
    reviews.save(review, by=first, seen=review.version, rationale="The minutes give the sum.", **said)
    for number, writer in enumerate(writers[1:]):
        reviews.save(review, by=writer, seen=review.version, rationale=f"The minutes gave the sum {number}.", **said)
    return reviews.submit(review, by=first, seen=review.version)


@pytest.mark.parametrize("way", WAYS, indirect=True)
def test_an_editor_cannot_approve_what_she_wrote(way, desk, carol):
    review = submitted(carol)
    page = way(carol)
    no_door_approves(page, review, carol, sentence=REFUSED)


def test_a_second_writer_and_an_editor_who_changed_one_word_cannot_approve_either(window, desk, bob, carol):
    grace, frank = factories.person("Grace"), factories.person("Frank", "editor")
    review = submitted(bob, grace, frank)
    assert review.written_by == [bob.pk, grace.pk, frank.pk]
    no_door_approves(window(frank), review, frank, sentence=REFUSED)
    no_door_approves(window(grace), review, grace, sentence="may not approve a review")
    page = window(carol)
    page.goto(f"/reviews/{review.pk}/")
    press(form(page, f"/reviews/{review.pk}/approve"))
    review.refresh_from_db()
    assert review.approver == carol


def test_an_edit_after_the_approval_voids_it(window, desk, bob, carol):
    review = submitted(bob)
    reviews.approve(review, by=carol, seen=review.version)
    page = window(bob)
    page.goto(f"/reviews/{review.pk}/")
    press(form(page, f"/reviews/{review.pk}/withdraw"))
    save = form(page, f"/reviews/{review.pk}/save")
    save.locator('[name="rationale"]').fill("Other words.")
    press(save)
    review.refresh_from_db()
    assert (review.status, review.approver, review.rationale) == ("draft", None, "Other words.")


def test_changes_are_requested_with_a_reason_that_the_writer_reads(window, desk, bob, carol):
    review = submitted(bob)
    page = window(carol)
    page.goto(f"/reviews/{review.pk}/")
    request = form(page, f"/reviews/{review.pk}/request-changes")
    request.locator('[name="reason"]').fill("Which <minutes>?")
    press(request)
    page = window(bob)
    page.goto(f"/claims/{review.claim_id}/")
    expect(page.locator("main")).to_contain_text("Which <minutes>?")


# --- two people at once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS, indirect=True)
def test_two_people_save_the_same_review_and_no_word_is_lost(way, desk, bob):
    grace = factories.person("Grace")
    claim = factories.claim()
    factories.anchor(claim)
    review = reviews.begin(claim, by=bob, seen=claim.version)
    hers, his = way(grace), way(bob)
    for page in (hers, his):
        page.goto(f"/claims/{claim.pk}/")
    for page, words in ((his, "Bob's words.\nThey came first."), (hers, "Grace's words.\n\nThey came second.")):
        save = form(page, f"/reviews/{review.pk}/save")
        save.locator('[name="rationale"]').fill(words)
        with page.expect_navigation() as navigation:
            save.locator("button:not([name])").first.click()
    assert navigation.value.status == 409
    expect(hers.locator("main")).to_contain_text("They came first.")
    expect(hers.locator("main")).to_contain_text("They came second.")
    review.refresh_from_db()
    assert review.rationale == "Bob's words.\nThey came first."
    again = form(hers, f"/reviews/{review.pk}/save")
    box = again.locator('[name="rationale"]')
    assert box.input_value() == "Grace's words.\n\nThey came second."
    box.fill("Bob's words.\nThey came first.\n\nGrace's words.")
    press(again)
    review.refresh_from_db()
    assert review.rationale == "Bob's words.\nThey came first.\n\nGrace's words."
    assert set(review.written_by) == {bob.pk, grace.pk}


def test_what_is_refused_keeps_the_words(window, desk, bob):
    """A review without evidence is not handed over; what was typed is saved all the same, and the page says why."""
    claim = factories.claim()
    factories.anchor(claim)
    review = reviews.begin(claim, by=bob, seen=claim.version)
    page = window(bob)
    page.goto(f"/claims/{claim.pk}/")
    save = form(page, f"/reviews/{review.pk}/save")
    save.locator('[name="rationale"]').fill("Long thought over.")
    save.locator('[name="finding"][value="unverifiable"]').check()
    save.locator('[name="as_of"]').fill(DAY)
    press(save, 'button[name="then"]')
    expect(page.locator("main")).to_contain_text("A review needs at least one piece of evidence.")
    assert form(page, f"/reviews/{review.pk}/save").locator('[name="rationale"]').input_value() == "Long thought over."


# --- evidence by hand, and the log-in ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS, indirect=True)
def test_evidence_by_hand(way, desk, bob, elsewhere):
    link = elsewhere("ledger.html", "<p>Paid: EUR 15,000,000</p>")
    claim = factories.claim()
    factories.anchor(claim)
    page = way(bob)
    page.goto(f"/claims/{claim.pk}/")
    press(form(page, f"/claims/{claim.pk}/begin"))
    review = ClaimReview.objects.get()
    document = form(page, f"/reviews/{review.pk}/document")
    document.locator('[name="stance"]').select_option("refutes")
    for name, said in {"title": "Ledger", "url": link, "exact": "Paid: EUR 15,000,000", "published": "2024"}.items():
        document.locator(f'[name="{name}"]').fill(said)
    press(document)
    person = form(page, f"/reviews/{review.pk}/person")
    person.locator('[name="stance"]').select_option("supports")
    person.locator('[name="public_wording"]').fill("An engineer of the city said it was 12 million.")
    press(person)
    search = form(page, f"/reviews/{review.pk}/search")
    for name, said in {"searched_for": "tender 2024", "searched_where": "the archive", "searched_on": DAY}.items():
        search.locator(f'[name="{name}"]').fill(said)
    press(search)
    for said in ("Paid: EUR 15,000,000", "An engineer of the city said", "tender 2024"):
        expect(page.locator("main")).to_contain_text(said)
    kinds = {piece.kind: piece.stance for piece in review.evidence.all()}
    assert kinds == {"document": "refutes", "person": "supports", "search": "context"}
    piece = review.evidence.get(kind="person")
    press(form(page, f"/evidence/{piece.pk}/remove"))
    assert review.evidence.count() == 2


def test_the_statement_is_edited_a_suggestion_dismissed_and_the_same_claim_confirmed(window, desk, bob):
    claim = factories.claim()
    factories.anchor(claim)
    suggestion, pair = factories.suggestion(claim), factories.pair(claim)
    page = window(bob)
    page.goto(f"/claims/{claim.pk}/")
    statement = form(page, f"/claims/{claim.pk}/statement")
    statement.locator('[name="statement"]').fill("The mayor opened the harbour bridge.")
    press(statement)
    claim.refresh_from_db()
    assert claim.statement == "The mayor opened the harbour bridge."
    dismiss = form(page, f"/suggestions/{suggestion.pk}/dismiss")
    dismiss.locator('[name="reason"]').fill("Another bridge.")
    press(dismiss)
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.decided_by) == ("dismissed", bob)
    press(form(page, f"/suggestions/{suggestion.pk}/undo"))
    suggestion.refresh_from_db()
    assert suggestion.status == "pending"
    press(form(page, f"/pairs/{pair.pk}/confirm"))
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by) == ("confirmed", bob)
    expect(page.locator("#pairs")).to_contain_text("Confirmed by Bob")


@pytest.mark.parametrize("way", WAYS, indirect=True)
def test_people_log_in_with_their_password_and_out_again(way, desk, bob):
    bob.set_password("two-pairs-of-eyes")
    bob.save()
    page = way()
    page.goto("/articles/")
    assert urlsplit(page.url).path == "/accounts/login/"
    page.locator('[name="login"]').fill(bob.email)
    page.locator('[name="password"]').fill("two-pairs-of-eyes")
    press(page.locator('form:has([name="password"])'), 'button[type="submit"], button:not([type])')
    assert urlsplit(page.url).path == "/articles/"
    expect(page.locator("body")).to_contain_text("Bob")
    out = form(page, "/accounts/logout/")
    press(out, "button")
    page.goto("/articles/")
    assert urlsplit(page.url).path == "/accounts/login/"
