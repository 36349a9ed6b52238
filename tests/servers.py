"""The desk as a web server: gunicorn's processes, with the product's own settings, on the test database."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import workers

AS_IN_MAKE_RUN = "--workers 2 --threads 4 --no-control-socket"


@contextmanager
def serving(log: Path, **environment: str) -> Iterator[str]:
    """gunicorn as `make run` starts it, on the test database. Yields its address, http://localhost:PORT."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *f"gunicorn config.wsgi --bind 127.0.0.1:{port} {AS_IN_MAKE_RUN}".split()],
            cwd=workers.PROJECT,
            env=workers.environment(DEBUG="0", PUBLIC_URL=address, LOG_LEVEL="INFO", **environment),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )

    def answers() -> bool:
        if process.poll() is not None:
            pytest.exit(f"gunicorn ended:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{address}/healthz/ready", timeout=2) as response:  # noqa: S310 - our own
                return response.status == 200
        except OSError:
            return False

    try:
        workers.until(answers)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
        print(f"--- gunicorn\n{log.read_text(errors='replace')[-5000:]}")  # noqa: T201 - shown if a test failed
