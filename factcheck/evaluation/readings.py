"""Single sentences read as the product reads them: parsed, and encoded by the encoder that the product runs."""

from collections.abc import Sequence

from factcheck.retrieval import embedding
from factcheck.text import english, features
from factcheck.text.features import Reading


def readings(sentences: Sequence[str]) -> list[Reading]:
    """One per sentence, in order; about 10 ms each, nearly all of it the parser and the encoder."""
    vectors = embedding.encode(sentences)
    return [
        features.read(doc.text, list(doc), vector) for doc, vector in zip(english.read(sentences), vectors, strict=True)
    ]
