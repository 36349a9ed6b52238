"""How many pages a second one process takes in, beside trafilatura alone, and whether it grows while it does so.

Ours is the whole verb: the page is read, and article, text, blocks, origins, outlet, capture, trail and job are stored
by the application's role under every guard, and the job's number goes to the broker. The baseline is
`trafilatura.bare_extraction(html, with_metadata=True, favor_precision=True)`, which stores nothing.

Both take each page in turn, so that whatever else the machine does falls on both. When the folder's pages are used up
they are sent in again by another person: to the desk these are other articles.
"""

import gzip
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any

import trafilatura

from bench.scratch import database
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report
from factcheck.exceptions import BadInput
from factcheck.models import User
from factcheck.workflow.articles import ingest

GOAL = 1.4
"""Times the baseline's time."""
WARM = 500
"""Pages after which caches are full; both are measured up to here. What the process grows by from here on, it leaks."""
SIZE = 2000


@dataclass
class Seconds:
    """Of each page; None was not read."""

    ours: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)


def measure(folder: Path, size: int = SIZE) -> Report:
    """size: pages taken in; memory is told from WARM on. Raises UnreadableData."""
    pages, began = read(folder), time.perf_counter()
    with database():
        sent = islice(again_and_again(pages), size)
        seconds, refused = side_by_side(islice(sent, WARM))
        after_warm, grown = resident(), None
        for person, page in sent:
            taken(person, page)
        if size > WARM:
            grown = resident() - after_warm
    ratio = sum(seconds.ours) / sum(seconds.baseline)
    metrics = {
        "ratio": ratio,
        "goal": GOAL,
        "ours": spread(seconds.ours),
        "baseline": spread(seconds.baseline),
        "refused": refused,
        f"mb_after_{min(size, WARM)}": after_warm,
        **({f"mb_more_after_{size}": grown} if grown is not None else {}),
    }
    verdict = "within" if ratio <= GOAL else "beyond"
    notes = [
        f"ms: by the clock, of one page, on the first {min(size, WARM)}. Ours takes {ratio:.2f} times the baseline,"
        f" {verdict} the goal of {GOAL}.",
        "mb: memory of this process (resident), which afterwards takes in the other pages without the baseline.",
    ]
    model = f"ingest on trafilatura {trafilatura.__version__}"
    return Report("ingest", str(folder), size, metrics, time.perf_counter() - began, model, notes)


def read(folder: Path) -> list[bytes]:
    """The pages, *.html and *.html.gz."""
    if not folder.is_dir():
        raise UnreadableData(f"There is no folder {folder}.")
    files = sorted([*folder.glob("*.html"), *folder.glob("*.html.gz")])
    if not files:
        raise UnreadableData(f"There is no *.html or *.html.gz in {folder}.")
    try:
        return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]
    except (OSError, EOFError) as error:
        raise UnreadableData(f"A page cannot be read: {error}.") from error


def again_and_again(pages: list[bytes]) -> Iterator[tuple[User, bytes]]:
    for number in count(1):
        person = User.objects.create_user(f"bench-{number}@example.org", f"Sender {number}", "reporter")
        yield from ((person, page) for page in pages)


def side_by_side(sent: Iterator[tuple[User, bytes]]) -> tuple[Seconds, int]:
    """Seconds of each page that ours took in, and how many it refused. The first page loads what is loaded once."""
    seconds, refused = Seconds(), 0
    for number, (person, page) in enumerate(sent):
        began = time.perf_counter()
        article = taken(person, page)
        between = time.perf_counter()
        trafilatura.bare_extraction(page, with_metadata=True, favor_precision=True)
        ended = time.perf_counter()
        if article is None:
            refused += 1
        elif number and not article.sent_before:
            seconds.ours.append(between - began)
            seconds.baseline.append(ended - between)
    if not seconds.ours:
        raise UnreadableData("At least two pages with the text of an article are needed.")
    return seconds, refused


def taken(person: User, page: bytes) -> Any:
    """The article; None for a page that holds none."""
    try:
        return ingest(page, by=person, media_type="text/html", language="", queue="bulk")
    except BadInput:
        return None


def spread(seconds: list[float]) -> dict[str, float]:
    return {
        "pages_per_second": len(seconds) / sum(seconds),
        "min_ms": 1000 * min(seconds),
        "median_ms": 1000 * median(seconds),
        "max_ms": 1000 * max(seconds),
        "n": len(seconds),
    }


def resident() -> float:
    """MB of this process that lie in memory."""
    with Path("/proc/self/statm").open() as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
