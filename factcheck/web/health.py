"""Is the process alive; can it serve; which guarantee is missing."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.databases import roles_are_apart
from factcheck.models import AuditCheck, AuditEntry, AuditFinding, ClaimReview
from factcheck.permissions import may
from factcheck.web import second_factor
from factcheck.workflow.roots import days


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nobody else."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served and work can be queued, 503 when not. Each check says in words what is wrong.

    Missing guarantees, late jobs and publications, and an altered record are told without a 503: pages still work, and
    a restart would not help. The checks are for those who run the desk; a stranger learns the status only.
    """
    checks = {"database": _database(), "broker": _broker()}
    if checks["database"]["ok"]:
        checks["migrations"] = _migrations()
        if checks["migrations"]["ok"]:
            checks |= {"roles": _roles(), "jobs": _jobs(), "schedules": _schedules(), "trail": _trail()}
    fit = all(checks[name]["ok"] for name in ("database", "broker", "migrations") if name in checks)
    answer = {"status": "ready" if fit else "not ready"}
    if _from_this_machine(request) or (checks["database"]["ok"] and _may_read(request)):
        answer["checks"] = checks
    return JsonResponse(answer, status=200 if fit else 503)


def _from_this_machine(request: HttpRequest) -> bool:
    """Not when a proxy says that it asks for somebody else, or when one is known to stand before the desk."""
    passed_on = settings.TRUSTED_PROXIES or any(
        name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
    )
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not passed_on


def _may_read(request: HttpRequest) -> bool:
    return may(request.user, "read the admin") and not second_factor.missing(request)


def _database() -> dict:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return {"ok": False, "says": "PostgreSQL does not answer."}
    return {"ok": True}


def _broker() -> dict:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            broker.ping()
    except redis.RedisError:
        return {"ok": False, "says": "The broker does not answer. What is submitted is kept and done later."}
    return {"ok": True}


def _migrations() -> dict:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return {"ok": False, "says": f"{len(waiting)} migrations wait: run manage.py migrate."}
    return {"ok": True}


def _roles() -> dict:
    """The three roles hold only if this connection's role owns nothing and is no superuser."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        superuser = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND pg_has_role(current_user, relowner, 'MEMBER')"
        )
        owned = cursor.fetchone()[0]
        cursor.execute("SELECT has_table_privilege(current_user, 'factcheck_auditentry', 'UPDATE, DELETE, TRUNCATE')")
        rewrites = cursor.fetchone()[0]
    if superuser:
        says = "The application connects as a superuser: every rule of the database can be bypassed."
    elif owned or rewrites or not roles_are_apart():
        says = (
            "The application's role owns its tables: it could lift the rules and rewrite the audit trail."
            " Set DATABASE_OWNER_URL to a second role and migrate with it."
        )
    else:
        return {"ok": True}
    return {"ok": False, "says": says}


def _jobs() -> dict:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM statement_timestamp() - min(due_at)), 0)::int"
            " FROM factcheck_job WHERE state = 'queued' AND due_at <= statement_timestamp()"
            # Behind a long list, or a library that is read anew, the last ones wait for hours while the desk works.
            " AND (queue <> 'bulk' OR due_at <= statement_timestamp() - interval '1 day')"
        )
        oldest = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM factcheck_job WHERE state = 'dead'")
        dead = cursor.fetchone()[0]
    checks: dict = {"ok": oldest <= settings.JOB_OVERDUE and not dead, "oldest_due_seconds": oldest, "dead": dead}
    if oldest > settings.JOB_OVERDUE:
        checks["says"] = f"A job has been due for {oldest} seconds: is a worker running?"
    elif dead:
        checks["says"] = f"{dead} jobs have failed for good and wait to be replayed."
    return checks


def _schedules() -> dict:
    """What was to go out at its hour and did not: nobody else would be told when that cannot even be written down."""
    late = timezone.now() - timedelta(seconds=settings.JOB_OVERDUE)
    overdue = list(ClaimReview.objects.due().filter(publish_at__lt=late).values_list("pk", flat=True)[:10])
    if overdue:
        named = ", ".join(map(str, overdue))
        says = f"Past their hour and not published: reviews {named}. Does a worker run? Its log says what fails."
        return {"ok": False, "says": says}
    return {"ok": True}


def _trail() -> dict:
    """Open findings, and whether the daily root and look still come: the trail of two days must have been looked at."""
    findings = AuditFinding.objects.filter(resolved_at=None).count()
    if findings:
        return {"ok": False, "says": f"{findings} findings say that the record was altered: see /trail/."}
    late = timezone.now() - timedelta(days=2)
    if AuditEntry.objects.filter(at__lt=late).exists():
        newest, look = next(iter(days()), None), AuditCheck.objects.order_by("-pk").first()
        if newest is None or newest < late.date():
            return {"ok": False, "says": "The daily root was not published for two days: do beat and a worker run?"}
        if look is None or look.finished_at < late:
            return {"ok": False, "says": "The trail was not checked for two days: do beat and a worker run?"}
    return {"ok": True}
