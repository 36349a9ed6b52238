"""What people wrote, on its way into a search."""

import pytest

from factcheck.retrieval import lexical

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.mark.parametrize(
    "attack", ["'; DROP TABLE factcheck_lexeme; --", "\"}', NULL); --", "\\', %(claims)s %s", "${}"]
)
def test_a_statement_is_words_and_no_sql(attack):
    found = lexical.surface({7: f"The bridges{attack}", 8: "A ferry"})
    assert found[7]["bridg"] == "bridges"
    assert found[8] == {"ferri": "ferry"}
