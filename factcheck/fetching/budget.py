"""What one fetch may take: seconds over everything, and bytes per answer. Held at the socket, under every parser.

A time-out of a socket limits one call: a server that sends a byte each second never meets it, and http.client reads
header lines byte by byte in that sense. So every single read here asks the clock first, with what is left as its
time-out, and counts what it got.
"""

import math
import socket
import ssl
import time
from typing import Any

from django.utils.translation import gettext as _

from factcheck.exceptions import AnswerRefused, NoAnswer


class Budget:
    """seconds: until everything must be there, by the monotonic clock, beginning now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.ends = time.monotonic() + seconds
        self.bytes_left: float = math.inf
        self.too_large = ""

    def left(self) -> float:
        """Seconds, always above 0. Raises NoAnswer when there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.over()
        return left

    def over(self) -> NoAnswer:
        return NoAnswer(
            _("The answer did not come in full within %(seconds)s seconds.") % {"seconds": f"{self.seconds:g}"},
            "timeout",
            retry=True,
        )

    def allow(self, count: int, too_large: str) -> None:
        """From now on so many bytes may come; too_large is the sentence when more do."""
        self.bytes_left, self.too_large = count, too_large

    def spend(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise AnswerRefused(self.too_large, "too_large")


class _Budgeted:
    """Laid over a socket class: reads and writes within the budget, once there is one."""

    budget: Budget

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.budget.left())  # type: ignore[attr-defined]
        count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        self.budget.spend(count)
        return count

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.settimeout(self.budget.left())  # type: ignore[attr-defined]
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class BudgetedSocket(_Budgeted, socket.socket):
    pass


class BudgetedTLSSocket(_Budgeted, ssl.SSLSocket):
    pass


class BudgetedContext(ssl.SSLContext):
    """Verifies certificate and name, as PROTOCOL_TLS_CLIENT does by default. The handshake is one call in C, which
    keeps to the socket's time-out as a whole."""

    def __new__(cls, *args: Any, **kwargs: Any) -> "BudgetedContext":
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, ca_file: str) -> None:
        self.load_verify_locations(cafile=ca_file)
        self.sslsocket_class = BudgetedTLSSocket

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        assert isinstance(sock, BudgetedSocket)  # noqa: S101 - no other socket is ever made here
        budget = sock.budget
        sock.settimeout(budget.left())
        wrapped = super().wrap_socket(sock, *args, **kwargs)
        wrapped.budget = budget  # type: ignore[attr-defined]
        return wrapped
