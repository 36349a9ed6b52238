"""How long the server works on the desk's pages, with few claims and with many; beside a bare view that renders the
same template from the same context, made before.

Through Django's own handler in this process, with all middleware, logged in as a checker: no network, no other process.
Ours and the bare view are asked in turn, so that whatever else the machine does falls on both. The desk is made
(bench/desk_rows.py).
"""

import logging
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from django.db import connection, reset_queries
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    override_settings,
    setup_test_environment,
    teardown_test_environment,
)
from django.urls import include, path

from bench import desk_rows
from bench.scratch import database
from factcheck.evaluation.reports import Report
from factcheck.models import Claim, ClaimFilter

SIZES = (1_000, 100_000)
GROWTH, TIMES_BARE, QUERIES, KB = 1.5, 4.0, 12, 150
"""At most: times the time at the smallest size; times the bare view's; statements of a page; kB of HTML."""
TRIES = 15
BARE = "/bench/bare"

constant: list[tuple[str, dict[str, Any]]] = []
"""What the bare view renders: a template and its context."""


def bare(request: HttpRequest) -> HttpResponse:
    template, context = constant[-1]
    return render(request, template, context)


urlpatterns = [path(BARE.removeprefix("/"), bare), path("", include("config.urls"))]


def pages() -> dict[str, str]:
    """By what they are called in the report."""
    many = ClaimFilter().in_order(Claim.objects.to_do())
    middle = many.values_list("pk", flat=True)[many.count() // 2]
    begun = Claim.objects.filter(status=Claim.Status.IN_REVIEW).earliest("pk")
    return {
        "queue": "/",
        "queue filtered": "/?status=dismissed",
        "queue by words": "/?words=bridge&order=due",
        "queue conflicting": "/?conflicting=1",
        "queue deep": f"/?after={middle}",
        "claim": f"/claims/{begun.pk}/",
        "article 200": "/articles/1/",
        "articles": "/articles/",
        "insights": "/desk/insights/",
    }


def measure(sizes: Sequence[int] = SIZES) -> Report:
    """Each size in a database of its own."""
    began = time.perf_counter()
    measured = {size: _at(size) for size in sorted(sizes)}
    least, most = min(sizes), max(sizes)
    metrics: dict[str, Any] = {}
    for name, ours in measured[most].items():
        metrics[name] = {**ours, "growth": ours["ms"] / measured[least][name]["ms"]}
    for name, limit in (("growth", GROWTH), ("times_bare", TIMES_BARE), ("queries", QUERIES), ("kb", KB)):
        metrics[f"{name}_goal"] = limit
    notes = [
        f"ms: the median of {TRIES}, by the clock, at {most:,} claims; growth: against {least:,}.",
        *(_judged(name, metrics[name]) for name in measured[most]),
    ]
    return Report("desk", "a desk made up for it", most, metrics, time.perf_counter() - began, "", notes)


def _judged(name: str, page: dict[str, float]) -> str:
    limits = {"growth": GROWTH, "times_bare": TIMES_BARE, "queries": QUERIES, "kb": KB}
    beyond = [f"{key} {page[key]:.4g} (goal {limit})" for key, limit in limits.items() if page[key] > limit]
    return f"{name}: {'beyond in ' + ', '.join(beyond) if beyond else 'within all goals'}."


def _at(size: int) -> dict[str, dict[str, float]]:
    with database():
        people = desk_rows.fill(size)
        setup_test_environment(debug=False)
        reset_queries()  # a full log would count none
        logging.disable(logging.INFO)
        try:
            with override_settings(ROOT_URLCONF="bench.desk"):
                client = Client()
                client.force_login(people.checker)
                return {name: page(client, address) for name, address in pages().items()}
        finally:
            logging.disable(logging.NOTSET)
            teardown_test_environment()


def page(client: Client, address: str) -> dict[str, float]:
    """What it takes to answer: milliseconds, those of the bare view, statements, kB."""
    client.get(address)  # loads what is loaded once, and is not counted
    with CaptureQueriesContext(connection) as captured:
        first = client.get(address)
    queries = len(captured)  # now: the next request empties the log
    if first.status_code != 200:
        raise RuntimeError(f"{address} answers {first.status_code}")
    constant.append((first.templates[0].name, first.context[0].dicts[-1]))
    client.get(BARE)
    ours, bare_ones = [], []
    for _ in range(TRIES):
        ours.append(_timed(client, address))
        bare_ones.append(_timed(client, BARE))
    return {
        "ms": median(ours),
        "bare_ms": median(bare_ones),
        "times_bare": median(ours) / median(bare_ones),
        "queries": queries,
        "kb": len(first.content) / 1024,
    }


def _timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return 1000 * (time.perf_counter() - began)
