"""Passages near a claim in meaning: nearest vectors in PostgreSQL (pgvector, HNSW)."""

from collections.abc import Sequence

from django.db import connection

from factcheck.retrieval.lexical import LIBRARY

PER_CLAIM = 30  # candidates
EF_SEARCH = """(
    SELECT greatest(100, least(1000, sqrt(coalesce(max(passages), 0))))::int::text
    FROM factcheck_lexeme WHERE word = %(library)s
)"""
"""How many passages the index keeps in sight on its way: the root of how many there are, 100 to pgvector's 1,000, for
the same recall at every size (docs/performance.md)."""

NEAREST = f"""
SELECT claim.id, near.id
FROM factcheck_claim claim
CROSS JOIN LATERAL (
    SELECT passage.id
    FROM factcheck_passage passage
    WHERE passage.embedding IS NOT NULL
    ORDER BY passage.embedding <=> claim.embedding
    LIMIT %(per_claim)s
) near
WHERE claim.id = ANY(%(claims)s) AND claim.embedding IS NOT NULL
  AND (SELECT set_config('hnsw.ef_search', {EF_SEARCH}, true)) IS NOT NULL
"""  # noqa: S608 - two constants
# The last condition knows of no row: it is met once, before any is read, and saves three round trips. The setting ends
# with the statement, or with the transaction that it stands in.


def search(claims: Sequence[int]) -> set[tuple[int, int]]:
    """(claim, passage) in one statement, at most PER_CLAIM passages a claim."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"claims": list(claims), "per_claim": PER_CLAIM, "library": LIBRARY})
        return {(claim, passage) for claim, passage in cursor.fetchall()}
