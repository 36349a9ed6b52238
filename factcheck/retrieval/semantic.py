"""Passages near a claim in meaning: nearest vectors in PostgreSQL (pgvector, HNSW)."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

PER_CLAIM = 30  # candidates
EF_SEARCH = 100  # measured on 300,000 vectors: recall .98 at 100, .89 at the default of 40

NEAREST = """
SELECT claim.id, near.id, near.cosine
FROM factcheck_claim claim
CROSS JOIN LATERAL (
    SELECT passage.id, 1 - (passage.embedding <=> claim.embedding) AS cosine
    FROM factcheck_passage passage
    WHERE passage.embedding IS NOT NULL
    ORDER BY passage.embedding <=> claim.embedding
    LIMIT %(per_claim)s
) near
WHERE claim.id = ANY(%(claims)s) AND claim.embedding IS NOT NULL
"""

COSINES = """
SELECT pair.claim, pair.passage, 1 - (passage.embedding <=> claim.embedding)
FROM unnest(%(claims)s::bigint[], %(passages)s::bigint[]) pair (claim, passage)
JOIN factcheck_claim claim ON claim.id = pair.claim
JOIN factcheck_passage passage ON passage.id = pair.passage
WHERE passage.embedding IS NOT NULL AND claim.embedding IS NOT NULL
"""


def search(claims: Sequence[int]) -> dict[tuple[int, int], float]:
    """{(claim, passage): cosine} in one statement, at most PER_CLAIM passages a claim."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hnsw.ef_search', %s, true)", [str(EF_SEARCH)])
        cursor.execute(NEAREST, {"claims": list(claims), "per_claim": PER_CLAIM})
        return {(claim, passage): cosine for claim, passage, cosine in cursor.fetchall()}


def cosines(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """The cosine of each (claim, passage), in one statement; pairs without vectors are left out."""
    claims, passages = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(COSINES, {"claims": list(claims), "passages": list(passages)})
        return {(claim, passage): cosine for claim, passage, cosine in cursor.fetchall()}
