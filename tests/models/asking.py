"""Asking the database in plain SQL, and hearing which rule says no."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, models, transaction
from django.db.models.expressions import DatabaseDefault

from config.databases import roles_are_apart

Statement = tuple  # (sql, *parameters)

two_roles = pytest.mark.skipif(not roles_are_apart(), reason="one role both owns and serves: it has every right")


def ask(sql: str, *parameters) -> list[tuple]:
    """What the statement returns; [] when it returns no rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def settle() -> None:
    """Let the deferred rules speak now, and not at COMMIT."""
    connection.check_constraints()


def rule_of(error: Exception) -> str | None:
    """The name of the constraint or guard that refused."""
    return error.__cause__.diag.constraint_name


@contextmanager
def refused_by(rule: str) -> Iterator[None]:
    """What is done inside is refused by exactly this constraint or guard, and undone."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012
        yield
        settle()
    assert rule_of(caught.value) == rule


@contextmanager
def no_right() -> Iterator[None]:
    """The role lacks the right for what is done inside."""
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.sqlstate == "42501", caught.value


def values(obj: models.Model) -> dict[str, object]:
    """Column -> value as the driver takes it; what the database fills in itself is left out."""
    return {
        field.column: field.get_db_prep_save(getattr(obj, field.attname), connection)
        for field in obj._meta.concrete_fields
        if not field.generated
        and not isinstance(getattr(obj, field.attname), DatabaseDefault)
        and not (field.primary_key and obj.pk is None)
    }


def insertion(obj: models.Model, then: str = "", *parameters) -> Statement:
    """INSERT of an unsaved row. `then`: more SQL after its values."""
    row = values(obj)
    columns = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join(["%s"] * len(row))
    return (f"INSERT INTO {obj._meta.db_table} ({columns}) VALUES ({marks}) {then}", *row.values(), *parameters)


def update(obj: models.Model, **fields) -> Statement:
    """UPDATE of one row, by its key."""
    changed = type(obj)(**fields)
    row = {name: value for name, value in values(changed).items() if name in _columns(obj, fields)}
    assignments = ", ".join(f'"{column}" = %s' for column in row)
    return (
        f"UPDATE {obj._meta.db_table} SET {assignments} WHERE {obj._meta.pk.column} = %s",
        *row.values(),
        obj.pk,
    )


def _columns(obj: models.Model, names) -> set[str]:
    return {obj._meta.get_field(name).column for name in names}


def side_by_side(*works: Callable[[], object]) -> list[object]:
    """Each function in a thread and a connection of its own, begun together: what it returned, or what it raised."""
    outcomes: list[object] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            outcomes[place] = work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a thread hangs"
    return outcomes


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def somebody_waits() -> bool:
    """Whether another session waits for a lock."""
    return bool(ask("SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"))


def as_superuser(*statements):
    """By the database's superuser, without triggers, committed. Another server's superuser is not ours: its owner."""
    if settings.EMBEDDED:
        from config import embedded

        known, name = embedded.servers(), connection.settings_dict["NAME"]
        with embedded.connect(known, database=name) as superuser, superuser.transaction():
            assert superuser.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]
            superuser.execute("SET LOCAL session_replication_role = replica")
            for sql, *parameters in statements:
                superuser.execute(sql, parameters)
        return
    place = {key: connection.settings_dict[key.upper()] for key in ("host", "port")}
    role = {"user": settings.DATABASE_OWNER["USER"], "password": settings.DATABASE_OWNER["PASSWORD"]}
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **place, **role) as other:
        tables = [model._meta.db_table for model in apps.get_app_config("factcheck").get_models()]
        for table in tables:
            other.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql, *parameters in statements:
            other.execute(sql, parameters)
        for table in tables:
            other.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
