"""Other people's fact-checks: every record is read or reported, whatever it looks like."""

import json

import pytest

from factcheck.text.claimreview_fields import day
from factcheck.text.claimreviews import SNIPPET, Record, Unread, read

pytestmark = pytest.mark.unit

URL = "https://checks.example.org/bridge"
ARABIC = "كلف الجسر الجديد اثني عشر مليون يورو"


def node(**more):
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": URL,
        "claimReviewed": "The bridge cost 12 million euros.",
        "headline": "What the bridge cost",
        "datePublished": "2024-05-14T23:30:00+05:30",
        "author": {"@type": "Organization", "name": "Checks", "url": "https://www.checks.example.org/about"},
        "reviewRating": {"@type": "Rating", "ratingValue": 2, "bestRating": "5", "alternateName": "Mostly false"},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "Ada Berg"},
            "datePublished": "2024-05",
            "firstAppearance": {"@type": "CreativeWork", "url": "https://news.example.org/a"},
            "appearance": [{"url": "https://news.example.org/b"}, "https://news.example.org/a", "not an address"],
        },
        **more,
    }


def answer(**more):
    review = {
        "publisher": {"name": "تحقق", "site": "checks.example.org"},
        "url": URL,
        "title": "الجسر",
        "reviewDate": "2024-05-14T00:00:00Z",
        "textualRating": "زائف جزئيًا",
        "languageCode": "ar",
    }
    return {"text": ARABIC, "claimant": "صفحة", "claimDate": "2024-05-13T00:00:00Z", "claimReview": [review], **more}


def page(*scripts, head="", attributes=""):
    marked = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<!doctype html><html{attributes}><head>{head}{marked}</head><body><p>Text.</p></body></html>".encode()


def as_json(value):
    return json.dumps(value, ensure_ascii=False).encode()


def the_found(data):
    [found] = read(data)
    return found


def the_only(data):
    found = the_found(data)
    assert isinstance(found, Record), found
    return found


def the_only_unread(data):
    found = the_found(data)
    assert isinstance(found, Unread), found
    assert found.place
    assert found.sentence.endswith(".")
    return found


# --- the three wrappings -------------------------------------------------------------------------------------------


def test_a_page_is_read_with_every_detail():
    head = '<title>Page</title><link rel="canonical" href="' + URL + '">'
    found = the_only(page(json.dumps(node()), head=head, attributes=' lang="en-GB"'))
    raw, given = found.raw, {name: getattr(found, name) for name in found.__slots__ if name != "raw"}
    assert given == {
        "place": "script 1",
        "claim_reviewed": "The bridge cost 12 million euros.",
        "url": URL,
        "title": "What the bridge cost",
        "publisher": "Checks",
        "site": "checks.example.org",
        "review_date": "2024-05-14",
        "rating": "Mostly false",
        "rating_value": "2",
        "rating_best": "5",
        "rating_worst": "",
        "claimant": "Ada Berg",
        "claim_date": "2024-05",
        "appearances": ("https://news.example.org/a", "https://news.example.org/b"),
        "language": "en-GB",
        "from_its_page": True,
    }
    assert json.loads(raw) == node()


def test_an_answer_keeps_its_script_and_each_review_is_a_record_of_its_own():
    two = answer()
    two["claimReview"].append({**two["claimReview"][0], "url": URL + "/2", "textualRating": "False"})
    first, second = read(as_json({"claims": [two], "nextPageToken": "x"}))
    assert (first.claim_reviewed, first.rating, first.publisher, first.claimant) == (
        ARABIC, "زائف جزئيًا", "تحقق", "صفحة",
    )  # fmt: skip
    assert (first.place, second.place) == ("claims[0].claimReview[0]", "claims[0].claimReview[1]")
    assert [len(json.loads(each.raw)["claimReview"]) for each in (first, second)] == [1, 1]
    assert not first.from_its_page


def test_lines_stand_for_themselves_and_one_that_is_broken_harms_no_other():
    data = as_json(answer()) + b'\r\n\n{"text": "cut of\n' + as_json(answer())[:-3] + b"\xff}\n" + as_json(answer())
    found = list(read(data))
    assert [each.place for each in found] == [
        "line 1, claimReview[0]", "line 3", "line 4", "line 5, claimReview[0]",
    ]  # fmt: skip
    assert [type(each) for each in found] == [Record, Unread, Unread, Record]
    assert "at line 1, column" in found[1].sentence
    assert found[2].sentence == "The line is not UTF-8."


def test_a_feed_gives_every_item_and_says_which_entry_has_none():
    feed = {
        "@type": "DataFeed",
        "dataFeedElement": [
            {"@type": "DataFeedItem", "item": [node(), node(claimReviewed="It opened on Monday.")]},
            {"@type": "DataFeedItem", "item": []},
            {"@type": "DataFeedItem", "item": node(url=URL + "/2")},
        ],
    }
    found = list(read(as_json(feed)))
    assert [each.place for each in found] == [
        "dataFeedElement[1]",
        "dataFeedElement[0].item[0]",
        "dataFeedElement[0].item[1]",
        "dataFeedElement[2].item",
    ]
    assert found[0].sentence == "It names no review of a claim."


# --- where a review hides ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        node(),
        [node()],
        {"@graph": [{"@type": "WebPage"}, node()]},
        {"@type": "NewsArticle", "review": node()},
        {"@type": "WebPage", "mainEntity": {"@type": "ItemList", "itemListElement": [{"item": node()}]}},
        node(**{"@type": ["Review", "ClaimReview"]}),
        node(**{"@type": "http://schema.org/ClaimReview"}),
        node(**{"@type": "schema:ClaimReview"}),
        {name: value for name, value in node().items() if name != "@type"},
        {"@type": "Review", "reviewBody": {"x": [[[[node()]]]]}},
    ],
)
def test_a_review_is_found_wherever_it_stands(value):
    assert the_only(page(json.dumps(value))).claim_reviewed == the_only(as_json(value)).claim_reviewed


def test_references_within_a_page_are_followed_and_are_no_records():
    graph = [
        {"@type": "WebPage", "review": {"@id": "#r", "@type": "ClaimReview"}},
        node(**{"@id": "#r", "author": {"@id": "#us"}, "itemReviewed": {"@id": "#claim"}}),
        {"@id": "#claim", "@type": "Claim", "author": [{"@id": "#ada"}, "Ben"]},
    ]
    people = [{"@id": "#us", "@type": "Organization", "name": "Checks"}, {"@id": "#ada", "name": "Ada Berg"}]
    found = the_only(page(json.dumps({"@graph": graph}), json.dumps(people)))
    assert (found.publisher, found.claimant) == ("Checks", "Ada Berg, Ben")
    missing = the_only_unread(page(json.dumps({"review": {"@id": "#r", "@type": "ClaimReview"}})))
    assert missing.sentence == "It refers to a review that is not in the file."


def test_a_review_inside_a_review_is_two():
    inner = node(claimReviewed="It opened on Monday.")
    assert [each.claim_reviewed for each in read(as_json(node(hasPart=inner)))] == [
        "The bridge cost 12 million euros.",
        "It opened on Monday.",
    ]


# --- oddities ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (None, ("", "", "", "")),
        ({}, ("", "", "", "")),
        ("Pants on fire", ("Pants on fire", "", "", "")),
        (3, ("3", "", "", "")),
        ([{"ratingValue": "1", "alternateName": ["False", "Fake"]}], ("False / Fake", "1", "", "")),
        ({"ratingValue": -1, "bestRating": -1, "worstRating": -1.5}, ("", "-1", "-1", "-1.5")),
        ({"ratingValue": True, "name": "غير صحيح"}, ("غير صحيح", "true", "", "")),
        ({"alternateName": " False.<br/> See <a href='x'>it</a> &amp; that\n"}, ("False. See it & that", "", "", "")),
        ({"alternateName": {"@value": "Falso", "@language": "es"}}, ("Falso", "", "", "")),
    ],
)  # fmt: skip
def test_a_rating_is_kept_as_text_however_odd(rating, expected):
    found = the_only(as_json(node(reviewRating=rating)))
    assert (found.rating, found.rating_value, found.rating_best, found.rating_worst) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2024-05-14", "2024-05-14"),
        ("2024-05", "2024-05"),
        ("2024", "2024"),
        ("2019-11-18 14:42:55Z", "2019-11-18"),
        ("14 May 2024", "2024-05-14"),
        ("May 2024", "2024-05"),
        ("Tue, 14 May 2024 08:00:00 GMT", "2024-05-14"),
        ("31/12/2024", "2024-12-31"),
        ("03/04/2024", "2024"),
        ("2024-02-30", ""),
        ("0001-01-01 00:00:00Z", ""),
        ("Tuesday", ""),
        ("12:30", ""),
        ("", ""),
        ("soon", ""),
        (20240514, ""),
        (None, ""),
        (["2024-05-14", "x"], "2024-05-14"),
        ({"@value": "2024-05-14"}, "2024-05-14"),
        ("٢٠٢٤-٠٥-١٤", ""),
        ("9" * 5000, ""),
    ],
)
def test_a_date_is_given_as_far_as_it_was_said(said, expected):
    assert day(said) == expected


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"claimReviewed": " "}, "It does not say which claim it reviews."),
        ({"url": "javascript:alert(1)"}, "It has no address of the web under which the review can be read."),
        ({"url": "/relative"}, "It has no address of the web under which the review can be read."),
        ({"claimReviewed": "Half \ud800"}, "It holds halves of characters: it was damaged on the way."),
    ],
)
def test_what_a_fact_check_cannot_do_without_is_named(change, sentence):
    found = the_only_unread(json.dumps(node(**change)).encode())
    assert found.sentence == sentence
    found.raw.encode()


def test_a_page_lends_its_address_and_title_and_an_item_its_words():
    bare = node(claimReviewed=None, itemReviewed={"@type": "Claim", "name": "It cost 12 million."}, publisher=None)
    for name in ("url", "headline", "claimReviewed", "publisher"):
        bare.pop(name)
    head = f'<link rel="canonical" href="{URL}"><title>The&nbsp;page</title>'
    found = the_only(page(json.dumps(bare), head=head))
    assert (found.url, found.title, found.claim_reviewed) == (URL, "The page", "It cost 12 million.")


def test_a_review_that_stands_on_another_page_was_not_read_on_its_own():
    head = '<link rel="canonical" href="https://list.example.org/">'
    assert not the_only(page(json.dumps(node()), head=head)).from_its_page


def test_a_record_without_a_name_for_its_publisher_has_its_site():
    nameless = answer()
    nameless["claimReview"][0]["publisher"] = {"site": "checks.example.org"}
    found = the_only(as_json(nameless))
    assert (found.publisher, found.site) == ("", "checks.example.org")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(encoding):
    text = json.dumps({"claims": [answer()]}, ensure_ascii=False)
    assert the_only(text.encode(encoding)).claim_reviewed == ARABIC
    in_lines = "\n".join(json.dumps(answer(), ensure_ascii=False) for _ in range(2))
    assert len(list(read(in_lines.encode(encoding)))) == 2


def test_pages_are_read_in_their_own_charset():
    script = json.dumps(node(claimReviewed=ARABIC), ensure_ascii=False)
    for charset, data in {
        "windows-1256": page(script, head='<meta charset="windows-1256">').decode().encode("cp1256"),
        "utf-16": page(script).decode().encode("utf-16"),
        "utf-8": b"\xef\xbb\xbf \n" + page(script),
    }.items():
        assert the_only(data).claim_reviewed == ARABIC, charset


def test_scripts_are_read_as_browsers_and_publishers_write_them():
    tricky = node(claimReviewed="A <b>script</b> ends with <\\/script> &amp; here")
    source = json.dumps(tricky).replace("\\\\/", "\\/")
    [found] = read(page("<!--\n" + source[:-1] + ",}\n-->"))
    assert found.claim_reviewed == "A script ends with & here"
    escaped = json.dumps(node()).replace('"', "&quot;")
    assert the_only(page(escaped)).rating == "Mostly false"
    newline = json.dumps(node(headline="two lines")).replace("two lines", "two\nlines")
    assert the_only(page(newline)).title == "two lines"


def test_a_script_that_ends_in_the_middle_of_its_review_is_reported_beside_the_next():
    cut = json.dumps(node()).replace("The bridge", "</script>The bridge")
    first, second = sorted(read(page(cut, json.dumps(node()))), key=lambda each: each.place)
    assert isinstance(first, Unread)
    assert first.place == "script 1"
    assert first.sentence.startswith("The JSON is broken at line 1, column ")
    assert isinstance(second, Record)


def test_other_scripts_may_be_broken_and_microdata_is_named():
    assert the_only(page("{broken", json.dumps({"@type": "WebPage"}), json.dumps(node()))).place == "script 3"
    microdata = b'<html><body><div itemscope itemtype="https://schema.org/ClaimReview">x</div></body></html>'
    assert "microdata" in the_only_unread(microdata).sentence


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n", b"null", b"[]", b"{}", b'"text"', b"{", b"\x00\x01\x02\xff" * 50, b"%PDF-1.7 \xff\xfe", b"<html>",
     b"Just words.\nAnd more.", page(), page("{}"), as_json({"claims": "none"}), b"1" * 10_000],
)  # fmt: skip
def test_what_names_no_review_is_one_sentence(data):
    found = the_only_unread(data)
    assert len(found.raw) <= SNIPPET
    found.raw.encode()


@pytest.mark.parametrize("claims", [[{"text": "x", "claimReview": []}], [{"text": "x"}], ["x"], [None]])
def test_a_claim_without_reviews_is_reported_beside_the_others(claims):
    found = list(read(as_json({"claims": [*claims, answer()]})))
    assert sorted(type(each).__name__ for each in found) == ["Record", "Unread"]


@pytest.mark.parametrize("deep", [500, 3_000, 200_000])
def test_deep_nesting_is_read_or_reported(deep):
    nested = b'{"a":[' * deep + json.dumps(node()).encode() + b"]}" * deep
    for data in (nested, page(nested.decode())):
        [found] = read(data)
        assert isinstance(found, Record) or found.sentence


def test_a_name_that_stands_twice_keeps_both():
    twice = as_json({"claims": [answer()]})[:-1] + b', "claims": ' + as_json([answer()]) + b"}"
    assert len(list(read(twice))) == 2


def test_places_and_reasons_can_be_kept_whatever_the_file_calls_its_parts():
    for inner in (node(), {"claims": [{}]}):
        found = the_found(json.dumps({"\0\ud800" + "x" * 9_000: [inner]}).encode())
        assert "\0" not in found.place
        assert len(found.place.encode()) <= SNIPPET


def test_a_page_of_a_megabyte_and_a_feed_of_thousands_are_read_whole():
    big = page(json.dumps(node(reviewBody="word " * 200_000)), json.dumps([node(url=f"{URL}/{n}") for n in range(50)]))
    assert sum(isinstance(each, Record) for each in read(big)) == 51
    feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [node(url=f"{URL}/{n}")]} for n in range(3_000)]}
    assert len({each.url for each in read(as_json(feed))}) == 3_000
