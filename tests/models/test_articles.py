"""Texts that never change, and anchors whose words stand at their place."""

import hashlib

import pytest
from django.db import IntegrityError, transaction

from factcheck.models import Anchor, Article, ArticleVersion, Claim
from tests import factories
from tests.models.asking import ask, insertion, refused_by, rule_of, settle, update
from tests.models.machines import MACHINES

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FAMILY = "👨‍👩‍👧‍👦"  # seven code points, one picture
TEXT = f"🌍 {FAMILY} saw the bridge.\r\nIt cost e\u0301normement — «12 Mio.» 🇩🇪 طفل \U0010ffff end 🎉"


# --- texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE factcheck_articleversion SET text = text",
        "UPDATE factcheck_articleversion SET title = 'Another'",
        "UPDATE factcheck_articleversion SET received_at = now()",
        "UPDATE factcheck_articleversion SET number = 2 WHERE false",
        "DELETE FROM factcheck_articleversion",
    ],
)
def test_a_text_of_an_article_is_never_changed(sql):
    factories.article()
    with refused_by("article_texts_stay"):
        ask(sql)


def test_a_text_of_an_article_is_not_changed_through_the_orm():
    text = factories.article().current
    with refused_by("article_texts_stay"):
        text.save()
    with refused_by("article_texts_stay"):
        ArticleVersion.objects.update(byline="Somebody")
    with refused_by("article_texts_stay"):
        text.delete()


def test_a_changed_page_is_a_new_version():
    article = factories.article()
    factories.version(article, "It cost 13 million euros.")
    assert [text.number for text in article.versions.order_by("number")] == [1, 2]
    assert article.current.number == 2


def a_text(**fields):
    values = {"number": 1, "text": TEXT, "raw": TEXT.encode("utf-16"), "language": "en", **fields}
    values.setdefault("sha256", hashlib.sha256(values["text"].encode()).hexdigest())
    values.setdefault("raw_sha256", hashlib.sha256(values["raw"]).hexdigest())
    return ArticleVersion(article=Article.objects.create(), **values)


def test_a_text_is_kept_with_the_bytes_as_received():
    text = a_text()
    ask(*insertion(text))
    kept = ArticleVersion.objects.get()
    assert (kept.text, bytes(kept.raw)) == (TEXT, TEXT.encode("utf-16"))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"sha256": "0" * 64}, "article_text_has_its_hash"),
        ({"raw_sha256": "0" * 64}, "article_text_has_its_hash"),
        ({"sha256": hashlib.sha256(TEXT.encode()).hexdigest().upper()}, "article_text_has_its_hash"),
        ({"text": ""}, "article_text_is_not_empty"),
        ({"number": 0}, "article_numbers_from_one"),
    ],
)
def test_a_text_is_refused(fields, rule):
    with refused_by(rule):
        ask(*insertion(a_text(**fields)))


def test_two_texts_of_an_article_have_two_numbers():
    first = factories.article().current
    again = a_text()
    again.article = first.article
    with refused_by("one_text_per_article_and_number"):
        ask(*insertion(again))


def test_outside_search_is_allowed_or_never():
    article = Article.objects.create()
    ask(*update(article, outside_search="never"))
    with refused_by("outside_search_is_known"):
        ask(*update(article, outside_search="sometimes"))


# --- claims -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worth", [-0.01, 1.01, float("nan"), float("inf"), float("-inf")])
def test_checkworthiness_lies_between_0_and_1(worth):
    with refused_by("checkworthiness_from_0_to_1"):
        ask("UPDATE factcheck_claim SET checkworthiness = %s WHERE id = %s", worth, factories.claim().pk)


@pytest.mark.parametrize("worth", [0, 0.5, 1, None])
def test_checkworthiness_from_0_to_1_or_none_is_taken(worth):
    assert factories.claim(checkworthiness=worth).pk


@pytest.mark.parametrize("due", ["0999-12-31", "0044-03-15 BC", "9999-01-01", "infinity", "-infinity"])
def test_a_claim_is_due_in_a_year_of_four_digits(due):
    with refused_by("due_in_a_year_of_four_digits"):
        ask("UPDATE factcheck_claim SET due_at = %s WHERE id = %s", due, factories.claim().pk)


def test_a_claim_is_found_by_a_machine_or_added_by_a_person(alice):
    factories.claim(model_version="", added_by=alice)
    with refused_by("claim_is_found_by_a_machine_or_added_by_a_person"):
        factories.claim(model_version="")


def test_a_claim_states_something():
    with refused_by("claim_statement_is_not_empty"):
        factories.claim(statement="")


# --- anchors ----------------------------------------------------------------------------------------------------------


def anchored(start, end, exact, text=TEXT):
    claim = factories.claim(factories.article(text))
    return Anchor(claim=claim, article_version=claim.article.current, start=start, end=end, exact=exact)


SPANS = [(0, 1), (0, 9), (2, 9), (len(TEXT) - 1, len(TEXT)), (0, len(TEXT)), (TEXT.index("e\u0301"), TEXT.index("—"))]
SPANS += [(TEXT.index("«"), TEXT.index("🇩🇪") + 2), (TEXT.index("\U0010ffff"), TEXT.index("\U0010ffff") + 1)]


@pytest.mark.parametrize(("start", "end"), SPANS)
def test_an_anchor_counts_code_points(start, end):
    ask(*insertion(anchored(start, end, TEXT[start:end])))
    kept = Anchor.objects.get()
    assert TEXT[kept.start : kept.end] == kept.exact


@pytest.mark.parametrize("by", [-1, 1, 2])
@pytest.mark.parametrize(("start", "end"), [(2, 9), (len(TEXT) - 8, len(TEXT) - 3)])
def test_an_anchor_beside_its_words_is_refused(start, end, by):
    with refused_by("anchor_words_stand_there"):
        ask(*insertion(anchored(start + by, end + by, TEXT[start:end])))


def test_an_anchor_that_counts_in_utf16_is_refused():
    before, words = TEXT[: TEXT.index("saw")], "saw the bridge"
    start = len(before.encode("utf-16-le")) // 2
    with refused_by("anchor_words_stand_there"):
        ask(*insertion(anchored(start, start + len(words), words)))


def test_every_span_of_a_text_is_an_anchor_for_its_own_words_only():
    text = "a🌍a\u0301b🌍"
    claim = factories.claim(factories.article(text))
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            for exact in {text[i:j] for i in range(len(text)) for j in range(i + 1, len(text) + 1)}:
                row = Anchor(claim=claim, article_version=claim.article.current, start=start, end=end, exact=exact)
                try:
                    with transaction.atomic():
                        row.save()
                        transaction.set_rollback(True)
                    taken = True
                except IntegrityError:
                    taken = False
                assert taken is (text[start:end] == exact), (start, end, exact)


def test_an_anchor_joins_a_claim_to_a_text_of_its_own_article():
    row = MACHINES["anchor"].fresh()
    row.article_version = factories.article().current  # the same words stand there
    with refused_by("anchor_words_stand_there"):
        row.save()


def test_an_anchor_may_stand_in_any_version_of_its_article():
    anchor = MACHINES["anchor"].start()
    later = factories.version(anchor.claim.article)
    again = Anchor(claim=anchor.claim, article_version=later, start=0, end=9, exact=anchor.exact)
    again.save()
    with refused_by("one_anchor_per_claim_and_text"):
        again.pk = None
        again.save(force_insert=True)


def test_two_claims_may_share_one_span():
    anchor = MACHINES["anchor"].start()
    other = factories.claim(anchor.claim.article)
    assert factories.anchor(other, anchor.start, anchor.end).exact == anchor.exact


@pytest.mark.parametrize(
    "fields",
    [{"start": None}, {"end": None}, {"status": "orphaned"}, {"status": "orphaned", "start": None}],
    ids=repr,
)
def test_an_anchor_has_a_place_unless_it_is_orphaned(fields):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        ask(*update(MACHINES["anchor"].start(), **fields))
    assert rule_of(caught.value) in {"anchor_has_a_place_unless_orphaned", "anchor_words_stand_there"}


def test_an_orphan_is_placed_again_where_its_words_stand_and_nowhere_else():
    orphan = MACHINES["anchor"].walked_to("orphaned")
    with refused_by("anchor_words_stand_there"):
        ask(*update(orphan, status="exact", start=3, end=12))
    ask(*update(orphan, status="exact", start=0, end=9))


def test_an_anchor_without_words_is_refused():
    with refused_by("anchor_words_are_not_empty"):
        ask(*insertion(anchored(3, 3, "")))


def test_an_anchor_does_not_wait_for_a_claim_of_another_article():
    here, elsewhere = factories.article(), factories.article()
    with refused_by("anchor_words_stand_there"):
        Anchor.objects.create(claim_id=900_001, article_version=here.current, start=0, end=3, exact="The")
        Claim(pk=900_001, article=elsewhere, kind="event", statement="It is so.", model_version="test").save()


def test_an_anchor_ends_where_its_words_end():
    with refused_by("anchor_words_stand_there"):
        ask(*insertion(anchored(len(TEXT) - 5, len(TEXT) + 100, TEXT[-5:])))


def test_an_anchor_does_not_end_before_it_begins():
    with refused_by("anchor_words_stand_there"):
        ask(*insertion(anchored(5, 3, "x")))


# --- every change is noticed ------------------------------------------------------------------------------------------


VERSIONED = {
    "article": factories.article,
    "claim": factories.claim,
    "anchor": MACHINES["anchor"].start,
    "source": factories.source,
    "suggestion": factories.suggestion,
    "pair": factories.pair,
    "review": lambda: factories.draft(factories.person("Alice")),
}


@pytest.mark.parametrize("name", VERSIONED)
@pytest.mark.parametrize("door", ["raw", "raw backwards", "bulk", "bulk backwards", "save", "bulk_update", "upsert"])
def test_every_update_raises_the_version_by_one(name, door):
    row = VERSIONED[name]()
    before, model, table = row.version, type(row), row._meta.db_table
    match door:
        case "raw":
            ask(f"UPDATE {table} SET updated_at = now()")
        case "raw backwards":
            ask(f"UPDATE {table} SET version = version - 1")
        case "bulk":
            model.objects.update(updated_at=row.updated_at)
        case "bulk backwards":
            model.objects.update(version=0)
        case "save":
            row.save()
        case "bulk_update":
            model.objects.bulk_update([row], ["updated_at"])
        case "upsert":
            row.version = 1
            ask(*insertion(row, "ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version"))
    row.refresh_from_db()
    assert row.version == before + 1
    settle()
