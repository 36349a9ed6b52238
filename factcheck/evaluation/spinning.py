"""Made garbled articles: a share of the content words of a clean text is replaced as a spinning machine replaces them.

Three resources, none of which `factcheck.text.spun` has its synonyms from. Its figures are fitted on two: NEIGHBOURS,
the words that the sentence encoder holds for nearest to a word, in the same form and with another beginning; TORTURED,
single words that real machines put for each other in tortured_phrases. REWORDED is kept out of fitting: single words
that stand for each other in the paraphrases of pan_paraphrase, read at run time.
"""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from factcheck.evaluation import readers
from factcheck.evaluation.loading import Vectors

SEED = 20261124

SHORTEST = 4
"""Letters of a word that may be replaced; shorter ones are mostly grammar."""

VOCABULARY, NEAREST, LEAST_COSINE = 15_000, 10, 0.45

BATCH = 500

Replacements = Mapping[str, Sequence[str]]

_WORD = re.compile(rf"\b[A-Za-z]{{{SHORTEST},}}\b")


@dataclass(frozen=True, slots=True)
class Spun:
    text: str
    originals: dict[int, str]
    """Where a replaced word begins in `text` → what stood there."""


def spin(text: str, replacements: Replacements, share: float, seed: int, *, steady: bool = False) -> Spun:
    """`share` of all words of SHORTEST letters or more; fewer where the resource knows too few of them. Words of names
    are replaced like others, as machines do. `steady`: a word is replaced by the same one each time, as some machines
    do, and others do not."""
    words = list(_WORD.finditer(text))
    known = [match for match in words if match.group().lower() in replacements]
    random = np.random.default_rng([SEED, seed])
    chosen = random.permutation(len(known))[: round(share * len(words))]
    parts, originals, at, length = [], {}, 0, 0
    before: dict[str, str] = {}
    for match in (known[place] for place in sorted(chosen)):
        others = replacements[match.group().lower()]
        other = others[int(random.integers(len(others)))]
        if steady:
            other = before.setdefault(match.group().lower(), other)
        if match.group()[0].isupper():
            other = other.capitalize()
        parts += [text[at : match.start()], other]
        length += match.start() - at
        originals[length] = match.group()
        length += len(other)
        at = match.end()
    return Spun("".join([*parts, text[at:]]), originals)


def neighbours(words: Sequence[str], vectors: Vectors) -> Replacements:
    """NEIGHBOURS among the first VOCABULARY of `words`, most frequent first; a minute of encoding when none is kept."""
    words = [word for word in words[:VOCABULARY] if _WORD.fullmatch(word)]
    meanings = vectors.of(words).astype(np.float32)
    endings = np.array([_ending(word) for word in words])
    found = {}
    for start in range(0, len(words), BATCH):
        cosines = meanings[start : start + BATCH] @ meanings.T
        for word, row, ending in zip(words[start:], cosines, endings[start:], strict=False):
            near = np.argsort(-row)[: 6 * NEAREST]
            others = [
                words[at]
                for at in near
                if row[at] > LEAST_COSINE and endings[at] == ending and words[at][:SHORTEST] != word[:SHORTEST]
            ]
            if others:
                found[word] = others[:NEAREST]
    return found


def reworded(data: Path) -> Replacements:
    """REWORDED: from the pairs of pan_paraphrase that are labelled as paraphrases."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, _, row in readers.rows(data, "pan_paraphrase"):
        if not readers.field_of(row, "label", name):
            continue
        one, other = (re.findall(r"[a-z]+", readers.field_of(row, side, name).lower()) for side in ("s1", "s2"))
        for tag, i, j, k, m in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            if tag != "replace" or j - i != 1 or m - k != 1 or min(len(one[i]), len(other[k])) < SHORTEST:
                continue
            if one[i][:SHORTEST] != other[k][:SHORTEST] and other[k] not in found[one[i]]:
                found[one[i]].append(other[k])
    return {word: others for word, others in found.items() if others}


def tortured(pairs: Sequence[tuple[str, str]]) -> Replacements:
    """TORTURED: word for word, from tortured phrases of as many words as what was meant, if two phrases have it."""
    counted: Counter[tuple[str, str]] = Counter()
    for written, meant in pairs:
        one, other = meant.split(), written.split()
        if len(one) == len(other):
            counted.update(pair for pair in zip(one, other, strict=True) if pair[0] != pair[1])
    found: dict[str, list[str]] = defaultdict(list)
    for (word, other), count in counted.items():
        if count > 1 and _ending(word) == _ending(other) and word[:SHORTEST] != other[:SHORTEST]:
            found[word].append(other)
    return found


def _ending(word: str) -> str:
    return next((end for end in ("ing", "ed", "ly", "s") if word.endswith(end) and not word.endswith("ss")), "")
