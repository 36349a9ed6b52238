"""What people wrote, on its way into a search."""

import pytest

from factcheck.retrieval import lexical
from factcheck.retrieval.lexical import Word


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack", ["'; DROP TABLE factcheck_lexeme; --", "\"}', NULL); --", "\\', %(claims)s %s", "${}"]
)
def test_a_statement_is_words_and_no_sql(attack):
    found = lexical.words({7: f"The bridges{attack}", 8: "A ferry"})
    assert found[7]["bridg"].surface == "bridges"
    assert {lexeme: word.surface for lexeme, word in found[8].items()} == {"ferri": "ferry"}
    assert lexical.search({7: {f"bridg{attack}": Word("bridges", 1.0, 1)}}) == set()


@pytest.mark.unit
def test_the_rarest_words_ask_until_enough_would_be_read():
    own = {
        "common": Word("common", 0.1, 90_000),
        "rare": Word("rare", 9.0, 2),
        "known": Word("known", 5.0, 4_900),
        "late": Word("late", 4.9, 5_000),
        "unknown": Word("unknown", 12.0, None),
    }
    assert lexical.rarest(own) == ["rare", "known"]


@pytest.mark.unit
def test_two_words_ask_however_common_they_are():
    own = {word: Word(word, 0.1, 80_000) for word in ("said", "people", "year")}
    assert len(lexical.rarest(own)) == 2


@pytest.mark.unit
def test_no_more_words_ask_than_a_few():
    own = {f"word{number}": Word("word", 5.0, 3) for number in range(50)}
    assert len(lexical.rarest(own)) == lexical.RAREST
