"""Articles: taking them in, how far they are, and their text with each claim marked."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models.functions import Now
from django.utils.html import escape

from factcheck.models import Anchor, Article, Claim, Job, Unreadable
from factcheck.templatetags.desk import web
from factcheck.web.articles import lines_of, marked
from factcheck.workflow import steps
from tests import factories
from tests.web.conftest import ATTACK, queries, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TEXT = "The bridge opened on Monday.\r\n\r\nIt cost 12 million euros."


def job(of: Article, state: str = "queued", error: str = "", kind: str = "split") -> Job:
    """A job that walked to `state` along its arrows."""
    job = Job.objects.create(kind=kind, target=of.current.pk, article=of, queue="interactive", max_attempts=1)
    if state != "queued":
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=Now())
    if state in ("dead", "done"):
        done = {"finished_at": Now()} if state == "done" else {}
        Job.objects.filter(pk=job.pk).update(state=state, lease_until=None, last_error=error, **done)
    job.refresh_from_db()
    return job


# --- taking in -----------------------------------------------------------------------------------------------------


def test_an_article_is_taken_in_and_shown(alice):
    client = window(alice)
    typed = {"title": "A bridge", "url": "https://example.org/bridge", "note": "By mail.", "text": TEXT}
    response = client.post("/articles/", typed)
    article = Article.objects.get()
    assert response.url == f"/articles/{article.pk}/"
    assert (article.current.text, article.current.title) == (TEXT.replace("\r\n", "\n"), "A bridge")
    assert (article.url, article.note, article.submitted_by) == ("https://example.org/bridge", "By mail.", alice)
    page = said(client.get(response.url))
    for words in ("A bridge", "By mail.", "It cost 12 million euros.", "Being read: 0 of 2 steps done"):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "   "}, "The text is empty"),
        ({"text": "Words.", "title": "x" * 1001}, "The title has 1,001 characters"),
        ({"text": "Words.", "url": "javascript:alert(1)"}, "The address must be a web address"),
        ({"text": "Wo\x00rds."}, "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_the_words_are_kept(alice, typed, sentence):
    response = window(alice).post("/articles/", {"note": "My own words.", **typed})
    assert response.status_code == 422
    page = said(response)
    assert sentence in page
    assert 'role="alert"' in page
    assert "My own words." in page
    assert not Article.objects.exists()


def test_a_file_is_taken_in_through_the_same_form(alice):
    client = window(alice)
    assert 'enctype="multipart/form-data"' in said(client.get("/articles/"))
    file = SimpleUploadedFile("bridge.md", b"# A bridge\n\nIt cost 12 million euros.", "text/markdown")
    response = client.post("/articles/", {"file": file, "note": "By mail.", "text": ""})
    article = Article.objects.get()
    assert response.url == f"/articles/{article.pk}/"
    assert (article.current.title, article.current.text) == ("A bridge", "It cost 12 million euros.")


@pytest.mark.parametrize(
    ("name", "content", "typed", "sentence"),
    [
        ("bridge.pdf", b"words", "", "The file is called a PDF and is none"),
        ("bridge.txt", b"", "", "The file is empty"),
        ("bridge.txt", b"words", "Words.", "Either paste a text or choose a file"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_said_and_the_words_are_kept(alice, name, content, typed, sentence):
    sent = {"file": SimpleUploadedFile(name, content), "note": "My own words.", "text": typed}
    response = window(alice).post("/articles/", sent)
    assert (response.status_code, sentence in said(response), "My own words." in said(response)) == (422, True, True)
    assert not Article.objects.exists()


def test_an_address_is_shown_as_being_fetched_then_as_failed_with_the_reason(alice, carol):
    client = window(alice)
    address = client.post("/articles/", {"url": "http://127.0.0.1/bridge", "title": "My title"}).url
    waiting = said(client.get(address))
    for words in ("My title", "The page is being fetched. There is no text yet."):
        assert words in waiting
    assert "My title" in said(client.get("/articles/"))
    steps.perform(Job.objects.get().pk)
    failed = Job.objects.get()
    page = said(window(carol).get(address))
    for words in (
        "The page could not be fetched or read",
        "“Fetch the page” failed after 1 attempt.",
        "/replay",
        "My title",
    ):
        assert words in page
    assert escape(failed.last_error) in page


def test_the_same_again_is_said_and_articles_alike_are_named_to_who_may_see_them(alice, bob, carol):
    client = window(alice)
    first = client.post("/articles/", {"text": TEXT, "title": "First"}).url
    again = client.post("/articles/", {"text": TEXT, "title": "Again"}, follow=True)
    assert again.redirect_chain[-1][0] == first
    assert "You sent this in before" in said(again)
    alike = window(bob).post("/articles/", {"text": TEXT, "title": "Bob’s own", "confidential": "on"}).url
    assert "Bob’s own" not in said(client.get(first))
    assert "Bob’s own" in said(window(bob).get(first))
    assert "First" in said(window(bob).get(alike))


def test_a_list_is_taken_in_row_by_row_with_a_result_for_each(alice):
    rows = [{"text": TEXT, "title": "First"}, {"text": TEXT}, {"title": "Nothing"}, {"text": "It rained.", "note": "x"}]
    content = "\n".join(json.dumps(row) for row in rows).encode()
    client, sent = window(alice), {"note": "By mail.", "confidential": "on"}
    answer = client.post("/articles/", {**sent, "file": SimpleUploadedFile("day.jsonl", content)})
    page = said(answer)
    assert answer.status_code == 200
    for words in ("Taken in", "Sent before: nothing was changed", "It has no text, no HTML and no url.", "Line 4"):
        assert words in page
    assert [(article.note, article.confidential) for article in Article.objects.all()] == [("By mail.", True)] * 2
    kept = said(client.get("/articles/unread/"))
    assert "day.jsonl" in kept
    assert "line 3" in kept
    assert "1 waits" in said(client.get("/articles/"))
    many = SimpleUploadedFile("many.csv", b"url\n" + b"https://example.org/a\n" * 101)
    refused = client.post("/articles/", {**sent, "file": many})
    assert (refused.status_code, "the form takes 100" in said(refused)) == (422, True)


def test_a_file_that_cannot_be_read_is_listed_for_its_sender_and_set_aside_with_a_reason(alice, bob, carol):
    client = window(alice)
    refused = client.post("/articles/", {"file": SimpleUploadedFile("bridge.pdf", b"words"), "note": "From Oslo."})
    assert "It is kept under “What could not be read”" in said(refused)
    row = Unreadable.objects.get()
    assert (row.said, bytes(row.raw)) == ({"note": "From Oslo."}, b"words")
    assert "bridge.pdf" in said(window(carol).get("/articles/unread/"))
    assert "bridge.pdf" not in said(window(bob).get("/articles/unread/"))
    again = client.post(f"/unreadable/{row.pk}/again", {"seen": row.version})
    assert (again.status_code, "It still cannot be read." in said(again)) == (422, True)
    row.refresh_from_db()
    stale = client.post(f"/unreadable/{row.pk}/aside", {"seen": row.version - 1, "reason": "A morning’s work."})
    assert (stale.status_code, "A morning’s work." in said(stale)) == (409, True)
    assert client.post(f"/unreadable/{row.pk}/aside", {"seen": row.version, "reason": "Empty."}).status_code == 302
    assert "Set aside: Empty." in " ".join(re.sub("<[^>]+>", "", said(client.get("/articles/unread/"))).split())


def test_who_sees_a_confidential_text_is_not_changed_by_sending_it_again_and_that_is_said(alice, bob):
    client, typed = window(alice), {"text": TEXT, "confidential": "on"}
    first = client.post("/articles/", typed).url
    assert "Who sees it was not changed" not in said(client.post("/articles/", typed, follow=True))
    again = client.post("/articles/", {**typed, "readers": [bob.pk]}, follow=True)
    assert again.redirect_chain[-1][0] == first
    assert "Who sees it was not changed" in said(again)
    assert window(bob).get(first).status_code == 404


def test_a_text_is_shown_by_its_blocks_and_each_detail_says_where_it_comes_from(alice):
    content = "# A bridge\n\n### The cost\n\nIt cost 12 million euros.\n\n- Steel\n- Stone\n\n> “Too much.”\n".encode()
    client = window(alice)
    address = client.post("/articles/", {"file": SimpleUploadedFile("b.md", content), "language": "en"}).url
    page = said(client.get(address))
    for words in (
        '<h2 dir="auto">The cost</h2>',
        '<p dir="auto">It cost 12 million euros.</p>',
        '<ul><li dir="auto">Steel</li><li dir="auto">Stone</li></ul>',
        '<blockquote><p dir="auto"><span class="said">“Too much.”</span></p></blockquote>',
        "(from the text itself)",
        "(said by the sender)",
        "<dt>Published</dt><dd><bdi>not known</bdi></dd>",
    ):
        assert words in page, words


def test_who_may_not_take_in_sees_no_form_and_is_refused(dave):
    client = window(dave)
    assert 'action="/articles/"' not in said(client.get("/articles/"))
    response = client.post("/articles/", {"text": TEXT})
    assert response.status_code == 403
    assert "Dave (Auditor) may not ingest an article." in said(response)
    assert not Article.objects.exists()


# --- how far the machine has come -----------------------------------------------------------------------------------


def test_a_bar_is_shown_while_jobs_run_and_the_page_looks_again_by_itself(bob):
    article = factories.article()
    job(article, "running")
    client = window(bob)
    assert "<progress" in said(client.get("/articles/"))
    assert 'http-equiv="refresh"' not in said(client.get("/articles/"))  # somebody may be typing there
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in said(
        client.get(f"/articles/{article.pk}/")
    )


def test_nothing_moves_when_all_is_done(bob):
    article = factories.article()
    job(article, "done")
    page = said(window(bob).get(f"/articles/{article.pk}/"))
    assert "<progress" not in page
    assert 'http-equiv="refresh"' not in page


def test_a_failed_step_is_shown_with_its_reason_and_replayed_by_who_may(bob, carol):
    article = factories.article()
    failed = job(article, "dead", "ValueError: no model")
    assert "ValueError: no model" in said(window(bob).get("/articles/"))
    assert "/replay" not in said(window(bob).get("/articles/"))
    client = window(carol)
    for address in ("/articles/", f"/articles/{article.pk}/"):
        page = said(client.get(address))
        assert f'action="/jobs/{failed.pk}/replay"' in page
        assert "failed after 1 attempt." in page
    assert window(bob).post(f"/jobs/{failed.pk}/replay", {"seen": 1}).status_code == 403
    assert client.post(f"/jobs/{failed.pk}/replay", {"seen": 0}).status_code == 409
    assert client.post(f"/jobs/{failed.pk}/replay", {"seen": 1}).url == f"/articles/{article.pk}/"
    failed.refresh_from_db()
    assert failed.state == "queued"
    again = client.post(f"/jobs/{failed.pk}/replay", {"seen": 1})
    assert again.status_code == 422
    assert "only a dead job can be replayed" in said(again)


# --- the text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Claim.Status.values[:1])
def test_a_claim_is_marked_by_its_status_and_opens_beside_the_text(claim, bob, status):
    client = window(bob)
    address = f"/articles/{claim.article_id}/"
    page = said(client.get(address))
    mark = re.search(
        r'<mark class="claim claim--detected"><a href="([^"]+)" data-claim="\d+" aria-describedby="([^"]+)">(.*?)</a>',
        page,
    )
    assert mark[1] == f"?claim={claim.pk}#claim"
    assert mark[3] == claim.anchors.get().exact
    assert f'id="{mark[2]}"' in page  # the legend, in words
    assert 'id="claim"' not in page
    opened = said(client.get(f"{address}?claim={claim.pk}"))
    for words in ('id="claim"', claim.statement, "Ada Lind", "states a quantity: 12 million", f"/claims/{claim.pk}/"):
        assert words in opened
    beside = said(client.get(f"{address}?claim={claim.pk}", headers={"HX-Request": "true", "HX-Target": "beside"}))
    assert 'id="claim"' in beside
    assert "<html" not in beside


def test_a_claim_of_another_article_does_not_open_here(claim, bob):
    other = factories.article()
    assert window(bob).get(f"/articles/{other.pk}/?claim={claim.pk}").status_code == 404
    assert window(bob).get(f"/articles/{other.pk}/?claim=nonsense").status_code == 404


def test_an_article_without_date_or_title_says_so(bob):
    page = said(window(bob).get(f"/articles/{factories.article().pk}/"))
    assert "Untitled" in page
    assert "date not known" in page


def test_what_an_article_says_is_shown_and_never_run(alice, bob):
    window(alice).post("/articles/", {"title": ATTACK, "note": ATTACK, "text": f"One.\n\n{ATTACK}"})
    article = Article.objects.get()
    claim = factories.claim(article, statement=ATTACK, speaker=ATTACK, reasons=[ATTACK])
    factories.anchor(claim, 6, 6 + len(ATTACK))
    client = window(bob)
    for address in ("/articles/", f"/articles/{article.pk}/?claim={claim.pk}", f"/claims/{claim.pk}/", "/"):
        source = client.get(address).content.decode()
        assert "<script>alert" not in source, address
        assert "<img src=x" not in source
        assert ATTACK in said(client.get(address))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:x", "data:text/html,x", "//x"]
)
def test_an_address_that_does_not_lead_to_the_web_is_no_link(address):
    assert web(address) == ""
    assert web("HTTPS://example.org/") == "HTTPS://example.org/"


def test_more_articles_claims_and_jobs_cost_no_more_queries(bob):
    client = window(bob)

    def add():
        article = factories.article()
        job(article, "dead")
        for start in range(0, 30, 10):
            factories.anchor(factories.claim(article), start, start + 9)
        return article

    first = add()
    few = queries(client, "/articles/"), queries(client, f"/articles/{first.pk}/")
    for _ in range(3):
        add()
    for start in range(40, 70, 10):
        factories.anchor(factories.claim(first), start, start + 9)
    assert (queries(client, "/articles/"), queries(client, f"/articles/{first.pk}/")) == few


def test_the_list_is_read_page_by_page(bob, monkeypatch):
    monkeypatch.setattr("factcheck.web.pages.page_of.__defaults__", (2,))
    articles = [factories.article() for _ in range(5)]
    client, address, seen = window(bob), "/articles/", []
    while address:
        page = said(client.get(address))
        seen += [int(pk) for pk in re.findall(r'<h3 dir="auto"><a href="/articles/(\d+)/"', page)]
        following = re.search(r'rel="next" href="\?([^"]+)"', page)
        address = f"/articles/?{following[1]}" if following else None
    assert seen == [article.pk for article in reversed(articles)]


# --- paragraphs and marks, in themselves ---------------------------------------------------------------------------


def anchored(*spans: tuple[int, int]) -> list[Anchor]:
    return [
        Anchor(pk=number, start=start, end=end, claim=Claim(pk=number), claim_id=number)
        for number, (start, end) in enumerate(spans, start=1)
    ]


def shown(text: str, *spans: tuple[int, int]):
    """Each paragraph as (words, claim, claims linked after it)."""
    return [
        [(piece.text, piece.claim and piece.claim.pk, [claim.pk for claim in piece.also]) for piece in pieces]
        for pieces in marked(text, anchored(*spans))
    ]


def test_words_outside_of_claims_stay_as_they_are():
    assert shown("One. Two. Three.", (5, 9)) == [[("One. ", None, []), ("Two.", 1, []), (" Three.", None, [])]]


def test_of_two_claims_that_overlap_the_shorter_gets_the_words():
    assert shown("abcdef", (0, 6), (2, 4)) == [[("ab", 1, []), ("cd", 2, []), ("ef", 1, [])]]


def test_speaker_cue_and_quotation_are_marked_within_and_outside_of_claims():
    text = "“Ada,” said Bo, “is”"
    (claim,) = anchored((7, 20))
    claim.speaker_span, claim.cue_span = NumericRange(12, 14), NumericRange(5, 11)
    [[before, inside]] = marked(text, [claim])
    assert before.runs == [("“Ada,", "said"), ("”", "cue said"), (" ", "cue")]
    assert inside.runs == [("said", "cue"), (" ", ""), ("Bo", "speaker"), (", ", ""), ("“is”", "said")]


def test_of_two_claims_on_the_same_words_the_second_is_linked_beside_them():
    assert shown("abc def", (0, 3), (0, 3)) == [[("abc", 1, [2]), (" def", None, [])]]


def test_a_claim_across_paragraphs_is_marked_in_each():
    assert shown("abc\n\ndef", (1, 7)) == [[("a", None, []), ("bc", 1, [])], [("de", 1, []), ("f", None, [])]]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("a\nb", ["a", "b"]),
        ("a\nb\n\nc", ["a\nb", "c"]),
        ("a\n \n\n\nb", ["a", "b"]),
        ("a\r\n\r\nb", ["a", "b"]),
        ("\n\na\n", ["a"]),
        ("only", ["only"]),
    ],
)
def test_paragraphs_are_parted_by_blank_lines_or_by_single_ones_where_there_is_no_blank_one(text, paragraphs):
    assert [text[start:end] for start, end in lines_of(text)] == paragraphs
