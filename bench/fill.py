"""A library of any size, the same for the same seed, for benches of finding.

The first passages are pieces of articles of the data with their real vectors, about 7,500 of polnear_quotes. The rest
is made: words drawn by Zipf's law from the data's own vocabulary, which goes on with invented rare words as a language
does, and vectors that are drawn between real ones. So index sizes, posting lists and neighbourhoods grow as in a desk's
library; what such a passage says means nothing, and no figure about the quality of answers may rest on it.

How a vector is made: part of the way, at most half, from a real one to one of its NEAR nearest, and then up to ASIDE
times the difference of two others. Directions and distances are those between real texts, which fill few of the 384
dimensions; noise in all of them alike would put what surrounds a real text equally far from every claim, and there a
graph is lost. docs/performance.md says how like real neighbourhoods these are, and where they are not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pgvector import HalfVector

from factcheck.evaluation import loading, readers
from factcheck.evaluation.loading import PASSAGE, SOURCE, Vectors, copied, indexed_behind
from factcheck.evaluation.readers import UnreadableData
from factcheck.models import Claim, Passage, Source
from factcheck.retrieval import embedding
from factcheck.text import sentences

CLAIMED = 60
"""Articles at the end of the data whose sentences are the claims; the library has nothing of them."""
WORDS = 90
"""Of a real passage; made ones have 30 to 150."""
VOCABULARY = 400_000
EXPONENT, SHIFT = 1.07, 2.7
"""Zipf and Mandelbrot: a word's share falls as (rank + shift) ** -exponent."""
NEAR, ASIDE = 64, 0.7
PASSAGES_OF_A_SOURCE = 5
SLICE = 2_000
CLAIMS, OF_AN_ARTICLE = 400, 40


def library(size: int, data: Path, cache: Path, seed: int = 7) -> list[Claim]:
    """Fill the scratch database with `size` passages; claims of the data to look for, of articles of 40 each.

    data: polnear_quotes. cache: a folder for the vectors of the real passages. Raises UnreadableData.
    """
    texts = [row.text for row in readers.attributed(data)]
    known = Vectors(cache)
    pieces, vectors = real(texts, known)
    with indexed_behind():
        _copied(size, pieces, vectors, texts, np.random.default_rng(seed))
    return _claims(texts, known)


def real(texts: Sequence[str], known: Vectors) -> tuple[list[str], npt.NDArray[np.float32]]:
    """The passages that are not made, and their vectors: encoded once and kept in the cache."""
    pieces = [" ".join(piece) for text in texts[:-CLAIMED] for piece in _slices(text.split(), WORDS)]
    if len(pieces) < 10:
        raise UnreadableData("The data holds too little text to fill a library with.")
    return pieces, known.of(pieces).astype(np.float32)


def _copied(
    size: int, pieces: list[str], vectors: npt.NDArray[np.float32], texts: list[str], chance: np.random.Generator
) -> None:
    sources = -(-size // PASSAGES_OF_A_SOURCE)
    kinds = chance.choice(["primary", "dataset", "secondary", "fact_check"], sources, p=[0.15, 0.05, 0.6, 0.2])
    copied(
        Source,
        SOURCE,
        (
            (at + 1, f"Document {at}", f"https://library.example/{at}", "", kind, Source.Seen.PAGE, "2023", "", 1)
            for at, kind in enumerate(kinds.tolist())
        ),
    )
    made = zip(range(size), _passages(pieces, vectors, texts, chance), strict=False)
    copied(
        Passage,
        PASSAGE,
        (
            (
                at // PASSAGES_OF_A_SOURCE + 1,
                at % PASSAGES_OF_A_SOURCE + 1,
                f"Document {at // PASSAGES_OF_A_SOURCE}",
                text,
                Passage.Wording.ORIGINAL,
                HalfVector(vector),
                embedding.MODEL,
            )
            for at, (text, vector) in made
        ),
    )


def _passages(
    pieces: list[str], vectors: npt.NDArray[np.float32], texts: list[str], chance: np.random.Generator
) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """The real ones, then made ones without end."""
    yield from zip(pieces, vectors, strict=True)
    known = [word for word, _ in Counter(word for text in texts for word in text.split()).most_common(VOCABULARY)]
    words = np.array([*known, *(_syllables(number) for number in range(VOCABULARY - len(known)))])
    shares = (np.arange(1, len(words) + 1) + SHIFT) ** -EXPONENT
    upto, near = np.cumsum(shares / shares.sum()), _nearest(vectors)
    while True:
        lengths = chance.integers(30, 151, SLICE)
        drawn = words[np.searchsorted(upto, chance.random(lengths.sum())).clip(max=len(words) - 1)]
        texts_of = np.split(drawn, np.cumsum(lengths)[:-1])
        for text, vector in zip(texts_of, _between(vectors, near, SLICE, chance), strict=True):
            yield " ".join(text.tolist()), vector


def _nearest(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """For each vector, where its NEAR nearest others stand."""
    most = min(NEAR, len(vectors) - 1)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    return np.argpartition(-cosines, most - 1, axis=1)[:, :most]


def _between(
    vectors: npt.NDArray[np.float32], near: npt.NDArray[np.int64], count: int, chance: np.random.Generator
) -> npt.NDArray[np.float32]:
    """So many made vectors, of length 1."""
    at, one, other = chance.integers(0, len(vectors), (3, count))
    beside = vectors[near[at, chance.integers(0, near.shape[1], count)]]
    way, aside = chance.random((2, count, 1), np.float32)
    made = vectors[at] + way / 2 * (beside - vectors[at]) + ASIDE * aside * (vectors[one] - vectors[other])
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def _syllables(number: int) -> str:
    """A word that no text has; another for every number."""
    word = ""
    while number:
        number, at = divmod(number, 100)
        word += "bdfgklmnrt"[at // 10] + ("a", "e", "i", "o", "u", "ai", "ei", "au", "oi", "ou")[at % 10]
    return f"{word}x"


def _slices(rows: Iterable, size: int) -> Iterator[list]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def _claims(texts: list[str], vectors: Vectors) -> list[Claim]:
    """Sentences of the data as claims, forty of an article."""
    spans = [
        text[one.start : one.end].strip()
        for text in texts[-CLAIMED:]
        for one in sentences.split(text)
        if one.kind != "heading" and 8 <= len(text[one.start : one.end].split()) <= 40
    ]
    return [
        claim
        for part in _slices(spans[:CLAIMS], OF_AN_ARTICLE)
        for claim in loading.claims([(span, "") for span in part], vectors)
    ]
