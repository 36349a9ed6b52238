"""Reads the language model of American English that CMU Sphinx made (BSD licence), from the package pocketsphinx: data
only, its code is never imported.

The file is a reversed trie (Pauls & Klein 2011, as KenLM lays it out; Heafield 2011): a word, below it the words that
were counted before it, below these the words before both, which are not read here. Numbers are packed to the bit;
logarithms are to the base 1.0001, those of pairs by place in tables of 65,536 values.
"""

import importlib.util
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from factcheck.evaluation.readers import UnreadableData

PACKAGE, FILE = "pocketsphinx", "model/en-us/en-us.lm.bin"

_MAGIC = b"Trie Language Model"
_TABLE = 1 << 16
_NODE = np.dtype([("log", "<f4"), ("backoff", "<f4"), ("next", "<u4")])
_LOG_BASE = math.log(1.0001)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Natural logarithms; pairs are rows of two word numbers in the order of reading."""

    words: list[str]
    logs: np.ndarray
    backoffs: np.ndarray
    pairs: np.ndarray
    pair_logs: np.ndarray


def packaged(package: str, file: str) -> Path:
    """Where a package's data file lies, found without importing the package."""
    spec = importlib.util.find_spec(package)
    path = Path(spec.origin).parent / file if spec and spec.origin else None
    if not path or not path.exists():
        raise UnreadableData(f"Only this training needs {package} with its {file}: pip install {package}.")
    return path


def load() -> LanguageModel:
    """Raises UnreadableData when the package is missing or its file is another kind of model."""
    raw = np.fromfile(packaged(PACKAGE, FILE), dtype=np.uint8)
    head = raw[:64].tobytes()
    if not head.startswith(_MAGIC) or head[len(_MAGIC)] != 3:
        raise UnreadableData(f"{FILE} of the package {PACKAGE} is no trigram trie.")
    at = len(_MAGIC) + 1
    single, double, triple = struct.unpack_from("<3I", head, at)
    at += 16
    tables = np.frombuffer(raw, "<f4", 3 * _TABLE, at).reshape(3, _TABLE) * _LOG_BASE
    at += 12 * _TABLE
    nodes = np.frombuffer(raw, _NODE, single + 1, at)
    at += _NODE.itemsize * (single + 1)
    word, below = int(single).bit_length(), int(triple).bit_length()
    middle, last = word + 32 + below, word + 16
    names = at + ((1 + double) * middle + 7) // 8 + 8 + ((1 + triple) * last + 7) // 8 + 12
    # The file says how many pairs there were to be; the trie, how many there are.
    pairs = int(nodes["next"][-1])
    before = _field(raw, at, middle, 0, word, pairs)
    ends = np.repeat(np.arange(single), np.diff(nodes["next"].astype(np.int64)))
    return LanguageModel(
        words=[name.decode() for name in raw[names:].tobytes().split(b"\0")[:single]],
        logs=nodes["log"][:-1] * _LOG_BASE,
        backoffs=nodes["backoff"][:-1] * _LOG_BASE,
        pairs=np.column_stack([before, ends]),
        pair_logs=tables[0][_field(raw, at, middle, word + 16, 16, pairs)],
    )


def _field(raw: np.ndarray, start: int, size: int, offset: int, width: int, count: int) -> Any:
    """`width` bits from `offset` on, of each of `count` records of `size` bits; little-endian."""
    at = np.arange(count, dtype=np.int64) * size + offset
    gathered = np.zeros(count, dtype=np.uint64)
    for byte in range(5):
        gathered |= raw[start + (at >> 3) + byte].astype(np.uint64) << np.uint64(8 * byte)
    return ((gathered >> (at & 7).astype(np.uint64)) & np.uint64((1 << width) - 1)).astype(np.int64)
