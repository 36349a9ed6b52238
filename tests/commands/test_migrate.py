"""The models, the migrations and the tables say the same."""

import io
import json
import uuid
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection

from config.databases import as_owner
from factcheck.models import AuditEntry, Desk, DeskPage, User
from tests import factories

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


@pytest.mark.django_db(transaction=True)
def test_pages_have_limits_that_a_migration_has_not(django_db_blocker):
    """In seconds: how long a statement may take, wait for a lock, and stand still in a transaction."""
    names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]

    def limits() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setting::int / 1000 FROM pg_settings WHERE name = ANY(%s)", [names])
            return sorted(row[0] for row in cursor.fetchall())

    assert limits() == [20, 30, 60]
    with django_db_blocker.unblock(), as_owner():
        assert limits() == [0, 0, 30]


@pytest.mark.django_db(transaction=True)
def test_an_older_desk_is_upgraded(django_db_blocker):
    """From before drafts were in somebody's hands: who wrote last has them, unless they left. On the way its method
    becomes a page with its versions: those before the last stand in the trail, with who wrote them; one of them was
    erased there.
    """
    erin = factories.person("Erin", "administrator")
    here, gone = factories.person("Bob"), factories.person("Gina")
    kept, free = factories.draft(here), factories.draft(gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with django_db_blocker.unblock(), as_owner():
        call_command("migrate", "factcheck", "0002", verbosity=0)
        call_command("migrate", "factcheck", "0022", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO factcheck_desk (id, name, logo_url, contact, rating_labels, method, method_version)"
                " VALUES (1, 'The Desk', '', '', '{}', 'We write.', 4)"
            )
        texts = ["", "We look.", "We ask.", "We read."]
        for version, (old, new) in enumerate(pairwise(texts)):
            changed = {"method": [old, new]} | ({"method_version": [version, version + 1]} if version else {})
            text = json.dumps(changed)
            AuditEntry.record(Desk(id=1), "desk.edited", by=erin, act=uuid.uuid4(), text=text)
        call_command("migrate", "factcheck", verbosity=0)
    kept.refresh_from_db()
    free.refresh_from_db()
    assert (kept.assignee, free.assignee) == (here, None)
    pages = DeskPage.objects.filter(kind="method").order_by("version")
    assert list(pages.values_list("version", "text", "written_by")) == [
        (1, "We look.", erin.pk), (2, "We ask.", erin.pk), (3, "We read.", erin.pk), (4, "We write.", None),
    ]  # fmt: skip
    entries = AuditEntry.objects.filter(verb="desk.edited").order_by("seq")
    assert [page.written_at for page in pages][:3] == [entry.at for entry in entries]
    assert Desk.objects.get().method_version == 4
