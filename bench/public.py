"""How many strangers' requests of public pages a process answers, beside a bare view that returns as many bytes made
before; with few publications and with many.

Through what gunicorn serves (config/wsgi.py), with all middleware, in this process: no network, no test client. Ours
and the bare view are asked in turn, so that whatever else the machine does falls on both. Each page is told of three
ways: *kept*, as most requests find it, of the same state as when it was made; *304*, for who has it already; and
*made*, judged and rendered. The desk is made (bench/desk_rows.py).
"""

import io
import logging
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.cache import caches
from django.db import connection, reset_queries
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path

from bench import desk_rows
from bench.scratch import database
from factcheck.evaluation.reports import Report
from factcheck.models import Desk, Publication

SIZES = (1_000, 100_000)
GROWTH, KEPT, NOT_MODIFIED, QUERIES = 1.3, 6.0, 3.0, 4
"""At most: times the time at the smallest size; times the bare view's, for what is kept and for a 304; statements."""
TRIES = 300
BARE = "/bench/bare"

body: list[bytes] = []
"""What the bare view returns."""


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(body[-1])


urlpatterns = [path(BARE.removeprefix("/"), bare), path("", include("config.urls"))]


def pages(size: int) -> dict[str, str]:
    """By what they are called in the report."""
    middle = Publication.objects.order_by("pk").values_list("slug", flat=True)[size // 2]
    return {
        "page": f"/fact-checks/{middle}/",
        "card": f"/fact-checks/{middle}/card/",
        "list": "/fact-checks/",
        "list by words": "/fact-checks/?words=bridge+OR+dam&verdict=disputed",
        "list by speaker": "/fact-checks/?speaker=lind&outlet=daily",
        "list deep": f"/fact-checks/?before={size // 2}",
        "Atom": "/fact-checks/feed.atom",
        "DataFeed": "/fact-checks/datafeed.json",
    }


def measure(sizes: Sequence[int] = SIZES) -> Report:
    """Each size in a database of its own."""
    began = time.perf_counter()
    measured = {size: _at(size) for size in sorted(sizes)}
    least, most = min(sizes), max(sizes)
    metrics: dict[str, Any] = {}
    for name, ours in measured[most].items():
        growth = max(ours[way] / measured[least][name][way] for way in ("kept_ms", "304_ms", "made_ms"))
        metrics[name] = {**ours, "growth": growth}
    metrics |= {"growth_goal": GROWTH, "kept_goal": KEPT, "304_goal": NOT_MODIFIED, "queries_goal": QUERIES}
    notes = [
        f"ms: the median of {TRIES}, by the clock, at {most:,} publications; growth: the worst of the three, against"
        f" {least:,}. kept, 304 and made are times the bare view's time.",
        *(_judged(name, metrics[name]) for name in measured[most]),
    ]
    return Report("public", "a desk made up for it", most, metrics, time.perf_counter() - began, "", notes)


def _judged(name: str, page: dict[str, float]) -> str:
    limits = {"growth": GROWTH, "kept": KEPT, "304": NOT_MODIFIED, "queries": QUERIES}
    beyond = [f"{key} {page[key]:.3g} (goal {limit})" for key, limit in limits.items() if page[key] > limit]
    return f"{name}: {'beyond in ' + ', '.join(beyond) if beyond else 'within all goals'}."


def _at(size: int) -> dict[str, dict[str, float]]:
    from config.wsgi import application

    with database():
        desk_rows.fill(size, shares=desk_rows.PUBLISHED)
        Desk.objects.create(name="The Desk")
        logging.disable(logging.INFO)
        try:
            with override_settings(ROOT_URLCONF="bench.public", ALLOWED_HOSTS=["127.0.0.1"]):
                return {name: page(application, address) for name, address in pages(size).items()}
        finally:
            logging.disable(logging.NOTSET)


Asked = Callable[[], tuple[str, dict[str, str], bytes]]


def page(application: Any, address: str) -> dict[str, float]:
    """What it takes to answer: milliseconds each way, times the bare view's; statements when nothing is kept; kB."""
    asking = asked(application, address)
    asking()  # loads what is loaded once, and is not counted
    caches["pages"].clear()
    reset_queries()  # a full log would count none
    with CaptureQueriesContext(connection) as captured:
        status, headers, sent = asking()
    queries = len(captured)  # now: the next request empties the log
    if not status.startswith("200"):
        raise RuntimeError(f"{address} answers {status}")
    body.append(sent)
    confirming, plain = asked(application, address, HTTP_IF_NONE_MATCH=headers["ETag"]), asked(application, BARE)
    if not confirming()[0].startswith("304"):
        raise RuntimeError(f"{address} does not confirm its own validator")
    ways: dict[str, list[float]] = {"kept": [], "304": [], "made": [], "bare": []}
    for turn in range(TRIES):
        ways["kept"].append(_timed(asking))
        ways["304"].append(_timed(confirming))
        ways["bare"].append(_timed(plain))
        if turn % 5 == 0:
            caches["pages"].clear()
            ways["made"].append(_timed(asking))
    ms = {way: median(times) for way, times in ways.items()}
    times = {way: ms[way] / ms["bare"] for way in ("kept", "304", "made")}
    return {f"{way}_ms": each for way, each in ms.items()} | times | {"queries": queries, "kb": len(sent) / 1024}


def asked(application: Any, address: str, **headers: str) -> Asked:
    """A request, made anew each time it is called: its status, headers and body."""
    place, _, query = address.partition("?")

    def asking() -> tuple[str, dict[str, str], bytes]:
        environ: dict[str, Any] = {"PATH_INFO": place, "QUERY_STRING": query, "wsgi.input": io.BytesIO(), **headers}
        setup_testing_defaults(environ)
        told: list[Any] = []
        answer = application(environ, lambda status, sent, error=None: told.append((status, dict(sent))))
        sent = b"".join(answer)
        answer.close()  # as a server does: Django hands its connection back
        return *told[0], sent

    return asking


def _timed(asking: Asked) -> float:
    began = time.perf_counter()
    asking()
    return 1000 * (time.perf_counter() - began)
