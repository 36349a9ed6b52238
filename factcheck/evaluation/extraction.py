"""How well pages are read, beside trafilatura alone on the same pages in the same run.

Each set is scored as its authors score it, as far as its rows go:

- body (article_extraction_benchmark; also used for the fundus sets): shingles of four words, precision and recall per
  page, averaged over pages, F1 of the averages. https://github.com/scrapinghub/article-extraction-benchmark
  The authors of fundus_evaluation use ROUGE-LSum; optional paragraphs are treated as they do: the best choice counts.
- paragraphs (fundus_evaluation): F1 of whole paragraphs, averaged over pages.
- segments (trafilatura_eval): how many that must be in the text are, and how many that must not be are not; counted
  over all pages. https://github.com/adbar/trafilatura/tree/master/tests
- title, authors, date: share of the pages whose gold has one that are exactly right. Title and names are compared
  without case, white space and punctuation; authors as a set; dates by day.
"""

import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any

import trafilatura

from factcheck.evaluation import pages
from factcheck.evaluation.metrics import f1
from factcheck.evaluation.pages import Page
from factcheck.evaluation.reports import Report
from factcheck.text import extraction

SHINGLE = 4
_WORD = re.compile(r"\w+")

Shingles = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader found on one page; paragraphs are the text's lines."""

    paragraphs: Sequence[str] = ()
    title: str = ""
    authors: Sequence[str] = ()
    date: str = ""


def evaluate(data: Path, limit: int | None = None) -> Report:
    """`limit`: the first N pages of each set. One set: its figures, and trafilatura's under "baseline". Several: each
    set's under its name, trafilatura's under its name with "baseline"."""
    rows = pages.read(data, limit)
    began = time.perf_counter()
    sets: dict[str, list[Page]] = defaultdict(list)
    for page in rows:
        sets[page.set].append(page)
    found: dict[str, Any] = {}
    for name, some in sets.items():
        ours, theirs = measured(some, ours_on), measured(some, trafilatura_on)
        if len(sets) == 1:
            found = {**ours, "baseline": theirs}
        else:
            found |= {name: ours | {"n": len(some)}, f"{name} baseline": theirs | {"n": len(some)}}
    notes = [
        "baseline: trafilatura alone (bare_extraction with_metadata, favor_precision). ms: of processor time per page."
    ]
    model = f"extraction on trafilatura {trafilatura.__version__}"
    return Report("extraction", str(data), len(rows), found, time.perf_counter() - began, model, notes)


def ours_on(page: Page) -> Answer:
    try:
        reading = extraction.read(page.html, url=page.url)
    except extraction.NoTextFound:
        return Answer()
    date = reading.day.isoformat() if reading.day else ""
    return Answer(reading.text.split("\n\n"), reading.title, reading.authors, date)


def trafilatura_on(page: Page) -> Answer:
    document = trafilatura.bare_extraction(page.html, url=page.url or None, with_metadata=True, favor_precision=True)
    if document is None:
        return Answer()
    lines = (document.text or "").split("\n")
    return Answer(lines, document.title or "", (document.author or "").split("; "), document.date or "")


def measured(some: Sequence[Page], reader: Callable[[Page], Answer]) -> dict[str, float]:
    reader(some[0])  # what is loaded once in each process is not the page's time
    began = time.process_time()
    answers = [reader(page) for page in some]
    seconds = time.process_time() - began
    both = list(zip(some, answers, strict=True))
    figures = dict(_body(both))
    for field in ("title", "authors", "date"):
        right = [_right(field, page, answer) for page, answer in both if getattr(page, field)]
        if right:
            figures[field] = fmean(right)
    return figures | {"ms": 1000 * seconds / len(some)}


def shingles(text: str) -> Shingles:
    """Runs of SHINGLE words; a shorter text is one run."""
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - SHINGLE + 1))
    return Counter(run for start in starts if (run := tuple(words[start : start + SHINGLE])))


def overlap(wanted: Shingles, given: Shingles) -> tuple[float | None, float | None]:
    """(precision, recall); None where there is nothing to divide by."""
    if not wanted and not given:
        return 1.0, 1.0
    right = (wanted & given).total()
    return right / given.total() if given else None, right / wanted.total() if wanted else None


def _body(both: Sequence[tuple[Page, Answer]]) -> Iterator[tuple[str, float]]:
    with_body = [(page, answer) for page, answer in both if page.body is not None]
    if with_body:
        scores = [_best_overlap(page, "\n".join(answer.paragraphs)) for page, answer in with_body]
        precision = fmean([score[0] for score in scores if score[0] is not None] or [0.0])
        recall = fmean([score[1] for score in scores if score[1] is not None] or [0.0])
        yield from {"f1": f1(precision, recall), "precision": precision, "recall": recall}.items()
    structured = [(page, answer) for page, answer in with_body if page.optional or page.set == "fundus_evaluation"]
    if structured:
        yield "paragraphs", fmean(_paragraph_f1(page, answer.paragraphs) for page, answer in structured)
    with_segments = [(page, answer) for page, answer in both if page.wanted is not None]
    if with_segments:
        yield from _segments(with_segments).items()


def _best_overlap(page: Page, text: str) -> tuple[float | None, float | None]:
    given = shingles(text)
    return max(
        (overlap(shingles("\n".join(body)), given) for body in _bodies(page)),
        key=lambda score: f1(score[0] or 0.0, score[1] or 0.0),
    )


def _bodies(page: Page) -> Iterator[list[str]]:
    """The gold text with every choice of its optional paragraphs."""
    body = page.body or ()
    for count in range(len(page.optional) + 1):
        for left_out in combinations(page.optional, count):
            yield [text for at, text in enumerate(body) if at not in left_out]


def _paragraph_f1(page: Page, paragraphs: Iterable[str]) -> float:
    given = Counter(filter(None, map(_plain, paragraphs)))
    best = 0.0
    for body in _bodies(page):
        wanted = Counter(filter(None, map(_plain, body)))
        right = (wanted & given).total()
        best = max(best, f1(right / max(1, given.total()), right / max(1, wanted.total())))
    return best


def _segments(both: Iterable[tuple[Page, Answer]]) -> dict[str, float]:
    right = wrong = missing = 0
    for page, answer in both:
        text = _spaced("\n".join(answer.paragraphs))
        there = sum(_spaced(segment) in text for segment in page.wanted or ())
        right += there
        missing += len(page.wanted or ()) - there
        wrong += sum(_spaced(segment) in text for segment in page.unwanted)
    precision, recall = right / max(1, right + wrong), right / max(1, right + missing)
    return {"f1": f1(precision, recall), "precision": precision, "recall": recall}


def _right(field: str, page: Page, answer: Answer) -> bool:
    if field == "authors":
        return set(map(_plain, answer.authors)) == set(map(_plain, page.authors or ()))
    if field == "date":
        return answer.date == page.date
    return _plain(answer.title) == _plain(page.title or "")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _spaced(text: str) -> str:
    return " ".join(text.split())
