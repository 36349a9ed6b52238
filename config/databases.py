"""Which database role a connection speaks as. The application's role serves; the owner migrates."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


def roles_are_apart() -> bool:
    """False when one URL serves both: the desk runs, but its tables could be altered by the role that serves pages."""
    return settings.DATABASE_OWNER["USER"] != settings.DATABASE_APPLICATION_ROLE


@contextmanager
def as_owner() -> Iterator[None]:
    """Let the default connection speak as the owner of the tables: for migrations, and for a test database's life.

    Closes the connection on both sides, so it must not be used inside a transaction.
    """
    before = {key: connection.settings_dict[key] for key in settings.DATABASE_OWNER}
    connection.close()
    connection.settings_dict.update(settings.DATABASE_OWNER)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
