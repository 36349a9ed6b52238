"""Passages that share a claim's rare words, in PostgreSQL.

OR over all words of a claim reads half the library; AND finds nothing. So the claim's rarest lexemes ask, by the
document frequencies that the index job counts (Lexeme), and only as many as READ passages are read for. What they find
is cut to PER_CLAIM by the sum of their idf; `pairs` then scores these by BM25 over all words of the claim.

The idf is Lucene's variant, ln(1 + (N - n + .5) / (n + .5)), which never falls below zero.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection

RAREST = 12  # lexemes of a claim that ask
READ = 5_000  # passages that they may name together; the two rarest always ask
PER_CLAIM = 40  # candidates

LIBRARY = ""
"""The word under which the number of indexed passages is kept among the document frequencies."""

WORDS = """
WITH library AS (
    SELECT greatest(1, coalesce(
        (SELECT passages FROM factcheck_lexeme WHERE word = %(library)s),
        (SELECT count(*) FROM factcheck_passage WHERE embedding IS NOT NULL)
    )) AS size
)
SELECT claim.id, lexeme, min(word.token), known.passages, library.size
FROM unnest(%(claims)s::bigint[], %(texts)s::text[]) claim (id, text)
CROSS JOIN library
CROSS JOIN LATERAL ts_debug('english', claim.text) word
CROSS JOIN LATERAL unnest(word.lexemes) lexeme
LEFT JOIN factcheck_lexeme known ON known.word = lexeme AND known.passages > 0
GROUP BY claim.id, lexeme, known.passages, library.size
"""

SEARCH = """
WITH word AS MATERIALIZED (
    SELECT * FROM unnest(%(claims)s::bigint[], %(lexemes)s::text[], %(idfs)s::float8[]) word (claim, lexeme, idf)
)
SELECT asking.claim, hit.passage
FROM (SELECT DISTINCT claim FROM word) asking
CROSS JOIN LATERAL (
    SELECT passage.id AS passage
    FROM word
    JOIN factcheck_passage passage
      ON passage.tsv @@ ('''' || replace(replace(word.lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery
    WHERE word.claim = asking.claim
    GROUP BY passage.id ORDER BY sum(word.idf) DESC, passage.id LIMIT %(per_claim)s
) hit
"""

COUNT = """
INSERT INTO factcheck_lexeme (word, passages)
SELECT word.lexeme, count(*) FROM factcheck_passage passage, unnest(passage.tsv) word
WHERE passage.id = ANY(%(passages)s) GROUP BY word.lexeme
UNION ALL
SELECT %(library)s, CASE WHEN EXISTS (SELECT FROM factcheck_lexeme WHERE word = %(library)s)
    THEN cardinality(%(passages)s) ELSE (SELECT count(*) FROM factcheck_passage WHERE embedding IS NOT NULL) END
ORDER BY 1
ON CONFLICT (word) DO UPDATE SET passages = factcheck_lexeme.passages + excluded.passages
"""


class Word(NamedTuple):
    """surface: as it stands in the claim. passages: how many have it, None when none has."""

    surface: str
    idf: float
    passages: int | None


Words = Mapping[int, Mapping[str, Word]]
"""By claim, by lexeme."""


def words(texts: Mapping[int, str]) -> dict[int, dict[str, Word]]:
    """The lexemes of each claim's text, in one statement. A word that no passage knows weighs most, so that a claim
    about something else is not covered well by its common words."""
    found: dict[int, dict[str, Word]] = {claim: {} for claim in texts}
    with connection.cursor() as cursor:
        cursor.execute(WORDS, {"claims": list(texts), "texts": list(texts.values()), "library": LIBRARY})
        for claim, lexeme, surface, passages, size in cursor.fetchall():
            known = min(passages or 0, size)
            idf = math.log(1 + (size - known + 0.5) / (known + 0.5))
            found[claim][lexeme] = Word(surface, idf, passages)
    return found


def rarest(of: Mapping[str, Word]) -> list[str]:
    """The lexemes that ask for a claim, the rarest first."""
    known = sorted((word.passages, lexeme) for lexeme, word in of.items() if word.passages is not None)
    asking: list[str] = []
    read = 0
    for passages, lexeme in known[:RAREST]:
        read += passages
        if len(asking) >= 2 and read > READ:
            break
        asking.append(lexeme)
    return asking


def search(of: Words) -> set[tuple[int, int]]:
    """(claim, passage) in one statement, at most PER_CLAIM passages a claim."""
    asked = [(claim, lexeme, own[lexeme].idf) for claim, own in of.items() for lexeme in rarest(own)]
    claims, lexemes, idfs = zip(*asked, strict=True) if asked else ((), (), ())
    with connection.cursor() as cursor:
        cursor.execute(
            SEARCH,
            {"claims": list(claims), "lexemes": list(lexemes), "idfs": list(idfs), "per_claim": PER_CLAIM},
        )
        return {(claim, passage) for claim, passage in cursor.fetchall()}


def count(passages: Sequence[int]) -> None:
    """Count the lexemes of passages that were embedded just now among the document frequencies.

    In the order of the words: two jobs that count the same words would deadlock otherwise. A library that was indexed
    before its size was kept has it counted here, once.
    """
    if passages:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"passages": list(passages), "library": LIBRARY})
