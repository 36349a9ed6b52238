"""The markup of reviews says what schema.org knows and what Google asks for, whatever people typed."""

import copy
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import claimreview
from factcheck.models import Claim
from factcheck.workflow import evidence, publications, reviews
from tests import factories
from tests.structured_data import problems, vocabulary

HOST = "desk.example.org"
URL = f"https://{HOST}/fact-checks/the-bridge-1/"
LABELS = {1: "False", 2: "Mostly false", 3: "Half true", 4: "Mostly true", 5: "True", None: "Unverifiable"}
HOSTILE = [
    "</script><script>alert(1)</script>",
    '"}, "ratingValue": 5, {"',
    "{{ 7 * 7 }} {% include 'x' %}",
    "<!-- ]]> & &lt; ' \" \\",
    "\u202eThe bridge\u202c \u2028\u2029 \U0001f309",
    "הגשר עלה 12 מיליון",
]


def content(**changes):
    """What claimreview.content() gives for a plain review, as far as its markup reads it."""
    article = {"url": "https://example.org/bridge", "published": "2026-11-20", "published_is_guessed": False}
    return {
        "statement": "The bridge cost 12 million euros.",
        "speaker": "Ada Lind",
        "rationale": "The minutes say *so*.",
        "rating": 5,
        "rating_label": "True",
        "published_at": "2026-11-24T03:45:13.123456+00:00",
        "desk": {"name": "The Desk", "logo_url": "https://desk.example.org/logo.png"},
        **changes,
        "article": article | changes.get("article", {}),
    }


def markup(**changes):
    return claimreview.jsonld(content(**changes), url=URL, home=f"https://{HOST}/")


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
def test_a_desk_without_a_logo_has_none():
    said = markup(desk={"name": "The Desk", "logo_url": ""})
    assert problems(said, host=HOST) == []
    assert "logo" not in said["author"]


@pytest.mark.unit
def test_the_body_is_the_rationale_without_its_marks():
    assert markup(rationale="The [minutes](https://example.org/m) say **so**.")["reviewBody"] == "The minutes say so."


words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(str.strip)


@pytest.mark.unit
@given(
    statement=words | st.sampled_from(HOSTILE),
    speaker=st.just("") | words | st.sampled_from(HOSTILE),
    label=words,
    rating=st.none() | st.integers(1, 5),
    url=st.sampled_from(["", "https://example.org/a?b=%22%3E#c", "http://xn--bcher-kva.example/"]),
    published=st.none() | st.dates().map(date.isoformat),
    guessed=st.booleans(),
)
def test_whatever_people_typed(statement, speaker, label, rating, url, published, guessed):
    article = {"url": url, "published": published, "published_is_guessed": guessed}
    said = markup(statement=statement, speaker=speaker, rating=rating, rating_label=label, article=article)
    assert problems(said, host=HOST) == []
    assert said["claimReviewed"] == statement, "kept letter by letter: escaping is the page's work"


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["The bridge cost 12 million euros.", *HOSTILE])
def test_what_is_published_is_in_order(statement, bob, carol, settings):
    settings.PUBLIC_URL = f"https://{HOST}"
    factories.desk(name="The Desk", logo_url=f"https://{HOST}/logo.png")
    claim = factories.claim(factories.article(url="https://example.org/bridge"), speaker="Ada Lind")
    review = reviews.begin(claim, by=bob, seen=claim.version)
    evidence.add_person(review, by=bob, seen=review.version, stance="supports", public_wording="The treasurer")
    for rating in LABELS:
        verdict = "unverifiable" if rating is None else "verified" if rating > 3 else "disputed"
        if review.status != "draft":
            claim.refresh_from_db()
            review = reviews.begin(claim, by=bob, seen=claim.version)
            evidence.add_person(review, by=bob, seen=review.version, stance="context", public_wording="The clerk")
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
        )
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
    ],
)
def test_a_planted_fault_is_found(path, value, said):
    assert any(said in problem for problem in problems(planted(path, value), host=HOST))


@pytest.mark.unit
def test_the_vocabulary_is_the_real_one():
    assert len(vocabulary()) > 2000
    assert "schema:ClaimReview" in str(vocabulary()["claimReviewed"])
