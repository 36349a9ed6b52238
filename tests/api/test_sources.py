"""The library through the API: added, looked for, read, and in lists whose rows say what became of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factcheck.models import Job
from factcheck.workflow import steps
from factcheck.workflow.articles import keep_confidential
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]

MINUTES = {
    "title": "Minutes",
    "text": "What it cost\n\nThe harbour bridge cost 12 million euros.\n\nWho paid\n\nNorland paid.",
    "url": "https://example.org/minutes",
    "publisher": "Norland",
    "kind": "primary",
    "seen": "page",
    "published": "2024-05",
}


def performed(kind: str) -> None:
    for job in Job.objects.filter(kind=kind, state="queued"):
        steps.perform(job.pk)


def test_a_source_is_added_once_found_by_its_words_and_read_in_full(by_bob):
    first, again = (by_bob.post("sources/", MINUTES) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["progress"]["state"] == "pending"
    assert again["Location"] == first["Location"] == first.json()["status_url"]
    performed(Job.Kind.INDEX)
    shown = by_bob.get(first["Location"]).json()
    assert (shown["outlet"]["name"], shown["seen"], shown["progress"]["state"]) == ("Norland", "page", "done")
    assert [(each["heading"], each["text"]) for each in shown["contents"]] == [
        ("Minutes › What it cost", "The harbour bridge cost 12 million euros."),
        ("Minutes › Who paid", "Norland paid."),
    ]
    other = factories.source()
    for words, found in {
        "harbour bridges": [shown["id"]],
        '"12 million" -norland': [shown["id"], other.pk],
        "norland": [shown["id"]],
        "ferry": [],
        "' OR \x00 & !": [],
    }.items():
        query = {"words": words.replace("\x00", "")}
        assert [each["id"] for each in by_bob.get("sources/", query).json()["results"]] == found, words
    narrowed = by_bob.get("sources/", {"kind": "primary", "seen": "page", "outlet": shown["outlet"]["id"]}).json()
    assert [each["id"] for each in narrowed["results"]] == [shown["id"]]
    assert by_bob.get("sources/", {"kind": "gossip"}).status_code == 422


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": "Nothing", "kind": "primary"}, "text"),
        ({"text": "Words.", "title": "Seen?", "kind": "primary"}, "seen"),
        ({"url": "https://example.org/a", "kind": "primary", "seen": "page"}, "seen"),
        ({"url": "https://example.org/a"}, "kind"),
        ({"text": "Words.", "kind": "primary", "seen": "unread"}, "seen"),
    ],
)
def test_what_is_missing_is_named(by_bob, sent, field):
    answer = by_bob.post("sources/", sent)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_a_file_is_added_and_one_that_cannot_be_read_says_why(by_bob):
    def send(name: str, data: bytes, **said):
        file = SimpleUploadedFile(name, data)
        return by_bob.post("sources/", {"file": file, "kind": "primary", **said}, format="multipart")

    minutes = b"# Minutes\n\n## What it cost\n\nThe harbour bridge cost 12 million euros."
    first, again = (send("minutes.md", minutes, publisher="Norland", published="2024-05") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 200)
    shown = by_bob.get(first["Location"]).json()
    assert (shown["title"], shown["outlet"]["name"], shown["published"]) == ("Minutes", "Norland", "2024-05")
    assert [each["heading"] for each in shown["contents"]] == ["Minutes › What it cost"]
    assert [each["file_name"] for each in shown["captures"]] == ["minutes.md"]
    for wrong in (send("a.pdf", b"words"), send("empty.txt", b""), send("a.txt", b"Words.", seen="unread")):
        assert wrong.status_code == 422
    assert by_bob.post("sources/", {"kind": "primary"}, format="multipart").status_code == 422


def test_an_address_is_unread_until_it_is_fetched_and_says_why_it_could_not_be(by_bob):
    answer = by_bob.post("sources/", {"url": "http://127.0.0.1/secret", "kind": "dataset"})
    assert (answer.status_code, answer.json()["seen"], answer.json()["passages"]) == (202, "unread", 0)
    performed(Job.Kind.READ)
    progress = by_bob.get(answer["Location"]).json()["progress"]
    assert progress["state"] == "failed"
    assert progress["reason"].endswith(".")
    assert by_bob.post(f"jobs/{progress['job']}/replay/", {}, seen="dead-1").status_code == 200


def test_a_list_is_taken_in_row_by_row_and_tells_of_each(by_bob):
    rows = [MINUTES, {"title": "No words"}, {"title": "Half \ud800", "text": "x"}, {**MINUTES, "passages": ["Again."]}]
    sent = {"sources": rows, "kind": "dataset"}
    first, again = (by_bob.post("sources/batch/", sent) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()["waiting"]) == (202, 200, 4)
    assert first["Location"] == again["Location"]
    performed(Job.Kind.IMPORT)
    shown = by_bob.get(first["Location"]).json()
    assert (shown["added"], shown["known"], shown["refused"], shown["waiting"]) == (1, 0, 3, 0)
    assert shown["progress"]["state"] == "done"
    told = by_bob.get(shown["rows_url"], {"state": "refused", "limit": 2}).json()
    assert [each["line"] for each in told["results"]] == [2, 3]
    last = by_bob.get(told["next"]).json()["results"]
    assert "a text and passages" in last[0]["sentence"]
    for wrong in ({"sources": []}, {"sources": [{}] * 5_001}, {"sources": ["x"]}, {"sources": [{}], "kind": "gossip"}):
        assert by_bob.post("sources/batch/", wrong).status_code == 422


def test_where_it_was_relied_on_is_told_as_far_as_the_asker_sees_it(client_of, bob, carol):
    factories.desk()
    evidence = factories.evidence(factories.draft(bob), bob)
    source = evidence.snapshot.source
    told = {"evidence": evidence.pk, "review": evidence.review_id, "claim": evidence.review.claim_id}
    for person in (bob, carol):
        shown = client_of(person).get(f"sources/{source.pk}/").json()
        assert shown["relied_on"] == [{**told, "stance": evidence.stance}]
    article = evidence.review.claim.article
    keep_confidential(article, by=carol, seen=article.version, readers=[])
    assert client_of(carol).get(f"sources/{source.pk}/").json()["relied_on"] != []
    assert client_of(bob).get(f"sources/{source.pk}/").json()["relied_on"] == []
