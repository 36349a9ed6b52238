"""Real workers: separate prefork processes that run the product's own settings on the test database and broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

PROJECT = Path(__file__).parent.parent
# Short enough to wait for in a test, long enough for a busy machine to load the models inside them.
PACE = {"JOB_TIME_LIMIT": "20", "JOB_LEASE": "21", "JOB_SWEEP_EVERY": "1", "JOB_RETRY_DELAY": "1"}


def environment(**extra: str) -> dict[str, str]:
    """What a process of the product needs to meet the test's database, as the application's role, and its broker."""
    database = connection.settings_dict

    def url(user: str, password: str) -> str:
        return f"postgres://{user}:{quote(password)}@{database['HOST']}:{database['PORT']}/{database['NAME']}"

    return {
        **os.environ,
        "DATABASE_URL": url(database["USER"], database["PASSWORD"]),
        "DATABASE_OWNER_URL": url(settings.DATABASE_OWNER["USER"], settings.DATABASE_OWNER["PASSWORD"]),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        **PACE,
        **extra,
    }


class Process:
    """A process of the product in its own group; its output goes to a file whose end a failing test can show."""

    def __init__(self, log: Path, *arguments: str, **extra: str) -> None:
        self.log = log
        with log.open("ab") as out:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", *arguments],
                cwd=PROJECT,
                env=environment(**extra),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.pid = self.popen.pid

    def family(self) -> list[psutil.Process]:
        """The process and its children, the parent first."""
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def alive(self) -> bool:
        return self.popen.poll() is None

    def kill(self) -> None:
        """SIGKILL to all of it at once, as a machine that loses power would."""
        if self.alive():
            os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        if self.alive():
            os.killpg(self.pid, signal.SIGTERM)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


def worker(log: Path, **extra: str) -> Process:
    queues = ",".join(settings.QUEUES)
    return Process(log, "worker", "-P", "prefork", "-c", "1", "-Q", queues, "-l", "INFO", "--without-mingle", **extra)


def beat(log: Path, **extra: str) -> Process:
    return Process(log, "beat", "-s", str(log.with_suffix(".schedule")), "-l", "INFO", **extra)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for it; a test that waits in vain fails with the condition's name."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {condition.__qualname__}")
        time.sleep(0.1)
