"""Title, authors, dates, outlet, language and address of a page, each with where it was found."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from factcheck.text import extraction
from factcheck.text.extraction import Source, authors, dates, identity, titles
from tests.text.test_extraction import NEWS, page, paragraphs

pytestmark = pytest.mark.unit


def read(head: str = "", body: str = "", url: str = "") -> extraction.Reading:
    return extraction.read(page(f"{body}<article>{paragraphs(1, 2, 3)}</article>", head), url=url)


def linked_data(fields: str) -> str:
    return f'<script type="application/ld+json">{fields}</script>'


def test_a_page_that_says_everything_is_believed_and_each_value_says_where_from():
    reading = extraction.read(NEWS, url="https://harbour.example/2024/03/05/flood-barrier/?utm=x")
    assert reading.title == "Council approves new flood barrier"
    assert reading.authors == ("Ada Lindqvist", "Tomás Reyes")
    assert reading.byline == "By Ada Lindqvist and Tomás Reyes, for the Harbour Post"
    assert reading.outlet == "Harbour Post"
    assert reading.published == datetime(2024, 3, 6, 1, 20, tzinfo=UTC)
    assert reading.day == date(2024, 3, 5)  # half past one in Greenwich is the evening before where the page was made
    assert reading.modified == datetime(2024, 3, 6, 9, tzinfo=UTC)
    assert reading.language == "en-GB"
    assert reading.canonical == "https://harbour.example/2024/03/05/flood-barrier/"
    assert dict(reading.sources) == {
        "text": Source.VISIBLE,
        "title": Source.OPEN_GRAPH,
        "authors": Source.JSON_LD,
        "byline": Source.VISIBLE,
        "outlet": Source.JSON_LD,
        "published": Source.JSON_LD,
        "modified": Source.JSON_LD,
        "language": Source.HTML,
        "canonical": Source.HTML,
    }


def test_a_page_that_says_nothing_is_guessed_at_and_says_so():
    reading = read(url="https://www.harbour.example/2023/11/08/x.html")
    assert (reading.outlet, reading.published, reading.language) == ("harbour.example", date(2023, 11, 8), "en")
    assert all(reading.guessed(field) for field in ("outlet", "published", "language"))
    assert (reading.title, reading.authors, reading.byline, reading.modified, reading.canonical) == (
        "",
        (),
        "",
        None,
        "",
    )
    assert not {"title", "authors", "byline", "modified", "canonical"} & set(reading.sources)


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ('{"@type": "https://schema.org/ReportageNewsArticle", "headline": "A &amp; B"}', "A & B"),
        ('[{"@type": "WebPage"}, {"@type": ["Thing", "BlogPosting"], "headline": "In a list"}]', "In a list"),
        ('<!-- {"@type": "NewsArticle", "headline": "In a comment",} -->', "In a comment"),
        ('{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "Within"}}', "Within"),
        ('{"@type": "Article", "headline": "Broken\nover two lines"}', "Broken over two lines"),
        ('{"@type": "Product", "headline": "Of no article"}', ""),
        ('{"@type": "NewsArticle", "headline": ', ""),
    ],
)
def test_json_ld_is_read_in_the_forms_that_pages_write_it(fields, title):
    assert read(linked_data(fields)).title == title


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("Council approves barrier | Harbour Post", "Council approves barrier"),
        ("Council approves barrier – The Harbour Post – by Ada", "Council approves barrier"),
        ("News | Council approves barrier today", "Council approves barrier today"),
        ("Harbour: Council approves barrier", "Harbour: Council approves barrier"),
        ("議会が堤防の建設を正式に承認した：港新聞", "議会が堤防の建設を正式に承認した"),
        ("Short | Harbour Post", "Short | Harbour Post"),
    ],
)
def test_only_the_name_of_the_site_is_cut_off_a_title(title, cut):
    names, others = {"harbourpost", "theharbourpost", "港新聞"}, {"councilapprovesbarriertoday"}
    assert titles.without_site(title, names, others) == cut


def test_of_two_titles_the_one_that_is_not_printed_is_the_articles_name_for_others():
    shared = '<meta property="og:title" content="Written for sharing">'
    searched = linked_data('{"@type": "Article", "headline": "Written for searching"}')
    assert read(shared + searched, "<h1>Written for searching</h1>").title == "Written for sharing"
    assert read(shared + searched, "<h1>Written for sharing</h1>").title == "Written for searching"
    assert read("", "<h1>Only printed</h1>").sources["title"] is Source.VISIBLE


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("By Ada Lindqvist and Tomás Reyes, for the Harbour Post", ["Ada Lindqvist", "Tomás Reyes"]),
        ("Von Uta Öl und Jo van der Aa", ["Uta Öl", "Jo van der Aa"]),
        ("Par Zoé Petit, Luc Grand et Anne Roy", ["Zoé Petit", "Luc Grand", "Anne Roy"]),
        ("Ada Lindqvist (Oslo), ada@harbour.example", ["Ada Lindqvist"]),
        ("Ada Lindqvist, professor of water and its uses", ["Ada Lindqvist"]),
        ("By Ada Lindqvist | 3 March 2024", ["Ada Lindqvist"]),
        ("記者：山田太郎", ["山田太郎"]),
        ("https://harbour.example/ada", []),
        ("@ada", []),
    ],
)
def test_names_are_told_from_roles_outlets_addresses_and_dates(printed, names):
    assert authors.split(printed, loose=True) == names


def test_a_person_in_the_byline_is_preferred_to_the_outlet_in_the_markup():
    head = linked_data('{"@type": "Article", "author": "Harbour Post", "publisher": {"name": "Harbour Post"}}')
    assert read(head, '<div class="byline">By Ada Lindqvist</div>').authors == ("Ada Lindqvist",)
    assert read(head).authors == ("Harbour Post",)


def test_authors_who_are_named_side_by_side_are_all_taken():
    body = '<div><a rel="author" href="/a">Ada Lindqvist</a> <a rel="author" href="/t">Tomás Reyes</a></div>'
    elsewhere = '<aside><a rel="author" href="/z">Zoé Petit</a></aside>'
    reading = read(body=body + elsewhere)
    assert (reading.authors, reading.byline) == (("Ada Lindqvist", "Tomás Reyes"), "Ada Lindqvist, Tomás Reyes")
    assert reading.sources["authors"] is Source.VISIBLE


@pytest.mark.parametrize(
    ("value", "when"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024-03-05T08:30:00Z", datetime(2024, 3, 5, 8, 30, tzinfo=UTC)),
        ("2024-03-05 08:30", datetime(2024, 3, 5, 8, 30)),
        ("Tue, 05 Mar 2024 08:30:00 +0100", datetime(2024, 3, 5, 8, 30, tzinfo=timezone(timedelta(hours=1)))),
        ("March 5, 2024", date(2024, 3, 5)),
        ("2024-03-05T08:30:00 EST", datetime(2024, 3, 5, 8, 30)),
        ("5 March", None),
        ("1970-01-01T00:00:00Z", None),
        ("2999-01-01", None),
        ("yesterday", None),
        ("9" * 50, None),
    ],
)
def test_dates_are_read_in_many_forms_and_never_made_up(value, when):
    assert dates.parsed(value) == when


def test_microdata_is_read_where_there_is_nothing_better():
    body = '<time itemprop="datePublished" datetime="2024-03-05">x</time><h2 itemprop="headline">The name of it</h2>'
    reading = read(body=body)
    assert (reading.published, reading.title) == (date(2024, 3, 5), "The name of it")
    assert reading.sources["published"] is reading.sources["title"] is Source.MICRODATA


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("de_AT.UTF-8", "de-AT"),
        ("EN", "en"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("english", ""),
        ("", ""),
    ],
)
def test_languages_become_bcp_47_tags(value, tag):
    assert identity.tagged(value) == tag


GERMAN = """Der Rat hat am Dienstag beschlossen, an der Mündung des Hafens eine Sperre gegen Sturmfluten zu bauen. Sie
soll bis 2029 fertig sein und 41 Millionen Euro kosten. Bis dahin liegen an vier Stellen der Uferstraße Sandsäcke
bereit, wie schon nach der Flut vor drei Jahren. Die Leiterin des Hafenamtes sagte vor der Abstimmung, die Mauer halte
auch einem Sturm stand, der nur alle zweihundert Jahre vorkomme. Anwohner hatten lange darüber gestritten, wer das
bezahlen soll. Die Bürgermeisterin will den Vertrag im April unterschreiben, die Arbeiten sollen im Mai beginnen."""


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("de-AT", GERMAN, ("de-AT", Source.HTML)),
        ("en", GERMAN, ("de", Source.GUESSED)),
        ("kl", GERMAN, ("kl", Source.HTML)),
        ("en", GERMAN[:200], ("en", Source.HTML)),
    ],
    ids=["declared", "of the template", "unknown to the detector", "too little text"],
)
def test_a_language_is_believed_unless_the_text_is_surely_in_another(declared, text, language):
    reading = extraction.read(f"<html lang={declared}><body><article><p>{text}</p></article></body></html>")
    assert (reading.language, reading.sources["language"]) == language
