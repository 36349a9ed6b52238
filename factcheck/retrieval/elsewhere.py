"""Claims of other articles near a claim in meaning (pgvector, HNSW). The number of SQL statements does not grow with
the claims.

What is confidential is searched apart, one article at a time: it takes no place from what everybody may see, so nobody
can tell by a place that is missing that it is there.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

PER_CLAIM = 10  # candidates; so many again of each confidential article
EF_SEARCH = 100  # to begin with: the scan goes on until enough are found

# SQL over a claim by the name {0}: it can be compared, and it is of use to anybody that it is.
COMPARABLE = """
    {0}.status NOT IN ('dismissed', 'superseded') AND {0}.not_checkable = '' AND {0}.embedding IS NOT NULL
"""

OF_TEXT = f"""
SELECT claim.id, claim.statement
FROM factcheck_claim claim
WHERE {COMPARABLE.format("claim")} AND EXISTS (
    SELECT FROM factcheck_anchor anchor WHERE anchor.claim_id = claim.id AND anchor.article_version_id = %(text)s)
"""  # noqa: S608 - only the alias is put in

NEAREST = f"""
SELECT claim.id, near.id, near.cosine, NULL::bigint
FROM factcheck_claim claim
CROSS JOIN LATERAL (
    SELECT other.id, 1 - (other.embedding <=> claim.embedding) AS cosine
    FROM factcheck_claim other
    WHERE {COMPARABLE.format("other")} AND other.article_id <> ALL(%(leave_out)s)
      AND other.article_id NOT IN (SELECT id FROM factcheck_article WHERE confidential)
    ORDER BY other.embedding <=> claim.embedding
    LIMIT %(per_claim)s
) near
WHERE claim.id = ANY(%(claims)s) AND claim.embedding IS NOT NULL
"""  # noqa: S608

NEAREST_CONFIDENTIAL = f"""
SELECT near.claim, near.other, near.cosine, near.article_id
FROM (
    SELECT claim.id AS claim, other.id AS other, other.article_id,
           1 - (other.embedding <=> claim.embedding) AS cosine,
           row_number() OVER (
               PARTITION BY claim.id, other.article_id ORDER BY other.embedding <=> claim.embedding) AS place
    FROM factcheck_article article
    JOIN factcheck_claim other ON other.article_id = article.id
    CROSS JOIN factcheck_claim claim
    WHERE article.confidential AND article.id <> ALL(%(leave_out)s) AND {COMPARABLE.format("other")}
      AND claim.id = ANY(%(claims)s) AND claim.embedding IS NOT NULL
) near
WHERE near.place <= %(per_claim)s
"""  # noqa: S608

PROPOSED = """
SELECT pair.one_id, pair.other_id, 1 - (one.embedding <=> other.embedding)
FROM factcheck_claimpair pair
JOIN factcheck_claim one ON one.id = pair.one_id
JOIN factcheck_claim other ON other.id = pair.other_id
WHERE pair.status = 'proposed' AND one.embedding IS NOT NULL AND other.embedding IS NOT NULL
  AND (pair.one_id = ANY(%(claims)s) OR pair.other_id = ANY(%(claims)s))
"""


@dataclass(frozen=True, slots=True)
class Near:
    claim: int
    other: int
    cosine: float
    confidential: int | None
    """The other's article, when it is confidential."""


def of_text(text: int) -> dict[int, str]:
    """{claim: statement} of those that stand in this version of an article and can be compared."""
    with connection.cursor() as cursor:
        cursor.execute(OF_TEXT, {"text": text})
        return dict(cursor.fetchall())


def nearest(claims: Collection[int], leave_out: Iterable[int]) -> list[Near]:
    """For each claim the nearest of other articles, at most PER_CLAIM. leave_out: articles that are not elsewhere."""
    asked: dict[str, Any] = {"claims": list(claims), "leave_out": list(leave_out), "per_claim": PER_CLAIM}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'strict_order', true)",
            [str(EF_SEARCH)],
        )
        cursor.execute(NEAREST, asked)
        found = cursor.fetchall()
        cursor.execute(NEAREST_CONFIDENTIAL, asked)
        return [Near(*row) for row in (*found, *cursor.fetchall())]


def proposed(claims: Sequence[int]) -> dict[tuple[int, int], float]:
    """{(one, other): cosine} of the pairs of these claims that nobody has decided about."""
    with connection.cursor() as cursor:
        cursor.execute(PROPOSED, {"claims": list(claims)})
        return {(one, other): cosine for one, other, cosine in cursor.fetchall()}
