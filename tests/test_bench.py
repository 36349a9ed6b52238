"""The bench measures the real verb, and says what it cannot read. Its figures are for a machine that is quiet."""

import gzip
import io
from itertools import islice

import pytest
from django.core.management import call_command

from bench import claims, ingest
from factcheck.models import Article
from tests.workflow.test_ingest import PAGE


@pytest.mark.database
@pytest.mark.django_db
def test_each_page_is_taken_in_by_the_real_verb_and_again_by_another_person(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE))
    (tmp_path / "b.html").write_bytes(b"<html><body><nav>Home</nav></body></html>")
    pages = ingest.read(tmp_path)
    seconds, refused = ingest.side_by_side(islice(ingest.again_and_again(pages), 5))
    assert [article.current.title for article in Article.objects.all()] == ["The bridge"] * 3
    assert len({article.submitted_by_id for article in Article.objects.all()}) == 3
    assert (len(seconds.ours), len(seconds.baseline), refused) == (2, 2, 2)  # the first is not counted


@pytest.mark.unit
def test_a_folder_without_pages_ends_with_two_and_a_plain_sentence(tmp_path):
    told = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("bench", "ingest", "--pages", str(tmp_path), stderr=told)
    assert (ended.value.code, told.getvalue().strip()) == (2, f"There is no *.html or *.html.gz in {tmp_path}.")


@pytest.mark.unit
def test_a_bench_without_its_folder_says_which_one_it_needs():
    told = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("bench", "claims", stderr=told)
    assert (ended.value.code, told.getvalue().strip()) == (2, "bench claims needs --data.")


@pytest.mark.unit
def test_texts_are_split_beside_the_bare_models_and_the_first_is_not_counted(tmp_path):
    (tmp_path / "docs.jsonl").write_text('{"text": "The river rose by 3 metres.", "annotations": []}\n' * 3)
    report = claims.measure(tmp_path)
    assert (report.n, report.metrics["ratio"] > 0) == (2, True)
    assert "of 6 words on average and 1 claims" in report.notes[0]
