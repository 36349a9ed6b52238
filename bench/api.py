"""How many requests of a partner's program a process answers, beside a bare view that returns as many bytes made
before; and a list beside the same list by plain nested ModelSerializers.

Through what gunicorn serves (config/wsgi.py), with all middleware and a key, in this process: no network, no test
client. Ours and the bare view are asked in turn, so that whatever else the machine does falls on both. The desk is made
(bench/desk_rows.py): every claim is published, all articles are one partner's, and as many fact-checks of others are
there to be searched. Those have no vectors: what leads on from one to others is not in these figures.
"""

import base64
import io
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.management.color import no_style
from django.db import connection, reset_queries
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from bench import desk_rows
from bench.scratch import database
from config.databases import as_owner
from factcheck.api.access import ANY_KEY
from factcheck.evaluation.reports import Report
from factcheck.models import ApiKey, Article, ArticleVersion, Claim, ClaimReview, Desk, Publication, Scope, User
from factcheck.retrieval import lexical
from factcheck.workflow import keys

SIZES = (1_000, 100_000)
LIST, DETAIL, NOT_MODIFIED, PLAIN, GROWTH = 15.0, 6.0, 3.0, 2.0, 1.3
"""At most: times the bare view's time. At least: times as fast as plain serializers. At most: times the time at the
smallest size."""
TRIES = 100
BARE, BY_PLAIN = "/bench/bare", "/bench/plain"
QUERY = "the%20minutes%20of%20the%20bridge"

SLICE = 2_000
SOURCES = """
INSERT INTO factcheck_source (id, title, url, part, kind, seen, published, licence, version)
SELECT %(before)s + id, statement, 'https://checks.example/' || id, encode(sha256(statement::bytea), 'hex'),
       'fact_check', 'page', '2024-05-14', '', 1
FROM factcheck_claim
"""
FACT_CHECKS = """
INSERT INTO factcheck_factcheck (source_id, claim_reviewed, claimant, claim_date, appearances, title, publisher, site,
    review_date, rating, rating_value, rating_best, rating_worst, language, raw, version)
SELECT id, title, 'Ada Lind', '2024-05', '[]', title, 'Checkers', 'checks.example', published, 'Half true', '', '', '',
       'en', '{}', 1
FROM factcheck_source WHERE id > %(before)s
"""
PASSAGES = """
INSERT INTO factcheck_passage (source_id, position, heading, text, wording, model_version)
SELECT id, 1, '', title, 'original', '' FROM factcheck_source WHERE id > %(before)s
"""

body: list[bytes] = []
"""What the bare view returns."""


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(body[-1], content_type="application/json")


class PlainArticle(serializers.ModelSerializer):
    class Meta:
        model = Article
        fields = ("id", "uuid", "url", "version", "created_at")


class PlainClaim(serializers.ModelSerializer):
    article = PlainArticle()

    class Meta:
        model = Claim
        fields = ("id", "article", "status", "kind", "statement", "speaker", "cue", "quoted", "version", "created_at")


class PlainReview(serializers.ModelSerializer):
    claim = PlainClaim()

    class Meta:
        model = ClaimReview
        fields = ("id", "claim", "status", "verdict", "rating", "as_of", "version")


class PlainPublication(serializers.ModelSerializer):
    review = PlainReview()
    content = serializers.JSONField()
    jsonld = serializers.JSONField()

    class Meta:
        model = Publication
        fields = ("slug", "number", "review", "content", "jsonld", "sha256", "method_version", "published_at")


class Plain(APIView):
    scopes = {"GET": ANY_KEY}

    def get(self, request):
        rows = Publication.objects.select_related("review__claim__article").order_by("pk")[:50]
        return Response({"results": PlainPublication(rows, many=True).data})


urlpatterns = [
    path(BARE.removeprefix("/"), bare),
    path(BY_PLAIN.removeprefix("/"), Plain.as_view()),
    path("", include("config.urls")),
]


@dataclass(frozen=True)
class Asked:
    """A request, made anew each time it is sent. goal: at most so many times the bare view's time, if there is one."""

    address: str
    goal: float | None = None
    confirming: bool = False
    sent: Callable[[], dict[str, Any]] | None = None


def requests_of(size: int) -> dict[str, Asked]:
    """By what they are called in the report."""
    middle = Publication.objects.order_by("pk").values_list("slug", flat=True)[size // 2]
    claim = Claim.objects.order_by("pk").values_list("pk", flat=True)[size // 2]
    deep = base64.urlsafe_b64encode(f"after {size - 60}".encode()).decode().rstrip("=")
    numbers = count()
    return {
        "publication": Asked(f"/api/v1/publications/{middle}/", DETAIL),
        "publication 304": Asked(f"/api/v1/publications/{middle}/", NOT_MODIFIED, confirming=True),
        "publications": Asked("/api/v1/publications/?limit=50", LIST),
        "publications deep": Asked(f"/api/v1/publications/?limit=50&cursor={deep}", LIST),
        "publications 304": Asked("/api/v1/publications/?limit=50", NOT_MODIFIED, confirming=True),
        "claim": Asked(f"/api/v1/claims/{claim}/", DETAIL),
        "claims": Asked("/api/v1/claims/?limit=50", LIST),
        "claims deep": Asked(f"/api/v1/claims/?limit=50&cursor={deep}", LIST),
        "claims:search": Asked(f"/v1alpha1/claims:search?query={QUERY}"),
        "submit": Asked("/api/v1/articles/", sent=lambda: {"text": f"The bridge cost {next(numbers)} million euros."}),
    }


def measure(sizes: Sequence[int] = SIZES) -> Report:
    """Each size in a database of its own."""
    began = time.perf_counter()
    measured = {size: _at(size) for size in sorted(sizes)}
    least, most = min(sizes), max(sizes)
    metrics: dict[str, Any] = {}
    for name, ours in measured[most].items():
        metrics[name] = {**ours, "growth": ours["ms"] / measured[least][name]["ms"]}
    notes = [
        f"ms: the median of {TRIES}, by the clock, at {most:,} publications; growth: against {least:,}.",
        *(_judged(name, ours) for name, ours in metrics.items()),
    ]
    return Report("api", "a desk made up for it", most, metrics, time.perf_counter() - began, "", notes)


def _judged(name: str, ours: dict[str, float]) -> str:
    beyond = [f"growth {ours['growth']:.3g} (goal {GROWTH})"] if ours["growth"] > GROWTH else []
    if "goal" in ours and ours["times_bare"] > ours["goal"]:
        beyond.append(f"{ours['times_bare']:.3g} times bare (goal {ours['goal']:.0f})")
    if ours.get("times_plain", PLAIN) < PLAIN:
        beyond.append(f"{ours['times_plain']:.3g} times as fast as plain serializers (goal {PLAIN:.0f})")
    return f"{name}: {'beyond in ' + ', '.join(beyond) if beyond else 'within all goals'}."


def _at(size: int) -> dict[str, dict[str, float]]:
    from config.wsgi import application

    with database():
        desk_rows.fill(size, shares=desk_rows.PUBLISHED)
        Desk.objects.create(name="The Desk")
        partner = User.objects.create_user("northwind@example.org", "Northwind", "partner")
        Article.objects.update(submitted_by=partner)
        _fact_checks()
        _counted_on(Article, ArticleVersion)
        _, key = keys.create_key(partner, by=partner, name="Bench", scopes=Scope.values, days=1)
        ApiKey.objects.update(per_minute=100_000)
        logging.disable(logging.WARNING)
        try:
            with override_settings(ROOT_URLCONF="bench.api", ALLOWED_HOSTS=["127.0.0.1"]):
                return {name: timed(application, one, key) for name, one in requests_of(size).items()}
        finally:
            logging.disable(logging.NOTSET)


def _fact_checks() -> None:
    """For each claim one of others, about the same words; counted as the job that indexes them does."""
    with as_owner(), connection.cursor() as cursor:
        for table in ("source", "factcheck", "passage"):
            cursor.execute(f"ALTER TABLE factcheck_{table} DISABLE TRIGGER USER")
        cursor.execute("SELECT max(id) FROM factcheck_source")
        [before] = cursor.fetchone()
        cursor.execute(SOURCES, {"before": before})
        cursor.execute(FACT_CHECKS, {"before": before})
        cursor.execute(PASSAGES, {"before": before})
        for table in ("source", "factcheck", "passage"):
            cursor.execute(f"ALTER TABLE factcheck_{table} ENABLE TRIGGER USER")
        cursor.execute("SELECT id FROM factcheck_passage WHERE source_id > %s ORDER BY id", [before])
        found = [key for (key,) in cursor.fetchall()]
    for at in range(0, len(found), SLICE):
        lexical.count(found[at : at + SLICE])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _counted_on(*models: type[Model]) -> None:
    """What is sent in after rows that were copied with their keys takes the next ones."""
    with as_owner(), connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def timed(application: Any, one: Asked, key: str) -> dict[str, float]:
    """What it takes to answer: milliseconds, times the bare view's, statements, kB."""
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    status, told, sent = ask(application, one, headers)  # loads what is loaded once, and is not counted
    if status[0] != "2":
        raise RuntimeError(f"{one.address} answers {status}: {sent[:300]!r}")
    if one.confirming:
        headers["HTTP_IF_NONE_MATCH"] = told["ETag"]
        status, _, sent = ask(application, one, headers)
        if not status.startswith("304"):
            raise RuntimeError(f"{one.address} does not confirm its own tag: {status}")
    body.append(sent)
    reset_queries()  # a full log would count none
    with CaptureQueriesContext(connection) as captured:
        ask(application, one, headers)
    queries = len(captured)  # now: the next request empties the log
    ways: dict[str, list[float]] = {"ours": [], "bare": [], "plain": []}
    for _ in range(TRIES):
        ways["ours"].append(_seconds(application, one, headers))
        ways["bare"].append(_seconds(application, Asked(BARE, sent=one.sent), headers))
        if one.address.endswith("publications/?limit=50") and not one.confirming:
            ways["plain"].append(_seconds(application, Asked(BY_PLAIN), headers))
    ms = {way: 1000 * median(times) for way, times in ways.items() if times}
    figures = {"ms": ms["ours"], "bare_ms": ms["bare"], "times_bare": ms["ours"] / ms["bare"], "queries": queries}
    figures |= {"goal": one.goal} if one.goal else {}
    figures |= {"plain_ms": ms["plain"], "times_plain": ms["plain"] / ms["ours"]} if "plain" in ms else {}
    return {**figures, "kb": len(sent) / 1024}


def ask(application: Any, one: Asked, headers: dict[str, str]) -> tuple[str, dict[str, str], bytes]:
    """Its status, headers and body."""
    place, _, query = one.address.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": place, "QUERY_STRING": query, "wsgi.input": io.BytesIO(), **headers}
    if one.sent is not None:
        sent = json.dumps(one.sent()).encode()
        environ |= {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(sent))}
        environ["wsgi.input"] = io.BytesIO(sent)
    setup_testing_defaults(environ)
    told: list[Any] = []
    answer = application(environ, lambda status, sent, error=None: told.append((status, dict(sent))))
    read = b"".join(answer)
    answer.close()  # as a server does: Django hands its connection back
    return *told[0], read


def _seconds(application: Any, one: Asked, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    status, _, _ = ask(application, one, headers)
    took = time.perf_counter() - began
    if status[0] not in "23":
        raise RuntimeError(f"{one.address} answers {status}")
    return took
