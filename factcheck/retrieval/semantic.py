"""Passages near a claim in meaning: nearest vectors in PostgreSQL (pgvector, HNSW)."""

from collections.abc import Sequence

from django.db import connection

PER_CLAIM = 30  # candidates
EF_SEARCH = 200  # recall@10 and what it costs, by the size of the library: docs/performance.md

NEAREST = """
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
  AND (SELECT set_config('hnsw.ef_search', %(ef_search)s, true)) IS NOT NULL
"""
# The last condition knows of no row: it is met once, before any is read, and saves three round trips. The setting ends
# with the statement, or with the transaction that it stands in.


def search(claims: Sequence[int]) -> set[tuple[int, int]]:
    """(claim, passage) in one statement, at most PER_CLAIM passages a claim."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"claims": list(claims), "per_claim": PER_CLAIM, "ef_search": str(EF_SEARCH)})
        return {(claim, passage) for claim, passage in cursor.fetchall()}
