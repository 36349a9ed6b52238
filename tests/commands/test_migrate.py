"""The models, the migrations and the tables say the same."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())


def test_every_table_belongs_to_the_owner_and_none_to_the_application():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        owners = {row[0] for row in cursor.fetchall()} - {"postgres"}
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] not in owners
    assert len(owners) == 1
