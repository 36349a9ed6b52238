"""The pages of the library: what is found and in which order, page after page; lists and files as they are sent."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factcheck.models import Import, Job, Passage, Source
from factcheck.web import pages
from factcheck.workflow import steps
from factcheck.workflow.source_documents import add_address, add_text
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SAID = {"kind": "primary", "seen": "page"}


def found(client, query: str) -> list[str]:
    """Titles on every page of the answer, following the link to the next."""
    titles = []
    while query:
        page = client.get(f"/sources/?{query}").content.decode()
        titles += re.findall(r'<h2 dir="auto"><a href="/sources/\d+/">(.*?)</a>', page)
        link = re.search(r'rel="next" href="\?([^"]*)"', page)
        query = link[1].replace("&amp;", "&") if link else ""
    return titles


def test_the_best_come_first_and_every_page_shows_the_next_ones(bob, client, monkeypatch):
    monkeypatch.setattr(pages.page_of, "__defaults__", (2,))
    add_text("The bridge. It cost a lot. Norland has a harbour.", by=bob, wording="original", title="Far", **SAID)
    add_text("The harbour bridge cost a lot.", by=bob, wording="original", title="Near", publisher="A & B", **SAID)
    for number in range(3):
        text = f"The harbour bridge cost {number}."
        add_text(text, by=bob, wording="summary", title=f"Same {number}", **{**SAID, "kind": "dataset"})
    add_address(by=bob, url="https://example.org/harbour", title="The harbour, a bridge", kind="primary")
    client.force_login(bob)
    assert found(client, "words=harbour+bridges") == [
        "Same 2", "Same 1", "Same 0", "Near", "Far", "The harbour, a bridge",
    ]  # fmt: skip
    assert found(client, "words=harbour&kind=dataset") == ["Same 2", "Same 1", "Same 0"]
    assert found(client, "outlet=a+%26+b") == ["Near"]
    assert found(client, "seen=unread") == ["The harbour, a bridge"]
    assert len(found(client, "kind=")) == 6
    page = client.get('/sources/?words="harbour bridge" -cost 7').content.decode()
    assert "No source fits" in page
    page = client.get("/sources/?words=near+bridge").content.decode()
    assert "The harbour <mark>bridge</mark> cost a lot." in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("before=x", 404),
        ("before=1-2-3", 404),
        ("before=-1", 404),
        ("words=a&before=7", 404),
        ("words=a&before=" + "9" * 30 + "-1", 404),
        ("words=%00%27%22%29%28%26%21", 200),
        ("words=" + "a+" * 900, 200),
        ("kind=gossip&seen=%00&outlet=%25", 200),
    ],
)
def test_whatever_is_asked_is_answered(bob, client, query, status):
    factories.source()
    client.force_login(bob)
    assert client.get(f"/sources/?{query}").status_code == status


def test_a_list_and_a_file_are_sent_in_and_what_is_wrong_is_said(bob, client):
    client.force_login(bob)

    def post(way: str, file: tuple[str, bytes] | None, **typed):
        said = {"kind": "primary", "how_seen": "page", **typed}
        return client.post(f"/sources/add/{way}", {**said, **({"file": SimpleUploadedFile(*file)} if file else {})})

    for way, file, sentence in (
        ("list", ("a.csv", b"url\nhttps://example.org"), "one of them title"),
        ("list", ("a.txt", b"title\nA"), "a .csv or a .jsonl"),
        ("list", ("a.csv", b"title,text\n"), "has no rows"),
        ("list", None, "Choose a file"),
        ("file", ("a.pdf", b"words"), "is none"),
    ):
        refused = post(way, file, publisher="Norland & Brack")
        assert refused.status_code == 422
        page = refused.content.decode()
        assert sentence in page
        assert "Norland &amp; Brack" in page  # what was typed is there still
    assert not Source.objects.exists()

    sent = post("list", ("day.csv", b"title,text,url\nA,It rained.,\nB,,nonsense\nA,It rained.,\n"))
    assert sent.url == f"/sources/imports/{Import.objects.get().pk}/"
    assert "0 of 3 rows" in client.get(sent.url).content.decode()
    steps.perform(Job.objects.get(kind=Job.Kind.IMPORT).pk)
    page = client.get(sent.url).content.decode()
    assert all(words in page for words in ("1 added", "1 in the library already", "1 refused", "Line 3", "nonsense"))
    assert post("file", ("b.md", b"# B\n\nIt snowed.")).url == f"/sources/{Source.objects.latest('pk').pk}/"
    assert Passage.objects.latest("pk").text == "It snowed."
    assert post("file", ("b.md", b"# B\n\nIt snowed.")).url == f"/sources/{Source.objects.latest('pk').pk}/"
    assert Source.objects.count() == 2
