"""What the public reads: the front, the index, the page, its markup, and a retraction."""

import json
import re

import pytest
from django.template.loader import render_to_string

from factcheck.models import Claim, Publication
from factcheck.templatetags.desk import jsonld
from factcheck.workflow import evidence, gate, gate_answers, publications, reviews
from tests import factories
from tests.web.conftest import ATTACK, SAID, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def markup(response) -> dict | None:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.S)
    assert len(found) <= 1
    return json.loads(found[0]) if found else None


def publish(claim: Claim, writer, editor, **fields) -> Publication:
    """A private person's name that it prints is kept, and search engines are asked not to list the page."""
    claim.refresh_from_db()
    review = reviews.begin(claim, by=writer, seen=claim.version)
    evidence.add_person(
        review, by=writer, seen=review.version, stance="refutes", public_wording="The treasurer said so."
    )
    factories.nobody_asked(review, writer)
    reviews.save(review, by=writer, seen=review.version, **{**SAID, **factories.changed(review), **fields})
    factories.read_by_machine(review)
    for each in gate.findings(review):
        if each.doubt == "person":
            gate_answers.answer(review, by=writer, seen=review.version, key=each.key, choice="noindex")
    reviews.submit(review, by=writer, seen=review.version)
    reviews.approve(review, by=editor, seen=review.version, compared=True)
    return publications.publish(review, by=editor, seen=review.version)


def test_a_stranger_reads_the_front_the_index_and_the_page_without_a_cookie(client, published):
    for address in ("/", "/fact-checks/", f"/fact-checks/{published.slug}/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "The bridge cost 12 million euros." in said(response)
        assert "Verified" in said(response)
        assert client.cookies == {}
    assert "/accounts/login/" in said(client.get("/"))


def test_a_fact_check_shows_all_that_was_frozen(client, published):
    page = said(client.get(f"/fact-checks/{published.slug}/"))
    content = published.content
    for words in (
        "Ada Lind", "(5 of 5)", "The council's minutes give the sum.", "24 November 2026", "Minutes", "2024-05",
        "https://example.org/minutes", "Pasted, not fetched", content["evidence"][0]["sha256"], "Bob", "Carol",
        "The claim was found in the article by software.", "All evidence was found by people.", published.sha256,
        content["quote"]["exact"], "No evidence against the claim.", 'lang="en"',
    ):  # fmt: skip
        assert words in page, words
    verdict, claim, why = (page.index(words) for words in ("verdict--big", "<h1", 'id="rationale"'))
    assert verdict < claim < why


def test_the_markup_is_the_frozen_one(client, published, settings):
    response = client.get(f"/fact-checks/{published.slug}/")
    assert markup(response) == published.jsonld
    canonical = f'<link rel="canonical" href="{settings.PUBLIC_URL}/fact-checks/{published.slug}/">'
    assert canonical in said(response)
    assert "script-src" not in response["Content-Security-Policy"]


def test_what_was_written_stays_as_it_was_published(client, published, bob):
    type(bob).objects.filter(pk=bob.pk).update(name="Robert")
    Claim.objects.filter(pk=published.review.claim_id).update(statement="Other words.")
    page = said(client.get(f"/fact-checks/{published.slug}/"))
    assert "Bob" in page
    assert "Other words." not in page


def test_a_rationale_is_printed_as_markdown_and_older_pages_stay_as_they_went_out(client, claim, bob, carol, desk):
    written = "The *minutes* say\n[so](https://example.org/m).\n\n- <b>twelve</b> ![x](javascript:alert(1))"
    new = publish(claim, bob, carol, rationale=written)
    assert (new.content["rationale"], new.content["rationale_format"]) == (written, "markdown")
    assert new.jsonld["reviewBody"].startswith("The minutes say\nso.\n\n- <b>twelve</b>")
    address, review = f"/fact-checks/{new.slug}/", window(carol).get(f"/reviews/{new.review_id}/").content.decode()
    for page in (client.get(address).content.decode(), review):
        assert (
            '<em>minutes</em> say<br><a href="https://example.org/m" rel="noopener noreferrer nofollow ugc">so</a>'
            in page
        )
        assert '<li dir="auto">&lt;b&gt;twelve&lt;/b&gt; ![x](javascript:alert(1))</li>' in page
    older = {name: part for name, part in new.content.items() if name != "rationale_format"}
    shown = {"content": older, "publication": new}
    page = render_to_string("factcheck/publications_detail.html", shown, request=client.get(address).wsgi_request)
    assert (
        '<div class="text"><p dir="auto">The *minutes* say\n[so](https://example.org/m).</p><p dir="auto">- &lt;b'
        in page
    )


@pytest.mark.parametrize("attack", [ATTACK, "<!--<script>", "]]>\u2028\u2029{{ braces }}"])
def test_words_that_would_end_the_markup_are_harmless(client, claim, bob, carol, desk, attack):
    publication = publish(claim, bob, carol, statement=attack, speaker=attack, rationale=attack)
    response = client.get(f"/fact-checks/{publication.slug}/")
    assert markup(response) == publication.jsonld
    assert publication.jsonld["claimReviewed"] == attack
    source = response.content.decode()
    assert "<script>alert" not in source
    assert "<img src=x" not in source
    assert "<!--<script>" not in source
    assert said(response).count(attack) >= 2


def test_the_data_block_escapes_what_could_end_it():
    block = jsonld({"a": "</script><!-- & \u2028\u2029 é"})
    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inside)
    assert "é" in inside
    assert json.loads(inside) == {"a": "</script><!-- & \u2028\u2029 é"}


def test_a_retraction_keeps_the_address_with_its_reason_on_top_and_no_markup(client, published, carol):
    review = published.review
    review.refresh_from_db()
    publications.retract(review, by=carol, seen=review.version, reason="The minutes were of another bridge.")
    response = client.get(f"/fact-checks/{published.slug}/")
    page = said(response)
    assert response.status_code == 200
    assert markup(response) is None
    assert page.index("The minutes were of another bridge.") < page.index("<h1")
    assert re.search(r'<span class="retracted">Retracted:</span> <s>Verified', page)
    assert "Retracted" in said(client.get("/fact-checks/"))


def test_a_correction_takes_the_place_of_what_it_corrects(client, published, bob, carol):
    second = publish(published.review.claim, bob, carol, verdict="disputed", rating=2)
    assert second.slug == published.slug
    page = said(client.get(f"/fact-checks/{published.slug}/"))
    assert "Disputed" in page
    assert "The treasurer said so." in page
    assert "it took the place of an earlier one" in page
    assert said(client.get("/fact-checks/")).count(f"/fact-checks/{published.slug}/") == 1


def test_an_unverifiable_claim_has_words_and_no_number(client, claim, bob, carol, desk):
    publication = publish(claim, bob, carol, verdict="unverifiable", rating=None)
    response = client.get(f"/fact-checks/{publication.slug}/")
    assert "Unverifiable" in said(response)
    assert "of 5" not in said(response)
    assert markup(response)["reviewRating"] == {"@type": "Rating", "alternateName": "Unverifiable"}


def test_the_note_of_the_article_is_public(client, bob, carol, desk):
    claim = factories.claim(factories.article(note="Reworded by a machine."))
    factories.anchor(claim)
    publication = publish(claim, bob, carol)
    assert "Reworded by a machine." in said(client.get(f"/fact-checks/{publication.slug}/"))


def test_the_index_is_empty_in_words(client, desk):
    assert "Nothing is published yet." in said(client.get("/fact-checks/"))
    assert "Nothing is published yet." in said(client.get("/"))


def test_people_of_the_desk_find_the_review_behind_a_page(published, bob):
    address = f"/fact-checks/{published.slug}/"
    assert f"/reviews/{published.review_id}/" in said(window(bob).get(address))
    assert f"/reviews/{published.review_id}/" not in said(window().get(address))
