"""The desk's own library: by words and by meaning, fused. The number of SQL statements does not grow with claims."""

from collections import defaultdict
from collections.abc import Sequence

from factcheck.models import Claim, Passage
from factcheck.retrieval import embedding, lexical, ranking, semantic
from factcheck.retrieval.ranking import Candidate

NAME = "library"
MODEL_VERSION = f"library 1 (BM25 {ranking.LEXICAL}, {embedding.MODEL} {ranking.SEMANTIC})"


def search(claims: Sequence[Claim]) -> dict[int, list[Candidate]]:
    """For each claim at most ranking.SHOWN passages, best first. A claim's own article is not a source for it."""
    keys = [claim.pk for claim in claims]
    by_words, by_meaning = lexical.search(keys), semantic.search(keys)
    by_meaning |= semantic.cosines(by_words.keys() - by_meaning.keys())
    pairs = sorted(by_words.keys() | by_meaning.keys())
    passages = (
        Passage.objects.select_related("source__confidential_with", "source__fact_check__publication__review")
        .defer("source__fact_check__raw", "source__fact_check__publication__frozen")
        .in_bulk({passage for _, passage in pairs})
    )
    claim_of = {claim.pk: claim for claim in claims}
    words = lexical.surface({claim.pk: claim.statement for claim in claims})
    found: dict[int, list[Candidate]] = defaultdict(list)
    for pair in pairs:
        claim, passage = claim_of[pair[0]], passages[pair[1]]
        match = by_words.get(pair, lexical.NONE)
        cosine = by_meaning.get(pair, 0.0)
        score = ranking.fused(match.cover, cosine)
        own = bool(passage.source.url) and passage.source.url == claim.article.url
        if score < ranking.FLOOR or own or _kept_from(claim, passage):
            continue
        features = {
            "bm25": round(match.bm25, 3),
            "cover": round(match.cover, 4),
            "cosine": round(cosine, 4),
            **ranking.shared(claim.statement, f"{passage.heading} {passage.text}"),
            "words": [words[claim.pk][lexeme] for lexeme in match.lexemes],
        }
        found[claim.pk].append(Candidate(passage.pk, round(score, 4), features))
    for candidates in found.values():
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.passage))
        del candidates[ranking.SHOWN :]
    return dict(found)


def _kept_from(claim: Claim, passage: Passage) -> bool:
    """What a confidential article rests on is suggested to its own claims and to no others; a fact-check of ours to any
    claim but the one that it checks, and to none once it is retracted."""
    fact_check = getattr(passage.source, "fact_check", None)
    ours = fact_check and fact_check.publication
    if ours and (ours.retraction_reason or ours.review.claim_id == claim.pk):
        return True
    kept_with = passage.source.confidential_with
    return kept_with is not None and kept_with.confidential and kept_with.pk != claim.article_id
