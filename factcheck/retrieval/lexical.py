"""Passages that share a claim's rare words, by BM25, in PostgreSQL.

OR over all words of a claim reads half the library; AND finds nothing. So the claim's rarest lexemes ask, by the
document frequencies that the index job counts (Lexeme), and BM25 orders what they find.

BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with their customary
k1 = 1.2 and b = 0.75; the idf is Lucene's variant, ln(1 + (N - n + .5) / (n + .5)), which never falls below zero.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

RAREST = 12  # lexemes of a claim that ask
PER_CLAIM = 30  # candidates
K1, B = 1.2, 0.75

SQL = """
WITH library AS (
    SELECT greatest(count(*), 1)::float AS size FROM factcheck_passage WHERE embedding IS NOT NULL
), word AS (
    SELECT claim.id AS claim, lexeme.lexeme,
           ln(1 + (library.size - coalesce(known.passages, 0) + .5) / (coalesce(known.passages, 0) + .5)) AS idf,
           known.passages IS NOT NULL AS is_known,
           row_number() OVER (PARTITION BY claim.id ORDER BY known.passages NULLS LAST, lexeme.lexeme) AS rarity
    FROM factcheck_claim claim
    CROSS JOIN library
    CROSS JOIN LATERAL unnest(to_tsvector('english', claim.statement)) lexeme
    LEFT JOIN factcheck_lexeme known ON known.word = lexeme.lexeme
    WHERE claim.id = ANY(%(claims)s)
), hit AS (
    SELECT word.claim, passage.id AS passage, word.lexeme, word.idf, length(passage.tsv)::float AS size,
           (SELECT coalesce(array_length(own.positions, 1), 1)
            FROM unnest(passage.tsv) own WHERE own.lexeme = word.lexeme)::float AS tf
    FROM word
    JOIN factcheck_passage passage
      ON passage.tsv @@ ('''' || replace(replace(word.lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery
    WHERE word.is_known AND word.rarity <= %(rarest)s
), scored AS (
    SELECT hit.claim, hit.passage,
           sum(idf * tf * (%(k1)s + 1) / (tf + %(k1)s * (1 - %(b)s + %(b)s * hit.size / mean.size))) AS bm25,
           sum(idf) AS shared, array_agg(lexeme ORDER BY idf DESC, lexeme) AS lexemes
    FROM hit CROSS JOIN (SELECT avg(hit.size) AS size FROM hit) mean
    GROUP BY hit.claim, hit.passage
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY claim ORDER BY bm25 DESC, passage) AS place FROM scored
)
SELECT ranked.claim, ranked.passage, ranked.bm25, ranked.shared / total.idf AS cover, ranked.lexemes
FROM ranked
JOIN (SELECT claim, sum(idf) AS idf FROM word GROUP BY claim) total USING (claim)
WHERE ranked.place <= %(per_claim)s
"""

SURFACE = """
SELECT claim.id, lexeme, word.token
FROM unnest(%(claims)s::bigint[], %(statements)s::text[]) claim (id, statement)
CROSS JOIN LATERAL ts_debug('english', claim.statement) word
CROSS JOIN LATERAL unnest(word.lexemes) lexeme
"""


class Match(NamedTuple):
    """bm25: unbounded, above 0. cover: see search(). lexemes: those that met, rarest first."""

    bm25: float
    cover: float
    lexemes: list[str]


NONE = Match(0.0, 0.0, [])


def search(claims: Sequence[int]) -> dict[tuple[int, int], Match]:
    """{(claim, passage): Match} in one statement, at most PER_CLAIM passages a claim.

    cover: the share, 0 to 1, of the claim's words, weighed by idf, that stand in the passage; words that no passage
    knows weigh most, so that a claim about something else is not covered well by its common words.
    """
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"claims": list(claims), "rarest": RAREST, "k1": K1, "b": B, "per_claim": PER_CLAIM})
        return {(claim, passage): Match(*match) for claim, passage, *match in cursor.fetchall()}


def surface(statements: dict[int, str]) -> dict[int, dict[str, str]]:
    """{claim: {lexeme: the word of the statement it comes from}}, so that reasons speak in the article's words."""
    with connection.cursor() as cursor:
        cursor.execute(SURFACE, {"claims": list(statements), "statements": list(statements.values())})
        found: dict[int, dict[str, str]] = {}
        for claim, lexeme, word in cursor.fetchall():
            found.setdefault(claim, {}).setdefault(lexeme, word)
        return found
