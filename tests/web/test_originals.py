"""Foreign words with their translation, the speaker, warnings, and the one address of a public page."""

import pytest
from django.template.loader import render_to_string

from factcheck.models import Article, Evidence
from factcheck.workflow import evidence, publications, reviews
from tests import factories
from tests.web.conftest import SAID, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ARABIC = "كلف الجسر اثني عشر مليون يورو."
MARK = 'lang="ar" dir="rtl">' + ARABIC


@pytest.fixture
def foreign(db, bob):
    """A draft of a claim in an Arabic article, with an Arabic document."""
    article = Article.objects.create(url="https://example.org/bridge")
    factories.version(article, language="ar")
    claim = factories.claim(article, speaker="Ada Lind")
    factories.anchor(claim)
    review = reviews.begin(claim, by=bob, seen=claim.version)
    evidence.add_document(
        review, by=bob, seen=review.version, stance="supports", title="Minutes", url="https://example.org/minutes",
        exact=ARABIC, language="ar",
    )  # fmt: skip
    return reviews.save(
        review, by=bob, seen=review.version, **SAID | {"statement": f"It is false that {'the bridge ' * 6}cost 12."}
    )


def test_who_writes_and_who_approves_is_warned_in_sentences_and_kept_from_nothing(foreign, bob, carol):
    sentences = (
        "The claim itself says “false”.",
        "Search engines show about 75 of them.",
        "Nobody has said whether the speaker is a person or an organisation.",
        "The claim's own words are in another language (Arabic) and have no translation.",
        "The words of “Minutes” are in another language (Arabic) and have no translation.",
    )
    work = said(window(bob).get(f"/claims/{foreign.claim_id}/"))
    reviews.submit(foreign, by=bob, seen=foreign.version)
    page = said(window(carol).get(f"/reviews/{foreign.pk}/"))
    for sentence in sentences:
        assert sentence in work
        assert sentence in page
    assert reviews.approve(foreign, by=carol, seen=foreign.version, compared=True).status == "approved"


def test_what_is_written_by_the_forms_is_shown_to_the_second_person_and_to_readers(client, foreign, bob, carol, desk):
    piece, writes = Evidence.objects.get(), window(bob)
    half = {"seen": foreign.version, "language": "ar", "translation": "It cost twelve million."}
    refused = writes.post(f"/evidence/{piece.pk}/translate", half)
    assert refused.status_code == 422
    assert "Say who translated the words" in said(refused)
    assert "It cost twelve million.</textarea>" in said(refused)
    assert writes.post(f"/evidence/{piece.pk}/translate", half | {"translator": "Lina Haddad"}).status_code == 302
    foreign.refresh_from_db()
    told = {
        "seen": foreign.version, "speaker_kind": "organization", "speaker_same_as": "https://www.wikidata.org/wiki/Q1",
        "first_appearance": "https://example.org/speech", "quote_translation": "The mayor opened it, in English.",
        "quote_translator": "Translatron", "quote_translated_by_machine": "on",
    }  # fmt: skip
    assert writes.post(f"/reviews/{foreign.pk}/describe", told).status_code == 302
    foreign.refresh_from_db()
    factories.nobody_asked(foreign, bob)
    factories.answer_doubts(foreign, bob)
    reviews.submit(foreign, by=bob, seen=foreign.version)
    signed = said(window(carol).get(f"/reviews/{foreign.pk}/"))
    reviews.approve(foreign, by=carol, seen=foreign.version, compared=True)
    publication = publications.publish(foreign, by=carol, seen=foreign.version)
    public = said(client.get(f"/fact-checks/{publication.slug}/"))
    for page in (signed, public):
        for words in (
            "(an organisation)", 'href="https://www.wikidata.org/wiki/Q1"', "https://example.org/speech", MARK,
            "It cost twelve million.", "Translated from Arabic by <bdi>Lina Haddad</bdi>", "<bdi>Translatron</bdi>",
            "(a machine)", 'class="quote" lang="ar" dir="rtl"', told["quote_translation"],
        ):  # fmt: skip
            assert words in page, words
        assert page.index(ARABIC) < page.index("It cost twelve million.")
    assert publication.content["evidence"][0]["sha256"] in public


def test_what_went_out_before_keeps_its_look(published, client):
    """Of publications frozen without a language, a translation or a kind of speaker."""
    content = published.content
    new = ("language", "speaker_kind", "speaker_same_as", "first_appearance")
    older = {name: part for name, part in content.items() if name not in new and not name.startswith("quote_")}
    older["quote"] = {name: content["quote"][name] for name in ("exact", "prefix", "suffix")}
    request = client.get(f"/fact-checks/{published.slug}/").wsgi_request
    page = render_to_string(
        "factcheck/publications_detail.html", {"content": older, "publication": published}, request=request
    )
    assert "Said by <bdi>Ada Lind</bdi> · As of" in " ".join(page.split())
    assert '<blockquote class="quote" dir="auto">' in page
    assert "Translated" not in page


def test_the_canonical_address_answers_itself_and_every_other_one_leads_there(client, published, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = "https://desk.example.org"
    settings.SECURE_SSL_REDIRECT = True
    canonical = publications.address(published.slug)
    path = canonical.removeprefix("https://desk.example.org")
    asked = {"secure": True, "HTTP_HOST": "desk.example.org"}
    for ask in (client.get, client.head):
        assert ask(path, **asked).status_code == 200
        without = ask(path.rstrip("/"), **asked)
        assert (without.status_code, without["Location"]) == (301, path)
    plain = client.get(path, HTTP_HOST="desk.example.org")
    assert (plain.status_code, plain["Location"]) == (301, canonical)
    elsewhere = said(client.get(path, secure=True, HTTP_HOST="www.desk.example.org"))
    assert f'<link rel="canonical" href="{published.jsonld["url"]}">' in elsewhere
    assert client.get(path.upper(), **asked).status_code == 404
