"""Fact-checks that fit somebody's words, for who has no claim of the desk to look for.

Nothing is encoded: this runs in the process that answers a request, and the encoder would take 220 MB in each of them.
The rarest words ask, as a claim's do (lexical.py), and what they find is ranked by BM25 over its claim and title. Then
the vectors that are stored already lead from the best of these to other reviews of the same claim, in other words.
"""

from collections import Counter, defaultdict

from django.db import connection, transaction
from django.db.models import QuerySet

from factcheck.retrieval import lexical
from factcheck.retrieval.lexical import Word
from factcheck.retrieval.pairs import TITLED, bm25_of

MOST = 500
"""Fact-checks that are ranked; who pages on finds no more."""
COVER = 0.4
"""The share of the words, weighed by idf, that a fact-check must have."""
LEADING, NEAR, SAME = 3, 10, 0.8
"""So many of the best lead on, each to so many at most, from this cosine on."""

HAVING = f"""
SELECT source_id FROM (
    SELECT DISTINCT passage.source_id, word.lexeme, word.idf
    FROM unnest(%(lexemes)s::text[], %(idfs)s::float8[]) word (lexeme, idf)
    JOIN factcheck_passage passage
      ON passage.tsv @@ ('''' || replace(replace(word.lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery
    WHERE passage.position <= {TITLED} AND passage.source_id IN ({{among}})
) hit
GROUP BY source_id ORDER BY sum(idf) DESC, source_id DESC LIMIT {MOST}
"""  # noqa: S608 - constants, and SQL that Django made

MEASURE = f"""
SELECT passage.source_id, length(passage.tsv), array_agg(own.lexeme), array_agg(cardinality(own.positions))
FROM factcheck_passage passage
LEFT JOIN LATERAL (SELECT * FROM unnest(passage.tsv) word WHERE word.lexeme = ANY(%(lexemes)s)) own ON true
WHERE passage.source_id = ANY(%(sources)s) AND passage.position <= {TITLED}
GROUP BY passage.id
"""  # noqa: S608

BESIDE = f"""
SELECT first.source_id, near.source_id, near.cosine
FROM factcheck_passage first
CROSS JOIN LATERAL (
    SELECT other.source_id, 1 - (other.embedding <=> first.embedding) AS cosine
    FROM factcheck_passage other
    WHERE other.position = 1 AND other.embedding IS NOT NULL AND other.source_id IN ({{among}})
    ORDER BY other.embedding <=> first.embedding LIMIT {NEAR}
) near
WHERE first.source_id = ANY(%(leading)s) AND first.position = 1 AND first.embedding IS NOT NULL
  AND near.cosine >= {SAME}
"""  # noqa: S608


def ranked(words: str, among: QuerySet) -> list[int]:
    """Keys of the sources of these fact-checks that fit the words, the best first; at most MOST, and some beside them.

    words: as somebody types them, or a whole claim. among: fact-checks that may be found.
    """
    own = lexical.words({0: words})[0]
    chosen, params = among.order_by().values("source").query.sql_with_params()
    named = {f"among_{at}": value for at, value in enumerate(params)}
    among_sql = chosen % tuple(f"%({name})s" for name in named)
    asking = lexical.rarest(own)
    with transaction.atomic(), connection.cursor() as cursor:
        idfs = [own[lexeme].idf for lexeme in asking]
        cursor.execute(HAVING.format(among=among_sql), {**named, "lexemes": asking, "idfs": idfs})
        found = [source for (source,) in cursor.fetchall()]
        cursor.execute(MEASURE, {"lexemes": list(own), "sources": found})
        scores = _scored(cursor.fetchall(), own)
        leading = sorted(scores, key=lambda source: (-scores[source], source))[:LEADING]
        cursor.execute("SELECT set_config('hnsw.iterative_scan', 'strict_order', true)")
        cursor.execute(BESIDE.format(among=among_sql), {**named, "leading": leading})
        for source, other, cosine in cursor.fetchall():
            scores[other] = max(scores.get(other, 0.0), scores[source] * cosine)
    return sorted(scores, key=lambda source: (-scores[source], -source))


def _scored(rows: list[tuple], own: dict[str, Word]) -> dict[int, float]:
    """By source, the BM25 of its claim and title as one text, of those that have enough of the words."""
    times, sizes = defaultdict[int, Counter[str]](Counter), Counter[int]()
    for source, size, lexemes, counts in rows:
        times[source].update({word: count or 1 for word, count in zip(lexemes, counts, strict=True) if word})
        sizes[source] += size
    needed = COVER * sum(word.idf for word in own.values())
    scores = dict(zip(times, bm25_of(list(times.values()), [sizes[source] for source in times], own), strict=True))
    return {source: scores[source] for source in times if sum(own[word].idf for word in times[source]) >= needed}
