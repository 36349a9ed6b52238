"""Public data sets as rows. Reads only; raises UnreadableData with a plain sentence.

A folder may be given at three depths: the data root (holding NAME/dev), one set (holding dev or heldout), or the half
itself (holding the .jsonl).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HALVES = ("dev", "heldout")


Places = tuple[tuple[int, int], ...]


class UnreadableData(ValueError):
    """Its message is a plain sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Segmented:
    """One text with its gold sentences as (start, end), code points."""

    text: str
    spans: tuple[tuple[int, int], ...]
    set: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence with label 0 or 1. `group` must not be torn between folds."""

    text: str
    label: int
    group: str
    set: str


@dataclass(frozen=True, slots=True)
class Attributed:
    """One article and what its first annotator found: (content, source, has a direct quotation), code points."""

    text: str
    said: tuple[tuple[Places, Places, bool], ...]


@dataclass(frozen=True, slots=True)
class Decomposed:
    """A text and the claims that readers drew from it, in words that stand alone."""

    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences; label 1 when they say the same."""

    one: str
    other: str
    label: int


def segmented(data: Path) -> list[Segmented]:
    """sentences_* sets: spans, or sentences as strings that follow each other in the text."""
    found = []
    for name, _, row in rows(data, "sentences_"):
        text, given = field_of(row, "text", name), field_of(row, "sentences", name)
        spans = _placed(text, given) if given and isinstance(given[0], str) else [tuple(span) for span in given]
        if spans is None:
            raise UnreadableData(f"A gold sentence does not occur in its text, in {name}: {given[0][:60]!r}.")
        found.append(Segmented(text, tuple(spans), str(row.get("set") or name)))
    return found


def attributed(data: Path) -> list[Attributed]:
    """polnear_quotes."""
    found = []
    for name, _, row in rows(data, "polnear"):
        annotations = field_of(row, "annotations", name)
        given = annotations[0]["attributions"] if annotations else []
        said = tuple((_places(one["content"]), _places(one["source"]), bool(one["has_direct_quote"])) for one in given)
        found.append(Attributed(field_of(row, "text", name), said))
    return found


def decomposed(data: Path) -> list[Decomposed]:
    """factcheck_gpt: the claims labelled factual."""
    found = []
    for name, _, row in rows(data, "factcheck_gpt"):
        claims = tuple(
            claim
            for sentence in field_of(row, "sentences", name).values()
            for claim, label in zip(sentence["claims"], sentence["claim_checkworthiness"], strict=True)
            if label == "factual"
        )
        found.append(Decomposed(field_of(row, "response", name), claims))
    return found


def _places(parts: list[dict[str, Any]]) -> Places:
    return tuple(sorted((span[0], span[1]) for part in parts for span in part["spans"]))


def checkworthy(data: Path) -> list[Labelled]:
    """claimbuster and sets like it: label 1 is check-worthy, anything else is not."""
    found = []
    for at, (name, _, row) in enumerate(rows(data, "claimbuster")):
        label = 1 if str(field_of(row, "label", name)) in {"1", "1.0", "Yes", "yes"} else 0
        group = str(row.get("debate") or row.get("article_key") or at)
        found.append(Labelled(field_of(row, "text", name), label, group, str(row.get("set") or name)))
    return found


def factual(data: Path, *, only: str = "") -> list[Labelled]:
    """news_subjectivity: label 1 is OBJ. babe_news_sentences: label 1 is entirely factual, 0 what is opinion or partly
    so; rows on which its readers did not agree are left out.

    `only`: of news_subjectivity, the rows of a set whose name begins so (newssd is the openly licensed part).
    """
    found = []
    for at, (name, path, row) in enumerate(rows(data, ("news_subjectivity", "babe_news_sentences"))):
        if path.stem == "articles_mbic":  # whole articles without labels
            continue
        sets = [str(one) for one in row.get("sets", [])]
        if not any(one.startswith(only) for one in sets or [""]):
            continue
        label = field_of(row, "label_opinion" if "label_opinion" in row else "label", name)
        if label != "No agreement":
            group = str(row.get("article_key") or row.get("debate") or at)
            found.append(Labelled(field_of(row, "text", name), int(label in {"OBJ", "Entirely factual"}), group, name))
    if not found:
        wanted = f"belongs to a set whose name begins with {only}" if only else "says whether it is factual"
        raise UnreadableData(f"No row of {data} {wanted}.")
    return found


def paraphrases(data: Path) -> list[Pair]:
    """mrpc_news_paraphrase: label 1 says that both sentences make the same claim."""
    return [
        Pair(field_of(row, "s1", name), field_of(row, "s2", name), int(field_of(row, "label", name)))
        for name, _, row in rows(data, "mrpc_news_paraphrase")
    ]


def articles(data: Path) -> list[str]:
    """Whole news articles as they were printed: polnear_quotes, and those of babe_news_sentences."""
    found = []
    for name, path, row in rows(data, ("polnear", "babe_news")):
        if "text" in row and "publisher" in row:
            found.append(str(row["text"]))
        elif path.stem.startswith("articles"):
            found.append(str(field_of(row, "article", name)))
    return found


def tortured(data: Path) -> list[tuple[str, str]]:
    """tortured_phrases: (as a machine wrote it, as it was meant), folded, without what stands in brackets; only what is
    known and has two words or more."""
    found = []
    for name, path, row in rows(data, "tortured"):
        if not path.stem.startswith("pairs"):
            continue
        written, meant = (
            " ".join(re.sub(r"\(.*?\)", " ", str(field_of(row, side, name)).lower()).split())
            for side in ("tortured", "expected")
        )
        if " " in written and meant and "?" not in meant:
            found.append((written, meant))
    return found


def files(data: Path, prefix: str | tuple[str, ...]) -> list[tuple[str, Path]]:
    """(name of the set, file), sorted; several sets when `data` is the root. `prefix`: how their names may begin."""
    if not data.is_dir():
        raise UnreadableData(f"There is no folder {data}.")
    halves = [data] if list(data.glob("*.jsonl")) else [data / half for half in HALVES if (data / half).is_dir()]
    if not halves:
        sets = sorted(path for path in data.iterdir() if path.is_dir() and path.name.startswith(prefix))
        halves = [path / half for path in sets for half in HALVES if (path / half).is_dir()]
    found: list[tuple[str, Path]] = []
    for half in halves:
        name = (
            half.resolve().parent.name if half.name in HALVES or half.resolve().name in HALVES else half.resolve().name
        )
        found.extend((name, path) for path in sorted(half.glob("*.jsonl")))
    if not found:
        named = f"{prefix}…" if isinstance(prefix, str) else " or ".join(prefix)
        raise UnreadableData(f"There is no .jsonl file in {data}, nor in a folder {named} below it.")
    return found


def rows(data: Path, prefix: str | tuple[str, ...]) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """(name of the set, file, row) of every line."""
    for name, path in files(data, prefix):
        try:
            lines = path.read_text("utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableData(f"{path} cannot be read: {error}.") from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise UnreadableData(f"{path}, line {number} is not JSON: {error.msg}.") from error
            if not isinstance(row, dict):
                raise UnreadableData(f"{path}, line {number} is not a JSON object.")
            yield name, path, row


def field_of(row: dict[str, Any], field: str, name: str) -> Any:
    if field not in row:
        raise UnreadableData(f"A row of {name} has no field “{field}”; it has {', '.join(sorted(row)) or 'none'}.")
    return row[field]


def _placed(text: str, sentences: list[str]) -> list[tuple[int, int]] | None:
    spans, at = [], 0
    for sentence in sentences:
        start = text.find(sentence, at)
        if start < 0:
            return None
        at = start + len(sentence)
        spans.append((start, at))
    return spans
