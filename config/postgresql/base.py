"""The ENGINE of settings.DATABASES: Django looks here for a DatabaseWrapper."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection lives; asked before the first statement of each request (CONN_HEALTH_CHECKS).

        Django asks the server, which for a page that takes one statement doubles what it asks. But a server that ended
        a connection has said so, and then something can be read from it although nobody asked. While nothing can, it
        is as good as it was; a server that went without a word neither of the two ways notices.
        """
        connection: Any = self.connection
        if connection is None or connection.closed or self.errors_occurred:
            return super().is_usable()
        told = select.poll()
        told.register(connection.fileno(), select.POLLIN)
        return not told.poll(0) or super().is_usable()
