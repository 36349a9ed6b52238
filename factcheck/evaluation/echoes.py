"""Whether a primary document stands above a passage that only repeats the claim's wording.

The pairs are planted: claims with passages that settle them, from sets that the ranker was not fitted on, and for each
claim an echo that a seeded generator makes of its words. Both lie in one library with the pairs of all other claims.
Many passages of these sets were found by machines, and settle a claim only for who knows the matter: those that share
less than SHARED of the claim's words are not planted, since no search for words or meaning would put them first.
"""

import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from factcheck.evaluation import loading, readers
from factcheck.evaluation.loading import Document, Vectors
from factcheck.evaluation.matching import BATCH, DEPTH, Scratch, sources
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report
from factcheck.retrieval.providers import library
from factcheck.text.values import words
from factcheck.text.values.tokens import Tokens

SETS = ("climate_fever", "healthver")
SETTLES = {"SUPPORTS", "REFUTES", "Supports", "Refutes"}
PAIRS = 200
SEED = 20261124
SHORTEST = 8
"""Words of a claim; of fewer, an echo and a passage that speaks of the same are hardly told apart."""
SHARED = 0.3

FRAMES = (
    "{}",
    "{} That is what a post says which was shared thousands of times this week.",
    "A reader writes to us: {}",
    "“{}”, according to a widely shared message.",
    "It is being said again: {} Many people seem to agree.",
)
PUT_IN = ("reportedly", "apparently", "indeed", "now")


def evaluate(data: Path, limit: int | None, scratch: Scratch, vectors: Vectors) -> Report:
    """primary_above: share of pairs whose primary document is shown, and above the echo or without it. echo_shown:
    share of the echoes that are shown at all; echo_named: of these, the share that carries the words for it."""
    began = time.perf_counter()
    pairs = list(planted(data, limit or PAIRS))
    documents = [
        document
        for number, (_, settles, echo) in enumerate(pairs)
        for document in (
            Document(f"primary {number}", "primary", (("", settles),)),
            Document(f"echo {number}", "secondary", (("", echo),)),
        )
    ]
    above = shown = named = 0
    with scratch():
        keys = loading.library(documents, vectors)
        claims = loading.claims([(claim, "") for claim, _, _ in pairs], vectors)
        for start in range(0, len(claims), BATCH):
            found = library.search(claims[start : start + BATCH], DEPTH)
            source_of = sources(found)
            for number, claim in enumerate(claims[start : start + BATCH], start=start):
                candidates = {keys[source_of[one.passage]]: one for one in found.get(claim.pk, [])}
                order = list(candidates)
                primary, echo = f"primary {number}", f"echo {number}"
                above += primary in order and (echo not in order or order.index(primary) < order.index(echo))
                shown += echo in order
                named += echo in order and candidates[echo].features["echo"]
    figures: dict[str, Any] = {
        "primary_above": above / len(pairs),
        "echo_shown": shown / len(pairs),
        "echo_named": named / max(1, shown),
    }
    return Report(
        "echoes", str(data), len(pairs), figures, time.perf_counter() - began, library.MODEL_VERSION, [f"seed {SEED}"]
    )


def planted(data: Path, count: int) -> Iterator[tuple[str, str, str]]:
    """(claim, a passage that settles it, an echo of the claim), each claim once; the same for the same data."""
    settled = {
        claim: passage
        for claim, passage in _settled(data)
        if len(claim.split()) >= SHORTEST and _shared(claim, passage) >= SHARED
    }
    if not settled:
        raise UnreadableData(f"{data} has no claim of {SHORTEST} words with a passage that settles it.")
    rng = random.Random(SEED)  # noqa: S311 - for the same pairs again, not for secrets
    chosen = sorted(settled)
    rng.shuffle(chosen)
    for claim in islice(chosen, count):
        yield claim, settled[claim], echo(claim, rng)


def echo(claim: str, rng: random.Random) -> str:
    """The claim's wording with at most one word changed, in a frame that adds nothing."""
    said = claim.split()
    place = rng.randrange(1, len(said) - 1)
    change = rng.randrange(4)
    if change == 1:
        del said[place]
    elif change == 2:
        said.insert(place, rng.choice(PUT_IN))
    elif change == 3:
        said[place], said[place - 1] = said[place - 1], said[place]
    return rng.choice(FRAMES).format(" ".join(said))


def _shared(claim: str, passage: str) -> float:
    """The share of the claim's meaningful words that stand in the passage."""
    ours, theirs = (words.all_of(Tokens(text)) for text in (claim, passage))
    return len(ours & theirs) / max(1, len(ours))


def _settled(data: Path) -> Iterator[tuple[str, str]]:
    for name, _, row in readers.rows(data, SETS):
        claim = str(readers.field_of(row, "claim", name)).strip()
        if "evidences" in row:
            yield from (
                (claim, str(one["evidence"]).strip())
                for one in row["evidences"]
                if one.get("evidence_label") in SETTLES
            )
        elif row.get("label") in SETTLES:
            yield claim, str(readers.field_of(row, "evidence", name)).strip()
