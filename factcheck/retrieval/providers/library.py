"""The desk's own library: by words and by meaning, joined and ranked. The number of SQL statements does not grow with
the claims.

    words of the claims ─► passages by rare words ─┐
                           passages by meaning ────┴─► pairs measured ─► the best sources looked at ─► ranked
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from factcheck.models import Claim, Passage
from factcheck.retrieval import embedding, features, lexical, own, pairs, ranking, semantic
from factcheck.retrieval.lexical import Word
from factcheck.retrieval.own import Own
from factcheck.retrieval.pairs import Pair
from factcheck.retrieval.ranking import Candidate, Weights
from factcheck.text import statements

NAME = "library"
MODEL_VERSION = f"library 3 (ranking {ranking.version()}, {embedding.MODEL})"

PRIMARY = frozenset({"primary", "dataset"})


@dataclass(slots=True)
class Found:
    """A source that may bear on a claim. best: the passage that would be shown. read: the passages that names are
    looked for in, of an earlier fact-check also its title. wording: what its passages reach together, by the names of
    ranking.FITTED. score: by the wording alone. bm25: as it is, unbounded."""

    best: Pair
    read: list[int]
    wording: dict[str, float]
    score: float
    bm25: float


@dataclass(slots=True)
class LookedAt:
    """A candidate with what its source has of the claim's wording, and the figures that the ranker scored it by. words:
    the claim's lexemes. length: how many words the claim has. told: what the source says, as features.same_words has
    it: of two records of one fact-check it is the same."""

    candidate: Candidate
    wording: dict[str, float]
    kind: str
    source: int
    given: dict[str, float]
    odds: float
    passage: Passage
    words: Mapping[str, Word]
    length: int
    told: str


def search(claims: Sequence[Claim], most: int = ranking.SHOWN) -> dict[int, list[Candidate]]:
    """For each claim at most `most` earlier fact-checks and as many other documents, best first, each source once.

    Left out: the claim's own article and its copies, search results nobody has read, and what only a confidential
    article may know of. The claims need their `article`; they may be of several.
    """
    weights = ranking.weights()
    shown = {claim: _shown(found, most, weights) for claim, found in look(claims, most).items()}
    return {claim: [_marked(one) for one in found] for claim, found in shown.items() if found}


def look(claims: Sequence[Claim], most: int = ranking.SHOWN) -> dict[int, list[LookedAt]]:
    """What `search` chooses from, best first: the sources whose passages were read and compared."""
    weights = ranking.weights()
    texts = {claim.pk: statements.searched(claim.statement) for claim in claims}
    words = lexical.words(texts)
    measured = pairs.measure(lexical.search(words) | semantic.search(list(texts)), words)
    articles = own.articles({claim.article_id for claim in claims})
    close = {
        claim.pk: _closest(measured.get(claim.pk, []), words[claim.pk], articles[claim.article_id], most, weights)
        for claim in claims
    }
    wanted = {passage for founds in close.values() for found in founds for passage in found.read}
    passages = Passage.objects.only("source_id", "heading", "text").in_bulk(wanted)
    copied = _copied(close, passages, claims, articles)
    looked_at: dict[int, list[LookedAt]] = {claim.pk: [] for claim in claims}
    for claim in claims:
        text, article = texts[claim.pk], articles[claim.article_id]
        left = [found for found in close[claim.pk] if found.best.source not in copied[claim.article_id]]
        echoes = _echoes(left, text, passages)
        known: dict[str, LookedAt] = {}
        for found in sorted(left, key=lambda one: one.best.source):
            one = _looked_at(found, claim, text, words[claim.pk], passages, article, weights, echoes)
            looked_at[claim.pk].append(_as_near(one, known.setdefault(one.told, one)))
        looked_at[claim.pk].sort(key=lambda one: (-one.odds, one.candidate.passage))
    return looked_at


def _as_near(one: LookedAt, first: LookedAt) -> LookedAt:
    """Of two records of one fact-check, in the same words, neither is nearer to a claim for the marks it puts around a
    quotation: both count as the one that the library had first, which then stands first."""
    if one is first or one.kind != "fact_check" or first.kind != "fact_check":
        return one
    return replace(
        one, candidate=replace(one.candidate, score=first.candidate.score), given=first.given, odds=first.odds
    )


def _echoes(left: Iterable[Found], text: str, passages: Mapping[int, Passage]) -> set[int]:
    """The sources that repeat the claim's wording. BM25 is a share of the best: the others' is counted anew without
    them, or an echo would make a document look poor in words."""
    documents = [found for found in left if found.best.kind != "fact_check"]
    echoes = {
        found.best.source
        for found in documents
        if found.best.kind == "secondary" and features.repeats(text, passages[found.best.passage].text)
    }
    most = max((found.bm25 for found in documents if found.best.source not in echoes), default=0.0) or 1.0
    for found in documents if echoes else ():
        found.wording["bm25"] = min(1.0, found.bm25 / most)
    return echoes


def _closest(
    measured: Iterable[Pair], words: Mapping[str, Word], article: Own, most: int, weights: Weights
) -> list[Found]:
    """The sources whose passages are worth reading: of fact-checks and of other documents a few more than are shown."""
    by_kind: dict[bool, dict[int, list[Pair]]] = {True: defaultdict(list), False: defaultdict(list)}
    for pair in measured:
        if not pair.url or own.address(pair.url) not in article.addresses:
            by_kind[pair.kind == "fact_check"][pair.source].append(pair)
    closest = []
    for by_source in by_kind.values():
        most_bm25 = max((pair.whole for pairs in by_source.values() for pair in pairs), default=0.0) or 1.0
        found = [_joined(together, words, most_bm25, weights) for together in by_source.values()]
        found.sort(key=lambda one: (-one.score, one.best.source))
        closest += found[: most + ranking.LOOKED_AT]
    return closest


def _joined(together: list[Pair], words: Mapping[str, Word], most_bm25: float, weights: Weights) -> Found:
    total = sum(word.idf for word in words.values()) or 1.0
    met = {lexeme for pair in together for lexeme in pair.lexemes}
    wording = {
        "bm25": max(pair.whole for pair in together) / most_bm25,
        "cover": sum(words[lexeme].idf for lexeme in met) / total,
        "cosine": max(pair.cosine for pair in together),
    }
    kind = together[0].kind
    if kind == "fact_check":  # of another document one passage speaks, not the mean of those that were found
        wording["cosine_mean"] = sum(pair.cosine for pair in together) / len(together)

    def alone(pair: Pair) -> tuple[float, int]:
        of = {"bm25": pair.bm25 / most_bm25, "cover": pair.cover, "cosine": pair.cosine, "cosine_mean": pair.cosine}
        return weights.score(kind, of), -pair.passage

    best = max(together, key=alone) if len(together) > 1 else together[0]
    read = [pair.passage for pair in together] if kind == "fact_check" else [best.passage]
    return Found(best, read, wording, weights.score(kind, wording), max(pair.whole for pair in together))


def _copied(
    close: Mapping[int, list[Found]],
    passages: Mapping[int, Passage],
    claims: Sequence[Claim],
    articles: Mapping[int, Own],
) -> dict[int, set[int]]:
    """By article, the sources that are copies of it; at most one statement an article."""
    texts: dict[int, dict[int, set[str]]] = {article: defaultdict(set) for article in articles}
    for claim in claims:
        for found in close[claim.pk]:
            texts[claim.article_id][found.best.source].add(passages[found.best.passage].text)
    return {article: own.copies(sources, [articles[article]]) for article, sources in texts.items()}


def _looked_at(
    found: Found,
    claim: Claim,
    text: str,
    words: Mapping[str, Word],
    passages: Mapping[int, Passage],
    article: Own,
    weights: Weights,
    echoes: set[int],
) -> LookedAt:
    """The passage is read, and its source scored anew by what stands there."""
    best, is_primary, passage = found.best, found.best.kind in PRIMARY, passages[found.best.passage]
    there = f"{passage.heading} {passage.text}"
    told = [passages[one].text for one in found.read]
    anywhere = " ".join([passage.heading, *told])
    shared = features.names(text, anywhere, claim.speaker)
    compared = features.values(text, there)
    agree, conflict = features.agreement(compared)
    age = features.age(best.published, article.written)
    echo = best.source in echoes
    given = {
        **found.wording,
        "names": len(shared) / max(1, len(features.named(text, claim.speaker))),
        "agree": agree,
        "conflict": conflict,
        "primary": float(is_primary),
        "old": float(age is not None and age > ranking.OLD),
    }
    if echo:
        given = ranking.damped(given)
    kept: dict[str, Any] = {
        **{name: round(value, 4) for name, value in found.wording.items()},
        "names": shared,
        "words": [words[lexeme].surface for lexeme in best.lexemes],
        "values": compared,
        "echo": echo,
        "primary": is_primary,
        "strong": False,
        "age_days": age,
    }
    score, odds = weights.score(best.kind, given), weights.odds(best.kind, given)
    candidate = Candidate(best.passage, round(score, 4), kept)
    return LookedAt(
        candidate=candidate,
        wording=found.wording,
        kind=best.kind,
        source=best.source,
        given=given,
        odds=odds,
        passage=passage,
        words=words,
        length=len(text.split()),
        told=features.same_words(told),
    )


def _marked(one: LookedAt) -> Candidate:
    """With the sentences that matter: chosen only where they are shown, since to split a passage costs most."""
    marked = [list(place) for place in features.sentences_that_matter(one.passage.heading, one.passage.text, one.words)]
    one.candidate.features.update(sentence=marked[0], sentences=marked)
    return one.candidate


def _shown(looked_at: Sequence[LookedAt], most: int, weights: Weights) -> list[LookedAt]:
    """Best first. Strong is at most the best earlier fact-check, and none when one that says something else is as
    near."""
    checks = [one for one in looked_at if one.kind == "fact_check"]
    if checks:
        next_best = next((one.odds for one in checks if one.told != checks[0].told), None)
        checks[0].candidate.features["strong"] = weights.is_strong(checks[0].odds, next_best, checks[0].length)
    documents = [one for one in looked_at if one.kind != "fact_check"]
    allowed = {id(one) for kind in (checks, documents) for one in kind[:most]}
    return [
        one for one in looked_at if id(one) in allowed and weights.shows(one.kind, one.candidate.score, one.wording)
    ]
