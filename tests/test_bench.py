"""The bench measures the real verb, and says what it cannot read. Its figures are for a machine that is quiet."""

import gzip
import io
import random
from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import call_command

from bench import bounds, claims, desk_rows, fill, ingest, memory, suggest
from factcheck.models import Anchor, Article, ArticleVersion, AuditEntry, Claim, ClaimReview, Publication
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


@pytest.mark.unit
def test_memory_is_told_of_the_models_and_of_the_longest_text(tmp_path):
    (tmp_path / "docs.jsonl").write_text('{"text": "The river rose by 3 metres.", "annotations": []}\n' * 2)
    report = memory.measure(tmp_path, long=8)
    assert report.n == 2
    assert 50 < report.metrics["mb_models"] <= report.metrics["mb_after_articles"] + 50
    assert report.metrics["mb_highest"] + 1 >= report.metrics["mb_models"]


@pytest.mark.unit
def test_every_kind_of_text_is_told_of_and_the_worst_growth_is_the_whole_one(monkeypatch):
    monkeypatch.setattr(bounds, "KINDS", {kind: bounds.KINDS[kind] for kind in ("sentences", "capitals")})
    report = bounds.measure(200)
    kinds = [report.metrics[kind] for kind in ("sentences", "capitals")]
    assert report.metrics["growth"] == max(kind["growth"] for kind in kinds)
    assert all(kind["seconds"] > 0 < kind["bare"] for kind in kinds)


@pytest.mark.unit
def test_a_made_library_is_the_same_for_the_same_seed_and_its_rare_words_are_invented():
    vectors = np.eye(2, 384, dtype=np.float32)

    def made(seed):
        passages = fill._passages(["One.", "Two."], vectors, ["The river rose."], np.random.default_rng(seed))
        return list(islice(passages, 6))

    first, again, other = made(7), made(7), made(8)
    assert [text for text, _ in first[:2]] == ["One.", "Two."]
    assert [text for text, _ in first] == [text for text, _ in again] != [text for text, _ in other]
    for _, vector in first:
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert max(float(first[4][1] @ row) for row in vectors) > 0.7  # turned aside, and not out of sight
    assert len({fill._syllables(number) for number in range(1, 30_000)}) == 29_999


@pytest.mark.unit
def test_the_bare_query_by_words_takes_them_as_words():
    assert suggest._query(["it's", "back\\slash"]) == "'it''s' | 'back\\\\slash'"


@pytest.mark.unit
def test_a_made_desk_has_claims_of_every_status_at_their_places():
    people = desk_rows.People(SimpleNamespace(pk=1), SimpleNamespace(pk=2))

    def made():
        slices = list(desk_rows._slices(3_000, people, random.Random(7)))  # noqa: S311 - nothing secret
        return {model: [row for part in slices for row in part[model]] for model in desk_rows.TYPES}

    rows, again = made(), made()
    claims = rows[Claim]
    assert [row[0] for row in claims] == list(range(1, 3_001))
    assert [row[11] for row in claims] == [row[11] for row in again[Claim]]
    assert {row[3] for row in claims} == set(desk_rows.SHARES)
    assert sum(row[1] == 1 for row in claims) == desk_rows.FIRST
    texts = {row[0]: row[9] for row in rows[ArticleVersion]}
    assert all(texts[row[1]][row[4] : row[5]] == row[6] for row in rows[Anchor])
    assert sum(row[3] == "published" for row in rows[ClaimReview]) == len(rows[Publication]) > 200
    assert all(len(row) == len(desk_rows.TYPES[model]) for model, found in rows.items() for row in found)
    for model, columns in desk_rows.TYPES.items():
        fields = [field for field in model._meta.concrete_fields if not (field.null or field.generated)]
        needed = {field.column for field in fields if not field.has_db_default()}
        assert needed - {"id"} <= set(columns), model
    assert [row[5] for row in rows[Publication]] == [row[5] for row in rows[AuditEntry]], "as the trail has them"
