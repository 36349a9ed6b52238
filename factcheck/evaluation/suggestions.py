"""Whether a source that settles a claim is among the first that are suggested: one article, and a library in which
other sources only look relevant.

Labels: JSON lines with `claim`, words of the article, and `settled_by`, the sources that settle it, each by its id, its
address or its title. Article and library: a folder laid out as seeds/.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from factcheck.evaluation import loading, matching, readers, splitting
from factcheck.evaluation.loading import Document, Vectors
from factcheck.evaluation.matching import Scratch, distinct
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import ROOT, Report
from factcheck.retrieval import embedding
from factcheck.retrieval.providers import library
from factcheck.text import claims, statements

SEEDS = ROOT / "seeds"
ALIKE = 0.5
"""Token F1 from which a claim that the product finds is the one that is labelled."""
DEPTHS = (1, 3)


@dataclass(frozen=True, slots=True)
class Settled:
    claim: str
    sources: frozenset[str]
    """Ids."""


def evaluate(data: Path, corpus: Path | None, limit: int | None, scratch: Scratch, vectors: Vectors) -> Report:
    """hit@1, hit@3: of the labelled claims that a source settles, the share for which one is among the first that the
    claim page would show. found: the share that the product finds as a claim; one that it does not is no hit."""
    began = time.perf_counter()
    text, written, records = sample(corpus or SEEDS)
    wanted = labelled(data, records)[:limit]
    found = claims.find(text, claims.Encoder(embedding.MODEL, embedding.encode), written=written)
    with scratch():
        keys = loading.library([document(record) for record in records], vectors)
        rows = loading.claims([(one.statement, one.speaker) for one in found], vectors)
        shown = library.search(rows)
        source_of = matching.sources(shown)
    hits, missed, there = dict.fromkeys(DEPTHS, 0), [], 0
    for one in wanted:
        place = likest(one.claim, found)
        there += place is not None
        candidates = shown.get(rows[place].pk, []) if place is not None else []
        ranked = distinct(keys[source_of[candidate.passage]] for candidate in candidates)
        for depth in DEPTHS:
            hits[depth] += bool(one.sources & set(ranked[:depth]))
        if not one.sources & set(ranked[: max(DEPTHS)]):
            missed.append(f"missed: {one.claim[:90]} ({', '.join(ranked[: max(DEPTHS)]) or 'nothing is suggested'})")
    most = max(1, len(wanted))
    figures = {**{f"hit@{depth}": hits[depth] / most for depth in DEPTHS}, "found": there / most}
    return Report(
        "suggestions", str(data), len(wanted), figures, time.perf_counter() - began, library.MODEL_VERSION, missed
    )


def sample(folder: Path) -> tuple[str, date | None, list[dict]]:
    """The article's text, the day it was written when that is known and not guessed, and the records of the library."""
    try:
        about = json.loads((folder / "article.json").read_text("utf-8"))
        records = [json.loads(line) for line in (folder / "sources.jsonl").read_text("utf-8").splitlines() if line]
        text = (folder / "article.txt").read_bytes().decode()
    except (OSError, ValueError) as error:
        raise UnreadableData(f"{folder} is not laid out as seeds/: {error}.") from error
    known = about.get("published") and not about.get("published_is_guessed")
    return text, date.fromisoformat(about["published"]) if known else None, records


def document(record: dict) -> Document:
    passages = tuple((record["title"], passage["text"]) for passage in record["passages"])
    return Document(record["id"], record["kind"], passages)


def labelled(data: Path, records: Sequence[dict]) -> list[Settled]:
    """Those of the labels that name a source."""
    known = {record[name]: record["id"] for name in ("id", "url", "title") for record in records if record.get(name)}
    found = []
    for name, _, row in readers.rows(data, ()):
        given = readers.field_of(row, "settled_by", name)
        missing = [source for source in given if source not in known]
        if missing:
            raise UnreadableData(f"The library has no source {missing[0]!r}, which {name} says settles a claim.")
        if given:
            sources = frozenset(known[source] for source in given)
            found.append(Settled(str(readers.field_of(row, "claim", name)), sources))
    return found


def likest(claim: str, found: Sequence[claims.Candidate]) -> int | None:
    """The place of the claim that has most of these words, in the article's words or in those that stand alone."""
    asked = splitting.words(claim)
    ratings = [
        max(splitting.alike(asked, splitting.words(text)) for text in (one.exact, statements.unmarked(one.statement)))
        for one in found
    ]
    best = max(range(len(found)), key=ratings.__getitem__, default=None)
    return best if best is not None and ratings[best] >= ALIKE else None
