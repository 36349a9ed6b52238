"""The larger the library, the more widely it is searched for what is near."""

import pytest
from django.db import connection

from factcheck.models import Lexeme
from factcheck.retrieval import lexical, semantic


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize(("passages", "kept"), [(None, "100"), (2_000, "100"), (250_000, "500"), (9_000_000, "1000")])
def test_how_many_passages_are_kept_in_sight_follows_from_how_many_there_are(passages, kept):
    if passages:
        Lexeme.objects.create(word=lexical.LIBRARY, passages=passages)
    assert semantic.search([1]) == set()
    with connection.cursor() as cursor:  # in the test's transaction the setting stays
        cursor.execute("SELECT current_setting('hnsw.ef_search')")
        assert cursor.fetchone() == (kept,)
