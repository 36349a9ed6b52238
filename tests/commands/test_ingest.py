"""manage.py ingest, as a person at a shell meets it. With a worker: tests/faults/test_seeds.py."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from factcheck.models import Article, Job

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text("The bridge cost 12 million euros.")
    return path


def ingest(*arguments):
    out = io.StringIO()
    call_command("ingest", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_file_is_taken_in_and_queued(file):
    said = ingest(file, "--title", "The bridge", "--url", "https://example.org/a", "--published", "2024-05-15")
    article = Article.objects.get()
    assert said.startswith(f"Article {article.pk} was taken in")
    assert article.current.title == "The bridge"
    assert article.current.published_at == datetime(2024, 5, 15, tzinfo=UTC)
    assert article.jobs.get().kind == Job.Kind.SPLIT


def test_standard_input_is_taken_in(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Brücken kosten Geld.".encode())))
    ingest("-")
    assert Article.objects.get().current.text == "Brücken kosten Geld."


def test_it_is_submitted_by_the_person_who_is_named(file, alice):
    ingest(file, "--by", alice.email.upper())
    assert Article.objects.get().submitted_by == alice


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a\x00b", "NUL"),
        (b"\xff\xfea", "UTF-16"),
        (b"caf\xe9 au lait", "UTF-8"),
        (b"word " * 50_000, "250,000 characters"),
        (b"word " * 1_000_000, "5,000,000 characters"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_nothing_is_stored(file, content, said):
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        ingest(file)
    assert refused.value.returncode == 1
    assert said in str(refused.value)
    assert str(file) in str(refused.value)
    assert not Article.objects.exists()


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        ingest(tmp_path / "nothing.txt")


def test_good_files_are_taken_in_beside_a_bad_one(file, tmp_path):
    bad = tmp_path / "empty.txt"
    bad.touch()
    with pytest.raises(CommandError, match=r"empty\.txt"):
        ingest(file, bad)
    assert Article.objects.count() == 1


def test_nobody_with_that_e_mail(file):
    with pytest.raises(CommandError, match=r"Nobody here has the e-mail address x@example\.org"):
        ingest(file, "--by", "x@example.org")


def test_who_may_not_is_told_so(file, dave):
    with pytest.raises(CommandError, match="may not ingest an article"):
        ingest(file, "--by", dave.email)


def test_a_date_that_is_none(file):
    with pytest.raises(CommandError, match="--published must be a date like"):
        ingest(file, "--published", "last Tuesday")


def test_a_desk_that_does_not_run_is_said_in_words(file, monkeypatch):
    from django.db import OperationalError

    from factcheck.management.commands import ingest as command

    def away(*arguments, **fields):
        raise OperationalError("connection refused, with an address")

    monkeypatch.setattr(command, "submit", away)
    with pytest.raises(CommandError, match="is the desk running") as refused:
        ingest(file)
    assert "address" not in str(refused.value)


def test_a_folder_an_address_and_lists_are_taken_in_row_by_row(tmp_path, alice):
    (tmp_path / "a.md").write_text("# The bridge\n\nIt cost 12 million euros.")
    (tmp_path / "b.png").write_bytes(b"\x89PNG")  # not asked to be read
    rows = [
        {"text": "It rained.", "title": "Rain", "published": "2024-05-15"},
        {"text": 1},
        ["x"],
        {"title": "Nothing"},
    ]
    (tmp_path / "c.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n{\n")
    (tmp_path / "d.csv").write_text("url,title\nhttps://example.org/one,One\nnonsense,Two\n")
    with pytest.raises(CommandError) as refused:
        ingest(tmp_path, "https://example.org/two", "--by", alice.email)
    lines = str(refused.value).replace(f"{tmp_path}/", "").splitlines()
    assert lines == [
        "Not taken in:",
        "c.jsonl, line 2: The field text must be a text.",
        "c.jsonl, line 3: The line is no JSON object.",
        "c.jsonl, line 4: It has no text, no HTML and no url.",
        "c.jsonl, line 5: The line is no JSON.",
        "d.csv, line 3: The address must be a web address that begins with http:// or https://.",
    ]
    assert Article.objects.filter(submitted_by=alice).count() == 4
    assert set(Job.objects.values_list("kind", "queue")) == {("split", "bulk"), ("fetch", "bulk")}
    assert Article.objects.get(versions__title="Rain").current.published_at == datetime(2024, 5, 15, tzinfo=UTC)


def test_it_goes_on_where_it_stopped(file, alice):
    assert "was taken in" in ingest(file, "--by", alice.email)
    assert "the same was sent in before" in ingest(file, "--by", alice.email)
    assert Article.objects.count() == 1


def test_a_confidential_file_names_its_readers(file, alice, bob):
    ingest(file, "--by", alice.email, "--confidential", "--reader", bob.email)
    article = Article.objects.get()
    assert (article.confidential, set(article.readers.all())) == (True, {alice, bob})


def test_a_list_that_is_none_is_said_to_be_none(tmp_path):
    (tmp_path / "a.csv").write_text("name\nx\n")
    with pytest.raises(CommandError, match="one of them url"):
        ingest(tmp_path / "a.csv")


def test_a_list_loses_no_words_to_a_field_that_stands_twice_or_to_what_looks_like_the_end_of_a_line(tmp_path):
    text = "It rained.\u2028It snowed.\x85It hailed."
    rows = [json.dumps({"text": text}, ensure_ascii=False), '{"text": "First.", "text": "Second."}']
    (tmp_path / "a.jsonl").write_text("\r\n".join(rows), newline="")
    with pytest.raises(CommandError, match=r"a\.jsonl, line 2: A field stands twice in the line\."):
        ingest(tmp_path / "a.jsonl")
    assert Article.objects.get().current.text == text
