"""What a load balancer and an administrator are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings

from factcheck.models import AuditEntry, Job
from factcheck.web import health
from tests import factories
from tests.models.asking import as_superuser, ask

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_live_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz/live").content == b"alive\n"


def test_ready_when_all_is_well(client):
    answer = client.get("/healthz/ready")
    assert answer.status_code == 200
    assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == dict.fromkeys(
        ["database", "broker", "migrations", "roles", "jobs", "schedules", "trail"], True
    )


@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_not_ready_without_the_broker_and_says_so_without_addresses(client):
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"]["says"].startswith("The broker does not answer.")
    assert "127.0.0.1" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_the_database_and_says_so(client, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", 1)
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "says": "PostgreSQL does not answer."}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_noticed_before_it_is_used():
    [before] = ask("SELECT pg_backend_pid()")
    as_superuser(("SELECT pg_terminate_backend(%s, 5000)", *before))
    connection.close_if_unusable_or_obsolete()  # as each request begins
    assert ask("SELECT pg_backend_pid()") != [before]


def test_one_role_for_both_is_told_and_still_ready(client, settings):
    settings.DATABASE_OWNER = {"USER": settings.DATABASE_APPLICATION_ROLE, "PASSWORD": ""}
    answer = client.get("/healthz/ready")
    assert answer.status_code == 200
    assert "owns its tables" in answer.json()["checks"]["roles"]["says"]


def test_a_job_that_waits_too_long_is_told(client):
    job = Job.objects.create(kind=Job.Kind.INDEX, target=1, queue="interactive")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE factcheck_job SET due_at = now() - interval '1 hour' WHERE id = %s", [job.pk])
    jobs = client.get("/healthz/ready").json()["checks"]["jobs"]
    assert jobs["ok"] is False
    assert 3590 < jobs["oldest_due_seconds"] < 3700
    assert "is a worker running?" in jobs["says"]
    for days, ok in ((0.9, True), (1.1, False)):  # behind a long list the last ones wait for hours
        with connection.cursor() as cursor:
            cursor.execute("UPDATE factcheck_job SET queue = 'bulk', due_at = now() - %s * interval '1 day'", [days])
        assert client.get("/healthz/ready").json()["checks"]["jobs"]["ok"] is ok


def test_a_root_or_a_look_that_does_not_come_is_told(client, settings, tmp_path, monkeypatch):
    settings.AUDIT_ROOTS_DIR = tmp_path
    person = factories.person("Alice")
    AuditEntry.record(person, "person.added", by=None, act="00000000-0000-4000-8000-000000000001")

    def says():
        answer = client.get("/healthz/ready")
        assert answer.status_code == 200
        return answer.json()["checks"]["trail"].get("says", "")

    assert says() == ""
    monkeypatch.setattr(health.timezone, "now", lambda: datetime.now(UTC) + timedelta(days=3))
    assert says().startswith("The daily root was not published for two days")
    (tmp_path / f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}.json").touch()
    assert says().startswith("The trail was not checked for two days")


def test_nothing_is_written_by_asking(client):
    assert client.post("/healthz/ready").status_code == 405


def test_a_database_that_was_never_migrated_is_told_and_asked_nothing_else(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["says"] == "2 migrations wait: run manage.py migrate."
    assert "roles" not in answer.json()["checks"]


@pytest.mark.parametrize(
    "asking", [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, {"HTTP_FORWARDED": "for=x"}]
)
def test_a_stranger_learns_the_status_and_who_runs_the_desk_learns_why(client, asking, bob, carol):
    assert client.get("/healthz/ready", **asking).json() == {"status": "ready"}
    client.force_login(bob)
    assert client.get("/healthz/ready", **asking).json() == {"status": "ready"}
    client.force_login(carol)
    assert "roles" in client.get("/healthz/ready", **asking).json()["checks"]


@override_settings(TRUSTED_PROXIES=1)
def test_behind_a_proxy_everybody_comes_from_this_machine(client):
    assert client.get("/healthz/ready").json() == {"status": "ready"}


@override_settings(MFA_REQUIRED=True)
def test_who_has_not_shown_a_second_factor_is_a_stranger_here(client, carol):
    client.force_login(carol)
    assert client.get("/healthz/ready", REMOTE_ADDR="203.0.113.7").json() == {"status": "ready"}
