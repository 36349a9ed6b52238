"""A logistic regression over terms, marks and a vector: its arithmetic, and how its weights lie on disk. numpy only."""

import hashlib
import io
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from factcheck.text.features import Reading


@dataclass(frozen=True, slots=True)
class Linear:
    """log odds = bias + Σ tf·idf · weights + dense · marks + vector · meaning; probability = 1 / (1 + e^-(slope·odds +
    offset)).

    The slope and offset are Platt's calibration (Platt 1999), fitted on sentences the weights had not seen.
    """

    vocabulary: dict[str, int]
    idf: np.ndarray
    weights: np.ndarray
    marks: np.ndarray
    meaning: np.ndarray
    """One weight per dimension of the sentence encoder that these weights were fitted with, and of no other."""
    bias: float
    slope: float = 1.0
    offset: float = 0.0

    def odds(self, reading: Reading) -> float:
        """Calibrated log odds."""
        raw = self.bias + float(np.dot(self.marks, reading.dense)) + float(np.dot(self.meaning, reading.vector))
        vector = vectorised(reading.terms, self.vocabulary, self.idf)
        if vector:
            raw += float(np.dot(self.weights[list(vector)], list(vector.values())))
        return self.slope * raw + self.offset

    def save(self, path: Path) -> None:
        """About two bytes a weight: half precision moves a probability by less than 0.001."""
        ordered = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        content = io.BytesIO()
        np.savez_compressed(
            content,
            vocabulary=np.frombuffer("\n".join(ordered).encode(), dtype=np.uint8),
            idf=self.idf.astype(np.float16),
            weights=self.weights.astype(np.float16),
            marks=self.marks.astype(np.float32),
            meaning=self.meaning.astype(np.float32),
            scalars=np.array([self.bias, self.slope, self.offset]),
        )
        path.write_bytes(content.getvalue())

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path, allow_pickle=False) as stored:
            ordered = bytes(stored["vocabulary"]).decode().split("\n")
            bias, slope, offset = (float(value) for value in stored["scalars"])
            return cls(
                {term: at for at, term in enumerate(ordered)},
                stored["idf"].astype(np.float64),
                stored["weights"].astype(np.float64),
                stored["marks"].astype(np.float64),
                stored["meaning"].astype(np.float64),
                bias,
                slope,
                offset,
            )


KINDS = 3


def kind(term: str) -> int:
    """0 a word sequence, 1 letters, 2 grammar: told by the sign that the term begins with."""
    return {"~": 1, "=": 2}.get(term[0], 0)


def vectorised(counted: Counter[str], vocabulary: dict[str, int], idf: np.ndarray) -> dict[int, float]:
    """Column → (1 + log count) · idf; words, letters and grammar each scaled to length 1."""
    parts: tuple[dict[int, float], ...] = ({}, {}, {})
    for term, count in counted.items():
        column = vocabulary.get(term)
        if column is not None:
            parts[kind(term)][column] = (1.0 + math.log(count)) * idf[column]
    vector: dict[int, float] = {}
    for part in parts:
        length = math.sqrt(sum(value * value for value in part.values()))
        vector.update({column: value / length for column, value in part.items()})
    return vector


def probability(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, odds))))


def fingerprint(sentence: str) -> int:
    """40 bits of a sentence's words, to know again what was trained on without keeping its text."""
    folded = " ".join(sentence.lower().split())
    return int.from_bytes(hashlib.sha256(folded.encode("utf-8", "surrogatepass")).digest()[:5], "big")
