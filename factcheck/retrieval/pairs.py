"""What the database knows of a claim and a passage that may bear on it: BM25, cover, cosine, and whose passage it is.

BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with their customary
k1 = 1.2 and b = 0.75, over all words of the claim. The mean length is that of the claim's own candidates: a score does
not depend on which other claims are looked for in the same batch.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from factcheck.retrieval.lexical import Word, Words

K1, B = 1.2, 0.75
TITLED = 2
"""Positions of an earlier fact-check that are looked at together: the claim that it reviewed, and its title."""

MEASURE = """
WITH asked AS MATERIALIZED (
    SELECT word.claim, array_agg(word.lexeme) AS lexemes
    FROM unnest(%(word_claims)s::bigint[], %(lexemes)s::text[]) word (claim, lexeme) GROUP BY word.claim
), pair AS (
    SELECT found.claim, found.passage AS id
    FROM unnest(%(claims)s::bigint[], %(passages)s::bigint[]) found (claim, passage)
    UNION
    SELECT found.claim, beside.id
    FROM unnest(%(claims)s::bigint[], %(passages)s::bigint[]) found (claim, passage)
    JOIN factcheck_passage passage ON passage.id = found.passage
    JOIN factcheck_source source ON source.id = passage.source_id AND source.kind = 'fact_check'
    JOIN factcheck_passage beside ON beside.source_id = source.id AND beside.position <= %(titled)s
)
SELECT pair.claim, passage.id, passage.source_id, source.kind, source.url, source.published,
       kept_with.id, 1 - (passage.embedding <=> claim.embedding), length(passage.tsv), met.lexemes, met.times
FROM pair
JOIN factcheck_claim claim ON claim.id = pair.claim
JOIN factcheck_passage passage ON passage.id = pair.id
JOIN factcheck_source source ON source.id = passage.source_id
LEFT JOIN asked ON asked.claim = pair.claim
LEFT JOIN factcheck_article kept_with ON kept_with.id = source.confidential_with_id AND kept_with.confidential
CROSS JOIN LATERAL (
    SELECT array_agg(own.lexeme) AS lexemes, array_agg(coalesce(cardinality(own.positions), 1)) AS times
    FROM unnest(ts_delete(passage.tsv, tsvector_to_array(ts_delete(passage.tsv, asked.lexemes)))) own
) met
WHERE source.seen NOT IN ('found', 'unread')
  AND (kept_with.id IS NULL OR kept_with.id = claim.article_id) AND NOT EXISTS (
    SELECT FROM factcheck_factcheck ours
    JOIN factcheck_publication publication ON publication.id = ours.publication_id
    JOIN factcheck_claimreview review ON review.id = publication.review_id
    WHERE ours.source_id = source.id AND (publication.retraction_reason <> '' OR review.claim_id = pair.claim))
ORDER BY pair.claim, passage.id
"""
# Taking away all but the claim's words leaves these, and costs a fifth of unnesting all and choosing among them.
# Left out: search results that nobody has read; what a confidential article rests on, except for its own claims; a
# fact-check of ours for the claim that it checks, and for any once it is retracted.


@dataclass(slots=True)
class Pair:
    """bm25: unbounded. whole: of an earlier fact-check, the BM25 of its claim and title as one text, for the one often
    has the words that the other lacks; of any other document, bm25. cover: the share, 0 to 1, of the claim's words,
    weighed by idf, that stand in the passage; words that no passage knows weigh most. lexemes: those that stand there,
    rarest first. cosine: 0 when claim or passage has no vector yet."""

    claim: int
    passage: int
    source: int
    kind: str
    url: str
    published: str
    cosine: float
    bm25: float
    whole: float
    cover: float
    lexemes: list[str]


def measure(found: Collection[tuple[int, int]], of: Words) -> dict[int, list[Pair]]:
    """Each claim's pairs, in one statement; for a passage of an earlier fact-check also its claim and its title."""
    ordered = sorted(found)
    words = [(claim, lexeme) for claim, own in of.items() for lexeme, word in own.items() if word.passages]
    with connection.cursor() as cursor:
        cursor.execute(
            MEASURE,
            {
                "word_claims": [claim for claim, _ in words],
                "lexemes": [lexeme for _, lexeme in words],
                "claims": [claim for claim, _ in ordered],
                "passages": [passage for _, passage in ordered],
                "titled": TITLED,
            },
        )
        rows = cursor.fetchall()
    by_claim = defaultdict(list)
    for row in rows:
        by_claim[row[0]].append(row)
    return {claim: _scored(rows, of[claim]) for claim, rows in by_claim.items()}


def _scored(rows: list[tuple], own: Mapping[str, Word]) -> list[Pair]:
    total = sum(word.idf for word in own.values()) or 1.0
    times = [dict(zip(row[9] or (), row[10] or (), strict=True)) for row in rows]
    alone = bm25_of(times, [row[8] for row in rows], own)
    wholes, sizes = defaultdict[int, Counter[str]](Counter), Counter[int]()
    for row, of_row in zip(rows, times, strict=True):
        if row[3] == "fact_check":
            wholes[row[2]].update(of_row)
            sizes[row[2]] += row[8]
    whole = dict(zip(wholes, bm25_of(list(wholes.values()), [sizes[source] for source in wholes], own), strict=True))
    pairs = []
    for row, bm25 in zip(rows, alone, strict=True):
        claim, passage, source, kind, url, published, _, cosine, _, lexemes, _ = row
        cover = sum(own[lexeme].idf for lexeme in lexemes or ()) / total
        rarest_first = sorted(lexemes or (), key=lambda lexeme: (-own[lexeme].idf, lexeme))
        together = whole.get(source, bm25)
        pairs.append(
            Pair(claim, passage, source, kind, url, published, cosine or 0.0, bm25, together, cover, rarest_first)
        )
    return pairs


def bm25_of(times: Sequence[Mapping[str, int]], sizes: Sequence[int], own: Mapping[str, Word]) -> list[float]:
    """Of each text, given how often it has the claim's words, and how many different ones it has at all."""
    mean = sum(sizes) / max(1, len(sizes)) or 1.0
    return [
        sum(own[lexeme].idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * size / mean)) for lexeme, tf in of_text.items())
        for of_text, size in zip(times, sizes, strict=True)
    ]
