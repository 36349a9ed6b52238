"""Sending articles in through the API: as text, as HTML, as an address, many at once, the same again."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factcheck.models import Article, Job, Unreadable
from factcheck.workflow import steps
from tests import factories
from tests.workflow.test_ingest import PAGE

pytestmark = [pytest.mark.api, pytest.mark.django_db]

URL = "https://herald.example/bridge"


def test_html_is_read_and_says_where_each_detail_comes_from(client_of, alice):
    client = client_of(alice)
    answer = client.post("articles/", {"html": PAGE.decode(), "note": "by mail", "outside_search": "never"})
    assert answer.status_code == 202
    shown = client.get(answer.json()["status_url"]).json()
    assert (shown["title"], shown["byline"], shown["canonical_url"]) == ("The bridge", "Ada Lind", URL)
    assert shown["outside_search"] == "never"
    assert (shown["origins"]["published_at"], shown["published_at"]) == ("JSON-LD", "2024-05-14T08:00:00Z")
    blocks, text = shown["current"]["blocks"], shown["current"]["text"]
    assert [text[block["start"] : block["end"]] for block in blocks] == text.split("\n\n")


def test_an_address_is_an_article_at_once_and_says_that_it_has_no_text_yet(client_of, alice):
    client = client_of(alice)
    answer = client.post("articles/", {"url": "http://127.0.0.1/secret", "title": "My title"})
    article = answer.json()["id"]
    shown = client.get(f"articles/{article}/").json()
    assert (shown["current"], shown["url"], shown["progress"]["state"]) == (None, "http://127.0.0.1/secret", "pending")
    assert client.get("articles/").json()["results"][0]["title"] == "My title"
    steps.perform(Job.objects.get().pk)
    failed = client.get(f"articles/{article}/").json()["progress"]["failed"][0]
    assert (failed["kind"], failed["attempts"]) == ("fetch", 1)
    assert failed["reason"].endswith(".")
    reading = client.get(f"articles/{article}/claims/").json()["reading"]
    assert (reading["state"], reading["reason"]) == ("failed", failed["reason"])


def test_the_same_again_is_the_first_article(client_of, alice, bob):
    sent = {"title": "The bridge", "text": factories.TEXT}
    first, again = (client_of(alice).post("articles/", sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again["Location"] == first["Location"]
    assert client_of(bob).post("articles/", sent).status_code == 202


@pytest.mark.parametrize(
    ("sent", "field"),
    [({}, "text"), ({"text": "A", "html": "<p>A"}, "html"), ({"title": "Only a title"}, "text")],
)
def test_it_is_exactly_one_of_them(client_of, alice, sent, field):
    answer = client_of(alice).post("articles/", sent)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_in_a_batch_each_is_taken_or_refused_for_itself(client_of, alice):
    sent = [{"text": "It rained."}, {"text": " "}, {"url": URL}, {"tekst": "It snowed."}, {"text": "It rained."}]
    answer = client_of(alice).post("articles/batch/", {"articles": sent})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [each["status"] for each in results] == [202, 422, 202, 422, 200]
    assert results[4]["article"]["id"] == results[0]["article"]["id"]
    assert "empty" in results[1]["problem"]["detail"]
    assert "tekst" in results[3]["problem"]["errors"]
    assert Article.objects.count() == 2
    assert set(Job.objects.values_list("queue", flat=True)) == {"bulk"}


@pytest.mark.parametrize("sent", [[], [{"text": "It rained."}] * 101, "It rained.", [1]])
def test_a_batch_is_a_list_of_1_to_100(client_of, alice, sent):
    assert client_of(alice).post("articles/batch/", {"articles": sent}).status_code == 422
    assert not Article.objects.exists()


def test_what_is_wrong_inside_of_a_list_is_said_with_its_place(client_of, alice):
    answer = client_of(alice).post("articles/", {"text": "It rained.", "readers": [alice.pk, "x"]})
    assert answer.json()["errors"] == {"readers": ["2: A valid integer is required."]}


def test_a_file_is_taken_in_with_what_is_said_of_it_and_one_that_cannot_be_read_is_kept(client_of, alice, bob):
    client = client_of(alice)
    said = {"title": "My title", "confidential": "true", "readers": [bob.pk], "published": "2024-05-14"}
    file = SimpleUploadedFile("bridge.md", b"# The bridge\n\nIt cost 12 million euros.", "text/markdown")
    answer = client.post("articles/", {"file": file, **said}, format="multipart")
    assert (answer.status_code, answer.json()["notice"]) == (202, "")
    article = Article.objects.get()
    assert (article.current.title, article.current.text) == ("My title", "It cost 12 million euros.")
    assert set(article.readers.all()) == {alice, bob}
    file = SimpleUploadedFile("bridge.pdf", b"words", "application/pdf")
    answer = client.post("articles/", {"file": file, "confidential": "true"}, format="multipart")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad-input")
    row = Unreadable.objects.get()
    assert (row.file_name, bytes(row.raw), row.confidential) == ("bridge.pdf", b"words", True)
    for sent in ({}, {"file": "words"}, {"file": SimpleUploadedFile("a.txt", b"Words."), "tekst": "x"}):
        assert client.post("articles/", sent, format="multipart").status_code == 422


def test_what_a_batch_refuses_is_kept_with_its_place(client_of, alice, bob):
    sent = [
        {"text": "It rained."},
        {"tekst": "x", "confidential": True, "readers": [bob.pk]},
        {"html": "<p>", "url": ""},
    ]
    client_of(alice).post("articles/batch/", {"articles": sent})
    rows = Unreadable.objects.order_by("line")
    assert [(row.file_name, row.line, row.confidential) for row in rows] == [("batch", 2, True), ("batch", 3, False)]
    assert set(rows[0].readers.all()) == {alice, bob}
    assert "There is no such field" in rows[0].sentence
    assert json.loads(bytes(rows[1].raw)) == sent[2]


def test_who_sees_what_is_sent_again_is_not_changed_and_the_answer_says_so(client_of, alice, bob):
    sent = {"text": factories.TEXT, "confidential": True}
    client_of(alice).post("articles/", sent)
    again = client_of(alice).post("articles/", {**sent, "readers": [bob.pk]})
    assert (again.status_code, "Who sees it was not changed" in again.json()["notice"]) == (200, True)
