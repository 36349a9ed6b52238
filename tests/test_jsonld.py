"""The markup of reviews says what schema.org knows and what Google asks for, whatever people typed."""

import copy
import json
from datetime import date

import lxml.html
import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import settings as of_hypothesis

from factcheck import claimreview
from factcheck.models import Claim, Publication
from factcheck.web.evidence import groups
from factcheck.workflow import evidence, publications, reviews
from tests import factories
from tests.generated_reviews import HOSTILE, contents
from tests.structured_data import problems, vocabulary

HOST = "desk.example.org"
HOME = f"https://{HOST}/"
URL = f"{HOME}fact-checks/the-bridge-1/"
LABELS = {1: "False", 2: "Mostly false", 3: "Half true", 4: "Mostly true", 5: "True", None: "Unverifiable"}


def content(**changes):
    """What claimreview.content() gives for a plain review, as far as its markup reads it."""
    article = {"url": "https://example.org/bridge", "published": "2026-11-20", "published_is_guessed": False}
    return {
        "statement": "The bridge cost 12 million euros.",
        "speaker": "Ada Lind",
        "speaker_kind": "person",
        "speaker_same_as": "https://www.wikidata.org/wiki/Q7251",
        "first_appearance": "",
        "language": "en",
        "rationale": "The minutes say *so*.",
        "rating": 5,
        "rating_label": "True",
        "published_at": "2026-11-24T03:45:13.123456+00:00",
        "desk": {"name": "The Desk", "logo_url": "https://desk.example.org/logo.png"},
        **changes,
        "article": article | changes.get("article", {}),
    }


def markup(**changes):
    return claimreview.jsonld(content(**changes), url=URL, home=HOME)


@pytest.mark.unit
def test_a_review_with_everything_is_in_order():
    assert problems(markup(), host=HOST) == []


@pytest.mark.unit
@pytest.mark.parametrize(("rating", "label"), LABELS.items())
def test_every_rating_is_in_order_and_unverifiable_has_no_number(rating, label):
    said = markup(rating=rating, rating_label=label)
    assert problems(said, host=HOST) == []
    assert said["reviewRating"].get("ratingValue") == rating
    assert said["reviewRating"]["alternateName"] == label
    assert ("bestRating" in said["reviewRating"]) is (rating is not None)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        ({"speaker": ""}, "author"),
        ({"speaker_kind": ""}, "author"),  # nobody has said whether it is a person
        ({"article": {"url": ""}}, "appearance"),
        ({"article": {"published": None}}, "datePublished"),
        ({"article": {"published_is_guessed": True}}, "datePublished"),
    ],
)
def test_what_is_not_known_is_left_out(changes, left_out):
    said = markup(**changes)
    assert problems(said, host=HOST) == []
    assert left_out in markup()["itemReviewed"]
    assert left_out not in said["itemReviewed"]


@pytest.mark.unit
def test_where_a_claim_was_first_made_is_not_another_place_where_it_appears():
    first, article = "https://example.org/speech", "https://example.org/bridge"
    both = markup(first_appearance=first)["itemReviewed"]
    assert (both["firstAppearance"]["url"], both["appearance"]["url"]) == (first, article)
    alone = markup(first_appearance=article)
    assert problems(alone, host=HOST) == []
    assert alone["itemReviewed"]["firstAppearance"]["url"] == article
    assert "appearance" not in alone["itemReviewed"]


@pytest.mark.unit
def test_a_desk_without_a_logo_has_none():
    said = markup(desk={"name": "The Desk", "logo_url": ""})
    assert problems(said, host=HOST) == []
    assert "logo" not in said["author"]


@pytest.mark.unit
def test_the_body_is_the_rationale_without_its_marks():
    assert markup(rationale="The [minutes](https://example.org/m) say **so**.")["reviewBody"] == "The minutes say so."


def page_of(content):
    """The public page, as a reader's browser has it."""
    frozen = publications.canonical({"content": content, "jsonld": claimreview.jsonld(content, url=URL, home=HOME)})
    publication = Publication(slug="the-bridge-1", number=1, frozen=frozen, sha256="0" * 64)
    shown = {"publication": publication, "content": publication.content, "jsonld": publication.jsonld, "canonical": URL}
    shown["groups"] = groups(publication.content["evidence"])
    return lxml.html.document_fromstring(render_to_string("factcheck/publications_detail.html", shown))


def read(nodes):
    """The words of the first of them, as they are seen."""
    return plain(nodes[0].text_content())


def plain(text):
    return " ".join(text.split())


@pytest.mark.unit
@of_hypothesis(max_examples=200, deadline=None)
@given(contents())
def test_whatever_people_typed_the_markup_is_in_order_and_says_what_the_page_says(content):
    page = page_of(content)
    [block] = page.xpath('//script[@type="application/ld+json"]')
    said = json.loads(block.text)
    assert problems(said, host=HOST) == []
    assert said == claimreview.jsonld(content, url=URL, home=HOME)
    assert said["claimReviewed"] == content["statement"], "kept letter by letter: escaping is the page's work"

    assert read(page.xpath("//h1")) == plain(said["claimReviewed"])
    assert page.xpath('//link[@rel="canonical"]/@href') == [said["url"]]
    rating, claim = said["reviewRating"], said["itemReviewed"]
    if "ratingValue" in rating:
        scale = f"({rating['ratingValue']} of {rating['bestRating']})"
        assert read(page.find_class("verdict__rating")) == f"· {plain(rating['alternateName'])} {scale}"
    else:
        assert read(page.find_class("verdict")) == plain(rating["alternateName"]) == "Unverifiable"
    if "author" in claim:
        [byline] = page.find_class("byline")
        assert read(byline.xpath("bdi")) == plain(claim["author"]["name"])
        assert (claim["author"]["@type"] == "Organization") == (
            "(an organisation)" in byline.xpath("string(text()[2])")
        )
    links = page.xpath("//main//a/@href")
    for place in ("appearance", "firstAppearance"):
        assert place not in claim or claim[place]["url"] in links
    assert "sameAs" not in claim.get("author", {}) or claim["author"]["sameAs"] in links
    assert [day[:10] for day in page.xpath('//*[@aria-labelledby="made"]//time/@datetime')] == [said["datePublished"]]
    [where] = page.xpath('//*[@aria-labelledby="context"]/p[@class="meta"]')
    if "datePublished" in claim:
        assert where.xpath(".//time/@datetime") == [claim["datePublished"]]
    assert ("datePublished" in claim) == (bool(where.xpath(".//time")) and not where.find_class("caution"))
    assert page.xpath("//main/article/@lang") == [said["inLanguage"]]


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["The bridge cost 12 million euros.", *HOSTILE])
def test_what_is_published_is_in_order(statement, bob, carol, settings):
    settings.PUBLIC_URL = f"https://{HOST}"
    factories.desk(name="The Desk", logo_url=f"https://{HOST}/logo.png")
    claim = factories.claim(factories.article(url="https://example.org/bridge"), speaker="Ada Lind")
    review = reviews.begin(claim, by=bob, seen=claim.version)
    evidence.add_person(review, by=bob, seen=review.version, stance="supports", public_wording="The treasurer")
    factories.nobody_asked(review, bob)
    for rating in LABELS:
        verdict = "unverifiable" if rating is None else "verified" if rating > 3 else "disputed"
        if review.status != "draft":
            claim.refresh_from_db()
            review = reviews.begin(claim, by=bob, seen=claim.version)
            evidence.add_person(review, by=bob, seen=review.version, stance="context", public_wording="The clerk")
            factories.nobody_asked(review, bob)
        reviews.save(
            review,
            by=bob,
            seen=review.version,
            statement=statement,
            speaker=statement if rating == 3 else "",
            verdict=verdict,
            rating=rating,
            rationale=statement,
            as_of=date(2026, 11, 24),
            **factories.changed(review),
        )
        factories.answer_doubts(review, bob)
        reviews.submit(review, by=bob, seen=review.version)
        reviews.approve(review, by=carol, seen=review.version)
        publication = publications.publish(review, by=carol, seen=review.version)
        assert problems(publication.jsonld, host=HOST) == []
        assert publication.jsonld["claimReviewed"] == publication.content["statement"] == statement
        assert publication.jsonld["reviewRating"]["alternateName"] == LABELS[rating]
        assert json.loads(publication.frozen)["jsonld"] == publication.jsonld
    assert Claim.objects.get().status == "reviewed"


# --- the checks themselves ---------------------------------------------------------------------------------------


def planted(path, value):
    said = copy.deepcopy(markup())
    *way, last = path.split(".")
    node = said
    for step in way:
        node = node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return said


@pytest.mark.unit
@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("verdict", "True", "there is no property 'verdict'"),
        ("claimreviewed", "x", "there is no property 'claimreviewed'"),
        ("ratingValue", 5, "ClaimReview has no property 'ratingValue'"),
        ("itemReviewed.claimReviewed", "x", "Claim has no property 'claimReviewed'"),
        ("reviewRating", "True", "is none of ['Rating']"),
        ("author", {"@type": "Desk", "name": "x"}, "there is no type 'Desk'"),
        ("author.@type", "Person", "author is no organisation"),
        ("author.url", "the desk", "is none of ['URL']"),
        ("author.name", " ", "author.name is empty"),
        ("datePublished", "yesterday", "is none of"),
        ("claimReviewed", None, "claimReviewed is missing"),
        ("reviewRating.alternateName", None, "reviewRating has no words"),
        ("reviewRating.ratingValue", 6, "outside its scale"),
        ("reviewRating.worstRating", 0, "outside its scale"),
        ("reviewRating.ratingValue", 4.5, "three whole ones"),
        ("reviewRating.bestRating", None, "three whole ones"),
        ("url", "https://elsewhere.example/x", "url is not on"),
        ("itemReviewed.@type", "CreativeWork", "itemReviewed is no Claim"),
        ("itemReviewed.author", {}, "itemReviewed.author is empty"),
        ("itemReviewed.appearance.url", "", "is empty"),
        ("itemReviewed.author.@type", "CreativeWork", "is none of ['Organization', 'Person']"),
        ("itemReviewed.author.sameAs", "Ada", "is none of ['URL']"),
        ("itemReviewed.author.sameAs", [], "sameAs is empty"),
        ("itemReviewed.firstAppearance", "the speech", "is none of ['CreativeWork']"),
        ("inLanguage", 5, "is none of ['Language', 'Text']"),
    ],
)
def test_a_planted_fault_is_found(path, value, said):
    assert any(said in problem for problem in problems(planted(path, value), host=HOST))


@pytest.mark.unit
def test_the_vocabulary_is_the_real_one():
    assert len(vocabulary()) > 2000
    assert "schema:ClaimReview" in str(vocabulary()["claimReviewed"])
