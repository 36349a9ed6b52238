"""What a bench or an evaluation writes, it writes into a database of its own, made and dropped by the owner."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from config import embedded
from config.celery import app
from config.databases import as_owner
from config.supervision import Problem

LAST = 15
"""The broker's last logical database: messages about rows of a scratch database are for no worker of the desk."""


@contextmanager
def database() -> Iterator[None]:
    """The default connection speaks with an empty, migrated database, as the application; beside a running desk or
    on servers that are started for it.
    """
    with servers():
        connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
        own = connection.settings_dict["NAME"]
        broker = app.conf.broker_url
        app.conf.broker_url = urlsplit(settings.REDIS_URL)._replace(path=f"/{LAST}").geturl()
        with as_owner(), redirect_stdout(io.StringIO()):  # a command that it calls knows no verbosity
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            with app.connection_for_write() as messages:
                for queue in settings.QUEUES:
                    messages.default_channel.queue_purge(queue)
            app.conf.broker_url = broker
            with as_owner():
                connection.creation.destroy_test_db(own, verbosity=0)


def servers() -> "embedded.Running | nullcontext[None]":
    """Those of a desk that runs, or that URLs name; else the embedded ones, for as long as it takes."""
    if not settings.EMBEDDED:
        return nullcontext()
    try:
        return embedded.start_servers()
    except Problem:  # they run already: of a desk that does not answer the first statement will tell
        return nullcontext()
