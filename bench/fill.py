"""A library of any size, the same for the same seed, for benches of finding.

The first REAL passages are pieces of articles of the data with their real vectors. The rest is made: words drawn by
Zipf's law from the data's own vocabulary, which goes on with invented rare words as a language does, and vectors that
are real ones turned aside at random. So index sizes, posting lists and neighbourhoods grow as in a desk's library; what
such a passage says means nothing, and no figure about the quality of answers may rest on it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pgvector import HalfVector

from factcheck.evaluation import loading, readers
from factcheck.evaluation.loading import PASSAGE, SOURCE, Vectors, copied, indexed_behind
from factcheck.evaluation.readers import UnreadableData
from factcheck.models import Claim, Passage, Source
from factcheck.models.claims import DIMENSIONS
from factcheck.retrieval import embedding
from factcheck.text import sentences

REAL = 2_000
"""Passages with real words and vectors; encoded once and kept in the cache."""
WORDS = 90
"""Of a real passage; made ones have 30 to 150."""
VOCABULARY = 400_000
EXPONENT, SHIFT = 1.07, 2.7
"""Zipf and Mandelbrot: a word's share falls as (rank + shift) ** -exponent."""
ASIDE = 0.6
"""Length of what is added to a real vector of length 1: the cosine to it is about .86."""
PASSAGES_OF_A_SOURCE = 5
SLICE = 2_000
CLAIMS, OF_AN_ARTICLE = 400, 40


def library(size: int, data: Path, cache: Path, seed: int = 7) -> list[Claim]:
    """Fill the scratch database with `size` passages; claims of the data to look for, of articles of 40 each.

    data: polnear_quotes. cache: a folder for the vectors of the real passages. Raises UnreadableData.
    """
    texts = [row.text for row in readers.attributed(data)]
    pieces = [" ".join(piece) for text in texts for piece in _slices(text.split(), WORDS)][:REAL]
    if len(pieces) < 10:
        raise UnreadableData(f"{data} holds too little text to fill a library with.")
    known = Vectors(cache)
    vectors = known.of(pieces).astype(np.float32)
    with indexed_behind():
        _copied(size, pieces, vectors, texts, np.random.default_rng(seed))
    return _claims(texts, known)


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
    upto = np.cumsum(shares / shares.sum())
    while True:
        lengths = chance.integers(30, 151, SLICE)
        drawn = words[np.searchsorted(upto, chance.random(lengths.sum())).clip(max=len(words) - 1)]
        turned = chance.standard_normal((SLICE, DIMENSIONS), np.float32)
        turned *= ASIDE / np.linalg.norm(turned, axis=1, keepdims=True)
        turned += vectors[chance.integers(0, len(vectors), SLICE)]
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        for text, vector in zip(np.split(drawn, np.cumsum(lengths)[:-1]), turned, strict=True):
            yield " ".join(text.tolist()), vector


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
        for text in texts[-60:]
        for one in sentences.split(text)
        if one.kind != "heading" and 8 <= len(text[one.start : one.end].split()) <= 40
    ]
    return [
        claim
        for part in _slices(spans[:CLAIMS], OF_AN_ARTICLE)
        for claim in loading.claims([(span, "") for span in part], vectors)
    ]
